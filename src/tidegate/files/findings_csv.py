"""Findings as CSV for a spreadsheet: UTF-8 with a mark, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from tidegate.files.screened import PlacedFinding, Screened, against_list, against_name
from tidegate.screening.reason_words import reason_text
from tidegate.wording.sentences import knows, say

HEADERS = (
    "sheet.file", "sheet.sheet", "sheet.row", "sheet.level", "sheet.screen", "sheet.rule", "sheet.score", "sheet.column",
    "sheet.value", "sheet.against", "sheet.list", "sheet.why", "sheet.benign", "sheet.duties", "sheet.decision",
    "sheet.reason", "sheet.until", "sheet.by",
)  # fmt: skip
_RUNS = re.compile(r"^[=+\-@\t\r\n|%]")
_PLAIN_NUMBER = re.compile(r"^[+-]?\d+(?:[.,]\d+)*%?$")


def unformula(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and never runs it: an apostrophe before =, +, -, @ and the like."""
    if _RUNS.match(text) and not _PLAIN_NUMBER.match(text):
        return f"'{text}"
    return text


def finding_cells(placed: PlacedFinding, lang: str) -> list[str]:
    """Return the cells of one finding below HEADERS, decision cells empty."""
    one = placed.finding
    dated = against_list(one, lang)
    duties = "; ".join(
        f"{duty.regime} {duty.list}: {duty.duty} ({say('sheet.found' if duty.found else 'sheet.not-found', lang)})"
        for duty in one.duties
    )
    return [
        placed.file, placed.sheet, placed.place, say(f"level.{one.level}", lang), say(f"screen.{one.screen}", lang), one.rule,
        f"{one.score:.2f}", one.column, one.value, against_name(one, lang), dated,
        "\n".join(reason_text(reason, lang) for reason in one.reasons),
        say(one.benign, lang) if knows(one.benign) else one.benign, duties, "", "", "", "",
    ]  # fmt: skip


def write_findings_csv(screened: Screened, path: Path, lang: str) -> None:
    """Write one line a finding in row order, then nothing else; decision columns and keys as in the workbook."""
    with open(path, "w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([*(say(code, lang) for code in HEADERS), "decision_key", "base_key"])
        for placed in screened.findings():
            cells = [unformula(cell) for cell in finding_cells(placed, lang)]
            writer.writerow([*cells, placed.finding.decision_key, placed.finding.base_key])
