"""The US Consolidated Screening List as CSV: many lists in one file, lists inside a cell cut by "; "."""

from __future__ import annotations

import csv
import re
from io import StringIO

from tidegate.lists.table import merge_parties
from tidegate.screening.watchlist import ListedParty, Watchlist

_COLUMNS = 29
_SCHEMAS = {
    "individual": "Person",
    "entity": "Organization",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "": "LegalEntity",
}
_KINDS = {
    "passport": "passport", "unified social": "uscc", "national id": "national-id", "tax": "tax", "identification number": "national-id",
    "cedula": "cedula", "registration": "registration", "swift": "swift", "legal entity number": "lei", "mmsi": "mmsi", "vessel registration": "imo",
    "digital currency": "wallet", "email": "email", "website": "website", "phone": "phone", "company number": "registration",
    "business registration": "registration", "commercial registry": "registration", "c.u.r.p": "curp", "r.f.c": "rfc", "nit": "nit", "ruc": "ruc",
    "ssn": "ssn", "government gazette": "registration", "enterprise number": "registration", "personal id": "national-id",
}  # fmt: skip
_CODE = re.compile(r",\s*([A-Z]{2})$")


def read_csl(text: str, *, list_id: str = "us-csl", title: str = "US Consolidated Screening List") -> Watchlist:
    """Return all lists of the file as one watchlist; `programmes` begins with the source list's name.

    A second heading, a row cut off in the middle and a row without a name are counted in `left_out`; a party that
    stands twice is one party. A stray 0x92 is an apostrophe. The list's date is the latest day that stands in it.
    """
    parties: dict[str, ListedParty] = {}
    left_out: dict[str, int] = {}
    rows_in = 0
    latest = ""
    reader = csv.reader(StringIO(text.lstrip("\ufeff")))
    header = next(reader)
    at = {name: place for place, name in enumerate(header)}

    def drop(code: str) -> None:
        left_out[code] = left_out.get(code, 0) + 1

    for row in reader:
        if not row:
            continue
        rows_in += 1
        if row[: len(header)] == header:
            drop("heading-repeated")
            continue
        if len(row) < len(header):
            drop("row-cut")
            continue
        cells = {name: " ".join(row[place].replace("\x92", "'").split()) for name, place in at.items()}
        if not cells["name"]:
            drop("no-name")
            continue
        latest = max(latest, *(day for day in (cells["start_date"],) if day <= "2100"), "")
        party = _party(cells, list_id)
        if party.id in parties:
            drop("id-twice")
            party = merge_parties(parties[party.id], party)
        parties[party.id] = party
    return Watchlist(
        tuple(parties.values()), list_id, title, latest, "International Trade Administration, US Commerce", "public domain",
        "us-csl-csv", rows_in, left_out,
    )  # fmt: skip


def _party(cells: dict[str, str], list_id: str) -> ListedParty:
    def many(name: str) -> tuple[str, ...]:
        return tuple(item for item in (piece.strip() for piece in cells.get(name, "").split("; ")) if item)

    source = cells["source"].split(" - ")[0]
    kind = cells["type"].lower()
    schema = _SCHEMAS.get(kind, "LegalEntity")
    identifiers: list[tuple[str, str]] = []
    for item in many("ids"):
        label, _, rest = item.partition(",")
        value = rest.split(",")[0].strip()
        found = next((known for mark, known in _KINDS.items() if label.lower().startswith(mark)), "")
        if found and value:
            identifiers.append((found, value.removeprefix("IMO").strip() if found == "imo" else value))
    addresses = many("addresses")
    codes = [code[1] for address in addresses if (code := _CODE.search(address))]
    return ListedParty(
        id=f"{list_id}:{cells['_id'] or cells['entity_number']}", schema=schema,
        names=tuple(dict.fromkeys([cells["name"], *many("alt_names")])), identifiers=tuple(dict.fromkeys(identifiers)),
        birth_dates=tuple(f"~{day[-4:]}" if day.lower().startswith("circa") else day for day in many("dates_of_birth")),
        countries=tuple(dict.fromkeys([*codes, *many("nationalities"), *many("citizenships")])), addresses=addresses,
        programmes=(source, *many("programs")), list_id=list_id, list_date="", remarks=cells["remarks"],
    )  # fmt: skip
