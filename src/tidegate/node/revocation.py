"""Ending keys before their day: the root signs a revocation, every partner is told, and new keys take over.

The word goes as a key notice that brings its revocation along: the new keys and the end of the old ones are one message.
"""

from __future__ import annotations

from tidegate.errors import SettingsWrong, TidegateError
from tidegate.model.instants import format_instant
from tidegate.node import courier, keys, links, outbox
from tidegate.node.node import Node
from tidegate.node.revoked_keys import keep_revocation, revocations_of
from tidegate.store import secrets
from tidegate.trust.key_notice import REVOCATION_REASONS, Revocation, make_revocation
from tidegate.trust.keys import RootKey, unlock_secret
from tidegate.wording.problems import problem


def revoke_keys(node: Node, passphrase: str, key_id: str, *, reason: str, officer: str) -> Revocation:
    """End the working keys `key_id` now, keep the signed word of it, and queue it for every partner.

    The newest keys are replaced by new ones first, so that the node never stands without. reason: compromised, lost or
    retired. What was logged before stays valid. Raises SettingsWrong for a key of no notice here, or one ended before.
    """
    if reason not in REVOCATION_REASONS:
        raise problem(
            SettingsWrong, "option.unknown", option="--reason", value=reason, allowed=", ".join(REVOCATION_REASONS)
        )
    known = keys.list_keys(node.folder)
    if key_id not in {each["key_id"] for each in known}:
        raise problem(SettingsWrong, "key.unknown", key=key_id)
    if known[-1]["key_id"] == key_id:
        keys.renew_keys(node.folder, passphrase)
    node.keys.refresh()
    with node.transaction() as tx:
        if any(each.key_id == key_id for each in revocations_of(tx.conn, node.node_id, node.identity.root_public)):
            raise problem(SettingsWrong, "key.revoked-before", key=key_id)
        root = RootKey.from_bytes(unlock_secret(secrets.get_secret(tx.conn, "root"), passphrase))
        serial = next(each["serial"] for each in known if each["key_id"] == key_id)
        data = make_revocation(
            root, node_id=node.node_id, serial=serial, key_id=key_id, revoked_at=tx.now.replace(microsecond=0),
            reason=reason,
        )  # fmt: skip
        revocation = keep_revocation(tx, data, root_public=node.identity.root_public)
        tx.event("keys.revoked", officer, key_id, serial=serial, reason=reason)
        for partner_id in links.confirmed_partners(tx):
            body = {"notice": node.keys.newest_notice.decode(), "revocation": data.decode()}
            outbox.queue_link_item(tx, partner_id, "key_notice", body)
    return revocation


def revoked_keys(node: Node) -> dict[str, str]:
    """Return key id -> instant of each of our revoked keys."""
    with node.transaction() as tx:
        found = revocations_of(tx.conn, node.node_id, node.identity.root_public)
    return {each.key_id: format_instant(each.revoked_at) for each in found}


def tell_partners(node: Node) -> dict[str, str]:
    """Give every partner our newest keys now. Returns partner id -> "" or the code of what stood in the way."""
    with node.transaction() as tx:
        partners = links.confirmed_partners(tx)
    told = {}
    for partner_id in partners:
        try:
            courier.trade_key_notices(node, partner_id)
            told[partner_id] = ""
        except TidegateError as problem:
            told[partner_id] = problem.family
    return told
