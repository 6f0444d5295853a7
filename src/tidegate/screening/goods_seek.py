"""Goods seek: the register names that stand in folded texts, before anybody judges what they mean.

The reference of the native scan (`_goods.c`), which finds the same; used where that is not there and for the rows that
it leaves to Python.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs as ac
from rapidfuzz.distance import OSA

from tidegate.screening.goods_fold import Folded, kept_places, squash
from tidegate.screening.goods_index import CODE, LEFT_WORD, GoodsIndex
from tidegate.screening.goods_words import words

_RUN = re.compile(r"[a-z]+$")
_LONGEST_UNIT = 12


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
    squashed = squash(text)
    places = kept_places(text)
    keys, halves, owners = _automata(index)
    found = []
    for number, begin, upto in keys.find_matches_as_indexes(squashed, overlapping=True):
        start, end = places[begin], places[upto - 1] + 1
        if _stands(text, start, end, index.rules[number], len(index.keys[number].encode())):
            found.append(Candidate(number, start, end, upto - begin))
    for half, begin, upto in halves.find_matches_as_indexes(squashed, overlapping=True):
        for number, is_left in owners[half]:
            found += _slips(text, squashed, places, begin, upto, number, index.keys[number], is_left)
    return found


@lru_cache(maxsize=4)
def _automata(index: GoodsIndex) -> tuple[ac.AhoCorasick, ac.AhoCorasick, list[list[tuple[int, bool]]]]:
    owners: dict[str, list[tuple[int, bool]]] = {}
    for number, half, is_left in index.halves:
        owners.setdefault(half, []).append((number, is_left))
    return (
        ac.AhoCorasick(list(index.keys), matchkind=ac.MatchKind.Standard),
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


def ends_with_unit(left: str) -> bool:
    """Tell whether `left` ends with a whole word that is a unit or a packing, as in "25kgacetone"."""
    run = _RUN.search(left)
    return run is not None and len(run.group()) < _LONGEST_UNIT and run.group() in words().units


def _slips(
    text: str, squashed: str, places: list[int], begin: int, upto: int, number: int, key: str, is_left: bool
) -> list[Candidate]:
    """Return the places at which `key` stands with one slip, given that half of it stands right at [begin, upto)."""
    found = []
    for wide in (len(key) - 1, len(key), len(key) + 1):
        first, last = (begin, begin + wide) if is_left else (upto - wide, upto)
        if first < 0 or last > len(squashed) or OSA.distance(squashed[first:last], key, score_cutoff=1) != 1:
            continue
        start, end = places[first], places[last - 1] + 1
        if start and _is_letter(text[start - 1]):
            continue
        after = text[end : end + 2]
        if _is_letter(after[:1]) and not (after[0] == "s" and not _is_letter(after[1:])):
            continue
        found.append(Candidate(number, start, end, wide, True))
    return found


def _is_letter(char: str) -> bool:
    return "a" <= char <= "z"


def _is_digit(char: str) -> bool:
    return "0" <= char <= "9"
