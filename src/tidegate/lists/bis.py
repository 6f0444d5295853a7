"""The BIS Denied Persons List: tab separated, two styles of date, the same person on several rows."""

from __future__ import annotations

import csv
from io import StringIO

from tidegate.lists.table import merge_parties
from tidegate.screening.watchlist import ListedParty, Watchlist


def read_denied_persons(text: str, *, list_id: str = "us-bis-dpl", title: str = "BIS Denied Persons List") -> Watchlist:
    """Return the list, one party a name and address; its date is the latest Last_Update."""
    parties: dict[str, ListedParty] = {}
    left_out: dict[str, int] = {}
    rows_in = 0
    latest = ""
    for row in csv.DictReader(StringIO(text.lstrip("\ufeff")), delimiter="\t"):
        rows_in += 1
        cells = {key: " ".join((value or "").split()) for key, value in row.items() if key}
        name = cells.get("Name", "")
        if not name:
            left_out["no-name"] = left_out.get("no-name", 0) + 1
            continue
        updated = iso_day(cells.get("Last_Update", ""))
        latest = max(latest, updated)
        party = _party(cells, name, list_id)
        if party.id in parties:
            left_out["name-twice"] = left_out.get("name-twice", 0) + 1
            party = merge_parties(parties[party.id], party)
        parties[party.id] = party
    return Watchlist(
        tuple(parties.values()), list_id, title, latest, "Bureau of Industry and Security, US Commerce", "public domain",
        "us-bis-tsv", rows_in, left_out,
    )  # fmt: skip


def _party(cells: dict[str, str], name: str, list_id: str) -> ListedParty:
    address = ", ".join(
        filter(None, (cells.get(key, "") for key in ("Street_Address", "City", "State", "Country", "Postal_Code")))
    )
    days = f"{iso_day(cells.get('Effective_Date', ''))} – {iso_day(cells.get('Expiration_Date', '')) or '…'}"
    return ListedParty(
        id=f"{list_id}:{name.casefold()}", schema="LegalEntity", names=(name,), addresses=(address,) if address else (),
        countries=(cells["Country"],) if cells.get("Country") else (), programmes=("DPL",), list_id=list_id,
        remarks=f"{days}; {cells.get('Action', '')}; {cells.get('FR_Citation', '')}",
    )  # fmt: skip


def iso_day(text: str) -> str:
    """Return 10/16/2017 or 2017-10-16 as 2017-10-16; "" for anything else or a year after 2100 (a slip in the list)."""
    text = text.strip()
    parts = text.split("/")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        text = f"{int(parts[2]):04d}-{int(parts[0]):02d}-{int(parts[1]):02d}"
    return text if len(text) == 10 and text[4] == text[7] == "-" and text < "2100" else ""
