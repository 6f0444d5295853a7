"""What this node sends: the queue of drafts, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from tidegate.store.connect import Connection

_COLUMNS = (
    "place, rank, id, partner_id, agreement_id, pillar, kind, state, draft, queued_at, generation, sequence, envelope,"
    " envelope_digest, sealed_at, receipt, acknowledged_at, held_because, not_before"
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to send. state: queued, sealed (number and bytes fixed), acknowledged, refused, withdrawn.

    draft: sealed to ourselves. held_because: refusal code of the gate at the last attempt, None when nothing holds it.
    """

    place: int
    rank: int | None
    id: str
    partner_id: str
    agreement_id: str | None
    pillar: str | None
    kind: str
    state: str
    draft: bytes
    queued_at: datetime
    generation: int | None
    sequence: int | None
    envelope: bytes | None
    envelope_digest: str | None
    sealed_at: datetime | None
    receipt: bytes | None
    acknowledged_at: datetime | None
    held_because: str | None
    not_before: datetime | None


def queue(
    conn: Connection,
    *,
    item_id: str,
    partner_id: str,
    kind: str,
    draft: bytes,
    now: datetime,
    agreement_id: str | None = None,
    pillar: str | None = None,
    rank: int | None = None,
    held_because: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put one draft at the end of a partner's queue, or at the place `rank` that an earlier attempt had."""
    conn.execute(
        "insert into node.outgoing (id, partner_id, agreement_id, pillar, kind, state, draft, queued_at, rank,"
        " held_because, not_before) values (%s, %s, %s, %s, %s, 'queued', %s, %s, %s, %s, %s)",
        (item_id, partner_id, agreement_id, pillar, kind, draft, now, rank, held_because, not_before),
    )


def waiting(conn: Connection, partner_id: str) -> list[Outgoing]:
    """Return what is not yet acknowledged, locked until the transaction ends: link messages first, each kind in order.

    A word that suspends or resumes goes before the messages it is about.
    """
    with conn.cursor(row_factory=class_row(Outgoing)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.outgoing where partner_id = %s and state in ('queued', 'sealed')"  # noqa: S608
            " order by agreement_id is not null, coalesce(rank, place), place for update",
            (partner_id,),
        ).fetchall()


def drafts(conn: Connection, partner_id: str, *, most: int | None = None) -> list[Outgoing]:
    """Return what is queued and has no number yet, locked, in the order of `waiting`; at most `most`, or all."""
    with conn.cursor(row_factory=class_row(Outgoing)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.outgoing where partner_id = %s and state = 'queued'"  # noqa: S608
            " order by agreement_id is not null, coalesce(rank, place), place limit %s for update",
            (partner_id, most),
        ).fetchall()


def fixed(conn: Connection, partner_id: str, *, most: int | None = None) -> list[Outgoing]:
    """Return what is sealed and not yet receipted, locked, in order of its numbers; at most `most`, or all."""
    with conn.cursor(row_factory=class_row(Outgoing)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.outgoing where partner_id = %s and state = 'sealed'"  # noqa: S608
            " order by sequence limit %s for update",
            (partner_id, most),
        ).fetchall()


def under_number(conn: Connection, partner_id: str, sequence: int) -> Outgoing | None:
    """Return what was sent to a partner under this number, newest first where restarts gave it twice, or None."""
    with conn.cursor(row_factory=class_row(Outgoing)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.outgoing where partner_id = %s and sequence = %s"  # noqa: S608
            " order by generation desc, place desc limit 1",
            (partner_id, sequence),
        ).fetchone()


def get(conn: Connection, item_id: str) -> Outgoing | None:
    """Return one outgoing thing by the id of its item."""
    with conn.cursor(row_factory=class_row(Outgoing)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.outgoing where id = %s order by place desc limit 1",  # noqa: S608
            (item_id,),
        ).fetchone()


def all_sent(conn: Connection, partner_id: str) -> list[Outgoing]:
    """Return everything the partner signed a receipt for, in order of its number."""
    with conn.cursor(row_factory=class_row(Outgoing)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.outgoing where partner_id = %s and state in ('acknowledged', 'refused')"  # noqa: S608
            " order by generation, sequence",
            (partner_id,),
        ).fetchall()


def receipted_from(conn: Connection, partner_id: str, sequence: int) -> list[Outgoing]:
    """Return what the partner signed a receipt for under numbers from `sequence` on, in order of its number."""
    with conn.cursor(row_factory=class_row(Outgoing)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from node.outgoing where partner_id = %s and state in ('acknowledged', 'refused')"  # noqa: S608
            " and sequence >= %s order by sequence",
            (partner_id, sequence),
        ).fetchall()


def highest_receipted(conn: Connection, partner_id: str) -> int:
    """Return the highest number for which we hold the partner's signed receipt; 0 before the first."""
    row = conn.execute(
        "select coalesce(max(sequence), 0) from node.outgoing where partner_id = %s"
        " and state in ('acknowledged', 'refused')",
        (partner_id,),
    ).fetchone()
    return int(row[0]) if row else 0


def take_back(conn: Connection, item_id: str) -> None:
    """Make a sealed thing a draft again: after a restart its number and bytes can never be taken by the partner."""
    conn.execute(
        "update node.outgoing set state = 'queued', generation = null, sequence = null, envelope = null,"
        " envelope_digest = null, sealed_at = null where id = %s and state = 'sealed'",
        (item_id,),
    )


def fix_envelope(
    conn: Connection, place: int, *, generation: int, sequence: int, envelope: bytes, digest: str, now: datetime
) -> None:
    """Give a queued draft its number and its sealed bytes: from now on these very bytes are sent, however often."""
    conn.execute(
        "update node.outgoing set state = 'sealed', generation = %s, sequence = %s, envelope = %s,"
        " envelope_digest = %s, sealed_at = %s, held_because = null where place = %s and state = 'queued'",
        (generation, sequence, envelope, digest, now, place),
    )


def hold(conn: Connection, place: int, because: str) -> None:
    """Keep a draft in the queue and say why it did not go."""
    conn.execute("update node.outgoing set held_because = %s where place = %s and state = 'queued'", (because, place))


def release(conn: Connection, agreement_id: str) -> None:
    """Let messages of one agreement be tried again at once: a word about it was heard or said."""
    conn.execute(
        "update node.outgoing set not_before = null where agreement_id = %s and state = 'queued'", (agreement_id,)
    )


def refuse(conn: Connection, place: int, receipt: bytes, because: str, now: datetime) -> None:
    """Keep the partner's signed receipt that says it refused a sealed thing."""
    conn.execute(
        "update node.outgoing set state = 'refused', receipt = %s, acknowledged_at = %s, held_because = %s"
        " where place = %s and state = 'sealed'",
        (receipt, now, because, place),
    )


def acknowledge(conn: Connection, place: int, receipt: bytes, now: datetime) -> None:
    """Keep the partner's signed receipt of a sealed thing."""
    conn.execute(
        "update node.outgoing set state = 'acknowledged', receipt = %s, acknowledged_at = %s"
        " where place = %s and state = 'sealed'",
        (receipt, now, place),
    )


def withdraw(conn: Connection, item_id: str) -> bool:
    """Take back a draft that has not been sealed. Returns whether there was one."""
    cursor = conn.execute("update node.outgoing set state = 'withdrawn' where id = %s and state = 'queued'", (item_id,))
    return cursor.rowcount == 1


def counts(conn: Connection, partner_id: str) -> dict[str, int]:
    """Return how many things are in each state for one partner."""
    rows = conn.execute(
        "select state, count(*) from node.outgoing where partner_id = %s group by state", (partner_id,)
    ).fetchall()
    return {state: int(number) for state, number in rows}
