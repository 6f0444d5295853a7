"""Tidegate: ongoing coordination between agencies against illicit drugs."""
