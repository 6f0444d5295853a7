"""Decisions that a person wrote: into a workbook or CSV that Tidegate made, or kept as JSON lines by the local page.

A person sorts, filters, deletes rows, renames sheets and saves in another form: what counts is the row's own key.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tidegate.errors import InputUnreadable
from tidegate.files.decision_words import DecisionHead, find_head, says_no_end, verdict_of
from tidegate.files.dialects import sniff_dialect
from tidegate.files.encodings import decode_text
from tidegate.files.records import Note
from tidegate.files.workbooks import read_workbook
from tidegate.model.days import DateOrder, decide_date_order, parse_civil_day
from tidegate.screening.decisions import VERDICTS, Decision, DecisionBook
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

_HEAD_AMONG = 30  # rows in which the header may stand: people write titles above it
_OUR_YEAR = 2000  # workbooks that nobody saved since carry this year
_SAVED = re.compile(rb"<dcterms:modified[^>]*>(\d{4}-\d\d-\d\d)T")
_MOST_PROPERTIES = 1 << 16


@dataclass(frozen=True, slots=True)
class DecisionProblem:
    """A row that holds no decision though something was written: the sheet, the row a person sees, what was written.

    code: the wording code of the sentence that names the mend.
    """

    sheet: str
    row: int
    written: str
    code: str = "screen.decision-unread"

    def sentence(self, file: str, lang: str) -> str:
        """Return the place, what was written there and the mend, in `lang`."""
        return self.note(file).sentence(lang)

    def note(self, file: str) -> Note:
        """Return the same as a note of the run, for the summary of findings."""
        params = {"file": file, "sheet": self.sheet, "row": str(self.row), "written": self.written}
        return Note(self.code, params)


@dataclass(frozen=True, slots=True)
class DecisionsRead:
    """The decisions, and the rows that could not be read as one."""

    book: DecisionBook
    problems: Sequence[DecisionProblem] = field(default_factory=tuple)


def read_decisions(path: Path) -> DecisionsRead:
    """Return the decisions in a workbook, CSV or JSON-lines file. Raises InputUnreadable if it holds no such columns."""
    suffix = path.suffix.casefold()
    saved_on = None
    try:
        if suffix in (".jsonl", ".json"):
            return DecisionsRead(DecisionBook(_from_lines(decode_text(path.read_bytes())[0], path.name)))
        if suffix in (".csv", ".txt", ".tsv"):
            sheets = [("", _delimited(path))]
        else:
            sheets, saved_on = _sheets(path), _saved_on(path)
    except OSError as refused:
        raise problem(InputUnreadable, "decisions.cannot-read", file=path.name, why=refused) from refused
    decisions: list[Decision] = []
    problems: list[DecisionProblem] = []
    heads = 0
    for sheet, rows in sheets:
        found = [(at, head) for at, row in enumerate(rows[:_HEAD_AMONG]) if (head := find_head(row)) is not None]
        if found:
            at, head = found[0]
            heads += 1
            below = [(number, row) for number, row in enumerate(rows[at + 1 :], at + 2) if find_head(row) is None]
            decisions += _from_sheet(head, below, (path.name, sheet), saved_on, problems)
    if not heads:
        raise problem(InputUnreadable, "decisions.no-key-column", file=path.name)
    return DecisionsRead(DecisionBook(decisions), tuple(problems))


def contradictions(book: DecisionBook, lang: str) -> list[str]:
    """Return one sentence for each pair of decisions that contradict each other: both, where they stand, which counts."""
    told = [(book.by_key[key], other) for key, other in book.overruled.items()]
    return list(
        dict.fromkeys(
            say(
                "screen.decisions-differ", lang,
                verdict=say(f"verdict.{one.verdict}", lang), place=one.place or one.by or one.key[:8],
                other=say(f"verdict.{other.verdict}", lang), other_place=other.place or other.by or other.key[:8],
            )
            for one, other in told
        )
    )  # fmt: skip


def decision_lines(decisions: Iterable[Decision]) -> str:
    """Return `decisions` as JSON lines, in order, for `read_decisions`."""
    return "".join(
        json.dumps(
            {
                "key": one.key, "base_key": one.base_key, "verdict": one.verdict, "reason": one.reason, "by": one.by,
                "until": one.until.isoformat() if one.until else None,
                **({"decided_on": one.decided_on.isoformat()} if one.decided_on else {}),
                **({"place": one.place} if one.place else {}),
            },
            ensure_ascii=False,
        )
        + "\n"
        for one in decisions
    )  # fmt: skip


def _from_lines(text: str, name: str) -> list[Decision]:
    decisions = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            if told["verdict"] not in VERDICTS:
                raise ValueError(told["verdict"])
            until, decided_on = (
                date.fromisoformat(told[key]) if told.get(key) else None for key in ("until", "decided_on")
            )
            words = (str(told.get("reason", "")), str(told.get("by", "")))
            place = str(told.get("place", ""))
            decisions.append(
                Decision(str(told["key"]), str(told["base_key"]), told["verdict"], *words, until, decided_on, place)
            )
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise problem(InputUnreadable, "decisions.line-wrong", file=name, line=number) from wrong
    return decisions


def _delimited(path: Path) -> list[list[str]]:
    text, _ = decode_text(path.read_bytes())
    dialect = sniff_dialect(text)
    body = text.split("\n", dialect.skip)[-1] if dialect.skip else text
    try:
        return list(csv.reader(io.StringIO(body, newline=""), delimiter=dialect.delimiter))
    except csv.Error as wrong:
        raise problem(InputUnreadable, "decisions.no-table", file=path.name, why=wrong) from wrong


def _sheets(path: Path) -> list[tuple[str, list[list[str]]]]:
    """Return the sheets of a workbook by the reader of strangers' files: safe from bombs, and merged cells fill their rows."""
    return [
        (grid.sheet, [[] for _ in range(grid.first_row - 1)] + grid.head(grid.table.num_rows))
        for grid in read_workbook(path.name, path.read_bytes())
    ]


def _saved_on(path: Path) -> date | None:
    """Return the day on which a person saved an XLSX workbook last, None where it does not tell."""
    try:
        with zipfile.ZipFile(path) as parts, parts.open("docProps/core.xml") as stream:
            found = _SAVED.search(stream.read(_MOST_PROPERTIES))
            saved = date.fromisoformat(found[1].decode()) if found else None
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
    return saved if saved is not None and saved.year > _OUR_YEAR else None


def _from_sheet(
    head: DecisionHead,
    rows: Iterable[tuple[int, Sequence[str]]],
    place: tuple[str, str],
    saved_on: date | None,
    problems: list[DecisionProblem],
) -> list[Decision]:
    rows = list(rows)
    order = decide_date_order(_at(row, head.until) or None for _, row in rows)
    decisions: list[Decision] = []
    for number, row in rows:
        told = _from_row(head, row, order, (*place, number), saved_on)
        if isinstance(told, DecisionProblem):
            problems.append(told)
        else:
            decisions += told
    return decisions


def _from_row(
    head: DecisionHead,
    row: Sequence[str],
    order: DateOrder | None,
    place: tuple[str, str, int],
    saved_on: date | None,
) -> list[Decision] | DecisionProblem:
    file, sheet, number = place
    written, reason, until, by = (_at(row, at) for at in (head.decision, head.reason, head.until, head.by))
    keys, bases = _at(row, head.key).split(), _at(row, head.base_key).split()
    if not written:
        left = reason or (until if not says_no_end(until) else "")
        return DecisionProblem(sheet, number, left, "screen.decision-missing") if left and keys else []
    verdict = verdict_of(written)
    if verdict is None:
        return DecisionProblem(sheet, number, written)
    if not keys or len(keys) != len(bases):
        return DecisionProblem(sheet, number, written, "screen.decision-without-key")
    end = None
    if not says_no_end(until):
        try:
            end = parse_civil_day(until, order)
        except InputUnreadable:
            return DecisionProblem(sheet, number, until)
    where = " · ".join(part for part in (file, sheet, str(number)) if part)
    return [
        Decision(key, base, verdict, reason, by, end, saved_on, where) for key, base in zip(keys, bases, strict=True)
    ]


def _at(row: Sequence[str], place: int) -> str:
    """Return the cell of a row, without the sign that keeps a spreadsheet from running it; "" where there is none."""
    return row[place].strip().removeprefix("'") if 0 <= place < len(row) else ""
