"""Goods slips: whether a word is a mistyped register name, and not another word or another chemical."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from tidegate.screening.goods_fold import squash
from tidegate.screening.goods_index import SLIP_LENGTH
from tidegate.screening.goods_words import words

# A changed letter in these places makes another chemical, not a slip.
_MEANING = re.compile(
    r"(?:yl|oyl|ine|ane|ene|yne|one|ol|al|ide|ate|ite|ic|ous|ino|eno|ano|ona|ina|ido|ato|ito|ico|oso)$"
)


_DIGITS = re.compile(r"\d")
_LOOK_OF_DIGIT = {"0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "bg", "7": "t", "8": "b", "9": "g"}
_PLACES = frozenset(
    "nompdsrl"
)  # letters that say where a part stands or how it turns: o-, m- and p- are three chemicals
_PLACE_WRITTEN = re.compile(r"(?<![a-z])([a-z])-")
_SATURATION = re.compile("n(?:e|o|d)")


def is_slip(written: str, key: str) -> bool:
    """Tell whether `written` is a mistyped `key` rather than another word or another chemical."""
    piece = squash(written)
    if len(piece) < SLIP_LENGTH - 1 or piece in words().real_words:
        return False
    if _errs_twice(piece, key):
        return False
    # eth and meth, benzyl and benzoyl, -ine and -one, -ane and -yne, 3- and 4-: what tells chemicals apart.
    if len(piece) != len(key) and (
        piece.replace("met", "et") == key.replace("met", "et") or piece.replace("oyl", "yl") == key.replace("oyl", "yl")
    ):
        return False
    if key[1:] == piece and key[0] in _PLACES:
        return False
    if len(piece) == len(key) and not _same_but_for_look(piece, key, written):
        return False
    if len(piece) != len(key) and _DIGITS.findall(piece) != _DIGITS.findall(key):
        return False
    ours, theirs = _MEANING.search(piece), _MEANING.search(key)
    return not (ours and theirs and ours.group() != theirs.group() and piece[: ours.start()] == key[: theirs.start()])


def _errs_twice(piece: str, key: str) -> bool:
    """Tell whether a letter that only looks right stands beside the slip, as the scan reads l as i: "methylbenzoic"."""
    if OSA.distance(piece, key, score_cutoff=1) <= 1:
        return False
    return not any(piece.replace(two, one) == key for two, one in (("rn", "m"), ("ci", "d"), ("cl", "d"), ("vv", "w")))


def _same_but_for_look(piece: str, key: str, written: str) -> bool:
    at = next((place for place, letter in enumerate(piece) if letter != key[place]), 0)
    ours, theirs = piece[at], key[at]
    if ours.isdigit() or theirs.isdigit():
        glued = (
            re.search(rf"(?:^|[a-z]){ours}[a-z]|[a-z]{ours}$", written) is not None
        )  # no place as in "piperidin-4-ol"
        return glued and theirs in _LOOK_OF_DIGIT.get(ours, "") and piece[at + 1 :] == key[at + 1 :]
    placed = at == 0 or ours in _PLACE_WRITTEN.findall(written)  # "acido p-aminobenzoico"
    if placed and ours in _PLACES and theirs in _PLACES:
        return False
    return not (ours in "aeiouy" and theirs in "aeiouy" and _SATURATION.match(key, at + 1))
