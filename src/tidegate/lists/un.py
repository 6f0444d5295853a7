"""The UN Security Council consolidated list (XML). Names stand in four parts; original scripts and aliases are names too."""

from __future__ import annotations

from collections.abc import Iterable

from tidegate.lists.safe_xml import child_text, parse_xml
from tidegate.screening.watchlist import ListedParty, Watchlist

_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_WEAK = {"low"}


def read_un_xml(
    data: bytes, *, list_id: str = "un-sc", title: str = "UN Security Council consolidated list"
) -> Watchlist:
    """Return the consolidated list. Raises InputUnreadable if `data` is no safe, well-formed XML."""
    root = parse_xml(data)
    date = (root.get("dateGenerated") or "")[:10]
    parties: list[ListedParty] = []
    left_out: dict[str, int] = {}
    rows_in = 0
    for schema, path in (("Person", "INDIVIDUALS/INDIVIDUAL"), ("Organization", "ENTITIES/ENTITY")):
        for node in root.iterfind(path):
            rows_in += 1
            party = _party(node, schema, list_id, date)
            if party is None:
                left_out["no-name"] = left_out.get("no-name", 0) + 1
            else:
                parties.append(party)
    return Watchlist(
        tuple(parties),
        list_id,
        title,
        date,
        "United Nations Security Council",
        "see publisher",
        "un-xml",
        rows_in,
        left_out,
    )


def _party(node: object, schema: str, list_id: str, date: str) -> ListedParty | None:
    def all_texts(paths: Iterable[str]) -> list[str]:
        return [value for path in paths for item in node.iterfind(path) if (value := child_text(item, "."))]  # type: ignore[attr-defined]

    kind = "INDIVIDUAL" if schema == "Person" else "ENTITY"
    primary = " ".join(filter(None, (child_text(node, part) for part in _PARTS)))
    strong: list[str] = []
    weak: list[str] = []
    for alias in node.iterfind(f"{kind}_ALIAS"):  # type: ignore[attr-defined]
        name = child_text(alias, "ALIAS_NAME")
        if name:
            (weak if child_text(alias, "QUALITY").lower() in _WEAK else strong).append(name)
    names = tuple(dict.fromkeys(filter(None, [primary, *all_texts(["NAME_ORIGINAL_SCRIPT"]), *strong])))
    if not names and not weak:
        return None
    identifiers = []
    for document in node.iterfind("INDIVIDUAL_DOCUMENT"):  # type: ignore[attr-defined]
        number = child_text(document, "NUMBER")
        label = (child_text(document, "TYPE_OF_DOCUMENT") + child_text(document, "TYPE_OF_DOCUMENT2")).lower()
        if number:
            identifiers.append(("passport" if "passport" in label else "national-id", number))
    addresses = [
        ", ".join(filter(None, (child_text(item, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY"))))
        for item in node.iterfind(f"{kind}_ADDRESS")  # type: ignore[attr-defined]
    ]
    return ListedParty(
        id=f"{list_id}:{child_text(node, 'REFERENCE_NUMBER') or child_text(node, 'DATAID')}", schema=schema,
        names=names or (weak[0],), weak_names=tuple(name for name in dict.fromkeys(weak) if name not in names),
        identifiers=tuple(dict.fromkeys(identifiers)), birth_dates=tuple(dict.fromkeys(_births(node))),
        countries=tuple(dict.fromkeys(all_texts(["NATIONALITY/VALUE", f"{kind}_ADDRESS/COUNTRY"]))),
        addresses=tuple(dict.fromkeys(filter(None, addresses))),
        programmes=tuple(filter(None, [child_text(node, "UN_LIST_TYPE")])), list_id=list_id, list_date=date,
        remarks=child_text(node, "COMMENTS1"),
    )  # fmt: skip


def _births(node: object) -> list[str]:
    found = []
    for item in node.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):  # type: ignore[attr-defined]
        whole, year = child_text(item, "DATE"), child_text(item, "YEAR")
        low, high = child_text(item, "FROM_YEAR"), child_text(item, "TO_YEAR")
        about = "~" if child_text(item, "TYPE_OF_DATE").upper().startswith("APPROX") else ""
        if whole:
            found.append(about + whole[:10])
        elif year:
            found.append(about + year)
        elif low or high:
            found.append(f"{low or high}/{high or low}")
    return found
