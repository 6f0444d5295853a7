"""Findings as a workbook: the findings with an empty decision column, and every sheet in its own row order, coloured.

What a person writes into the decision columns is read back by `decisions_read`. Two runs of one input give the same
bytes: dates of creation are fixed. No cell is ever a formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from tidegate.files.findings_csv import HEADERS, finding_cells
from tidegate.files.grid import column_letter
from tidegate.files.screened import Screened, because, list_line, rule_title
from tidegate.files.workbook_forms import decision_cells, make_forms, offer_decisions, sheet_name
from tidegate.files.workbook_records import RecordSheet
from tidegate.files.workbook_rows import Cell, Row, Rows, numbered, with_rows
from tidegate.wording.sentences import say

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_WIDTHS = (16, 10, 7, 9, 9, 14, 7, 16, 30, 30, 18, 60, 40, 30, 14, 26, 12, 14)
_LEVEL_AT, _SCORE_AT = HEADERS.index("sheet.level"), HEADERS.index("sheet.score")
_DECISION_AT = HEADERS.index("sheet.decision")


def write_findings_xlsx(screened: Screened, path: Path, lang: str) -> None:
    """Write the workbook to `path`."""
    path.write_bytes(findings_workbook(screened, lang))


def findings_workbook(screened: Screened, lang: str) -> bytes:
    """Return the bytes of the workbook; sentences in `lang`."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties(
        {"author": "Tidegate", "title": say("sheet.findings", lang), "created": _EPOCH.replace(tzinfo=None)}
    )
    names: set[str] = set()
    first = book.add_worksheet(sheet_name(say("sheet.findings", lang), names))
    forms = make_forms(book)
    for place, form in enumerate(forms.values()):
        first.write_blank(0, place, None, form)
    _set_up_findings(first, len(screened.findings()), lang)
    rows: list[Rows] = [lambda: _findings_rows(screened, lang)]
    for table in screened.tables:
        records = RecordSheet(table, lang)
        records.set_up(book.add_worksheet(sheet_name(table.table.sheet or Path(table.table.file).stem, names)))
        rows.append(records.rows)
    about = book.add_worksheet(sheet_name(say("sheet.about", lang), names))
    about.set_column(0, 0, 34)
    about.set_column(1, 2, 60)
    rows.append(lambda: _about_rows(screened, lang))
    book.close()
    return with_rows(buffer.getvalue(), rows, list(forms))


def _set_up_findings(sheet: Any, findings: int, lang: str) -> None:
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_column(len(HEADERS), len(HEADERS) + 1, 12, None, {"hidden": True})
    sheet.freeze_panes(1, _LEVEL_AT + 1)
    if findings:
        sheet.autofilter(0, 0, findings, len(HEADERS) - 1)
        offer_decisions(sheet, findings, _DECISION_AT, lang)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letter(len(HEADERS))}{findings + 1}"})


def _findings_rows(screened: Screened, lang: str) -> Iterator[Row]:
    yield next(numbered([[*(say(code, lang) for code in HEADERS), "decision_key", "base_key"]], "head"))
    for placed in screened.findings():
        cells = finding_cells(placed, lang)
        row: list[Cell] = [(at, cell, "text") for at, cell in enumerate(cells[:_DECISION_AT])]
        row[_LEVEL_AT] = (_LEVEL_AT, cells[_LEVEL_AT], f"level-{placed.finding.level}")
        row[_SCORE_AT] = (_SCORE_AT, round(placed.finding.score, 2), "text")
        row += decision_cells(_DECISION_AT)
        row.append((len(HEADERS), placed.finding.decision_key, "text"))
        row.append((len(HEADERS) + 1, placed.finding.base_key, "text"))
        yield row


def _about_rows(screened: Screened, lang: str) -> Iterator[Row]:
    yield from numbered([[say("report.recognised", lang)]], "head")
    for one in screened.tables:
        kind = say(f"kind.{one.table.kind}", lang)
        yield from numbered([[one.table.file, f"{one.table.sheet} · {kind} · {one.table.rows}"]], "text")
        yield from numbered([["", f"{name} ← {header}"] for name, header in one.table.columns.items()], "text")
        yield from numbered([["", note.sentence(lang)] for note in one.table.notes], "quiet")
    for file, sheet, what, rows in screened.beside:
        yield from numbered([[file, f"{sheet} · {say(f'kind.{what}', lang)} · {rows}"]], "text")
        headers = screened.beside_headers.get((file, sheet), {})
        yield from numbered([["", f"{name} ← {header}"] for name, header in headers.items()], "text")
    left_out = [*screened.left_out(lang), *screened.unread_in(lang).items()]
    if left_out:
        yield from numbered([[say("report.left-out", lang)]], "head")
        yield from numbered([[file, why] for file, why in left_out], "text")
    yield from numbered([[say("report.lists", lang)]], "head")
    yield from numbered([[listed.title, list_line(listed, lang)] for listed in screened.lists], "text")
    if not screened.lists:
        yield from numbered([["", say("not-run.no-list", lang)]], "text")
    yield from numbered([[say("report.not-run", lang)]], "head")
    yield from numbered([[rule_title(one.rule, lang), because(one, lang)] for one in screened.not_run()], "text")
    yield from numbered([[say("report.settings", lang)]], "head")
    yield from numbered([[say(code, lang), value] for code, value in settings_of(screened)], "text")


def settings_of(screened: Screened) -> list[tuple[str, str]]:
    """Return wording codes with values: the settings that a reader needs to run the same again."""
    return [
        ("report.on", screened.on),
        ("report.threshold", f"{screened.threshold:.2f}"),
        ("report.register", screened.register_date),
        ("report.rules", screened.rules_digest),
        *(("report.digest", f"{file}  {digest}") for file, digest in screened.digests.items()),
    ]
