"""The UN Security Council consolidated list (XML). Names stand in four parts; original scripts and aliases are names too."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from tidegate.lists.births import births
from tidegate.lists.identifier_kinds import identifier
from tidegate.lists.parties import Gathering
from tidegate.lists.safe_xml import child_text, iso_day
from tidegate.screening.watchlist import ListedParty, Watchlist

_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_WEAK = {"low"}


def read_un_xml(
    root: etree._Element,
    *,
    list_id: str = "un-sc",
    title: str = "UN Security Council consolidated list",
    date: str = "",
) -> Watchlist:
    """Return the list under the root `CONSOLIDATED_LIST`. Its date is the day it says it was made, else `date`."""
    date = iso_day(root.get("dateGenerated") or "") or date
    gathered = Gathering()
    for schema, path in (("Person", "INDIVIDUALS/INDIVIDUAL"), ("Organization", "ENTITIES/ENTITY")):
        for node in root.iterfind(path):
            gathered.rows_in += 1
            gathered.take(_party(node, schema, list_id, date), schema=schema)
    return gathered.watchlist(list_id, title, date, "United Nations Security Council", "see publisher", "un-xml")


def _party(node: etree._Element, schema: str, list_id: str, date: str) -> ListedParty | None:
    def all_texts(paths: Iterable[str]) -> list[str]:
        return [value for path in paths for item in node.iterfind(path) if (value := child_text(item, "."))]

    kind = "INDIVIDUAL" if schema == "Person" else "ENTITY"
    strong = [" ".join(filter(None, (child_text(node, part) for part in _PARTS))), *all_texts(["NAME_ORIGINAL_SCRIPT"])]
    weak: list[str] = []
    for alias in node.iterfind(f"{kind}_ALIAS"):
        name = child_text(alias, "ALIAS_NAME")
        (weak if child_text(alias, "QUALITY").lower() in _WEAK else strong).append(name)
    names = tuple(dict.fromkeys(filter(None, strong)))
    weak = [name for name in dict.fromkeys(weak) if name and name not in names]
    if not names and not weak:
        return None
    addresses = [
        ", ".join(filter(None, (child_text(item, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY"))))
        for item in node.iterfind(f"{kind}_ADDRESS")
    ]  # fmt: skip
    return ListedParty(
        id=f"{list_id}:{child_text(node, 'REFERENCE_NUMBER') or child_text(node, 'DATAID')}", schema=schema,
        names=names or (weak[0],), weak_names=tuple(weak if names else weak[1:]), identifiers=_documents(node, kind),
        birth_dates=births(_birth_texts(node)),
        countries=tuple(dict.fromkeys(all_texts(["NATIONALITY/VALUE", f"{kind}_ADDRESS/COUNTRY"]))),
        addresses=tuple(dict.fromkeys(filter(None, addresses))),
        programmes=tuple(filter(None, [child_text(node, "UN_LIST_TYPE")])), list_id=list_id, list_date=date,
        remarks=child_text(node, "COMMENTS1"),
    )  # fmt: skip


def _documents(node: etree._Element, kind: str) -> tuple[tuple[str, str], ...]:
    found = []
    for document in node.iterfind(f"{kind}_DOCUMENT"):
        number = child_text(document, "NUMBER")
        first, second = child_text(document, "TYPE_OF_DOCUMENT"), child_text(document, "TYPE_OF_DOCUMENT2")
        label = f"{first} {second}".lower()
        if not number:
            continue
        if any(word in label for word in ("passport", "passeport", "pasaporte")):
            found.append(("passport", number))
        else:  # the second label is the more exact one: a social security number, a ration card
            found.append(identifier(second, number) or identifier(first, number) or ("national-id", number))
    return tuple(dict.fromkeys(found))


def _birth_texts(node: etree._Element) -> list[str]:
    found = []
    for item in node.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        whole, year = child_text(item, "DATE"), child_text(item, "YEAR")
        low, high = child_text(item, "FROM_YEAR"), child_text(item, "TO_YEAR")
        about = "~" if child_text(item, "TYPE_OF_DATE").upper().startswith("APPROX") else ""
        if whole or year:
            found.append(about + (whole[:10] or year))
        elif low or high:
            found.append(f"{low or high}/{high or low}")
        elif note := child_text(item, "NOTE"):
            found.append(note)
    return found
