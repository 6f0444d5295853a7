"""Goods fold: free text folded so that one chemical has one spelling, with where every character came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ω": "omega", "κ": "kappa", "λ": "lambda", "μ": "mu",
}  # fmt: skip
_DASHES = "‐‑‒–—―−﹣－⁃ｰ"
_PRIMES = "'’‘`´′″ʹʼ＇"
_NOTHING = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# Characters that a chemical name may or may not hold: they are left out of the key.
SEPARATORS = frozenset(" -',()[]{}_+±·*\"")
_DROP = str.maketrans(dict.fromkeys(map(ord, SEPARATORS)))
_ASCII_FOLD = (
    {code: chr(code).lower() for code in range(128)} | {ord(c): " " for c in "\t\n\r\x0b\x0c"} | {ord("`"): "'"}
)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")


class Folded(NamedTuple):
    """A folded text; `origin[i]` is the place in the text as written of the folded character i (None: the same place)."""

    text: str
    origin: Sequence[int] | None
    written_length: int

    def written_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text as written of the folded span [start, end)."""
        if self.origin is None:
            return start, end
        last = self.origin[end - 1]
        following = next((place for place in self.origin[end:] if place > last), self.written_length)
        return self.origin[start], max(following, last + 1) if end >= len(self.origin) else following


def is_han(char: str) -> bool:
    """Tell whether `char` is a Chinese character."""
    return bool(char) and _HAN.match(char) is not None


@lru_cache(maxsize=1)
def han_forms() -> Mapping[str, str]:
    """Return simplified character -> its traditional and regional forms, for the characters of the register's words.

    Source: the character tables of OpenCC (Apache-2.0), cut down to what the register needs; 醯 beside 酰 is ours.
    """
    text = resources.files("tidegate.registers").joinpath("data/han_forms.csv").read_text(encoding="utf-8")
    return dict(line.split(",") for line in text.splitlines()[1:])


@lru_cache(maxsize=1)
def _simplified() -> Mapping[str, str]:
    return {other: simple for simple, forms in han_forms().items() for other in forms}


@lru_cache(maxsize=20_000)
def fold_char(char: str) -> str:
    """Return what `char` becomes: lower case, plain width, no accent, Greek as a word, simplified Chinese, or nothing."""
    if char.isascii():
        return _ASCII_FOLD[ord(char)]
    if char in _NOTHING or unicodedata.combining(char):
        return ""
    if char in _DASHES:
        return "-"
    if char in _PRIMES:
        return "'"
    if is_han(char):
        return _simplified().get(char, char)
    if char in "【〔［「『〈《":
        return "("
    if char in "】〕］」』〉》":
        return ")"
    if char == "。":
        return ";"
    if char == "、":
        return "/"
    lowered = char.lower()
    if lowered in _GREEK:
        return _GREEK[lowered]
    plain = unicodedata.normalize("NFKD", lowered)
    kept = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    if kept.isspace():
        return " "
    return "".join(_GREEK.get(c, "-" if c in _DASHES else "'" if c in _PRIMES else c) for c in kept)


def fold_goods(text: str) -> Folded:
    """Return `text` folded, with where each character came from."""
    if text.isascii():
        folded = text.lower()
        return Folded(folded if folded.isprintable() else folded.translate(_ASCII_FOLD), None, len(text))
    folded = text.translate(_FOLDS)
    if len(folded) == len(text) and _FOLDS.uneven.isdisjoint(text):
        return Folded(folded, None, len(text))
    pieces = [fold_char(char) for char in text]
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    return Folded("".join(pieces), origin, len(text))


class _Folds(dict[int, str]):
    """Code point -> folded text, filled as characters are met; `uneven` are those that do not fold to one character."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = self[code] = fold_char(char)
        if len(folded) != 1:
            self.uneven.add(char)
        return folded


_FOLDS = _Folds()


def squash(folded: str) -> str:
    """Return `folded` without the characters that a chemical name may or may not hold."""
    return folded.translate(_DROP)


def kept_places(folded: str) -> list[int]:
    """Return the places in `folded` of the characters that `squash` keeps."""
    return [place for place, char in enumerate(folded) if char not in SEPARATORS]


def chemical_key(name: str) -> str:
    """Return the key under which a name is found: folded and squashed."""
    return squash(fold_goods(name).text)
