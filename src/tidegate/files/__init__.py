"""Edge: readers and writers of formats."""
