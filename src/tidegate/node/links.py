"""The link to each partner: its state, its two logs, and the words both sides can compare."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from tidegate.errors import SettingsWrong
from tidegate.exchange.affairs import Direction, affairs_digest, statement_of_affairs
from tidegate.exchange.correspondence import correspondence_from_document
from tidegate.exchange.link import LinkState, state_from_document
from tidegate.gate.agreement_state import AgreementState
from tidegate.node.node import Transaction
from tidegate.store import links
from tidegate.store.audit_log import head
from tidegate.wording.problems import problem


def log_of(partner_id: str, direction: str) -> str:
    """Return the id of one direction's log: direction is "out" or "in", as seen from us."""
    return f"link/{partner_id}/{direction}"


def origin_of(link_id: str, sender: str) -> str:
    """Return the name of one direction's log in checkpoints; it is the same on both sides."""
    return f"tidegate/{link_id}/{sender}"


def open_link(tx: Transaction, partner_id: str) -> LinkState:
    """Begin the link to a confirmed partner, both directions at number 1."""
    roots = sorted((tx.node.identity.root_public, base64.b64decode(tx.get("partner", partner_id)["root_public"])))
    link_id = "link-" + hashlib.sha256(b"tidegate link\x00" + b"".join(roots)).hexdigest()[:24]
    state = LinkState(link=link_id, us=tx.node.node_id, partner=partner_id)
    links.put_link(tx.conn, partner_id, state.to_document())
    tx.event("link.opened", "node", link_id, partner=partner_id)
    return state


def load_link(tx: Transaction, partner_id: str, *, lock: bool = False) -> LinkState:
    """Return where the link stands. Raises SettingsWrong while the partner is not confirmed."""
    body = links.get_link(tx.conn, partner_id, lock=lock)
    if body is None:
        raise problem(SettingsWrong, "link-missing", partner=partner_id)
    return state_from_document(body)


def save_link(tx: Transaction, state: LinkState) -> None:
    """Write where the link stands."""
    links.put_link(tx.conn, state.partner, state.to_document())


def confirmed_partners(tx: Transaction) -> list[str]:
    """Return the partners that two officers have confirmed."""
    return links.linked_partners(tx.conn)


def directions(tx: Transaction, partner_id: str) -> list[Direction]:
    """Return both directions as shared knowledge: what is receipted, and the log head at that point."""
    state = load_link(tx, partner_id)
    out, into = head(tx.conn, log_of(partner_id, "out")), head(tx.conn, log_of(partner_id, "in"))
    return [
        Direction(state.us, state.generation, state.acked_out, out.size, out.root.hex()),
        Direction(state.partner, state.partner_generation, state.next_in - 1, into.size, into.root.hex()),
    ]


def affairs(tx: Transaction, agreement: AgreementState) -> dict[str, Any]:
    """Return the statement of affairs under one agreement, which the partner computes to the same bytes."""
    partner = agreement.agreement.other(tx.node.node_id).node_id
    threads = [
        correspondence_from_document(body["thread"])
        for _, body in tx.find("correspondence", agreement_id=agreement.agreement.id)
    ]
    return statement_of_affairs(agreement, directions(tx, partner), threads, as_of=tx.now)


__all__ = [
    "affairs",
    "affairs_digest",
    "confirmed_partners",
    "directions",
    "load_link",
    "log_of",
    "open_link",
    "origin_of",
    "save_link",
]
