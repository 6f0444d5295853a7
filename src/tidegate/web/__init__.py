"""Faces in the browser: local page, desk, exchange door, public page."""
