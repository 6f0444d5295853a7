"""Verification: does the database still say what the audit log says it said? Each difference is named.

Every log is computed again from its entries: event to digest, digest to root, root against the head, the kept nodes
and every checkpoint. Then every sealed row against the last seal of it in the node's log, and every kept message against
the log of its link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tidegate.errors import TidegateError
from tidegate.model.event import Scalar
from tidegate.store import audit_log
from tidegate.store.audit_log import NODE_LOG, StoredCheckpoint, event_digest
from tidegate.store.connect import Connection, translated
from tidegate.store.problem import Problem
from tidegate.store.seals import (
    REMOVED,
    SEALED,
    also_sealable,
    read_rows,
    row_digest,
    seal_row,
    seal_rows,
    sealed_tables,
)
from tidegate.store.verify_messages import verify_messages
from tidegate.trust.audit_tree import EMPTY_ROOT, Frontier, grow, leaf_hash, root_of
from tidegate.trust.canonical import load_canonical

__all__ = ["Problem", "seal_row", "seal_rows", "sealed_tables", "verify_database"]

OpenNote = Callable[[StoredCheckpoint], tuple[int, bytes]]
"""Checks the signatures of a kept note with the keys its reader holds; returns the (size, root) it signs, or raises."""


@dataclass(frozen=True, slots=True)
class _Seal:
    """What the log says last of one row. digest None: it was removed."""

    index: int
    digest: str | None
    salt: str


def verify_database(conn: Connection, *, open_note: OpenNote | None = None, whole_schema: bool = True) -> list[Problem]:
    """Return every difference between the database and its audit log; an empty list if it is whole.

    `conn`: a role that may read everything (owner or desk), with no statement bound for large databases. All is read
    in one snapshot. open_note: checks the signatures on kept checkpoints; without it, only what they sign is compared.
    whole_schema: False for a database that is about to be upgraded, where a table of this release may not be made yet;
    the rows of a table that was dropped are named in either case.
    """
    with translated(), conn.transaction():
        conn.execute("set transaction isolation level repeatable read, read only")
        return [*_logs(conn, open_note), *_rows(conn, whole_schema), *verify_messages(conn)]


def _logs(conn: Connection, open_note: OpenNote | None) -> Iterator[Problem]:
    heads = {
        log: (size, tuple(hashes))
        for log, size, hashes in conn.execute("select log_id, size, frontier from audit.head order by log_id")
    }
    kept: dict[str, list[StoredCheckpoint]] = {}
    for checkpoint in audit_log.checkpoints(conn):
        kept.setdefault(checkpoint.log_id, []).append(checkpoint)
        yield from _note(checkpoint, open_note)
    for log in sorted({*heads, *kept}):
        yield from _log(conn, log, heads.get(log, (0, ())), {one.size: one.root for one in kept.get(log, [])})
    for log, ones in kept.items():
        sizes = [one.size for one in ones]
        for size in sorted({size for size in sizes if sizes.count(size) > 1}):
            yield Problem("verify.fork", {"log": log, "size": size})


def _log(
    conn: Connection, log: str, head: tuple[int, tuple[bytes, ...]], roots: Mapping[int, bytes]
) -> Iterator[Problem]:
    """Compute one log again, entry by entry. roots: what the checkpoints say of it, by size."""
    frontier = Frontier()
    nodes = _kept_nodes(conn, log)
    if 0 in roots and roots[0] != EMPTY_ROOT:
        yield Problem("verify.checkpoint-differs", {"log": log, "size": 0})
    for index, digest, salt, body in conn.execute(
        "select index, digest, salt, body from audit.entry where log_id = %s order by index", (log,)
    ):
        if index != frontier.size:
            yield Problem("verify.entry-missing", {"log": log, "index": frontier.size})
            return
        if body is not None and event_digest(salt, body.encode()) != digest:
            yield Problem("verify.entry-changed", {"log": log, "index": index})
        frontier, finished = grow(frontier, leaf_hash(digest))
        for node in finished:
            if nodes.pop((node.level, node.index), None) != node.hash:
                yield Problem("verify.node-differs", {"log": log, "level": node.level, "index": node.index})
        if frontier.size in roots and root_of(frontier) != roots[frontier.size]:
            yield Problem("verify.checkpoint-differs", {"log": log, "size": frontier.size})
    if head != (frontier.size, frontier.hashes):
        yield Problem("verify.head-differs", {"log": log, "entries": frontier.size, "size": head[0]})
    if nodes:
        yield Problem("verify.node-surplus", {"log": log, "count": len(nodes)})
    largest = max(roots, default=0)
    if largest > frontier.size:
        yield Problem("verify.log-cut", {"log": log, "entries": frontier.size, "size": largest})


def _kept_nodes(conn: Connection, log: str) -> dict[tuple[int, int], bytes]:
    rows = conn.execute("select level, index, hash from audit.node where log_id = %s", (log,))
    return {(level, index): hash_ for level, index, hash_ in rows}


def _note(checkpoint: StoredCheckpoint, open_note: OpenNote | None) -> Iterator[Problem]:
    if open_note is None:
        return
    named: dict[str, Scalar] = {"log": checkpoint.log_id, "size": checkpoint.size}
    try:
        signed = open_note(checkpoint)
    except TidegateError as exc:
        yield Problem("verify.note-broken", {**named, "words": str(exc)})
        return
    if signed != (checkpoint.size, checkpoint.root):
        yield Problem("verify.note-other", named)


def _rows(conn: Connection, whole_schema: bool) -> Iterator[Problem]:
    seals, excused = _read_seals(conn)
    yield from _index(conn, seals, excused)
    last: dict[tuple[str, str], _Seal] = {}
    for subject, found in seals:
        last[subject] = found
    for table in (*sealed_tables, *also_sealable):
        there = conn.execute("select to_regclass(%s) is not null", (table,)).fetchone()
        if there != (True,):
            if whole_schema:
                yield Problem("verify.table-missing", {"table": table})
            continue
        for key, row in read_rows(conn, table):
            seal = last.pop((table, key), None)
            if seal is None and table in also_sealable:
                continue
            if seal is None:
                yield Problem("verify.row-unsealed", {"table": table, "key": key})
            elif seal.digest is None:
                yield Problem("verify.row-returned", {"table": table, "key": key, "event": seal.index})
            elif row_digest(table, seal.salt, row).hex() != seal.digest:
                yield Problem("verify.row-changed", {"table": table, "key": key, "event": seal.index})
    for (table, key), seal in last.items():
        if seal.digest is not None:
            yield Problem("verify.row-missing", {"table": table, "key": key, "event": seal.index})


def _read_seals(conn: Connection) -> tuple[list[tuple[tuple[str, str], _Seal]], set[int]]:
    """Return the seals of the node's log in order, and the indexes of the events that were rightly forgotten.

    The log itself is read, not the table beside it: whoever changes a row could change that table too.
    """
    seals: list[tuple[tuple[str, str], _Seal]] = []
    excused: set[int] = set()
    rows = conn.execute(
        "select index, body from audit.entry where log_id = %s and body is not null order by index", (NODE_LOG,)
    )
    for index, body in rows:
        try:
            event = load_canonical(body.encode())
        except TidegateError:
            continue  # its digest differs too, and that is named already
        if not isinstance(event, dict) or not isinstance(event.get("facts"), dict):
            continue
        facts, kind = event["facts"], event.get("kind")
        table, _, key = str(event.get("subject")).partition("/")
        if kind == SEALED:
            seals.append(((table, key), _Seal(index, str(facts.get("digest")), str(facts.get("salt")))))  # type: ignore[union-attr]
        elif kind == REMOVED:
            seals.append(((table, key), _Seal(index, None, "")))
        elif kind == "audit.forgotten":
            excused.add(int(str(facts.get("index"))))  # type: ignore[union-attr]
    return seals, excused


def _index(conn: Connection, seals: list[tuple[tuple[str, str], _Seal]], excused: set[int]) -> Iterator[Problem]:
    """Compare the table of seals with the log, and see that nothing was forgotten but by right."""
    removed = {subject: seal.index for subject, seal in seals if seal.digest is None}
    in_log = {seal.index: (subject, seal.digest) for subject, seal in seals}
    by_right = set(excused)
    for table, key, index, digest in conn.execute(
        "select table_name, row_key, log_index, digest from audit.row_seal order by log_index"
    ):
        said = in_log.pop(index, None)
        if said is None and removed.get((table, key), -1) > index:
            by_right.add(index)
        elif said != ((table, key), digest.hex() if digest is not None else None):
            yield Problem("verify.seal-differs", {"table": table, "key": key, "event": index})
    for index, ((table, key), _) in sorted(in_log.items()):
        yield Problem("verify.seal-differs", {"table": table, "key": key, "event": index})
    for (index,) in conn.execute(
        "select index from audit.entry where log_id = %s and body is null order by index", (NODE_LOG,)
    ):
        if index not in by_right:
            yield Problem("verify.entry-forgotten", {"log": NODE_LOG, "index": index})
