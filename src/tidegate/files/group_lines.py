"""Group lines: rows among the records that head those below them, such as "Customer: Quebrada SA" in a printed list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from tidegate.files.headers import HeaderFound
from tidegate.files.labelled import Labelled, shared_label

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_ROWS = 200_000  # a longer sheet is an export of one program, and is not grouped for a reader


def find_group_lines(
    columns: Sequence[pa.ChunkedArray], found: HeaderFound, rows: int, others: Collection[int]
) -> dict[int, Labelled]:
    """Return the rows from 0 that hold one label and its value alone, for a column that the sheet has not.

    columns: clean text, all columns of the sheet. others: rows that are no records anyway.
    """
    import numpy

    if rows > _MOST_ROWS or len(columns) < 3 or len(found.matches) < 2:
        return {}
    filled = numpy.zeros(rows, dtype=numpy.int32)
    for column in columns:
        filled += column.is_valid().to_numpy()[:rows]
    held = {match.canonical for match in found.matches}
    lines: dict[int, Labelled] = {}
    for row in numpy.flatnonzero((filled > 0) & (filled <= 2)).tolist():
        cells = [str(text) for column in columns if (text := column[row].as_py())]
        told = None if row in others else shared_label(cells, found.kind)
        if told is not None and told.canonical not in held:
            lines[row] = told
    return lines


def columns_of_lines(lines: Mapping[int, Labelled], rows: int) -> dict[str, list[str | None]]:
    """Return what the lines say as one column for each meaning: every row has what the last line above it says."""
    told: dict[str, list[str | None]] = {line.canonical: [None] * rows for line in lines.values()}
    for canonical, column in told.items():
        value: str | None = None
        for row in range(rows):
            if row in lines and lines[row].canonical == canonical:
                value = lines[row].value
            elif row not in lines:
                column[row] = value
    return told
