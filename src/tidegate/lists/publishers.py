"""Where official lists are published, for `tidegate lists add NAME`. Facts in `data/publishers.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Publisher:
    """One list that can be fetched. url: its file; beside: suffix -> url of files that belong to it."""

    name: str
    title: str
    url: str
    beside: Mapping[str, str]
    fresh_days: int


@lru_cache(maxsize=1)
def publishers() -> Mapping[str, Publisher]:
    """Return the known lists by name."""
    text = resources.files("tidegate.lists").joinpath("data", "publishers.toml").read_text(encoding="utf-8")
    return {
        name: Publisher(name, entry["title"], entry["url"], entry.get("beside", {}), int(entry.get("fresh_days", 7)))
        for name, entry in tomllib.loads(text).items()
    }
