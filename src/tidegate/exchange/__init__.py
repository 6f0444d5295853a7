"""What is said between nodes, and in which order."""
