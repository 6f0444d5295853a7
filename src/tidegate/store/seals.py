"""Row seals: each row that matters has its digest in the node's audit log, so a change behind our back is named.

Sealing writes an event "row.sealed" with the row's salted digest; that a row was rightly removed is an event too. The
whole row counts, every column of it. Someone with rights on the database can still change a row; but then it differs
from its seal, and the seal stands in a log whose checkpoints others hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from psycopg import sql

from tidegate.model.event import Event
from tidegate.store.audit_log import append_events
from tidegate.store.connect import Connection
from tidegate.store.documents import TABLES
from tidegate.trust.canonical import dump_canonical
from tidegate.trust.ids import new_nonce

SEALED = "row.sealed"
REMOVED = "row.removed"
DOMAIN = b"tidegate/row-seal/v1\x00"

sealed_tables: Mapping[str, str] = {f"node.{table}": "id" for table in TABLES}
"""Each table in which every row must bear a seal, with the column of its key."""

also_sealable: Mapping[str, str] = {
    "node.identity": "node_id",
    "node.link": "partner_id",
    "node.officer": "id",
    "node.secret": "name",
    "published.entry": "id",
}
"""Tables whose rows may be sealed: a row that was sealed once is checked from then on."""


def seal_row(conn: Connection, table: str, key: str, *, at: datetime, actor: str = "node") -> int:
    """Seal one row as it is now, in the transaction that wrote it; return the index of the event.

    table: one of `sealed_tables` or `also_sealable`, with its schema. Raises LookupError if there is no such row.
    """
    return seal_rows(conn, table, [key], at=at, actor=actor)


def seal_rows(conn: Connection, table: str, keys: Sequence[str], *, at: datetime, actor: str = "node") -> int:
    """Seal several rows of one table in two round trips more than one; return the index of the first event."""
    found = dict(read_rows(conn, table, keys))
    events, digests = [], []
    for key in keys:
        if key not in found:
            raise LookupError(f"no row {key!r} in {table} to seal")
        salt = new_nonce()
        digest = row_digest(table, salt, found[key])
        digests.append(digest)
        events.append(Event(SEALED, at, actor, f"{table}/{key}", {"digest": digest.hex(), "salt": salt}))
    first = append_events(conn, events)
    _index(conn, table, keys, first, digests)
    return first


def seal_removed(conn: Connection, table: str, keys: Sequence[str], *, at: datetime, actor: str = "node") -> int:
    """Log that rows were rightly removed, in the transaction that removed them; return the index of the first event.

    The digests sealed before are forgotten with the rows, so that nobody can test guesses of what they held.
    """
    if any(True for _ in read_rows(conn, table, keys)):
        raise ValueError(f"a row of {table} is still there; remove it first")
    conn.execute(
        "select audit.forget_body('node', log_index) from audit.row_seal where table_name = %s and row_key = any(%s)",
        (table, list(keys)),
    )
    first = append_events(conn, [Event(REMOVED, at, actor, f"{table}/{key}") for key in keys])
    _index(conn, table, keys, first, [None] * len(keys))
    return first


def reseal_table(conn: Connection, table: str, *, at: datetime, actor: str = "node") -> int:
    """Seal every row of a table anew, after an upgrade changed its columns; return how many.

    Verify the database before the upgrade: sealing anew takes the rows as they are for right.
    """
    keys = [key for key, _ in read_rows(conn, table)]
    if keys:
        seal_rows(conn, table, keys, at=at, actor=actor)
    return len(keys)


def read_rows(conn: Connection, table: str, keys: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
    """Yield (key, row as JSON text) of the rows with these keys, or of all rows of a sealed table."""
    schema, _, name = table.partition(".")
    column = sql.Identifier(({**sealed_tables, **also_sealable})[table])
    query = sql.SQL("select t.{}::text, to_jsonb(t)::text from {}.{} t").format(
        column, sql.Identifier(schema), sql.Identifier(name)
    )
    if keys is None:
        yield from conn.execute(query)
    else:
        yield from conn.execute(sql.SQL("{} where t.{}::text = any(%s)").format(query, column), (list(keys),))


def row_digest(table: str, salt: str, row_json: str) -> bytes:
    """Return the 32 bytes of one row: SHA-256 over domain, table, salt and the row's canonical form.

    row_json: what to_jsonb() says of the row. Numbers are taken as the text PostgreSQL wrote, so 1.50 is not 1.5.
    """
    value = _tagged(json.loads(row_json, parse_float=_Number, parse_int=_Number))
    return hashlib.sha256(b"\x00".join([DOMAIN + table.encode(), salt.encode(), dump_canonical(value)])).digest()


class _Number(str):
    """A number of the row, as text."""

    __slots__ = ()


def _tagged(value: object) -> object:
    """Return `value` with texts and numbers marked apart: the canonical form has no fractions."""
    if isinstance(value, str):
        return ("n" if isinstance(value, _Number) else "t") + value
    if isinstance(value, dict):
        return {name: _tagged(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    return value


def _index(conn: Connection, table: str, keys: Sequence[str], first: int, digests: Sequence[bytes | None]) -> None:
    conn.execute(
        "insert into audit.row_seal (table_name, row_key, log_index, digest) "
        "select %s, * from unnest(%s::text[], %s::bigint[], %s::bytea[])",
        (table, list(keys), list(range(first, first + len(keys))), list(digests)),
    )
