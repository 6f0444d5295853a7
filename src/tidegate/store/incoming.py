"""What arrived: the bytes as received, the item inside, and the receipt we signed for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from tidegate.store.connect import Connection


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing received once. item: the link item's canonical bytes. receipt: our signed receipt (DSSE).

    outcome: "" or the code under which our gate refused it; then envelope and item are empty.
    """

    place: int
    partner_id: str
    generation: int
    sequence: int
    item_id: str
    kind: str
    outcome: str
    envelope: bytes
    envelope_digest: str
    item: bytes
    received_at: datetime
    receipt: bytes


_COLUMNS = "place, partner_id, generation, sequence, item_id, kind, outcome, envelope, envelope_digest, item, received_at, receipt"


def keep(
    conn: Connection,
    *,
    partner_id: str,
    generation: int,
    sequence: int,
    item_id: str,
    kind: str,
    outcome: str,
    envelope: bytes,
    digest: str,
    item: bytes,
    received_at: datetime,
    receipt: bytes,
) -> None:
    """Keep one accepted thing. The database refuses a second one under the same number or digest."""
    conn.execute(
        "insert into node.incoming (partner_id, generation, sequence, item_id, kind, outcome, envelope, envelope_digest,"
        " item, received_at, receipt) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (partner_id, generation, sequence, item_id, kind, outcome, envelope, digest, item, received_at, receipt),
    )


def by_digest(conn: Connection, digest: str) -> Incoming | None:
    """Return what was received under these very bytes, or None."""
    with conn.cursor(row_factory=class_row(Incoming)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.incoming where envelope_digest = %s",  # noqa: S608
            (digest,),
        ).fetchone()


def by_item(conn: Connection, item_id: str) -> Incoming | None:
    """Return what was received under the id of its item, or None."""
    with conn.cursor(row_factory=class_row(Incoming)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.incoming where item_id = %s and outcome = ''",  # noqa: S608
            (item_id,),
        ).fetchone()


def all_received(conn: Connection, partner_id: str) -> list[Incoming]:
    """Return everything received from one partner, in order of its number."""
    with conn.cursor(row_factory=class_row(Incoming)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.incoming where partner_id = %s order by generation, sequence",  # noqa: S608
            (partner_id,),
        ).fetchall()


def received_after(conn: Connection, partner_id: str, sequence: int) -> list[Incoming]:
    """Return what was received from one partner under numbers above `sequence`, in order of its number."""
    with conn.cursor(row_factory=class_row(Incoming)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.incoming where partner_id = %s and sequence > %s order by sequence",  # noqa: S608
            (partner_id, sequence),
        ).fetchall()


def newest(conn: Connection, limit: int) -> list[Incoming]:
    """Return the latest things received, newest first."""
    with conn.cursor(row_factory=class_row(Incoming)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.incoming order by place desc limit %s",  # noqa: S608
            (limit,),
        ).fetchall()
