"""Arabic script: a word becomes a token of consonants, with the Latin name it usually is where the table knows it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from tidegate.screening.name_lexicon import CORE, PARTICLE, lexicon, rows
from tidegate.screening.name_sound import bones, fold
from tidegate.screening.name_token import Token
from tidegate.screening.scripts import romanise

_SHAPES = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": None, "ۀ": "ه", "ؤ": "و", "ئ": "ي"}
)


@lru_cache(maxsize=1)
def arabic_names() -> dict[str, str]:
    """Return Arabic spelling (shapes folded) -> the usual Latin one."""
    return {shape(row["arabic"]): row["latin"] for row in rows("arabic_names.csv")}


def shape(word: str) -> str:
    """Return `word` without vowel marks and with the variants of alif, ya, kaf and ta marbuta made one."""
    plain = "".join(char for char in unicodedata.normalize("NFC", word) if not unicodedata.combining(char))
    return plain.translate(_SHAPES).replace("ء", "")


@lru_cache(maxsize=65536)
def arabic_token(word: str, source: str) -> Token:
    """Return the token of one Arabic word."""
    plain = shape(source)
    known = arabic_names().get(plain)
    if known is None and plain.startswith("ال") and len(plain) > 4:
        plain = plain[2:]
        known = arabic_names().get(plain)
        word = romanise(plain)
    if plain in ("بن", "ابن", "بنت", "ابو", "ام", "ال", "آل", "و"):
        latin = {"بن": "bin", "ابن": "bin", "بنت": "bint", "ابو": "abu", "ام": "umm"}.get(plain, "al")
        return Token(latin, PARTICLE, 0.12, latin, bones(latin), written=source)
    if known:
        groups = lexicon().nicknames.get(known, ())
        return Token(known, CORE, 1.0, fold(known), bones(known), groups, written=source)
    if plain.startswith("عبدال"):
        word = "abdul" + romanise(plain[5:])
    return Token(word, CORE, 1.0, word, bones(word), (), abjad=True, written=source)
