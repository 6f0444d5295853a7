"""Officers who left stay in the list, disabled: what they did must go on being told by their name."""

from __future__ import annotations

from tidegate.store.connect import Connection
from tidegate.store.officers import Officer


def officers_with_state(conn: Connection) -> list[tuple[Officer, bool]]:
    """Return every officer ever enrolled, with whether sign-in is disabled."""
    rows = conn.execute("select id, name, role, disabled from node.officer order by id").fetchall()
    return [(Officer(*row[:3]), bool(row[3])) for row in rows]


def disable_officer(conn: Connection, officer_id: str) -> bool:
    """Close sign-in for an officer. Returns False when none of that id may sign in now."""
    changed = conn.execute("update node.officer set disabled = true where id = %s and not disabled", (officer_id,))
    return changed.rowcount == 1
