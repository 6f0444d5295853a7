"""ODS sheets: what the parser of workbooks leaves out of them: cells with an error, cells merged over rows, hidden rows.

Format: OpenDocument 1.3 part 3, 9.1 (tables) and 19.387 (table:visibility); calcext:value-type as LibreOffice writes it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tidegate.files.archive import StoredFormulas

if TYPE_CHECKING:
    from lxml.etree import _Element

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_SIGNS = (b'value-type="error"', b"rows-spanned=", b'visibility="', b"table:formula=")
_MAX_SCAN = 64 << 20
_MOST_REPEATED = 1_000


def ods_sheets(data: bytes) -> dict[str, StoredFormulas]:
    """Return what each sheet of a checked ODS package holds beside its values, by sheet name; nothing for other packages."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if "content.xml" not in package.namelist() or package.getinfo("content.xml").file_size > _MAX_SCAN:
            return {}
        content = package.read("content.xml")
    if not any(sign in content for sign in _SIGNS):
        return {}
    found: dict[str, StoredFormulas] = {}
    try:
        for _, table in etree.iterparse(
            io.BytesIO(content), tag=f"{_TABLE}table", resolve_entities=False, no_network=True, load_dtd=False
        ):
            found[table.get(f"{_TABLE}name") or ""] = _sheet(table)
            table.clear()
    except etree.XMLSyntaxError:
        return found  # what is broken there is said by the reader of the values
    return found


def _sheet(table: _Element) -> StoredFormulas:
    errors: list[tuple[int, int, str]] = []
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
    formulas = hidden = number = 0
    for row in table.iter(f"{_TABLE}table-row"):
        times = _count(row, "number-rows-repeated")
        cells = list(_cells(row))
        if row.get(f"{_TABLE}visibility") in {"collapse", "filter"}:
            hidden += min(times, _MOST_REPEATED) if any(_said(cell) for _, cell in cells) else 0
        for place, cell in cells:
            formulas += cell.get(f"{_TABLE}formula") is not None
            if cell.get(f"{_CALC}value-type") == "error":
                errors += [(number + at, place, _said(cell)) for at in range(min(times, _MOST_REPEATED))]
            if (down := _count(cell, "number-rows-spanned")) > 1:
                merged.append(((number, place), (number + down - 1, place)))
        number += times
    return StoredFormulas(formulas, (), tuple(errors), hidden, merged=tuple(merged))


def _cells(row: _Element) -> Iterator[tuple[int, _Element]]:
    """Yield the cells of a row with their columns from 0."""
    place = 0
    for cell in row:
        if cell.tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            yield place, cell
            place += _count(cell, "number-columns-repeated")


def _said(cell: _Element) -> str:
    return "".join(str(text) for line in cell.iterchildren(f"{_TEXT}p") for text in line.itertext())[:80]


def _count(element: _Element, name: str) -> int:
    told = element.get(f"{_TABLE}{name}") or "1"
    return int(told) if told.isdecimal() and len(told) < 8 else 1
