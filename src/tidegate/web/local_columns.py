"""The form on which a person says what the columns of a sheet are, and the mapping that the filled form makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.files.grid import column_letter
from tidegate.files.mapping import Mapping, check_mapping
from tidegate.files.preview import SheetPreview, preview_sheets
from tidegate.files.records import TableRead
from tidegate.model.columns import COLUMNS
from tidegate.web.local_reading import Upload
from tidegate.wording.problems import problem

_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """One column: its letter, the header as written, a few of its values, and what it is read as ("" for nothing)."""

    letter: str
    header: str
    samples: Sequence[str]
    canonical: str


@dataclass(frozen=True, slots=True)
class SheetShown:
    """One sheet on the form. header_row: as a person sees it, -1 where there is none."""

    file: str
    sheet: str
    kind: str
    header_row: int
    columns: Sequence[ColumnShown]
    rows: Sequence[tuple[int, Sequence[str]]]
    read: bool


def can_be_named(problem: TidegateError) -> bool:
    """Tell whether a person could name the columns of a file that was not read: it has cells, but no known header."""
    return problem.code == "files.no-header" and any(sign.isalnum() for sign in str(problem.params.get("seen", "")))


def show_sheet(upload: Upload, sheet: str, tables: Sequence[TableRead]) -> SheetShown:
    """Return the sheet `sheet` of a file as it was read, or its first rows where nothing was recognised in it.

    Raises InputUnreadable for a message, which has no columns, and for a sheet that is not there.
    """
    table = next((one for one in tables if one.file == upload.name and one.sheet == sheet), None)
    preview = next((one for one in preview_sheets(upload.path) if one.sheet == sheet), None)
    if preview is None:
        raise InputUnreadable(
            f"{upload.name} {sheet}: has no columns that a person could name",
            code="local.no-columns",
            file=upload.name,
            sheet=sheet,
        )
    rows = list(enumerate(preview.rows, preview.first_row))
    if table is None:
        return SheetShown(upload.name, sheet, "consignments", 0, _unread(preview), rows, False)
    place_of = {header: name for name, header in table.columns.items()}
    headers = table.written.headers or tuple("" for _ in range(preview.columns))
    columns = []
    for place, header in enumerate(headers):
        canonical = place_of.pop(header, "") if header else place_of.pop(column_letter(place), "")
        columns.append(ColumnShown(column_letter(place), header, _samples(table, preview, place), canonical))
    return SheetShown(upload.name, sheet, table.kind, table.header_row, columns, rows, True)


def mapping_of_form(field: Callable[[str], str], file: str, columns: int) -> Mapping:
    """Return the mapping that the form tells. field: gives the text of a field, "" if it is empty.

    Raises InputUnreadable for a column told twice, a row that is no number, or a value that a mapping cannot hold.
    """
    kind = field("kind") or "consignments"
    told: dict[str, str] = {}
    for place in range(columns):
        canonical = field(f"column-{place}")
        if not canonical:
            continue
        if canonical in told:
            raise InputUnreadable(
                f"{file}: {canonical} is chosen for two columns; choose it once",
                code="local.column-twice",
                column=canonical,
            )
        told[canonical] = f"column {column_letter(place)}"
    told = {name: letter for name, letter in told.items() if name in COLUMNS.get(kind, ())}
    if not told:
        raise problem(InputUnreadable, "local.no-column-chosen")
    written = field("header_row")
    if written and not written.lstrip("-").isdecimal():
        raise InputUnreadable(f"{file}: {written!r} is no row number", code="local.row-no-number", value=written)
    return check_mapping(
        {
            "kind": kind,
            "header_row": int(written or 0),
            "decimal": field("decimal"),
            "date_order": field("date_order"),
            "mass_unit": field("mass_unit"),
            "columns": told,
        },
        file,
    )


def _unread(preview: SheetPreview) -> list[ColumnShown]:
    return [
        ColumnShown(
            column_letter(place),
            "",
            [row[place] for row in preview.rows if place < len(row) and row[place]][:_SAMPLES],
            "",
        )
        for place in range(preview.columns)
    ]


def _samples(table: TableRead, preview: SheetPreview, place: int) -> list[str]:
    if table.written.cells is not None and place < table.written.cells.num_columns:
        values = table.written.cells.column(place).slice(0, 50).to_pylist()
    else:
        values = [row[place] for row in preview.rows[1:] if place < len(row)]
    return [value for value in values if value][:_SAMPLES]
