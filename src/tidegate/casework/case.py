"""Case: what officers keep together about one suspicion, and the statements made from a screened record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.model.columns import COLUMNS
from tidegate.model.days import parse_civil_day
from tidegate.model.event import Event, Scalar
from tidegate.model.handling import Handling
from tidegate.model.instants import format_instant
from tidegate.model.quantity import format_number, parse_mass_kg
from tidegate.model.statement import Statement
from tidegate.screening.finding import Finding
from tidegate.wording.problems import problem

CaseState = Literal["open", "waiting", "closed"]
CASE_STATES: tuple[CaseState, ...] = get_args(CaseState)
_MASSES = frozenset({"net_mass_kg", "gross_mass_kg"})
_DAYS = frozenset({"date", "birth_date", "founded"})
_MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    "open": frozenset({"waiting", "closed"}),
    "waiting": frozenset({"open", "closed"}),
    "closed": frozenset({"open"}),
}


class CaseMoveWrong(TidegateError):
    """A case cannot go from its state to the one asked for. The text names both."""

    code = "case-move-wrong"


@dataclass(frozen=True, slots=True)
class Case:
    """One case. ref: the agency's own number, as printed on paper; it never crosses the wire as it is.

    findings: decision keys of the findings it began with (see Finding.decision_key).
    """

    id: str
    ref: str
    title: str
    pillar: str
    state: CaseState
    opened_at: datetime
    opened_by: str
    statements: tuple[Statement, ...] = ()
    findings: tuple[str, ...] = ()

    def with_statements(self, added: Sequence[Statement]) -> Case:
        """Return the case with more statements. Raises ValueError if an id stands twice."""
        merged = (*self.statements, *added)
        if len({each.id for each in merged}) != len(merged):
            raise ValueError(f"case {self.id}: a statement id stands twice")
        return replace(self, statements=merged)

    def moved(self, state: CaseState) -> Case:
        """Return the case in `state`. Raises CaseMoveWrong for a move that does not exist."""
        if state not in _MOVES[self.state]:
            allowed = ", ".join(sorted(_MOVES[self.state]))
            raise problem(
                CaseMoveWrong, "case-move-wrong-from", case=self.ref, state=self.state, allowed=allowed, wanted=state
            )
        return replace(self, state=state)


def open_case(
    *,
    case_id: str,
    ref: str,
    title: str,
    pillar: str,
    officer: str,
    now: datetime,
    statements: Sequence[Statement] = (),
    findings: Sequence[Finding] = (),
) -> tuple[Case, Event]:
    """Return a new open case and the event of its opening."""
    case = Case(case_id, ref, title, pillar, "open", now, officer)
    case = replace(case.with_statements(statements), findings=tuple(each.decision_key for each in findings))
    facts: dict[str, Scalar] = {
        "pillar": pillar,
        "statements": len(case.statements),
        "findings": len(case.findings),
    }
    return case, Event("case.opened", now, officer, case_id, facts)


def move_case(case: Case, state: CaseState, *, officer: str, now: datetime) -> tuple[Case, Event]:
    """Return the case in its new state and the event of the move. Raises CaseMoveWrong."""
    return case.moved(state), Event("case.moved", now, officer, case.id, {"from": case.state, "to": state})


def statements_from_record(
    record: Mapping[str, str | None],
    *,
    subject: str,
    handling: Handling,
    source: str,
    now: datetime,
    new_id: Callable[[str], str],
    kind: str = "consignments",
    columns: Sequence[str] | None = None,
    language: str = "und",
) -> tuple[Statement, ...]:
    """Return one statement for each filled canonical column of `record`, in the order of the columns.

    record: canonical column -> text as read (see tidegate.model.columns); other keys are left aside. source: where
    it was read, e.g. "consignments.xlsx, Sheet1, row 17"; it stays in the node. new_id: gives an id for a column
    name. columns: only these, if given. Masses become kg and days ISO 8601 where they can be read in one way only;
    any other value stays as read, and the message kind names it before anything goes.
    """
    wanted = COLUMNS[kind] if columns is None else tuple(name for name in COLUMNS[kind] if name in set(columns))
    seen = format_instant(now)
    return tuple(
        Statement(new_id(name), subject, name, canonical_value(name, text), handling, source, seen, language)
        for name in wanted
        if (text := (record.get(name) or "").strip())
    )


def canonical_value(column: str, text: str) -> str:
    """Return `text` in the canonical form of `column`, or unchanged if it cannot be read in one way only."""
    try:
        if column in _MASSES:
            return format_number(parse_mass_kg(text, unit="kg"))
        if column in _DAYS:
            return parse_civil_day(text).isoformat()
    except InputUnreadable:
        return text
    return " ".join(text.split())
