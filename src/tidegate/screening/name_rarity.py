"""How rare a word of a name is, in bits: minus log2 of the share of people or firms that bear it."""

from __future__ import annotations

from functools import lru_cache

from tidegate.screening.name_lexicon import CORE, INITIAL, NUMBER, PLACE, TRADE, rows
from tidegate.screening.name_token import Token

_UNKNOWN_BITS = 15.5
_SHORT_BITS = 10.0
_KIND_RARITY = {TRADE: 1500, PLACE: 1500, NUMBER: 3000, INITIAL: 1000}


@lru_cache(maxsize=1)
def common_words() -> dict[str, float]:
    """Return word -> bits of the words that many bear, from the packaged table."""
    found: dict[str, float] = {}
    for row in rows("common_names.csv"):
        for word in row["words"].split():
            found[word] = min(float(row["bits"]), found.get(word, 99.0))
    return found


def rarity(token: Token) -> float:
    """Return the bits of one token: little for trades, places and initials, most for a word of no table."""
    bits = rarity_of(token) / 1000.0
    return min(bits, 4.5 + 1.1 * len(token.text)) if token.pinyin and token.kind == CORE else bits


def rarity_of(token: Token) -> int:
    """Return the thousandths of a bit of one token, whether or not its letters are pinyin."""
    return _word_rarity(token.text) if token.kind == CORE else _KIND_RARITY.get(token.kind, 200)


@lru_cache(maxsize=200_000)
def _word_rarity(text: str) -> int:
    return int(1000 * min(_UNKNOWN_BITS if len(text) > 3 else _SHORT_BITS, common_words().get(text, 99.0)))
