"""A running node: PostgreSQL, then one process for each listener, all ended together however the end comes.

The supervisor holds the only write end of a pipe to each child. When the supervisor goes, by signal or by kill -9,
every child reads the end of its pipe and leaves, and the keeper stops PostgreSQL. So nothing is left running.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from tidegate.errors import SettingsWrong, TidegateError
from tidegate.node.database import SERVER_FOLDER, database_server
from tidegate.node.settings import Settings, read_settings
from tidegate.store.connect import connect
from tidegate.store.upgrade import upgrade
from tidegate.wording.problems import problem

LISTENERS = ("desk", "exchange", "public")
PORT_OF = {"desk": "desk_port", "exchange": "exchange_port", "public": "public_port", "witness": "public_port"}
READY_S = 30.0
RUN_FILE = "run.json"
_KEEPER = (
    "import sys; sys.stdin.buffer.read(); from pathlib import Path; "
    "from tidegate.store.server import stop_by_folder; stop_by_folder(Path(sys.argv[1]))"
)


class NodeFailed(TidegateError):
    """A part of the node did not come up or went away. Its log file in the node's folder says why."""

    code = "node-failed"


@dataclass(slots=True)
class Supervisor:
    """Starts, watches and ends the processes of one node."""

    folder: Path
    settings: Settings
    passphrase: str
    listeners: Sequence[str] = LISTENERS
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, *, on_ready: Callable[[], None], lifeline: bool = False) -> None:
        """Run the node until a signal comes. lifeline: also end when our own standard input ends."""
        server = database_server(self.folder, self.settings)
        own = not self.settings.database_url
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        if lifeline:
            threading.Thread(target=self._watch_stdin, daemon=True).start()
        keeper = (
            self._spawn([sys.executable, "-c", _KEEPER, str(self.folder / SERVER_FOLDER)], "keeper") if own else None
        )
        try:
            if own:
                server.start()
            with connect(server.dsn("owner"), statement_s=0) as conn:
                upgrade(conn, at=datetime.now(UTC))
            for name in self.listeners:
                self._start_child(name)
            self._write_run_file()
            self._wait_ready()
            if not self._stopping.is_set():
                on_ready()
            self._watch()
        finally:
            self._end_children()
            if own:
                server.stop()
            if keeper is not None:
                _end(keeper)
            (self.folder / RUN_FILE).unlink(missing_ok=True)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _watch_stdin(self) -> None:
        while os.read(0, 4096):
            pass
        self._stopping.set()

    def _spawn(self, command: list[str], name: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        with log:
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True)

    def _start_child(self, name: str) -> None:
        child = self._spawn([sys.executable, "-m", "tidegate", "node", "serve", name, str(self.folder)], name)
        if child.stdin is None:
            raise problem(NodeFailed, "node.part-without-passphrase", part=name)
        secret = self.passphrase if name != "public" else ""
        child.stdin.write(secret.encode() + b"\n")
        child.stdin.flush()
        self.children[name] = child

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_S
        ports = {name: getattr(self.settings, PORT_OF[name]) for name in self.listeners}
        while ports and not self._stopping.is_set():
            for name, port in list(ports.items()):
                if self.children[name].poll() is not None:
                    raise problem(NodeFailed, "node.part-ended", part=name, file=self.folder / (name + ".log"))
                if _answers(self.settings.host, port):
                    del ports[name]
            if ports and time.monotonic() > deadline:
                raise problem(
                    NodeFailed,
                    "node.ports-silent",
                    ports=", ".join(ports),
                    seconds=f"{READY_S:.0f}",
                    folder=self.folder,
                )
            time.sleep(0.05)

    def _watch(self) -> None:
        while not self._stopping.wait(0.2):
            for name, child in self.children.items():
                if child.poll() is not None and not self._stopping.is_set():
                    # A listener that fell is started again; what it was doing was one transaction, kept or undone.
                    time.sleep(0.5)
                    self._start_child(name)
                    self._write_run_file()
                    break

    def _end_children(self) -> None:
        for child in self.children.values():
            if child.stdin is not None:
                child.stdin.close()
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            _end(child)

    def _write_run_file(self) -> None:
        pids = {name: child.pid for name, child in self.children.items()}
        data = {"supervisor": os.getpid(), **pids}
        draft = self.folder / (RUN_FILE + ".new")
        draft.write_text(json.dumps(data), encoding="utf-8")
        draft.replace(self.folder / RUN_FILE)


def supervise(
    folder: Path,
    passphrase: str,
    *,
    on_ready: Callable[[], None],
    lifeline: bool = False,
    listeners: Sequence[str] = LISTENERS,
) -> None:
    """Run the node (or, with the one listener "witness", the witness) in `folder` until it is told to stop."""
    settings = read_settings(folder)
    if running_pids(folder):
        raise problem(SettingsWrong, "node.runs-already", folder=folder)
    Supervisor(folder, settings, passphrase, listeners).run(on_ready=on_ready, lifeline=lifeline)


def running_pids(folder: Path) -> dict[str, int]:
    """Return the process ids of a running node by name, or nothing when it does not run."""
    try:
        pids: dict[str, int] = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return pids if _is_ours(pids["supervisor"], folder) else {}


def stop(folder: Path, *, wait_s: float = 20.0) -> bool:
    """Ask a running node to stop and wait for it. Returns False when it was not running."""
    pids = running_pids(folder)
    if not pids:
        return False
    os.kill(pids["supervisor"], signal.SIGTERM)
    deadline = time.monotonic() + wait_s
    while running_pids(folder):
        if time.monotonic() > deadline:
            raise problem(NodeFailed, "node.not-stopping", folder=folder, seconds=f"{wait_s:.0f}")
        time.sleep(0.05)
    return True


def _is_ours(pid: int, folder: Path) -> bool:
    """Tell whether `pid` is a live supervisor of this folder, not another process that took the number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True  # no /proc on this system: the signal's answer is all there is to know
    return state != "Z" and b"tidegate" in words


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=0.2):
            return True
    except OSError:
        return False


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None and not child.stdin.closed:
        child.stdin.close()
    try:
        child.wait(timeout=8)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
