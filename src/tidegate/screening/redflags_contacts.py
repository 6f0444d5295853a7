"""Red flags about phones, mail domains, sites and addresses that two parties share: RF04, RF08, RF16, RF18."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tidegate.registers.places import country_code
from tidegate.screening.firms import (
    Customers,
    address_key,
    as_written,
    contacts,
    customers_of,
    firm_key,
    first_rows,
    in_trade,
    last_rows,
    of_one_house,
    out_of_trade,
    same_firm,
    sector_of,
)
from tidegate.screening.names import compare_names
from tidegate.screening.normalize import RecordView, fold_text
from tidegate.screening.premises import kinds_told
from tidegate.screening.references import pairs_of
from tidegate.screening.scene import Flag, Scene, says

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule


def foreign_contact(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm shares phone, mail domain or site with a chemical seller of another country (RF04).

    On a sheet of consignments the firms are looked up in the customer file. Two firms of one group, by name, are linked.
    """
    customers = customers_of(scene)
    if scene.view.kind == "parties":
        yield from _foreign_contacts(rule, scene, scene.view)
    elif customers is not None:
        rows: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for column in ("consignor", "consignee"):
            for row, name in first_rows(scene.view, column):
                place = customers.row_of(name)
                if place is not None:
                    rows[place].append((column, row))
        for flag in _foreign_contacts(rule, scene, customers.view):
            for column, row in rows.get(flag.row, ())[:1]:
                yield replace(flag, row=row, column=column, value=scene.view.text(column, row))


def _foreign_contacts(rule: Rule, scene: Scene, view: RecordView) -> Iterator[Flag]:
    seen: dict[str, list[int]] = defaultdict(list)
    for row in range(view.rows):
        for contact in contacts(view, row):
            seen[contact].append(row)
    told: set[tuple[int, int]] = set()
    for contact, rows in sorted(seen.items()):
        if not 2 <= len(rows) <= rule.number("busy_rows"):
            continue
        sellers = [row for row in rows if _sells_chemicals(view, row)]
        for row in rows:
            home = country_code(view.text("country", row)) or ""
            other = next(
                (one for one in sellers if one != row and country_code(view.text("country", one)) not in (None, home)),
                None,
            )
            if other is None or not home or _sells_chemicals(view, row) or (row, other) in told:
                continue
            if of_one_house(view.text("name", row), view.text("name", other)):
                continue
            told.add((row, other))
            name = view.text("name", row)
            place = view.text("source_row", other) or str(other + 1)
            written = as_written(view, row, contact)
            params = {"contact": written, "other": view.text("name", other), "row": place}
            yield Flag(row, "name", name, "seen.contact-of-seller", params, (contact,), 0.4, fact=f"contact-{contact}")


def _sells_chemicals(view: RecordView, row: int) -> bool:
    return says("chemical_firm", f"{view.text('name', row)} {view.text('sector', row)}")


def importers_share_contact(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Two importers with no stated link share contact data and a supplier; a contact shared by many is a broker's (RF08)."""
    customers = customers_of(scene)
    if customers is None:
        return
    senders, buyers = scene.view.folded("consignor"), scene.view.folded("consignee")
    _, _, pairs = pairs_of(buyers, senders)
    suppliers: dict[str, set[str]] = defaultdict(set)
    row_of: dict[str, int] = {}
    for row, buyer in last_rows(scene.view, "consignee"):
        if customers.row_of(buyer) is not None:
            row_of[firm_key(buyer)] = row
    sharing_contact = _sharing(customers)
    for row in pairs.tolist():
        buyer, sender = firm_key(scene.view.text("consignee", row)), scene.view.text("consignor", row)
        if buyer in row_of and sender and customers.row_of(scene.view.text("consignee", row)) in sharing_contact:
            suppliers[buyer].add(firm_key(sender))
    sharers: dict[str, list[str]] = defaultdict(list)
    for buyer, row in sorted(row_of.items()):
        place = customers.row_of(scene.view.text("consignee", row))
        for contact in [*contacts(customers.view, place or 0), *_address(customers, place or 0)]:
            sharers[contact].append(buyer)
    brokers = _contacts_of_brokers(customers)
    told: set[str] = set()
    for contact, sharing in sorted(sharers.items()):
        if len(sharing) > max(5, rule.number("busy_share") * len(customers)) or contact in brokers:
            continue
        for place, buyer in enumerate(sharing):
            name = scene.view.text("consignee", row_of[buyer])
            for other in sharing[:place]:
                beside = scene.view.text("consignee", row_of[other])
                shared = sorted(suppliers[other] & suppliers[buyer] - {""})
                if not shared or compare_names(name, beside).score >= 0.8 or of_one_house(name, beside):
                    continue
                for one, first, second in ((buyer, name, beside), (other, beside, name)):
                    if one in told:
                        continue
                    told.add(one)
                    supplier = scene.view.text("consignor", row_of[one])
                    at = customers.row_of(first)
                    written = as_written(customers.view, at, contact) if at is not None else contact
                    params = {"contact": written, "other": second, "supplier": supplier}
                    evidence = (contact, firm_key(second))
                    yield Flag(
                        row_of[one], "consignee", first, "seen.shared-contact", params, evidence, 0.6, fact="contact"
                    )


def _contacts_of_brokers(customers: Customers) -> set[str]:
    """Return the contacts and addresses of customs brokers and agents on file: what their clients share is theirs."""
    view = customers.view
    return {
        contact for row in range(len(customers)) if says("customs_broker", f"{view.text('name', row)} {view.text('sector', row)}")
        for contact in [*contacts(view, row), *_address(customers, row)]
    }  # fmt: skip


def _sharing(customers: Customers) -> set[int]:
    """Return the rows of the customer file that share a contact or an address with another row."""
    seen: dict[str, list[int]] = defaultdict(list)
    for row in range(len(customers)):
        for contact in [*contacts(customers.view, row), *_address(customers, row)]:
            seen[contact].append(row)
    return {row for rows in seen.values() if len(rows) > 1 for row in rows}


def _address(customers: Customers, place: int) -> list[str]:
    folded = address_key(customers.view.text("address", place))
    return [folded] if len(folded) >= 10 else []


def payee_contact_is_sellers(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A private payee's phone or e-mail on file equals one of a chemical or pharmacy seller (RF16)."""
    customers = customers_of(scene)
    if customers is None:
        return
    sellers: dict[str, str] = {}
    for row in range(len(customers)):
        if _sells_chemicals(customers.view, row):
            for contact in contacts(customers.view, row):
                sellers.setdefault(contact, customers.view.text("name", row))
    for row, payee in first_rows(scene.view, "payee"):
        place = customers.row_of(payee)
        if place is None or _sells_chemicals(customers.view, place):
            continue
        hit = next((contact for contact in contacts(customers.view, place) if contact in sellers), None)
        if hit:
            params = {"contact": as_written(customers.view, place, hit), "other": sellers[hit]}
            yield Flag(row, "payee", payee, "seen.payee-contact", params, (hit,), 0.45)


def payees_share_contact(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Two payees with no stated link share phone or e-mail (RF18)."""
    customers = customers_of(scene)
    if customers is None:
        return
    sharing: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row, payee in first_rows(scene.view, "payee"):
        place = customers.row_of(payee)
        for contact in contacts(customers.view, place) if place is not None else ():
            sharing[contact].append((row, payee))
    told: set[int] = set()
    for contact, payees in sorted(sharing.items()):
        for row, payee in payees:
            other = next(
                (name for _, name in payees if not same_firm(name, payee) and not of_one_house(name, payee)), None
            )
            if other is not None and row not in told:
                told.add(row)
                at = customers.row_of(payee)
                written = as_written(customers.view, at, contact) if at is not None else contact
                params = {"contact": written, "other": other}
                yield Flag(row, "payee", payee, "seen.payee-contact", params, (contact,), 0.35)


def address_of_another(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A chemical firm's address is that of another business, of another trade, on the file of addresses given (RF24)."""
    customers = customers_of(scene)
    if customers is None:
        return
    held: dict[str, list[int]] = defaultdict(list)
    for place in range(len(customers)):
        for key in _address(customers, place):
            held[key].append(place)
    columns = (("name", "address"),) if scene.view.kind == "parties" else _PARTY_ADDRESSES
    for party, address in columns:
        yield from _of_another_kind(scene, party, address)
        for row in scene.view.rows_where(address, lambda text: address_key(text) in held).tolist():
            name, where = scene.view.text(party, row), scene.view.text(address, row)
            if not says("chemical_firm", f"{name} {sector_of(scene, name)}"):
                continue
            for place in held[address_key(where)]:
                other, trade = customers.view.text("name", place), customers.view.text("sector", place)
                if out_of_trade(other, trade) and compare_names(name, other).score < rule.number("same_score"):
                    params = {"address": where, "other": other, "sector": trade or other}
                    evidence = (address_key(where), firm_key(other))
                    fact = f"{address}-kind"
                    yield Flag(row, party, name, "seen.address-of-another", params, evidence, 0.35, fact=fact)
                    break


def _of_another_kind(scene: Scene, party: str, address: str) -> Iterator[Flag]:
    """Give a flag where the file of addresses itself says that a chemical firm's place is a shop or office of another trade."""
    for row, name, kind in kinds_told(scene, party):
        if not says("unrelated_trade", kind) or in_trade("", kind):
            continue
        if says("chemical_firm", f"{name} {sector_of(scene, name)} {_own_sector(scene, row)}"):
            where = scene.view.text(address, row)
            params = {"address": where, "name": name, "kind": kind}
            evidence = (address_key(where), fold_text(kind))
            yield Flag(row, party, name, "seen.address-is", params, evidence, 0.35, fact=f"{address}-kind")


def _own_sector(scene: Scene, row: int) -> str:
    return scene.view.text("sector", row) if scene.view.kind == "parties" else ""


_PARTY_ADDRESSES = (("consignor", "consignor_address"), ("consignee", "consignee_address"))


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "foreign-contact": foreign_contact,
    "importers-share-contact": importers_share_contact,
    "payee-contact-is-sellers": payee_contact_is_sellers,
    "payees-share-contact": payees_share_contact,
    "address-of-another": address_of_another,
}
