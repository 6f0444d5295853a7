"""What officers do with findings."""
