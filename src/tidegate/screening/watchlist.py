"""Watchlist: listed parties as one list publishes them, whatever its format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ListedParty:
    """One listed party. names: primary first, then strong aliases, as written; weak_names: low-quality aliases.

    schema: Person, Organization, Company, Vessel, Airplane or LegalEntity (FollowTheMoney's words).
    identifiers: (type, value) as written, e.g. ("passport", "T321642"), ("uscc", …), ("imo", …), ("wallet", …).
    birth_dates: ISO dates, year-months or years; "~1960" is about, "1958/1962" a span.
    countries: kept for display, never scored. id: stable within the list, so that decisions survive a new version.
    """

    id: str
    schema: str
    names: tuple[str, ...]
    weak_names: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    list_id: str = ""
    list_date: str = ""
    remarks: str = ""

    @property
    def name(self) -> str:
        """Return the primary name."""
        return self.names[0] if self.names else ""

    @property
    def kind(self) -> str:
        """Return person, vessel or firm, as the name screen knows them; "" for a schema that does not tell."""
        return _KINDS.get(self.schema, "")


_KINDS = {
    "Person": "person", "Organization": "firm", "Company": "firm", "PublicBody": "firm", "LegalEntity": "",
    "Vessel": "vessel", "Airplane": "vessel",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watchlist:
    """One list. date: the civil day of its content (ISO), "" if the file does not tell; rows_in: records read.

    left_out: code -> how many records gave no party (heading repeated, cut row, no name), so that in and out add up.
    read_by_schema: schema -> how many records of it were read, those that gave no party of their own too.
    """

    parties: tuple[ListedParty, ...]
    list_id: str
    title: str
    date: str = ""
    publisher: str = ""
    licence: str = ""
    shape: str = ""
    rows_in: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    read_by_schema: Mapping[str, int] = field(default_factory=dict)

    def by_schema(self) -> dict[str, int]:
        """Return how many parties there are of each schema, in alphabetical order."""
        return dict(sorted(Counter(party.schema for party in self.parties).items()))

    def name_count(self) -> int:
        """Return the number of names, weak ones included."""
        return sum(len(party.names) + len(party.weak_names) for party in self.parties)
