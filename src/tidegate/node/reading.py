"""What was received and what we sent, opened and read as messages."""

from __future__ import annotations

from tidegate.exchange.link import LinkItem, item_from_document
from tidegate.exchange.message import Message, message_from_document
from tidegate.node import links, outbox
from tidegate.node.node import Transaction
from tidegate.store import incoming, outgoing
from tidegate.trust.canonical import load_canonical


def received_messages(tx: Transaction, partner_id: str | None = None) -> list[Message]:
    """Return every message a partner told us and our gate admitted, in order of its number."""
    found = []
    for partner in [partner_id] if partner_id else links.confirmed_partners(tx):
        for held in incoming.all_received(tx.conn, partner):
            document = load_canonical(held.item) if held.item else None
            item = item_from_document(document) if isinstance(document, dict) else None
            if isinstance(item, LinkItem) and item.kind == "message":
                message = message_from_document(item.body["message"])
                if isinstance(message, Message):
                    found.append(message)
    return found


def sent_messages(tx: Transaction, partner_id: str) -> list[Message]:
    """Return every message of ours that a partner holds, in order of its number."""
    found = []
    for entry in outgoing.all_sent(tx.conn, partner_id):
        if entry.state != "acknowledged" or entry.agreement_id is None:
            continue
        message = message_from_document(outbox.open_draft(tx, entry.draft)["body"]["message"])
        if isinstance(message, Message):
            found.append(message)
    return found
