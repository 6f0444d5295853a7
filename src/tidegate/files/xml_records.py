"""XML records: an export of any vocabulary whose elements repeat, such as <Shipment><Shipper>…, read like nested JSON.

Element and attribute names are read as headers; an element that repeats is a list. Messages of banks have a reader of
their own, since their words need no guess.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tidegate.files.grid import MAX_COLUMNS, Grid, grid_of_rows
from tidegate.files.json_records import find_records, rows_of
from tidegate.files.records import Note
from tidegate.files.safe_xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element


def grid_of_elements(root: _Element) -> Grid | None:
    """Return the records of `root` as a grid, None if no element repeats or holds others. Rows count records from 1."""
    value = _value(root)
    records = find_records(value) if isinstance(value, dict) else None
    if not isinstance(records, list) or not any(isinstance(record, dict) for record in records):
        return None
    found = rows_of(records)
    if not found.named or not found.rows:
        return None
    names: list[str | None] = [*found.names[:MAX_COLUMNS]]
    rows = [row[:MAX_COLUMNS] for row in found.rows]
    note = Note("files.xml-records", {"name": local_name(root), "count": str(len(rows))})
    grid = grid_of_rows("", [names, *rows], first_row=0, named=True, encoding="xml", notes=[note])
    return replace(grid, row_names=tuple(found.places))


def _value(element: _Element) -> Any:
    """Return an element as text, or as an object of its attributes and elements; one that repeats gives a list."""
    made: dict[str, Any] = {}
    for name, value in element.attrib.items():
        plain = str(name).rpartition("}")[2]
        if plain not in ("schemaLocation", "noNamespaceSchemaLocation", "nil", "type", "lang"):
            made[plain] = str(value)
    for child in element:
        name = local_name(child)
        value = _value(child)
        if name in made:
            made[name] = [*made[name], value] if isinstance(made[name], list) else [made[name], value]
        elif name:
            made[name] = value
    text = " ".join((element.text or "").split())
    if not made:
        return text
    return {**made, "#text": text} if text else made
