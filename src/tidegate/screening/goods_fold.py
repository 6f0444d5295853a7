"""Goods fold: free text folded so that one chemical has one spelling, with where every character came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ω": "omega", "κ": "kappa", "λ": "lambda", "μ": "mu",
    "ɑ": "alpha", "ß": "beta",
}  # fmt: skip
# Letters of other alphabets and crossed letters that are read as a Latin one: nobody writes a chemical in two alphabets.
_LIKE_LATIN = str.maketrans("авеёкмнорстухіїјѕһԁԛԝӏøłđħıɩɡᴀᴄᴇɪᴋᴍɴᴏᴘᴛᴜ", "abeekmhopctyxiijshdqwloldhiigaceikmnoptu")
# The same for Greek, where a letter may be meant: see `_mend_greek`.
_GREEK_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")
_GREEK_SMALL = str.maketrans("αɑικνορτυχ", "aaikvoptux")
_GREEK_INITIAL = str.maketrans("ινορτυχ", "ivoptux")
_GREEK_SEEN = re.compile(r"[\u0370-\u03ff\u0251]")
_WORD_SEEN = re.compile(r"[^\W\d_]+")
_DASHES = "‐‑‒–—―−﹣－⁃ｰー﹘‗⸺⸻➖"
_PRIMES = "'’‘`´′″ʹʼ＇‛ˈʻ"
_NOTHING = frozenset(
    "™℠®©\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3164\ufeff\uffa0"
) | {chr(point) for point in range(0xFE00, 0xFE10)}
# The stretches of Unicode in which a character may fold to something else; all others stay as they are.
FOLDED_RANGES = (
    (0x80, 0x370), (0x370, 0x400), (0x400, 0x530), (0x61C, 0x61D), (0x115F, 0x1161), (0x1680, 0x1681), (0x17B4, 0x17B6), (0x180B, 0x180F),
    (0x1D00, 0x1DC0), (0x1DC0, 0x1F00), (0x2000, 0x2300), (0x2460, 0x2500), (0x2796, 0x2797), (0x2C60, 0x2C80), (0x2E00, 0x2E80),
    (0x2F00, 0x2FE0), (0x3000, 0x3400), (0x3400, 0xA000), (0xF900, 0xFB07), (0xFE00, 0xFE70), (0xFEFF, 0xFF00), (0xFF00, 0x10000),
    (0x1D400, 0x1D800),
)  # fmt: skip
# Characters that a chemical name may or may not hold: they are left out of the key.
SEPARATORS = frozenset(" -',()[]{}_+*\"")
_DROP = str.maketrans(dict.fromkeys(map(ord, SEPARATORS)))
_ASCII_FOLD = (
    {code: chr(code).lower() for code in range(128)} | {ord(c): " " for c in "\t\n\r\x0b\x0c"} | {ord("`"): "'"}
)
_MARKS = {"。": ";", "、": "/", "±": "+", "№": "no", "→": ">"} | dict.fromkeys("·•∙⋅・‧", "*")
_MARKS |= dict.fromkeys("【〔［「『〈《〖", "(") | dict.fromkeys("】〕］」』〉》〗", ")")
_MISREAD = re.compile(r"[a-z][01][a-z]")
_NOUGHT = re.compile(r"(?<=[a-z])0(?=[a-z])")
_ONE = re.compile(r"(?<=[a-z])1(?=[a-z])")
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


class FoldTable(NamedTuple):
    """at: per code point 0 (stays), 1 (its word tells) or 2 + n, the n-th fold: UTF-8 in folds[starts[n]:starts[n+1]].

    greek: for each of U+0370 to U+03FF and for U+0251 what it folds to in a word that leaves it alone, in one of Greek
    capitals that look like Latin ones (0 where it does not), first in a word with Latin letters, and further on in one.
    letters: a bit for each code point that may belong to a word.
    """

    at: npt.NDArray[np.uint16]
    starts: npt.NDArray[np.uint32]
    folds: bytes
    greek: npt.NDArray[np.uint16]
    letters: bytes


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
    if not any(first <= ord(char) < last for first, last in FOLDED_RANGES):
        return char
    if char in _NOTHING or unicodedata.combining(char):
        return ""
    if char in _DASHES:
        return "-"
    if char in _PRIMES:
        return "'"
    if is_han(char):
        plain = unicodedata.normalize("NFKC", char)
        return _simplified().get(plain, plain)
    if char in _MARKS:
        return _MARKS[char]
    lowered = char.lower()
    if lowered in _GREEK:
        return _GREEK[lowered]
    plain = unicodedata.normalize("NFKD", lowered)
    kept = "".join(c for c in plain if not unicodedata.combining(c)).lower().translate(_LIKE_LATIN)
    if kept.isspace():
        return " "
    return "".join(
        _GREEK.get(c, "-" if c in _DASHES else "'" if c in _PRIMES else _simplified().get(c, c)) for c in kept
    )


def fold_goods(text: str) -> Folded:
    """Return `text` folded, with where each character came from."""
    if text.isascii():
        folded = text.lower()
        return Folded(_mend_digits(folded if folded.isprintable() else folded.translate(_ASCII_FOLD)), None, len(text))
    if _GREEK_SEEN.search(text):
        text = _WORD_SEEN.sub(_mend_greek, text)
    folded = text.translate(_FOLDS)
    if len(folded) == len(text) and _FOLDS.uneven.isdisjoint(text):
        return Folded(_mend_digits(folded), None, len(text))
    pieces = [_FOLDS[ord(char)] for char in text]
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    return Folded(_mend_digits("".join(pieces)), origin, len(text))


def _mend_digits(folded: str) -> str:
    """Return `folded` with a nought or a one between two letters read as the o or l that a scanner took it from."""
    if _MISREAD.search(folded):
        return _ONE.sub("l", _NOUGHT.sub("o", folded))
    return folded


def _mend_greek(word: re.Match[str]) -> str:
    """Return the word with Greek letters that stand for Latin ones made Latin: "ΝΡΡ", "fentαnyl", but not "αPVP" or "Α"."""
    letters: str = word.group()
    if not _GREEK_SEEN.search(letters):
        return letters
    if not any(char.isascii() for char in letters):
        latin = letters.translate(_GREEK_CAPITALS)
        return latin if len(letters) > 1 and latin.isascii() else letters
    initial = letters[0].translate(_GREEK_CAPITALS).translate(_GREEK_INITIAL)
    return initial + letters[1:].translate(_GREEK_CAPITALS).translate(_GREEK_SMALL)


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


_taken: list[FoldTable] = []


def take_table(table: FoldTable) -> None:
    """Use this in place of folding every character: it was made so before."""
    _taken.append(table)


@lru_cache(maxsize=1)
def fold_table() -> FoldTable:
    """Return the folds of all characters as arrays for the native scan."""
    return _taken[-1] if _taken else _fold_every_character()


def _fold_every_character() -> FoldTable:
    at = np.zeros(0x10000, dtype=np.uint16)
    numbers: dict[bytes, int] = {}

    def place(char: str, folded: str) -> int:
        return 0 if folded == char else 2 + numbers.setdefault(folded.encode(), len(numbers))

    points = [
        point for first, last in FOLDED_RANGES if last <= 0x10000 and first != 0x3400 for point in range(first, last)
    ]
    for point in (*points, *map(ord, _simplified())):
        char = chr(point)
        at[point] = 1 if _GREEK_SEEN.match(char) else place(char, fold_char(char))
    greek = np.zeros((145, 4), dtype=np.uint16)
    for number, point in enumerate((*range(0x370, 0x400), 0x251)):
        char = chr(point)
        latin = char.translate(_GREEK_CAPITALS)
        greek[number] = (
            place(char, fold_char(char)), place(char, fold_char(latin)) if latin.isascii() else 0,
            place(char, fold_char(latin.translate(_GREEK_INITIAL))), place(char, fold_char(latin.translate(_GREEK_SMALL))),
        )  # fmt: skip
    letters = np.zeros(0x10000, dtype=bool)
    for run in _WORD_SEEN.finditer("".join(map(chr, range(0x10000)))):
        letters[run.start() : run.end()] = True
    starts = np.cumsum([0, *map(len, numbers)], dtype=np.uint32)
    return FoldTable(at, starts, b"".join(numbers), greek.ravel(), np.packbits(letters, bitorder="little").tobytes())


def blurred(squashed: str) -> str:
    """Return a squashed text with l read as i: what a scanner or a hurried eye does not tell apart ("ACETlC", "toIuene")."""
    return squashed.replace("l", "i")


def kept_places(folded: str) -> list[int]:
    """Return the places in `folded` of the characters that `squash` keeps."""
    return [place for place, char in enumerate(folded) if char not in SEPARATORS]


def chemical_key(name: str) -> str:
    """Return the key under which a name is found: folded and squashed."""
    return squash(fold_goods(name).text)
