"""The tables that screening makes of its own packaged data as plain values and back: the lexicon of names, the index of goods."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, overload

import numpy as np

from tidegate.registers.substances import Register, load_register
from tidegate.screening import goods_fold, goods_index, name_lexicon
from tidegate.screening.goods_entries import Entry
from tidegate.screening.goods_fold import FoldTable
from tidegate.screening.goods_index import GoodsIndex, Patterns
from tidegate.screening.name_lexicon import HanTable, Lexicon, Phrase

_entry_values = attrgetter(*(field.name for field in fields(Entry)))
_HAN = [field.name for field in fields(HanTable)]
_LEXICON = [field.name for field in fields(Lexicon)]
_GOODS = [field.name for field in fields(GoodsIndex) if field.name != "register"]
_PATTERNS = [field.name for field in fields(Patterns)]


def take_tables(kept: Any) -> None:
    """Have screening use tables as tables_to_plain gave them. Raises ValueError or TypeError for another form."""
    han, lexicon, folds, goods = kept
    name_lexicon.take_tables(HanTable(**dict(zip(_HAN, han, strict=True))), _lexicon(lexicon))
    goods_fold.take_table(FoldTable(*map(_unpacked, folds)))
    goods_index.take_index(_goods(goods, load_register()))


def tables_to_plain(register: Register) -> Any:
    """Return the tables as plain values, made where they are not yet."""
    han, lexicon, folds = name_lexicon.han_table(), name_lexicon.lexicon(), goods_fold.fold_table()
    index = goods_index.goods_index(register)
    goods = {name: _packed(getattr(index, name)) for name in _GOODS}
    goods["entries"] = [tuple(map(_entry_values, held)) for held in index.entries]
    goods["patterns"] = [_packed(getattr(index.patterns, name)) for name in _PATTERNS]
    words = [_packed(getattr(lexicon, name)) for name in _LEXICON]
    return [getattr(han, name) for name in _HAN], words, [*map(_packed, folds)], goods


def _packed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.tobytes()
    if isinstance(value, re.Pattern):
        return value.pattern, value.flags
    if isinstance(value, dict) and any(isinstance(one, Phrase) for one in value.values()):
        return {key: (phrase.kind, phrase.concept) for key, phrase in value.items()}
    return value


def _unpacked(value: Any) -> Any:
    return np.frombuffer(value[1], np.dtype(value[0])) if isinstance(value, tuple) else value


def _lexicon(plain: Sequence[Any]) -> Lexicon:
    told = dict(zip(_LEXICON, plain, strict=True))
    made: dict[tuple[int, str], Phrase] = {}
    for name in ("phrases", "han_phrases"):
        table = told[name]
        made.update({values: Phrase(*values) for values in {*table.values()}.difference(made)})
        told[name] = {key: made[values] for key, values in table.items()}
    for name in _LEXICON:
        if name.endswith("_pattern"):
            told[name] = re.compile(*told[name])
    return Lexicon(**told)


def _goods(plain: Mapping[str, Any], register: Register) -> GoodsIndex:
    told = dict(plain)
    for name in ("lengths", "numbers"):
        told[name] = _unpacked(told[name])
    told["entries"] = KeptEntries(told["entries"])
    told["patterns"] = Patterns(*map(_unpacked, told["patterns"]))
    return GoodsIndex(register=register, **told)


class KeptEntries(Sequence[tuple[Entry, ...]]):
    """The entries of each key in order, made when they are first asked for: a sheet names few of them."""

    __slots__ = ("_made", "_rows")

    def __init__(self, rows: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        self._rows = rows
        self._made: dict[int, tuple[Entry, ...]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> tuple[Entry, ...]: ...

    @overload
    def __getitem__(self, at: slice) -> list[tuple[Entry, ...]]: ...

    def __getitem__(self, at: int | slice) -> tuple[Entry, ...] | list[tuple[Entry, ...]]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        made = self._made.get(at)
        if made is None:
            made = self._made[at] = tuple(Entry(*values) for values in self._rows[at])
        return made
