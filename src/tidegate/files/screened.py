"""Screened: what one run gives to a writer: the tables as read, their findings, what was not run, and the settings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tidegate.errors import TidegateError
from tidegate.files.records import CellProblem, Note, TableRead
from tidegate.model.columns import LEVELS
from tidegate.screening.finding import Against, Reason, decision_key
from tidegate.screening.finding_table import FindingRow
from tidegate.screening.goods_hits import OWN_REGISTER
from tidegate.screening.levels import RANK
from tidegate.screening.plan import ListUsed
from tidegate.screening.reason_words import item_words, reason_text
from tidegate.screening.redflags import NotRun
from tidegate.screening.subjects import subject_of
from tidegate.wording.problems import problem_text
from tidegate.wording.sentences import knows, say

_SCREENS = ("party", "goods", "red-flag", "quality")


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """One finding with the place a person sees: file, sheet and row."""

    finding: FindingRow
    file: str
    sheet: str
    place: str

    @property
    def id(self) -> str:
        """Return 16 hexadecimal characters: the same finding of the same place has the same id in every run."""
        one = self.finding
        parts = (self.file, self.sheet, self.place, one.screen, one.rule, one.column, one.decision_key)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ScreenedTable:
    """One table with its findings in row order, and how many earlier decisions set aside."""

    table: TableRead
    findings: Sequence[PlacedFinding]
    set_aside: int
    not_run: Sequence[NotRun]


@dataclass(frozen=True, slots=True)
class Screened:
    """One run. unread: file -> why it could not be read at all. digests: file -> SHA-256 of its bytes.

    beside: what was recognised in the files given beside: (file, sheet, licences or another kind, rows).
    beside_headers: of these files, (file, sheet) -> canonical column -> header as written.
    problems: file -> the error behind `unread`, from which the sentence is made in another language.
    notes: file and what its reader left out or could not place in any table, such as a sheet without a known header.
    """

    tables: Sequence[ScreenedTable]
    lists: Sequence[ListUsed]
    on: str
    threshold: float
    register_date: str
    rules_digest: str
    unread: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    beside: Sequence[tuple[str, str, str, int]] = ()
    beside_headers: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    problems: Mapping[str, TidegateError] = field(default_factory=dict)
    notes: Sequence[tuple[str, Note | CellProblem]] = ()

    def unread_in(self, lang: str) -> dict[str, str]:
        """Return the files that could not be read at all, each with why and the mend, in `lang`."""
        return {
            file: problem_text(self.problems[file], lang) if file in self.problems else why
            for file, why in self.unread.items()
        }

    def left_out(self, lang: str) -> list[tuple[str, str]]:
        """Return what a reader left out or could not place, by file, in `lang`; not what is said with a table already."""
        said = {(one.table.file, note.sentence(lang)) for one in self.tables for note in one.table.notes}
        told = dict.fromkeys((file, note.sentence(lang)) for file, note in self.notes)
        return [one for one in told if one not in said]

    def findings(self) -> list[PlacedFinding]:
        """Return all findings in order of table and row."""
        return [finding for table in self.tables for finding in table.findings]

    def worst_first(self) -> list[PlacedFinding]:
        """Return all findings, highest level first, then as they stand in the files."""
        return sorted(self.findings(), key=lambda one: -RANK[one.finding.level])

    def rows(self) -> int:
        """Return how many records were read."""
        return sum(table.table.rows for table in self.tables)

    def by_level(self) -> dict[str, int]:
        """Return how many findings stand at each level."""
        counts = dict.fromkeys(LEVELS, 0)
        for one in self.findings():
            counts[one.finding.level] += 1
        return counts

    def rows_above_look(self) -> int:
        """Return how many records have a finding above look."""
        return len({(one.file, one.sheet, one.place) for one in self.findings() if one.finding.level != "look"})

    def rows_with_finding(self) -> int:
        """Return how many records have any finding."""
        return len({(one.file, one.sheet, one.place) for one in self.findings()})

    def set_aside(self) -> int:
        """Return how many findings earlier decisions set aside."""
        return sum(table.set_aside for table in self.tables)

    def not_run(self) -> list[NotRun]:
        """Return what was not run on any table, each reason once; a rule that ran on one kind of record is not listed
        because another kind was read too."""
        if not self.tables and not self.lists:
            return [NotRun("listed-party", "not-run.no-list")]
        by_rule: dict[str, list[NotRun]] = {}
        for table in self.tables:
            for one in table.not_run:
                by_rule.setdefault(one.rule, []).append(one)
        kept: list[NotRun] = []
        for reasons in by_rule.values():
            ran_somewhere = len(reasons) < len(self.tables)
            seen: list[NotRun] = []
            for one in reasons:
                if one not in seen and not (
                    one.code == "not-run.no-table" and (ran_somewhere or len({r.code for r in reasons}) > 1)
                ):
                    seen.append(one)
            kept += seen
        return sorted(kept, key=lambda one: (one.rule.startswith("RF"), one.rule))


def place_findings(table: TableRead, findings: Iterable[FindingRow]) -> list[PlacedFinding]:
    """Return the kernel's findings and the reader's unreadable cells of `table`, in row order.

    A cell that the reader named is not named a second time by the kernel.
    """
    told = table.batch.column("source_row") if "source_row" in table.batch.schema.names else None

    def place(row: int) -> str:
        return str(row + 1) if told is None else told[row].as_py()

    named = {(problem.index, problem.field) for problem in table.unreadable}
    placed = [
        (one.row, PlacedFinding(one, table.file, table.sheet, place(one.row)))
        for one in findings
        if not (one.screen == "quality" and (one.row, one.column) in named)
    ]
    for problem in table.unreadable:
        found = _of_problem(problem, table)
        placed.append((problem.index, PlacedFinding(found, table.file, table.sheet, problem.row)))
    placed.sort(
        key=lambda pair: (pair[0] if pair[0] >= 0 else table.batch.num_rows, _SCREENS.index(pair[1].finding.screen))
    )
    return [finding for _, finding in placed]


def new_reasons(placed: PlacedFinding, lang: str) -> list[str]:
    """Return the reasons of a finding, each once, without one that only says its rule's title again.

    What a person decided about it comes first.
    """
    one = placed.finding
    ordered = sorted(one.reasons, key=lambda reason: not reason.code.startswith("decision."))
    told = list(dict.fromkeys(reason_text(reason, lang) for reason in ordered))
    return [text for text in told if text != against_name(one, lang)] or told


def against_name(finding: FindingRow, lang: str) -> str:
    """Return what the record was held against, by name; a rule has its title."""
    name = finding.against.name
    if finding.against.kind == "rule":
        return say(name, lang) if knows(name) else name
    return item_words(name, lang) if finding.screen == "goods" else name


def against_list(finding: FindingRow, lang: str) -> str:
    """Return the list and its date as one text; our own register is called so in `lang`."""
    held = finding.against
    title = say("report.own-register", lang) if held.list == OWN_REGISTER else held.list
    return f"{title} {held.list_date}".strip()


def because(reason: NotRun, lang: str) -> str:
    """Return why a rule was not run, as a sentence; kinds of record are named in that language."""
    params = dict(reason.params)
    if "kinds" in params:
        kinds = (kind.strip() for kind in str(params["kinds"]).split(","))
        params["kinds"] = ", ".join(say(f"kind.{kind}", lang) if knows(f"kind.{kind}") else kind for kind in kinds)
    return say(reason.code, lang, **params)


def list_line(listed: ListUsed, lang: str) -> str:
    """Return a list's date, size and age in words; a list that tells no date says so."""
    if not listed.date:
        return say("report.no-date", lang, parties=listed.parties)
    line = say("report.list-line", lang, date=listed.date, parties=listed.parties)
    return line if listed.age_days is None else f"{line} ({say('report.list-age', lang, days=listed.age_days)})"


def rule_title(rule: str, lang: str) -> str:
    """Return a rule's id with its title, or the words for a screen."""
    for code in (f"{rule}.title", f"rule.{rule}"):
        if knows(code):
            return f"{rule} {say(code, lang)}" if rule.startswith("RF") else say(code, lang)
    return rule


def _of_problem(problem: CellProblem, table: TableRead) -> FindingRow:
    rule = f"unreadable-{problem.field}" if problem.field else problem.code.replace(".", "-")
    column = problem.field or problem.column
    against = Against("rule", rule, problem.field or problem.code)

    def cell(name: str) -> str:
        return str(table.batch.column(name)[problem.index].as_py() or "") if name in table.columns else ""

    whose = subject_of(table.kind, column, cell) if problem.index >= 0 else ()
    key = decision_key(problem.value, against.kind, against.id, rule, (*whose, problem.code))
    base = decision_key(problem.value, against.kind, against.id, rule, whose)
    return FindingRow(
        problem.index, "quality", rule, "look", 1.0, column, problem.value, against,
        (Reason(problem.code, problem.params),), "quality.benign", (), key, base,
    )  # fmt: skip
