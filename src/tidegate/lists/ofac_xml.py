"""OFAC's XML of the SDN list and of the consolidated (non-SDN) lists, in any of its namespaces."""

from __future__ import annotations

from lxml import etree

from tidegate.lists.births import births
from tidegate.lists.identifier_kinds import identifier
from tidegate.lists.ofac import SCHEMAS
from tidegate.lists.parties import Gathering
from tidegate.lists.safe_xml import child_text, iso_day
from tidegate.screening.watchlist import ListedParty, Watchlist

_NON_SDN = ("NS-", "CMIC", "FSE", "561", "CAPTA")


def read_ofac_xml(root: etree._Element, *, list_id: str = "", title: str = "", date: str = "") -> Watchlist:
    """Return the list under the root `sdnList`. Its date is the day it says it was published, else `date`."""
    date = iso_day(child_text(root, "publshInformation/Publish_Date")) or date
    entries = [node for node in root if node.tag == "sdnEntry"]
    programmes = {child_text(p, ".") for node in entries for p in node.iterfind("programList/program")}
    consolidated = any(name.startswith(_NON_SDN) for name in programmes)
    list_id = list_id or ("ofac-consolidated" if consolidated else "ofac-sdn")
    title = title or ("OFAC consolidated (non-SDN)" if consolidated else "OFAC SDN")
    gathered = Gathering(rows_in=len(entries))
    for node in entries:
        gathered.take(_party(node, list_id, date))
    return gathered.watchlist(
        list_id, title, date, "Office of Foreign Assets Control, US Treasury", "public domain", "ofac-xml"
    )


def _party(node: etree._Element, list_id: str, date: str) -> ListedParty | None:
    def texts(path: str) -> list[str]:
        return [value for item in node.iterfind(path) if (value := child_text(item, "."))]

    strong: list[str] = [_full(node)]
    weak: list[str] = []
    for item in node.iterfind("akaList/aka"):
        (weak if child_text(item, "category").lower() == "weak" else strong).append(_full(item))
    names = tuple(dict.fromkeys(filter(None, strong)))
    weak = [name for name in dict.fromkeys(weak) if name and name not in names]
    if not names and not weak:
        return None
    found = (identifier(child_text(one, "idType"), child_text(one, "idNumber")) for one in node.iterfind("idList/id"))
    identifiers = [one for one in found if one is not None]
    if call_sign := child_text(node, "vesselInfo/callSign"):
        identifiers.append(("call-sign", call_sign))
    lands = [*texts("addressList/address/country"), *texts("nationalityList/nationality/country")]
    lands += [*texts("citizenshipList/citizenship/country"), *texts("vesselInfo/vesselFlag")]
    return ListedParty(
        id=f"{list_id}:{child_text(node, 'uid')}", schema=SCHEMAS.get(child_text(node, "sdnType").lower(), "LegalEntity"),
        names=names or (weak[0],), weak_names=tuple(weak if names else weak[1:]),
        identifiers=tuple(dict.fromkeys(identifiers)), birth_dates=births(texts("dateOfBirthList/dateOfBirthItem/dateOfBirth")),
        countries=tuple(dict.fromkeys(lands)), addresses=tuple(dict.fromkeys(filter(None, map(_address, node.iterfind("addressList/address"))))),
        programmes=tuple(texts("programList/program")), list_id=list_id, list_date=date, remarks=child_text(node, "remarks"),
    )  # fmt: skip


def _full(item: etree._Element) -> str:
    last, first = child_text(item, "lastName"), child_text(item, "firstName")
    return f"{last}, {first}" if last and first else last or first


def _address(item: etree._Element) -> str:
    tags = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")
    return ", ".join(filter(None, (child_text(item, tag) for tag in tags)))
