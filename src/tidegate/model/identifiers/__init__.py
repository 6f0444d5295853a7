"""One file for each identifier of the trade, each with the same verbs."""
