"""Messages: from a disclosure into the queue, from the wire into the files, and the thread each belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tidegate.exchange.correspondence import (
    Correspondence,
    add_turn,
    confirm_turn,
    correspondence_from_document,
    open_correspondence,
    read_clocks,
    record_silence,
)
from tidegate.exchange.message import Message, draft_message, message_from_document
from tidegate.exchange.told import tell_statement
from tidegate.gate.admission import Admission, admit
from tidegate.gate.disclosure import Disclosure
from tidegate.gate.refusal import Refusal
from tidegate.model.deadline import ClockReading
from tidegate.model.instants import parse_instant
from tidegate.node import agreements, outbox
from tidegate.node.node import Node, Transaction
from tidegate.store import documents
from tidegate.trust.ids import new_id, new_nonce
from tidegate.trust.salted_digests import digest_statements


def queue_disclosure(tx: Transaction, disclosure: Disclosure, *, actor: str) -> Message:
    """Draft the message that tells what a disclosure lets go, and put it at the end of the partner's queue.

    The message's ids are fresh for this recipient. Its digest list binds us to every statement of the proposal,
    so that one shown later can be checked against what was fixed now.
    """
    fixed = (*disclosure.goes, *(each.statement for each in disclosure.withheld if each.partner_will_know))
    told_ids = {each.id: new_id("told") for each in fixed}
    subject_ids = {subject: new_id("subj") for subject in sorted({each.subject for each in fixed})}
    items = [
        tell_statement(each, new_id=told_ids[each.id], subject=subject_ids[each.subject]).to_item() for each in fixed
    ]
    secret = new_nonce() + new_nonce()
    digests = digest_statements(items, bytes.fromhex(secret))
    thread = _thread_for(tx, disclosure.in_reply_to)
    message = draft_message(
        disclosure,
        message_id=new_id("msg"),
        correspondence_id=thread.id if thread else new_id("corr"),
        statement_ids=told_ids,
        subject_ids=subject_ids,
        created_at=tx.now.replace(microsecond=0),
        case_ref=new_id("ref"),
        salts={told_ids[each.id]: salt.hex() for each, salt in zip(fixed, digests.salts, strict=True)},
        digests=digests.hex_digests,
    )
    thread = _join(tx, message, thread, case_id=disclosure.case_id, by=tx.node.node_id, at=None)
    outbox.queue_draft(
        tx,
        disclosure.recipient,
        item_id=message.id,
        kind=message.kind,
        body={
            "message": message.to_document(),
            "proposal_id": disclosure.proposal_id,
            "basis": disclosure.basis,
            # What a later showing of a withheld statement needs; it lies sealed to ourselves with the draft.
            "fixed": {"secret": secret, "told_ids": told_ids, "subject_ids": subject_ids},
        },
        agreement_id=disclosure.agreement_id,
        pillar=disclosure.pillar,
    )
    event = disclosure.to_event(actor)
    tx.event(event.kind, event.actor, event.subject, **dict(event.facts))
    tx.event("message.queued", actor, message.id, kind=message.kind, correspondence=thread.id)
    return message


def take_message(tx: Transaction, document: Mapping[str, Any], *, sender: str) -> tuple[Message, Admission] | Refusal:
    """Judge a message proven to come from `sender` and file it. Returns the refusal when it may not be filed."""
    message = message_from_document(document)
    if isinstance(message, Refusal):
        return message
    known = dict(tx.find("agreement"))
    state = agreements.load(tx, message.agreement_id) if message.agreement_id in known else None
    admission = admit(message, state, sender=sender, now=tx.now)
    if isinstance(admission, Refusal):
        return admission
    thread = _thread_of(tx, message.correspondence_id)
    if thread is not None:
        grown = add_turn(thread, message, by=sender, at=tx.now.replace(microsecond=0))
        if isinstance(grown, Refusal):
            return grown
    _join(tx, message, thread, case_id="", by=sender, at=tx.now.replace(microsecond=0))
    event = admission.to_event()
    tx.event(event.kind, event.actor, event.subject, **dict(event.facts))
    return message, admission


def rejoin(tx: Transaction, message: Message) -> None:
    """File a message of ours that a restored node has forgotten and the partner holds; its case is not known any more."""
    thread = _thread_of(tx, message.correspondence_id)
    if thread is None or all(turn.message_id != message.id for turn in thread.turns):
        _join(tx, message, thread, case_id="", by=tx.node.node_id, at=None)


def receipt_came(tx: Transaction, message: Mapping[str, Any], received_at: str) -> None:
    """Note in the thread when the partner received our message: both clocks count from that day."""
    thread = _thread_of(tx, str(message["correspondence"]))
    if thread is not None:
        _save(tx, confirm_turn(thread, str(message["id"]), parse_instant(received_at)))


def threads(tx: Transaction) -> list[tuple[Correspondence, dict[str, Any]]]:
    """Return every correspondence with its document (case and partner), in order of making."""
    found = []
    for _, body in tx.find("correspondence"):
        found.append((correspondence_from_document(body["thread"]), body))
    return found


def clocks(tx: Transaction, thread: Correspondence) -> Sequence[ClockReading]:
    """Return both clocks of a thread, now."""
    return read_clocks(thread, agreements.load(tx, thread.agreement_id), now=tx.now)


def note_silences(node: Node) -> int:
    """Record every window that closed without an answer. Returns how many were."""
    with node.transaction() as tx:
        number = 0
        for thread, _ in threads(tx):
            found = record_silence(thread, agreements.load(tx, thread.agreement_id), now=tx.now)
            if found is not None:
                silent, event = found
                _save(tx, silent)
                tx.event(event.kind, event.actor, event.subject, **dict(event.facts))
                number += 1
        return number


def _thread_for(tx: Transaction, in_reply_to: str) -> Correspondence | None:
    if not in_reply_to:
        return None
    for thread, _ in threads(tx):
        if any(turn.message_id == in_reply_to for turn in thread.turns):
            return thread
    return None


def _thread_of(tx: Transaction, correspondence_id: str) -> Correspondence | None:
    held = documents.get(tx.conn, "correspondence", correspondence_id)
    return correspondence_from_document(held["thread"]) if held is not None else None


def _join(
    tx: Transaction, message: Message, thread: Correspondence | None, *, case_id: str, by: str, at: datetime | None
) -> Correspondence:
    if thread is None:
        grown: Correspondence | Refusal = open_correspondence(message, by=by, at=at)
    else:
        grown = add_turn(thread, message, by=by, at=at)
    if isinstance(grown, Refusal):
        raise ValueError(f"the thread takes no such turn: {grown.code}")
    known = documents.get(tx.conn, "correspondence", grown.id) or {}
    body = {
        "agreement_id": grown.agreement_id,
        "case_id": known.get("case_id") or case_id,
        "thread": grown.to_document(),
    }
    tx.put("correspondence", grown.id, body)
    return grown


def _save(tx: Transaction, thread: Correspondence) -> None:
    body = tx.get("correspondence", thread.id, lock=True)
    tx.put("correspondence", thread.id, {**body, "thread": thread.to_document()})
