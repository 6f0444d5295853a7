"""Making a node: folder, database, keys, certificate, officers. A node is made whole or not at all."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from tidegate.errors import SettingsWrong
from tidegate.model.agency import Agency
from tidegate.node import clock, keyring
from tidegate.node.database import database_server
from tidegate.node.settings import Settings, write_settings
from tidegate.store import identity, officers
from tidegate.store.connect import Connection, connect
from tidegate.store.migrate import migrate
from tidegate.store.seals import seal_row
from tidegate.trust.certificate import make_certificate
from tidegate.trust.ids import new_code
from tidegate.wire.http import certificate_digest
from tidegate.wording.problems import problem


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """An officer to enrol. role: liaison, second, secretariat or operator."""

    id: str
    name: str
    role: str


def make_node(
    folder: Path,
    *,
    settings: Settings,
    agency: Agency,
    passphrase: str,
    officers_wanted: Sequence[NewOfficer],
    suite: int = 1,
    invented: bool = False,
    story_start: datetime | None = None,
) -> dict[str, str]:
    """Make a node in `folder` and return each officer's sign-in code, shown once.

    Raises SettingsWrong when something is already there. When anything fails, the folder is gone again.
    """
    if folder.exists() and any(folder.iterdir()):
        raise problem(SettingsWrong, "node.folder-not-empty", folder=folder)
    if not passphrase:
        raise problem(SettingsWrong, "node.passphrase-needed")
    existed = folder.exists()
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    try:
        return _make(folder, settings, agency, passphrase, officers_wanted, suite, invented, story_start)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if existed:
            folder.mkdir(exist_ok=True)
        raise


def _make(
    folder: Path,
    settings: Settings,
    agency: Agency,
    passphrase: str,
    officers_wanted: Sequence[NewOfficer],
    suite: int,
    invented: bool,
    story_start: datetime | None,
) -> dict[str, str]:
    settings = with_free_ports(settings)
    machine_now = datetime.now(UTC)
    key_pem, certificate_pem = make_certificate(
        settings.node_id, sorted({settings.name, settings.host, "localhost"}), machine_now
    )
    write_private(folder / "exchange.key", key_pem)
    (folder / "exchange.crt").write_bytes(certificate_pem)
    codes = {}
    with database_server(folder, settings) as server, connect(server.dsn("owner"), statement_s=0) as conn:
        migrate(conn)
        now = story_start or machine_now
        with conn.transaction():
            root = keyring.make_root(conn, suite=suite, passphrase=passphrase, now=now)
            identity.put_identity(
                conn,
                identity.Identity(settings.node_id, agency, suite, root.public, invented, certificate_pem),
                now,
            )
            if story_start is not None:
                clock.set_story_clock(conn, story_start)
            keyring.rotate(
                conn,
                node_id=settings.node_id,
                passphrase=passphrase,
                certificate_digest=certificate_digest(certificate_pem),
                now=now,
            )
            for officer in officers_wanted:
                codes[officer.id] = add_officer(conn, officer)
            # From the first day on, a changed root, certificate or sign-in code is named by verify.
            seal_row(conn, "node.identity", settings.node_id, at=now)
            for officer in officers_wanted:
                seal_row(conn, "node.officer", officer.id, at=now)
    write_settings(folder, settings)
    return codes


def add_officer(conn: Connection, officer: NewOfficer) -> str:
    """Enrol one officer and return the sign-in code, of which only an argon2id hash is kept."""
    code = new_code()
    officers.put_officer(conn, officer.id, officer.name, officer.role, PasswordHasher().hash(code))
    return code


def with_free_ports(settings: Settings) -> Settings:
    """Return the settings with a free port for each listener that was left at 0."""
    chosen: dict[str, Any] = {}
    holders = []
    try:
        for name in ("desk_port", "exchange_port", "public_port"):
            if getattr(settings, name) == 0:
                holder = socket.create_server((settings.host, 0))
                holders.append(holder)
                chosen[name] = holder.getsockname()[1]
    finally:
        for holder in holders:
            holder.close()
    return replace(settings, **chosen)


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only this account may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def read_passphrase(path: Path) -> str:
    """Return the passphrase in a file: its first line. Raises SettingsWrong when it is missing or empty."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as exc:
        raise problem(SettingsWrong, "node.passphrase-unreadable", file=path, why=exc) from exc
    if not lines or not lines[0]:
        raise problem(SettingsWrong, "node.passphrase-empty", file=path)
    return lines[0]
