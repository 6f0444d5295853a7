"""Header guesses: what a header means that no word of the table names as it stands: short forms, and days of other names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_SHORT = re.compile(r"[^\W\d_]+\.?")
_MOST_WORDS = 6
_CAMEL = re.compile(r"(?<=[a-z\u00e0-\u00ff])(?=[A-Z])")


def written_out(text: str, forms: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return `text` with its short forms written out, once for each language in which that changes it.

    forms: language to short form to word, e.g. {"en": {"ctry": "country"}}.
    """
    found: list[str] = []
    if any(sign.isdigit() for sign in text):
        return found  # "INV-2" is the number of an invoice, and heads nothing
    for words in forms.values():

        def whole(short: re.Match[str], words: Mapping[str, str] = words) -> str:
            return words.get(short[0].rstrip(".").lower(), short[0])

        plain = _SHORT.sub(whole, text)
        if plain != text:
            found.append(plain)
    return found


def is_day(text: str, days: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Tell whether a header such as "Gate-out date" or "Fecha de cruce" is a day of the record.

    days: words that say so; others: words of days that are another thing, such as "expiry". All in small letters.
    """
    plain = _CAMEL.sub(" ", text).lower()
    words = re.findall(r"[^\W\d_]+", plain)
    if len(words) > _MOST_WORDS or not words:
        return False
    said = any(_holds(plain, words, day) for day in days)
    return said and not any(_holds(plain, words, other) for other in others)


def _holds(plain: str, words: list[str], word: str) -> bool:
    return word in words if _is_latin(word) else word in plain


@lru_cache(maxsize=256)
def _is_latin(word: str) -> bool:
    return all(ord(sign) < 0x250 for sign in word)
