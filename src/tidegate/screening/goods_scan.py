"""Goods scan: which rows of a whole column could name a register item at all. Exact reading comes after.

Works on the bytes of an Arrow column, so that a row that holds nothing costs almost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.screening.goods_index import GoodsIndex

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
_HYPHEN, _ZERO = 45, 48
_WORD = np.zeros(256, dtype=bool)
_WORD[[*range(48, 58), *range(65, 91), *range(97, 123)]] = True
_SAMPLE = 65_536  # rows: what is looked at to tell whether a column repeats
_CAS_REACH = 28  # bytes between the word CAS and its number


def text_column(texts: Sequence[str | None] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return `texts` as one Arrow string array."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if isinstance(texts, pa.Array):
        return (
            texts if pa.types.is_large_string(texts.type) or pa.types.is_string(texts.type) else texts.cast(pa.string())
        )
    return pa.array(texts, type=pa.large_string())


def rows_of_interest(column: pa.Array, index: GoodsIndex) -> Places:
    """Return the rows of `column`, rising, that are worth an exact reading; each distinct text of a repeating column once."""
    if not _repeats(column):
        return rows_to_read(column, index)
    encoded = column.dictionary_encode()
    worth = np.zeros(len(encoded.dictionary) + 1, dtype=bool)  # the last one stands for empty cells
    worth[rows_to_read(encoded.dictionary, index)] = True
    places = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False)
    return np.flatnonzero(worth[places])


def _repeats(column: pa.Array) -> bool:
    """Tell whether a sample of a long column says the same again and again, as the ledger of a trade does."""
    if len(column) < 2 * _SAMPLE:
        return False
    return bool(pc.count_distinct(column.slice(0, _SAMPLE)).as_py() < _SAMPLE // 2)


def rows_to_read(column: pa.Array, index: GoodsIndex) -> Places:
    """Return the rows of `column`, rising, that hold an anchor, a register CAS number or a number that looks mistyped."""
    if len(column) == 0:
        return np.empty(0, dtype=np.int64)
    lowered = pc.ascii_lower(column)  # one byte stays one byte, so the places stay too
    buffers = lowered.buffers()
    if buffers[2] is None:
        return np.empty(0, dtype=np.int64)
    width = np.int64 if pa.types.is_large_string(lowered.type) else np.int32
    starts = np.frombuffer(buffers[1], dtype=width)[lowered.offset : lowered.offset + len(lowered) + 1]
    begins, ends = int(starts[0]), int(starts[-1])
    if begins == ends:
        return np.empty(0, dtype=np.int64)
    text = bytes(memoryview(buffers[2])[begins:ends])
    offsets = starts.astype(np.int64) - begins
    data = np.frombuffer(text, dtype=np.uint8)
    matches = index.coarse.find_matches_as_indexes(text)
    found = np.fromiter(chain.from_iterable(matches), dtype=np.int64, count=3 * len(matches)).reshape(-1, 3)
    kinds = np.frombuffer(index.anchor_kinds, dtype=np.uint8)[found[:, 0]]
    begin, end = found[:, 1], found[:, 2]
    rows = np.searchsorted(offsets, begin, side="right") - 1
    # The column has no mark between rows: a stretch that runs over an edge may hide one, so both rows are read.
    over = np.flatnonzero(end > offsets[rows + 1])
    kept = (kinds == 0) | ((kinds == 1) & _whole(data, begin, end, offsets[rows], offsets[rows + 1]))
    places, number_rows, good, values = _cas_numbers(data, offsets)
    known = np.isin(values, np.array(index.numbers, dtype=np.int64))
    mistyped = number_rows[~good & _follows(places, begin[kinds == 2])]
    beyond = np.searchsorted(offsets, end[over] - 1, side="right") - 1
    return np.unique(np.concatenate([number_rows[known], mistyped, rows[kept], rows[over], beyond]))


def _whole(data: Bytes, begin: Places, end: Places, row_start: Places, row_end: Places) -> npt.NDArray[np.bool_]:
    """Tell which stretches stand as whole words: no letter or digit on either side within the row."""
    before = _WORD[data[np.maximum(begin - 1, 0)]] & (begin > row_start)
    after = _WORD[data[np.minimum(end, len(data) - 1)]] & (end < row_end)
    return ~(before | after)


def _follows(places: Places, labels: Places) -> npt.NDArray[np.bool_]:
    """Tell which places have one of `labels` close before them."""
    if len(labels) == 0:
        return np.zeros(len(places), dtype=bool)
    previous = np.searchsorted(labels, places) - 1
    near: npt.NDArray[np.bool_] = (previous >= 0) & (places - labels[np.maximum(previous, 0)] <= _CAS_REACH)
    return near


def _cas_numbers(data: Bytes, offsets: Places) -> tuple[Places, Places, npt.NDArray[np.bool_], Places]:
    """Return where numbers of CAS shape stand (their first hyphen), their rows, whether the check digit holds, the number."""
    hyphens = np.flatnonzero(data == _HYPHEN)
    hyphens = hyphens[(hyphens >= 2) & (hyphens < len(data) - 4)]
    hyphens = hyphens[data[hyphens + 3] == _HYPHEN]

    def digit(at: Places) -> Places:
        read: Places = (data[at] - np.uint8(_ZERO)).astype(np.int64)  # wraps: anything but a digit is above 9
        return read

    rows = np.searchsorted(offsets, hyphens, side="right") - 1
    row_start, row_end = offsets[rows], offsets[rows + 1]
    after = np.minimum(hyphens + 5, len(data) - 1)
    shaped = (digit(hyphens + 1) < 10) & (digit(hyphens + 2) < 10) & (digit(hyphens + 4) < 10) & (hyphens + 4 < row_end)
    shaped &= (digit(hyphens - 1) < 10) & (digit(hyphens - 2) < 10) & (hyphens - 2 >= row_start)
    shaped &= (digit(after) > 9) | (hyphens + 5 >= row_end)
    places, rows, row_start = hyphens[shaped], rows[shaped], row_start[shaped]
    tens, units = digit(places + 1), digit(places + 2)
    total, value, running = units + 2 * tens, 10 * tens + units, np.ones(len(places), dtype=bool)
    scale = 100
    for step in range(1, 8):
        figure = digit(np.maximum(places - step, 0))
        running &= (figure < 10) & (places - step >= row_start)
        total += np.where(running, figure * (step + 2), 0)
        value += np.where(running, figure * scale, 0)
        scale *= 10
    check = digit(places + 4)
    return places, rows, total % 10 == check, value * 10 + check
