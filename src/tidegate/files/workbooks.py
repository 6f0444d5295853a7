"""Workbooks: XLSX, XLSM, XLSB, XLS and ODS as grids, read by calamine; formulas give the value last stored, never run."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tidegate.errors import InputUnreadable
from tidegate.files.archive import StoredFormulas, check_archive, counts_from_1904, stored_formulas
from tidegate.files.grid import MAX_COLUMNS, Grid, GridProblem, check_size, grid_of_rows
from tidegate.files.ods_sheets import ods_sheets
from tidegate.files.records import Note
from tidegate.model.quantity import canonical_decimal

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_EXACT_LENGTH = 16
# The stream that holds a workbook under a password in an OLE file (MS-OFFCRYPTO 2.3.4.4), as its directory names it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DIRECTORY_BYTES = 1 << 20
# What a spreadsheet shows in place of a value it could not work out.
ERROR_VALUES = frozenset({"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
                          "#¡REF!", "#¡VALOR!", "#¿NOMBRE?", "#¡DIV/0!", "#N/D", "#¡NULO!", "#¡NUM!", "#NV", "#BEZUG!", "#WERT!", "#VALEUR!", "#NOM?"})  # fmt: skip


def read_workbook(file: str, data: bytes) -> list[Grid]:
    """Return every sheet that holds a cell, hidden ones too. `file` is the name shown in errors.

    Raises InputUnreadable for a workbook with a password, a damaged one, or one that unpacks to more than is read.
    """
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    formulas: dict[str, StoredFormulas] = {}
    from_1904 = False
    if data.startswith(b"PK"):
        check_archive(file, data)
        formulas = stored_formulas(data) or ods_sheets(data)
        from_1904 = counts_from_1904(data)
    try:
        with _panics_unheard(not data.startswith(b"PK")), load_workbook(io.BytesIO(data)) as book:
            grids = []
            if not book.sheets_metadata:
                raise ValueError("no sheets")
            for place, meta in enumerate(book.sheets_metadata):
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_index(place)
                hidden = meta.visible != SheetVisibleEnum.Visible
                grids.append(_grid(sheet, hidden, formulas.get(meta.name), from_1904))
    except PasswordError as exc:
        raise InputUnreadable(
            f"{file}: the workbook has a password. Save a copy without one", code="files.password", file=file
        ) from exc
    except (CalamineError, OSError, ValueError, IndexError, OverflowError) as exc:
        if _ENCRYPTED in data[:_DIRECTORY_BYTES] or _ENCRYPTED in data[-_DIRECTORY_BYTES:]:
            raise InputUnreadable(
                f"{file}: the workbook has a password. Save a copy without one", code="files.password", file=file
            ) from exc
        raise _damaged(file, exc) from exc
    except BaseException as exc:
        # A slip inside the parser's Rust code comes as PanicException, which is no Exception; the file is at fault.
        if type(exc).__name__ != "PanicException":
            raise
        raise _damaged(file, exc) from exc
    return [grid for grid in grids if grid.table.num_rows]


@contextmanager
def _panics_unheard(active: bool) -> Iterator[None]:
    """Keep the parser's Rust code from printing its own trace of a damaged XLS file; the error is raised all the same."""
    if not active:
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _damaged(file: str, exc: BaseException) -> InputUnreadable:
    return InputUnreadable(
        f"{file}: the workbook is damaged or of a kind not known ({type(exc).__name__}). "
        "Open it in a spreadsheet program and save it again as .xlsx",
        code="files.workbook-damaged",
        file=file,
    )


def _grid(sheet: CalamineSheet, hidden: bool, formulas: StoredFormulas | None, from_1904: bool) -> Grid:
    check_size(sheet.name, sheet.total_height, 0)
    rows = [[_text(cell) for cell in row[:MAX_COLUMNS]] for row in sheet.to_python(skip_empty_area=False)]
    _fill_down(rows, sheet.merged_cell_ranges or (formulas.merged if formulas else ()))
    problems = [
        GridProblem(row, column, "files.formula-without-value", formula)
        for row, column, formula in (formulas.empty if formulas else ())
        if row < len(rows)
    ]
    problems += [
        GridProblem(row, column, "files.error-value", value)
        for row, column, value in (formulas.errors if formulas else ())
        if row < len(rows)
    ]
    notes = []
    if formulas and formulas.hidden_rows:
        told = {"sheet": sheet.name, "count": str(formulas.hidden_rows)}
        notes.append(Note("files.rows-hidden", told))
    if formulas and formulas.hidden_columns:
        told = {"sheet": sheet.name, "count": str(formulas.hidden_columns)}
        notes.append(Note("files.columns-hidden", told))
    if formulas and formulas.count:
        notes.append(Note("files.formulas-not-run", {"sheet": sheet.name, "count": str(formulas.count)}))
    if sheet.total_width > MAX_COLUMNS:
        params = {"sheet": sheet.name, "columns": str(sheet.total_width), "limit": str(MAX_COLUMNS)}
        notes.append(Note("files.columns-left-out", params))
    made = grid_of_rows(sheet.name, rows, hidden=hidden, problems=problems, notes=notes)
    return replace(made, from_1904=True) if from_1904 else made


def _fill_down(rows: list[list[str | None]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Give every row of a cell merged over several rows its text. To the right it is left empty: there it would
    put a name under another column's header."""
    for (top, left), (bottom, _right) in ranges:
        if bottom > top and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                if left < len(row) and not row[left]:
                    row[left] = rows[top][left]


def _text(cell: Any) -> str | None:
    """Return a cell as text: whole numbers without ".0", days as 2024-01-05, empty cells as None."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return None if cell is None else str(cell)


def number_text(number: float) -> str:
    """Return a number as a spreadsheet shows it under "General", without exponent.

    1.234 comes back as 1.2340: its dot is known to be the decimal sign, and must not be read as grouping thousands.
    """
    if isinstance(number, int):
        return str(number)
    if number != number or number in {float("inf"), float("-inf")}:
        return ""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = repr(number)
    if "e" in text or len(text) > _EXACT_LENGTH:
        # What lies beyond 15 digits is dust of binary fractions; a spreadsheet does not show it either.
        text = format(Decimal(format(number, ".15g")), "f")
    return canonical_decimal(text)
