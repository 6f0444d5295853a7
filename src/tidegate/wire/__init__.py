"""Edge: carries bytes between nodes."""
