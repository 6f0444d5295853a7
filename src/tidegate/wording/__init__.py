"""A code and its parameters become a sentence in English, Chinese or Spanish."""
