"""Goods scan: which rows of a whole column name a register item, and where; what it means is judged after.

Natively in `tidegate._goods` (C, stable ABI) over the buffers of an Arrow column, where the wheel has it, else in Python:
the same rows, the same names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.screening.goods_codes import tariff_codes_in
from tidegate.screening.goods_fold import fold_goods, fold_table
from tidegate.screening.goods_index import NOT_ALONE, GoodsIndex
from tidegate.screening.goods_seek import Candidate, seek
from tidegate.screening.native import load_native

_native = load_native("_goods")  # None: Python does the same
_new: Any = tuple.__new__  # a named tuple from all its fields, made without a call in Python

NUMBER, KEY, STRANGE, TARIFF = 1, 2, 4, 16  # as in `native/goods/goods.h`
_MOST_FOLD = 64
_SAMPLE = 4096
_NUMBER_LIKE = re.compile(r"\d\s?[-‐‑‒–—―−﹣－ー]\s?\d\d\s?[-‐‑‒–—―−﹣－ー]|[ａ-ｚＡ-Ｚ]|登记号|登記號|c\.a\.s", re.I)
_KEY_LIKE = re.compile(r"[A-Za-zＡ-Ｚ]{14}[-‐‑‒–—―−－][A-Za-zＡ-Ｚ]{10}")


class Seen(NamedTuple):
    """What stands in one text: register names, and whether numbers, InChIKeys or tariff codes are worth a look.

    plain: the one name stands where nothing could change what it says.
    """

    names: Sequence[Candidate]
    numbers: bool
    keys: bool
    codes: bool
    plain: bool = False


NOTHING_SEEN = Seen((), False, False, False)


def text_column(texts: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return `texts` as one Arrow string array."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if isinstance(texts, pa.Array):
        return (
            texts if pa.types.is_large_string(texts.type) or pa.types.is_string(texts.type) else texts.cast(pa.string())
        )
    return pa.array(texts, type=pa.large_string())


def scan_column(column: pa.Array, index: GoodsIndex) -> dict[int, Seen]:
    """Return row -> what stands in it, rising, for the rows of a string column in which anything does."""
    scan = _scan_natively if _native is not None else _scan_each
    if not _repeats(column):
        return scan(column, index)
    encoded = column.dictionary_encode()  # a text that stands on many rows is read once
    worth = scan(encoded.dictionary, index)
    if not worth:
        return {}
    rows = rows_holding(encoded, worth)
    codes = encoded.indices.take(pa.array(rows, type=pa.int64())).to_pylist()
    return {row: worth[code] for row, code in zip(rows, codes, strict=True)}


def rows_holding(encoded: pa.DictionaryArray, numbers: Collection[int]) -> list[int]:
    """Return the rows, rising, of a dictionary-encoded column that hold one of the values of these numbers."""
    if not numbers:
        return []
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    wanted = np.zeros(len(encoded.dictionary) + 1, dtype=bool)  # the last is where a blank row points
    wanted[list(numbers)] = True
    rows: list[int] = np.flatnonzero(wanted[codes]).tolist()
    return rows


def _repeats(column: pa.Array) -> bool:
    """Tell whether most rows of a column hold a text that other rows hold too, as a sample shows.

    Among n texts drawn out of d each as likely as another, some n²/2d repeat an earlier one.
    """
    if len(column) <= _SAMPLE:
        return True
    repeated = _SAMPLE - len(column.slice(0, _SAMPLE).unique())
    return repeated * len(column) > _SAMPLE * _SAMPLE


def look_at(text: str, index: GoodsIndex) -> Seen:
    """Return what stands in one text."""
    folded = fold_goods(text)
    return Seen(
        seek(folded, index), _NUMBER_LIKE.search(text) is not None or "cas" in text.lower(),
        _KEY_LIKE.search(text) is not None, bool(tariff_codes_in(folded)),
    )  # fmt: skip


def _is_worth(seen: Seen, index: GoodsIndex) -> bool:
    return (
        seen.numbers
        or seen.keys
        or seen.codes
        or any(not index.rules[name.number] & NOT_ALONE or name.slip for name in seen.names)
    )


def _scan_each(column: pa.Array, index: GoodsIndex) -> dict[int, Seen]:
    worth = {}
    for row, text in enumerate(column.to_pylist()):
        seen = look_at(text, index) if text else NOTHING_SEEN
        if _is_worth(seen, index):
            worth[row] = seen
    return worth


@lru_cache(maxsize=4)
def _tables(index: GoodsIndex) -> object:
    """Return what the native scan knows of the index, made once."""
    folds, patterns = fold_table(), index.patterns
    if int(np.diff(folds.starts).max()) > _MOST_FOLD:
        raise ValueError(
            f"a character folds to more than {_MOST_FOLD} bytes, which is all the native scan has room for"
        )
    return _native.tables(
        folds.at, folds.starts, folds.folds, folds.greek, folds.letters, patterns.text, patterns.starts, patterns.keys, patterns.rules,
        index.numbers, index.units, index.turning, index.plain, index.terms,
    )  # fmt: skip


def _scan_natively(column: pa.Array, index: GoodsIndex) -> dict[int, Seen]:
    if column.null_count:
        column = pc.fill_null(column, "")
    _, offsets, data = column.buffers()
    if len(column) == 0 or data is None:
        return {}
    rows, names = _native.scan(
        _tables(index), data, offsets, pa.types.is_large_string(column.type), column.offset, len(column)
    )
    if not rows:
        return {}
    found = _candidates(names, index)
    told = np.frombuffer(rows, dtype=np.int32).reshape(-1, 5)
    flags = told[:, 1]
    asked = [(flags & bit != 0).tolist() for bit in (NUMBER, KEY, TARIFF)]
    at, first, last = (told[:, column].tolist() for column in (0, 2, 3))
    seen = map(
        _new,
        repeat(Seen),
        zip(map(found.__getitem__, map(slice, first, last)), *asked, (told[:, 4] != 0).tolist(), strict=True),
    )
    worth: dict[int, Seen] = dict(zip(at, seen, strict=True))
    for row in told[flags & STRANGE != 0, 0].tolist():
        worth[row] = look_at(column[row].as_py(), index)
        if not _is_worth(worth[row], index):
            del worth[row]
    return worth


def _candidates(names: bytes, index: GoodsIndex) -> list[Candidate]:
    """Return the names that the native scan tells: row, key (or ~key of a slip), start, end, length in its squashed bytes."""
    _, key, start, end, length = np.frombuffer(names, dtype=np.int32).reshape(-1, 5).T
    slip = key < 0
    number = np.where(slip, ~key, key)
    length = np.where(slip, length, index.lengths[number])
    columns = (column.tolist() for column in (number, start, end, length, slip))
    return list(map(_new, repeat(Candidate), zip(*columns, strict=True)))
