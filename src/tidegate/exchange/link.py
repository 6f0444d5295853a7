"""Link: numbered, chained items between two partners, so that nothing is lost, doubled or taken out of order.

Each direction counts from 1 and each item names the digest of the sealed envelope before it. Numbers are given at the
moment of sending; the sealed envelope is then kept until the partner's signed receipt is back. Transitions are pure:
the node stores state, envelope and effects in one transaction.

After a backup was restored, a node must not go on counting from old numbers: it says so in its hello, adopts its own
numbers back from the partner, and counts on in a new generation, so that what it sent and forgot can never be taken
for what it sends now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from tidegate.gate.refusal import Refusal, refuse

LINK_VERSION = 1
LinkKind = Literal[
    "message",
    "hello",
    "key_notice",
    "agreement_proposal",
    "agreement_countersignature",
    "suspension",
    "resumption_proposal",
    "resumption_agreed",
    "affairs",
    "checkpoint",
]
LINK_KINDS: tuple[LinkKind, ...] = get_args(LinkKind)


@dataclass(frozen=True, slots=True)
class LinkItem:
    """What one sealed envelope carries. sequence: from 1, or 0 for a hello, which is outside the count.

    previous: digest (hexadecimal) of the sealed envelope before it in this direction, "" for the first.
    """

    link: str
    sender: str
    recipient: str
    generation: int
    sequence: int
    previous: str
    kind: LinkKind
    body: Mapping[str, Any]

    def to_document(self) -> dict[str, Any]:
        """Return the item as plain data for the canonical form."""
        return {
            "body": dict(self.body),
            "generation": self.generation,
            "kind": self.kind,
            "link": self.link,
            "previous": self.previous,
            "recipient": self.recipient,
            "sender": self.sender,
            "sequence": self.sequence,
            "v": LINK_VERSION,
        }


@dataclass(frozen=True, slots=True)
class LinkState:
    """Where both directions stand, as seen from `us`.

    next_out, next_in: the number of the next item each way. last_out_digest, last_in_digest: of the sealed envelope
    before it. acked_out: the highest of our numbers with a signed receipt. generation, partner_generation: ours and
    the partner's, each with the number it began at. restarts: ids of the partner's restarts we heard of.
    """

    link: str
    us: str
    partner: str
    generation: int = 1
    generation_from: int = 1
    partner_generation: int = 1
    partner_generation_from: int = 1
    next_out: int = 1
    next_in: int = 1
    last_out_digest: str = ""
    last_in_digest: str = ""
    acked_out: int = 0
    restarts: tuple[str, ...] = ()

    @property
    def unacknowledged(self) -> range:
        """Return the numbers sent and not yet receipted: to be sent again, in order."""
        return range(self.acked_out + 1, self.next_out)

    def to_document(self) -> dict[str, Any]:
        """Return the state as plain data for the store."""
        return {name: getattr(self, name) for name in self.__slots__} | {"restarts": list(self.restarts)}


@dataclass(frozen=True, slots=True)
class Accepted:
    """The item is the very next one; `state` is to be stored with its effects, in one transaction."""

    state: LinkState


LinkRefusalCode = Literal["out-of-order", "replayed", "wrong-link", "wrong-generation", "chain-broken", "not-for-us"]


@dataclass(frozen=True, slots=True)
class LinkRefusal:
    """Why an item is not taken. expected: the number we wait for. sequence: the number that came.

    "replayed" is answered with the stored receipt if the envelope is byte for byte the one stored under that number;
    another envelope under an old number is two texts under one number, and kept as evidence.
    """

    code: LinkRefusalCode
    expected: int
    sequence: int

    def to_refusal(self) -> Refusal:
        """Return it as a refusal with a sentence."""
        return refuse(f"link-{self.code}", expected=self.expected, sequence=self.sequence)


def next_item(state: LinkState, kind: LinkKind, body: Mapping[str, Any]) -> LinkItem:
    """Return the next item to seal and send. Record it with `sent` once its envelope's digest is known."""
    return LinkItem(
        link=state.link,
        sender=state.us,
        recipient=state.partner,
        generation=state.generation,
        sequence=state.next_out,
        previous=state.last_out_digest,
        kind=kind,
        body=body,
    )


def sent(state: LinkState, item: LinkItem, envelope_digest: str) -> LinkState:
    """Return the state after `item` was sealed as the envelope with `envelope_digest`.

    Raises ValueError if the item is not the next one: two texts must never share a number.
    """
    if (item.sequence, item.generation, item.previous) != (state.next_out, state.generation, state.last_out_digest):
        raise ValueError(f"item {item.sequence} is not the next to send; expected {state.next_out}")
    return replace(state, next_out=state.next_out + 1, last_out_digest=envelope_digest)


def receive(state: LinkState, item: LinkItem, envelope_digest: str) -> Accepted | LinkRefusal:
    """Decide whether `item`, opened from the sealed envelope with `envelope_digest`, is the very next one."""
    code: LinkRefusalCode | None = None
    if item.recipient != state.us or item.sender != state.partner:
        code = "not-for-us"
    elif item.link != state.link:
        code = "wrong-link"
    elif item.sequence < state.next_in:
        code = "replayed"
    elif not _generation_fits(state, item):
        code = "wrong-generation"
    elif item.sequence > state.next_in:
        code = "out-of-order"
    elif item.previous != state.last_in_digest:
        code = "chain-broken"
    if code is not None:
        return LinkRefusal(code, state.next_in, item.sequence)
    return Accepted(replace(state, next_in=state.next_in + 1, last_in_digest=envelope_digest))


def acknowledge(state: LinkState, sequence: int) -> LinkState | Refusal:
    """Return the state once the partner's receipt for our item `sequence` is checked (see exchange.receipt).

    Receipts are cumulative: the partner takes nothing out of order, so it holds all before it too.
    """
    if not 1 <= sequence < state.next_out:
        return refuse("receipt-for-unsent", sequence=sequence)
    return replace(state, acked_out=max(state.acked_out, sequence))


def _generation_fits(state: LinkState, item: LinkItem) -> bool:
    # What the partner sent and then forgot bears the older generation and a number from the new one's span on.
    if item.sequence >= state.partner_generation_from:
        return item.generation == state.partner_generation
    return 1 <= item.generation < state.partner_generation


def item_from_document(document: Mapping[str, Any]) -> LinkItem | Refusal:
    """Return the item in `document`, or why it is none."""
    version = document.get("v")
    if type(version) is not int or version != LINK_VERSION:  # True equals 1, and is no version
        return refuse("link-version-unknown", version=str(version)[:20], known=LINK_VERSION)
    kind = document.get("kind")
    if kind not in LINK_KINDS:
        return refuse("link-kind-unknown", kind=str(kind)[:40])
    texts = ("link", "sender", "recipient", "previous")
    counts = ("generation", "sequence")
    if not all(isinstance(document.get(name), str) for name in texts):
        return refuse("message-misshapen", field="link item")
    if not all(type(document.get(name)) is int and document[name] >= 0 for name in counts):
        return refuse("message-misshapen", field="link item")
    body = document.get("body")
    if not isinstance(body, Mapping) or set(document) != {*texts, *counts, "v", "kind", "body"}:
        return refuse("message-misshapen", field="link item")
    return LinkItem(
        link=document["link"],
        sender=document["sender"],
        recipient=document["recipient"],
        generation=document["generation"],
        sequence=document["sequence"],
        previous=document["previous"],
        kind=kind,
        body=body,
    )


def state_from_document(document: Mapping[str, Any]) -> LinkState:
    """Return the state as written by `to_document`."""
    return LinkState(**{**document, "restarts": tuple(document["restarts"])})
