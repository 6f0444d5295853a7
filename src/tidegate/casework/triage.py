"""Triage: what an officer decides about one finding. A decision has a reason and an end; it is never for ever."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tidegate.errors import TidegateError
from tidegate.model.event import Event
from tidegate.screening.finding import Finding
from tidegate.wording.problems import problem

Choice = Literal["set-aside", "open-case"]
SET_ASIDE_REASONS = ("namesake", "known-customer", "licensed", "benign-explanation", "data-error", "already-answered")
LONGEST_SET_ASIDE_DAYS = 366


class DecisionIncomplete(TidegateError):
    """A decision lacks its reason or its end day. The text says which and what is allowed."""

    code = "decision-incomplete"


@dataclass(frozen=True, slots=True)
class TriageDecision:
    """One officer's judgement of the finding with `decision_key`.

    reason: one of SET_ASIDE_REASONS (set-aside only). until: last civil day on which it holds (set-aside only).
    case_id: the case opened (open-case only). note: for our own eyes, never sent.
    """

    decision_key: str
    choice: Choice
    officer: str
    decided_at: datetime
    reason: str = ""
    until: date | None = None
    case_id: str = ""
    note: str = ""

    def holds(self, today: date) -> bool:
        """Tell whether the decision still stands on `today`; one that opened a case always does."""
        return self.until is None or today <= self.until

    def to_event(self) -> Event:
        """Return the decision as an event: no note, no name."""
        until = self.until.isoformat() if self.until else ""
        facts = {"choice": self.choice, "reason": self.reason, "until": until, "case": self.case_id}
        return Event("finding.decided", self.decided_at, self.officer, self.decision_key, facts)


def check_set_aside(reason: str, until: date, today: date) -> None:
    """Raise DecisionIncomplete unless a finding may be set aside for `reason` until `until`."""
    if reason not in SET_ASIDE_REASONS:
        raise problem(
            DecisionIncomplete, "decision.reason-unknown", reason=reason, allowed=", ".join(SET_ASIDE_REASONS)
        )
    if not today <= until <= today + timedelta(days=LONGEST_SET_ASIDE_DAYS):
        raise problem(DecisionIncomplete, "decision.until-wrong", until=until, today=today)


def set_aside(
    finding: Finding, *, reason: str, until: date, officer: str, now: datetime, today: date, note: str = ""
) -> TriageDecision:
    """Return the decision that `finding` is not pursued until `until`. Raises DecisionIncomplete."""
    check_set_aside(reason, until, today)
    return TriageDecision(finding.decision_key, "set-aside", officer, now, reason=reason, until=until, note=note)


def pursue(finding: Finding, *, case_id: str, officer: str, now: datetime, note: str = "") -> TriageDecision:
    """Return the decision that `finding` is pursued in the case `case_id`."""
    return TriageDecision(finding.decision_key, "open-case", officer, now, case_id=case_id, note=note)


def standing_decision(finding: Finding, decisions: Iterable[TriageDecision], today: date) -> TriageDecision | None:
    """Return the latest decision that still holds for exactly this finding and its evidence, or None."""
    holding = [each for each in decisions if each.decision_key == finding.decision_key and each.holds(today)]
    return max(holding, key=lambda each: each.decided_at, default=None)
