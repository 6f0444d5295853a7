"""What the public is told, and its corrections."""
