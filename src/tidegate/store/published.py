"""What the public may read, and what the public tells us. The public role is granted these tables and no others."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from tidegate.store.connect import Connection


def put_entry(conn: Connection, key: str, body: dict[str, Any]) -> None:
    """Publish one entry. An entry is never changed: what corrects it is another entry."""
    conn.execute("insert into published.entry (id, body) values (%s, %s)", (key, Jsonb(body)))


def all_entries(conn: Connection) -> list[dict[str, Any]]:
    """Return every entry, in the order they were published."""
    return [row[0] for row in conn.execute("select body from published.entry order by made").fetchall()]


def entry_count(conn: Connection) -> int:
    """Return how many entries have been published."""
    row = conn.execute("select count(*) from published.entry").fetchone()
    return int(row[0]) if row else 0


def keep_error_report(conn: Connection, line: str, words: str, reply_to: str) -> int:
    """Keep what a reader says is wrong, and return the number given to it."""
    row = conn.execute(
        "insert into published.error_report (line, words, reply_to) values (%s, %s, %s) returning number",
        (line, words, reply_to),
    ).fetchone()
    return int(row[0]) if row else 0
