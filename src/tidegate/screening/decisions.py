"""Decisions: what a person judged about a finding, bound to our text, the listed entity or rule, and the evidence.

A decision survives a new list, because the list's version is not in its key. It falls on its end date, and it falls
when the evidence changes: then the finding comes back with the reason "evidence changed".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tidegate.screening.finding import Finding, Reason

Verdict = Literal["set-aside", "ask", "case"]
VERDICTS: tuple[Verdict, ...] = ("set-aside", "ask", "case")


@dataclass(frozen=True, slots=True)
class Decision:
    """One judgement. key: the finding's decision key. base_key: the same without evidence, so a change is noticed.

    verdict: set-aside hides the finding; ask and case keep it and say so. until: last civil day it holds, None for
    no end. by: who decided. reason: in that person's words. decided_on: the day it was made, None where it is not told.
    place: where it was written ("findings.xlsx, Findings, row 5"), for a person to find it.
    """

    key: str
    base_key: str
    verdict: Verdict
    reason: str
    by: str = ""
    until: date | None = None
    decided_on: date | None = None
    place: str = ""

    def holds(self, on: date) -> bool:
        """Tell whether it has not ended on day `on`."""
        return self.until is None or on <= self.until


class DecisionBook:
    """Decisions by key. The newest on one key counts: by its day where both tell one, else the one that was read last.

    overruled: by key, the last decision with another verdict that the newest one stands against, so that both are told.
    """

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self.by_key: dict[str, Decision] = {}
        self.overruled: dict[str, Decision] = {}
        self._keys_of: dict[str, dict[str, Decision]] = {}
        self._last_day: dict[str, date] = {}
        for decision in decisions:
            self._add(decision)

    def __len__(self) -> int:
        """Return on how many findings there is a decision."""
        return len(self.by_key)

    def _add(self, decision: Decision) -> None:
        held = self.by_key.pop(decision.key, None)
        newest = decision
        if held is not None:
            newest, other = (held, decision) if self._is_older(decision) else (decision, held)
            if newest.verdict != other.verdict:
                self.overruled[decision.key] = other
            elif self.overruled.get(decision.key, newest).verdict == newest.verdict:
                self.overruled.pop(decision.key, None)
        if decision.decided_on is not None:
            self._last_day[decision.key] = max(decision.decided_on, self._last_day.get(decision.key, date.min))
        self.by_key[decision.key] = newest
        self._keys_of.setdefault(newest.base_key, {})[decision.key] = newest

    def _is_older(self, decision: Decision) -> bool:
        return decision.decided_on is not None and decision.decided_on < self._last_day.get(decision.key, date.min)

    def knows(self, base: str) -> bool:
        """Tell whether there is a decision on this text and entity, whatever the evidence was."""
        return base in self._keys_of

    def changed_from(self, key: str, base: str, present: Collection[str]) -> Decision | None:
        """Return the decision that was made on the same text and entity with other evidence, None where there is none.

        A decision whose own finding is still among the keys `present` was not changed: it is about another record.
        """
        gone = [one for other, one in self._keys_of.get(base, {}).items() if other != key and other not in present]
        return gone[-1] if gone else None

    def sets_aside(self, key: str, on: date) -> Decision | None:
        """Return the decision that hides the finding of `key` on day `on`, None where none does."""
        decision = self.by_key.get(key)
        return decision if decision is not None and decision.verdict == "set-aside" and decision.holds(on) else None

    def all(self) -> Sequence[Decision]:
        """Return the decisions that count, in the order in which they came to count."""
        return tuple(self.by_key.values())

    def history(self) -> Sequence[Decision]:
        """Return the overruled decisions, then those that count: a book made of them is this book again."""
        return (*self.overruled.values(), *self.by_key.values())


def apply_decisions(
    findings: Sequence[Finding], book: DecisionBook | Mapping[str, Decision], *, on: date
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that stay and those set aside on day `on`.

    A finding whose decision ended, whose evidence changed since, or that stands against an earlier decision, stays with
    a reason that says so.
    """
    if not isinstance(book, DecisionBook):
        book = DecisionBook(book.values())
    if not len(book):
        return list(findings), []
    kept: list[Finding] = []
    aside: list[Finding] = []
    keys = [finding.decision_key for finding in findings]
    present = frozenset(keys)
    for finding, key in zip(findings, keys, strict=True):
        decision = book.by_key.get(key)
        reasons: list[Reason] = []
        if decision is None:
            earlier = book.changed_from(key, finding.base_key, present)
            reasons += [_reason("decision.evidence-changed", earlier)] if earlier is not None else []
        elif not decision.holds(on):
            reasons.append(_reason("decision.ended", decision))
        elif decision.verdict == "set-aside":
            aside.append(finding)
            continue
        else:
            reasons.append(_reason(f"decision.{decision.verdict}", decision))
        if decision is not None and (other := book.overruled.get(key)) is not None:
            reasons.append(_reason(f"decision.overruled-{other.verdict}", other))
        kept.append(replace(finding, reasons=(*finding.reasons, *reasons)) if reasons else finding)
    return kept, aside


def _reason(code: str, decision: Decision) -> Reason:
    until = decision.until.isoformat() if decision.until else "–"
    return Reason(code, {"reason": decision.reason or "–", "by": decision.by or "–", "until": until})
