"""The story that make run plays, with invented agencies and firms."""
