"""Sending: drafts wait sealed to ourselves; at the moment of sending the gate is asked again and the item is sealed.

One thing is on the way at a time for each partner. Its bytes are fixed before they leave, and the same bytes go again
until the partner's signed receipt is back, so a lost answer never makes a second message.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tidegate.errors import TidegateError
from tidegate.exchange.link import LinkItem, acknowledge, item_from_document, next_item, sent
from tidegate.exchange.receipt import Receipt, check_receipt, receipt_from_document
from tidegate.gate.refusal import Refusal
from tidegate.node import links, refusals
from tidegate.node.keyring import notice_at, notices_of
from tidegate.node.node import Node, Transaction
from tidegate.store import outgoing, restarts
from tidegate.store.audit_log import append
from tidegate.trust.canonical import dump_canonical, load_canonical
from tidegate.trust.dsse import verify
from tidegate.trust.envelope import open_sealed, read_header, seal, seal_to_self
from tidegate.trust.ids import new_id, new_nonce
from tidegate.trust.keys import KeyNotice
from tidegate.wording.problems import problem

RECEIPT_TYPE = "application/vnd.tidegate.receipt+json"
REFUSAL_TYPE = "application/vnd.tidegate.refusal+json"
# A message that the partner's gate would not take today, but may on another day, goes back into the queue.
PASSING_REFUSALS = frozenset({"agreement-suspended", "agreement-not-in-force"})

RETRY_HOURS = 1
DRAFTS_AT_ONCE = 20

Judge = Callable[[Transaction, Mapping[str, Any]], Refusal | None]
Told = Callable[[Transaction, Mapping[str, Any], Receipt], None]


class PartnerAnswerWrong(TidegateError):
    """What the partner's door answered is neither a receipt nor a refusal signed by it. The item stays as it is."""

    code = "partner-answer-wrong"


@dataclass(frozen=True, slots=True)
class Ready:
    """One sealed envelope ready to go, under its number."""

    place: int
    item_id: str
    kind: str
    envelope: bytes
    sequence: int


def queue_link_item(tx: Transaction, partner_id: str, kind: str, body: Mapping[str, Any]) -> str:
    """Queue a link message. It needs an enrolled partner and no agreement."""
    item_id = new_id("item")
    queue_draft(tx, partner_id, item_id=item_id, kind=kind, body=body)
    return item_id


def queue_draft(
    tx: Transaction,
    partner_id: str,
    *,
    item_id: str,
    kind: str,
    body: Mapping[str, Any],
    agreement_id: str | None = None,
    pillar: str | None = None,
) -> None:
    """Put one draft, sealed to ourselves, at the end of a partner's queue."""
    links.load_link(tx, partner_id)
    working, _ = tx.node.keys.current(tx.now)
    draft = seal_to_self(dump_canonical({"kind": kind, "body": dict(body)}), working)
    outgoing.queue(
        tx.conn,
        item_id=item_id,
        partner_id=partner_id,
        kind=kind,
        draft=draft,
        now=tx.now,
        agreement_id=agreement_id,
        pillar=pillar,
    )


def prepare_next(node: Node, partner_id: str, *, judge: Judge) -> Ready | None:
    """Fix the next thing to send to a partner, or return the one already fixed; None when nothing may go.

    judge: asks the gate about a draft; a refusal keeps it in the queue. Link messages pass held drafts.
    """
    with node.transaction() as tx:
        links.load_link(tx, partner_id, lock=True)
        if restarts.open_restart(tx.conn, partner_id) is not None:
            return None  # a restored node has no numbers to give before its partner told it where it stands
        ready = fixed_items(tx, partner_id, most=1) or seal_drafts(tx, partner_id, judge=judge, most=1)
        return ready[0] if ready else None


def fixed_items(tx: Transaction, partner_id: str, *, most: int | None = None) -> list[Ready]:
    """Return what is sealed and not yet receipted, in order of its numbers."""
    entries = outgoing.fixed(tx.conn, partner_id, most=most)
    return [Ready(each.place, each.id, each.kind, each.envelope or b"", each.sequence or 0) for each in entries]


def seal_drafts(tx: Transaction, partner_id: str, *, judge: Judge, most: int) -> list[Ready]:
    """Give the first `most` drafts that may go their numbers and their bytes; fewer when no more may go."""
    ready: list[Ready] = []
    for entry in _drafts(tx, partner_id, first=most + DRAFTS_AT_ONCE):
        if len(ready) == most:
            break
        if entry.not_before is not None and entry.not_before > tx.now:
            continue
        draft = open_draft(tx, entry.draft)
        stopped = judge(tx, draft) if entry.agreement_id is not None else None
        if stopped is None:
            ready.append(_seal(tx, partner_id, entry, draft))
        elif entry.held_because != stopped.code:
            outgoing.hold(tx.conn, entry.place, stopped.code)
            tx.event("message.held", "node", entry.id, code=stopped.code)
    return ready


def _drafts(tx: Transaction, partner_id: str, *, first: int) -> Iterator[outgoing.Outgoing]:
    """Yield the drafts in order: a few from the front, and all of a long queue only when those may not go."""
    front = outgoing.drafts(tx.conn, partner_id, most=first)
    yield from front
    if len(front) == first:
        seen = {entry.place for entry in front}
        yield from (entry for entry in outgoing.drafts(tx.conn, partner_id) if entry.place not in seen)


def _seal(tx: Transaction, partner_id: str, entry: outgoing.Outgoing, draft: Mapping[str, Any]) -> Ready:
    """Give one draft its number and its bytes: from now on these very bytes are sent, however often and whichever way."""
    state = links.load_link(tx, partner_id, lock=True)
    is_message = entry.agreement_id is not None
    body = {"message": draft["body"]["message"]} if is_message else draft["body"]
    item = next_item(state, "message" if is_message else draft["kind"], body)
    notice = notice_at(partner_notices(tx, partner_id), tx.now)
    working, _ = tx.node.keys.current(tx.now)
    envelope = seal(
        dump_canonical(item.to_document()), sender=working, recipients=[notice, working], message_id=new_id("tgd")
    )
    digest = envelope_digest(envelope)
    links.save_link(tx, sent(state, item, digest))
    outgoing.fix_envelope(
        tx.conn,
        entry.place,
        generation=item.generation,
        sequence=item.sequence,
        envelope=envelope,
        digest=digest,
        now=tx.now,
    )
    tx.event("item.sealed", "node", entry.id, kind=entry.kind, sequence=item.sequence, partner=partner_id)
    return Ready(entry.place, entry.id, entry.kind, envelope, item.sequence)


def take_receipt(node: Node, partner_id: str, ready: Ready, data: bytes, *, told: Told) -> str:
    """Check and keep the partner's signed receipt. Returns "" or the code under which its gate refused the message.

    told: lets each use case note when its word was received. Raises PartnerAnswerWrong or SignatureInvalid.
    """
    with node.transaction() as tx:
        state = links.load_link(tx, partner_id, lock=True)
        entry = outgoing.get(tx.conn, ready.item_id)
        if entry is None or entry.place != ready.place or entry.state != "sealed":
            return ""  # the receipt was kept before: nothing to do a second time
        receipt = open_receipt(tx, partner_id, data)
        digest = envelope_digest(ready.envelope)
        item = LinkItem(state.link, state.us, partner_id, entry.generation or 0, entry.sequence or 0, "", "message", {})
        wrong = check_receipt(receipt, item=item, envelope_digest=digest)
        after = acknowledge(state, receipt.sequence)
        if wrong is not None or isinstance(after, Refusal):
            raise problem(PartnerAnswerWrong, "partner-answer.receipt-other", partner=partner_id, item=entry.sequence)
        _, size, root = append(tx.conn, links.log_of(partner_id, "out"), [bytes.fromhex(digest)])
        if (size, root.hex()) != (receipt.log_size, receipt.log_root):
            raise problem(PartnerAnswerWrong, "log-heads-differ", item=entry.sequence, partner=partner_id)
        links.save_link(tx, after)
        draft = open_draft(tx, entry.draft)
        tx.event(
            "item.receipted", "node", entry.id, sequence=receipt.sequence, partner=partner_id, outcome=receipt.outcome
        )
        if receipt.outcome:
            outgoing.refuse(tx.conn, entry.place, data, receipt.outcome, tx.now)
            if receipt.outcome in PASSING_REFUSALS and entry.agreement_id is not None:
                queue_again(tx, entry, receipt.outcome)
            return receipt.outcome
        outgoing.acknowledge(tx.conn, entry.place, data, tx.now)
        told(tx, draft, receipt)
        return ""


def take_refusal(node: Node, partner_id: str, ready: Ready, data: bytes) -> Refusal:
    """Check and keep a refusal signed by the partner's door: the item was not taken, and goes again later."""
    with node.transaction() as tx:
        notice = notice_at(partner_notices(tx, partner_id), tx.now)
        document = load_canonical(verify(data, notice, REFUSAL_TYPE))
        params = document.get("params") if isinstance(document, dict) else None
        if not isinstance(document, dict) or not isinstance(params, dict):
            raise problem(PartnerAnswerWrong, "partner-answer.refusal-no-code")
        refusal = Refusal(str(document.get("code")), {key: str(value) for key, value in params.items()})
        refusals.keep(tx, refusal, direction="out", partner_id=partner_id, digest=envelope_digest(ready.envelope))
        return refusal


def open_receipt(tx: Transaction, partner_id: str, data: bytes) -> Receipt:
    """Return a receipt whose signature is the partner's. Raises SignatureInvalid or PartnerAnswerWrong."""
    notices = partner_notices(tx, partner_id)
    refused: TidegateError | None = None
    for notice, _ in reversed(notices):
        try:
            document = load_canonical(verify(data, notice, RECEIPT_TYPE))
        except TidegateError as exc:
            refused = refused or exc
            continue
        receipt = receipt_from_document(document) if isinstance(document, dict) else None
        if isinstance(receipt, Receipt):
            return receipt
        raise problem(PartnerAnswerWrong, "partner-answer.no-receipt")
    raise refused or problem(PartnerAnswerWrong, "partner-answer.no-keys", partner=partner_id)


def open_draft(tx: Transaction, draft: bytes) -> dict[str, Any]:
    """Return a draft of ours: its kind and body."""
    document = load_canonical(tx.node.keys.open_own(draft))
    if not isinstance(document, dict):
        raise problem(PartnerAnswerWrong, "partner-answer.draft-strange")
    return document


def open_sent(tx: Transaction, envelope: bytes) -> LinkItem:
    """Return what an envelope of ours says: we are among its recipients, so it can be shown again."""
    working = tx.node.keys.find([read_header(envelope).sender_key_id])
    if working is not None:
        document = load_canonical(open_sealed(envelope, recipient=working, sender=working))
        item = item_from_document(document) if isinstance(document, dict) else None
        if isinstance(item, LinkItem):
            return item
    raise problem(PartnerAnswerWrong, "partner-answer.keys-gone")


def partner_notices(tx: Transaction, partner_id: str) -> list[tuple[KeyNotice, bytes]]:
    """Return the partner's key notices, oldest first, each checked against the root enrolled for it."""
    root_public = base64.b64decode(tx.get("partner", partner_id)["root_public"])
    return notices_of(tx.conn, partner_id, root_public)


def envelope_digest(envelope: bytes) -> str:
    """Return SHA-256 of the sealed bytes in hexadecimal: the name of an item in chains, receipts and logs."""
    return hashlib.sha256(envelope).hexdigest()


def request_stamp(node: Node) -> dict[str, Any]:
    """Return what signs one HTTP request: key id, machine time, a fresh nonce, and the signing function."""
    with node.transaction() as tx:
        working, _ = node.keys.current(tx.now)
    return {
        "key_id": working.key_id,
        "created": int(datetime.now(UTC).timestamp()),
        "nonce": new_nonce(),
        "sign": working.sign_ed25519,
    }


def queue_again(tx: Transaction, entry: outgoing.Outgoing, because: str) -> None:
    """Put a message that the partner's gate would not take today back to its place, to wait for a word about it."""
    outgoing.queue(
        tx.conn,
        item_id=entry.id,
        partner_id=entry.partner_id,
        kind=entry.kind,
        draft=entry.draft,
        now=tx.now,
        agreement_id=entry.agreement_id,
        pillar=entry.pillar,
        rank=entry.rank or entry.place,
        held_because=because,
        not_before=tx.now + timedelta(hours=RETRY_HOURS),
    )
