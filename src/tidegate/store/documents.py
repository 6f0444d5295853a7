"""Documents: the node's own things (cases, proposals, messages…), one JSON body a row, in a table for each thing.

Every table has the same two columns, `id` and `body`, so one small set of verbs serves all. The names of the tables
are a fixed list here: no table name ever comes from outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, LiteralString

from psycopg import sql
from psycopg.types.json import Jsonb

from tidegate.store.connect import Connection

Body = dict[str, Any]

TABLES: tuple[LiteralString, ...] = (
    "act",
    "agreement",
    "approval",
    "case_file",
    "correspondence",
    "decision",
    "finding",
    "key_notice",
    "meeting",
    "partner",
    "pledge",
    "proposal",
    "refusal",
    "standing_disclosure",
    "statement",
    "watch_entry",
)


def _table(name: str) -> sql.Composed:
    if name not in TABLES:
        raise ValueError(f"no table named {name!r}")
    return sql.SQL("{}.{}").format(sql.Identifier("node"), sql.Identifier(name))


def get(conn: Connection, table: str, key: str, *, lock: bool = False) -> Body | None:
    """Return the body of one document, or None. `lock` holds the row until the transaction ends."""
    query = sql.SQL("select body from {} where id = %s{}").format(_table(table), sql.SQL(" for update" if lock else ""))
    row = conn.execute(query, (key,)).fetchone()
    return None if row is None else row[0]


def put(conn: Connection, table: str, key: str, body: Mapping[str, Any]) -> None:
    """Write one document, new or changed."""
    query = sql.SQL(
        "insert into {} (id, body) values (%s, %s) on conflict (id) do update set body = excluded.body"
    ).format(_table(table))
    conn.execute(query, (key, Jsonb(dict(body))))


def find(conn: Connection, table: str, **equal: str) -> Iterator[tuple[str, Body]]:
    """Yield (id, body) of the documents whose top-level text fields equal `equal`, in order of making."""
    query = sql.SQL("select id, body from {} where body @> %s order by made").format(_table(table))
    yield from conn.execute(query, (Jsonb(equal),)).fetchall()


def count(conn: Connection, table: str, **equal: str) -> int:
    """Return how many documents have these top-level text fields."""
    query = sql.SQL("select count(*) from {} where body @> %s").format(_table(table))
    row = conn.execute(query, (Jsonb(equal),)).fetchone()
    return int(row[0]) if row else 0
