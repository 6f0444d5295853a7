"""The BIS Denied Persons List: tab separated (or another mark), two styles of date, one person on several rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tidegate.lists.parties import Gathering
from tidegate.lists.rows import named_rows
from tidegate.lists.safe_xml import iso_day
from tidegate.screening.watchlist import ListedParty, Watchlist

# our name -> headers it may stand under, folded
COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("name", "denied_person", "names"), "street": ("street_address", "street", "address"), "city": ("city",),
    "state": ("state",), "country": ("country",), "postal": ("postal_code", "zip", "zip_code"),
    "effective": ("effective_date", "beginning_date"), "expiration": ("expiration_date", "ending_date"),
    "order": ("standard_order",), "updated": ("last_update", "last_updated"), "action": ("action", "type_of_denial"),
    "citation": ("fr_citation", "federal_register_citation", "appropriate_federal_register_citations"),
}  # fmt: skip
NEEDED = ("name", "effective", "citation")


def read_denied_persons(
    rows: Sequence[Sequence[str]],
    *,
    list_id: str = "us-bis-dpl",
    title: str = "BIS Denied Persons List",
    date: str = "",
) -> Watchlist | None:
    """Return the list, one party a name, or None if no heading is of this list. Its date is the latest update in it."""
    heading = named_rows(rows, COLUMNS, NEEDED)
    if heading is None:
        return None
    start, places = heading
    gathered = Gathering()
    latest = ""
    for row in rows[start + 1 :]:
        gathered.rows_in += 1
        if len(row) <= places["name"] or len(row) * 2 < len(rows[start]):
            gathered.leave_out("row-cut")
            continue
        cells = {name: " ".join(row[at].split()) if at < len(row) else "" for name, at in places.items()}
        latest = max(latest, iso_day(cells.get("updated", "")))
        gathered.take(_party(cells, list_id), twice="name-twice")
    return gathered.watchlist(
        list_id, title, latest or date, "Bureau of Industry and Security, US Commerce", "public domain", "us-bis-tsv"
    )


def _party(cells: Mapping[str, str], list_id: str) -> ListedParty | None:
    name = cells["name"]
    if not name:
        return None
    parts = (cells.get(key, "") for key in ("street", "city", "state", "country", "postal"))
    address = ", ".join(filter(None, parts))
    days = f"{iso_day(cells['effective'])} – {iso_day(cells.get('expiration', '')) or '…'}"
    return ListedParty(
        id=f"{list_id}:{name.casefold()}", schema="LegalEntity", names=(name,), addresses=(address,) if address else (),
        countries=(cells["country"],) if cells.get("country") else (), programmes=("DPL",), list_id=list_id,
        remarks="; ".join(filter(None, (days, cells.get("action", ""), cells["citation"]))),
    )  # fmt: skip
