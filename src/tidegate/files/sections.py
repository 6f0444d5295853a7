"""Sections: one sheet that holds several tables below each other, cut where another header begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from tidegate.files.grid import Grid, GridProblem
from tidegate.files.header_words import header_words
from tidegate.files.headers import HeaderFound, read_header
from tidegate.files.labelled import has_labels, labels_above
from tidegate.model.columns import COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_ROWS = 200_000  # a longer sheet is an export of one program, and has one table
_LONGEST_HEADER = 60
_MOST_LABELS = 30  # lines between one table and the next


def cut_sections(grid: Grid, found: HeaderFound, kind: str | None) -> list[Grid]:
    """Return `grid` cut before every later row that heads other columns than `found`, or the same ones for other parties,
    as in a sheet of several invoices; [grid] if there is none.

    Title lines right above a header go with it. Rows keep the numbers a person sees.
    """
    if grid.named or grid.row_names or grid.table.num_rows > _MOST_ROWS:
        return [grid]
    starts: list[int] = []
    held = _places(found)
    told = labels_above(grid.head(max(found.first, 0)), found.kind)
    for row in _candidates(grid.table, found.last + 1):
        header = _header(_cells(grid.table, row), kind)
        if header is not None and _places(header) != held:
            starts.append(_with_titles(grid.table, row, starts[-1] if starts else found.last))
            held = _places(header)
            told = {}
        elif header is not None and found.first > 0:
            first = _with_labels(grid.table, row, starts[-1] if starts else found.last, found.kind)
            said = labels_above([_cells(grid.table, at) for at in range(first, row)], found.kind)
            if any(told[name].value != one.value for name, one in said.items() if name in told):
                starts.append(first)
                told = said
    if not starts:
        return [grid]
    bounds = [0, *starts, grid.table.num_rows]
    return [_part(grid, first, end) for first, end in pairwise(bounds)]


def _header(cells: Sequence[str], kind: str | None) -> HeaderFound | None:
    """Return the header that a row of cells is, or None: most of its cells must be headers, three at least or all."""
    filled = sum(1 for cell in cells if cell)
    read = [read_header(cells, each, 0, 0) for each in ((kind,) if kind else COLUMNS)]
    best = max(read, key=lambda each: each.score)
    known = len(best.matches) + len(best.duplicates)
    return best if known * 5 >= filled * 3 and (known >= 3 or known == filled >= 2) else None


def _candidates(table: pa.Table, first: int) -> list[int]:
    """Return the rows from `first` on in which two cells or more are well-known headers, letter for letter."""
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pa.array(_lower_words())
    hits = numpy.zeros(table.num_rows - first, dtype=numpy.int32)
    for column in table.slice(first).columns:
        plain = pc.utf8_rtrim(pc.utf8_lower(pc.utf8_trim_whitespace(column)), characters=":：")
        hits += pc.is_in(plain, value_set=words).to_numpy()
    rows: list[int] = (numpy.flatnonzero(hits >= 2) + first).tolist()
    return rows


@lru_cache(maxsize=1)
def _lower_words() -> list[str]:
    return sorted({word for kind in COLUMNS for word in header_words(kind) if len(word) < _LONGEST_HEADER})


def _with_titles(table: pa.Table, row: int, after: int) -> int:
    """Return the first of the lines of one cell or none that stand right above row `row`, below row `after`."""
    start = row
    while start - 1 > after and sum(1 for column in table.columns if (column[start - 1].as_py() or "").strip()) <= 1:
        start -= 1
    # The blank row between two tables ends the upper one.
    return start


def _with_labels(table: pa.Table, row: int, after: int, kind: str) -> int:
    """Return the first of the lines of labels, and of one cell or none, that stand right above row `row`."""
    start = row
    while start - 1 > after and row - start < _MOST_LABELS:
        cells = _cells(table, start - 1)
        if sum(map(bool, cells)) > 1 and not has_labels(cells, kind):
            break
        start -= 1
    return start


def _cells(table: pa.Table, row: int) -> list[str]:
    return [(column[row].as_py() or "").strip() for column in table.columns]


def _part(grid: Grid, first: int, end: int) -> Grid:
    problems = [
        GridProblem(problem.row - first, problem.column, problem.code, problem.value)
        for problem in grid.problems
        if first <= problem.row < end
    ]
    notes = grid.notes if first == 0 else ()
    return replace(
        grid,
        table=grid.table.slice(first, end - first),
        first_row=grid.first_row + first,
        problems=problems,
        notes=notes,
    )


def _places(found: HeaderFound) -> dict[int, str]:
    return {match.place: match.canonical for match in found.matches}
