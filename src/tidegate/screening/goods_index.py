"""Goods index: every name, code, number and key of a register, ready to be sought in a whole column at once.

A name is sought by its key: folded, and without what a chemical name may or may not hold (see goods_fold). What must
stand round a key is a rule, so that the native scan and the one in Python (goods_seek) find the same names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tidegate.registers.substances import Register
from tidegate.screening.goods_codes import telling_codes
from tidegate.screening.goods_entries import SHORT, Entry, all_entries, more_entries
from tidegate.screening.goods_fold import is_han
from tidegate.screening.goods_things import thing_words
from tidegate.screening.goods_words import words

# How a key must stand; the same bits in `native/goods/goods.h`.
LEFT_WORD = 1  # no letter before it, but a unit or packing ("25kgacetone"); no figure before a figure
CODE = 2  # a whole word: as LEFT_WORD, and no letter behind
NOT_ALONE = 4  # a look-alike: no reason to read a row
LEFT_HALF = 8  # half of a long name, sought to find one that is a slip away
RIGHT_HALF = 16
MARK = 32  # the word CAS
TARIFF = 64  # a tariff code that weighs something alone
EXACT = 128  # letter for letter: long keys are sought with l read as i (see goods_fold.blurred)
MARKS = ("cas", "c.a.s", "登记号")
SLIP_LENGTH = 10  # letters: shorter names are never recognised with a slip


@dataclass(frozen=True, slots=True)
class Patterns:
    """Everything the native scan seeks: the keys first, in their order, then halves of keys, marks and tariff codes.

    Pattern i is text[starts[i]:starts[i+1]] (UTF-8, not blurred) and belongs to key keys[i]; rules[i] says how it must
    stand.
    """

    text: bytes
    starts: npt.NDArray[np.uint32]
    keys: npt.NDArray[np.int32]
    rules: bytes


@dataclass(frozen=True, eq=False)
class GoodsIndex:
    """The keys and tables over one register. Compared by identity, so that what is built on it can be kept beside it."""

    register: Register
    keys: tuple[str, ...]
    rules: bytes  # per key
    lengths: npt.NDArray[np.int32]  # per key, in characters
    entries: Sequence[tuple[Entry, ...]]
    halves: tuple[tuple[int, str, bool], ...]  # (key number, half of the key, it is the left half)
    patterns: Patterns
    numbers: npt.NDArray[np.int64]  # CAS numbers of the register without their dashes, sorted
    units: bytes  # words that may be glued to the front of a name, one a line
    plain: bytes  # per key: 1 where it names one substance for certain, and besides only its class
    terms: bytes  # words of a sale, one a line
    turning: bytes  # words that may change what a name says, see `native/goods/plain.c`


_taken: list[GoodsIndex] = []


def take_index(index: GoodsIndex) -> None:
    """Use `index` in place of building one over its register: it was built so before."""
    _taken.append(index)


@lru_cache(maxsize=4)
def goods_index(register: Register) -> GoodsIndex:
    """Return the index over `register`, built once for each register object."""
    return next((one for one in _taken if one.register is register), None) or _build(register)


def _build(register: Register) -> GoodsIndex:
    table: dict[str, dict[tuple[str, str], Entry]] = defaultdict(dict)
    for entry in all_entries(register):
        key = entry.key
        if len(key) < 2 and not is_han(key):
            continue
        held = table[key].get((entry.item_id, entry.kind))
        if held is not None:  # one key written in several ways: the strongest counts, with the widest leave for marks
            lead = entry if held.weak and not entry.weak else held
            entry = replace(lead, joints=max(held.joints, entry.joints), commas=max(held.commas, entry.commas))
        table[key][entry.item_id, entry.kind] = entry
    given = frozenset(table)
    for entry in more_entries(register):
        if entry.key not in given:
            table[entry.key].setdefault((entry.item_id, entry.kind), entry)
    # Only the register's own spellings are sought with a slip: one that is rare and mistyped is not worth its place.
    keys = tuple(table)
    entries = tuple(tuple(table[key].values()) for key in keys)
    rules = bytes(_rule(key, held) for key, held in zip(keys, entries, strict=True))
    halves = tuple(
        (number, key[: len(key) // 2] if left else key[len(key) // 2 :], left)
        for number, key in enumerate(keys)
        if len(key) >= SLIP_LENGTH
        and key.isascii()
        and key in given
        and any(_may_slip(entry) for entry in entries[number])
        for left in (True, False)
    )
    numbers = {*register.cas_numbers, *register.weak_cas_numbers}
    return GoodsIndex(
        register, keys, rules, np.array([len(key) for key in keys], dtype=np.int32), entries, halves, _patterns(keys, rules, halves, tuple(telling_codes(register))),
        np.array(sorted(int(number.replace("-", "")) for number in numbers), dtype=np.int64),
        "\n".join(sorted(words().units)).encode(), bytes(_is_plain(held) for held in entries),
        "\n".join(sorted(words().trade_terms)).encode(), _turning(),
    )  # fmt: skip


def _is_plain(entries: Sequence[Entry]) -> bool:
    lead, *others = entries
    sure = lead.kind == "substance" and not lead.weak and not lead.short and lead.form != "turned"
    return sure and all(other.kind == "family" for other in others)


def _turning() -> bytes:
    lexicon = words()
    holding = {word for word in thing_words().parts if word.isalpha()}
    products = {f"{word}p" for word in thing_words().products if word.isalpha()}
    anywhere = {f"{word}a" for word in lexicon.thing_words | holding} | {f"{word}b" for word in lexicon.exclusion_words}
    listed = {f"{word}l" for word in lexicon.free_words if word.isalpha()}
    han = {f"{word}a" for word in lexicon.han_turning} | {f"{word}l" for word in lexicon.han_listed}
    return "\n".join(sorted(anywhere | products | listed | han)).encode()


def _rule(key: str, entries: Sequence[Entry]) -> int:
    alone = 0 if any(entry.kind != "alike" for entry in entries) else NOT_ALONE
    if len(key) <= SHORT:
        alone |= EXACT
    if any(entry.kind == "family" for entry in entries) or not key[0].isascii():
        return alone
    return alone | (CODE if all(entry.short for entry in entries) else LEFT_WORD)


def _may_slip(entry: Entry) -> bool:
    return entry.kind == "substance" and not entry.weak and entry.form != "abbreviation"


def _patterns(
    keys: Sequence[str], rules: bytes, halves: Sequence[tuple[int, str, bool]], codes: Sequence[str]
) -> Patterns:
    texts = [*keys, *(half for _, half, _ in halves), *MARKS, *codes]
    owners = [*range(len(keys)), *(number for number, _, _ in halves), *(-1 for _ in (*MARKS, *codes))]
    others = (*(MARK for _ in MARKS), *(TARIFF for _ in codes))
    more = bytes([*(LEFT_HALF if left else RIGHT_HALF for _, _, left in halves), *others])
    encoded = [text.encode() for text in texts]
    starts = np.cumsum([0, *map(len, encoded)], dtype=np.uint32)
    return Patterns(b"".join(encoded), starts, np.array(owners, dtype=np.int32), rules + more)
