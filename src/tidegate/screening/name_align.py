"""How a name that was asked agrees with a listed one: the words taken for the same, and what was measured of them.

The native kernel tells it of many candidates at once; without it, or for a name that was not packed, the reference does.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tidegate.screening.name_index import Candidate, NameIndex
from tidegate.screening.name_keys import NameForm
from tidegate.screening.name_lexicon import TRADE
from tidegate.screening.name_pack import Pack, native_pairs
from tidegate.screening.name_score import Pair, compare_forms

_PAIR = struct.Struct("5i4xd")
# In the order of the tests in `_kernel.c`. A word of the lexicon that is near another is told by its kind.
_TESTS = (
    "equal", "reading", "nickname", "", "initial", "sound", "spelling", "consonants", "joined", "letters", "slip",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alignment:
    """features: as name_score.FEATURES. pairs: in the order in which they were taken. by_syllable: of syllables."""

    features: Sequence[float]
    pairs: Sequence[Pair]
    by_syllable: bool


def align_candidates(candidates: Sequence[Candidate], index: NameIndex) -> list[Alignment]:
    """Return how each candidate agrees with the listed name it was found by, as compare_forms tells it."""
    found: dict[int, Alignment] = {}
    if index.pack is not None:
        packs: dict[int, tuple[Pack, list[int]]] = {}
        for at, one in enumerate(candidates):
            if one.pack is not None:
                packs.setdefault(id(one.pack), (one.pack, []))[1].append(at)
        for pack, places in packs.values():
            found.update(zip(places, _aligned([candidates[at] for at in places], pack, index.pack), strict=True))
    return [found.get(at) or _compared(one.query, one.listed) for at, one in enumerate(candidates)]


def _compared(query: NameForm, listed: NameForm) -> Alignment:
    _, features, pairs, by_syllable = compare_forms(query, listed)
    return Alignment(features, pairs, by_syllable)


def _aligned(candidates: Sequence[Candidate], pack: Pack, listed: Pack) -> Iterator[Alignment]:
    rows = np.fromiter((one.row for one in candidates), np.int32, len(candidates))
    entries = np.fromiter((one.entry for one in candidates), np.int32, len(candidates))
    features, counts, told = native_pairs(pack, listed, rows, entries)
    pairs = _PAIR.iter_unpack(told)
    for one, row, count in zip(candidates, features.tolist(), counts.tolist(), strict=True):
        by_syllable = bool(one.query.syllables and one.listed.syllables)
        tokens = one.query.syllables if by_syllable else one.query.tokens
        taken = []
        for _ in range(count):
            left, left_end, right, right_end, test, alike = next(pairs)
            name = _TESTS[test] or ("trade" if tokens[left].kind == TRADE else "place")
            taken.append(Pair((left, left_end), (right, right_end), alike, name))
        yield Alignment(row, taken, by_syllable)
