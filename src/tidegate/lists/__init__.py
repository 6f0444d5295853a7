"""Watchlists and signed data packs: read, fetch, check, compare, keep. `from tidegate.lists.reading import read_list`."""
