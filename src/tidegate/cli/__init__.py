"""The front door: starts what is asked for."""
