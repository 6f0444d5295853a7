"""The US Consolidated Screening List as CSV: many lists in one file, lists inside a cell cut by "; "."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tidegate.lists.births import births
from tidegate.lists.identifier_kinds import identifier
from tidegate.lists.parties import Gathering
from tidegate.lists.rows import fold_header, named_rows
from tidegate.lists.safe_xml import iso_day
from tidegate.screening.watchlist import ListedParty, Watchlist

# our name -> headers it may stand under, folded
COLUMNS: Mapping[str, Sequence[str]] = {
    "id": ("_id", "id", "source_id"), "source": ("source", "source_list"), "number": ("entity_number",), "type": ("type", "entity_type"),
    "programs": ("programs", "program", "programmes"), "name": ("name", "primary_name"), "addresses": ("addresses", "address"),
    "start_date": ("start_date",), "remarks": ("remarks",), "alt_names": ("alt_names", "alternative_names", "aliases"),
    "citizenships": ("citizenships",), "dates_of_birth": ("dates_of_birth", "date_of_birth"), "nationalities": ("nationalities",),
    "ids": ("ids", "identifications"), "call_sign": ("call_sign",), "title": ("title",), "vessel_flag": ("vessel_flag",),
    "notice": ("federal_register_notice",), "url": ("source_list_url", "source_information_url"),
}  # fmt: skip
COLUMNS = {name: tuple(fold_header(header) for header in headers) for name, headers in COLUMNS.items()}
NEEDED = ("source", "name", "alt_names", "url")
_SCHEMAS = {
    "individual": "Person",
    "entity": "Organization",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "": "LegalEntity",
}
_CODE = re.compile(r",\s*([A-Z]{2})$")


def read_csl(
    rows: Sequence[Sequence[str]],
    *,
    list_id: str = "us-csl",
    title: str = "US Consolidated Screening List",
    date: str = "",
) -> Watchlist | None:
    """Return all lists of the file as one watchlist, or None if no heading is of this list.

    `programmes` begins with the source list's name. A second heading, a row cut off in the middle and a row without
    a name are counted in `left_out`; a party that stands twice is one party. A stray 0x92 is an apostrophe. The
    list's date is the latest day that stands in it.
    """
    heading = named_rows(rows, COLUMNS, NEEDED)
    if heading is None:
        return None
    start, places = heading
    header = list(rows[start])
    gathered = Gathering()
    latest = ""
    for row in rows[start + 1 :]:
        gathered.rows_in += 1
        if list(row[: len(header)]) == header:
            gathered.leave_out("heading-repeated")
            continue
        if len(row) < len(header):
            gathered.leave_out("row-cut")
            continue
        cells = {name: " ".join(row[place].replace("\x92", "'").split()) for name, place in places.items()}
        latest = max(latest, iso_day(cells.get("start_date", "")))
        gathered.take(_party(cells, list_id))
    return gathered.watchlist(
        list_id, title, latest or date, "International Trade Administration, US Commerce", "public domain", "us-csl-csv"
    )


def _party(cells: Mapping[str, str], list_id: str) -> ListedParty:
    def many(name: str) -> tuple[str, ...]:
        return tuple(item for piece in cells.get(name, "").split(";") if (item := piece.strip()))

    identifiers = []
    for item in many("ids"):
        label, _, rest = item.partition(",")
        identifiers.append(identifier(label, rest.split(",")[0]))
    schema = _SCHEMAS.get(cells.get("type", "").lower(), "LegalEntity")
    if schema == "Vessel" and cells.get("call_sign"):
        identifiers.append(("call-sign", cells["call_sign"]))
    addresses = many("addresses")
    lands = [code[1] for address in addresses if (code := _CODE.search(address))]
    lands += [*many("nationalities"), *many("citizenships"), *many("vessel_flag")]
    names = tuple(dict.fromkeys(filter(None, [cells["name"], *many("alt_names")])))
    key = cells.get("id") or cells.get("number") or f"{cells['source']}/{cells['name']}".casefold()
    return ListedParty(
        id=f"{list_id}:{key}", schema=schema, names=names,
        identifiers=tuple(dict.fromkeys(one for one in identifiers if one is not None)),
        birth_dates=births(list(many("dates_of_birth"))), countries=tuple(dict.fromkeys(lands)), addresses=addresses,
        programmes=(cells["source"].split(" - ")[0], *many("programs")), list_id=list_id,
        remarks=" ".join(filter(None, (cells.get("title", ""), cells.get("remarks", "")))),
    )  # fmt: skip
