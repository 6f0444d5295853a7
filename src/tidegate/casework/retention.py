"""Retention: which statements of a case must be deleted, because their day has passed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from tidegate.casework.case import Case
from tidegate.model.event import Event


@dataclass(frozen=True, slots=True)
class Deletion:
    """A case without the statements whose day has passed, and the event that says how many went.

    statement_ids: those whose text and salt the store erases; their digests stay in the log, so it still verifies.
    """

    case: Case
    statement_ids: tuple[str, ...]
    event: Event


def overdue(case: Case, today: date) -> tuple[str, ...]:
    """Return the ids of statements whose `retain_until` lies before `today`, sorted."""
    return tuple(
        sorted(
            each.id
            for each in case.statements
            if each.handling.retain_until is not None and each.handling.retain_until < today
        )
    )


def delete_overdue(case: Case, *, today: date, now: datetime, officer: str) -> Deletion | None:
    """Return the case after deletion, or None if nothing is overdue."""
    gone = overdue(case, today)
    if not gone:
        return None
    kept = tuple(each for each in case.statements if each.id not in set(gone))
    event = Event("case.statements-deleted", now, officer, case.id, {"count": len(gone)})
    return Deletion(replace(case, statements=kept), gone, event)
