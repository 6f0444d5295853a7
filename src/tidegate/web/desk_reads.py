"""Reads for the desk's pages that take no lock, so that looking never stands in the courier's way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from tidegate.store.audit_log import NODE_LOG
from tidegate.store.connect import Connection
from tidegate.store.documents import Body
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


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some of the cases, newest first: id, body and number of facts of each. newer: how many are newer than these."""

    rows: list[tuple[str, Body, int]]
    newer: int
    total: int


def cases_page(conn: Connection, *, before: str = "", after: str = "", most: int) -> CasePage:
    """Return at most `most` cases: those next older than the case `before`, those next newer than `after`, or the newest."""
    older, newer = _made(conn, before), _made(conn, after)
    upwards = newer is not None and older is None
    rows = conn.execute(
        "select one.made, one.id, one.body,"
        " (select count(*) from node.statement as fact where fact.body ->> 'case_id' = one.id)"
        " from node.case_file as one where (%(older)s::bigint is null or one.made < %(older)s)"
        " and (%(newer)s::bigint is null or one.made > %(newer)s)"
        " order by case when %(upwards)s then one.made else - one.made end limit %(most)s",
        {"older": older, "newer": newer, "upwards": upwards, "most": most},
    ).fetchall()
    if (upwards and len(rows) < most) or (not rows and (before or after)):
        return cases_page(conn, most=most)
    rows.sort(reverse=True)
    total, above = conn.execute(
        "select count(*), count(*) filter (where made > %s) from node.case_file", (rows[0][0] if rows else 0,)
    ).fetchone() or (0, 0)
    return CasePage([(key, body, int(facts)) for _, key, body, facts in rows], int(above), int(total))


def _made(conn: Connection, case_id: str) -> int | None:
    row = conn.execute("select made from node.case_file where id = %s", (case_id,)).fetchone() if case_id else None
    return int(row[0]) if row else None


def events_about(conn: Connection, *subjects: str, mention: bool = False) -> list[Event]:
    """Return the events of the node's log about any of these ids, oldest first.

    mention: also those that name one among their facts. An event lies in the log as canonical JSON, so its subject is
    found by its bytes, without reading every event into an object.
    """
    wanted = [f'"{subject}"' if mention else f'"subject":"{subject}"' for subject in subjects]
    rows = conn.execute(
        "select body from audit.entry where log_id = %s and body is not null"
        " and exists (select from unnest(%s::text[]) as one (text) where position(one.text in body) > 0)"
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


def finding_counts(conn: Connection) -> dict[tuple[str, str], int]:
    """Return how many findings are in each state at each level."""
    rows = conn.execute(
        "select body ->> 'state', body ->> 'level', count(*) from node.finding group by 1, 2"
    ).fetchall()
    return {(state, level): int(number) for state, level, number in rows}


def findings_of(conn: Connection, state: str, *, first: int, most: int) -> list[tuple[str, Body]]:
    """Return (id, body) of findings in one state, by level and then by score, the worst first."""
    return conn.execute(
        "select id, body from node.finding where body ->> 'state' = %s"
        " order by array_position(array['hold', 'ask', 'look'], body ->> 'level'),"
        " (body #>> '{finding,en,score}')::numeric desc, made limit %s offset %s",
        (state, most, first),
    ).fetchall()


def _opened(rows: Sequence[tuple[str]]) -> Iterator[Event]:
    for (body,) in rows:
        event = load_canonical(body.encode())
        if isinstance(event, dict):
            yield event
