"""Backups: one snapshot of the database in PostgreSQL's custom format, with a manifest of digests and log heads.

    <target>/manifest.json    what is in the backup, of which release, and the head of every audit log in it
    <target>/database.dump    pg_dump -Fc
    <target>/files/...        further files of the node, if any were named

A backup is as secret as the node: it holds the data in the clear (private keys are locked with the passphrase).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tidegate.errors import SettingsWrong
from tidegate.model.instants import format_instant
from tidegate.store import audit_log
from tidegate.store.binaries import Binaries
from tidegate.store.connect import connect, translated
from tidegate.store.faults import StoreDamaged, StoreError
from tidegate.store.migrate import packaged_migrations, prepare, schema_number
from tidegate.store.upgrade import upgrade
from tidegate.store.verify import OpenNote, Problem, verify_database
from tidegate.wording.problems import problem

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. files: name in the backup and its SHA-256. heads: (log, size, root in hex)."""

    made_at: str
    release: str
    schema: int
    server_version: str
    files: tuple[tuple[str, str], ...]
    heads: tuple[tuple[str, int, str], ...]

    def to_json(self) -> dict[str, object]:
        """Return the manifest as plain data."""
        return {
            "format": FORMAT,
            "made_at": self.made_at,
            "release": self.release,
            "schema": self.schema,
            "server_version": self.server_version,
            "files": dict(self.files),
            "heads": [{"log": log, "size": size, "root": root} for log, size, root in self.heads],
        }


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, the migrations applied to it, and what verification found (empty if it is whole)."""

    manifest: Manifest
    migrated: tuple[int, ...]
    problems: tuple[Problem, ...]


def backup(owner_dsn: str, target: Path, *, binaries: Binaries, at: datetime, extras: Sequence[Path] = ()) -> Manifest:
    """Write a backup of one database into the new folder `target`, while the node goes on working.

    extras: further files to keep beside it (settings, certificates). Raises SettingsWrong if `target` is there
    already, StoreError with PostgreSQL's words if the dump fails; then nothing is left behind.
    """
    if target.exists():
        raise problem(SettingsWrong, "store.backup-there", folder=target)
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    part.mkdir(mode=0o700)
    try:
        with translated(), connect(owner_dsn, statement_s=0) as conn:
            conn.execute("set transaction isolation level repeatable read, read only")
            # The dump sees the very snapshot from which the heads are read.
            snapshot = str(_one(conn.execute("select pg_export_snapshot()").fetchone()))
            logs = [row[0] for row in conn.execute("select log_id from audit.head order by log_id").fetchall()]
            heads = tuple((one.log_id, one.size, one.root.hex()) for one in (audit_log.head(conn, log) for log in logs))
            with _private(part / DUMP) as file:
                _run(binaries, "pg_dump", owner_dsn, "-Fc", f"--snapshot={snapshot}", stdout=file)
            held = schema_number(conn)
            server_version = conn.info.parameter_status("server_version") or ""
        for extra in extras:
            (part / "files").mkdir(mode=0o700, exist_ok=True)
            with extra.open("rb") as source, _private(part / "files" / extra.name) as file:
                shutil.copyfileobj(source, file, _CHUNK)
        names = [DUMP, *(f"files/{extra.name}" for extra in extras)]
        files = tuple((name, _digest(part / name)) for name in names)
        manifest = Manifest(format_instant(at), version("tidegate"), held, server_version, files, heads)
        with _private(part / MANIFEST) as file:
            file.write(json.dumps(manifest.to_json(), indent=1).encode() + b"\n")
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return manifest


def read_backup(source: Path) -> Manifest:
    """Return the manifest of a backup, after checking every file against it.

    Raises SettingsWrong if `source` is no backup or of a newer release, StoreDamaged naming the file that differs.
    """
    try:
        data = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise problem(SettingsWrong, "store.backup-newer", folder=source)
        manifest = Manifest(
            data["made_at"], data["release"], int(data["schema"]), data["server_version"],
            tuple((str(name), str(digest)) for name, digest in data["files"].items()),
            tuple((str(one["log"]), int(one["size"]), str(one["root"])) for one in data["heads"]),
        )  # fmt: skip
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError) as exc:
        raise problem(SettingsWrong, "store.backup-unreadable", folder=source) from exc
    for name, digest in manifest.files:
        path = source / name
        if ".." in Path(name).parts or not path.is_file() or _digest(path) != digest:
            raise problem(StoreDamaged, "store.backup-changed", name=name, folder=source)
    if manifest.schema > max((step.number for step in packaged_migrations()), default=0):
        raise problem(SettingsWrong, "store.backup-newer", folder=source)
    return manifest


def restore(
    source: Path, owner_dsn: str, *, binaries: Binaries, at: datetime, open_note: OpenNote | None = None
) -> Restored:
    """Fill an empty database from a backup, verify it, and bring it to this release if it verifies.

    Raises SettingsWrong if the database is not empty or the backup is of a newer release, StoreDamaged if a file or
    a log head differs from the manifest. A node restored this way must ask its partners what they hold before it
    sends: its counters are those of the day of the backup.
    """
    manifest = read_backup(source)
    with connect(owner_dsn, statement_s=0) as conn:
        if schema_number(conn):
            raise problem(SettingsWrong, "store.restore-not-empty")
        prepare(conn)
        with (source / DUMP).open("rb") as file:
            _run(binaries, "pg_restore", owner_dsn, "--exit-on-error", "--single-transaction", stdin=file)
        with translated(), conn.transaction():
            for log, size, root in manifest.heads:
                found = audit_log.head(conn, log)
                if (found.size, found.root.hex()) != (size, root):
                    raise problem(StoreDamaged, "store.backup-head", log=log)
        problems = verify_database(conn, open_note=open_note, whole_schema=False)
        # An upgrade seals changed tables anew; what does not verify stays as it is, to be looked at first.
        migrated = () if problems else upgrade(conn, at=at).applied
        return Restored(manifest, migrated, tuple(problems))


def _run(binaries: Binaries, name: str, dsn: str, *options: str, stdin: IO[bytes] | None = None,
         stdout: IO[bytes] | None = None) -> None:  # fmt: skip
    parts = {key: str(value) for key, value in conninfo_to_dict(dsn).items() if value is not None}
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}
    # A command line can be read by every account of the machine; a password does not belong there.
    if "password" in parts:
        environment["PGPASSWORD"] = parts.pop("password")
    done = subprocess.run(
        [binaries.program(name), *options, "--no-password", "-d", make_conninfo("", **parts)],
        stdin=stdin or subprocess.DEVNULL, stdout=stdout or subprocess.DEVNULL, stderr=subprocess.PIPE,
        env=environment, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip()[-600:]
        raise problem(StoreError, "store.program-failed", program=name, words=words)


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _one(row: tuple[object, ...] | None) -> object:
    if row is None:
        raise problem(StoreError, "store.failed", words="no row")
    return row[0]
