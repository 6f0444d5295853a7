"""Canada's consolidated autonomous sanctions list (SEMA XML). Aliases of several scripts stand in one text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from lxml import etree

from tidegate.lists.births import births
from tidegate.lists.parties import Gathering
from tidegate.lists.safe_xml import child_text, iso_day
from tidegate.screening.watchlist import ListedParty, Watchlist

_BRACKETED = re.compile(r"\(([^()]*)\)")
_ALIAS_CUT = re.compile(r"\s*[;,|/]\s*|\s+(?:or|and|et|ou|aussi connu sous le nom de|also known as)\s+", re.IGNORECASE)
_LABEL = re.compile(r"^(?:also known as|a\.?k\.?a\.?|formerly|alias|aussi)\s*:?\s*", re.IGNORECASE)


def read_sema_xml(
    root: etree._Element,
    *,
    list_id: str = "ca-sema",
    title: str = "Canada, autonomous sanctions (SEMA)",
    date: str = "",
) -> Watchlist:
    """Return the list under the root `data-set`. Its date is the latest listing in it, else `date`."""
    records = root.findall("record")
    date = max((iso_day(child_text(record, "DateOfListing")) for record in records), default="") or date
    gathered = Gathering(rows_in=len(records))
    seen: Counter[str] = Counter()
    for record in records:
        party = _party(record, list_id, date)
        if party is not None:  # an item number that stands twice is two parties: schedules are numbered anew
            seen[party.id] += 1
            if seen[party.id] > 1:
                party = replace(party, id=f"{party.id}#{seen[party.id]}")
        gathered.take(party)
    return gathered.watchlist(list_id, title, date, "Global Affairs Canada", "see publisher", "ca-sema-xml")


def _party(record: etree._Element, list_id: str, date: str) -> ListedParty | None:
    entity = child_text(record, "EntityOrShip") or child_text(record, "Entity")
    ship = child_text(record, "ShipIMONumber")
    last, given = child_text(record, "LastName"), child_text(record, "GivenName")
    born = child_text(record, "DateOfBirthOrShipBuildDate") or child_text(record, "DateOfBirth")
    aliases = split_aliases(child_text(record, "Aliases"))
    if last or given:
        schema, primary = "Person", f"{last}, {given}" if last and given else last or given
    elif entity:
        schema, primary = ("Vessel" if ship else "Organization"), entity
    else:
        return None
    country = child_text(record, "Country")
    key = "/".join((country.split(" / ")[0], child_text(record, "Schedule"), child_text(record, "Item")))
    return ListedParty(
        id=f"{list_id}:{key}", schema=schema,
        names=tuple(dict.fromkeys([primary, *(alias for alias in aliases if _is_name(alias))])),
        identifiers=(("imo", ship.removeprefix("IMO").strip()),) if ship else (),
        birth_dates=births([born]) if schema == "Person" and born else (),
        countries=(country,) if country else (), programmes=(country,) if country else (), list_id=list_id, list_date=date,
        remarks=child_text(record, "TitleOrShip") or child_text(record, "Title"),
    )  # fmt: skip


def split_aliases(text: str) -> list[str]:
    """Return the aliases in one text: cut at commas, semicolons and "or"; what stands in brackets is one more."""
    inner = [piece for found in _BRACKETED.findall(text) for piece in _ALIAS_CUT.split(found)]
    outer = _ALIAS_CUT.split(_BRACKETED.sub(" ", text))
    pieces = (" ".join(_LABEL.sub("", piece).strip(" .\"'«»").split()) for piece in [*outer, *inner])
    return list(dict.fromkeys(piece for piece in pieces if len(piece) > 1))


def _is_name(text: str) -> bool:
    return any(char.isalpha() for char in text) and len(text) > 2
