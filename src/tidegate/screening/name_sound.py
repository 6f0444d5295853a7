"""How a word sounds over the usual romanisations, and its consonants alone."""

from __future__ import annotations

import re
from functools import lru_cache

_FOLDS = (
    ("shch", "S"), ("sch", "S"), ("zw", "tsv"), ("cv", "tsv"), ("dsch", "J"), ("tsch", "C"), ("tch", "C"), ("dzh", "J"), ("dj", "J"), ("zh", "J"), ("kh", "H"),
    ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("sh", "S"), ("ch", "C"), ("ck", "k"), ("cz", "C"), ("q", "k"),
    ("x", "ks"), ("w", "v"), ("rn", "m"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("iy", "i"), ("ij", "i"),
    ("y", "i"), ("ii", "i"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("e", "a"), ("o", "u"), ("j", "J"),
)  # fmt: skip
_GERMAN_KH = re.compile(r"(?<![st])ch")
_SOFT_O = re.compile(r"(?<=[bcdfghklmnprstvz])yo")  # Zhuravlyov and Zhuravlev, Pyotr and Petr
_SOFT_C = re.compile(r"c(?=[eiy])")
_DOUBLES = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiouwy]")
_ENDINGS = ("ovs", "evs", "ejs", "ijs", "jevs", "ine")


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return how `word` sounds over the usual romanisations: Mohamed and Muhammad, Lavrow and Lavrov are one."""
    text = word.replace("'", "")
    if "yo" in text:
        text = _SOFT_O.sub("e", text)
    if text.endswith(("ow", "ew", "owa", "ewa")):  # German spelling of Russian: Chochlow is Khokhlov
        text = _GERMAN_KH.sub("kh", text).replace("j", "y")
    if len(text) > 5 and text.endswith(("off", "eff")):  # the older French and English spelling: Smirnoff is Smirnov
        text = text[:-2] + "v"
    if len(text) > 5 and text.endswith(_ENDINGS):  # Lavrovs is Lavrov in Latvian, Jiline Zhilin in French
        text = text[:-1]
    if "c" in text:
        text = _SOFT_C.sub("s", text.replace("ch", "\x01")).replace("\x01", "ch")
    for written, sound in _FOLDS:
        if written in text:
            text = text.replace(written, sound)
    text = text.replace("c", "k").replace("H", "h").lower()
    text = _DOUBLES.sub(r"\1", text)
    return text[:-1] if text.endswith("h") and len(text) > 3 else text


@lru_cache(maxsize=200_000)
def bones(word: str) -> str:
    """Return the consonants of `word` as an Arabic hand would leave them: vowels, w and y out, doubles once."""
    text = word.replace("'", "")
    if text.endswith(("ah", "eh")):  # the h of Manarah is no letter of its own in Arabic
        text = text[:-1]
    for written, sound in (("sh", "S"), ("ch", "C"), ("kh", "X"), ("gh", "G"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("ou", "")):  # fmt: skip
        text = text.replace(written, sound)
    text = text.replace("p", "b").replace("v", "f").replace("c", "k").replace("q", "k").replace("G", "g").lower()
    return _DOUBLES.sub(r"\1", _VOWELS.sub("", text))
