"""What changed between two versions of a list: parties added, removed, and changed with the fields that changed."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.screening.watchlist import ListedParty, Watchlist

COMPARED = ("schema", "names", "weak_names", "identifiers", "birth_dates", "countries", "addresses", "programmes")


@dataclass(frozen=True, slots=True)
class PartyChange:
    """One party that stands in both versions with other values. fields: name -> (before, after) as text."""

    id: str
    name: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ListDifference:
    """added and removed: parties in one version only, in list order; changed: in both, differing in COMPARED."""

    old_date: str
    new_date: str
    added: tuple[ListedParty, ...]
    removed: tuple[ListedParty, ...]
    changed: tuple[PartyChange, ...]


def compare_lists(old: Watchlist, new: Watchlist) -> ListDifference:
    """Return what `new` changed against `old`, by party id. The order of values within a field does not count."""
    before = {party.id: party for party in old.parties}
    after = {party.id: party for party in new.parties}
    changed = []
    for key, party in after.items():
        if key in before and (fields := _changes(before[key], party)):
            changed.append(PartyChange(key, party.name, fields))
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
