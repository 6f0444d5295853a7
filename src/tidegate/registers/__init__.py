"""What the world knows: substances, controls, equipment, tariff, calendars."""
