"""Shelf: the lists held in one folder, each with where it came from, its date, its age and its counts.

A list is a folder `NAME/` with `list.json` and the version it names: the publisher's bytes as they came. A new version is
read, checked and written whole beside the old one before the entry names it; when a check fails the old one stays. The
version before is kept too, as `NAME@previous`, until the next one comes. What happened stands in `history.jsonl`.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from tidegate.lists import history
from tidegate.lists.acceptance import Acceptance, Origin, check_replacement
from tidegate.lists.compare import ListDifference
from tidegate.lists.faults import ListRefused, list_unreadable, shelf_wrong
from tidegate.lists.held import HeldList as HeldList
from tidegate.lists.held import entry_of, read_entry
from tidegate.lists.packaged import packaged_lists
from tidegate.lists.reading import beside_files, list_id_of, read_list, read_list_files
from tidegate.lists.shelf_files import ENTRY, digest_of, locked, tidy, write_version, write_whole
from tidegate.model.instants import format_instant
from tidegate.screening.watchlist import Watchlist
from tidegate.trust.ids import new_id

PREVIOUS = "@previous"
MOST_TOLD = 500  # names that the history keeps of what was added, removed and changed; counts are kept whole
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}$")

Look = Callable[[HeldList, ListDifference | None], None]


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
        held = [read_entry(entry) for entry in sorted(self.folder.glob(f"[a-z0-9]*/{ENTRY}"))]
        names = {entry.name for entry in held}
        return held + [_packaged_entry(w) for w in packaged_lists() if w.list_id not in names]

    def get(self, name: str) -> Watchlist:
        """Return the list held under `name` (`NAME@previous` is the version before). Raises ShelfWrong if none is."""
        entry = self.entry(name.removesuffix(PREVIOUS))
        if entry is not None and name.endswith(PREVIOUS):
            if not entry.previous:
                raise shelf_wrong("no-previous", name=entry.name)
            entry = entry_of(entry.previous)
        if entry is not None and entry.shape != "packaged":
            return self._read(entry)
        snapshot = next((watchlist for watchlist in packaged_lists() if watchlist.list_id == name), None)
        if snapshot is None:
            raise shelf_wrong("not-held", name=name, held=", ".join(one.name for one in self.show()))
        return snapshot

    def resolve(self, name_or_file: str) -> Watchlist:
        """Return a list by its name here, or from the file of that path."""
        path = Path(name_or_file)
        if path.is_file():
            return read_list(path)
        return self.get(name_or_file)

    def add(
        self, source: Path, *, now: datetime, name: str | None = None, accept: Acceptance | None = None, origin: str = "",
        beside: Sequence[Path] | None = None, etags: Mapping[str, str] | None = None, look: Look | None = None,
        only_look: bool = False,
    ) -> tuple[HeldList, ListDifference | None]:  # fmt: skip
        """Put the list in the file `source` on the shelf, in place of the one of that name.

        beside: files that belong to it; None takes OFAC's alt.csv and add.csv that stand beside it. look is told the
        entry and the difference after every check and before anything is replaced; only_look stops there.
        Returns the entry and what changed against the old version (None if there was none). Raises ListUnreadable
        for an unknown shape and ListRefused for a big shrink or an older day; the old version then stays as it was.
        """
        source = Path(source)
        if not source.is_file():
            raise list_unreadable(
                "no-file", file=source, problem=FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            )
        found = beside_files(source) if beside is None else beside
        files = {path.name.lower() if path != source else path.name: path.read_bytes() for path in (source, *found)}
        return self.add_files(
            files, now=now, name=name, accept=accept, origin=Origin(origin or source.name, ""), etags=etags, look=look,
            only_look=only_look,
        )  # fmt: skip

    def add_files(
        self, files: Mapping[str, bytes], *, now: datetime, origin: Origin, name: str | None = None, title: str = "",
        accept: Acceptance | None = None, etags: Mapping[str, str] | None = None, look: Look | None = None,
        only_look: bool = False,
    ) -> tuple[HeldList, ListDifference | None]:  # fmt: skip
        """Put a list on the shelf from the bytes of its files, the main one first. As `add`.

        origin: its date, where it has one, is the list's; a signed pack's publisher, key and instant go to the entry.
        """
        accept = accept or Acceptance()
        main = next(iter(files))
        watchlist = read_list_files(files, list_id=name)
        key = name or watchlist.list_id
        if not _NAME.match(key) or key == history.FILE:
            raise shelf_wrong("name", name=key)
        watchlist = _as_held(watchlist, key, title, origin.date or watchlist.date or origin.served)
        if not watchlist.parties:
            raise list_unreadable("no-party", file=main, rows=watchlist.rows_in)
        with locked(self.folder):
            self._heal()
            held = self.entry(key)
            origin = replace(origin, date=watchlist.date)
            difference = check_replacement(held, self.get(key), watchlist, origin, accept) if held else None
            entry = HeldList(
                key, watchlist.title, watchlist.shape, watchlist.date, format_instant(now), origin.source, main,
                digest_of(files), watchlist.rows_in, len(watchlist.parties), watchlist.name_count(),
                watchlist.by_schema(), dict(watchlist.left_out), dict(watchlist.read_by_schema), dict(etags or {}), publisher=origin.publisher,
                key_id=origin.key_id, made=origin.made, fresh_days=origin.fresh_days,
            )  # fmt: skip
            if look is not None:
                look(entry, difference)
            if not only_look:
                entry = self._replace(entry, held, files, difference, accept)
        return entry, difference

    def hold_packaged(self, name: str, *, now: datetime) -> HeldList | None:
        """Hold the packaged snapshot `name` from now on, so that a screening without --list uses it.

        Returns its entry, or None if no snapshot of that name comes with Tidegate. Its date stays that of the snapshot.
        """
        watchlist = next((one for one in packaged_lists() if one.list_id == name), None)
        if watchlist is None:
            return None
        entry = replace(_packaged_entry(watchlist), packaged=False, fetched=format_instant(now))
        with locked(self.folder):
            self._heal()
            held = self.entry(name)
            if held is not None and held.shape != "packaged":
                raise shelf_wrong("snapshot-held", name=name, source=held.source)
            act = _act("added" if held is None else "replaced", entry, held, None, Acceptance())
            entry = replace(entry, change=act)
            write_whole(self.folder / name / ENTRY, entry.to_json())
            history.heal(self.folder, [act])
        return entry

    def remove(self, name: str, *, now: datetime) -> None:
        """Take the list `name` off the shelf, previous version and all. Raises ShelfWrong if it is not there."""
        if self.entry(name) is None:
            raise shelf_wrong("not-held", name=name, held=", ".join(one.name for one in self.show()))
        with locked(self.folder):
            self._heal()
            held = self.entry(name)
            if held is None:
                return
            # The word goes into the history first: what is kept of a removed list is that word alone.
            history.note(self.folder, {"at": format_instant(now), "act": "removed", "name": name, "old": _told(held)})
            gone = self.folder / f".gone-{name}"
            shutil.rmtree(gone, ignore_errors=True)
            (self.folder / name).rename(gone)
            shutil.rmtree(gone, ignore_errors=True)

    def entry(self, name: str) -> HeldList | None:
        """Return the entry of the list `name` on the shelf, or None."""
        file = self.folder / name / ENTRY
        return read_entry(file) if _NAME.match(name) and file.is_file() else None

    def files_of(self, entry: HeldList) -> dict[str, bytes]:
        """Return the bytes of the files this version came in, the main one first."""
        main = self.folder / entry.name / entry.file
        others = sorted(
            path for path in main.parent.iterdir() if path.is_file() and path != main and path.name != ENTRY
        )
        return {path.name: path.read_bytes() for path in (main, *others)}

    def history(self) -> list[dict[str, object]]:
        """Return every act on this shelf, oldest first."""
        return history.read_history(self.folder)

    def _read(self, entry: HeldList) -> Watchlist:
        for _ in range(2):
            try:
                watchlist = read_list_files(self.files_of(entry), list_id=entry.name)
                return _as_held(watchlist, entry.name, entry.title, entry.date)
            except FileNotFoundError:  # replaced twice by another process since its entry was read: read it anew
                entry = self.entry(entry.name) or entry
        raise list_unreadable("shelf-damaged", folder=self.folder / entry.name)

    def _replace(
        self, entry: HeldList, held: HeldList | None, files: Mapping[str, bytes], difference: ListDifference | None,
        accept: Acceptance,
    ) -> HeldList:  # fmt: skip
        target = self.folder / entry.name
        version = write_version(target, files)
        act = _act("added" if held is None else "replaced", entry, held, difference, accept)
        previous = held if held is not None and "/" in held.file and not held.file.startswith(f"{version}/") else None
        if held is not None and previous is None:  # the same bytes again keep the version before them
            previous = entry_of(held.previous) if held.previous else None
        entry = replace(
            entry, file=f"{version}/{entry.file}", change=act,
            previous=asdict(replace(previous, previous={}, change={})) if previous is not None else {},
        )  # fmt: skip
        write_whole(target / ENTRY, entry.to_json())  # from here on the new version holds
        history.heal(self.folder, [act])
        tidy(target, {version, previous.file.split("/")[0] if previous is not None else version})
        return entry

    def _heal(self) -> None:
        """Finish what a kill left: lines missing in the history, remains of a removed or half-written list."""
        history.heal(self.folder, [read_entry(file).change for file in sorted(self.folder.glob(f"[a-z0-9]*/{ENTRY}"))])
        for remains in (*self.folder.glob(".gone-*"), *self.folder.glob("*/.new-*"), *self.folder.glob(".new-*")):
            shutil.rmtree(remains, ignore_errors=True)


def _as_held(watchlist: Watchlist, name: str, title: str, date: str) -> Watchlist:
    """Return the list under the name and title it is held by; `date`, where there is one, stands on every party."""
    title, date = title or watchlist.title, date or watchlist.date
    if (watchlist.list_id, watchlist.title, watchlist.date) == (name, title, date):
        return watchlist
    parties = watchlist.parties
    if (watchlist.list_id, watchlist.date) != (name, date):
        parties = tuple(replace(party, list_id=name, list_date=date) for party in parties)
    return replace(watchlist, list_id=name, title=title, date=date, parties=parties)


def _act(
    act: str, entry: HeldList, held: HeldList | None, difference: ListDifference | None, accept: Acceptance
) -> dict[str, object]:
    """Return the line of the history for a version that is put on the shelf; its id tells it from one that says the same."""
    return {
        "id": new_id("act"),
        "at": entry.fetched, "act": act, "name": entry.name, "new": _told(entry), "old": _told(held) if held else None,
        "difference": _kept_difference(difference) if difference is not None else None, "accepted": accept.used(),
    }  # fmt: skip


def _kept_difference(difference: ListDifference) -> dict[str, object]:
    """Return what the history keeps of a difference: counts of each schema, and the first names."""
    return {
        **difference.by_schema(),
        "names": {
            "added": [[party.id, party.name] for party in difference.added[:MOST_TOLD]],
            "removed": [[party.id, party.name] for party in difference.removed[:MOST_TOLD]],
            "changed": [
                [change.id, change.name, [field for field, _, _ in change.fields]]
                for change in difference.changed[:MOST_TOLD]
            ],
        },
    }


def _told(entry: HeldList) -> dict[str, object]:
    told = ("title", "date", "source", "sha256", "rows_in", "parties", "names", "publisher", "key_id", "made")
    return {name: getattr(entry, name) for name in told}


def _packaged_entry(watchlist: Watchlist) -> HeldList:
    return HeldList(
        watchlist.list_id, watchlist.title, watchlist.shape, watchlist.date, "", "packaged", "", "", watchlist.rows_in,
        len(watchlist.parties), watchlist.name_count(), watchlist.by_schema(), dict(watchlist.left_out),
        dict(watchlist.read_by_schema), packaged=True,
    )  # fmt: skip


__all__ = ["HeldList", "ListRefused", "Shelf", "default_folder", "list_id_of"]
