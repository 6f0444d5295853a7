"""One holder's node as a process sees it: settings, database, keys and clock, and the one way to write.

Every use case runs in one transaction: what it changes, the seal of each changed row and the leaf of the audit log
become true together or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tidegate.errors import SettingsWrong
from tidegate.model.agency import Agency
from tidegate.model.event import Event, Scalar
from tidegate.node import clock
from tidegate.node.database import database_server
from tidegate.node.keyring import OwnKeys, Ring, load_rings
from tidegate.node.settings import Settings, read_settings
from tidegate.store import documents, identity
from tidegate.store.audit_log import append_event
from tidegate.store.connect import Connection, Pool, open_pool, transaction, translated
from tidegate.store.roles import Role
from tidegate.store.seals import seal_row
from tidegate.wording.problems import problem


@dataclass(slots=True)
class Transaction:
    """One unit of work: `conn` inside a database transaction, judged at the one instant `now`."""

    conn: Connection
    now: datetime
    node: Node

    def get(self, table: str, key: str, *, lock: bool = False) -> dict[str, Any]:
        """Return one document. Raises SettingsWrong naming what was looked for when there is none."""
        body = documents.get(self.conn, table, key, lock=lock)
        if body is None:
            raise problem(SettingsWrong, "not-found", table=table, id=key)
        return body

    def put(self, table: str, key: str, body: Mapping[str, Any]) -> None:
        """Write one document and seal its row, so that a later change behind our back is named by verify."""
        documents.put(self.conn, table, key, body)
        seal_row(self.conn, f"node.{table}", key, at=self.now)

    def find(self, table: str, **equal: str) -> list[tuple[str, dict[str, Any]]]:
        """Return (id, body) of documents with these text fields, in order of making."""
        return list(documents.find(self.conn, table, **equal))

    def event(self, kind: str, actor: str, subject: str, /, **facts: Scalar) -> None:
        """Append what happened to the node's audit log."""
        append_event(self.conn, Event(kind, self.now, actor, subject, facts))


@dataclass(slots=True)
class Node:
    """A node opened by one process under one database role."""

    folder: Path
    settings: Settings
    identity: identity.Identity
    pool: Pool
    own: OwnKeys | None = None

    @property
    def node_id(self) -> str:
        """The id partners know this node by."""
        return self.identity.node_id

    @property
    def agency(self) -> Agency:
        """The one legal holder of this node's data."""
        return self.identity.agency

    @property
    def keys(self) -> OwnKeys:
        """Our unlocked working keys. Raises SettingsWrong in a process that was given no passphrase."""
        if self.own is None:
            raise problem(SettingsWrong, "node.no-keys")
        return self.own

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open one unit of work; it is kept when the block ends well and undone when it raises."""
        with transaction(self.pool) as conn:
            yield Transaction(conn, clock.now(conn), self)

    def load_keys(self, passphrase: str) -> None:
        """Unlock the working keys. The passphrase stays in this process, to take keys that are made later."""

        def load(held: Collection[int]) -> list[Ring]:
            with translated(), self.pool.connection() as conn:
                return load_rings(
                    conn,
                    node_id=self.node_id,
                    root_public=self.identity.root_public,
                    passphrase=passphrase,
                    held=held,
                )

        self.own = OwnKeys(self.identity.root_public, load(()), load)
        self.own.rings[-1].working  # noqa: B018 - a wrong passphrase is said at start, not at the first message

    def close(self) -> None:
        """Give back the database connections."""
        self.pool.close()


def open_node(folder: Path, role: Role, *, passphrase: str | None = None) -> Node:
    """Open the node in `folder` for one process under its database role.

    passphrase: None for a process that needs no keys. Raises SettingsWrong when there is no node or no database.
    """
    settings = read_settings(folder)
    pool = open_pool(database_server(folder, settings).dsn(role))
    try:
        with translated(), pool.connection() as conn:
            who = identity.get_identity(conn)
        node = Node(folder, settings, who, pool)
        if passphrase is not None:
            node.load_keys(passphrase)
    except BaseException:
        pool.close()
        raise
    return node
