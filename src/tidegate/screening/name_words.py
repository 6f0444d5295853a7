"""Everyday words: two that differ are two names, seldom one with a slip in it (Brightwater is not Bridgewater)."""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib import resources

from tidegate.screening.name_lexicon import lexicon


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """Return the everyday English words of three to twelve letters (tools/make_word_table.py)."""
    data = resources.files("tidegate.screening").joinpath("data", "english_words.txt.gz").read_bytes()
    return frozenset(gzip.decompress(data).decode("ascii").split("\n"))


@lru_cache(maxsize=200_000)
def is_everyday(word: str) -> bool:
    """Tell whether `word` is an everyday word, two of them run together, or a given name of the lexicon."""
    words = everyday_words()
    if len(word) < 4:
        return False
    if word in words or word in lexicon().nicknames:
        return True
    cuts = range(3, len(word) - 2)
    return any(
        word[:cut] in words and word[cut:] in words
        for cut in cuts
        if min(cut, len(word) - cut) > 3 or len(word) > 8  # goldcrest, silverton; "cutsing" is no cut and sing
    )
