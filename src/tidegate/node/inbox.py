"""Receiving: check who sent it, open it, take it once, and answer with a signed receipt; or refuse and keep only that.

Everything one item changes is written in one transaction with its receipt: after any crash either all of it is there
and the same bytes sent again get the same receipt, or none of it is and they are taken as new.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidegate.errors import TidegateError
from tidegate.exchange.copies import with_copies
from tidegate.exchange.hello import hear_hello, hello_item
from tidegate.exchange.link import LinkItem, LinkRefusal, item_from_document, receive
from tidegate.exchange.receipt import Receipt, check_receipt, write_receipt
from tidegate.gate.refusal import Refusal
from tidegate.node import agreements, effects, hellos, links, messages, refusals
from tidegate.node.copies import copies_for, count_receipts
from tidegate.node.keyring import keep_notice
from tidegate.node.node import Node, Transaction
from tidegate.node.outbox import RECEIPT_TYPE, REFUSAL_TYPE, envelope_digest, partner_notices
from tidegate.node.revoked_keys import learn_revocation, partner_revocations
from tidegate.store import incoming, restarts
from tidegate.store.audit_log import append
from tidegate.trust.canonical import dump_canonical, load_canonical
from tidegate.trust.dsse import sign
from tidegate.trust.envelope import open_sealed, read_header
from tidegate.trust.faults import KeyNoticeInvalid, NotARecipient
from tidegate.trust.ids import new_id
from tidegate.trust.key_notice import Revocation, require_valid
from tidegate.trust.keys import KeyNotice, open_key_notice
from tidegate.wording.problems import problem

MAX_ITEM = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DoorAnswer:
    """What the exchange door says: HTTP status and signed bytes (a receipt, a hello, or a refusal)."""

    status: int
    body: bytes


class CopyRefused(TidegateError):
    """A copy that a partner gave back to this restored node does not fit. Compare both logs with the partner."""

    code = "copy-refused"


class _Refused(Exception):
    """Undoes the transaction of an item that is not taken, carrying why."""

    def __init__(self, refusal: Refusal, receipt: bytes = b"") -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.receipt = receipt


def sender_of(tx: Transaction, key_id: str) -> tuple[str, KeyNotice] | None:
    """Return the confirmed partner whose newest notices name the key `key_id`, with that notice."""
    for partner_id in links.confirmed_partners(tx):
        for notice, _ in reversed(partner_notices(tx, partner_id)):
            if notice.key_id == key_id:
                return partner_id, notice
    return None


def take_item(node: Node, data: bytes) -> DoorAnswer:
    """Take one sealed envelope from the wire and return the answer to send back. Never raises for what a stranger sent."""
    digest = envelope_digest(data)
    partner_id = ""
    try:
        with node.transaction() as tx:
            header = read_header(data)
            found = sender_of(tx, header.sender_key_id)
            if found is None:
                raise _Refused(Refusal("sender-unknown"))
            partner_id, notice = found
            item = _open(tx, data, notice, partner_revocations(tx, partner_id))
            state = links.load_link(tx, partner_id, lock=True)
            if item.kind == "hello":
                return _answer_hello(tx, partner_id, notice, item)
            if restarts.open_restart(tx.conn, partner_id) is not None:
                raise _Refused(Refusal("link-restarting"))
            accepted = receive(state, item, digest)
            if isinstance(accepted, LinkRefusal):
                known = incoming.by_digest(tx.conn, digest)
                raise _Refused(accepted.to_refusal(), known.receipt if known else b"")
            _, size, root = append(tx.conn, links.log_of(partner_id, "in"), [bytes.fromhex(digest)])
            filed = _apply(tx, partner_id, item)
            links.save_link(tx, accepted.state)
            now = tx.now.replace(microsecond=0)
            receipt = write_receipt(
                item, envelope_digest=digest, received_at=now, log_size=size, log_root=root.hex(), outcome=filed[0]
            )
            working, _ = node.keys.current(tx.now)
            signed = sign(RECEIPT_TYPE, dump_canonical(receipt.to_document()), working)
            _keep(tx, partner_id, item, data, filed, signed)
            return DoorAnswer(200, signed)
    except _Refused as stopped:
        return _refuse(node, stopped.refusal, partner_id, digest, receipt=stopped.receipt)
    except TidegateError as problem:
        return _refuse(node, Refusal(problem.family), partner_id, digest)


def retake_item(tx: Transaction, partner_id: str, data: bytes, signed: bytes, receipt: Receipt) -> None:
    """Take again in a restored node what it took before, under the receipt it signed then.

    tx: stands at the instant of that receipt. signed: the receipt's bytes, whose signature was found to be ours.
    Raises CopyRefused when the copy is not the very next item or our gate judges it otherwise than it did.
    """
    found = sender_of(tx, read_header(data).sender_key_id)
    if found is None or found[0] != partner_id:
        raise problem(CopyRefused, "copy.sender-unknown", copy=receipt.sequence)
    try:
        item = _open(tx, data, found[1], partner_revocations(tx, partner_id))
    except _Refused as stopped:
        raise problem(CopyRefused, "copy.no-item", because=stopped.refusal.code, copy=receipt.sequence) from stopped
    digest = envelope_digest(data)
    accepted = receive(links.load_link(tx, partner_id, lock=True), item, digest)
    if isinstance(accepted, LinkRefusal):
        raise problem(
            CopyRefused, "copy.not-next", because=accepted.to_refusal().code, copy=item.sequence, partner=partner_id
        )
    wrong = check_receipt(receipt, item=item, envelope_digest=digest)
    _, size, root = append(tx.conn, links.log_of(partner_id, "in"), [bytes.fromhex(digest)])
    if wrong is not None or (size, root.hex()) != (receipt.log_size, receipt.log_root):
        raise problem(CopyRefused, "copy.receipt-other", copy=item.sequence, partner=partner_id)
    _keep(tx, partner_id, item, data, _apply_again(tx, partner_id, item, receipt.outcome), signed)
    links.save_link(tx, accepted.state)


def take_key_notice(node: Node, data: bytes) -> DoorAnswer:
    """Take a partner's newest key notice, which proves itself by its root, and answer with ours.

    This is how a link comes back after years: working keys of both sides have ended, the roots have not.
    """
    digest = envelope_digest(data)
    with node.transaction() as tx:
        for partner_id in links.confirmed_partners(tx):
            try:
                learn_key_notice(tx, partner_id, data)
            except TidegateError:
                continue
            node.keys.refresh()
            return DoorAnswer(200, node.keys.newest_notice)
    return _refuse(node, Refusal("sender-unknown"), "", digest)


def learn_key_notice(tx: Transaction, partner_id: str, data: bytes) -> KeyNotice:
    """Keep a partner's key notice if its enrolled root signed it. Raises SignatureInvalid or KeyNoticeInvalid."""
    root_public = base64.b64decode(tx.get("partner", partner_id)["root_public"])
    notice = open_key_notice(data, root_public=root_public)
    if notice.node_id != partner_id:
        raise problem(KeyNoticeInvalid, "link.notice-of-other", node=notice.node_id, partner=partner_id)
    known = {held.serial: held.key_id for held, _ in partner_notices(tx, partner_id)}
    if notice.serial in known:
        if known[notice.serial] != notice.key_id:
            raise problem(KeyNoticeInvalid, "link.serial-twice", partner=partner_id, serial=notice.serial)
        return notice
    keep_notice(tx.conn, data, notice, tx.now)
    tx.event("partner.keys-learned", partner_id, notice.key_id, serial=notice.serial)
    return notice


def _open(tx: Transaction, data: bytes, notice: KeyNotice, revoked: Sequence[Revocation]) -> LinkItem:
    """Return the item in a sealed envelope after every check of trust. Raises a TidegateError or _Refused."""
    require_valid(notice, tx.now, revoked)
    header = read_header(data)
    working = tx.node.keys.find(header.recipient_key_ids)
    if working is None:
        raise problem(NotARecipient, "link.not-our-keys")
    document = load_canonical(open_sealed(data, recipient=working, sender=notice))
    if not isinstance(document, dict):
        raise _Refused(Refusal("message-misshapen", {"field": "link item"}))
    item = item_from_document(document)
    if isinstance(item, Refusal):
        raise _Refused(item)
    return item


def _apply(tx: Transaction, partner_id: str, item: LinkItem) -> tuple[str, str, str]:
    """Do what the item says. Returns (outcome code or "", id, kind); a refused message leaves nothing but its refusal."""
    if item.kind == "message":
        taken = messages.take_message(tx, _mapping(item.body.get("message")), sender=partner_id)
        if isinstance(taken, Refusal):
            kind = str(_mapping(item.body.get("message")).get("kind", ""))[:60]
            key = refusals.keep(tx, taken, direction="in", partner_id=partner_id, digest="")
            return taken.code, key, kind
        message, admission = taken
        effects.apply(tx, message, admission, sender=partner_id)
        return "", message.id, message.kind
    item_id = f"{item.kind}-{partner_id}-{item.generation}-{item.sequence}"
    stopped: Refusal | None = None
    if item.kind in agreements.CARRIED_BY.values():
        stopped = agreements.heard(tx, item.kind, item.body, sender=partner_id)
    elif item.kind == "key_notice":
        learn_key_notice(tx, partner_id, str(item.body.get("notice", "")).encode())
        if item.body.get("revocation"):
            learn_revocation(tx, partner_id, str(item.body["revocation"]).encode())
    else:
        # Heads and statements of affairs are compared at the door, outside the count; see witnessing and links.
        stopped = Refusal("link-kind-unknown", {"kind": item.kind})
    if stopped is not None:
        refusals.keep(tx, stopped, direction="in", partner_id=partner_id, digest="")
        return stopped.code, item_id, item.kind
    return "", item_id, item.kind


def _apply_again(tx: Transaction, partner_id: str, item: LinkItem, outcome: str) -> tuple[str, str, str]:
    """Do what the item says once more; what our gate refused then stays refused, whatever it would say today."""

    class Undone(Exception):
        pass

    try:
        with tx.conn.transaction():
            filed = _apply(tx, partner_id, item)
            if filed[0] != outcome:
                raise Undone
            return filed
    except Undone:
        if not outcome:
            raise problem(
                CopyRefused, "copy.refused-now", because=filed[0], copy=item.sequence, partner=partner_id
            ) from None
    key = refusals.keep(tx, Refusal(outcome), direction="in", partner_id=partner_id, digest="")
    return outcome, key, str(_mapping(item.body.get("message")).get("kind", item.kind))[:60]


def _keep(
    tx: Transaction, partner_id: str, item: LinkItem, data: bytes, filed: tuple[str, str, str], signed: bytes
) -> None:
    """Keep one item under its number. filed: (outcome, id, kind); of a refused one only digest and receipt stay."""
    outcome, item_id, kind = filed
    incoming.keep(
        tx.conn,
        partner_id=partner_id,
        generation=item.generation,
        sequence=item.sequence,
        item_id=item_id,
        kind=kind,
        outcome=outcome,
        envelope=b"" if outcome else data,
        digest=envelope_digest(data),
        item=b"" if outcome else dump_canonical(item.to_document()),
        received_at=tx.now,
        receipt=signed,
    )
    tx.event("item.taken", partner_id, item_id, kind=kind, sequence=item.sequence, outcome=outcome)


def _answer_hello(tx: Transaction, partner_id: str, notice: KeyNotice, item: LinkItem) -> DoorAnswer:
    """Compare where both ends stand and answer with our own hello, sealed."""
    state = links.load_link(tx, partner_id, lock=True)
    restarted = item.body.get("restarted") is True
    if restarts.open_restart(tx.conn, partner_id) is not None and not restarted:
        raise _Refused(Refusal("link-restarting"))
    heard = hear_hello(state, item)
    if isinstance(heard, Refusal):
        raise _Refused(heard)
    after = count_receipts(tx, heard.state, item.body)
    links.save_link(tx, after)
    tx.event("link.hello", partner_id, state.link, verdict=heard.verdict)
    reply = hello_item(after, hello_id=new_id("hello"), answers=str(item.body["id"]))
    if restarted:
        reply = with_copies(reply, copies_for(tx, partner_id, item.body))
    elif hellos.we_forgot(tx, state, heard, item.body):
        restarts.begin_restart(tx.conn, partner_id, hello_id=new_id("restart"), at=tx.now)
        tx.event("link.restart-needed", "node", state.link, verdict=heard.verdict)
    return DoorAnswer(200, hellos.seal_hello(tx, reply, notice))


def _refuse(node: Node, refusal: Refusal, partner_id: str, digest: str, *, receipt: bytes = b"") -> DoorAnswer:
    """Keep the refusal and nothing else, and return it signed. A replayed item is answered with its stored receipt."""
    with node.transaction() as tx:
        refusals.keep(tx, refusal, direction="in", partner_id=partner_id, digest=digest)
        document = {"code": refusal.code, "params": dict(refusal.params), "digest": digest}
        working, _ = node.keys.current(tx.now)
        signed = sign(REFUSAL_TYPE, dump_canonical(document), working)
    if receipt:
        return DoorAnswer(208, receipt)
    return DoorAnswer(403 if refusal.code == "sender-unknown" else 409, signed)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
