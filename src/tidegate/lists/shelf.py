"""Shelf: the lists held in one folder, each with where it came from, its date, its age and its counts.

A list is a folder `NAME/` with the publisher's bytes as they came and `list.json`. It is replaced as a whole: the new
one is read, checked and written beside the old, then renamed; when a check fails the old one stays.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date as day_of
from datetime import datetime
from pathlib import Path

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.lists.compare import ListDifference, compare_lists
from tidegate.lists.packaged import packaged_lists
from tidegate.lists.publishers import publishers
from tidegate.lists.reading import read_list
from tidegate.model.instants import format_instant
from tidegate.screening.watchlist import Watchlist

MAX_SHRINK = 0.2  # a new version with a fifth fewer parties is refused unless a person says so
OLD_AFTER_DAYS = 30
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}$")


class ListShrunk(InputUnreadable):
    """The new version has far fewer parties than the one held: it may be cut. Look, then say --accept-shrink."""

    code = "list-shrunk"


@dataclass(frozen=True, slots=True)
class HeldList:
    """One list on the shelf. date: of its content; fetched: instant it was put here; parties, names: counts."""

    name: str
    title: str
    shape: str
    date: str
    fetched: str
    source: str
    file: str
    sha256: str
    rows_in: int
    parties: int
    names: int
    by_schema: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    etags: Mapping[str, str] = field(default_factory=dict)
    packaged: bool = False

    def age_days(self, today: day_of) -> int | None:
        """Return how many days old the content is (of the day it was fetched, if it has no date); None if unknown."""
        day = self.date or self.fetched[:10]
        parts = [int(part) for part in day.split("-")] if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", day) else []
        return (today - day_of(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)).days if parts else None

    def is_old(self, today: day_of) -> bool:
        """Tell whether the content is older than its publisher's usual pace allows (30 days for others)."""
        age = self.age_days(today)
        known = publishers().get(self.name)
        return age is None or age > (known.fresh_days if known else OLD_AFTER_DAYS)


def default_folder() -> Path:
    """Return where lists are kept: $TIDEGATE_LISTS, else the user's data folder."""
    chosen = os.environ.get("TIDEGATE_LISTS")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".local" / "share")
    return Path(base) / "tidegate" / "lists"


class Shelf:
    """The lists in `folder` (made when the first list is added), with the packaged snapshots beside them."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = Path(folder) if folder is not None else default_folder()

    def show(self) -> list[HeldList]:
        """Return what is held, by name; packaged snapshots last."""
        held = [self._meta(entry) for entry in sorted(self.folder.glob("*/list.json"))] if self.folder.is_dir() else []
        names = {entry.name for entry in held}
        return held + [_packaged_entry(w) for w in packaged_lists() if w.list_id not in names]

    def get(self, name: str) -> Watchlist:
        """Return the list held under `name`. Raises SettingsWrong naming what is held if it is not."""
        entry = next((entry for entry in self.show() if entry.name == name), None)
        if entry is None:
            held = ", ".join(entry.name for entry in self.show())
            raise SettingsWrong(f"no list {name!r} is held here; held: {held}", code="list-not-held", name=name)
        if entry.packaged or entry.shape == "packaged":
            return next(watchlist for watchlist in packaged_lists() if watchlist.list_id == name)
        watchlist = read_list(self.folder / name / entry.file)
        return _renamed(watchlist, entry)

    def resolve(self, name_or_file: str) -> Watchlist:
        """Return a list by its name here, or from the file of that path."""
        path = Path(name_or_file)
        if path.is_file():
            return read_list(path)
        return self.get(name_or_file)

    def add(
        self, source: Path, *, now: datetime, name: str | None = None, accept_shrink: bool = False, origin: str = "",
        beside: Sequence[Path] = (), etags: Mapping[str, str] | None = None,
    ) -> tuple[HeldList, ListDifference | None]:  # fmt: skip
        """Put the list in the file `source` on the shelf, in place of the one of that name.

        Returns the entry and what changed against the old version (None if there was none). Raises InputUnreadable
        for an unknown shape, ListShrunk for a big shrink; the old version then stays as it was.
        """
        source = Path(source)
        if not source.is_file():
            raise InputUnreadable(f"{source}: no such file", code="list-missing", path=str(source))
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".new-") as staging:
            staged = Path(staging) / "list"
            staged.mkdir()
            copied = staged / source.name
            shutil.copyfile(source, copied)
            companions = list(beside) or [
                other
                for kind in ("alt", "add")
                if (other := source.with_name(f"{kind}.csv")).is_file() and "sdn" in source.name.lower()
            ]
            for other in companions:
                shutil.copyfile(other, staged / other.name)
            watchlist = read_list(copied)
            key = name or watchlist.list_id
            if not _NAME.match(key):
                raise SettingsWrong(f"{key!r} is no name for a list; use lower-case letters, digits, - and _")
            difference = self._check(key, watchlist, accept_shrink)
            entry = HeldList(
                key, watchlist.title, watchlist.shape, watchlist.date, format_instant(now), origin or source.name, source.name,
                hashlib.sha256(copied.read_bytes()).hexdigest(), watchlist.rows_in, len(watchlist.parties), watchlist.name_count(),
                watchlist.by_schema(), dict(watchlist.left_out), dict(etags or {}),
            )  # fmt: skip
            text = json.dumps(asdict(entry), ensure_ascii=False, indent=1, sort_keys=True)
            (staged / "list.json").write_text(text + "\n", encoding="utf-8")
            self._replace(key, staged)
        return entry, difference

    def hold_packaged(self, name: str, *, now: datetime) -> HeldList | None:
        """Hold the packaged snapshot `name` from now on, so that a screening without --list uses it.

        Returns its entry, or None if no snapshot of that name comes with Tidegate. Its date stays that of the snapshot.
        """
        watchlist = next((one for one in packaged_lists() if one.list_id == name), None)
        if watchlist is None:
            return None
        self.folder.mkdir(parents=True, exist_ok=True)
        entry = replace(_packaged_entry(watchlist), packaged=False, fetched=format_instant(now))
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".new-") as staging:
            staged = Path(staging) / "list"
            staged.mkdir()
            text = json.dumps(asdict(entry), ensure_ascii=False, indent=1, sort_keys=True)
            (staged / "list.json").write_text(text + "\n", encoding="utf-8")
            self._replace(name, staged)
        return entry

    def remove(self, name: str) -> None:
        """Take the list `name` off the shelf. Raises SettingsWrong if it is not there; snapshots cannot be removed."""
        target = self.folder / name
        if not _NAME.match(name) or not (target / "list.json").is_file():
            raise SettingsWrong(f"no list {name!r} on this shelf", code="list-not-held", name=name)
        gone = self.folder / f".gone-{name}"
        shutil.rmtree(gone, ignore_errors=True)
        target.rename(gone)
        shutil.rmtree(gone)

    def entry(self, name: str) -> HeldList | None:
        """Return the entry of the list `name` on the shelf, or None."""
        file = self.folder / name / "list.json"
        return self._meta(file) if file.is_file() else None

    def _check(self, name: str, new: Watchlist, accept_shrink: bool) -> ListDifference | None:
        if self.entry(name) is None:
            return None
        old = self.get(name)
        difference = compare_lists(old, new)
        if len(new.parties) < len(old.parties) * (1 - MAX_SHRINK) and not accept_shrink:
            raise ListShrunk(
                f"{name}: the new version has {len(new.parties)} parties, the one held {len(old.parties)}; it may be cut short. "
                "The old one stays. If the list did shrink, add it again with --accept-shrink",
                name=name, new=len(new.parties), old=len(old.parties),
            )  # fmt: skip
        return difference

    def _replace(self, name: str, staged: Path) -> None:
        target, old = self.folder / name, self.folder / f".old-{name}"
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        try:
            staged.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)

    def _meta(self, file: Path) -> HeldList:
        try:
            return HeldList(**json.loads(file.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as problem:
            raise InputUnreadable(
                f"{file}: the entry is damaged; remove the folder and add the list again", code="shelf-damaged"
            ) from problem


def _renamed(watchlist: Watchlist, entry: HeldList) -> Watchlist:
    if watchlist.list_id == entry.name:
        return watchlist
    parties = tuple(replace(party, list_id=entry.name) for party in watchlist.parties)
    return replace(watchlist, list_id=entry.name, title=entry.title, parties=parties)


def _packaged_entry(watchlist: Watchlist) -> HeldList:
    return HeldList(
        watchlist.list_id, watchlist.title, watchlist.shape, watchlist.date, "", "packaged", "", "", watchlist.rows_in,
        len(watchlist.parties), watchlist.name_count(), watchlist.by_schema(), dict(watchlist.left_out), packaged=True,
    )  # fmt: skip
