"""Admission: the decision whether a partner's message may be filed; the only value it is filed with."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tidegate.gate.agreement_state import AgreementState
from tidegate.gate.refusal import Refusal, refuse
from tidegate.gate.terms import KindTerms
from tidegate.model.event import Event
from tidegate.model.handling import Handling

_GRANT = object()


class IncomingStatement(Protocol):
    """What the gate reads of one told statement. handling: None if it could not be read."""

    @builtins.property
    def handling(self) -> Handling | None: ...
    @builtins.property
    def property(self) -> str: ...


class IncomingMessage(Protocol):
    """What the gate reads of a message (see exchange.message)."""

    @property
    def id(self) -> str: ...
    @property
    def agreement_id(self) -> str: ...
    @property
    def pillar(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def statements(self) -> Sequence[IncomingStatement]: ...


@dataclass(frozen=True, slots=True)
class Admission:
    """Leave to file one message of `sender`. Made only by `admit`."""

    message_id: str
    agreement_id: str
    sender: str
    pillar: str
    kind: str
    terms: KindTerms
    admitted_at: datetime
    emergency: bool
    grant: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.grant is not _GRANT:
            raise TypeError("an Admission is made by admit, nowhere else")

    def to_event(self) -> Event:
        """Return the admission as an event, without content."""
        facts: Mapping[str, str | int | bool | None] = {
            "agreement": self.agreement_id,
            "kind": self.kind,
            "emergency": self.emergency,
        }
        return Event("message.admitted", self.admitted_at, self.sender, self.message_id, facts)


def admit(message: IncomingMessage, state: AgreementState | None, *, sender: str, now: datetime) -> Admission | Refusal:
    """Decide whether `message`, proven by its seal to come from node `sender`, may be filed under the agreement.

    state: of the agreement the message names, None if we hold none by that id. The link has already judged number
    and order, the reader the shape; here it is judged whether this may be said at all.
    """
    if state is None or message.agreement_id != state.agreement.id:
        return refuse("agreement-unknown", agreement=message.agreement_id)
    if state.agreement.party(sender) is None:
        return refuse("sender-not-party", sender=sender, agreement=state.agreement.id)
    stopped = state.refusal_for(message.pillar, message.kind, now)
    if stopped is not None:
        return stopped
    terms = state.terms(message.pillar, message.kind)
    if terms is None:
        return refuse("kind-not-in-agreement", kind=message.kind, pillar=message.pillar, agreement=state.agreement.id)
    if _major(message.version) not in terms.majors:
        known = ", ".join(f"{message.kind}@{major}" for major in terms.majors)
        return refuse("kind-version-unknown", kind=message.kind, version=message.version, known=known)
    if message.purpose not in terms.purposes:
        return refuse("purpose-not-allowed", purpose=message.purpose)
    if message.text and not terms.text_allowed:
        return refuse("text-not-allowed", kind=message.kind)
    for statement in message.statements:
        if statement.handling is None:
            return refuse("handling-unreadable", field=statement.property)
        if statement.property not in terms.fields:
            return refuse("field-not-in-agreement", field=statement.property, kind=message.kind)
    emergency = bool(state.open_suspensions((message.pillar, message.kind)))
    return Admission(
        message.id, state.agreement.id, sender, message.pillar, message.kind, terms, now, emergency, _GRANT
    )


def _major(version: str) -> int:
    head = version.split(".", 1)[0]
    return int(head) if head.isascii() and head.isdecimal() and len(head) < 6 else -1
