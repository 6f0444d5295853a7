"""Red flags about who the parties are: RF03, RF04, RF07, RF08, RF15, RF16, RF18, RF23, RF25, RF26, RF63."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidegate.errors import InputUnreadable
from tidegate.model.days import parse_civil_day
from tidegate.model.identifiers.uscc import is_valid_uscc
from tidegate.screening.companions import Closure
from tidegate.screening.names import compare_names
from tidegate.screening.normalize import RecordView, fold_identifier, fold_text
from tidegate.screening.redflags_goods import items_of, sectors_of
from tidegate.screening.scene import Flag, Scene, says

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_USCC = re.compile(r"^[0-9A-Z]{18}$")
_COMMON_MAIL = (
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "yahoo.com",
    "qq.com",
    "163.com",
    "126.com",
    "foxmail.com",
    "sina.com",
    "icloud.com",
)


def shared_address(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One address serves [3] or more different chemical or trading firms; one that serves a large share is an agent's (RF03)."""
    columns = (
        [("name", "address")]
        if scene.view.kind == "parties"
        else [("consignor", "consignor_address"), ("consignee", "consignee_address")]
    )
    for party, column in columns:
        tenants: dict[str, dict[str, int]] = defaultdict(dict)
        names_at, address_at = scene.view.folded(party), scene.view.folded(column)
        pairs = address_at * (names_at.max(initial=0) + 2) + names_at
        _, firsts = np.unique(pairs, return_index=True)
        for row in np.sort(firsts[(names_at[firsts] >= 0) & (address_at[firsts] >= 0)]).tolist():
            name, where = scene.view.text(party, row), fold_identifier(scene.view.text(column, row))
            if len(where) >= 8 and (says("chemical_firm", name) or says("trading_firm", name)):
                tenants[where].setdefault(fold_text(name), row)
        for names in tenants.values():
            firms = _unlike(list(names))
            if rule.number("min_firms") <= len(firms) and len(firms) <= max(
                8, rule.number("busy_share") * len(tenants)
            ):
                row = max(names.values())
                where = scene.view.text(column, row)
                params = {"count": str(len(firms)), "names": "; ".join(sorted(firms)[:5]), "address": where}
                yield Flag(
                    row,
                    column,
                    where,
                    "seen.shared-address",
                    params,
                    tuple(sorted(firms)),
                    0.4,
                    fact=f"{column}-shared",
                )


def foreign_contact(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm shares phone or mail domain with a chemical seller of another country (RF04)."""
    seen: dict[str, list[int]] = defaultdict(list)
    for row in range(scene.view.rows):
        for contact in _contacts(scene.view, row):
            seen[contact].append(row)
    for contact, rows in sorted(seen.items()):
        sellers = [row for row in rows if says("chemical_firm", scene.view.text("name", row))]
        for row in rows:
            home = scene.country("country", row)
            other = next(
                (one for one in sellers if one != row and scene.country("country", one) not in ("", home)), None
            )
            if (
                other is not None
                and home
                and len(rows) <= 5
                and not says("chemical_firm", scene.view.text("name", row))
            ):
                params = {"contact": contact, "other": scene.view.text("name", other), "row": scene.place(other)}
                yield Flag(
                    row,
                    "name",
                    scene.view.text("name", row),
                    "seen.contact-of-seller",
                    params,
                    (contact,),
                    0.4,
                    fact=f"contact-{contact}",
                )


def importer_without_web(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The importer of a register item has no website on file, or was founded under [180] days before (RF07)."""
    customers = _customers(scene)
    view = scene.view_of("parties")
    for row, item in items_of(scene):
        buyer = scene.view.text("consignee", row)
        place = customers.get(fold_text(buyer))
        if place is None or view is None:
            continue
        founded = _day(view.text("founded", place))
        moment = scene.view.day("date", row) or scene.on
        if founded and (moment - founded).days < rule.number("young_days"):
            params = {"name": buyer, "item": item.name, "day": founded.isoformat()}
            yield Flag(row, "consignee", buyer, "seen.young-firm", params, (item.id, founded.isoformat()), 0.45)
        elif not view.text("website", place) and view.has("website"):
            yield Flag(row, "consignee", buyer, "seen.no-website", {"name": buyer, "item": item.name}, (item.id,), 0.35)


def importers_share_contact(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Two importers with no stated link share contact data and a supplier; a contact shared by many is a broker's (RF08)."""
    view = scene.view_of("parties")
    if view is None:
        return
    customers = _customers(scene)
    suppliers: dict[str, set[str]] = defaultdict(set)
    rows_of: dict[str, int] = {}
    for row in range(scene.view.rows):
        buyer = fold_text(scene.view.text("consignee", row))
        if buyer in customers:
            suppliers[buyer].add(fold_text(scene.view.text("consignor", row)))
            rows_of[buyer] = row
    sharers: dict[str, list[str]] = defaultdict(list)
    for buyer in sorted(suppliers):
        for contact in _contacts(view, customers[buyer]):
            sharers[contact].append(buyer)
    for contact, buyers in sorted(sharers.items()):
        busy = len(buyers) > max(5, rule.number("busy_share") * len(customers))
        for place, buyer in enumerate(buyers):
            other = next((one for one in buyers[:place] if suppliers[one] & suppliers[buyer] - {""}), None)
            if other and not busy and compare_names(buyer, other).score < 0.8:
                row = rows_of[buyer]
                shared = sorted(suppliers[other] & suppliers[buyer])[0]
                params = {"contact": contact, "other": other, "supplier": shared}
                yield Flag(
                    row,
                    "consignee",
                    scene.view.text("consignee", row),
                    "seen.shared-contact",
                    params,
                    (contact, other),
                    0.6,
                    fact="contact",
                )


def unrelated_firm_buys_items(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm outside chemistry and medicine buys [2] or more register items, or one with a press or dies, in a year (RF15)."""
    sectors = sectors_of(scene)
    bought: dict[str, dict[str, int]] = defaultdict(dict)
    for row, item in items_of(scene):
        buyer = fold_text(scene.view.text("consignee", row))
        sector = sectors.get(buyer, "")
        if sector and not any(says(words, sector) for words in ("chemical_firm", "care_firm")):
            bought[buyer][item.id] = row
    for buyer, items in bought.items():
        if len(items) >= rule.number("min_items"):
            row = max(items.values())
            names = ", ".join(scene.register.item_name(one) for one in sorted(items))
            params = {"items": names, "sector": sectors[buyer]}
            yield Flag(
                row,
                "consignee",
                scene.view.text("consignee", row),
                "seen.sector-buys",
                params,
                tuple(sorted(items)),
                0.45,
            )


def payee_contact_is_sellers(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A private payee's phone or e-mail on file equals one of a chemical or pharmacy seller (RF16)."""
    view, customers = scene.view_of("parties"), _customers(scene)
    if view is None:
        return
    sellers: dict[str, str] = {}
    for row in range(view.rows):
        if says("chemical_firm", f"{view.text('name', row)} {view.text('sector', row)}"):
            for contact in _contacts(view, row):
                sellers.setdefault(contact, view.text("name", row))
    for row, payee in _first_rows(scene.view, "payee"):
        place = customers.get(fold_text(payee))
        if place is None or says("chemical_firm", payee):
            continue
        hit = next((contact for contact in _contacts(view, place) if contact in sellers), None)
        if hit:
            params = {"contact": hit, "other": sellers[hit]}
            yield Flag(row, "payee", payee, "seen.payee-contact", params, (hit,), 0.45)


def payees_share_contact(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Two payees with no stated link share phone or e-mail (RF18)."""
    view, customers = scene.view_of("parties"), _customers(scene)
    if view is None:
        return
    first: dict[str, str] = {}
    for row, payee in _first_rows(scene.view, "payee"):
        place = customers.get(fold_text(payee))
        for contact in _contacts(view, place) if place is not None else ():
            other = first.setdefault(contact, payee)
            if fold_text(other) != fold_text(payee):
                params = {"contact": contact, "other": other}
                yield Flag(row, "payee", payee, "seen.payee-contact", params, (contact,), 0.35)
                break


def sector_and_name_disagree(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The name says chemistry or medicine and the sector on file says another trade (RF23)."""
    for row in scene.view.rows_where("name", lambda name: says("chemical_firm", name)).tolist():
        sector = scene.view.text("sector", row)
        related = ("chemical_firm", "care_firm", "press_trade", "trading_firm")
        if sector and not any(says(words, sector) for words in related) and not sector.strip().isdigit():
            params = {"name": scene.view.text("name", row), "sector": sector}
            yield Flag(row, "sector", sector, "seen.sector-and-name", params, (fold_text(sector),), 0.35)


def many_trading_names(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[3] or more names that script or translation does not explain (RF25)."""
    for row in scene.view.rows_where("other_names", lambda text: True).tolist():
        names = [scene.view.text("name", row), *re.split(r"[;|/；]", scene.view.text("other_names", row))]
        apart = _unlike([name.strip() for name in names if name.strip()], rule.number("same_score"))
        if len(apart) >= rule.number("min_names"):
            params = {"count": str(len(apart)), "names": "; ".join(apart[:6])}
            yield Flag(
                row,
                "other_names",
                scene.view.text("other_names", row),
                "seen.names-apart",
                params,
                tuple(sorted(apart)),
                0.35,
            )


def registration_number(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One registration number on two unlike firms, or a Chinese credit code whose check character is wrong (RF26)."""
    first: dict[str, int] = {}
    for row in scene.view.rows_where("registration_number", lambda text: len(fold_identifier(text)) >= 6).tolist():
        written = scene.view.text("registration_number", row)
        number, name = fold_identifier(written), scene.view.text("name", row)
        other = first.setdefault(number, row)
        if other != row and compare_names(name, scene.view.text("name", other)).score < rule.number("same_score"):
            params = {"number": written, "other": scene.view.text("name", other), "row": scene.place(other)}
            yield Flag(
                row,
                "registration_number",
                written,
                "seen.number-shared",
                params,
                (number, fold_text(params["other"])),
                0.7,
            )
        elif _USCC.match(number) and scene.country("country", row) in ("CN", "") and not is_valid_uscc(number):
            yield Flag(
                row,
                "registration_number",
                written,
                "seen.number-check",
                {"number": written},
                (number,),
                0.5,
                level="look",
            )


def reborn_firm(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm under [180] days old shares [2] or more of phone, e-mail, address, site, number with a closed firm (RF63)."""
    closures = scene.companions.closures or ()
    own_parties = scene.view.kind == "parties"
    view = scene.view if own_parties else scene.view_of("parties")
    if view is None:
        return
    customers = _customers(scene)
    names = [(row, scene.view.text("name", row), row) for row in range(view.rows)] if own_parties else [
        (row, name, customers[fold_text(name)]) for column in ("consignor", "consignee")
        for row, name in _first_rows(scene.view, column) if fold_text(name) in customers
    ]  # fmt: skip
    for row, name, place in names:
        founded = _day(view.text("founded", place))
        for closed in closures:
            shared = _shared_with(closed, view, place)
            young = (
                founded is None
                or closed.closed_on is None
                or (founded - closed.closed_on).days > -rule.number("young_days")
            )
            if len(shared) >= rule.number("min_shared") and young and fold_text(closed.name) != fold_text(name):
                params = {
                    "name": name,
                    "closed": closed.name,
                    "shared": ", ".join(shared),
                    "day": str(closed.closed_on or "–"),
                }
                column = (
                    "name"
                    if own_parties
                    else ("consignor" if scene.view.text("consignor", row) == name else "consignee")
                )
                yield Flag(row, column, name, "seen.reborn", params, (fold_text(closed.name), *shared), 0.8)
                break


def _shared_with(closed: Closure, view: RecordView, place: int) -> list[str]:
    pairs = {
        "phone": (closed.phone, view.text("phone", place)),
        "email": (closed.email, view.text("email", place)),
        "address": (closed.address, view.text("address", place)),
        "website": (closed.website, view.text("website", place)),
        "registration_number": (closed.registration_number, view.text("registration_number", place)),
    }
    return [
        name for name, (theirs, ours) in pairs.items() if theirs and fold_identifier(theirs) == fold_identifier(ours)
    ]


def _unlike(names: list[str], same: float = 0.75) -> list[str]:
    """Return one name of each group of names that compare as the same party."""
    apart: list[str] = []
    for name in names[:40]:
        if all(compare_names(name, other).score < same for other in apart):
            apart.append(name)
    return apart


def _contacts(view: RecordView, row: int) -> list[str]:
    """Return phone, e-mail and own mail domain of one party, folded; common mail hosts are no link."""
    phone, email = fold_identifier(view.text("phone", row)), fold_text(view.text("email", row))
    contacts = [phone[-9:]] if len(phone) >= 8 else []
    if "@" in email:
        domain = email.rpartition("@")[2]
        contacts.append(email if domain in _COMMON_MAIL else domain)
    return contacts


def _customers(scene: Scene) -> dict[str, int]:
    view = scene.view_of("parties")
    if view is None:
        return {}
    return {fold_text(view.text("name", row)): row for row in range(view.rows) if view.text("name", row)}


def _first_rows(view: RecordView, column: str) -> Iterator[tuple[int, str]]:
    """Give the first row of each distinct value of `column`, in row order."""
    values, index = view.distinct(column)
    told: set[int] = set()
    for row, code in enumerate(index.tolist()):
        if code not in told and values[code]:
            told.add(code)
            yield row, values[code] or ""


def _day(text: str) -> date | None:
    try:
        return parse_civil_day(text) if text else None
    except InputUnreadable:
        return None


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "shared-address": shared_address,
    "foreign-contact": foreign_contact,
    "importer-without-web": importer_without_web,
    "importers-share-contact": importers_share_contact,
    "unrelated-firm-buys-items": unrelated_firm_buys_items,
    "payee-contact-is-sellers": payee_contact_is_sellers,
    "payees-share-contact": payees_share_contact,
    "sector-and-name-disagree": sector_and_name_disagree,
    "many-trading-names": many_trading_names,
    "registration-number": registration_number,
    "reborn-firm": reborn_firm,
}
