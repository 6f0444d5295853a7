"""Whether a new version may take the place of the one held: one rule for files, for updates and for signed packs.

A version is refused when it has far fewer parties, names or identifiers, when many of the parties held are gone from it,
when it is of an older day, or when it comes from another source than the one held. A person who looked may accept each.
"""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.lists.compare import ListDifference, compare_lists
from tidegate.lists.faults import ListRefused, list_refused
from tidegate.lists.held import HeldList
from tidegate.screening.watchlist import Watchlist

MAX_SHRINK = 0.1  # more than a tenth fewer of anything counted is refused unless a person says so
FEW = 50  # a kind with fewer parties than this may come and go
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a person has looked at and accepts: shrink: far fewer parties; older: an older day; source: another source."""

    shrink: bool = False
    older: bool = False
    source: bool = False

    def used(self) -> list[str]:
        """Return the names of what is accepted, for the history."""
        return [name for name in ("shrink", "older", "source") if getattr(self, name)]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a new version comes from. publisher, key_id, made: of a signed pack, else "". date: of its content.

    fresh_days: after how many days its publisher calls it old; 0 if it does not say. served: the day its publisher's
    server says the file is of, for a list that does not tell its own.
    """

    source: str
    date: str
    publisher: str = ""
    key_id: str = ""
    made: str = ""
    fresh_days: int = 0
    served: str = ""


def check_replacement(
    held: HeldList, old: Watchlist, new: Watchlist, origin: Origin, accept: Acceptance
) -> ListDifference:
    """Return what `new` changes against `old`. Raises ListRefused with the reason; nothing is replaced then."""
    if not accept.source:
        _check_source(held, origin)
    if not accept.older:
        _check_age(held, origin)
    difference = compare_lists(old, new)
    if not accept.shrink:
        _check_shrink(held.name, old, new, difference)
    return difference


def _check_source(held: HeldList, origin: Origin) -> None:
    if held.signed and not origin.publisher:
        raise list_refused("not-signed", name=held.name, publisher=held.publisher)
    if held.signed and held.publisher != origin.publisher:
        raise list_refused("other-publisher", name=held.name, held=held.publisher, publisher=origin.publisher)
    if not held.signed and origin.publisher and held.shape != "packaged":
        raise list_refused("other-source", name=held.name, held=held.source, publisher=origin.publisher)


def _check_age(held: HeldList, origin: Origin) -> None:
    length = min(len(held.date), len(origin.date))  # one of the two may tell only year and month
    if length and origin.date[:length] < held.date[:length]:
        raise list_refused("older-date", name=held.name, new=origin.date, held=held.date)
    if held.made and origin.made and origin.made < held.made:
        raise list_refused("older-pack", name=held.name, new=origin.made, held=held.made)


def _check_shrink(name: str, old: Watchlist, new: Watchlist, difference: ListDifference) -> None:
    if len(difference.removed) > len(old.parties) * MAX_SHRINK:
        shown = "; ".join(party.name for party in difference.removed[:_EXAMPLES])
        raise list_refused(
            "shrunk", name=name, new=len(new.parties), held=len(old.parties), gone=len(difference.removed), names=shown
        )
    for what, before, after in (
        ("names", old.name_count(), new.name_count()),
        ("identifiers", _identifiers(old), _identifiers(new)),
    ):
        if before >= FEW and after < before * (1 - MAX_SHRINK):
            raise list_refused(f"shrunk-{what}", name=name, new=after, held=before)
    kinds = new.by_schema()
    for schema, before in old.by_schema().items():
        if before >= FEW and kinds.get(schema, 0) < before * (1 - MAX_SHRINK):
            raise list_refused("shrunk-kind", name=name, new=kinds.get(schema, 0), held=before, schema=schema)


def _identifiers(watchlist: Watchlist) -> int:
    return sum(len(party.identifiers) for party in watchlist.parties)


__all__ = ["FEW", "MAX_SHRINK", "Acceptance", "ListRefused", "Origin", "check_replacement"]
