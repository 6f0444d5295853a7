"""Words about an agreement as link messages: what a side says goes out, what the other side says is heard.

A word that was heard counts from the instant of our own signed receipt; what the speaker wrote there is left aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tidegate.exchange.link import LinkItem, LinkKind
from tidegate.gate.agreement import Agreement, agreement_from_document
from tidegate.gate.agreement_state import AgreementEvent, EventKind, event_from_document
from tidegate.gate.refusal import Refusal, refuse

LINK_KIND: Mapping[EventKind, LinkKind] = {
    "proposed": "agreement_proposal",
    "countersigned": "agreement_countersignature",
    "suspended": "suspension",
    "resumption_proposed": "resumption_proposal",
    "resumption_agreed": "resumption_agreed",
}
WORD_KINDS = frozenset(LINK_KIND.values())


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A partner's word. agreement_id: what it is about. agreement: the text itself, only with a proposal."""

    agreement_id: str
    event: AgreementEvent
    agreement: Agreement | None


def say_word(event: AgreementEvent, agreement: Agreement) -> tuple[LinkKind, dict[str, Any]]:
    """Return kind and body of the link message that says `event`; a proposal carries the whole text."""
    body: dict[str, Any] = {"agreement_id": agreement.id, "event": replace(event, received_at=None).to_document()}
    if event.kind == "proposed":
        body["agreement"] = agreement.to_document()
    return LINK_KIND[event.kind], body


def hear_word(item: LinkItem, *, received_at: datetime) -> HeardWord | Refusal:
    """Return the word in a link item of the partner, counted from our receipt; or why it cannot be taken.

    Raises AgreementUnreadable for a text or event of another shape. `advance` judges whether it may be said now.
    """
    body = item.body
    if item.kind not in WORD_KINDS or not isinstance(body.get("event"), Mapping):
        return refuse("message-misshapen", field="event")
    if not isinstance(body.get("agreement_id"), str):
        return refuse("message-misshapen", field="agreement_id")
    event = event_from_document(body["event"])
    if event.by != item.sender:
        return refuse("word-of-other", sender=item.sender, by=event.by[:80])
    if LINK_KIND[event.kind] != item.kind:
        return refuse("word-other-kind", kind=item.kind)
    agreement = None
    if event.kind == "proposed":
        if not isinstance(body.get("agreement"), Mapping):
            return refuse("message-misshapen", field="agreement")
        agreement = agreement_from_document(body["agreement"])
        if agreement.id != body["agreement_id"] or agreement.digest() != event.digest:
            return refuse("agreement-digest-other", agreement=agreement.id)
    return HeardWord(body["agreement_id"], replace(event, received_at=received_at), agreement)
