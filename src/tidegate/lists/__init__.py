"""Edge: watchlists, read, checked, compared and kept."""
