"""Reading: any file a stranger sends, as tables of records in canonical columns, with what could not be read named.

What a file is, its first bytes say; its name only decides where they leave a doubt.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tidegate.errors import InputUnreadable
from tidegate.files.grid import Grid
from tidegate.files.mapping import Mapping
from tidegate.files.records import Note, Reading, TableRead
from tidegate.files.shape import HEAD_BYTES, Shape, sniff_shape
from tidegate.model.columns import COLUMNS
from tidegate.wording.problems import problem

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
    head = _head(path)
    size = path.stat().st_size
    shape = sniff_shape(path.name, head)
    if shape == "archive" or (shape == "workbook" and head.startswith(b"PK") and _is_plain_zip(path)):
        _check_size(path.name, size, _MAX_WHOLE)
        return _read_archive(path, kind, mapping)
    return _read_source(Source(path.name, path), shape, size, kind, mapping)


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its name as shown, where it lies, and its bytes where they came out of an archive."""

    name: str
    path: Path
    data: bytes | None = None

    def bytes(self) -> bytes:
        """Return the whole file."""
        return self.path.read_bytes() if self.data is None else self.data


def _read_source(source: Source, shape: Shape, size: int, kind: str | None, mapping: Mapping | None) -> Reading:
    _check_size(source.name, size, _MAX_WHOLE if shape != "delimited" and shape != "parquet" else MAX_FILE_BYTES)
    return _READERS[shape](source, kind, mapping)


def _check_size(file: str, size: int, limit: int) -> None:
    if size > limit:
        raise InputUnreadable(
            f"{file}: {size >> 20} MB, more than is read at once. Split the file",
            code="files.file-too-large",
            file=file,
            megabytes=size >> 20,
        )


def _is_plain_zip(path: Path) -> bool:
    from tidegate.files.unpacked import is_plain_zip

    return is_plain_zip(path)


def _read_archive(path: Path, kind: str | None, mapping: Mapping | None) -> Reading:
    """Return the tables of every file in a .gz or .zip; what holds none is said, and does not stop the others."""
    from tidegate.files.unpacked import read_members

    tables: list[TableRead] = []
    notes: list[Note] = []
    for member in read_members(path):
        if member.code:
            notes.append(Note(member.code, {"file": member.name}))
            continue
        source = Source(member.name, Path(member.name), member.data)
        try:
            shape = sniff_shape(member.name, member.data[:HEAD_BYTES])
            reading = _read_source(source, shape, len(member.data), kind, mapping)
        except InputUnreadable as exc:
            notes.append(Note(exc.code, {name: str(told) for name, told in exc.params.items()}))
            continue
        tables += reading.tables
        notes += reading.notes
    if not tables:
        reasons = "; ".join(note.sentence("en") for note in notes[:3])
        raise InputUnreadable(
            f"{path.name}: no file in the archive holds records. {reasons}".strip(),
            code="files.archive-without-records",
            file=path.name,
        )
    tables[0].notes.extend(notes)
    return Reading(tables, notes)


def _read_delimited(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.delimited import read_delimited

    grid = read_delimited(Path(source.name) if source.data is not None else source.path, source.data,
                          encoding=mapping.encoding if mapping else "")  # fmt: skip
    try:
        return _one_table(source, grid, kind, mapping)
    except InputUnreadable as exc:
        if exc.code != "files.no-header":
            raise
        from tidegate.files.fixed_width import read_fixed_width

        aligned = read_fixed_width(source.name, source.bytes())
        if aligned is None:
            raise
        return _one_table(source, aligned, kind, mapping)


def _read_parquet(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.structured import read_parquet

    return _one_table(source, read_parquet(source.path, source.data), kind, mapping)


def _read_json(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.structured import read_json

    return _one_table(source, read_json(source.name, source.bytes()), kind, mapping)


def _one_table(source: Source, grid: Grid, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.sheets import read_tables

    tables = read_tables(source.name, grid, kind, mapping)
    if not tables:
        raise _no_header(source.name, grid.head(5))
    return Reading(tables)


def _read_workbook(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.workbooks import read_workbook

    return _several_tables(source, read_workbook(source.name, source.bytes()), kind, mapping)


def _read_html(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.markup_tables import read_html

    return _several_tables(source, read_html(source.name, source.bytes()), kind, mapping)


def _read_xml_spreadsheet(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.markup_tables import read_xml_spreadsheet

    return _several_tables(source, read_xml_spreadsheet(source.name, source.bytes()), kind, mapping)


def _several_tables(source: Source, grids: list[Grid], kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.sheets import read_tables

    tables: list[TableRead] = []
    notes: list[Note] = []
    if mapping is not None and mapping.sheet:
        left_out = [grid for grid in grids if grid.sheet != mapping.sheet]
        notes += [Note("files.sheet-not-mapped", {"sheet": grid.sheet}) for grid in left_out]
        grids = [grid for grid in grids if grid.sheet == mapping.sheet]
        if not grids:
            raise InputUnreadable(
                f"{source.name}: no sheet {mapping.sheet!r}, which the mapping names",
                code="files.mapping-names-missing",
                file=source.name,
                sheet="",
                header=mapping.sheet,
            )
    for grid in grids:
        read = read_tables(source.name, grid, kind, mapping)
        tables += read
        if not read:
            notes.append(Note("files.sheet-without-header", {"sheet": grid.sheet, "rows": str(grid.table.num_rows)}))
    if not tables:
        raise _no_header(source.name, [row for grid in grids[:1] for row in grid.head(5)])
    # What was left out of the file is said with its first table too, since that is what every report shows.
    tables[0].notes.extend(notes)
    return Reading(tables, notes)


def _read_xml(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.iso20022 import read_iso20022
    from tidegate.files.messages import check_kind, table_of_message

    try:
        messages = read_iso20022(source.name, source.bytes())
    except InputUnreadable as exc:
        if exc.code != "files.xml-unknown":
            raise
        return _read_xml_records(source, kind, mapping, exc)
    check_kind(source.name, "payments", kind)
    return Reading([table_of_message(source.name, message) for message in messages])


def _read_xml_records(source: Source, kind: str | None, mapping: Mapping | None, unknown: InputUnreadable) -> Reading:
    """Return the records of an export in XML. Raises `unknown` where its elements head no columns that are known."""
    from tidegate.files.safe_xml import parse_xml
    from tidegate.files.xml_records import grid_of_elements

    grid = grid_of_elements(parse_xml(source.name, source.bytes()))
    try:
        if grid is not None:
            return _one_table(source, grid, kind, mapping)
    except InputUnreadable as exc:
        if exc.code != "files.no-header":
            raise
    raise unknown


def _read_edifact(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    from tidegate.files.edifact_messages import read_edifact
    from tidegate.files.messages import check_kind, table_of_message

    messages = read_edifact(source.name, source.bytes())
    check_kind(source.name, "consignments", kind)
    return Reading([table_of_message(source.name, message) for message in messages])


def _refuse(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    raise InputUnreadable(
        f"{source.name}: no text, table or message that is known. Save it as .xlsx or .csv",
        code="files.shape-unknown",
        file=source.name,
    )


def _refuse_financial_text(source: Source, kind: str | None, mapping: Mapping | None) -> Reading:
    raise InputUnreadable(
        f"{source.name}: a SWIFT MT message or statement. Of payment messages ISO 20022 is read (pain.001, pacs.008, pacs.009, "
        "pacs.004, camt.053, camt.054). Ask for that form, or for a table",
        code="files.financial-text",
        file=source.name,
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
        # A pipe or a device would keep the reader waiting for ever.
        if not path.is_file() and not path.is_dir() and path.exists():
            raise OSError(errno.EINVAL, "not a file")
        with open(path, "rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as exc:
        raise problem(InputUnreadable, "files.cannot-open", file=path.name, reason=exc) from exc


_READERS: dict[Shape, Callable[[Source, str | None, Mapping | None], Reading]] = {
    "delimited": _read_delimited,
    "workbook": _read_workbook,
    "html": _read_html,
    "xml-spreadsheet": _read_xml_spreadsheet,
    "parquet": _read_parquet,
    "json": _read_json,
    "xml": _read_xml,
    "edifact": _read_edifact,
    "financial-text": _refuse_financial_text,
    "archive": _refuse,
    "unknown": _refuse,
}
