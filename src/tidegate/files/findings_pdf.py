"""Findings as a PDF: A4, fonts inside, the same bytes for the same run. Needs `tidegate[pdf]`.

The font is the setting's (TIDEGATE_PDF_FONT), else those of the system's known ones that hold the report's characters
between them. A character that none is known to hold is written by its number: a report must not print an empty box
where a name stood. Without a font for its own words the report is refused.
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
from tidegate.files.seen_text import counted
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

# What the usual families hold, as ranges of characters; the first on this machine that hold all between them are taken.
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
        raise problem(SettingsWrong, "pdf.extra-missing") from missing
    data = _data(tell(screened, lang, most=_MOST), lang)
    text = json.dumps(data, ensure_ascii=False)
    own = json.dumps([data["words"], data["counts"], data["without"]], ensure_ascii=False)
    fonts, unheld = _fonts(own, text, typst.Fonts().families())
    data = _breakable(json.loads(_told_by_number(text, unheld)))
    data["fonts"] = fonts
    source = resources.files("tidegate.files").joinpath("templates/report_typst.txt").read_bytes()
    moment = datetime.combine(date.fromisoformat(screened.on), datetime.min.time(), UTC)
    made, warnings = typst.compile_with_warnings(
        source, format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, timestamp=moment
    )
    if warnings:
        raise problem(SettingsWrong, "pdf.not-whole", why=warnings[0].message)
    return bytes(made)


def _fonts(own: str, text: str, families: list[str]) -> tuple[list[str], str]:
    """Return the families of this computer that hold `text` between them, the main one first, and the signs none holds.

    Raises SettingsWrong where the report's `own` words cannot be printed, or the setting names what is not there.
    """
    chosen = os.environ.get("TIDEGATE_PDF_FONT")
    if chosen and chosen not in families:
        raise problem(SettingsWrong, "pdf.font-not-here", font=chosen, found=", ".join(families[:12]))
    if chosen:
        return [chosen], ""
    left, taken = "".join(sorted(set(text))), []
    for family, held in _HELD:
        rest = "".join(re.findall(f"[^{held}]", left)) if family in families else left
        if len(rest) < len(left):
            taken.append(family)
            left = rest
    if not taken or set(left) & set(own):
        raise problem(SettingsWrong, "pdf.no-font")
    return taken, left


def _breakable(value: Any) -> Any:
    """Return `value` with room to break inside words of 30 signs and more: a long reference stays on the paper."""
    if isinstance(value, str):
        return re.sub(r"\S{30,}", lambda word: re.sub(r"(.{12})(?=.)", "\\1\u200b", word[0]), value)
    if isinstance(value, list):
        return [_breakable(one) for one in value]
    return {name: _breakable(one) for name, one in value.items()} if isinstance(value, dict) else value


def _told_by_number(text: str, signs: str) -> str:
    """Return `text` with the signs that no font holds written as ⟨U+0E01⟩: an empty box would hide a name."""
    return re.sub(f"[{re.escape(signs)}]", lambda sign: f"⟨U+{ord(sign[0]):04X}⟩", text) if signs else text


def _data(told: Told, lang: str) -> dict[str, Any]:
    return {
        "lang": lang,
        "title": told.title or say("report.title", lang),
        "counts": say("report.counts", lang, findings=told.total, rows=told.rows, **told.by_level),
        "without": say("report.without", lang, rows=told.rows - told.rows_found),
        "rate": say(
            "screen.measured",
            lang,
            rate=told.per_1000,
            above=counted(told.rows_above, lang),
            rows=counted(told.rows, lang),
        ),
        "nolist": "" if told.lists else f"{say('report.no-party-screen', lang)}. {say('not-run.no-list', lang)}",
        "aside": say("report.set-aside", lang, count=told.set_aside) if told.set_aside else "",
        "more": say("report.more", lang, count=told.more) if told.more else "",
        "register": say("report.register-line", lang, date=told.register_date),
        "lists": [f"{one['title']}, {one['line']}" for one in told.lists] or [say("not-run.no-list", lang)],
        "notrun": [list(pair) for pair in told.not_run],
        "settings": [list(pair) for pair in told.settings],
        "lines": [_line(line, lang) for line in told.lines],
        "unreadable": [_line(line, lang) for line in told.unreadable],
        "tables": [
            {"title": one["title"], "columns": [list(pair) for pair in one["columns"]], "notes": list(one["notes"])}
            for one in told.tables
        ],
        "leftout": [list(pair) for pair in (*told.left_out, *told.unread)],
        "words": {
            "look": say("level.look", lang),
            "ask": say("level.ask", lang),
            "hold": say("level.hold", lang),
            "benign": say("sheet.benign", lang) + ".",
            "unreadable": say("report.unreadable", lang),
            "recognised": say("report.recognised", lang),
            "leftout": say("report.left-out", lang),
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
