"""A new root key: a new identity for every partner, so only for a node that no partner has enrolled.

The old root is kept locked under another name, and the new root vouches anew for all working keys under their serials:
what was sealed to ourselves opens as before, and checkpoints signed before still verify.
"""

from __future__ import annotations

from pathlib import Path

from tidegate.errors import SettingsWrong
from tidegate.model.event import Event
from tidegate.node import clock, keyring
from tidegate.node.database import database_server
from tidegate.node.process import running_pids
from tidegate.node.settings import read_settings
from tidegate.store import documents, identity, secrets
from tidegate.store.audit_log import append_event
from tidegate.store.connect import connect
from tidegate.store.seals import seal_row
from tidegate.trust.keys import (
    RootKey,
    WorkingKeys,
    generate_root,
    lock_secret,
    make_key_notice,
    unlock_secret,
)
from tidegate.wording.problems import problem


def make_new_root(folder: Path, passphrase: str) -> bytes:
    """Give a stopped node without partners a new root key. Returns its public half.

    Raises SettingsWrong while the node runs, since its processes hold the old identity, or once a partner is enrolled.
    """
    settings = read_settings(folder)
    if running_pids(folder):
        raise problem(SettingsWrong, "node.runs", folder=folder)
    server = database_server(folder, settings)
    was_running = server.running()
    server.start()
    try:
        with connect(server.dsn("owner")) as conn, conn.transaction():
            partners = [key for key, _ in documents.find(conn, "partner")]
            if partners:
                raise problem(SettingsWrong, "new-root-needs-enrolment", partners=", ".join(partners))  # fmt: skip
            who, now = identity.get_identity(conn), clock.now(conn)
            old = RootKey.from_bytes(unlock_secret(secrets.get_secret(conn, "root"), passphrase))
            root = generate_root(old.suite)
            working = {
                int(name.removeprefix("working/")): WorkingKeys.from_bytes(unlock_secret(locked, passphrase))
                for name, locked in secrets.working_secrets(conn)
            }
            for notice, _ in keyring.notices_of(conn, who.node_id, who.root_public):
                data = make_key_notice(
                    root, working[notice.serial], node_id=who.node_id, serial=notice.serial,
                    valid_from=notice.valid_from, valid_until=notice.valid_until,
                    tls_certificate_digest=notice.tls_certificate_digest,
                )  # fmt: skip
                keyring.keep_notice(conn, data, notice, now)
            conn.execute(
                "update node.secret set name = 'root-before/' || to_char(%s, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
                " where name = 'root'",
                (now,),
            )
            secrets.put_secret(conn, "root", lock_secret(root.to_bytes(), passphrase), now)
            conn.execute("update node.identity set root_public = %s", (root.public,))
            append_event(conn, Event("keys.new-root", now, "operator", root.root_id, {"suite": root.suite}))
            seal_row(conn, "node.identity", who.node_id, at=now, actor="operator")
            return root.public
    finally:
        if not was_running:
            server.stop()
