"""Reads for the desk's pages that take no lock, so that looking never stands in the courier's way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from tidegate.store.audit_log import NODE_LOG
from tidegate.store.connect import Connection
from tidegate.trust.canonical import load_canonical

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing in the queue. held_because: refusal code of the gate at the last attempt, None when nothing holds it."""

    id: str
    agreement_id: str | None
    pillar: str | None
    kind: str
    queued_at: datetime
    held_because: str | None


def events_about(conn: Connection, subject: str, *, mention: bool = False) -> list[Event]:
    """Return the events of the node's log about one subject, oldest first.

    subject: an id. mention: also those that name it among their facts. An event lies in the log as canonical JSON, so
    its subject is found by its bytes, without reading every event into an object.
    """
    quoted = f'"{subject}"'
    wanted = quoted if mention else f'"subject":{quoted}'
    rows = conn.execute(
        "select body from audit.entry where log_id = %s and body is not null and position(%s in body) > 0"
        " order by index",
        (NODE_LOG, wanted),
    ).fetchall()
    return list(_opened(rows))


def events_of(conn: Connection, prefix: str) -> list[Event]:
    """Return the events of the node's log whose kind begins with `prefix`, oldest first."""
    rows = conn.execute(
        "select body from audit.entry where log_id = %s and body is not null and position(%s in body) > 0"
        " order by index",
        (NODE_LOG, f'"kind":"{prefix}'),
    ).fetchall()
    return list(_opened(rows))


def latest_events(conn: Connection, limit: int) -> list[Event]:
    """Return the newest events of the node's log, newest first, without the seals of single rows."""
    rows = conn.execute(
        "select body from audit.entry where log_id = %s and body is not null and position(%s in body) = 0"
        " order by index desc limit %s",
        (NODE_LOG, '"kind":"row.', limit),
    ).fetchall()
    return list(_opened(rows))


def queued(conn: Connection, partner_id: str) -> list[Waiting]:
    """Return what waits for one partner, in the order it will go."""
    with conn.cursor(row_factory=class_row(Waiting)) as cursor:
        return cursor.execute(
            "select id, agreement_id, pillar, kind, queued_at, held_because from node.outgoing"
            " where partner_id = %s and state in ('queued', 'sealed') order by coalesce(rank, place), place",
            (partner_id,),
        ).fetchall()


def _opened(rows: Sequence[tuple[str]]) -> Iterator[Event]:
    for (body,) in rows:
        event = load_canonical(body.encode())
        if isinstance(event, dict):
            yield event
