"""Goods scan: which rows of a whole column could name a register item at all. Exact reading comes after.

Works on the bytes of an Arrow column, so that a row that holds nothing costs almost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tidegate.screening.goods_index import GoodsIndex

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
_HYPHEN, _ZERO = 45, 48
_WORD = np.zeros(256, dtype=bool)
_WORD[[*range(48, 58), *range(65, 91), *range(97, 123)]] = True
_CAS_REACH = 28  # bytes between the word CAS and its number


def text_column(texts: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return `texts` as one Arrow string array."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if isinstance(texts, pa.Array):
        return texts if pa.types.is_large_string(texts.type) or pa.types.is_string(texts.type) else texts.cast(pa.string())
    return pa.array(texts, type=pa.large_string())


def rows_to_read(column: pa.Array, index: GoodsIndex) -> Places:
    """Return the rows of `column`, rising, that hold an anchor, a register CAS number or a number that looks mistyped."""
    if len(column) == 0:
        return np.empty(0, dtype=np.int64)
    wide = pa.types.is_large_string(column.type)
    buffers = column.buffers()
    if buffers[2] is None:
        return np.empty(0, dtype=np.int64)
    starts = np.frombuffer(buffers[1], dtype=np.int64 if wide else np.int32)[column.offset : column.offset + len(column) + 1]
    first, last = int(starts[0]), int(starts[-1])
    text = memoryview(buffers[2])[first:last].tobytes().lower()
    offsets = starts.astype(np.int64) - first
    if not text:
        return np.empty(0, dtype=np.int64)
    data = np.frombuffer(text, dtype=np.uint8)
    matches = index.coarse.find_matches_as_indexes(text)
    found = np.fromiter(chain.from_iterable(matches), dtype=np.int64, count=3 * len(matches)).reshape(-1, 3)
    kinds = np.frombuffer(index.anchor_kinds, dtype=np.uint8)[found[:, 0]]
    begin, end = found[:, 1], found[:, 2]
    first = np.searchsorted(offsets, begin, side="right") - 1
    # The column has no mark between rows: a stretch that runs over an edge may hide one, so both rows are read.
    over = np.flatnonzero(end > offsets[first + 1])
    kept = (kinds == 0) | _whole(data, begin, end, offsets[first], offsets[first + 1])
    numbers, good, values = _cas_numbers(data)
    known = np.isin(values, np.array(index.numbers, dtype=np.int64))
    labelled = [place for place in numbers[~good].tolist() if b"cas" in text[max(0, place - _CAS_REACH) : place]]
    spots = np.concatenate([numbers[known], np.array(labelled, dtype=np.int64), end[over] - 1])
    return np.unique(np.concatenate([np.searchsorted(offsets, spots, side="right") - 1, first[kept], first[over]]))


def _whole(data: Bytes, begin: Places, end: Places, row_start: Places, row_end: Places) -> npt.NDArray[np.bool_]:
    """Tell which stretches stand as whole words: no letter or digit on either side within the row."""
    before = _WORD[data[np.maximum(begin - 1, 0)]] & (begin > row_start)
    after = _WORD[data[np.minimum(end, len(data) - 1)]] & (end < row_end)
    return ~(before | after)


def _cas_numbers(data: Bytes) -> tuple[Places, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return where numbers of CAS shape stand (their first hyphen), whether the check digit holds, and the number."""
    hyphens = np.flatnonzero(data == _HYPHEN)
    hyphens = hyphens[(hyphens >= 2) & (hyphens < len(data) - 4)]
    hyphens = hyphens[data[hyphens + 3] == _HYPHEN]
    digits = data - np.uint8(_ZERO)  # wraps: anything but a digit is above 9
    shaped = (digits[hyphens + 1] < 10) & (digits[hyphens + 2] < 10) & (digits[hyphens + 4] < 10)
    shaped &= (digits[hyphens - 1] < 10) & (digits[hyphens - 2] < 10)
    after = np.minimum(hyphens + 5, len(data) - 1)
    shaped &= (digits[after] > 9) | (hyphens + 5 >= len(data))
    places = hyphens[shaped]
    tens, units = digits[places + 1].astype(np.int64), digits[places + 2].astype(np.int64)
    total, value, running = units + 2 * tens, 10 * tens + units, np.ones(len(places), dtype=bool)
    scale = 100
    for step in range(1, 8):
        at = np.maximum(places - step, 0)
        digit = digits[at].astype(np.int64)
        running &= (digit < 10) & (places - step >= 0)
        total += np.where(running, digit * (step + 2), 0)
        value += np.where(running, digit * scale, 0)
        scale *= 10
    check = digits[places + 4].astype(np.int64)
    return places, total % 10 == check, value * 10 + check
