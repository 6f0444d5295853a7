"""What may pass: disclosure, admission, publication. Nothing here can see a network."""
