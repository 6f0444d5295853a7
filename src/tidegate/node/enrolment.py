"""Enrolling a partner: two files carried by hand, eight words read aloud, two officers on each side.

The invite and its answer have the same form: who we are, our root key, the newest key notice, where our exchange door
is and its certificate. The file proves nothing by itself; the words, read aloud at a meeting, do.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.model.agency import Agency
from tidegate.model.instants import format_instant
from tidegate.node import links
from tidegate.node.keyring import keep_notice
from tidegate.node.node import Node, Transaction
from tidegate.trust.canonical import dump_canonical, load_canonical
from tidegate.trust.dsse import sign, verify
from tidegate.trust.keys import eight_words, open_key_notice
from tidegate.wording.problems import problem

INVITE_TYPE = "application/vnd.tidegate.invite+json"
OFFICERS_NEEDED = 2
MAX_FILE = 64 * 1024


class WordsDiffer(TidegateError):
    """The words read aloud are not those of the two root keys: somebody stands between."""

    code = "words-differ"


def make_invite(node: Node) -> bytes:
    """Return the file to hand to a partner, as an invite or as the answer to one."""
    with node.transaction() as tx:
        working, _ = node.keys.current(tx.now)
        payload = {
            "v": 1,
            "node_id": node.node_id,
            "agency": asdict(node.agency),
            "suite": node.identity.suite,
            "root_public": base64.b64encode(node.identity.root_public).decode(),
            "key_notice": node.keys.newest_notice.decode(),
            "exchange_url": node.settings.exchange_url,
            "certificate": node.identity.certificate_pem.decode(),
            "invented": node.identity.invented,
            "made_at": format_instant(tx.now),
        }
        tx.event("partner.invite-made", "node", node.node_id)
        return sign(INVITE_TYPE, dump_canonical(payload), working)


def accept_invite(node: Node, data: bytes, *, officer: str) -> tuple[str, tuple[str, ...]]:
    """Read a partner's file and return (partner id, the eight words to read aloud). Nothing is trusted yet."""
    if len(data) > MAX_FILE:
        raise problem(InputUnreadable, "invite.too-large", most=MAX_FILE, size=len(data))
    payload = _open_invite(data)
    partner_id = payload["node_id"]
    if partner_id == node.node_id:
        raise problem(InputUnreadable, "invite.own")
    root_public = base64.b64decode(payload["root_public"])
    notice_bytes = payload["key_notice"].encode()
    words = eight_words(node.identity.root_public, root_public)
    with node.transaction() as tx:
        body = {
            "agency": payload["agency"],
            "suite": payload["suite"],
            "root_public": payload["root_public"],
            "exchange_url": payload["exchange_url"],
            "certificate": payload["certificate"],
            "invented": payload["invented"],
            "words": " ".join(words),
            "state": "accepted",
            "confirmed_by": [],
        }
        if any(key == partner_id for key, _ in tx.find("partner")):
            known = tx.get("partner", partner_id)
            if known["root_public"] != payload["root_public"]:
                raise problem(WordsDiffer, "partner.other-root", partner=partner_id)
            body["state"], body["confirmed_by"] = known["state"], known["confirmed_by"]
        tx.put("partner", partner_id, body)
        keep_notice(tx.conn, notice_bytes, open_key_notice(notice_bytes, root_public=root_public), tx.now)
        tx.event("partner.accepted", officer, partner_id)
    return partner_id, words


def confirm_partner(node: Node, partner_id: str, words: str, *, officer: str) -> bool:
    """Record that one officer heard the eight words. Returns True once two officers have: the link is then open.

    Raises WordsDiffer when the words are not ours.
    """
    with node.transaction() as tx:
        body = tx.get("partner", partner_id, lock=True)
        if words.lower().split() != body["words"].split():
            tx_words = len(words.split())
            raise problem(WordsDiffer, "words-differ", words=tx_words)
        if officer not in body["confirmed_by"]:
            body["confirmed_by"] = [*body["confirmed_by"], officer]
        opened = len(body["confirmed_by"]) >= OFFICERS_NEEDED
        first = opened and body["state"] != "confirmed"
        if opened:
            body["state"] = "confirmed"
        tx.put("partner", partner_id, body)
        tx.event("partner.confirmed", officer, partner_id, officers=len(body["confirmed_by"]))
        if first:
            links.open_link(tx, partner_id)
        return opened


def partner_name(tx: Transaction, partner_id: str, lang: str) -> str:
    """Return the partner agency's name in `lang`."""
    return Agency(**tx.get("partner", partner_id)["agency"]).name(lang)


def _open_invite(data: bytes) -> dict[str, Any]:
    """Return the payload of an invite whose signature, notice and root agree among themselves."""
    try:
        outer = load_canonical_or_json(data)
        inner = load_canonical(base64.b64decode(outer["payload"]))
        if not isinstance(inner, dict):
            raise TypeError("not an object")
        root_public = base64.b64decode(str(inner["root_public"]))
        notice = open_key_notice(str(inner["key_notice"]).encode(), root_public=root_public)
        checked = load_canonical(verify(data, notice, INVITE_TYPE))
        if not isinstance(checked, dict) or notice.node_id != checked["node_id"] or checked["v"] != 1:
            raise ValueError("the invite and its key notice name different nodes")
        Agency(**checked["agency"])  # type: ignore[arg-type]
    except TidegateError:
        raise
    except (ValueError, KeyError, TypeError) as exc:
        raise problem(InputUnreadable, "invite.no-invite", why=exc) from exc
    return checked


def load_canonical_or_json(data: bytes) -> dict[str, Any]:
    """Return the outer envelope of an invite as an object."""
    import json

    loaded = json.loads(data)
    if not isinstance(loaded, dict):
        raise TypeError("not an object")
    return loaded
