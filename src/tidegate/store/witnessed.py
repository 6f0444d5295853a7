"""What a witness keeps: who it is, whose logs it watches, and every head it signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tidegate.store.connect import Connection


@dataclass(frozen=True, slots=True)
class Seen:
    """The last head of one log that the witness signed."""

    origin: str
    size: int
    root: bytes
    note: str
    seen_at: datetime


def put_self(conn: Connection, name: str, key_locked: bytes, verifier: str, root_public: bytes, notice: bytes) -> None:
    """Write who this witness is, once."""
    conn.execute(
        "insert into witness.self (name, key_locked, verifier, root_public, notice) values (%s, %s, %s, %s, %s)",
        (name, key_locked, verifier, root_public, notice.decode()),
    )


def get_self(conn: Connection) -> tuple[str, bytes, bytes, bytes] | None:
    """Return (name, locked key, root public key, key notice), or None before init."""
    row = conn.execute("select name, key_locked, root_public, notice from witness.self").fetchone()
    return None if row is None else (row[0], bytes(row[1]), bytes(row[2]), row[3].encode())


def watch_node(conn: Connection, node_id: str, root_public: bytes) -> None:
    """Begin to watch the logs of a node, known by its root key. A known node keeps the root it has."""
    conn.execute(
        "insert into witness.watched (node_id, root_public) values (%s, %s) on conflict do nothing",
        (node_id, root_public),
    )


def watched(conn: Connection) -> dict[str, tuple[bytes, list[str]]]:
    """Return node id -> (root public key, its key notices, oldest first)."""
    rows = conn.execute("select node_id, root_public from witness.watched order by node_id").fetchall()
    found: dict[str, tuple[bytes, list[str]]] = {node_id: (bytes(root), []) for node_id, root in rows}
    for node_id, notice in conn.execute("select node_id, notice from witness.notice order by serial").fetchall():
        found[node_id][1].append(notice)
    return found


def put_notice(conn: Connection, node_id: str, serial: int, notice: str) -> None:
    """Keep a key notice of a watched node, once."""
    conn.execute(
        "insert into witness.notice (node_id, serial, notice) values (%s, %s, %s) on conflict do nothing",
        (node_id, serial, notice),
    )


def get_seen(conn: Connection, origin: str) -> Seen | None:
    """Return the last head signed of one log, locked until the transaction ends."""
    row = conn.execute(
        "select origin, size, root, note, seen_at from witness.seen where origin = %s for update", (origin,)
    ).fetchone()
    return None if row is None else Seen(row[0], row[1], bytes(row[2]), row[3], row[4])


def put_signed(
    conn: Connection, node_id: str, origin: str, size: int, root: bytes, note: str, cosignature: str, at: datetime
) -> None:
    """Keep a head just signed, as the last one and among all."""
    conn.execute(
        "insert into witness.seen (origin, node_id, size, root, note, seen_at) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (origin) do update set size = excluded.size, root = excluded.root, note = excluded.note,"
        " seen_at = excluded.seen_at",
        (origin, node_id, size, root, note, at),
    )
    conn.execute(
        "insert into witness.signed (origin, size, root, note, cosignature, at) values (%s, %s, %s, %s, %s, %s)",
        (origin, size, root, note, cosignature, at),
    )


def all_seen(conn: Connection) -> list[Seen]:
    """Return the last head of every watched log."""
    rows = conn.execute("select origin, size, root, note, seen_at from witness.seen order by origin").fetchall()
    return [Seen(row[0], row[1], bytes(row[2]), row[3], row[4]) for row in rows]


def signed_count(conn: Connection) -> int:
    """Return how many heads were signed in all."""
    row = conn.execute("select count(*) from witness.signed").fetchone()
    return int(row[0]) if row else 0
