"""Built name indexes kept on this computer, so that a sheet is screened at once the second time.

An index is kept under the digest of its lists, of the screening code that built it, and of the Python that wrote it; a
change in any of them builds it anew. It is a cache: a missing, damaged or foreign file is passed over, never trusted.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from multiprocessing.process import BaseProcess
from pathlib import Path

from tidegate.engines.index_build import MANY_NAMES, build_index_spread, may_spread, start_index
from tidegate.engines.index_later import LaterIndex
from tidegate.engines.kept_files import code_digest, read_closed, write_closed
from tidegate.engines.kept_index import index_from_bytes, index_to_bytes
from tidegate.screening.batches import collector_at_rest
from tidegate.screening.names import NameIndex
from tidegate.screening.watchlist import Watchlist

MOST_KEPT = 12  # a few lists in a few versions; the oldest are thrown away
_MEANWHILE = 5_000  # names that another process reads while a sheet is read and its goods and rules are looked at
FEW_NAMES = 300  # below this, building is as quick as reading
_being_kept: dict[Path, BaseProcess] = {}


@dataclass(frozen=True, slots=True)
class ListSource:
    """One list to screen with. digest: of its bytes and everything read beside them. read: gives the list."""

    digest: str
    read: Callable[[], Watchlist]


def open_index(
    sources: Sequence[ListSource], folder: Path | None = None, *, workers: int | None = 1, later: bool = False
) -> NameIndex | None:
    """Return the index of these lists, None for no lists. folder: where indexes are kept; default_folder() if None.

    workers: processes that build it where it is not kept; None takes the machine's. A process with threads asks for 1:
    a child forked in the midst of their work could wait for ever. later: a long list's index may be built while the
    caller goes on; it waits where it first asks for more than the lists.
    """
    if not sources:
        return None
    chosen = default_folder() if folder is None else folder
    file = chosen / f"{_key(sources)}.index"
    kept = _load(file)
    if kept is not None:
        return kept
    with collector_at_rest():
        watchlists = [source.read() for source in sources]
    names = sum(watchlist.name_count() for watchlist in watchlists)
    if later and names >= MANY_NAMES and may_spread(workers):
        finish = start_index(watchlists, workers, busy=_MEANWHILE)
        return LaterIndex(watchlists, lambda: _kept(finish(), names, file, workers))
    return _kept(build_index_spread(watchlists, workers), names, file, workers)


def _kept(index: NameIndex, names: int, file: Path, workers: int | None) -> NameIndex:
    """Return `index`, once it is kept or a child is at it."""
    if names > FEW_NAMES:
        if names >= MANY_NAMES and may_spread(workers):
            _keep_aside(index, file)
        else:
            _keep(index, file)
    return index


def default_folder() -> Path:
    """Return the user's cache folder for indexes."""
    base = os.environ.get("TIDEGATE_CACHE") or os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(base or Path.home() / ".cache") / "tidegate" / "indexes"


def _key(sources: Sequence[ListSource]) -> str:
    told = [
        code_digest("tidegate.screening"),
        sys.version,
        metadata.version("numpy"),
        *(source.digest for source in sources),
    ]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:40]


def _load(file: Path) -> NameIndex | None:
    if (writing := _being_kept.pop(file, None)) is not None:
        writing.join()
    data = read_closed(file)
    try:
        with collector_at_rest():
            return index_from_bytes(data) if data is not None else None
    except (ValueError, EOFError, TypeError):
        return None


def _keep_aside(index: NameIndex, file: Path) -> None:
    """Keep the index by a forked child, while the screening that asked for it goes on here. It ends before we do."""
    writing = multiprocessing.get_context("fork").Process(target=_keep, args=(index, file))
    writing.start()
    _being_kept[file] = writing


def _keep(index: NameIndex, file: Path) -> None:
    write_closed(file, index_to_bytes(index), most=MOST_KEPT)
