"""What is found in a record, and why. Pure: no disk, network, clock or environment."""
