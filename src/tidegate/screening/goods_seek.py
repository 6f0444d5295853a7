"""Goods seek: the register names that stand in folded texts, before anybody judges what they mean.

The reference of the native scan (`native/goods`), which finds the same; used where that is not there and for the rows
that it leaves to Python.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs as ac
from rapidfuzz.distance import OSA

from tidegate.screening.goods_fold import Folded, blurred, kept_places, squash
from tidegate.screening.goods_index import CODE, EXACT, LEFT_WORD, GoodsIndex
from tidegate.screening.goods_text import ends_with_unit

_LONGEST_UNIT = 12
_LOOK_ALIKE = {"m": "rn", "d": "ci", "w": "vv"}  # over blurred letters: two that are read as one


class Candidate(NamedTuple):
    """A key that stands in a folded text at [start, end); `length` counts the characters of the key or of its slip."""

    number: int  # of the key
    start: int
    end: int
    length: int
    slip: bool = False


def seek(folded: Folded, index: GoodsIndex) -> list[Candidate]:
    """Return the keys in one folded text that stand as their rule asks, and the long ones written with one slip."""
    text = folded.text
    squashed = blurred(squash(text))
    places = kept_places(text)
    keys, halves, owners = _automata(index)
    found = []
    for number, begin, upto in keys.find_matches_as_indexes(squashed, overlapping=True):
        start, end = places[begin], places[upto - 1] + 1
        key = index.keys[number]
        if index.rules[number] & EXACT and squash(text[start:end]) != key:
            continue
        if _stands(text, start, end, index.rules[number], len(key.encode())):
            found.append(Candidate(number, start, end, upto - begin))
    for half, begin, upto in halves.find_matches_as_indexes(squashed, overlapping=True):
        for number, is_left in owners[half]:
            found += _slips(text, squashed, places, begin, upto, number, blurred(index.keys[number]), is_left)
    whole = [one for one in found if not one.slip and not _is_letter(text[one.end : one.end + 1])]
    return [one for one in found if not one.slip or not any(_is_idle(one, held) for held in whole)]


def _is_idle(slip: Candidate, whole: Candidate) -> bool:
    """Tell whether a name written right leaves nothing to a slip: one within it, or one of its own key that overlaps it."""
    if whole.number == slip.number:
        return whole.start < slip.end and slip.start < whole.end
    return whole.start <= slip.start and slip.end <= whole.end


@lru_cache(maxsize=4)
def _automata(index: GoodsIndex) -> tuple[ac.AhoCorasick, ac.AhoCorasick, list[list[tuple[int, bool]]]]:
    owners: dict[str, list[tuple[int, bool]]] = {}
    for number, half, is_left in index.halves:
        owners.setdefault(blurred(half), []).append((number, is_left))
    return (
        ac.AhoCorasick([blurred(key) for key in index.keys], matchkind=ac.MatchKind.Standard),
        ac.AhoCorasick(list(owners), matchkind=ac.MatchKind.Standard),
        list(owners.values()),
    )


def _stands(text: str, start: int, end: int, rule: int, length: int) -> bool:
    """Tell whether a key of `length` bytes may stand at [start, end), see the rules in goods_index."""
    if not rule & (LEFT_WORD | CODE):
        return True
    if start:
        before = text[start - 1]
        if _is_letter(before) and (length < 4 or not ends_with_unit(text[max(0, start - _LONGEST_UNIT) : start])):
            return False
        if _is_digit(before) and (length < 4 or _is_digit(text[start])):
            return False
    return not (rule & CODE and end < len(text) and _is_letter(text[end]))


def _slips(
    text: str, squashed: str, places: list[int], begin: int, upto: int, number: int, key: str, is_left: bool
) -> list[Candidate]:
    """Return the places at which `key` stands with one slip, given that half of it stands right at [begin, upto)."""
    found = []
    for wide in (len(key) - 1, len(key), len(key) + 1):
        first, last = (begin, begin + wide) if is_left else (upto - wide, upto)
        piece = squashed[max(0, first) : last]
        if first < 0 or last > len(squashed) or not piece.isascii() or not _one_slip(piece, key):
            continue
        start, end = places[first], places[last - 1] + 1
        if start and _is_letter(text[start - 1]):
            continue
        after = text[end : end + 2]
        if _is_letter(after[:1]) and not (after[0] == "s" and not _is_letter(after[1:])):
            continue
        found.append(Candidate(number, start, end, wide, True))
    return found


def _one_slip(piece: str, key: str) -> bool:
    """Tell whether a letter changed, lost, added or swapped with its neighbour, or read as two, makes `piece` of `key`."""
    if OSA.distance(piece, key, score_cutoff=1) == 1:
        return True
    if len(piece) != len(key) + 1:
        return False
    at = next(place for place, letter in enumerate(piece) if letter != key[place : place + 1])
    two = _LOOK_ALIKE.get(key[at : at + 1])
    return two is not None and piece[at : at + 2] == two and piece[at + 2 :] == key[at + 1 :]


def _is_letter(char: str) -> bool:
    return "a" <= char <= "z"


def _is_digit(char: str) -> bool:
    return "0" <= char <= "9"
