"""The stage of the story: a folder, two nodes and a witness as real processes, and a clock that can be moved on.

Everything lies in one temporary folder. A keeper process holds the other end of a pipe to us: however the story ends,
by Ctrl-C or by kill -9, the processes end by their own lifelines and the keeper removes the folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from tidegate.demo.agreement import EXPORTING, IMPORTING
from tidegate.errors import TidegateError
from tidegate.model.agency import Agency
from tidegate.node import clock
from tidegate.node.database import database_server
from tidegate.node.node import Node, open_node
from tidegate.node.process import running_pids
from tidegate.node.settings import Settings, read_settings, write_settings
from tidegate.node.setup import NewOfficer, make_node, write_private
from tidegate.node.witness import make_witness, watch
from tidegate.store import outgoing
from tidegate.store.connect import connect
from tidegate.wording.problems import problem

WITNESS = "third-witness"
ROOM_BYTES = 1 << 30  # three small databases and their logs take about 300 MB
START = datetime(2022, 7, 25, 8, 0, tzinfo=UTC)
HOST_NAME = {IMPORTING.id: "a.localhost", EXPORTING.id: "b.localhost", WITNESS: "witness.localhost"}


class StageBroken(TidegateError):
    """A part of the story did not come up or did not do what the story needs. The text says which."""

    code = "stage-broken"


def officers_of(agency: Agency) -> list[NewOfficer]:
    """Return the invented officers of one side: who drafts, who approves, who keeps the talks, who runs the node."""
    names = {
        IMPORTING.id: ("A. Ejemplo", "M. Muster", "S. Nombre", "O. Modelo"),
        EXPORTING.id: ("样例", "范本", "某某", "测试"),
    }[agency.id]
    roles = ("liaison", "second", "secretariat", "operator")
    return [NewOfficer(role, name, role) for role, name in zip(roles, names, strict=True)]


@dataclass(slots=True)
class Stage:
    """Where the story is played. codes: node id -> officer id -> sign-in code."""

    folder: Path
    seed: int
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    opened: dict[str, Node] = field(default_factory=dict)
    keeper: subprocess.Popen[bytes] | None = None

    @property
    def importing(self) -> Node:
        """The importing side's node, opened as its desk opens it."""
        return self.node(IMPORTING.id)

    @property
    def exporting(self) -> Node:
        """The exporting side's node."""
        return self.node(EXPORTING.id)

    def node(self, name: str) -> Node:
        """Return one side's node, opened under the desk's database role."""
        if name not in self.opened:
            self.opened[name] = open_node(self.folder / name, "desk", passphrase=self.passphrase(name))
        return self.opened[name]

    def passphrase(self, name: str) -> str:
        """Return the passphrase of one node of the story."""
        return (self.folder / f"{name}.passphrase").read_text(encoding="ascii").strip()

    def set_time(self, moment: datetime) -> None:
        """Move the date of the story on, at both nodes and the witness."""
        for name in (IMPORTING.id, EXPORTING.id, WITNESS):
            with connect(self.server(name).dsn("owner")) as conn, conn.transaction():
                clock.set_story_clock(conn, moment)

    def server(self, name: str):  # type: ignore[no-untyped-def]
        """Return the database server of one node."""
        folder = self.folder / name
        return database_server(folder, read_settings(folder))

    def start(self, *names: str) -> None:
        """Start processes and wait until each is ready."""
        for name in names:
            self._launch(name)
        for name in names:
            self._wait_ready(name)

    def _launch(self, name: str) -> None:
        command = "witness" if name == WITNESS else "node"
        log = (self.folder / f"{name}.log").open("ab")
        with log:
            self.processes[name] = subprocess.Popen(
                [
                    sys.executable, "-m", "tidegate", command, "start", str(self.folder / name), "--lifeline",
                    "--passphrase-file", str(self.folder / f"{name}.passphrase"),
                ],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _wait_ready(self, name: str) -> None:
        out = self.processes[name].stdout
        line = out.readline() if out is not None else b""
        if not line:
            words = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")[-500:]
            raise problem(StageBroken, "story.not-up", name=name, words=words.strip())

    def kill(self, name: str) -> None:
        """Kill -9 every process of one node at once, its database too."""
        if name in self.opened:
            self.opened.pop(name).close()
        pids = running_pids(self.folder / name)
        status = self.server(name).status()
        for pid in [*pids.values(), *([status.pid] if status.pid else [])]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.processes[name].wait()

    def wait_quiet(self, *, most_s: float = 30.0) -> None:
        """Wait until nothing that may go is still on its way between the two sides."""
        deadline = time.monotonic() + most_s
        while True:
            moving = 0
            for node, partner in ((self.importing, EXPORTING.id), (self.exporting, IMPORTING.id)):
                with node.transaction() as tx:
                    waiting = outgoing.waiting(tx.conn, partner)
                    moving += sum(entry.state == "sealed" or entry.held_because is None for entry in waiting)
            if not moving:
                return
            if time.monotonic() > deadline:
                raise problem(StageBroken, "story.still-moving", count=moving, seconds=f"{most_s:.0f}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop everything in order and remove the folder."""
        for node in self.opened.values():
            node.close()
        self.opened.clear()
        for process in self.processes.values():
            if process.stdin is not None:
                process.stdin.close()
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.keeper is not None and self.keeper.stdin is not None:
            self.keeper.stdin.close()
            self.keeper.wait()


def set_stage(seed: int, *, say: Callable[[str], None]) -> Stage:
    """Make two nodes and a witness in a new folder and start them. Nothing is left behind if it fails."""
    base = Path(tempfile.mkdtemp(prefix="tidegate-story-", dir=_quick_folder()))
    base.chmod(0o711)  # where we are root, PostgreSQL runs as another account and must pass through
    stage = Stage(base, seed)
    stage.keeper = subprocess.Popen(
        [sys.executable, "-m", "tidegate.demo.keeper", str(base)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        _make_all(stage, say)
        stage.start(WITNESS, IMPORTING.id, EXPORTING.id)
        for agency in (IMPORTING, EXPORTING):
            watch(base / WITNESS, agency.id, stage.node(agency.id).identity.root_public)
        stage.set_time(START)
    except BaseException:
        stage.stop()
        raise
    return stage


def _make_all(stage: Stage, say: Callable[[str], None]) -> None:
    for name in (WITNESS, IMPORTING.id, EXPORTING.id):
        write_private(stage.folder / f"{name}.passphrase", os.urandom(12).hex().encode())
    settings = Settings(node_id=WITNESS, name="localhost")
    key = make_witness(
        stage.folder / WITNESS,
        settings=settings,
        passphrase=stage.passphrase(WITNESS),
        invented=True,
        story_start=START,
    )
    url = read_settings(stage.folder / WITNESS).public_url

    def make(agency: Agency) -> None:
        folder = stage.folder / agency.id
        stage.codes[agency.id] = make_node(
            folder,
            settings=Settings(node_id=agency.id, name=HOST_NAME[agency.id], courier_pause_s=0.1),
            agency=agency,
            passphrase=stage.passphrase(agency.id),
            officers_wanted=officers_of(agency),
            invented=True,
            story_start=START,
        )
        write_settings(folder, replace(read_settings(folder), witness_url=url, witness_key=key))
        say(f"made {agency.id}")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(make, agency) for agency in (IMPORTING, EXPORTING)]:
            done.result()


def _quick_folder() -> str | None:
    """Return a folder in memory where there is one with room, else None for the usual one: the story is thrown away."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made inside, readable by us alone
    if not memory.is_dir() or not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < ROOM_BYTES:
        return None
    return str(memory)
