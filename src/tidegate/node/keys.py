"""Keys of a node from the operator's side: what is held, and new working keys from the root."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from tidegate.model.event import Event, Scalar
from tidegate.model.instants import format_instant
from tidegate.node import clock, keyring
from tidegate.node.database import database_server
from tidegate.node.settings import read_settings
from tidegate.store import identity
from tidegate.store.audit_log import append_event
from tidegate.store.connect import connect
from tidegate.wire.http import certificate_digest

RENEW_BEFORE_DAYS = 14


def renew_keys(folder: Path, passphrase: str, *, only_if_ending: bool = False) -> int:
    """Make new working keys signed by the root. Running processes take them by themselves. Returns how many were made.

    only_if_ending: do nothing while the newest keys are good for more than RENEW_BEFORE_DAYS days.
    """
    server = database_server(folder, read_settings(folder))
    with connect(server.dsn("owner")) as conn, conn.transaction():
        who = identity.get_identity(conn)
        now = clock.now(conn)
        newest = keyring.notices_of(conn, who.node_id, who.root_public)[-1][0]
        if only_if_ending and newest.valid_until - now > timedelta(days=RENEW_BEFORE_DAYS):
            return 0
        notice = keyring.rotate(
            conn,
            node_id=who.node_id,
            passphrase=passphrase,
            certificate_digest=certificate_digest(who.certificate_pem),
            now=now,
        )
        facts: dict[str, Scalar] = {"serial": notice.serial, "until": format_instant(notice.valid_until)}
        append_event(conn, Event("keys.renewed", now, "operator", notice.key_id, facts))
        return 1


def list_keys(folder: Path) -> list[dict[str, Any]]:
    """Return every key notice of this node: serial, key id, from and until."""
    server = database_server(folder, read_settings(folder))
    with connect(server.dsn("owner")) as conn:
        who = identity.get_identity(conn)
        return [
            {
                "serial": notice.serial,
                "key_id": notice.key_id,
                "suite": notice.suite,
                "from": format_instant(notice.valid_from),
                "until": format_instant(notice.valid_until),
            }
            for notice, _ in keyring.notices_of(conn, who.node_id, who.root_public)
        ]
