"""The third witness: signs a log's head only if it grows from the last head it signed (C2SP tlog-witness).

It sees sizes and roots, never content. Two heads of one size with different roots never both get its line.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tidegate.errors import SettingsWrong, TidegateError
from tidegate.model.agency import Agency
from tidegate.node import clock
from tidegate.node.database import database_server
from tidegate.node.settings import Settings, read_settings, write_settings
from tidegate.node.setup import with_free_ports
from tidegate.store import identity, witnessed
from tidegate.store.connect import Connection, Pool, connect, open_pool, transaction
from tidegate.store.migrate import migrate
from tidegate.trust.audit_tree import verify_consistency
from tidegate.trust.checkpoint import (
    ED25519_COSIGNATURE,
    Checkpoint,
    NoteVerifier,
    cosign,
    open_checkpoint,
    parse_body,
    split_note,
)
from tidegate.trust.keys import (
    WorkingKeys,
    generate_root,
    generate_working_keys,
    lock_secret,
    make_key_notice,
    open_key_notice,
    unlock_secret,
)
from tidegate.wire.witness_protocol import read_add_checkpoint
from tidegate.wording.problems import problem

KEY_DAYS = 3650  # a witness's key is its whole identity; its operator makes a new witness long before


@dataclass(slots=True)
class Witness:
    """A witness opened by its process."""

    settings: Settings
    pool: Pool
    name: str
    keys: WorkingKeys
    root_public: bytes
    notice: bytes

    @contextmanager
    def transaction(self) -> Iterator[tuple[Connection, datetime]]:
        """Open one unit of work, judged at one instant."""
        with transaction(self.pool) as conn:
            yield conn, clock.public_now(conn)

    def close(self) -> None:
        """Give back the database connections."""
        self.pool.close()


def make_witness(
    folder: Path, *, settings: Settings, passphrase: str, invented: bool = False, story_start: datetime | None = None
) -> str:
    """Make a witness in `folder` and return its verifier key (C2SP vkey), to be given to the nodes it watches."""
    if folder.exists() and any(folder.iterdir()):
        raise problem(SettingsWrong, "witness.folder-not-empty", folder=folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    settings = with_free_ports(settings)
    try:
        root, working = generate_root(1), generate_working_keys(1)
        public = working.signing_public[:32]
        verifier = NoteVerifier(settings.node_id, public, ED25519_COSIGNATURE).vkey()
        with database_server(folder, settings) as server, connect(server.dsn("owner"), statement_s=0) as conn:
            migrate(conn)
            with conn.transaction():
                now = story_start or datetime.now(UTC)
                locked = lock_secret(working.to_bytes(), passphrase)
                notice = make_key_notice(
                    root,
                    working,
                    node_id=settings.node_id,
                    serial=1,
                    valid_from=now.replace(microsecond=0) - timedelta(days=1),
                    valid_until=now.replace(microsecond=0) + timedelta(days=KEY_DAYS),
                )
                witnessed.put_self(conn, settings.node_id, locked, verifier, root.public, notice)
                agency = Agency(settings.node_id, settings.node_id, settings.node_id, settings.node_id)
                who = identity.Identity(settings.node_id, agency, 1, root.public, invented, b"")
                identity.put_identity(conn, who, now)
                if story_start is not None:
                    clock.set_story_clock(conn, story_start)
        write_settings(folder, replace(settings, witness_key=verifier))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return verifier


def open_witness(folder: Path, passphrase: str) -> Witness:
    """Open the witness in `folder` for its process. Raises SettingsWrong when there is none."""
    settings = read_settings(folder)
    pool = open_pool(database_server(folder, settings).dsn("witness"))
    with transaction(pool) as conn:
        found = witnessed.get_self(conn)
    if found is None:
        pool.close()
        raise problem(SettingsWrong, "witness.none-here", folder=folder)
    name, locked, root_public, notice = found
    keys = WorkingKeys.from_bytes(unlock_secret(locked, passphrase))
    return Witness(settings, pool, name, keys, root_public, notice)


def watch(folder: Path, node_id: str, root_public: bytes) -> None:
    """Begin to watch the logs of a node. The witness's database must be running."""
    with connect(database_server(folder, read_settings(folder)).dsn("owner")) as conn, conn.transaction():
        witnessed.watch_node(conn, node_id, root_public)


def learn_notice(witness: Witness, data: bytes) -> int:
    """Keep a key notice of a watched node. Returns an HTTP status: 200, or 403 for a node not watched."""
    with witness.transaction() as (conn, _):
        for node_id, (root_public, _) in witnessed.watched(conn).items():
            try:
                notice = open_key_notice(data, root_public=root_public)
            except TidegateError:
                continue
            if notice.node_id == node_id:
                witnessed.put_notice(conn, node_id, notice.serial, data.decode())
                return 200
    return 403


def add_checkpoint(witness: Witness, body: bytes) -> tuple[int, bytes]:
    """Return (status, answer) to one request: 200 and the cosignature line, or why not.

    409 with the size signed last; 403 for an unknown log or key; 422 when the new head does not grow from the old.
    """
    request = read_add_checkpoint(body)
    origin = parse_body(split_note(request.note)[0]).origin
    with witness.transaction() as (conn, now):
        node_id = origin.rsplit("/", 1)[-1]
        found = witnessed.watched(conn).get(node_id)
        if found is None or not origin.startswith("tidegate/"):
            return 403, b"this log is not watched here\n"
        checkpoint = _signed_by(origin, request.note, *found)
        if checkpoint is None:
            return 403, b"not signed by a key known for this log\n"
        last = witnessed.get_seen(conn, origin)
        size, root = (last.size, last.root) if last else (0, b"")
        if request.old_size != size:
            return 409, f"{size}\n".encode()
        if checkpoint.size < size:
            return 400, b"the new head is smaller than the old\n"
        if checkpoint.size == size and checkpoint.root != root:
            return 409, f"{size}\n".encode()
        if 0 < size < checkpoint.size:
            try:
                verify_consistency(size, root, checkpoint.size, checkpoint.root, list(request.proof))
            except TidegateError:
                return 422, b"the new head does not grow from the one signed last\n"
        line = cosign(request.note, witness.name, witness.keys, now)
        witnessed.put_signed(conn, node_id, origin, checkpoint.size, checkpoint.root, request.note, line, now)
        return 200, line.encode()


def _signed_by(origin: str, note: str, root_public: bytes, notices: list[str]) -> Checkpoint | None:
    """Return the checkpoint if one of the node's keys signed it, newest first: a head may be older than a renewal."""
    for notice in reversed(notices):
        key = open_key_notice(notice.encode(), root_public=root_public).ed25519_public
        try:
            return open_checkpoint(note, NoteVerifier(origin, key))
        except TidegateError:
            continue
    return None
