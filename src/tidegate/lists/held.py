"""HeldList: what the shelf says of one list: where it came from, of what day it is, what it holds, who signed it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date as day_of
from functools import lru_cache
from importlib import resources
from pathlib import Path

from tidegate.lists.faults import list_unreadable
from tidegate.lists.publishers import publishers

OLD_AFTER_DAYS = 30


@dataclass(frozen=True, slots=True)
class HeldList:
    """One list on the shelf. date: of its content; fetched: instant it was put here; parties, names: counts.

    file: within the list's folder. sha256: of all its files. publisher, key_id, made, fresh_days: of a signed pack.
    change: the line of the history this version came by. previous: the entry of the version before, if it is kept.
    """

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
    read_by_schema: Mapping[str, int] = field(default_factory=dict)
    etags: Mapping[str, str] = field(default_factory=dict)
    packaged: bool = False
    publisher: str = ""
    key_id: str = ""
    made: str = ""
    fresh_days: int = 0
    change: Mapping[str, object] = field(default_factory=dict)
    previous: Mapping[str, object] = field(default_factory=dict)

    @property
    def signed(self) -> bool:
        """Tell whether this version came as a signed pack."""
        return bool(self.publisher)

    @property
    def version_key(self) -> str:
        """Return what changes with this version's content or with the code that reads it, for what is built from it."""
        return " ".join((self.name, self.sha256, self.date, self.title, readers_digest()))

    def age_days(self, today: day_of) -> int | None:
        """Return how many days old the content is (of the day it was fetched, if it has no date); None if unknown."""
        day = self.date or self.fetched[:10]
        parts = [int(part) for part in day.split("-")] if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", day) else []
        try:
            return (today - day_of(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)).days if parts else None
        except ValueError:
            return None

    def is_old(self, today: day_of) -> bool:
        """Tell whether the content is older than its publisher's usual pace allows (30 days for others)."""
        age = self.age_days(today)
        known = publishers().get(self.name)
        return age is None or age > (self.fresh_days or (known.fresh_days if known else OLD_AFTER_DAYS))

    def to_json(self) -> bytes:
        """Return the entry as the shelf keeps it."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")

    def public(self) -> dict[str, object]:
        """Return what a reader of --json sees: the entry without the shelf's own bookkeeping."""
        return {name: value for name, value in asdict(self).items() if name not in ("change", "previous")}


@lru_cache(maxsize=1)
def readers_digest() -> str:
    """Return the digest of the code that reads lists: another version of it may read the same bytes better."""
    digest = hashlib.sha256()
    for file in sorted(resources.files("tidegate.lists").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".py"):
            digest.update(file.name.encode() + b"\x1f" + file.read_bytes())
    return digest.hexdigest()


def read_entry(file: Path) -> HeldList:
    """Return the entry in `file`. Raises ListUnreadable naming the folder to remove if it is damaged."""
    try:
        return entry_of(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError, AttributeError) as problem:
        raise list_unreadable("shelf-damaged", folder=file.parent) from problem


def entry_of(values: Mapping[str, object]) -> HeldList:
    """Return the entry of these values; names that this version does not know are passed over."""
    known = {one.name for one in fields(HeldList)}
    return HeldList(**{name: value for name, value in values.items() if name in known})  # type: ignore[arg-type]
