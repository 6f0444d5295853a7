"""Grid: a sheet as plain text columns, before anything is known about its header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidegate.errors import InputUnreadable
from tidegate.files.records import Note

if TYPE_CHECKING:
    import pyarrow as pa

MAX_COLUMNS = 1_000
MAX_ROWS = 5_000_000
MAX_CELL_CHARACTERS = 32_767  # what a spreadsheet cell can hold; longer text is cut and named
SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class GridProblem:
    """A cell the reader itself could not read: row and column from 0 inside the grid (column -1: the whole row)."""

    row: int
    column: int
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. table: string columns, empty cells null, every row of the sheet from its first one, blank rows too.

    first_row: the row number a person sees for the table's row 0. named: the first row holds column names for certain.
    numeric: columns made from numbers, whose decimal sign is known to be a dot. row_names: the place of each record
    where it is no row of the sheet, such as "column B". from_1904: serial numbers of days count from 1904.
    first_column: the place in the sheet, from 0, of the table's column 0. ragged: lines differ in how many cells they have;
    a cell that a line has not is null, a blank one "".
    """

    sheet: str
    table: pa.Table
    first_row: int = 1
    named: bool = False
    hidden: bool = False
    encoding: str = ""
    problems: Sequence[GridProblem] = ()
    notes: Sequence[Note] = field(default_factory=tuple)
    numeric: frozenset[int] = frozenset()
    row_names: tuple[str, ...] = ()
    from_1904: bool = False
    first_column: int = 0
    ragged: bool = False

    def letter(self, place: int) -> str:
        """Return the letters that a person sees above column `place`."""
        return column_letter(self.first_column + place)

    def head(self, rows: int) -> list[list[str]]:
        """Return the first `rows` rows as lists of text, empty cells as ""."""
        columns = [column.to_pylist() for column in self.table.slice(0, rows).columns]
        return [[(column[row] or "").strip() for column in columns] for row in range(min(rows, self.table.num_rows))]


def grid_of_rows(
    sheet: str,
    rows: Sequence[Sequence[str | None]],
    *,
    first_row: int = 1,
    hidden: bool = False,
    named: bool = False,
    encoding: str = "",
    problems: Sequence[GridProblem] = (),
    notes: Sequence[Note] = (),
) -> Grid:
    """Return a grid of `rows`, which may be ragged. Raises InputUnreadable beyond MAX_ROWS or MAX_COLUMNS."""
    import pyarrow as pa

    width = max((len(row) for row in rows), default=0)
    check_size(sheet, len(rows), width)
    found = list(problems)
    if all(len(row) == width for row in rows):
        arrays = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    else:
        padded: list[list[str | None]] = [[None] * len(rows) for _ in range(width)]
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                padded[place][number] = cell
        arrays = [pa.array(column, pa.string()) for column in padded]
    arrays = [_cut_long_cells(array, place, found) for place, array in enumerate(arrays)]
    table = pa.Table.from_arrays(arrays, names=[f"c{place}" for place in range(width)])
    return Grid(sheet, table, first_row, named, hidden, encoding, found, tuple(notes))


def _cut_long_cells(array: pa.Array, place: int, problems: list[GridProblem]) -> pa.Array:
    """Return `array` with cells beyond MAX_CELL_CHARACTERS cut and named."""
    import pyarrow.compute as pc

    if (pc.max(pc.binary_length(array)).as_py() or 0) <= MAX_CELL_CHARACTERS:
        return array
    long = pc.greater(pc.utf8_length(array), MAX_CELL_CHARACTERS)
    for row in pc.indices_nonzero(pc.fill_null(long, False)).to_pylist():
        problems.append(GridProblem(row, place, "files.cell-too-long", shorten(array[row].as_py())))
    return pc.utf8_slice_codeunits(array, 0, MAX_CELL_CHARACTERS)


def check_size(sheet: str, rows: int, columns: int) -> None:
    """Raise InputUnreadable if a sheet is larger than is read."""
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise InputUnreadable(
            f"{sheet or 'the table'}: {rows} rows and {columns} columns; at most {MAX_ROWS} and {MAX_COLUMNS} are read. "
            "Split the file",
            code="files.too-large",
            sheet=sheet,
            rows=rows,
            columns=columns,
        )


def shorten(text: str) -> str:
    """Return `text` fit to be shown beside a problem."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def column_letter(place: int) -> str:
    """Return the letters a spreadsheet shows above column `place` (from 0): A, Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
