"""Our own PostgreSQL server: made, started, stopped and asked, over a folder of programs.

It listens on no network. Its socket lies in a private folder, and only the accounts named in its map may connect
(peer authentication). Alive means that a connection succeeds, not that a number stands in a file.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tidegate.errors import SettingsWrong
from tidegate.store.accounts import Account, check_enterable, own_account, server_account
from tidegate.store.binaries import Binaries, find_binaries
from tidegate.store.connect import connect
from tidegate.store.external import ExternalServer
from tidegate.store.faults import StoreError, StoreUnreachable
from tidegate.store.folder import SOCKET_NAME, Folder, socket_folder, write_configuration
from tidegate.store.migrate import prepare
from tidegate.store.processes import exists, is_server_of, make_stale, read_pid
from tidegate.store.roles import DATABASE, ROLE_NAMES, Role
from tidegate.wording.problems import problem

__all__ = ["ExternalServer", "PostgresServer", "ServerStatus", "stop_by_folder"]

START_SECONDS = 120.0
"""Longest wait for a start; long because recovery after a crash replays the log."""
STOP_SECONDS = 30.0
LARGEST_LOG = 8_000_000

# A started server is our child until we end; keeping it here lets us fetch it when it dies before us.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """running: a connection succeeds. pid: the server's process, None where it is not known to live.

    version: what the running server says, else that of the programs. note: a wording code, "" if all is well.
    """

    running: bool
    pid: int | None
    version: str
    binaries: Binaries
    account: str
    socket: Path
    note: str = ""


class PostgresServer:
    """A server on `folder`. `account` runs it when we are root (else our own account does).

    settings: further lines for postgresql.conf, e.g. {"fsync": "off"} for tests.
    """

    def __init__(
        self,
        folder: Path,
        *,
        binaries: Binaries | None = None,
        account: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = Folder(Path(folder).absolute())
        self.binaries = binaries or find_binaries()
        record = self.folder.read_record()
        self.account: Account = server_account(account or record.get("account"))
        self.settings = dict(settings or {})
        self._socket: Path | None = None

    def init(self) -> None:
        """Make the database cluster if there is none. Raises SettingsWrong if the folder cannot serve."""
        with self._starting():
            if not (self.folder.data / "PG_VERSION").exists():
                self._make_cluster()

    def start(self) -> None:
        """Start the server, if it does not run, and see that roles and database are there.

        Raises SettingsWrong for a cluster of another major release or a closed folder, StoreUnreachable with the
        server's last words if it does not come up.
        """
        with self._starting():
            if self.running():
                return
            if not (self.folder.data / "PG_VERSION").exists():
                self._make_cluster()
            self._check_version()
            self._check_ways()
            self._write_record()
            self._mend_pid_files()
            write_configuration(
                self.folder, server=self.account, client=own_account(), socket=self.socket,
                major=self.binaries.major, settings=self.settings,
            )  # fmt: skip
            self._launch()
            self._ensure_database()

    def stop(self) -> None:
        """Stop the server and wait until it is gone; open transactions are rolled back. Nothing if it does not run."""
        pid = read_pid(self.folder.pid_file)
        if pid is None or not self._is_ours(pid):
            return
        for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10.0)):
            with suppress(ProcessLookupError):
                os.kill(pid, how)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                _fetch(pid)
                if not self._is_ours(pid):
                    return
                time.sleep(0.02)
        raise problem(StoreError, "store.stop-failed", pid=pid, folder=self.folder.path)

    def running(self) -> bool:
        """Tell whether a connection succeeds."""
        return self._greet()[0]

    def status(self) -> ServerStatus:
        """Return what is known of the server now."""
        running, version = self._greet()
        pid = read_pid(self.folder.pid_file)
        if pid is not None:
            _fetch(pid)
        alive = pid is not None and self._is_ours(pid)
        note = ""
        if not running and alive:
            note = "store.status-unresponsive"
        elif not running and pid is not None:
            note = "store.status-crashed"
        return ServerStatus(
            running, pid if alive else None, version or self.binaries.version, self.binaries, self.account.name,
            self.socket, note,
        )  # fmt: skip

    def dsn(self, role: Role, database: str = DATABASE) -> str:
        """Return the connection string for one of the roles of this node."""
        return make_conninfo("", host=str(self.socket), port="5432", user=ROLE_NAMES[role], dbname=database)

    @property
    def socket(self) -> Path:
        """The folder of the socket; known once the cluster is made."""
        if self._socket is None:
            recorded = self.folder.read_record().get("socket")
            self._socket = Path(recorded) if recorded else None
        return self._socket or self.folder.path / "run"

    def __enter__(self) -> PostgresServer:
        self.init()
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    # -- the steps of a start

    @contextmanager
    def _starting(self) -> Iterator[None]:
        path = self.folder.path
        path.mkdir(parents=True, exist_ok=True)
        if set(os.listdir(path)) - {"data.new", "start.lock"} and not self.folder.record.exists():
            raise problem(SettingsWrong, "store.folder-used", folder=path)
        with (self.folder.path / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_cluster(self) -> None:
        path = self.folder.path
        path.chmod(0o711)
        self._check_ways()
        # Made under another name and moved: a cluster of which only a part was made is never taken for a whole one.
        fresh = path / "data.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        self.account.give(fresh)
        if self.binaries.major >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            locale = ["--locale=C.UTF-8"]
        self._run("initdb", "-D", str(fresh), "-U", ROLE_NAMES["owner"], "-E", "UTF8", *locale,
                  "--data-checksums", "--auth-local=peer", "--auth-host=reject", "--no-instructions")  # fmt: skip
        self._write_record()
        fresh.rename(self.folder.data)

    def _check_version(self) -> None:
        held = (self.folder.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if held != str(self.binaries.major):
            raise problem(
                SettingsWrong, "store.version-other", held=held, ours=self.binaries.version, folder=self.folder.path
            )

    def _check_ways(self) -> None:
        check_enterable(self.account, [self.folder.path, self.binaries.folder])

    def _mend_pid_files(self) -> None:
        for file in (self.folder.pid_file, self.socket / f"{SOCKET_NAME}.lock"):
            pid = read_pid(file)
            if pid is None:
                continue
            _fetch(pid)
            deadline = time.monotonic() + STOP_SECONDS
            while self._is_ours(pid):  # it is coming up or going down, else it would have answered
                if time.monotonic() > deadline:
                    raise problem(StoreUnreachable, "store.unresponsive", pid=pid, folder=self.folder.path)
                if self.running():
                    return
                time.sleep(0.1)
            if exists(pid):
                make_stale(file)
                self._say(f"lock file {file.name} named process {pid}, which is not this server; marked as stale")

    def _launch(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            words_before = self._log_size()
            with self.folder.log.open("ab") as log:
                os.fchmod(log.fileno(), 0o600)
                child = subprocess.Popen(
                    [
                        self.binaries.program("postgres"), "-D", str(self.folder.data),
                        "-c", f"config_file={self.folder.conf / 'postgresql.conf'}",
                    ],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=_environment(),
                    # A session of its own: Ctrl-C in our terminal is not meant for the database.
                    start_new_session=True, **self.account.as_user(),
                )  # fmt: skip
            _children[child.pid] = child
            while child.poll() is None and time.monotonic() < deadline:
                if self.running():
                    return
                time.sleep(0.02)
            words = self._log_since(words_before)
            if "still in use" in words and time.monotonic() < deadline:
                time.sleep(0.2)  # orphans of a killed server end by themselves, within moments
                continue
            raise problem(StoreUnreachable, "store.start-failed", folder=self.folder.path, words=words.strip()[-600:])

    def _ensure_database(self) -> None:
        with psycopg.connect(self.dsn("owner", "postgres"), autocommit=True) as conn:
            if not conn.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                conn.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
        with connect(self.dsn("owner")) as conn:
            prepare(conn)

    # -- small ones

    def _greet(self) -> tuple[bool, str]:
        if not (self.socket / SOCKET_NAME).exists():
            return False, ""
        try:
            with psycopg.connect(self.dsn("owner", "postgres"), connect_timeout=3) as conn:
                version = conn.info.parameter_status("server_version") or ""
                return True, version.split(" ")[0]
        except psycopg.OperationalError:
            return False, ""

    def _is_ours(self, pid: int) -> bool:
        return is_server_of(pid, self.folder.data, self.account.uid)

    def _write_record(self) -> None:
        self._socket = socket_folder(self.folder, self.account, str(self.socket))
        self.folder.write_record({
            "account": self.account.name, "socket": str(self.socket), "binaries": str(self.binaries.folder),
            "version": self.binaries.version,
        })  # fmt: skip

    def _run(self, name: str, *arguments: str, seconds: float = 600) -> str:
        done = subprocess.run(
            [self.binaries.program(name), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", cwd="/", env=_environment(), timeout=seconds, check=False, **self.account.as_user(),
        )  # fmt: skip
        if done.returncode != 0:
            words = (done.stderr or done.stdout).strip()[-600:]
            raise problem(StoreError, "store.program-failed", program=name, words=words)
        return str(done.stdout)

    def _say(self, words: str) -> None:
        with self.folder.log.open("a", encoding="utf-8") as log:
            log.write(f"launcher: {words}\n")

    def _log_size(self) -> int:
        if not self.folder.log.exists():
            return 0
        size = self.folder.log.stat().st_size
        if size > LARGEST_LOG:
            self.folder.log.replace(self.folder.log.with_suffix(".log.1"))
            return 0
        return size

    def _log_since(self, size: int) -> str:
        with self.folder.log.open("rb") as log:
            log.seek(size)
            return log.read().decode("utf-8", "replace")


def stop_by_folder(folder: Path) -> bool:
    """Stop the server of `folder`, whichever process started it; tell whether one ran."""
    record = Folder(Path(folder).absolute()).read_record()
    if not record:
        return False
    server = PostgresServer(folder, binaries=Binaries(Path(record["binaries"]), "setting", record["version"]))
    pid = read_pid(server.folder.pid_file)
    ran = pid is not None and server._is_ours(pid)
    server.stop()
    return ran


def _fetch(pid: int) -> None:
    """Take note of the death of a child of ours, so that it does not stay as a zombie."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        del _children[pid]


def _environment() -> dict[str, str]:
    # Nothing of our environment reaches the server: PG* variables and locale would change what it does.
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "LANG": "C"}
