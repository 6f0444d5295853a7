"""Forms of a workbook: colours of levels, widths that fit what stands in a column, names that a sheet may have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from tidegate.wording.sentences import say

# What a person fills in; the end of a decision stands two columns after the decision itself.
DECISION_COLUMNS = ("sheet.decision", "sheet.reason", "sheet.until", "sheet.by")
_COLOURS = {"look": ("#44596b", "#eef2f5"), "ask": ("#865000", "#fdf2de"), "hold": ("#ffffff", "#a3162a")}
_ROW_WASH = {"look": "#eef2f5", "ask": "#fdf2de", "hold": "#fcebec"}
_NARROWEST, _WIDEST = 8, 46


def make_forms(book: Any) -> dict[str, Any]:
    """Return the formats of a workbook by name: head, text, quiet, decide, decide-day, and level and wash of each level."""
    base = {"valign": "top", "text_wrap": True}
    empty = {**base, "bg_color": "#e4f0f2", "border": 1, "border_color": "#707e88", "locked": False}
    told = {
        "head": {**base, "bold": True, "bottom": 2},
        "text": base,
        "quiet": {**base, "font_color": "#4a5862"},
        "decide": empty,
        "decide-day": {**empty, "num_format": "yyyy-mm-dd"},
        **{
            f"level-{level}": {**base, "bold": True, "font_color": ink, "bg_color": ground}
            for level, (ink, ground) in _COLOURS.items()
        },
        **{f"wash-{level}": {**base, "bg_color": ground} for level, ground in _ROW_WASH.items()},
    }
    return {name: book.add_format(form) for name, form in told.items()}


def offer_decisions(sheet: Any, last: int, column: int, lang: str) -> None:
    """Let the decision cells of rows 1 to `last` (from 0) offer their words, and the end cells ask for a day."""
    choices = [say(f"verdict.{verdict}", lang) for verdict in ("set-aside", "ask", "case")]
    hint = say("sheet.decision-words", lang, words=", ".join(choices))[:255]
    title = say("sheet.decision", lang)[:32]
    sheet.data_validation(
        1, column, last, column,
        {"validate": "list", "source": choices, "ignore_blank": True, "input_title": title, "input_message": hint,
         "error_title": title, "error_message": hint},
    )  # fmt: skip
    end = column + DECISION_COLUMNS.index("sheet.until")
    sheet.data_validation(
        1, end, last, end,
        {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "ignore_blank": True, "error_type": "warning",
         "error_title": say("sheet.until", lang)[:32], "error_message": say("local.until-wrong", lang)[:255]},
    )  # fmt: skip


def decision_cells(column: int) -> list[tuple[int, None, str]]:
    """Return the empty cells of one row, from `column` on."""
    return [
        (column + at, None, "decide-day" if code == "sheet.until" else "decide")
        for at, code in enumerate(DECISION_COLUMNS)
    ]


def fit_width(texts: Iterable[str | None]) -> int:
    """Return a column width for `texts`, in signs of the Latin alphabet; a Han sign takes two. Longer text wraps."""
    widest = max((_longest_line(text) for text in texts if text), default=0)
    return min(_WIDEST, max(_NARROWEST, widest + 2))


def sheet_name(title: str, taken: set[str]) -> str:
    """Return a sheet name that a workbook allows: 31 signs, none of []:*?/\\, none twice; it is added to `taken`."""
    plain = "".join(" " if sign in "[]:*?/\\'" or sign < " " else sign for sign in title).strip()[:28] or "Sheet"
    if plain.casefold() == "history":  # the one word that Excel keeps for itself
        plain = f"{plain} 1"
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain[:26]} {number}", number + 1
    taken.add(name.casefold())
    return name


def _longest_line(text: str) -> int:
    return max(
        sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line) for line in text.split("\n")
    )
