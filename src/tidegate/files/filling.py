"""Filling: cells whose text stands elsewhere: "ditto" for the cell above, a second column of one meaning, a label above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidegate.files.distinct import Encoded

if TYPE_CHECKING:
    import pyarrow as pa

_DITTO = ('"', "''", "″", "〃", "do.", "-do-", "ditto", "Ditto", "DITTO", "same as above", "Same as above", "SAME AS ABOVE",
          "as above", "As above", "同上", "ídem", "idem", "Ídem", "Idem", "IDEM", "ÍDEM", "lo mismo")  # fmt: skip


def fill_dittos(column: pa.ChunkedArray, known: Encoded | None = None) -> tuple[pa.ChunkedArray, int]:
    """Return the column with each ditto sign replaced by the text above it, and how many there were."""
    import pyarrow as pa
    import pyarrow.compute as pc

    dittos = pa.array(_DITTO)
    if known is not None and not pc.any(pc.is_in(known.array.dictionary, value_set=dittos)).as_py():
        return column, 0
    signs = pc.is_in(column, value_set=dittos)
    count: int = pc.sum(signs).as_py() or 0
    if not count:
        return column, 0
    filled: list[str | None] = []
    for value, again in zip(column.to_pylist(), signs.to_pylist(), strict=True):
        filled.append((filled[-1] if filled else None) if again else value)
    return pa.chunked_array([pa.array(filled, pa.string())]), count


def join_texts(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return what both columns say, each text once, the first column's first."""
    import pyarrow.compute as pc

    both = pc.binary_join_element_wise(first, second, "; ")
    joined = pc.if_else(pc.fill_null(pc.equal(first, second), False), first, both)
    return pc.coalesce(joined, first, second)


def constant_where_filled(value: str, columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Return `value` for every row in which one of `columns` holds something, else null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = pc.is_valid(columns[0])
    for column in columns[1:]:
        filled = pc.or_(filled, pc.is_valid(column))
    return pc.if_else(filled, pa.scalar(value, pa.string()), pa.scalar(None, pa.string()))
