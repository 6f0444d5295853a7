"""An index that is built while the screening that needs it is prepared: other processes read names meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from tidegate.screening.name_index import NameIndex
from tidegate.screening.watchlist import Watchlist

_FIELDS = [field.name for field in fields(NameIndex)]


class LaterIndex(NameIndex):
    """Holds its lists from the start; whatever else is asked of it waits for the index that `finish` gives."""

    __slots__ = ("_finish", "_lock")

    def __init__(self, watchlists: Sequence[Watchlist], finish: Callable[[], NameIndex]) -> None:
        self.watchlists = tuple(watchlists)
        self._finish: Callable[[], NameIndex] | None = finish
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return once the index is there. A process that forks calls this first: its children could not wait."""
        with self._lock:
            if self._finish is not None:
                found, self._finish = self._finish(), None
                for name in _FIELDS:
                    setattr(self, name, getattr(found, name))

    def __getattr__(self, name: str) -> Any:  # only called for a field that has no value yet
        if name not in _FIELDS:
            raise AttributeError(name)
        self.wait()
        return object.__getattribute__(self, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return NameIndex, tuple(getattr(self, name) for name in _FIELDS)
