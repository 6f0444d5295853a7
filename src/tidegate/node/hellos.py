"""Hellos on the wire: sealed like any item, outside the count, and what they reveal about a node that has forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidegate.exchange.hello import Heard, must_restart
from tidegate.exchange.link import LinkItem, LinkState, item_from_document
from tidegate.node import outbox
from tidegate.node.keyring import notice_at
from tidegate.node.node import Transaction
from tidegate.store import outgoing
from tidegate.trust.canonical import dump_canonical, load_canonical
from tidegate.trust.envelope import open_sealed, read_header, seal
from tidegate.trust.ids import new_id
from tidegate.trust.keys import KeyNotice
from tidegate.wording.problems import problem


def seal_hello(tx: Transaction, item: LinkItem, notice: KeyNotice | None = None) -> bytes:
    """Return a hello sealed for its recipient. notice: the keys it used itself; by default its newest valid ones."""
    to = notice if notice is not None else notice_at(outbox.partner_notices(tx, item.recipient), tx.now)
    working, _ = tx.node.keys.current(tx.now)
    return seal(dump_canonical(item.to_document()), sender=working, recipients=[to], message_id=new_id("tgd"))


def open_hello(tx: Transaction, partner_id: str, data: bytes) -> LinkItem:
    """Return the hello a partner answered with. Raises PartnerAnswerWrong when it is none that we can open."""
    header = read_header(data)
    working = tx.node.keys.find(header.recipient_key_ids)
    notices = [notice for notice, _ in outbox.partner_notices(tx, partner_id) if notice.key_id == header.sender_key_id]
    if working is not None and notices:
        document = load_canonical(open_sealed(data, recipient=working, sender=notices[0]))
        item = item_from_document(document) if isinstance(document, dict) else None
        if isinstance(item, LinkItem) and item.kind == "hello":
            return item
    raise problem(outbox.PartnerAnswerWrong, "link.hello-sealed-otherwise", partner=partner_id)


def we_forgot(tx: Transaction, state: LinkState, heard: Heard, hello: Mapping[str, Any]) -> bool:
    """Tell whether this node must restart: the partner holds what we sent or signed and know no more.

    That happens when a database was put back from outside, without `restore`, which marks its links itself.
    """
    first_due = _sent_under(tx, state.partner, heard.resend_from) if heard.resend_from is not None else None
    return must_restart(heard, first_due) or int(hello["acked_out"]) >= state.next_in


def _sent_under(tx: Transaction, partner_id: str, sequence: int) -> LinkItem | None:
    for entry in [*outgoing.waiting(tx.conn, partner_id), *outgoing.receipted_from(tx.conn, partner_id, sequence)]:
        if entry.sequence == sequence and entry.envelope is not None:
            return outbox.open_sent(tx, entry.envelope)
    return None
