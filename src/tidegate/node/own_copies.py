"""Our own items as a partner holds them: found again in our queue, or written anew from the envelope they left in.

We are among the recipients of what we seal, so an envelope of ours tells a restored node what it said: the message
joins its thread, a word about an agreement is said again, and both are sent things, as before the disk was lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidegate.errors import TidegateError
from tidegate.exchange.copies import Copy
from tidegate.exchange.link import LinkItem
from tidegate.exchange.message import Message, message_from_document
from tidegate.exchange.receipt import Receipt
from tidegate.node import agreements, messages, outbox
from tidegate.node.inbox import CopyRefused
from tidegate.node.node import Transaction
from tidegate.store import outgoing
from tidegate.store.outgoing import Outgoing
from tidegate.trust.canonical import dump_canonical
from tidegate.trust.ids import new_id
from tidegate.wording.problems import problem

UNREADABLE = "sealed-with-lost-keys"
REFUSED = "refused-there"


def entry_of(
    tx: Transaction, then: Transaction, partner_id: str, copy: Copy, receipt: Receipt
) -> tuple[Outgoing, Mapping[str, Any] | None]:
    """Return (entry, draft) of one item of ours, sealed in the queue under its number, made if need be.

    then: the same unit of work at the instant of the receipt, for what is said again. draft: None where nobody can tell any more what the item said: the partner's gate refused it and kept its digest
    alone, or it was sealed with keys made after the backup.
    """
    waiting = outgoing.waiting(tx.conn, partner_id)
    for entry in waiting:
        if entry.envelope_digest == receipt.envelope_digest:
            return entry, outbox.open_draft(tx, entry.draft)
    item = _read(tx, copy.envelope)
    draft: Mapping[str, Any] | None
    if item is None:
        known = next((each for each in waiting if copy.item_id and each.id == copy.item_id), None)
        draft = outbox.open_draft(tx, known.draft) if known is not None else None
        kind = UNREADABLE if copy.envelope else REFUSED
        placed = known or _queue(tx, partner_id, new_id("lost"), kind, {})
    elif item.kind == "message":
        placed, draft = _message_entry(tx, partner_id, item, waiting)
    else:
        placed, draft = _word_entry(tx, then, partner_id, item, waiting)
    for each in waiting:
        # After two restores one number may have stood for two texts; the partner holds this one under it.
        if each.state == "sealed" and (each.place == placed.place or each.sequence == receipt.sequence):
            outgoing.take_back(tx.conn, each.id)
    outgoing.fix_envelope(
        tx.conn, placed.place, generation=receipt.generation, sequence=receipt.sequence, envelope=copy.envelope,
        digest=receipt.envelope_digest, now=then.now,
    )  # fmt: skip
    return placed, draft


def _read(tx: Transaction, envelope: bytes) -> LinkItem | None:
    if not envelope:
        return None
    try:
        return outbox.open_sent(tx, envelope)
    except TidegateError:
        return None


def _message_entry(
    tx: Transaction, partner_id: str, item: LinkItem, waiting: list[Outgoing]
) -> tuple[Outgoing, Mapping[str, Any]]:
    message = message_from_document(item.body["message"])
    if not isinstance(message, Message):
        raise problem(CopyRefused, "copy.message-old", because=message.code, copy=item.sequence)
    for entry in waiting:
        if entry.id == message.id:
            return entry, outbox.open_draft(tx, entry.draft)
    messages.rejoin(tx, message)
    body = {"message": message.to_document(), "proposal_id": "", "basis": "recovered"}
    entry = _queue(
        tx, partner_id, message.id, message.kind, body, agreement_id=message.agreement_id, pillar=message.pillar
    )
    return entry, {"kind": message.kind, "body": body}


def _word_entry(
    tx: Transaction, then: Transaction, partner_id: str, item: LinkItem, waiting: list[Outgoing]
) -> tuple[Outgoing, Mapping[str, Any]]:
    wanted = dump_canonical(dict(item.body))
    for entry in waiting:
        if entry.kind == item.kind and entry.agreement_id is None:
            draft = outbox.open_draft(tx, entry.draft)
            if dump_canonical(draft["body"]) == wanted:
                return entry, draft
    if item.kind in agreements.CARRIED_BY.values():
        stopped = agreements.say_again(then, item.kind, item.body)
        if stopped is not None:
            raise problem(CopyRefused, "copy.word-later", because=stopped.code, copy=item.sequence)
    body = dict(item.body)
    return _queue(tx, partner_id, new_id("item"), item.kind, body), {"kind": item.kind, "body": body}


def _queue(tx: Transaction, partner_id: str, item_id: str, kind: str, body: Mapping[str, Any], **told: str) -> Outgoing:
    outbox.queue_draft(
        tx, partner_id, item_id=item_id, kind=kind, body=body, agreement_id=told.get("agreement_id"),
        pillar=told.get("pillar"),
    )  # fmt: skip
    entry = outgoing.get(tx.conn, item_id)
    if entry is None:
        raise LookupError(f"the queue lost {item_id}")
    return entry
