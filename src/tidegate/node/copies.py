"""What we give back to a partner that was restored from a backup, and what its word about our items is worth to us.

The partner says in its hello how far it still knows both directions. From there on it gets our copies: its envelopes
with our receipts, ours with its receipts, in the order in which we saw them happen.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tidegate.exchange.copies import Copies, Copy, fill_page
from tidegate.exchange.link import LinkState
from tidegate.node.keyring import notices_of
from tidegate.node.node import Transaction
from tidegate.node.outbox import partner_notices
from tidegate.store import incoming, outgoing

PAGE_BYTES = 2 << 20


def copies_for(tx: Transaction, partner_id: str, hello: Mapping[str, Any]) -> Copies:
    """Return the next page of what the restored partner lacks. hello: the body of its hello, checked before."""
    ours: list[tuple[datetime, Copy]] = []
    theirs: list[tuple[datetime, Copy]] = []
    for held in incoming.received_after(tx.conn, partner_id, int(hello["acked_out"])):
        item_id = held.item_id if not held.outcome else ""
        copy = Copy(partner_id, held.sequence, item_id, held.envelope, held.receipt)
        theirs.append((held.received_at, copy))
    for sent in outgoing.receipted_from(tx.conn, partner_id, int(hello["next_in"])):
        if sent.acknowledged_at is not None:
            copy = Copy(tx.node.node_id, sent.sequence or 0, sent.id, sent.envelope or b"", sent.receipt or b"")
            ours.append((sent.acknowledged_at, copy))
    # A merge keeps each direction in the order of its numbers, whatever the clock did.
    merged = [copy for _, copy in heapq.merge(theirs, ours, key=lambda pair: pair[0])]
    page, left = fill_page(merged, most_bytes=PAGE_BYTES)
    notices = [data for _, data in notices_of(tx.conn, tx.node.node_id, tx.node.identity.root_public)]
    notices += [data for _, data in partner_notices(tx, partner_id)]
    return Copies(page, left, tuple(notices))


def count_receipts(tx: Transaction, state: LinkState, hello: Mapping[str, Any]) -> LinkState:
    """Return the state with every number counted as receipted that the partner says it holds and signed for.

    A restart takes the count back to what the restored partner still knew. Once it has its copies again, its next
    hello says so, and the receipts we kept all the while count again.
    """
    both = min(int(hello["next_in"]) - 1, outgoing.highest_receipted(tx.conn, state.partner), state.next_out - 1)
    return replace(state, acked_out=max(state.acked_out, both))
