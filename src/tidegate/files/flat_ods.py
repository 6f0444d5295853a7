"""Flat ODS: a spreadsheet of OpenDocument in one XML file (.fods), read as grids.

Format: OpenDocument 1.3 part 3, 3.1.2 (office:document) and 9.1 (tables); calcext:value-type as LibreOffice writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tidegate.errors import InputUnreadable
from tidegate.files.grid import MAX_COLUMNS, Grid, GridProblem, grid_of_rows
from tidegate.files.records import Note
from tidegate.files.safe_xml import parse_xml
from tidegate.files.workbooks import number_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MOST_CELLS = 10_000_000
_MOST_BLANK_ROWS = 100_000


def is_flat_ods(head: str) -> bool:
    """Tell whether a text that begins with `head` is a document of OpenDocument in one file."""
    return _OFFICE in head[:8000] and "<office:document" in head[:8000]


def read_flat_ods(file: str, data: bytes) -> list[Grid]:
    """Return every table of the document. Formulas give the value stored beside them.

    Raises InputUnreadable for broken or unsafe XML, or where repeated rows and cells lay out more than is read.
    """
    root = parse_xml(file, data)
    return [_grid(file, table) for table in root.iter(f"{_TABLE}table")]


def _grid(file: str, table: _Element) -> Grid:
    rows: list[list[str | None]] = []
    problems: list[GridProblem] = []
    pending: dict[int, tuple[int, str | None]] = {}
    laid = blank = hidden = 0
    for row in table.iter(f"{_TABLE}table-row"):
        times = _count(row, "number-rows-repeated")
        cells = list(_cells(row, pending))
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            blank += times  # rows at the end that hold nothing are no rows
            continue
        laid += len(cells) * times + blank
        if laid > _MOST_CELLS or blank > _MOST_BLANK_ROWS:
            raise InputUnreadable(
                f"{file}: unpacks to more than {_MOST_CELLS} cells, more than is read. Save only the sheet with the records, "
                "without empty areas",
                code="files.unpacks-too-large",
                file=file,
                size=f"> {_MOST_CELLS} cells",
            )
        rows += [[]] * blank
        blank = 0
        hidden += times * (row.get(f"{_TABLE}visibility") in {"collapse", "filter"})
        problems += [GridProblem(len(rows), place, "files.error-value", said) for place, said in _errors(row)]
        rows += [cells] * times
    name = table.get(f"{_TABLE}name") or ""
    notes = [Note("files.rows-hidden", {"sheet": name, "count": str(hidden)})] if hidden else []
    return grid_of_rows(name, rows, problems=problems, notes=notes)


def _cells(row: _Element, pending: dict[int, tuple[int, str | None]]) -> Iterator[str | None]:
    """Yield the cells of one row; a cell merged over rows fills them, as everywhere. pending: column to rows left and text."""
    place = 0
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        text = _value(cell)
        down = _count(cell, "number-rows-spanned") - 1
        for _ in range(min(_count(cell, "number-columns-repeated"), MAX_COLUMNS + 1 - place)):
            left, above = pending.pop(place, (0, None))
            if left > 1:
                pending[place] = (left - 1, above)
            if down > 0:
                pending[place] = (down, text)
            yield text if text is not None else above
            place += 1


def _value(cell: _Element) -> str | None:
    kind = cell.get(f"{{{_OFFICE}}}value-type")
    if cell.get(f"{_CALC}value-type") == "error":
        return None
    if kind in {"float", "currency", "percentage"}:
        try:
            return number_text(float(cell.get(f"{{{_OFFICE}}}value") or "")) or None
        except ValueError:
            return _said(cell) or None
    if kind == "date":
        return (cell.get(f"{{{_OFFICE}}}date-value") or _said(cell)).removesuffix("T00:00:00") or None
    return _said(cell) or None


def _errors(row: _Element) -> Iterator[tuple[int, str]]:
    place = 0
    for cell in row:
        if cell.tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            if cell.get(f"{_CALC}value-type") == "error":
                yield place, _said(cell)[:80]
            place += _count(cell, "number-columns-repeated")


def _said(cell: _Element) -> str:
    return "\n".join("".join(str(text) for text in line.itertext()) for line in cell.iterchildren(f"{_TEXT}p"))


def _count(element: _Element, name: str) -> int:
    told = element.get(f"{_TABLE}{name}") or "1"
    return max(1, int(told)) if told.isdecimal() and len(told) < 11 else 1
