"""Decisions: what a person judged about a finding, bound to our text, the listed entity or rule, and the evidence.

A decision survives a new list, because the list's version is not in its key. It falls on its end date, and it falls
when the evidence changes: then the finding comes back with the reason "evidence changed".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tidegate.screening.finding import Finding, Reason, decision_key

Verdict = Literal["set-aside", "ask", "case"]
VERDICTS: tuple[Verdict, ...] = ("set-aside", "ask", "case")


@dataclass(frozen=True, slots=True)
class Decision:
    """One judgement. key: the finding's decision key. base_key: the same without evidence, so a change is noticed.

    verdict: set-aside hides the finding; ask and case keep it and say so. until: last civil day it holds, None for
    no end. by: who decided. reason: in that person's words.
    """

    key: str
    base_key: str
    verdict: Verdict
    reason: str
    by: str = ""
    until: date | None = None


def base_key(value: str, against_kind: str, against_id: str, rule: str) -> str:
    """Return the decision key without evidence."""
    return decision_key(value, against_kind, against_id, rule, ())


def base_key_of(finding: Finding) -> str:
    """Return the decision key of `finding` without evidence."""
    return base_key(finding.value, finding.against.kind, finding.against.id, finding.rule)


class DecisionBook:
    """Decisions by key and by base key. The last decision on one key counts."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self.by_key: dict[str, Decision] = {}
        self.by_base: dict[str, Decision] = {}
        for decision in decisions:
            self.by_key[decision.key] = decision
            self.by_base[decision.base_key] = decision

    def __len__(self) -> int:
        return len(self.by_key)

    def sets_aside(self, key: str, on: date) -> Decision | None:
        """Return the decision that hides the finding of `key` on day `on`, None where none does."""
        decision = self.by_key.get(key)
        if decision is None or decision.verdict != "set-aside" or (decision.until is not None and on > decision.until):
            return None
        return decision

    def all(self) -> Sequence[Decision]:
        """Return the decisions, first made first."""
        return tuple(self.by_key.values())


def apply_decisions(
    findings: Sequence[Finding], book: DecisionBook | Mapping[str, Decision], *, on: date
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that stay and those set aside on day `on`.

    A finding whose decision ended, or whose evidence changed since, stays with a reason that says so.
    """
    if not isinstance(book, DecisionBook):
        book = DecisionBook(book.values())
    if not len(book):
        return list(findings), []
    kept: list[Finding] = []
    aside: list[Finding] = []
    for finding in findings:
        decision = book.by_key.get(finding.decision_key)
        if decision is None:
            earlier = book.by_base.get(base_key_of(finding))
            reason = _reason("decision.evidence-changed", earlier) if earlier else None
        elif decision.until is not None and on > decision.until:
            reason = _reason("decision.ended", decision)
        elif decision.verdict == "set-aside":
            aside.append(finding)
            continue
        else:
            reason = _reason(f"decision.{decision.verdict}", decision)
        kept.append(finding if reason is None else replace(finding, reasons=(*finding.reasons, reason)))
    return kept, aside


def _reason(code: str, decision: Decision) -> Reason:
    until = decision.until.isoformat() if decision.until else "–"
    return Reason(code, {"reason": decision.reason, "by": decision.by or "–", "until": until})
