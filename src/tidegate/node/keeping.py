"""Keeping a node: backup of a running one, and a new node made from a backup."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from tidegate.errors import SettingsWrong
from tidegate.node.database import database_server
from tidegate.node.recovery import mark_restored
from tidegate.node.settings import FILE_NAME, read_settings
from tidegate.node.setup import write_private
from tidegate.store.backup import Restored, backup, restore
from tidegate.store.binaries import Binaries, find_binaries
from tidegate.store.connect import connect
from tidegate.store.faults import StoreDamaged
from tidegate.store.migrate import missing_steps
from tidegate.store.server import PostgresServer
from tidegate.store.upgrade import Upgraded, upgrade
from tidegate.wording.problems import problem

EXTRAS = (FILE_NAME, "exchange.crt", "exchange.key")


def backup_node(folder: Path, target: Path) -> None:
    """Write a backup of the running node into the new folder `target`."""
    settings = read_settings(folder)
    server = database_server(folder, settings)
    if not server.running():
        raise problem(SettingsWrong, "node.backup-stopped", folder=folder)
    backup(
        server.dsn("owner"),
        target,
        binaries=_binaries(server),
        at=datetime.now(UTC),
        extras=[folder / name for name in EXTRAS if (folder / name).exists()],
    )


def restore_node(source: Path, folder: Path) -> Restored:
    """Make a node in the new folder `folder` from a backup. Raises SettingsWrong, StoreDamaged; then nothing is left.

    Every link is closed until its partner has given back what the node forgot since the backup; see node.recovery.
    """
    if folder.exists() and any(folder.iterdir()):
        raise problem(SettingsWrong, "node.restore-not-empty", folder=folder)
    if not (source / "files" / FILE_NAME).is_file():
        raise problem(SettingsWrong, "store.backup-unreadable", folder=source)
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    try:
        for name in EXTRAS:
            kept = source / "files" / name
            if kept.exists():
                write_private(folder / name, kept.read_bytes())
        server = database_server(folder, read_settings(folder))
        with server:
            now = datetime.now(UTC)
            restored = restore(source, server.dsn("owner"), binaries=_binaries(server), at=now)
            with connect(server.dsn("owner")) as conn:
                if missing_steps(conn):
                    raise problem(
                        StoreDamaged,
                        "node.restore-unverified",
                        release=restored.manifest.release,
                        first=restored.problems[0].say("en"),
                    )
                with conn.transaction():
                    mark_restored(conn, at=now, backup_made_at=restored.manifest.made_at)
            return restored
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def upgrade_node(folder: Path) -> Upgraded:
    """Bring a stopped or running node's database to this release. Raises StoreDamaged if it does not verify first."""
    server = database_server(folder, read_settings(folder))
    was_running = server.running()
    server.start()
    try:
        with connect(server.dsn("owner"), statement_s=0) as conn:
            return upgrade(conn, at=datetime.now(UTC))
    finally:
        if not was_running:
            server.stop()


def _binaries(server: object) -> Binaries:
    return server.binaries if isinstance(server, PostgresServer) else find_binaries()
