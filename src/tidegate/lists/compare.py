"""What changed between two versions of a list: parties added, removed, and changed with the fields that changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tidegate.screening.watchlist import ListedParty, Watchlist

COMPARED = (
    "schema", "names", "weak_names", "identifiers", "birth_dates", "countries", "addresses", "programmes", "remarks",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartyChange:
    """One party that stands in both versions with other values. fields: (field, before, after) as text."""

    id: str
    name: str
    schema: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ListDifference:
    """added and removed: parties in one version only, in list order; changed: in both, differing in COMPARED."""

    old_date: str
    new_date: str
    added: tuple[ListedParty, ...]
    removed: tuple[ListedParty, ...]
    changed: tuple[PartyChange, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether no party was added, removed or changed."""
        return not (self.added or self.removed or self.changed)

    def by_schema(self) -> dict[str, dict[str, int]]:
        """Return how many parties of each schema were added, removed and changed."""
        parts: tuple[tuple[str, tuple[ListedParty, ...] | tuple[PartyChange, ...]], ...] = (
            ("added", self.added), ("removed", self.removed), ("changed", self.changed),
        )  # fmt: skip
        return {what: dict(sorted(Counter(one.schema for one in found).items())) for what, found in parts}


def compare_lists(old: Watchlist, new: Watchlist) -> ListDifference:
    """Return what `new` changed against `old`, by party id. The order of values within a field does not count."""
    before = {party.id: party for party in old.parties}
    after = {party.id: party for party in new.parties}
    changed = []
    for key, party in after.items():
        if key in before and (fields := _changes(before[key], party)):
            changed.append(PartyChange(key, party.name, party.schema, fields))
    return ListDifference(
        old.date, new.date, tuple(party for key, party in after.items() if key not in before),
        tuple(party for key, party in before.items() if key not in after), tuple(changed),
    )  # fmt: skip


def _changes(old: ListedParty, new: ListedParty) -> tuple[tuple[str, str, str], ...]:
    found = []
    for name in COMPARED:
        one, other = getattr(old, name), getattr(new, name)
        if (set(one) != set(other)) if isinstance(one, tuple) else (one != other):
            found.append((name, _text(one), _text(other)))
    return tuple(found)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(" ".join(item) if isinstance(item, tuple) else str(item) for item in value)
    return str(value)
