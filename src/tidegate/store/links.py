"""Where each link stands. One row a partner, locked while something is sent or taken."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from tidegate.store.connect import Connection


def get_link(conn: Connection, partner_id: str, *, lock: bool = False) -> dict[str, Any] | None:
    """Return the state of one link, or None before enrolment was confirmed."""
    plain, locking = "select body from node.link where partner_id = %s", " for update"
    row = conn.execute(f"{plain}{locking if lock else ''}", (partner_id,)).fetchone()
    return None if row is None else row[0]


def put_link(conn: Connection, partner_id: str, body: dict[str, Any]) -> None:
    """Write the state of one link."""
    conn.execute(
        "insert into node.link (partner_id, body) values (%s, %s) on conflict (partner_id) do update set body = excluded.body",
        (partner_id, Jsonb(body)),
    )


def linked_partners(conn: Connection) -> list[str]:
    """Return the partners we have a link with, in order of their ids."""
    return [row[0] for row in conn.execute("select partner_id from node.link order by partner_id").fetchall()]
