"""Edge: where the screening kernel runs."""
