"""Receipt: the receiver's signed word that it holds an item, since when, and how its copy of the link's log stands.

The node signs the canonical bytes (trust.dsse). A deadline is judged by this instant, never by the sender's clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tidegate.errors import InputUnreadable
from tidegate.exchange.link import LinkItem
from tidegate.gate.refusal import Refusal, refuse
from tidegate.model.instants import format_instant, parse_instant

_TEXTS = ("direction", "envelope_digest", "link", "log_root", "outcome", "received_at", "receiver")
_COUNTS = ("generation", "log_size", "sequence")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt. direction: node id of the sender of the item. receiver: node id that signs.

    outcome: "" if the item was taken in full, else the code of the refusal: a refused message is receipted too, so
    that its sender knows. log_size, log_root (hexadecimal): the receiver's link log after the item was written.
    """

    link: str
    direction: str
    receiver: str
    generation: int
    sequence: int
    envelope_digest: str
    received_at: datetime
    log_size: int
    log_root: str
    outcome: str = ""

    def to_document(self) -> dict[str, Any]:
        """Return the receipt as plain data for the canonical form."""
        return {
            "direction": self.direction,
            "envelope_digest": self.envelope_digest,
            "generation": self.generation,
            "link": self.link,
            "log_root": self.log_root,
            "log_size": self.log_size,
            "outcome": self.outcome,
            "received_at": format_instant(self.received_at),
            "receiver": self.receiver,
            "sequence": self.sequence,
        }


def write_receipt(
    item: LinkItem, *, envelope_digest: str, received_at: datetime, log_size: int, log_root: str, outcome: str = ""
) -> Receipt:
    """Return our receipt for `item`, once it is stored with its effects."""
    return Receipt(
        link=item.link,
        direction=item.sender,
        receiver=item.recipient,
        generation=item.generation,
        sequence=item.sequence,
        envelope_digest=envelope_digest,
        received_at=received_at,
        log_size=log_size,
        log_root=log_root,
        outcome=outcome,
    )


def receipt_from_document(document: Mapping[str, Any]) -> Receipt | Refusal:
    """Return the receipt in `document`, or why it is none."""
    shaped = (
        set(document) == {*_TEXTS, *_COUNTS}
        and all(isinstance(document[name], str) for name in _TEXTS)
        and all(type(document[name]) is int and document[name] >= 0 for name in _COUNTS)
        and re.fullmatch(r"[0-9a-f]{64}", document["envelope_digest"]) is not None
    )
    if not shaped:
        return refuse("message-misshapen", field="receipt")
    try:
        received_at = parse_instant(document["received_at"])
    except InputUnreadable:
        return refuse("message-misshapen", field="receipt")
    return Receipt(
        link=document["link"],
        direction=document["direction"],
        receiver=document["receiver"],
        generation=document["generation"],
        sequence=document["sequence"],
        envelope_digest=document["envelope_digest"],
        received_at=received_at,
        log_size=document["log_size"],
        log_root=document["log_root"],
        outcome=document["outcome"],
    )


def check_receipt(receipt: Receipt, *, item: LinkItem, envelope_digest: str) -> Refusal | None:
    """Return why `receipt` does not prove that the partner holds `item`, sealed as `envelope_digest`; None if it does.

    Its signature was checked before (trust.dsse.verify with the receiver's key notice).
    """
    if (receipt.link, receipt.direction, receipt.receiver) != (item.link, item.sender, item.recipient):
        return refuse("receipt-other-link", sequence=receipt.sequence)
    if (receipt.generation, receipt.sequence) != (item.generation, item.sequence):
        return refuse("receipt-other-item", sequence=receipt.sequence, expected=item.sequence)
    if receipt.envelope_digest != envelope_digest:
        return refuse("receipt-other-envelope", sequence=receipt.sequence)
    return None


def clock_offset_s(receipt: Receipt, sent_at: datetime) -> int:
    """Return how many seconds the receiver's clock stood after the sender's, travel time included."""
    return int((receipt.received_at - sent_at).total_seconds())
