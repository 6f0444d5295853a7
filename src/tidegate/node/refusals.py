"""Refusals: the only thing kept of what was not taken. Code, parameters, who, when, and the digest of the bytes."""

from __future__ import annotations

from tidegate.gate.refusal import Refusal
from tidegate.model.instants import format_instant
from tidegate.node.node import Transaction
from tidegate.trust.ids import new_id


def keep(tx: Transaction, refusal: Refusal, *, direction: str, partner_id: str, digest: str) -> str:
    """Keep one refusal. direction: "in" for what we refused, "out" for what a partner refused. Returns its id.

    partner_id: "" when nobody known sent it. digest: SHA-256 of the bytes refused, in hexadecimal.
    """
    key = new_id("refusal")
    body = {
        "code": refusal.code,
        "params": dict(refusal.params),
        "direction": direction,
        "partner_id": partner_id,
        "digest": digest,
        "at": format_instant(tx.now),
    }
    tx.put("refusal", key, body)
    tx.event("item.refused", partner_id or "unknown", key, code=refusal.code, direction=direction)
    return key
