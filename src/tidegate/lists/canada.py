"""Canada's consolidated autonomous sanctions list (SEMA XML). Aliases of several scripts stand in one text."""

from __future__ import annotations

import re

from tidegate.lists.safe_xml import child_text, parse_xml
from tidegate.screening.watchlist import ListedParty, Watchlist

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_ALIAS_CUT = re.compile(r"\s*[;,|/]\s*|\s+(?:or|and|et|ou|aussi connu sous le nom de|also known as)\s+", re.IGNORECASE)
_LABEL = re.compile(r"^(?:also known as|a\.?k\.?a\.?|formerly|alias|aussi)\s*:?\s*", re.IGNORECASE)


def read_sema_xml(
    data: bytes, *, list_id: str = "ca-sema", title: str = "Canada, autonomous sanctions (SEMA)"
) -> Watchlist:
    """Return the list; its date is the latest listing in it. Raises InputUnreadable for unsafe or broken XML."""
    root = parse_xml(data)
    records = root.findall("record")
    date = max((day[:10] for record in records if (day := child_text(record, "DateOfListing"))), default="")
    parties: list[ListedParty] = []
    left_out: dict[str, int] = {}
    seen: dict[str, int] = {}
    for record in records:
        party = _party(record, list_id, date)
        if party is None:
            left_out["no-name"] = left_out.get("no-name", 0) + 1
            continue
        if party.id in seen:  # a key that stands twice: keep both apart
            seen[party.id] += 1
            left_out["id-twice"] = left_out.get("id-twice", 0)
        seen.setdefault(party.id, 1)
        parties.append(party)
    left_out = {code: count for code, count in left_out.items() if count}
    return Watchlist(
        tuple(parties),
        list_id,
        title,
        date,
        "Global Affairs Canada",
        "see publisher",
        "ca-sema-xml",
        len(records),
        left_out,
    )


def _party(record: object, list_id: str, date: str) -> ListedParty | None:
    entity, ship = child_text(record, "EntityOrShip"), child_text(record, "ShipIMONumber")
    last, given = child_text(record, "LastName"), child_text(record, "GivenName")
    born = child_text(record, "DateOfBirthOrShipBuildDate")
    aliases = split_aliases(child_text(record, "Aliases"))
    if last or given:
        schema, primary = "Person", f"{last}, {given}" if last and given else last or given
    elif entity:
        schema, primary = ("Vessel" if ship else "Organization"), entity
    else:
        return None
    country = child_text(record, "Country")
    key = "/".join((country.split(" / ")[0], child_text(record, "Schedule"), child_text(record, "Item")))
    birth = _DAY.match(born)
    year = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", born)
    births = [birth.group()] if birth else [f"~{year.group()}" if not born.isdigit() else year.group()] if year else []
    return ListedParty(
        id=f"{list_id}:{key}", schema=schema,
        names=tuple(dict.fromkeys([primary, *(alias for alias in aliases if _is_name(alias))])),
        identifiers=(("imo", ship),) if ship else (), birth_dates=tuple(births) if schema == "Person" else (),
        countries=(country,) if country else (), programmes=(country,) if country else (), list_id=list_id, list_date=date,
        remarks=child_text(record, "TitleOrShip"),
    )  # fmt: skip


def split_aliases(text: str) -> list[str]:
    """Return the aliases in one text: cut at commas, semicolons and "or"; what stands in brackets is one more."""
    inner = [piece for found in _BRACKETED.findall(text) for piece in _ALIAS_CUT.split(found)]
    outer = _ALIAS_CUT.split(_BRACKETED.sub(" ", text))
    pieces = (" ".join(_LABEL.sub("", piece).strip(" .\"'«»").split()) for piece in [*outer, *inner])
    return list(dict.fromkeys(piece for piece in pieces if len(piece) > 1))


def _is_name(text: str) -> bool:
    return any(char.isalpha() for char in text) and len(text) > 2
