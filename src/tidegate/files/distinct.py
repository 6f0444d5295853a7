"""Distinct: a long column that repeats itself, as its distinct values and the place of each row's value among them.

What any cell shows, its distinct values show; a million rows then cost what their distinct values cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

LONG = 20_000  # rows from which on it pays to look at distinct values
_WINDOWS = 100
_SPREAD = (
    0.6180339887  # multiples of the golden ratio fall evenly, and in step with no column that comes round and round
)
_MOST_DISTINCT = 0.9  # of a sample: beyond this, nearly every row has a value of its own


@dataclass(frozen=True, slots=True)
class Encoded:
    """The column, and the same rows as a dictionary array without null among its values."""

    column: pa.ChunkedArray
    array: pa.DictionaryArray


def encode(column: pa.ChunkedArray) -> Encoded | None:
    """Return a long column that repeats itself by its distinct values, None for every other column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = len(column)
    if rows < LONG:
        return None
    size = LONG // _WINDOWS
    chunks = [
        chunk
        for window in range(_WINDOWS)
        for chunk in column.slice(int(window * _SPREAD % 1 * (rows - size)), size).chunks
    ]
    if len(pc.unique(pa.chunked_array(chunks))) > LONG * _MOST_DISTINCT:
        return None
    encoded = column.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        if encoded.num_chunks != 1:
            return None
        encoded = encoded.chunk(0)
    return Encoded(column, encoded)


def with_values(encoded: Encoded, values: pa.Array) -> Encoded:
    """Return the column with each distinct value replaced by that of `values` in its place; some may be null or equal."""
    import pyarrow as pa
    import pyarrow.compute as pc

    again = values.dictionary_encode()
    array = pa.DictionaryArray.from_arrays(pc.take(again.indices, encoded.array.indices), again.dictionary)
    return Encoded(pa.chunked_array([pc.take(values, encoded.array.indices)]), array)


def arrays_by_value(
    known: Mapping[str, Encoded | None], made: Mapping[str, pa.ChunkedArray | pa.Array]
) -> dict[str, pa.DictionaryArray]:
    """Return those of the columns `made` by their distinct values that are still the very columns known so."""
    return {name: one.array for name, one in known.items() if one is not None and made.get(name) is one.column}
