"""Findings as a PDF: A4, one font that holds every character, the same bytes for the same run. Needs `tidegate[pdf]`.

The font is the setting's (TIDEGATE_PDF_FONT), else one of the system's known ones. A character that the font is not
known to hold is refused: a report must not print an empty box where a name stood.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from tidegate.errors import SettingsWrong
from tidegate.files.findings_html import Line, Told, tell
from tidegate.files.screened import Screened
from tidegate.wording.sentences import say

# What the usual families hold, as ranges of characters. The first family on this machine that holds all is taken.
_LATIN = "\u0000-\u024f\u02b0-\u02ff\u0300-\u036f\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2100-\u22ff\ufeff"
_EURASIAN = "\u0370-\u03ff\u0400-\u052f"
_HAN = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0002fa1f"
_HELD: tuple[tuple[str, str], ...] = (
    ("Noto Sans CJK SC", _LATIN + _EURASIAN + _HAN),
    ("Noto Sans SC", _LATIN + _EURASIAN + _HAN),
    ("Source Han Sans SC", _LATIN + _EURASIAN + _HAN),
    ("PingFang SC", _LATIN + _EURASIAN + _HAN),
    ("Microsoft YaHei", _LATIN + _EURASIAN + _HAN),
    ("WenQuanYi Zen Hei", _LATIN + _EURASIAN + _HAN),
    ("DejaVu Sans", _LATIN + _EURASIAN + "\u0530-\u06ff\u10a0-\u10ff\ufb50-\ufdff\ufe70-\ufeff"),
    ("Noto Sans", _LATIN + _EURASIAN + "\u0900-\u097f"),
    ("Liberation Sans", _LATIN + _EURASIAN),
)
_MOST = 200


def write_findings_pdf(screened: Screened, path: Path, lang: str) -> None:
    """Write the report to `path`. Raises SettingsWrong without the extra, or without a font that holds its characters."""
    path.write_bytes(findings_pdf(screened, lang))


def findings_pdf(screened: Screened, lang: str) -> bytes:
    """Return the bytes of the report."""
    try:
        import typst
    except ImportError as missing:
        raise SettingsWrong(
            "a PDF needs the extra: pip install 'tidegate[pdf]'; or write .html and print it"
        ) from missing
    data = _data(tell(screened, lang, most=_MOST), lang)
    data["font"] = _font(json.dumps(data, ensure_ascii=False), typst.Fonts().families())
    source = resources.files("tidegate.files").joinpath("templates/report_typst.txt").read_bytes()
    moment = datetime.combine(date.fromisoformat(screened.on), datetime.min.time(), UTC)
    made, warnings = typst.compile_with_warnings(
        source, format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=moment
    )
    if warnings:
        raise SettingsWrong(
            f"the PDF would not be whole: {warnings[0].message}; set TIDEGATE_PDF_FONT to a font of this computer"
        )
    return bytes(made)


def _font(text: str, families: list[str]) -> str:
    chosen = os.environ.get("TIDEGATE_PDF_FONT")
    if chosen:
        if chosen not in families:
            raise SettingsWrong(
                f"TIDEGATE_PDF_FONT is {chosen!r}, which is not on this computer; found: {', '.join(families[:12])}"
            )
        return chosen
    for family, held in _HELD:
        if family in families and not re.search(f"[^{held}]", text):
            return family
    raise SettingsWrong(
        "no font on this computer is known to hold every character of the report; install Noto Sans CJK SC, or set "
        "TIDEGATE_PDF_FONT to one that does"
    )


def _data(told: Told, lang: str) -> dict[str, Any]:
    return {
        "lang": lang,
        "title": told.title or say("report.title", lang),
        "counts": say("report.counts", lang, findings=told.total, rows=told.rows, **told.by_level),
        "without": say("report.without", lang, rows=told.rows - told.rows_found),
        "rate": say("report.per-1000", lang, rate=told.per_1000),
        "aside": say("report.set-aside", lang, count=told.set_aside) if told.set_aside else "",
        "more": say("report.more", lang, count=told.more) if told.more else "",
        "register": say("report.register-line", lang, date=told.register_date),
        "lists": [f"{one['title']}, {one['line']}" for one in told.lists] or [say("not-run.no-list", lang)],
        "notrun": [list(pair) for pair in told.not_run],
        "settings": [list(pair) for pair in told.settings],
        "lines": [_line(line, lang) for line in told.lines],
        "unreadable": [_line(line, lang) for line in told.unreadable],
        "tables": [{"title": one["title"], "columns": [list(pair) for pair in one["columns"]]} for one in told.tables],
        "words": {
            "look": say("level.look", lang),
            "ask": say("level.ask", lang),
            "hold": say("level.hold", lang),
            "benign": say("sheet.benign", lang) + ".",
            "unreadable": say("report.unreadable", lang),
            "recognised": say("report.recognised", lang),
            "lists": say("report.lists", lang),
            "notrun": say("report.not-run", lang),
            "settings": say("report.settings", lang),
        },
    }


def _line(line: Line, lang: str) -> dict[str, Any]:
    paper = {True: say("sheet.found", lang), False: say("sheet.not-found", lang)}
    return {
        "title": say("report.row-title", lang, row=line.place, value=line.value[:120]),
        "level": line.level,
        "score": line.score,
        "rule": line.rule,
        "reasons": list(line.reasons),
        "benign": line.benign,
        "where": line.where,
        "column": line.column,
        "value": line.value[:120],
        "against": f"{line.against}, {line.list}" if line.list else line.against,
        "key": line.key,
        "duties": [
            f"{duty.regime}, {duty.list}: {duty.duty}" + (f" – {paper[duty.found]}" if duty.paper else "")
            for duty in line.duties
        ],
    }
