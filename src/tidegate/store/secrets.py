"""Locked private keys. Only bytes that the trust floor has locked come here."""

from __future__ import annotations

from datetime import datetime

from tidegate.errors import SettingsWrong
from tidegate.store.connect import Connection
from tidegate.wording.problems import problem


def put_secret(conn: Connection, name: str, locked: bytes, now: datetime) -> None:
    """Keep a new locked secret. A name is used once: secrets are never replaced in place."""
    conn.execute("insert into node.secret (name, locked, made_at) values (%s, %s, %s)", (name, locked, now))


def get_secret(conn: Connection, name: str) -> bytes:
    """Return a locked secret. Raises SettingsWrong when this node has none of that name."""
    row = conn.execute("select locked from node.secret where name = %s", (name,)).fetchone()
    if row is None:
        raise problem(SettingsWrong, "store.no-secret", name=name)
    return bytes(row[0])


def working_secrets(conn: Connection) -> list[tuple[str, bytes]]:
    """Return (name, locked bytes) of all working keys, oldest first."""
    rows = conn.execute("select name, locked from node.secret where name like 'working/%' order by name").fetchall()
    return [(name, bytes(locked)) for name, locked in rows]


def newest_serial(conn: Connection) -> int:
    """Return the serial of the newest working keys, 0 when there are none."""
    names = [name for name, _ in working_secrets(conn)]
    return int(names[-1].removeprefix("working/")) if names else 0
