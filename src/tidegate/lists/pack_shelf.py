"""Packs and the shelf: a pack's lists are put there together or not at all, and lists held are made into a pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tidegate.lists.acceptance import MAX_SHRINK, Acceptance, Origin
from tidegate.lists.compare import ListDifference
from tidegate.lists.faults import list_unreadable, pack_refused
from tidegate.lists.pack import Pack, PackedList, open_pack
from tidegate.lists.publisher_key import TrustedKeys
from tidegate.lists.reading import beside_files, list_id_of, read_list_files
from tidegate.lists.shelf import HeldList, Look, Shelf


def add_pack(
    shelf: Shelf, data: bytes, *, source: str, now: datetime, accept: Acceptance | None = None, look: Look | None = None,
    only_look: bool = False,
) -> list[tuple[HeldList, ListDifference | None]]:  # fmt: skip
    """Put the lists of the pack in `data` on the shelf. Returns for each its entry and what changed.

    source: the pack's file name. look is told of every list after all of them passed every check and before anything is
    replaced; only_look stops there. Raises PackRefused, ListRefused or ListUnreadable; every list then stays as it was.
    """
    accept = accept or Acceptance()
    pack = open_pack(data, TrustedKeys(shelf.folder).all(), now=now)
    passed = [_add(shelf, one, pack, source, now, accept, only_look=True) for one in pack.lists]
    for one, (entry, _) in zip(pack.lists, passed, strict=True):
        if entry.parties < one.parties * (1 - MAX_SHRINK) and not accept.shrink:
            raise pack_refused("pack-counts", name=one.name, read=entry.parties, told=one.parties)
    if look is not None:
        for entry, difference in passed:
            look(entry, difference)
    if only_look:
        return passed
    return [_add(shelf, one, pack, source, now, accept, only_look=False) for one in pack.lists]


def pack_of_shelf(shelf: Shelf, name: str) -> PackedList:
    """Return the list held under `name`, as it came, ready to be packed. Raises ShelfWrong if none is."""
    watchlist = shelf.get(name)
    entry = shelf.entry(name)
    if entry is None or entry.shape == "packaged":
        raise list_unreadable("pack-snapshot", name=name)
    return PackedList(name, entry.title, entry.date, len(watchlist.parties), shelf.files_of(entry), entry.fresh_days)


def pack_of_file(path: Path, *, name: str | None = None, title: str = "", date: str = "") -> PackedList:
    """Return the list in the file at `path`, with what stands beside it, ready to be packed.

    name, title, date: what it is called, and the day of its content where the file does not tell.
    """
    files = {one.name if one == path else one.name.lower(): one.read_bytes() for one in (path, *beside_files(path))}
    watchlist = read_list_files(files)
    if not watchlist.parties:
        raise list_unreadable("no-party", file=path.name, rows=watchlist.rows_in)
    chosen = name or watchlist.list_id or list_id_of(path.name)
    return PackedList(chosen, title or watchlist.title, date or watchlist.date, len(watchlist.parties), files)


def _add(
    shelf: Shelf, one: PackedList, pack: Pack, source: str, now: datetime, accept: Acceptance, *, only_look: bool
) -> tuple[HeldList, ListDifference | None]:
    key = pack.publisher
    origin = Origin(source, one.date, key.name, key.key_id, pack.made, one.fresh_days)
    return shelf.add_files(
        one.files, now=now, origin=origin, name=one.name, title=one.title, accept=accept, only_look=only_look
    )


def with_fresh_days(packed: Sequence[PackedList], days: int) -> list[PackedList]:
    """Return the lists with the number of days after which their publisher calls them old; 0 leaves them as they are."""
    return [replace(one, fresh_days=days) if days else one for one in packed]
