"""What the local page holds while its window is open: the runs, the lists, and the decisions kept in a folder.

Records stay in memory and go when the window closes; only decisions are kept, in the folder that the user chose.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import Lock

from tidegate.engines.index_store import ListSource, open_index
from tidegate.engines.watched import Watch, WatchedEngine
from tidegate.errors import SettingsWrong
from tidegate.files.companions_read import read_companions
from tidegate.files.decisions_read import DecisionProblem, decision_lines, read_decisions
from tidegate.files.findings_html import Told, tell_whole
from tidegate.files.screened import PlacedFinding, Screened
from tidegate.files.screening_run import screen_tables
from tidegate.lists.reading import read_list
from tidegate.lists.shelf import HeldList, Shelf
from tidegate.screening.decisions import Decision, DecisionBook
from tidegate.screening.names import NameIndex
from tidegate.screening.plan import build_plan
from tidegate.screening.watchlist import Watchlist
from tidegate.trust.ids import new_id
from tidegate.web.local_reading import Inputs, SavedMappings, read_uploads
from tidegate.wording.problems import problem

DECISIONS_FILE = "decisions.jsonl"
MOST_RUNS = 20  # older runs are forgotten, so that a long day does not fill the memory
MOST_ROWS_HELD = 3_000_000
_WAIT_S = 0.2


@dataclass(slots=True)
class Run:
    """One screening. inputs: what it was asked for; its files lie in `uploads` until the run is let go.

    mapped: (file, sheet) read by a correction kept earlier. undecided: rows of a given workbook that were no decision,
    each with its file.
    """

    id: str
    screened: Screened
    on: date
    inputs: Inputs
    uploads: Path | None = None
    mapped: Sequence[tuple[str, str]] = ()
    undecided: Sequence[tuple[str, DecisionProblem]] = ()
    judged: tuple[object, Judged] | None = None


@dataclass(slots=True)
class LocalRuns:
    """The state of one window. folder: where decisions are kept. shelf: the lists held on this computer.

    on_folder: told when a person chooses another folder, so that it is found the next time.
    """

    folder: Path
    shelf: Shelf
    snapshots: tuple[str, ...] = ()
    extra_lists: list[tuple[str, Watchlist]] = field(default_factory=list)
    runs: dict[str, Run] = field(default_factory=dict)
    on_folder: Callable[[Path], None] | None = None
    _lock: Lock = field(default_factory=Lock)
    _writing: Lock = field(default_factory=Lock)  # two tabs may decide in one moment
    _index: tuple[tuple[str, ...], NameIndex | None] | None = None

    def add_list(self, file: Path) -> None:
        """Hold the list in `file` for as long as the window is open. Raises InputUnreadable for an unknown shape."""
        digest = hashlib.sha256(file.name.encode() + b"\x1f" + file.read_bytes()).hexdigest()
        self.extra_lists.append((digest, read_list(file)))

    def lists(self) -> list[HeldList]:
        """Return the lists on the shelf; a packaged snapshot only once it was asked for."""
        return [entry for entry in self.shelf.show() if not entry.packaged or entry.name in self.snapshots]

    def offered(self) -> list[HeldList]:
        """Return the packaged snapshots that were not asked for yet."""
        return [entry for entry in self.shelf.show() if entry.packaged and entry.name not in self.snapshots]

    def take_snapshot(self, name: str) -> None:
        """Hold a packaged snapshot from now on. Raises SettingsWrong for a name that is none."""
        if name not in {entry.name for entry in self.offered()}:
            raise problem(SettingsWrong, "local.no-snapshot", name=name)
        self.snapshots = (*self.snapshots, name)

    def screen(self, inputs: Inputs, watch: Watch, *, uploads: Path | None = None, instead_of: str = "") -> Run:
        """Return the run over `inputs`. uploads: the folder of their files, let go with the run.

        instead_of: the run that this one replaces. Raises TidegateError for papers or decisions that cannot be read, and
        what `watch` raises to stop it.
        """
        undecided: list[tuple[str, DecisionProblem]] = []
        for upload in inputs.decided:
            decided = read_decisions(upload.path)
            self.remember(decided.book.history())
            undecided += [(upload.name, problem) for problem in decided.problems]
        watch("reading", 0, 0)
        papers = read_companions([upload.path for upload in inputs.beside]) if inputs.beside else None
        read = read_uploads(inputs, SavedMappings(self.folder))
        while not self._lock.acquire(timeout=_WAIT_S):
            watch("waiting", 0, 0)
        try:
            watch("lists", 0, 0)
            index = self._opened()
        finally:
            self._lock.release()
        watchlists = index.watchlists if index is not None else ()
        companions = papers.companions if papers is not None else None
        plan = build_plan(watchlists, on=inputs.on, companions=companions, index=index)
        screened = screen_tables(
            read.tables, plan, WatchedEngine(watch).run, unread=read.unread, digests=read.digests, notes=read.notes
        )
        if papers is not None:
            screened = papers.told_in(screened)
        run = Run(new_id("run"), screened, inputs.on, inputs, uploads, read.mapped, undecided)
        self._hold(run, instead_of)
        return run

    def close(self) -> None:
        """Let every run and its files go."""
        for run in [*self.runs.values()]:
            self.let_go(run)

    def _hold(self, run: Run, instead_of: str) -> None:
        with self._lock:
            self.runs[run.id] = run
            old = self.runs.get(instead_of)
            if old is not None:
                self.let_go(old, keep=run.uploads)
            held = 0
            for number, one in enumerate(reversed([*self.runs.values()])):
                held += one.screened.rows()
                if number and (number >= MOST_RUNS or held > MOST_ROWS_HELD):
                    self.let_go(one)

    def let_go(self, run: Run, keep: Path | None = None) -> None:
        """Forget a run and remove its files, but not the folder `keep`, which another run reads now."""
        self.runs.pop(run.id, None)
        if run.uploads is not None and run.uploads != keep:
            shutil.rmtree(run.uploads, ignore_errors=True)

    def book(self) -> DecisionBook:
        """Return the decisions kept in the folder; none if there are none yet."""
        file = self.folder / DECISIONS_FILE
        return read_decisions(file).book if file.is_file() else DecisionBook()

    def judged(self, run: Run) -> Judged:
        """Return `run` beside the decisions as they stand; judged anew only when the decisions changed."""
        file = self.folder / DECISIONS_FILE
        found = file.stat() if file.is_file() else None
        stamp = (self.folder, found.st_mtime_ns, found.st_size, found.st_ino) if found else (self.folder,)
        if run.judged is None or run.judged[0] != stamp:
            run.judged = (stamp, judge(run, self.book()))
        return run.judged[1]

    def remember(self, decisions: Sequence[Decision]) -> None:
        """Keep `decisions`; the later one on a key counts, and the one it stands against is kept to be told.

        The file is written whole, then renamed.
        """
        with self._writing:
            self._write(DecisionBook([*self.book().history(), *decisions]).history())

    def forget(self, key: str) -> None:
        """Take a decision back."""
        with self._writing:
            self._write([one for one in self.book().history() if one.key != key])

    def choose_folder(self, folder: Path) -> None:
        """Keep decisions in `folder` from now on. Raises SettingsWrong if it cannot be written."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as problem:
            raise SettingsWrong(
                f"{folder}: cannot be written ({problem.strerror}); choose another folder",
                code="local.folder-wrong",
                folder=folder,
                why=problem.strerror,
            ) from problem
        self.folder = folder
        if self.on_folder is not None:
            self.on_folder(folder)

    def _write(self, held: Sequence[Decision]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".decisions-")
        with open(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(decision_lines(held))
        os.replace(name, self.folder / DECISIONS_FILE)

    def _opened(self) -> NameIndex | None:
        """Return the index of everything held, built or read once for each set of lists."""
        sources = [ListSource(one.version_key, partial(self.shelf.get, one.name)) for one in self.lists()]
        sources += [ListSource(digest, partial(_itself, watchlist)) for digest, watchlist in self.extra_lists]
        key = tuple(source.digest for source in sources)
        if self._index is None or self._index[0] != key:
            self._index = (key, open_index(sources))
        return self._index[1]


def _itself(watchlist: Watchlist) -> Watchlist:
    return watchlist


@dataclass(frozen=True, slots=True)
class Judged:
    """A run beside the decisions: what is open or still told, and what is set aside with the decision on each.

    overruled: by key, the decision that the one that counts stands against.
    """

    screened: Screened
    aside: Sequence[tuple[PlacedFinding, Decision]]
    decided: Mapping[str, Decision]
    changed: frozenset[str]
    overruled: Mapping[str, Decision] = field(default_factory=dict)
    _ordered: list[Sequence[PlacedFinding]] = field(default_factory=list)
    _told: dict[str, Told] = field(default_factory=dict)

    def ordered(self) -> Sequence[PlacedFinding]:
        """Return the findings, worst first; sorted once."""
        if not self._ordered:
            self._ordered.append(self.screened.worst_first())
        return self._ordered[0]

    def told(self, lang: str) -> Told:
        """Return what the run tells as a whole in `lang`; made once for each language."""
        if lang not in self._told:
            self._told[lang] = tell_whole(self.screened, self.ordered(), lang)
        return self._told[lang]


def judge(run: Run, book: DecisionBook) -> Judged:
    """Return `run` with the findings that `book` sets aside on its day left out, and those whose evidence changed named."""
    aside: list[tuple[PlacedFinding, Decision]] = []
    decided: dict[str, Decision] = {}
    changed: set[str] = set()
    tables = []
    present = {placed.finding.decision_key for table in run.screened.tables for placed in table.findings}
    for table in run.screened.tables:
        kept = []
        for placed in table.findings:
            one = placed.finding
            hiding = book.sets_aside(one.decision_key, run.on)
            if hiding is not None:
                aside.append((placed, hiding))
                continue
            decision = book.by_key.get(one.decision_key)
            if decision is not None and decision.verdict != "set-aside" and decision.holds(run.on):
                decided[one.decision_key] = decision
            if decision is None and book.changed_from(one.decision_key, one.base_key, present) is not None:
                changed.add(one.decision_key)
            kept.append(placed)
        gone = len(table.findings) - len(kept)
        tables.append(replace(table, findings=kept, set_aside=table.set_aside + gone))
    return Judged(replace(run.screened, tables=tables), aside, decided, frozenset(changed), book.overruled)
