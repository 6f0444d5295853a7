"""Sheets: the tables of one sheet, wherever and however they stand in it."""

from __future__ import annotations

from tidegate.files.beside import cut_beside
from tidegate.files.customs_form import fold_declaration
from tidegate.files.grid import Grid
from tidegate.files.labelled import turn_upright
from tidegate.files.layout import find_layout
from tidegate.files.mapping import Mapping
from tidegate.files.records import Note, TableRead
from tidegate.files.sections import cut_sections
from tidegate.files.tables import read_table


def read_tables(file: str, grid: Grid, kind: str | None, mapping: Mapping | None) -> list[TableRead]:
    """Return the tables of `grid` in order: one, or several below each other; none if no row heads known columns.

    A form of labels and values, or a sheet turned on its side, is read as if it stood upright.
    Raises InputUnreadable if `mapping` names a header that the sheet has not.
    """
    kind = kind or (mapping.kind if mapping else None) or None
    found = find_layout(file, grid, kind, mapping)
    if mapping is None or not (mapping.columns or mapping.header_row):
        upright = fold_declaration(grid) or turn_upright(grid, kind, len(found.matches) if found else 0)
        if upright is not None:
            turned = find_layout(file, upright, kind, mapping)
            if turned is not None:
                note = Note("files.turned-upright", {"records": str(upright.table.num_rows - 1)})
                return [read_table(file, upright, turned, mapping, [note])]
        if found is not None:
            for cut, code in (
                (cut_beside(grid, found), "files.tables-beside"),
                (cut_sections(grid, found, kind), "files.several-tables"),
            ):
                if len(cut) > 1:
                    return _read_parts(
                        file, cut, kind, Note(code, {"sheet": grid.sheet or file, "count": str(len(cut))})
                    )
    return [] if found is None else [read_table(file, grid, found, mapping, [])]


def _read_parts(file: str, parts: list[Grid], kind: str | None, note: Note) -> list[TableRead]:
    """Return the tables of a sheet that was cut; the first one says so."""
    tables: list[TableRead] = []
    for part in parts:
        tables += read_tables(file, part, kind, None)
    if tables:
        tables[0].notes.insert(0, note)
    return tables
