"""Reading: any file a stranger sends, as tables of records in canonical columns, with what could not be read named.

What a file is, its first bytes say; its name only decides where they leave a doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tidegate.errors import InputUnreadable
from tidegate.files.grid import Grid
from tidegate.files.mapping import Mapping
from tidegate.files.records import Note, Reading, TableRead
from tidegate.files.shape import HEAD_BYTES, Shape, sniff_shape
from tidegate.model.columns import COLUMNS

MAX_FILE_BYTES = 4 << 30
_MAX_WHOLE = 1 << 30  # what is parsed as one piece: workbooks, XML, EDIFACT, JSON arrays


def read_records(path: Path, *, kind: str | None = None, mapping: Mapping | None = None) -> Reading:
    """Return every table of records in `path`.

    kind: consignments, payments or parties; else it is recognised from the headers of each sheet.
    mapping: what a person settled; else headers, decimal sign and date order are recognised.
    Each table's batch has model.columns.record_schema(its kind); `source_row` is the row a person sees, or the path
    inside a message. Rows in equal rows out. Raises InputUnreadable, naming file, place and mend, if nothing in the
    file can be read as records.
    """
    if kind is not None and kind not in COLUMNS:
        raise ValueError(f"kind {kind!r}; expected one of {', '.join(COLUMNS)}")
    shape = sniff_shape(path.name, _head(path))
    size = path.stat().st_size
    if size > (_MAX_WHOLE if shape != "delimited" and shape != "parquet" else MAX_FILE_BYTES):
        raise InputUnreadable(
            f"{path.name}: {size >> 20} MB, more than is read at once. Split the file",
            code="files.file-too-large",
            file=path.name,
            megabytes=size >> 20,
        )
    return _READERS[shape](path, kind, mapping)


def _read_delimited(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.delimited import read_delimited

    return _one_table(path, read_delimited(path), kind, mapping)


def _read_parquet(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.structured import read_parquet

    return _one_table(path, read_parquet(path), kind, mapping)


def _read_json(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.structured import read_json

    return _one_table(path, read_json(path.name, path.read_bytes()), kind, mapping)


def _one_table(path: Path, grid: Grid, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.tables import read_tables

    tables = read_tables(path.name, grid, kind, mapping)
    if not tables:
        raise _no_header(path.name, grid.head(5))
    return Reading(tables)


def _read_workbook(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.workbooks import read_workbook

    return _several_tables(path, read_workbook(path.name, path.read_bytes()), kind, mapping)


def _read_html(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.markup_tables import read_html

    return _several_tables(path, read_html(path.name, path.read_bytes()), kind, mapping)


def _read_xml_spreadsheet(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.markup_tables import read_xml_spreadsheet

    return _several_tables(path, read_xml_spreadsheet(path.name, path.read_bytes()), kind, mapping)


def _several_tables(path: Path, grids: list[Grid], kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.tables import read_tables

    tables: list[TableRead] = []
    notes: list[Note] = []
    if mapping is not None and mapping.sheet:
        left_out = [grid for grid in grids if grid.sheet != mapping.sheet]
        notes += [Note("files.sheet-not-mapped", {"sheet": grid.sheet}) for grid in left_out]
        grids = [grid for grid in grids if grid.sheet == mapping.sheet]
        if not grids:
            raise InputUnreadable(
                f"{path.name}: no sheet {mapping.sheet!r}, which the mapping names",
                code="files.mapping-names-missing",
                file=path.name,
                sheet="",
                header=mapping.sheet,
            )
    for grid in grids:
        read = read_tables(path.name, grid, kind, mapping)
        tables += read
        if not read:
            notes.append(Note("files.sheet-without-header", {"sheet": grid.sheet, "rows": str(grid.table.num_rows)}))
    if not tables:
        raise _no_header(path.name, [row for grid in grids[:1] for row in grid.head(5)])
    # What was left out of the file is said with its first table too, since that is what every report shows.
    tables[0].notes.extend(notes)
    return Reading(tables, notes)


def _read_xml(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.iso20022 import read_iso20022
    from tidegate.files.messages import check_kind, table_of_message

    messages = read_iso20022(path.name, path.read_bytes())
    check_kind(path.name, "payments", kind)
    return Reading([table_of_message(path.name, message) for message in messages])


def _read_edifact(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.edifact_messages import read_edifact
    from tidegate.files.messages import check_kind, table_of_message

    messages = read_edifact(path.name, path.read_bytes())
    check_kind(path.name, "consignments", kind)
    return Reading([table_of_message(path.name, message) for message in messages])


def _refuse(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    raise InputUnreadable(
        f"{path.name}: no text, table or message that is known. Save it as .xlsx or .csv",
        code="files.shape-unknown",
        file=path.name,
    )


def _no_header(file: str, rows: list[list[str]]) -> InputUnreadable:
    first = next((row for row in rows if any(row)), [])
    seen = ", ".join(cell for cell in first if cell)[:200]
    return InputUnreadable(
        f"{file}: no row heads columns that are known (such as consignee, 收货人, destinatario; seen: {seen}). "
        "Name the columns in a mapping file",
        code="files.no-header",
        file=file,
        seen=seen,
    )


def _head(path: Path) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as exc:
        raise InputUnreadable(
            f"{path.name}: cannot be opened ({exc.strerror}). Check the name and the right to read it",
            code="files.cannot-open",
            file=path.name,
            reason=str(exc.strerror),
        ) from exc


_READERS: dict[Shape, Callable[[Path, str | None, Mapping | None], Reading]] = {
    "delimited": _read_delimited,
    "workbook": _read_workbook,
    "html": _read_html,
    "xml-spreadsheet": _read_xml_spreadsheet,
    "parquet": _read_parquet,
    "json": _read_json,
    "xml": _read_xml,
    "edifact": _read_edifact,
    "unknown": _refuse,
}
