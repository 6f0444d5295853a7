"""Decisions that a person wrote: into a workbook or CSV that Tidegate made, or kept as JSON lines by the local page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import cast

from tidegate.errors import InputUnreadable
from tidegate.model.days import parse_civil_day
from tidegate.screening.decisions import VERDICTS, Decision, DecisionBook, Verdict
from tidegate.wording.sentences import LANGUAGES, say

_ALSO = {
    "aside": "set-aside", "set aside": "set-aside", "set-aside": "set-aside", "ok": "set-aside", "explained": "set-aside",
    "no match": "set-aside", "ask": "ask", "case": "case", "open case": "case",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecisionsRead:
    """The decisions, and the cells that could not be read as one: (sheet, row, what was written)."""

    book: DecisionBook
    problems: Sequence[tuple[str, int, str]] = field(default_factory=tuple)


def read_decisions(path: Path) -> DecisionsRead:
    """Return the decisions in a workbook, CSV or JSON-lines file. Raises InputUnreadable if it holds no such columns."""
    suffix = path.suffix.casefold()
    try:
        if suffix in (".jsonl", ".json"):
            return DecisionsRead(DecisionBook(_from_lines(path.read_text(encoding="utf-8"), path.name)))
        if suffix == ".csv":
            sheets = [("", list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))))]
        else:
            sheets = _sheets(path)
    except OSError as problem:
        raise InputUnreadable(
            f"{path.name}: cannot be read ({problem.strerror}); give a workbook that Tidegate wrote"
        ) from problem
    decisions: list[Decision] = []
    problems: list[tuple[str, int, str]] = []
    heads = 0
    for sheet, rows in sheets:
        if rows and "decision_key" in rows[0]:
            heads += 1
            for number, row in enumerate(rows[1:], 2):
                decisions += _from_row(rows[0], row, sheet, number, problems)
    if not heads:
        raise InputUnreadable(
            f"{path.name}: no column decision_key; expected a workbook or CSV that `tidegate screen --out` wrote"
        )
    return DecisionsRead(DecisionBook(decisions), tuple(problems))


def decision_lines(decisions: Iterable[Decision]) -> str:
    """Return `decisions` as JSON lines, in order, for `read_decisions`."""
    return "".join(
        json.dumps(
            {
                "key": one.key, "base_key": one.base_key, "verdict": one.verdict, "reason": one.reason, "by": one.by,
                "until": one.until.isoformat() if one.until else None,
            },
            ensure_ascii=False,
        )
        + "\n"
        for one in decisions
    )  # fmt: skip


def _from_lines(text: str, name: str) -> list[Decision]:
    decisions = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            if told["verdict"] not in VERDICTS:
                raise ValueError(told["verdict"])
            until = date.fromisoformat(told["until"]) if told.get("until") else None
            decisions.append(
                Decision(
                    str(told["key"]),
                    str(told["base_key"]),
                    told["verdict"],
                    str(told.get("reason", "")),
                    str(told.get("by", "")),
                    until,
                )
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise InputUnreadable(
                f"{name}, line {number}: no decision; expected key, base_key, verdict, reason, by, until"
            ) from problem
    return decisions


def _sheets(path: Path) -> list[tuple[str, list[list[str]]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
    except CalamineError as problem:
        raise InputUnreadable(f"{path.name}: no workbook ({problem}); give one that Tidegate wrote") from problem
    return [
        (name, [[_cell(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)])
        for name in book.sheet_names
    ]


def _cell(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell).strip()


def _from_row(
    head: Sequence[str], row: Sequence[str], sheet: str, number: int, problems: list[tuple[str, int, str]]
) -> list[Decision]:
    written = {code: _under(head, row, code) for code in ("decision", "reason", "until", "by")}
    if not written["decision"]:
        return []
    verdict = _verdict(written["decision"])
    until = None
    if written["until"]:
        try:
            until = parse_civil_day(written["until"], "ymd")
        except InputUnreadable:
            problems.append((sheet, number, written["until"]))
            return []
    if verdict is None:
        problems.append((sheet, number, written["decision"]))
        return []
    # The last columns of that name are ours: a sheet that was screened may bring its own.
    keys, bases = (row[len(head) - 1 - head[::-1].index(name)].split() for name in ("decision_key", "base_key"))
    return [
        Decision(key, base, verdict, written["reason"].removeprefix("'"), written["by"].removeprefix("'"), until)
        for key, base in zip(keys, bases, strict=False)
    ]


def _under(head: Sequence[str], row: Sequence[str], code: str) -> str:
    for lang in LANGUAGES:
        title = say(f"sheet.{code}", lang)
        if title in head and head.index(title) < len(row):
            return row[head.index(title)].strip()
    return ""


def _verdict(written: str) -> Verdict | None:
    folded = written.casefold()
    if folded in _ALSO:
        return cast("Verdict", _ALSO[folded])
    for verdict in VERDICTS:
        if any(folded == say(f"verdict.{verdict}", lang).casefold() for lang in LANGUAGES):
            return verdict
    return None
