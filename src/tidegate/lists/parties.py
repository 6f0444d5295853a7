"""Gathering: parties of one list as they are read, with every record that gave none counted by its reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from tidegate.screening.watchlist import ListedParty, Watchlist

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
        """Keep a party. None, or one whose names hold no letter, is counted; an id that stands twice is one party.

        schema: what a record is that gave None.
        """
        if party is None or not any(char.isalnum() for name in party.names for char in name):
            self.leave_out("no-name", schema=party.schema if party is not None else schema)
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


def relabelled(party: ListedParty, list_id: str, date: str) -> ListedParty:
    """Return the party as one of the list `list_id` of `date`. A list has thousands: dataclasses.replace is too slow."""
    return ListedParty(
        party.id, party.schema, party.names, party.weak_names, party.identifiers, party.birth_dates, party.countries,
        party.addresses, party.programmes, list_id, date, party.remarks,
    )  # fmt: skip
