"""Red flags about phones, mail domains, sites and addresses that two parties share: RF04, RF08, RF16, RF18."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tidegate.screening.firms import Customers, contacts, customers_of, firm_key, first_rows, last_rows, same_firm
from tidegate.screening.names import compare_names
from tidegate.screening.normalize import RecordView, fold_identifier
from tidegate.screening.references import pairs_of
from tidegate.screening.scene import Flag, Scene, says

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule


def foreign_contact(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm shares phone, mail domain or site with a chemical seller of another country (RF04)."""
    seen: dict[str, list[int]] = defaultdict(list)
    for row in range(scene.view.rows):
        for contact in contacts(scene.view, row):
            seen[contact].append(row)
    told: set[tuple[int, int]] = set()
    for contact, rows in sorted(seen.items()):
        if not 2 <= len(rows) <= rule.number("busy_rows"):
            continue
        sellers = [row for row in rows if _sells_chemicals(scene.view, row)]
        for row in rows:
            home = scene.country("country", row)
            other = next(
                (one for one in sellers if one != row and scene.country("country", one) not in ("", home)), None
            )
            if other is None or not home or _sells_chemicals(scene.view, row) or (row, other) in told:
                continue
            told.add((row, other))
            name = scene.view.text("name", row)
            params = {"contact": contact, "other": scene.view.text("name", other), "row": scene.place(other)}
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
    told: set[str] = set()
    for contact, sharing in sorted(sharers.items()):
        if len(sharing) > max(5, rule.number("busy_share") * len(customers)):
            continue
        for place, buyer in enumerate(sharing):
            name = scene.view.text("consignee", row_of[buyer])
            for other in sharing[:place]:
                beside = scene.view.text("consignee", row_of[other])
                shared = sorted(suppliers[other] & suppliers[buyer] - {""})
                if buyer in told or not shared or compare_names(name, beside).score >= 0.8:
                    continue
                told.add(buyer)
                row = max(row_of[buyer], row_of[other])
                first, second = (name, beside) if row == row_of[buyer] else (beside, name)
                supplier = scene.view.text("consignor", row)
                params = {"contact": contact, "other": second, "supplier": supplier}
                evidence = (contact, firm_key(second))
                yield Flag(row, "consignee", first, "seen.shared-contact", params, evidence, 0.6, fact="contact")


def _sharing(customers: Customers) -> set[int]:
    """Return the rows of the customer file that share a contact or an address with another row."""
    seen: dict[str, list[int]] = defaultdict(list)
    for row in range(len(customers)):
        for contact in [*contacts(customers.view, row), *_address(customers, row)]:
            seen[contact].append(row)
    return {row for rows in seen.values() if len(rows) > 1 for row in rows}


def _address(customers: Customers, place: int) -> list[str]:
    folded = fold_identifier(customers.view.text("address", place))
    return [folded] if len(folded) >= 12 else []


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
            params = {"contact": hit, "other": sellers[hit]}
            yield Flag(row, "payee", payee, "seen.payee-contact", params, (hit,), 0.45)


def payees_share_contact(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Two payees with no stated link share phone or e-mail (RF18)."""
    customers = customers_of(scene)
    if customers is None:
        return
    first: dict[str, str] = {}
    for row, payee in first_rows(scene.view, "payee"):
        place = customers.row_of(payee)
        for contact in contacts(customers.view, place) if place is not None else ():
            other = first.setdefault(contact, payee)
            if not same_firm(other, payee):
                params = {"contact": contact, "other": other}
                yield Flag(row, "payee", payee, "seen.payee-contact", params, (contact,), 0.35)
                break


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "foreign-contact": foreign_contact,
    "importers-share-contact": importers_share_contact,
    "payee-contact-is-sellers": payee_contact_is_sellers,
    "payees-share-contact": payees_share_contact,
}
