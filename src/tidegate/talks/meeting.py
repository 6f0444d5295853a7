"""Meeting: a civil day and place, its start as an instant, the agenda, and delegations that have a state first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from tidegate.model.instants import format_instant, parse_instant
from tidegate.talks.reading import (
    as_object,
    day_text,
    maybe_day,
    maybe_text,
    need,
    need_choice,
    need_day,
    need_int,
    need_list,
    need_text,
    need_texts,
)
from tidegate.talks.tongues import Tongues, read_tongues

DELEGATION_STATES = ("not_announced", "announced", "announced_on_the_day", "not_read")

# The widest distance between a civil day anywhere on earth and the same day in UTC (UTC-12 to UTC+14).
_EARLIEST = timedelta(hours=-14)
_LATEST = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who comes for one side: a state, and offices. Never a person's name.

    A delegation that is not announced has no lead, no office and no day: that it is not known is itself the fact.
    """

    state: str = "not_announced"
    lead: str | None = None
    offices: tuple[str, ...] = ()
    announced_on: date | None = None

    def __post_init__(self) -> None:
        if self.state not in DELEGATION_STATES:
            raise ValueError(f"state {self.state!r} is not one of {', '.join(DELEGATION_STATES)}")
        hidden = self.state in ("not_announced", "not_read")
        if hidden and (self.lead is not None or self.offices or self.announced_on is not None):
            raise ValueError(f"a delegation that is {self.state} has no lead, office or day")

    def to_json(self) -> dict[str, object]:
        """Return the delegation as plain data."""
        return {
            "state": self.state,
            "lead": self.lead,
            "offices": list(self.offices),
            "announced_on": day_text(self.announced_on),
        }


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of the sides.

    day and place: the civil day where it is held. starts: instant in UTC, shown second. agenda: items in languages.
    delegations: by side id. proposed_by: side id. proposed_on, agreed_on: civil days.
    """

    id: str
    number: int
    day: date
    place: str
    starts: datetime
    agenda: tuple[Tongues, ...] = ()
    delegations: Mapping[str, Delegation] = field(default_factory=dict)
    proposed_by: str = ""
    proposed_on: date | None = None
    agreed_on: date | None = None

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None:
            raise ValueError("the start of a meeting is an instant and needs a time zone")
        midnight = datetime.combine(self.day, time(), tzinfo=UTC)
        if not _EARLIEST <= self.starts - midnight < _LATEST:
            raise ValueError(f"{format_instant(self.starts)} does not fall on {self.day} anywhere on earth")
        object.__setattr__(self, "delegations", MappingProxyType(dict(self.delegations)))

    def to_json(self) -> dict[str, object]:
        """Return the meeting as plain data for the canonical form."""
        return {
            "id": self.id,
            "number": self.number,
            "day": self.day.isoformat(),
            "place": self.place,
            "starts": format_instant(self.starts),
            "agenda": [item.to_json() for item in self.agenda],
            "delegations": {side: delegation.to_json() for side, delegation in self.delegations.items()},
            "proposed_by": self.proposed_by,
            "proposed_on": day_text(self.proposed_on),
            "agreed_on": day_text(self.agreed_on),
        }


def announce_delegation(meeting: Meeting, side: str, *, lead: str, offices: tuple[str, ...], on: date) -> Meeting:
    """Return the meeting with `side`'s delegation announced on the civil day `on` at its place.

    On or after the day of the meeting the state is "announced_on_the_day": it was not known before.
    """
    state = "announced" if on < meeting.day else "announced_on_the_day"
    delegations = {**meeting.delegations, side: Delegation(state, lead, offices, on)}
    return replace(meeting, delegations=delegations)


def read_meeting(value: object) -> Meeting:
    """Return the meeting that `value` (plain JSON data) holds. Raises DocumentUnreadable, naming the field."""
    document = as_object(value, "meeting")
    delegations = as_object(need(document, "delegations"), "list of delegations")
    return Meeting(
        id=need_text(document, "id"),
        number=need_int(document, "number"),
        day=need_day(document, "day"),
        place=need_text(document, "place"),
        starts=parse_instant(need_text(document, "starts")),
        agenda=tuple(read_tongues(item, "agenda") for item in need_list(document, "agenda")),
        delegations={str(side): _read_delegation(item) for side, item in delegations.items()},
        proposed_by=maybe_text(document, "proposed_by") or "",
        proposed_on=maybe_day(document, "proposed_on"),
        agreed_on=maybe_day(document, "agreed_on"),
    )


def _read_delegation(value: object) -> Delegation:
    document = as_object(value, "delegation")
    return Delegation(
        state=need_choice(document, "state", DELEGATION_STATES),
        lead=maybe_text(document, "lead"),
        offices=need_texts(document, "offices"),
        announced_on=maybe_day(document, "announced_on"),
    )
