"""Restarts: which links of a restored node still wait for the partner's word, and when the node was restored."""

from __future__ import annotations

from datetime import datetime

from tidegate.store.connect import Connection


def note_restoration(conn: Connection, *, restored_at: datetime, backup_made_at: str) -> None:
    """Note that this database was filled from a backup, as owner."""
    conn.execute(
        "insert into node.restoration (restored_at, backup_made_at) values (%s, %s)", (restored_at, backup_made_at)
    )


def restorations(conn: Connection) -> list[datetime]:
    """Return when this database was filled from a backup, oldest first; empty for one that never was."""
    return [row[0] for row in conn.execute("select restored_at from node.restoration order by restored_at").fetchall()]


def begin_restart(conn: Connection, partner_id: str, *, hello_id: str, at: datetime) -> None:
    """Close the link to a partner until its answer to the hello `hello_id` is adopted; an open restart stays."""
    conn.execute(
        "insert into node.restart (hello_id, partner_id, began_at) values (%s, %s, %s)"
        " on conflict (partner_id) where adopted_at is null do nothing",
        (hello_id, partner_id, at),
    )


def open_restart(conn: Connection, partner_id: str) -> str | None:
    """Return the hello id under which a restart waits for this partner's answer, or None."""
    row = conn.execute(
        "select hello_id from node.restart where partner_id = %s and adopted_at is null", (partner_id,)
    ).fetchone()
    return None if row is None else str(row[0])


def end_restart(conn: Connection, hello_id: str, *, at: datetime) -> None:
    """Note that the partner's answer was adopted: the link works again."""
    conn.execute("update node.restart set adopted_at = %s where hello_id = %s and adopted_at is null", (at, hello_id))
