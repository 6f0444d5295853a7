"""Brands that Chinese firms translate: 长城化工 trades as Great Wall Chemical, and no pinyin tells it.

Only a brand that stands alone between place, trade and legal form is translated; a longer brand that holds one is not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tidegate.screening.name_lexicon import han_table, lexicon, rows
from tidegate.screening.name_local import han_phrases
from tidegate.screening.scripts import HAN

_MOST = 4  # translations of one brand


@lru_cache(maxsize=1)
def _brands() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Return a pattern for every brand of the packaged table, and its translations, the usual one first."""
    table = {row["han"]: tuple(row["latin"].split("|")[:_MOST]) for row in rows("brands.csv")}
    return re.compile("|".join(sorted(table, key=len, reverse=True))), table


def translated_texts(text: str) -> tuple[str, ...]:
    """Return `text` with its brand in English, once for each usual translation; () where there is no such brand."""
    simple = text.translate(han_table().simplified)
    pattern, table = _brands()
    if not pattern.search(simple):
        return ()
    for run in HAN.finditer(simple):
        place = run.start()
        for begin, end in (*(found.span() for found in han_phrases(run[0], lexicon())), (len(run[0]), len(run[0]))):
            latin = table.get(simple[place : run.start() + begin])
            if latin:
                front, back = simple[:place], simple[run.start() + begin :]
                return tuple(f"{front} {word.title()} {back}".strip() for word in latin)
            place = run.start() + end
    return ()


def brand_of(text: str, words: str) -> str:
    """Return the brand in `text` whose translation is among `words` (small letters), "" where none is."""
    pattern, table = _brands()
    for found in pattern.finditer(text.translate(han_table().simplified)):
        if any(f" {latin} " in f" {words} " for latin in table[found[0]]):
            return found[0]
    return ""
