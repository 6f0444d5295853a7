"""Beside: one sheet that holds several tables side by side, cut where the same columns, or those of other records, begin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tidegate.files.grid import Grid, GridProblem
from tidegate.files.headers import HeaderFound, read_header
from tidegate.model.columns import NAME_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

_FEWEST = 2  # columns of one meaning that both tables must have, a party among them


def cut_beside(grid: Grid, found: HeaderFound) -> list[Grid]:
    """Return `grid` cut before every column that begins the header again; [grid] if there is none.

    Such a column stands behind a blank one, or the whole header comes again column by column. A second consignee
    beside the first is no table of its own.
    """
    if grid.row_names or not found.matches:
        return [grid]
    headers = [*found.headers, *[""] * (grid.table.num_columns - len(found.headers))]
    starts = [0]
    for place in range(1, len(headers)):
        blank_before = not headers[place - 1] and _is_blank(grid.table.column(place - 1))
        if headers[place] and (blank_before or _begins_again(headers, starts[-1], place)):
            left, right = headers[starts[-1] : place], headers[place:]
            if _is_same_table(left, right, found.kind) or (blank_before and _is_other_table(right, found.kind)):
                starts.append(place)
    if len(starts) == 1:
        return [grid]
    bounds = zip(starts, [*starts[1:], len(headers)], strict=True)
    return [_part(grid, first, end) for first, end in bounds]


def _is_blank(column: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    return column.null_count == len(column) or not pc.any(pc.not_equal(pc.utf8_trim_whitespace(column), "")).as_py()


def _begins_again(headers: list[str], start: int, place: int) -> bool:
    width = place - start
    return width > _FEWEST and headers[start:place] == headers[place : place + width]


def _is_same_table(left: list[str], right: list[str], kind: str) -> bool:
    ours = {match.canonical for match in read_header(left, kind, 0, 0).matches}
    theirs = {match.canonical for match in read_header(right, kind, 0, 0).matches}
    shared = ours & theirs
    return len(shared) >= _FEWEST and not shared.isdisjoint(NAME_COLUMNS[kind])


def _is_other_table(right: list[str], kind: str) -> bool:
    """Tell whether the columns on the right head records of another kind, with parties of their own."""
    here = len(read_header(right, kind, 0, 0).matches)
    for other in NAME_COLUMNS:
        theirs = {match.canonical for match in read_header(right, other, 0, 0).matches}
        if other != kind and len(theirs) > max(here, _FEWEST) and not theirs.isdisjoint(NAME_COLUMNS[other]):
            return True
    return False


def _part(grid: Grid, first: int, end: int) -> Grid:
    problems = [
        GridProblem(problem.row, problem.column - first if problem.column >= 0 else -1, problem.code, problem.value)
        for problem in grid.problems
        if problem.column < 0 or first <= problem.column < end
    ]
    return replace(
        grid,
        table=grid.table.select(list(range(first, end))),
        first_column=grid.first_column + first,
        problems=problems if first == 0 else [problem for problem in problems if problem.column >= 0],
        notes=grid.notes if first == 0 else (),
        numeric=frozenset(place - first for place in grid.numeric if first <= place < end),
    )
