"""Revocations as a node holds them: its own and its partners', each signed by the root of whose keys it ends."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from tidegate.node.node import Transaction
from tidegate.store.connect import Connection
from tidegate.store.documents import find
from tidegate.trust.faults import KeyNoticeInvalid
from tidegate.trust.key_notice import Revocation, open_revocation
from tidegate.wording.problems import problem


def keep_revocation(tx: Transaction, data: bytes, *, root_public: bytes) -> Revocation:
    """Keep a revocation that the root signed. Raises SignatureInvalid, KeyNoticeInvalid."""
    revocation = open_revocation(data, root_public=root_public)
    key = f"{revocation.node_id}/{revocation.serial:06d}/revoked"
    # The field `node_id` is that of key notices alone: it is how they are found.
    tx.put("key_notice", key, {"revokes_of": revocation.node_id, "revocation": data.decode()})
    return revocation


def learn_revocation(tx: Transaction, partner_id: str, data: bytes) -> Revocation:
    """Keep a partner's word that its keys have ended. Raises SignatureInvalid, or KeyNoticeInvalid for another's."""
    root_public = base64.b64decode(tx.get("partner", partner_id)["root_public"])
    revocation = open_revocation(data, root_public=root_public)
    if revocation.node_id != partner_id:
        raise problem(KeyNoticeInvalid, "link.revocation-of-other", node=revocation.node_id, partner=partner_id)
    keep_revocation(tx, data, root_public=root_public)
    tx.event("partner.keys-revoked", partner_id, revocation.key_id, reason=revocation.reason)
    return revocation


def revocations_of(conn: Connection, node_id: str, root_public: bytes) -> list[Revocation]:
    """Return the revocations of one node's keys, in order of making, each checked against its root."""
    return [
        open_revocation(body["revocation"].encode(), root_public=root_public)
        for _, body in find(conn, "key_notice", revokes_of=node_id)
    ]


def partner_revocations(tx: Transaction, partner_id: str) -> Sequence[Revocation]:
    """Return the revocations of a partner's keys that are known here."""
    root_public = base64.b64decode(tx.get("partner", partner_id)["root_public"])
    return revocations_of(tx.conn, partner_id, root_public)
