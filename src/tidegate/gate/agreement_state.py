"""AgreementState: whether an agreement is in force today, for which kinds, and since when it was stopped.

The state is what follows from a set of link-message events, and only from the set: two nodes that hold the same
events in any order hold the same state, so both print the same statement of affairs. A resumption therefore names
the very suspensions it lifts; one sent before a new suspension can never lift that one by arriving late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, get_args

from tidegate.gate.agreement import Agreement, agreement_from_document
from tidegate.gate.refusal import Refusal, refuse
from tidegate.gate.terms import AgreementUnreadable, KindTerms
from tidegate.model.instants import format_instant, parse_instant
from tidegate.registers.calendars import find_calendar
from tidegate.wording.problems import problem

EventKind = Literal["proposed", "countersigned", "suspended", "resumption_proposed", "resumption_agreed"]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which parts are meant: pillars, kinds, or both; empty means all of them."""

    pillars: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def covers(self, cell: Cell) -> bool:
        """Tell whether (pillar, kind) is meant."""
        pillar, kind = cell
        return (not self.pillars or pillar in self.pillars) and (not self.kinds or kind in self.kinds)

    def to_document(self) -> dict[str, object]:
        """Return the scope as plain data."""
        return {"kinds": sorted(self.kinds), "pillars": sorted(self.pillars)}


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class AgreementEvent:
    """One word of one side, as carried in a link message.

    id: chosen by the speaker, the same on both sides. at: instant on the speaker's machine. received_at: instant in
    the hearer's signed receipt, None on the speaker's side until that receipt is back. digest: of the agreement's
    bytes (proposed, countersigned). lifts: suspension ids (resumption_proposed). refers_to: the proposal agreed to.
    """

    id: str
    kind: EventKind
    by: str
    at: datetime
    received_at: datetime | None = None
    digest: str = ""
    scope: Scope = EVERYTHING
    lifts: frozenset[str] = frozenset()
    refers_to: str = ""

    @property
    def counts_from(self) -> datetime:
        """Return the instant that deadlines go by: the hearer's receipt, or the speaker's word until it is back."""
        return self.received_at if self.received_at is not None else self.at

    def to_document(self) -> dict[str, object]:
        """Return the event as plain data, as it stands in the link message and in the store."""
        return {
            "at": format_instant(self.at),
            "by": self.by,
            "digest": self.digest,
            "id": self.id,
            "kind": self.kind,
            "lifts": sorted(self.lifts),
            "received_at": format_instant(self.received_at) if self.received_at else "",
            "refers_to": self.refers_to,
            "scope": self.scope.to_document(),
        }


@dataclass(frozen=True, slots=True)
class AgreementState:
    """An agreement with every word said about it, by event id."""

    agreement: Agreement
    events: Mapping[str, AgreementEvent] = field(default_factory=dict)

    @property
    def lifecycle(self) -> Literal["draft", "proposed", "in-force"]:
        """Return how far both sides have come: a word of each over the same digest puts it in force."""
        if self._both_signed():
            return "in-force"
        return "proposed" if self._of("proposed") else "draft"

    def in_force(self, pillar: str, kind: str, now: datetime) -> bool:
        """Tell whether messages of `kind` under `pillar` may pass at `now`."""
        return self.refusal_for(pillar, kind, now) is None

    def refusal_for(self, pillar: str, kind: str, now: datetime) -> Refusal | None:
        """Return why `kind` under `pillar` may not pass at `now`, or None if it may."""
        if not self._both_signed():
            return refuse("agreement-not-in-force", agreement=self.agreement.id)
        if self.terms(pillar, kind) is None:
            return refuse("kind-not-in-agreement", kind=kind, pillar=pillar, agreement=self.agreement.id)
        today = find_calendar(self.agreement.calendar_id).day_of(now)
        if not self.agreement.valid_from <= today <= self.agreement.valid_until:
            terms = self.agreement
            return refuse("agreement-out-of-time", agreement=terms.id, since=terms.valid_from, until=terms.valid_until)
        stopped = self.open_suspensions((pillar, kind))
        if stopped and kind not in self.agreement.emergency_kinds:
            since = min(event.counts_from for event in stopped)
            return refuse("agreement-suspended", agreement=self.agreement.id, since=format_instant(since))
        return None

    def terms(self, pillar: str, kind: str) -> KindTerms | None:
        """Return the terms of `kind` under `pillar`, or None."""
        return self.agreement.terms(pillar, kind)

    def open_suspensions(self, cell: Cell | None = None) -> tuple[AgreementEvent, ...]:
        """Return the suspensions not yet lifted, for one (pillar, kind) or for any."""
        cells = self.agreement.cells() if cell is None else frozenset({cell})
        return tuple(
            event
            for event in self._of("suspended")
            if any(event.scope.covers(each) and self._lifted_at(event, each) is None for each in cells)
        )

    def stopped_cells(self) -> frozenset[Cell]:
        """Return every (pillar, kind) that is suspended."""
        return frozenset(cell for cell in self.agreement.cells() if self.open_suspensions(cell))

    def pauses(self, pillar: str, kind: str) -> tuple[tuple[datetime, datetime | None], ...]:
        """Return the stretches in which the agreement's clock stood for `kind`, in order.

        Emergency kinds never stand. Each stretch begins with the receipt of a suspension and ends with the receipt
        of the word that agreed to resume (None: still).
        """
        if kind in self.agreement.emergency_kinds:
            return ()
        cell = (pillar, kind)
        spans = [
            (event.counts_from, self._lifted_at(event, cell))
            for event in self._of("suspended")
            if event.scope.covers(cell)
        ]
        return tuple(sorted(spans, key=lambda span: (span[0], span[1] is None, span[1] or span[0])))

    def open_resumption(self) -> AgreementEvent | None:
        """Return the latest proposal to resume that still would lift something and has no answer, or None."""
        answered = {event.refers_to for event in self._of("resumption_agreed")}
        still = {event.id for event in self.open_suspensions()}
        waiting = [e for e in self._of("resumption_proposed") if e.id not in answered and e.lifts & still]
        return max(waiting, key=lambda event: (event.at, event.id), default=None)

    def with_receipt(self, event_id: str, received_at: datetime) -> AgreementState:
        """Return the state once the partner's signed receipt for our word `event_id` is back."""
        event = self.events[event_id]
        if event.received_at is not None:
            return self
        return replace(self, events={**self.events, event_id: replace(event, received_at=received_at)})

    def to_document(self) -> dict[str, object]:
        """Return the state as plain data: the agreement and its events, sorted by id."""
        return {
            "agreement": self.agreement.to_document(),
            "events": [self.events[key].to_document() for key in sorted(self.events)],
        }

    def _of(self, kind: EventKind) -> tuple[AgreementEvent, ...]:
        found = (event for event in self.events.values() if event.kind == kind)
        return tuple(sorted(found, key=lambda event: (event.at, event.id)))

    def _both_signed(self) -> bool:
        proposers = {event.by for event in self._of("proposed")}
        return any(proposers - {event.by} for event in self._of("countersigned"))

    def _lifted_at(self, suspension: AgreementEvent, cell: Cell) -> datetime | None:
        """Return when both sides' words had lifted `suspension` for `cell`, or None."""
        moments = []
        for agreed in self._of("resumption_agreed"):
            proposal = self.events.get(agreed.refers_to)
            if proposal is None or proposal.kind != "resumption_proposed" or proposal.by == agreed.by:
                continue
            if suspension.id in proposal.lifts and proposal.scope.covers(cell):
                # One machine's clock may lag the other's: a pause never ends before it began.
                moments.append(max(agreed.counts_from, suspension.counts_from))
        return min(moments, default=None)


def advance(state: AgreementState, event: AgreementEvent) -> AgreementState | Refusal:
    """Return the state after `event`, or why that word cannot be said now. A word said twice changes nothing."""
    if event.id in state.events:
        known = state.events[event.id]
        return state if replace(known, received_at=event.received_at) == event else refuse("word-changed", id=event.id)
    if state.agreement.party(event.by) is None:
        return refuse("agreement-not-party", by=event.by, agreement=state.agreement.id)
    problem = _CHECKS[event.kind](state, event)
    return problem if problem is not None else replace(state, events={**state.events, event.id: event})


def _check_proposed(state: AgreementState, event: AgreementEvent) -> Refusal | None:
    if event.digest != state.agreement.digest():
        return refuse("agreement-digest-other", agreement=state.agreement.id)
    return None


def _check_countersigned(state: AgreementState, event: AgreementEvent) -> Refusal | None:
    if event.digest != state.agreement.digest():
        return refuse("agreement-digest-other", agreement=state.agreement.id)
    proposers = {known.by for known in state.events.values() if known.kind == "proposed"}
    if not proposers:
        return refuse("agreement-not-proposed", agreement=state.agreement.id)
    if proposers == {event.by}:
        return refuse("agreement-own-proposal", agreement=state.agreement.id)
    return None


def _check_suspended(state: AgreementState, event: AgreementEvent) -> Refusal | None:
    if state.lifecycle != "in-force":
        return refuse("agreement-not-in-force", agreement=state.agreement.id)
    if not any(event.scope.covers(cell) for cell in state.agreement.cells()):
        return refuse("scope-empty", agreement=state.agreement.id)
    return None


def _check_resumption_proposed(state: AgreementState, event: AgreementEvent) -> Refusal | None:
    if not event.lifts & {known.id for known in state.open_suspensions()}:
        return refuse("nothing-to-resume", agreement=state.agreement.id)
    return None


def _check_resumption_agreed(state: AgreementState, event: AgreementEvent) -> Refusal | None:
    proposal = state.events.get(event.refers_to)
    if proposal is None or proposal.kind != "resumption_proposed":
        return refuse("resumption-not-proposed", agreement=state.agreement.id)
    if proposal.by == event.by:
        return refuse("resumption-own-word", agreement=state.agreement.id)
    return None


_CHECKS = {
    "proposed": _check_proposed,
    "countersigned": _check_countersigned,
    "suspended": _check_suspended,
    "resumption_proposed": _check_resumption_proposed,
    "resumption_agreed": _check_resumption_agreed,
}


def event_from_document(document: Mapping[str, Any]) -> AgreementEvent:
    """Return the event in `document`. Raises AgreementUnreadable for another shape."""
    try:
        kind = document["kind"]
        if kind not in EVENT_KINDS:
            raise problem(AgreementUnreadable, "agreement-text.word", value=kind, allowed=", ".join(EVENT_KINDS))
        received, scope = document["received_at"], document["scope"]
        return AgreementEvent(
            id=str(document["id"]),
            kind=kind,
            by=str(document["by"]),
            at=parse_instant(document["at"]),
            received_at=parse_instant(received) if received else None,
            digest=str(document["digest"]),
            scope=Scope(frozenset(scope["pillars"]), frozenset(scope["kinds"])),
            lifts=frozenset(document["lifts"]),
            refers_to=str(document["refers_to"]),
        )
    except (KeyError, TypeError) as exc:
        raise problem(AgreementUnreadable, "agreement-text.word-fields", why=repr(exc)) from exc


def state_from_document(document: Mapping[str, Any]) -> AgreementState:
    """Return the state in `document`. Raises AgreementUnreadable for another shape."""
    try:
        events = [event_from_document(each) for each in document["events"]]
        return AgreementState(agreement_from_document(document["agreement"]), {event.id: event for event in events})
    except (KeyError, TypeError) as exc:
        raise problem(AgreementUnreadable, "agreement-text.state", why=repr(exc)) from exc
