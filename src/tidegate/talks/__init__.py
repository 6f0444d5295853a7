"""What the parties agree: meetings, pledges, acts and their standing."""
