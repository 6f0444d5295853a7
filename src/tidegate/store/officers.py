"""Officers of this node: who may sign in, and as what."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.store.connect import Connection


@dataclass(frozen=True, slots=True)
class Officer:
    """One officer. role: liaison drafts, second approves, secretariat keeps talks, operator runs the node."""

    id: str
    name: str
    role: str


def put_officer(conn: Connection, officer_id: str, name: str, role: str, code_hash: str) -> None:
    """Enrol an officer or give an enrolled one a new sign-in code."""
    conn.execute(
        "insert into node.officer (id, name, role, code_hash) values (%s, %s, %s, %s)"
        " on conflict (id) do update set name = excluded.name, role = excluded.role, code_hash = excluded.code_hash",
        (officer_id, name, role, code_hash),
    )


def get_officer(conn: Connection, officer_id: str) -> tuple[Officer, str] | None:
    """Return (officer, hash of the sign-in code), or None for one unknown or disabled."""
    row = conn.execute(
        "select id, name, role, code_hash from node.officer where id = %s and not disabled", (officer_id,)
    ).fetchone()
    return None if row is None else (Officer(row[0], row[1], row[2]), row[3])


def all_officers(conn: Connection) -> list[Officer]:
    """Return the officers who may sign in."""
    rows = conn.execute("select id, name, role from node.officer where not disabled order by id").fetchall()
    return [Officer(*row) for row in rows]
