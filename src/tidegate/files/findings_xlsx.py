"""Findings as a workbook: the findings with an empty decision column, and every sheet in its own row order, coloured.

What a person writes into the decision columns is read back by `decisions_read`. Two runs of one input give the same
bytes: dates of creation are fixed. No cell is ever a formula.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from tidegate.files.findings_csv import HEADERS, finding_cells
from tidegate.files.screened import PlacedFinding, Screened, ScreenedTable, because, list_line, reason_text, rule_title
from tidegate.screening.levels import RANK, worst
from tidegate.wording.sentences import knows, say

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MOST_ROWS = 50_000  # above that only rows with a finding are written: the rest would take a minute and help nobody
_LONGEST = 32_000  # a cell holds 32,767 signs
_COLOURS = {"look": ("#44596b", "#eef2f5"), "ask": ("#865000", "#fdf2de"), "hold": ("#ffffff", "#a3162a")}
_ROW_WASH = {"look": "#eef2f5", "ask": "#fdf2de", "hold": "#fcebec"}
_WIDTHS = (16, 10, 7, 9, 9, 14, 7, 16, 30, 30, 18, 60, 40, 30, 14, 26, 12, 14)
_DECISION_AT = HEADERS.index("sheet.decision")


def write_findings_xlsx(screened: Screened, path: Path, lang: str) -> None:
    """Write the workbook to `path`."""
    path.write_bytes(findings_workbook(screened, lang))


def findings_workbook(screened: Screened, lang: str) -> bytes:
    """Return the bytes of the workbook; sentences in `lang`."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties(
        {"author": "Tidegate", "title": say("sheet.findings", lang), "created": _EPOCH.replace(tzinfo=None)}
    )
    forms = _Forms(book)
    names: set[str] = set()
    _write_findings(book.add_worksheet(_sheet_name(say("sheet.findings", lang), names)), screened, forms, lang)
    for table in screened.tables:
        title = table.table.sheet or Path(table.table.file).stem
        _write_table(book.add_worksheet(_sheet_name(title, names)), table, forms, lang)
    _write_about(book.add_worksheet(_sheet_name(say("sheet.about", lang), names)), screened, forms, lang)
    book.close()
    return buffer.getvalue()


class _Forms:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        base = {"valign": "top", "text_wrap": True}
        self.head = book.add_format({**base, "bold": True, "bottom": 2})
        self.text = book.add_format(base)
        self.quiet = book.add_format({**base, "font_color": "#4a5862"})
        self.decide = book.add_format(
            {**base, "bg_color": "#e4f0f2", "border": 1, "border_color": "#707e88", "locked": False}
        )
        self.level = {
            level: book.add_format({**base, "bold": True, "font_color": ink, "bg_color": ground})
            for level, (ink, ground) in _COLOURS.items()
        }
        self.wash = {level: book.add_format({**base, "bg_color": ground}) for level, ground in _ROW_WASH.items()}


def _write_findings(sheet: Any, screened: Screened, forms: _Forms, lang: str) -> None:
    headers = [*(say(code, lang) for code in HEADERS), "decision_key", "base_key"]
    for place, header in enumerate(headers):
        sheet.write_string(0, place, header, forms.head)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_column(len(HEADERS), len(HEADERS) + 1, 12, None, {"hidden": True})
    sheet.freeze_panes(1, 4)
    findings = screened.findings()
    for line, placed in enumerate(findings, 1):
        for place, cell in enumerate(
            [*finding_cells(placed, lang), placed.finding.decision_key, placed.finding.base_key]
        ):
            form = forms.decide if _DECISION_AT <= place < len(HEADERS) else forms.text
            if place == 3:
                form = forms.level[placed.finding.level]
            sheet.write_string(line, place, cell[:_LONGEST], form)
    if findings:
        sheet.autofilter(0, 0, len(findings), len(HEADERS) - 1)
        _offer_decisions(sheet, 1, len(findings), _DECISION_AT, lang)


def _write_table(sheet: Any, screened: ScreenedTable, forms: _Forms, lang: str) -> None:
    table = screened.table
    by_row: dict[str, list[PlacedFinding]] = {}
    for placed in screened.findings:
        by_row.setdefault(placed.place, []).append(placed)
    columns = [name for name in table.batch.schema.names if name in table.columns]
    own = [
        "sheet.row",
        "sheet.level",
        "sheet.why",
        "sheet.benign",
        "sheet.decision",
        "sheet.reason",
        "sheet.until",
        "sheet.by",
    ]
    headers = [
        *(say(code, lang) for code in own),
        *(table.columns[name] or name for name in columns),
        "decision_key",
        "base_key",
    ]
    for place, header in enumerate(headers):
        sheet.write_string(0, place, header, forms.head)
    for place, width in enumerate((7, 9, 60, 40, 14, 26, 12, 14, *([18] * len(columns)))):
        sheet.set_column(place, place, width)
    sheet.set_column(len(headers) - 2, len(headers) - 1, 12, None, {"hidden": True})
    sheet.freeze_panes(1, 2)
    whole = table.rows <= MOST_ROWS
    cells = [table.batch.column(name).to_pylist() for name in columns] if whole else []
    rows = table.batch.column("source_row").to_pylist()
    wanted = range(len(rows)) if whole else [place for place, row in enumerate(rows) if row in by_row]
    line = 0
    for line, place in enumerate(wanted, 1):
        found = by_row.get(rows[place] or "", [])
        level = worst(one.finding.level for one in found) if found else ""
        form = forms.wash[level] if level else forms.text
        sheet.write_string(line, 0, rows[place] or "", form)
        if found:
            ordered = sorted(found, key=lambda one: -RANK[one.finding.level])
            sheet.write_string(line, 1, say(f"level.{level}", lang), forms.level[level])
            sheet.write_string(line, 2, "\n".join(_why(one, lang) for one in ordered)[:_LONGEST], form)
            benign = dict.fromkeys(one.finding.benign for one in ordered)
            sheet.write_string(line, 3, "\n".join(say(code, lang) for code in benign if knows(code))[:_LONGEST], form)
            for at in range(4, 8):
                sheet.write_string(line, at, "", forms.decide)
            sheet.write_string(line, len(headers) - 2, " ".join(one.finding.decision_key for one in found))
            sheet.write_string(line, len(headers) - 1, " ".join(one.finding.base_key for one in found))
        for at, name in enumerate(columns, len(own)):
            value = cells[at - len(own)][place] if whole else table.batch.column(name)[place].as_py()
            if value is not None:
                sheet.write_string(line, at, value[:_LONGEST], form)
    if line:
        _offer_decisions(sheet, 1, line, 4, lang)
    if not whole:
        sheet.write_string(line + 2, 0, say("sheet.only-found", lang, rows=table.rows), forms.quiet)


def _write_about(sheet: Any, screened: Screened, forms: _Forms, lang: str) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 60)
    line = 0

    def say_line(*cells: str, head: bool = False) -> None:
        nonlocal line
        for place, cell in enumerate(cells):
            sheet.write_string(line, place, cell[:_LONGEST], forms.head if head else forms.text)
        line += 1

    say_line(say("report.recognised", lang), head=True)
    for one in screened.tables:
        say_line(one.table.file, f"{one.table.sheet} · {say('kind.' + one.table.kind, lang)} · {one.table.rows}")
        for name, header in one.table.columns.items():
            say_line("", f"{name} ← {header}")
    say_line(say("report.lists", lang), head=True)
    for listed in screened.lists:
        say_line(listed.title, list_line(listed, lang))
    if not screened.lists:
        say_line("", say("not-run.no-list", lang))
    say_line(say("report.not-run", lang), head=True)
    for reason in screened.not_run():
        say_line(rule_title(reason.rule, lang), because(reason, lang))
    say_line(say("report.settings", lang), head=True)
    for code, value in settings_of(screened):
        say_line(say(code, lang), value)


def settings_of(screened: Screened) -> list[tuple[str, str]]:
    """Return wording codes with values: the settings that a reader needs to run the same again."""
    return [
        ("report.on", screened.on),
        ("report.threshold", f"{screened.threshold:.2f}"),
        ("report.register", screened.register_date),
        ("report.rules", screened.rules_digest),
        *(("report.digest", f"{file}  {digest}") for file, digest in screened.digests.items()),
    ]


def _why(placed: PlacedFinding, lang: str) -> str:
    one = placed.finding
    return f"[{say('level.' + one.level, lang)}] {one.column}: " + "; ".join(
        reason_text(reason, lang) for reason in one.reasons
    )


def _offer_decisions(sheet: Any, first: int, last: int, column: int, lang: str) -> None:
    choices = [say(f"verdict.{verdict}", lang) for verdict in ("set-aside", "ask", "case")]
    sheet.data_validation(first, column, last, column, {"validate": "list", "source": choices, "ignore_blank": True})


def _sheet_name(title: str, taken: set[str]) -> str:
    """Return a sheet name that a workbook allows: 31 signs, none of []:*?/\\, none twice."""
    plain = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title).strip()[:28] or "Sheet"
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain[:26]} {number}", number + 1
    taken.add(name.casefold())
    return name
