"""Gathering: parties of one list as they are read, with every record that gave none counted by its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from tidegate.screening.watchlist import ListedParty, Watchlist

MOST_LETTERS = 1_000  # of a name; the longest in any official list seen has under 400
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8}\d?);")
_MERGED = ("names", "weak_names", "identifiers", "birth_dates", "countries", "addresses", "programmes")


@dataclass(slots=True)
class Gathering:
    """parties: id -> party in the order of the list. rows_in: records read. left_out: code -> how many gave no party.

    read: schema -> how many records of it came, whether they gave a party or not.
    """

    parties: dict[str, ListedParty] = field(default_factory=dict)
    rows_in: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def leave_out(self, code: str, count: int = 1, *, schema: str = "") -> None:
        """Count records that give no party of their own. schema: what they are, where that is known."""
        self.left_out[code] = self.left_out.get(code, 0) + count
        if schema:
            self.read[schema] = self.read.get(schema, 0) + count

    def take(self, party: ListedParty | None, *, twice: str = "id-twice", schema: str = "") -> None:
        """Keep a party. None, or one without a name that can be read, is counted; an id that stands twice is one party.

        schema: what a record is that gave None.
        """
        schema = party.schema if party is not None else schema
        given, party = party, _with_clean_names(party) if party is not None else None
        if party is None:
            too_long = given is not None and any(len(name) > MOST_LETTERS for name in given.names)
            self.leave_out("name-too-long" if too_long else "no-name", schema=schema)
            return
        self.read[party.schema] = self.read.get(party.schema, 0) + 1
        first = self.parties.get(party.id)
        if first is not None:
            self.leave_out(twice)
            party = merge_parties(first, party)
        self.parties[party.id] = party

    def watchlist(
        self, list_id: str, title: str, date: str = "", publisher: str = "", licence: str = "", shape: str = ""
    ) -> Watchlist:
        """Return the list of all that was gathered; `date` stands on every party."""
        parties = tuple(
            party if party.list_date == date else relabelled(party, party.list_id, date)
            for party in self.parties.values()
        )
        return Watchlist(
            parties,
            list_id,
            title,
            date,
            publisher,
            licence,
            shape,
            self.rows_in,
            self.left_out,
            dict(sorted(self.read.items())),
        )


def merge_parties(first: ListedParty, second: ListedParty) -> ListedParty:
    """Return one party from two records with the same id: everything of both, the first one's name first."""
    both = {name: tuple(dict.fromkeys((*getattr(first, name), *getattr(second, name)))) for name in _MERGED}
    both["weak_names"] = tuple(name for name in both["weak_names"] if name not in both["names"])
    remarks = (
        first.remarks if second.remarks in first.remarks else " ".join(filter(None, (first.remarks, second.remarks)))
    )
    return ListedParty(
        id=first.id, schema=first.schema, list_id=first.list_id, list_date=first.list_date, remarks=remarks, **both
    )


def _with_clean_names(party: ListedParty) -> ListedParty | None:
    """Return the party with names that can be compared, None if it has none: entities of web pages are read as letters."""
    if all(map(_is_clean, party.names)) and all(map(_is_clean, party.weak_names)) and party.names:
        return party
    names = [name for text in party.names if (name := _clean(text))]
    weak = [name for text in party.weak_names if (name := _clean(text))]
    if not names and not weak:
        return None
    return ListedParty(
        party.id, party.schema, tuple(dict.fromkeys(names or weak[:1])),
        tuple(dict.fromkeys(name for name in weak if name not in (names or weak[:1]))), party.identifiers, party.birth_dates,
        party.countries, party.addresses, party.programmes, party.list_id, party.list_date, party.remarks,
    )  # fmt: skip


def _is_clean(name: str) -> bool:
    return len(name) <= MOST_LETTERS and "&" not in name and (name[:1].isalnum() or any(map(str.isalnum, name)))


def _clean(name: str) -> str:
    """Return a name with its entities read, "" for one without a letter or longer than a name can be."""
    if len(name) > MOST_LETTERS:
        return ""
    name = " ".join(_ENTITY.sub(lambda found: unescape(found[0]), name).split()) if "&" in name else name
    return name if any(map(str.isalnum, name)) else ""


def relabelled(party: ListedParty, list_id: str, date: str) -> ListedParty:
    """Return the party as one of the list `list_id` of `date`. A list has thousands: dataclasses.replace is too slow."""
    return ListedParty(
        party.id, party.schema, party.names, party.weak_names, party.identifiers, party.birth_dates, party.countries,
        party.addresses, party.programmes, list_id, date, party.remarks,
    )  # fmt: skip
