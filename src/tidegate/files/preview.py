"""Preview: the first rows of every sheet of a file as they stand, for a person who tells what its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tidegate.files.grid import Grid
from tidegate.files.shape import HEAD_BYTES, sniff_shape


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """The first rows of one sheet. first_row: the number a person sees for `rows[0]`."""

    sheet: str
    first_row: int
    rows: Sequence[Sequence[str]]

    @property
    def columns(self) -> int:
        """Return how many columns the sheet has."""
        return max((len(row) for row in self.rows), default=0)


def preview_sheets(path: Path, *, rows: int = 8) -> list[SheetPreview]:
    """Return the first `rows` rows of each sheet; nothing for messages, which have no columns to tell.

    Raises InputUnreadable where the file cannot be opened as what it is.
    """
    with open(path, "rb") as stream:
        shape = sniff_shape(path.name, stream.read(HEAD_BYTES))
    return [SheetPreview(grid.sheet, grid.first_row, grid.head(rows)) for grid in _grids(path, shape)]


def _grids(path: Path, shape: str) -> Sequence[Grid]:
    if shape == "delimited":
        from tidegate.files.delimited import read_delimited

        return [read_delimited(path)]
    if shape == "workbook":
        from tidegate.files.workbooks import read_workbook

        return read_workbook(path.name, path.read_bytes())
    if shape in ("html", "xml-spreadsheet"):
        from tidegate.files import markup_tables

        read = markup_tables.read_html if shape == "html" else markup_tables.read_xml_spreadsheet
        return read(path.name, path.read_bytes())
    return []
