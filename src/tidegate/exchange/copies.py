"""Copies: what a partner gives back to a restored node, so that both ends hold equal logs again.

A restored node has forgotten what it sent and took since its backup. The partner holds both: our envelopes with the
receipts it signed, and its own envelopes with the receipts we signed. They travel in the body of its hello, in the order
in which it saw them, a page at a time. Each copy proves itself by its signatures; nothing is taken on the partner's word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tidegate.exchange.link import LinkItem
from tidegate.gate.refusal import Refusal, refuse
from tidegate.trust.encoding import from_base64, to_base64
from tidegate.trust.faults import NotCanonical


@dataclass(frozen=True, slots=True)
class Copy:
    """One item of one direction. by: its sender. item_id: the partner's id of it, "" where it keeps none.

    envelope: the sealed bytes, b"" where the receiver's gate refused the item and kept its digest alone.
    receipt: the receiver's signed receipt (DSSE).
    """

    by: str
    sequence: int
    item_id: str
    envelope: bytes
    receipt: bytes


@dataclass(frozen=True, slots=True)
class Copies:
    """One page. left: how many copies did not fit. notices: the partner's key notices and those it holds of ours."""

    page: tuple[Copy, ...]
    left: int
    notices: tuple[bytes, ...]


def with_copies(hello: LinkItem, copies: Copies) -> LinkItem:
    """Return the answering hello with copies in its body. `held` then names the messages of ours among them."""
    page = [
        {
            "by": each.by,
            "envelope": to_base64(each.envelope),
            "id": each.item_id,
            "receipt": to_base64(each.receipt),
            "sequence": each.sequence,
        }
        for each in copies.page
    ]
    held = [[each.sequence, each.item_id] for each in copies.page if each.by != hello.sender and each.item_id]
    told = {"copies": page, "copies_left": copies.left, "notices": [to_base64(each) for each in copies.notices]}
    return replace(hello, body={**hello.body, "held": held, **told})


def read_copies(hello: LinkItem) -> Copies | Refusal:
    """Return the copies in an answering hello, or why it holds none. Their signatures are not checked here."""
    body = hello.body
    page, left, notices = body.get("copies"), body.get("copies_left"), body.get("notices")
    if not isinstance(page, list) or not isinstance(notices, list) or type(left) is not int or left < 0:
        return refuse("message-misshapen", field="copies")
    try:
        read = tuple(_copy(each) for each in page)
        return Copies(read, left, tuple(from_base64(each) for each in notices))
    except (NotCanonical, ValueError):
        return refuse("message-misshapen", field="copies")


def fill_page(copies: Sequence[Copy], *, most_bytes: int) -> tuple[tuple[Copy, ...], int]:
    """Return as many copies from the front as fit into `most_bytes`, at least one, and how many were left."""
    size = 0
    for place, each in enumerate(copies):
        size += len(each.envelope) + len(each.receipt)
        if place and size > most_bytes:
            return tuple(copies[:place]), len(copies) - place
    return tuple(copies), 0


def _copy(document: Any) -> Copy:
    if not isinstance(document, Mapping) or set(document) != {"by", "envelope", "id", "receipt", "sequence"}:
        raise ValueError("no copy")
    by, item_id, sequence = document["by"], document["id"], document["sequence"]
    if not isinstance(by, str) or not isinstance(item_id, str) or type(sequence) is not int or sequence < 1:
        raise ValueError("no copy")
    return Copy(by, sequence, item_id, from_base64(document["envelope"]), from_base64(document["receipt"]))
