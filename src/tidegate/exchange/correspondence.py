"""Correspondence: one thread of question and answer, whose turn it is, and both clocks on it.

Silence is a fact of its own: when the agreement's window closes without an answer it is recorded as silence, with
what the agreement says follows from it, and never as "no objection" said by the partner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from tidegate.exchange.kinds.catalogue import KINDS, may_answer
from tidegate.exchange.message import Message
from tidegate.gate.agreement_state import AgreementState
from tidegate.gate.refusal import Refusal, refuse
from tidegate.gate.terms import KindTerms, SilenceRule
from tidegate.model.deadline import Clock, ClockReading, Pause, pauses_from_instants, read_clock
from tidegate.model.event import Event
from tidegate.model.instants import format_instant, parse_instant
from tidegate.registers.calendars import find_calendar

CorrespondenceState = Literal["opened", "answered", "silent", "closed"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message in the thread. by: node id. at: instant of the receiver's signed receipt, None while it is out."""

    message_id: str
    kind: str
    by: str
    at: datetime | None
    in_reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A thread under one agreement. The first turn asks; answered_on and silent_on are civil days, or None.

    silence_outcome: what the agreement says follows from silence (its silence rule), "" until it falls.
    """

    id: str
    agreement_id: str
    pillar: str
    kind: str
    turns: tuple[Turn, ...]
    state: CorrespondenceState = "opened"
    answered_by: str = ""
    silent_on: date | None = None
    silence_outcome: str = ""

    @property
    def opened_by(self) -> str:
        """Return the node id that asked."""
        return self.turns[0].by

    @property
    def opened_at(self) -> datetime | None:
        """Return the instant of the receipt for the first message: both clocks count from its day."""
        return self.turns[0].at

    def turn_of(self, agreement_parties: tuple[str, str]) -> str:
        """Return the node id whose turn it is, "" if nobody's: the other one than who spoke last."""
        if self.state == "closed":
            return ""
        first, second = agreement_parties
        return second if self.turns[-1].by == first else first

    def answer_turn(self) -> Turn | None:
        """Return the turn that answered the question, or None."""
        return next((turn for turn in self.turns if turn.message_id == self.answered_by), None)

    def to_document(self) -> dict[str, Any]:
        """Return the thread as plain data for the store."""
        return {
            "agreement": self.agreement_id,
            "answered_by": self.answered_by,
            "id": self.id,
            "kind": self.kind,
            "pillar": self.pillar,
            "silence_outcome": self.silence_outcome,
            "silent_on": self.silent_on.isoformat() if self.silent_on else "",
            "state": self.state,
            "turns": [
                {
                    "at": format_instant(turn.at) if turn.at else "",
                    "by": turn.by,
                    "in_reply_to": turn.in_reply_to,
                    "kind": turn.kind,
                    "message": turn.message_id,
                }
                for turn in self.turns
            ],
        }


def open_correspondence(message: Message, *, by: str, at: datetime | None) -> Correspondence:
    """Return the thread that `message` of node `by` opens; `at`: its receipt, None until it is back."""
    first = Turn(message.id, message.kind, by, at, message.in_reply_to)
    return Correspondence(message.correspondence_id, message.agreement_id, message.pillar, message.kind, (first,))


def add_turn(thread: Correspondence, message: Message, *, by: str, at: datetime | None) -> Correspondence | Refusal:
    """Return the thread with `message` of node `by`. A message already in it changes nothing."""
    if any(turn.message_id == message.id for turn in thread.turns):
        return thread
    if message.correspondence_id != thread.id or message.agreement_id != thread.agreement_id:
        return refuse("other-correspondence", correspondence=thread.id)
    if thread.state == "closed":
        return refuse("correspondence-closed", correspondence=thread.id)
    asked = next((turn for turn in thread.turns if turn.message_id == message.in_reply_to), None)
    if asked is None:
        return refuse("reply-to-unknown", message=message.in_reply_to)
    if asked.by == by and message.kind != asked.kind:
        return refuse("reply-to-own", message=message.in_reply_to)
    if asked.by != by and not may_answer(message.kind, asked.kind):
        allowed = ", ".join(sorted(KINDS[asked.kind].answered_by)) if asked.kind in KINDS else ""
        return refuse("kind-no-answer", kind=message.kind, asked=asked.kind, allowed=allowed)
    grown = replace(thread, turns=(*thread.turns, Turn(message.id, message.kind, by, at, message.in_reply_to)))
    # A question back (information_request to a notification) is a turn but no answer: the clocks run on.
    settles = asked.message_id == thread.turns[0].message_id and by != thread.opened_by
    if settles and not thread.answered_by and not KINDS[message.kind].asks_back:
        return replace(grown, state="answered", answered_by=message.id)
    return grown


def confirm_turn(thread: Correspondence, message_id: str, received_at: datetime) -> Correspondence:
    """Return the thread once the signed receipt for our own message is back."""
    turns = tuple(
        replace(turn, at=received_at) if turn.message_id == message_id and turn.at is None else turn
        for turn in thread.turns
    )
    return replace(thread, turns=turns)


def close(thread: Correspondence) -> Correspondence:
    """Return the thread closed: nothing more is added to it."""
    return replace(thread, state="closed")


def read_clocks(thread: Correspondence, agreement: AgreementState, *, now: datetime) -> tuple[ClockReading, ...]:
    """Return the agreement's and the law's clock on the thread's question, in that order; those that it has.

    None runs before the receipt is back. Suspension stops the agreement's clock from the day its receipt names.
    """
    terms = agreement.terms(thread.pillar, thread.kind)
    if terms is None or thread.opened_at is None or not _starts_clocks(thread):
        return ()
    readings = []
    answer = thread.answer_turn()
    for clock in _clocks(thread, agreement, terms):
        calendar = find_calendar(clock.calendar_id)
        met_on = calendar.day_of(answer.at if answer.at is not None else now) if answer is not None else None
        readings.append(read_clock(clock, calendar.day_of(now), calendar, met_on=met_on))
    return tuple(readings)


def record_silence(
    thread: Correspondence, agreement: AgreementState, *, now: datetime
) -> tuple[Correspondence, Event] | None:
    """Return the thread as silent, with the event, once the agreement's window has closed unanswered; else None."""
    terms = agreement.terms(thread.pillar, thread.kind)
    if terms is None or thread.state != "opened":
        return None
    over = [each for each in read_clocks(thread, agreement, now=now) if each.kind == "agreement"]
    if not over or over[0].state != "over" or over[0].ends_on is None:
        return None
    rule: SilenceRule = terms.silence_rule
    silent = replace(thread, state="silent", silent_on=over[0].ends_on, silence_outcome=rule)
    facts = {"kind": thread.kind, "rule": rule, "window_ended": over[0].ends_on.isoformat()}
    return silent, Event("correspondence.silent", now, "node", thread.id, facts)


def correspondence_from_document(document: Mapping[str, Any]) -> Correspondence:
    """Return the thread as written by `to_document`."""
    return Correspondence(
        id=document["id"],
        agreement_id=document["agreement"],
        pillar=document["pillar"],
        kind=document["kind"],
        turns=tuple(
            Turn(
                each["message"],
                each["kind"],
                each["by"],
                parse_instant(each["at"]) if each["at"] else None,
                each["in_reply_to"],
            )
            for each in document["turns"]
        ),
        state=document["state"],
        answered_by=document["answered_by"],
        silent_on=date.fromisoformat(document["silent_on"]) if document["silent_on"] else None,
        silence_outcome=document["silence_outcome"],
    )


def _starts_clocks(thread: Correspondence) -> bool:
    kind = KINDS.get(thread.kind)
    return kind is not None and kind.starts_clocks


def _clocks(thread: Correspondence, agreement: AgreementState, terms: KindTerms) -> tuple[Clock, ...]:
    opened_at = thread.opened_at
    if opened_at is None:
        return ()
    clocks = []
    if terms.reply is not None:
        calendar = find_calendar(terms.reply.calendar_id)
        pauses: tuple[Pause, ...] = pauses_from_instants(agreement.pauses(thread.pillar, thread.kind), calendar)
        started = calendar.day_of(opened_at)
        clocks.append(Clock("agreement", started, terms.reply.days, terms.reply.unit, calendar.id, pauses))
    if terms.law is not None:
        calendar = find_calendar(terms.law.calendar_id)
        clocks.append(Clock("law", calendar.day_of(opened_at), terms.law.days, terms.law.unit, calendar.id))
    return tuple(clocks)
