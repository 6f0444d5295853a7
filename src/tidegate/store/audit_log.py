"""The audit log: many append-only logs in one database, each a Merkle tree (RFC 6962), written inside the caller's
transaction.

The node's own log is called "node" and holds events; a link has one log for each direction. A leaf of the node's log
is SHA-256(domain | salt | the event's canonical JSON), so that what an event said can be forgotten later while the
tree still verifies. Where several logs are written in one transaction, write the node's last: its head is the one
lock that every use case takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from tidegate.model.event import Event
from tidegate.store.connect import Connection
from tidegate.store.faults import StoreDamaged
from tidegate.trust.audit_tree import (
    Frontier,
    TreeNode,
    consistency_proof,
    grow,
    inclusion_proof,
    leaf_hash,
    root_of,
)
from tidegate.trust.canonical import JsonValue, dump_canonical, load_canonical
from tidegate.trust.ids import new_nonce
from tidegate.wording.problems import problem

NODE_LOG = "node"
DOMAIN = b"tidegate/audit-event/v1\x00"

# Hold the head of one log until the transaction ends.
_LOCK_HEAD = "select size, frontier from audit.head where log_id = %s for update"
# Begin a log; a second beginner waits for the first and then finds it there.
_BEGIN = "insert into audit.head (log_id, size, frontier) values (%s, 0, '{}') on conflict do nothing"
# Write leaves, the subtrees they finish, and the new head in one round trip.
_APPEND = """
with leaves as (
    insert into audit.entry (log_id, index, digest, salt, body)
    select %(log)s, * from unnest(%(indexes)s::bigint[], %(digests)s::bytea[], %(salts)s::bytea[], %(bodies)s::text[])
), subtrees as (
    insert into audit.node (log_id, level, index, hash)
    select %(log)s, * from unnest(%(levels)s::smallint[], %(places)s::bigint[], %(hashes)s::bytea[])
)
update audit.head set size = %(size)s, frontier = %(frontier)s::bytea[] where log_id = %(log)s
"""


@dataclass(frozen=True, slots=True)
class Head:
    """A log at one size. root: 32 bytes."""

    log_id: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A signed note about a log at one size, with the lines of its witnesses in the order they came."""

    log_id: str
    size: int
    root: bytes
    note: str
    cosignatures: tuple[str, ...]
    made_at: datetime


def append(conn: Connection, log_id: str, digests: Sequence[bytes]) -> tuple[int, int, bytes]:
    """Append leaves to a log, 32 bytes of data each; return (index of the first, new size, new root).

    Takes the row lock of the log's head until the transaction ends. An empty sequence changes nothing.
    """
    return _append(conn, log_id, digests, [None] * len(digests), [None] * len(digests))


def append_event(conn: Connection, event: Event) -> int:
    """Append one event to the node's log; return its index."""
    return append_events(conn, [event])


def append_events(conn: Connection, events: Sequence[Event]) -> int:
    """Append events to the node's log in order; return the index of the first."""
    bodies = [dump_canonical(event.to_json()) for event in events]
    salts = [bytes.fromhex(new_nonce()) for _ in events]
    digests = [event_digest(salt, body) for salt, body in zip(salts, bodies, strict=True)]
    return _append(conn, NODE_LOG, digests, salts, [body.decode() for body in bodies])[0]


def event_digest(salt: bytes, body: bytes) -> bytes:
    """Return the leaf data of an event: 32 bytes over its salt (16 bytes) and canonical JSON."""
    return hashlib.sha256(DOMAIN + salt + body).digest()


def head(conn: Connection, log_id: str) -> Head:
    """Return the head of a log; a log that was never written has size 0."""
    row = conn.execute("select size, frontier from audit.head where log_id = %s", (log_id,)).fetchone()
    size, hashes = row if row else (0, [])
    return Head(log_id, size, root_of(Frontier(size, tuple(hashes))))


def root_at(conn: Connection, log_id: str, size: int) -> bytes:
    """Return the root the log had at `size`. Raises StoreDamaged if a node is missing."""
    read = _Nodes(conn, log_id)
    hashes, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            hashes.append(read(level, start >> level))
            start += 1 << level
    return root_of(Frontier(size, tuple(hashes)))


def inclusion(conn: Connection, log_id: str, index: int, size: int) -> list[bytes]:
    """Return the proof that leaf `index` is in the log at `size`. Raises ProofInvalid if it is not."""
    return inclusion_proof(index, size, _Nodes(conn, log_id))


def consistency(conn: Connection, log_id: str, old: int, new: int) -> list[bytes]:
    """Return the proof that the log at size `new` only adds to the log at size `old`."""
    return consistency_proof(old, new, _Nodes(conn, log_id))


def leaf(conn: Connection, log_id: str, index: int) -> bytes | None:
    """Return the leaf hash at `index`, or None if the log is shorter."""
    row = conn.execute("select digest from audit.entry where log_id = %s and index = %s", (log_id, index)).fetchone()
    return leaf_hash(row[0]) if row else None


def read_events(conn: Connection, *, start: int = 0, limit: int = 1000) -> list[tuple[int, dict[str, JsonValue]]]:
    """Return (index, event as plain data) of the node's log from index `start`; forgotten ones are left out."""
    rows = conn.execute(
        "select index, body from audit.entry where log_id = %s and index >= %s and body is not null "
        "order by index limit %s",
        (NODE_LOG, start, limit),
    ).fetchall()
    return [(index, _event(body)) for index, body in rows]


def forget_event(conn: Connection, index: int, *, actor: str, at: datetime) -> bool:
    """Erase what the event at `index` of the node's log said, and log that; tell whether there was anything left.

    For retention. The leaf stays, so the tree and every checkpoint still verify.
    """
    if conn.execute("select audit.forget_body(%s, %s)", (NODE_LOG, index)).fetchone() != (True,):
        return False
    append_event(conn, Event("audit.forgotten", at, actor, f"{NODE_LOG}/{index}", {"index": index}))
    return True


def keep_checkpoint(
    conn: Connection, log_id: str, size: int, root: bytes, note: str, *, at: datetime, cosignatures: Sequence[str] = ()
) -> None:
    """Keep a signed note, or add witness lines to one already kept. Of one size and another root both are kept."""
    conn.execute(
        "insert into audit.checkpoint (log_id, size, root, note, cosignatures, made_at) "
        "values (%s, %s, %s, %s, %s, %s) on conflict (log_id, size, root) do nothing",
        (log_id, size, root, note, Jsonb(list(cosignatures)), at),
    )
    for line in cosignatures:
        add_cosignature(conn, log_id, size, root, line)


def add_cosignature(conn: Connection, log_id: str, size: int, root: bytes, line: str) -> None:
    """Add one witness line to a kept checkpoint, once."""
    conn.execute(
        "update audit.checkpoint set cosignatures = cosignatures || %s "
        "where log_id = %s and size = %s and root = %s and not cosignatures @> %s",
        (Jsonb([line]), log_id, size, root, Jsonb([line])),
    )


def checkpoints(conn: Connection, log_id: str | None = None) -> list[StoredCheckpoint]:
    """Return the kept checkpoints of one log, or of all, smallest size first."""
    rows = conn.execute(
        "select log_id, size, root, note, cosignatures, made_at from audit.checkpoint "
        "where %s::text is null or log_id = %s order by log_id, size, made_at, root",
        (log_id, log_id),
    ).fetchall()
    return [StoredCheckpoint(log, size, root, note, tuple(lines), at) for log, size, root, note, lines, at in rows]


def latest_checkpoint(conn: Connection, log_id: str, *, cosigned: bool = False) -> StoredCheckpoint | None:
    """Return the checkpoint of the largest size, of those with a witness line if `cosigned`."""
    found = [one for one in checkpoints(conn, log_id) if one.cosignatures or not cosigned]
    return found[-1] if found else None


class _Nodes:
    """Reads the hashes of complete subtrees of one log, as the tree asks for them."""

    def __init__(self, conn: Connection, log_id: str) -> None:
        self._conn, self._log_id = conn, log_id

    def __call__(self, level: int, index: int) -> bytes:
        row = self._conn.execute(
            "select hash from audit.node where log_id = %s and level = %s and index = %s",
            (self._log_id, level, index),
        ).fetchone()
        if row is None:
            raise problem(StoreDamaged, "store.log-node-missing", log=self._log_id, level=level, index=index)
        return bytes(row[0])


def _append(
    conn: Connection,
    log_id: str,
    digests: Sequence[bytes],
    salts: Sequence[bytes | None],
    bodies: Sequence[str | None],
) -> tuple[int, int, bytes]:
    row = conn.execute(_LOCK_HEAD, (log_id,)).fetchone()
    if row is None:
        conn.execute(_BEGIN, (log_id,))
        row = conn.execute(_LOCK_HEAD, (log_id,)).fetchone()
    if row is None:
        raise problem(StoreDamaged, "store.log-head-missing", log=log_id)
    frontier = Frontier(row[0], tuple(row[1]))
    first = frontier.size
    if not digests:
        return first, first, root_of(frontier)
    finished: list[TreeNode] = []
    for digest in digests:
        if len(digest) != 32:
            raise ValueError(f"a leaf's data is 32 bytes, not {len(digest)}")
        frontier, nodes = grow(frontier, leaf_hash(digest))
        finished.extend(nodes)
    values: Mapping[str, object] = {
        "log": log_id,
        "indexes": list(range(first, frontier.size)),
        "digests": list(digests),
        "salts": list(salts),
        "bodies": list(bodies),
        "levels": [node.level for node in finished],
        "places": [node.index for node in finished],
        "hashes": [node.hash for node in finished],
        "size": frontier.size,
        "frontier": list(frontier.hashes),
    }
    conn.execute(_APPEND, values)
    return first, frontier.size, root_of(frontier)


def _event(body: str) -> dict[str, JsonValue]:
    value = load_canonical(body.encode())
    if not isinstance(value, dict):
        raise problem(StoreDamaged, "store.event-unreadable")
    return value
