"""Verify a node: every log, every sealed row, every kept checkpoint with its signature."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tidegate.errors import TidegateError
from tidegate.node.database import database_server
from tidegate.node.keyring import notices_of
from tidegate.node.settings import read_settings
from tidegate.store import documents, identity
from tidegate.store.audit_log import StoredCheckpoint
from tidegate.store.connect import Connection, connect
from tidegate.store.problem import Problem
from tidegate.store.verify import verify_database
from tidegate.trust.checkpoint import NoteVerifier, open_checkpoint, parse_body, split_note
from tidegate.trust.encoding import from_base64
from tidegate.trust.keys import KeyNotice
from tidegate.wording.problems import problem


def verify_node(folder: Path) -> list[Problem]:
    """Return every difference between the node's database and its logs; an empty list when all holds.

    The node may be running or not: its database is started for the check if it is not.
    """
    server = database_server(folder, read_settings(folder))
    was_running = server.running()
    server.start()
    try:
        with connect(server.dsn("owner"), statement_s=0) as conn:
            notices = _notices(conn)
            conn.rollback()
            return verify_database(conn, open_note=lambda kept: _open_note(kept, notices))
    finally:
        if not was_running:
            server.stop()


def _notices(conn: Connection) -> Mapping[str, list[KeyNotice]]:
    """Return node id -> key notices, ours and every partner's, each checked against its root."""
    own = identity.get_identity(conn)
    roots = {own.node_id: own.root_public}
    for partner_id, body in documents.find(conn, "partner"):
        roots[partner_id] = from_base64(body["root_public"])
    return {node_id: [notice for notice, _ in notices_of(conn, node_id, root)] for node_id, root in roots.items()}


def _open_note(kept: StoredCheckpoint, notices: Mapping[str, list[KeyNotice]]) -> tuple[int, bytes]:
    origin = parse_body(split_note(kept.note)[0]).origin
    owner = origin.rsplit("/", 1)[-1]
    refused: TidegateError | None = None
    for notice in reversed(notices.get(owner, [])):
        try:
            checkpoint = open_checkpoint(kept.note, NoteVerifier(origin, notice.ed25519_public))
        except TidegateError as exc:
            refused = refused or exc
            continue
        return checkpoint.size, checkpoint.root
    raise refused or problem(TidegateError, "partner-answer.no-keys", partner=owner)
