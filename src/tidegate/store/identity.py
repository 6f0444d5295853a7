"""Who this node is: its id, agency, suite and root public key. Written once at init."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from tidegate.errors import SettingsWrong
from tidegate.model.agency import Agency
from tidegate.store.connect import Connection
from tidegate.wording.problems import problem


@dataclass(frozen=True, slots=True)
class Identity:
    """One node. invented: made for the story, so every page of it carries the mark. root_public: raw bytes."""

    node_id: str
    agency: Agency
    suite: int
    root_public: bytes
    invented: bool
    certificate_pem: bytes


def put_identity(conn: Connection, identity: Identity, now: datetime) -> None:
    """Write who this node is. Raises when it was written before."""
    conn.execute(
        "insert into node.identity (node_id, agency, suite, root_public, invented, certificate, made_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (
            identity.node_id,
            Jsonb(asdict(identity.agency)),
            identity.suite,
            identity.root_public,
            identity.invented,
            identity.certificate_pem,
            now,
        ),
    )


def get_identity(conn: Connection) -> Identity:
    """Return who this node is. Raises SettingsWrong when init did not come to its end."""
    # Through the view: the public listener reads it too, and nothing in it is secret.
    row = conn.execute(
        "select node_id, agency, suite, root_public, invented, certificate from published.identity"
    ).fetchone()
    if row is None:
        raise problem(SettingsWrong, "store.not-initialised")
    node_id, agency, suite, root_public, invented, certificate = row
    return Identity(node_id, Agency(**agency), suite, bytes(root_public), invented, bytes(certificate))
