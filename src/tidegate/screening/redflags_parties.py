"""Red flags about who the parties are: RF03, RF07, RF15, RF23, RF25, RF26, RF63."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidegate.errors import InputUnreadable
from tidegate.model.days import parse_civil_day
from tidegate.model.identifiers.lei import parse_lei
from tidegate.model.identifiers.uscc import is_valid_uscc
from tidegate.screening.companions import Closure
from tidegate.screening.finding import Level
from tidegate.screening.firms import (
    Customers,
    address_key,
    contacts,
    customers_of,
    firm_key,
    first_rows,
    in_trade,
    sector_of,
    site_of,
)
from tidegate.screening.names import compare_names
from tidegate.screening.normalize import RecordView, fold_identifier, fold_text
from tidegate.screening.redflags_goods import items_of
from tidegate.screening.references import pairs_of
from tidegate.screening.scene import Flag, Scene, first_word, says
from tidegate.screening.windows import bursts

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_TRADERS = ("chemical_firm", "trading_firm")
_FOLDED: dict[str, Callable[[str], str]] = {"website": site_of, "address": address_key}
_SHARED = " ¦ "  # between what is shared: "phone +86 … ¦ address Room 9, …"; see reason_words
_USCC = re.compile(r"^[0-9A-Z]{18}$")
# "Tallow Stork Ltd t/a Vermilion Labs; Zephyr Peptides"
ALSO_NAMED = re.compile(
    r"[(（,]?\s*(?:\b(?:t/a|d/b/a|dba|a/k/a|a\.k\.a\.|aka|trading as|doing business as|also known as|tambi[eé]n conocid[oa] como|nombre comercial)\b|又名|又称|曾用名|商号)[:：]?\s*",
    re.IGNORECASE,
)
_LEI = re.compile(r"^[0-9A-Z]{18}[0-9]{2}$")


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
        traders = scene.view.rows_where(
            party, lambda name: any(says(role, f"{name} {sector_of(scene, name)}") for role in _TRADERS)
        )
        if scene.view.kind == "parties":
            told = scene.view.rows_where("sector", lambda sector: any(says(role, sector) for role in _TRADERS))
            traders = np.union1d(traders, told)
        _, _, firsts = pairs_of(address_at[traders], names_at[traders])
        for row in np.sort(traders[firsts]).tolist():
            name, where = scene.view.text(party, row), address_key(scene.view.text(column, row))
            if len(where) >= 6 and not _of_a_park(scene.view.text(column, row)):
                tenants[where].setdefault(fold_text(name), row)
        for names in tenants.values():
            firms = _unlike(list(names))
            if rule.number("min_firms") <= len(firms) and len(firms) <= max(
                8, rule.number("busy_share") * len(tenants)
            ):
                row = max(names.values())
                where = scene.view.text(column, row)
                params = {
                    "count": str(len(firms)),
                    "names": "; ".join(scene.view.text(party, names[firm]) for firm in sorted(firms)[:5]),
                    "address": where,
                }
                evidence = tuple(sorted(firms))
                flag = Flag(row, column, where, "seen.shared-address", params, evidence, 0.4, fact=f"{column}-shared")
                yield from scene.on_each(flag, names.values())


def _of_a_park(address: str) -> bool:
    """Tell whether an address is that of a whole science park or an agent's house, with no number of a door."""
    return says("shared_premises", address) and not any(sign.isdigit() for sign in address)


def importer_without_web(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The importer of a register item has no website on file, or was founded, or its domain made, under [180] days before (RF07)."""
    customers = customers_of(scene)
    if customers is None:
        return
    sites_kept = "website" in customers.view.present()
    for row, item in items_of(scene):
        buyer = scene.view.text("consignee", row)
        place = customers.row_of(buyer)
        if place is None:
            continue
        founded = _day(customers.view.text("founded", place))
        moment = scene.view.day("date", row) or scene.on
        if founded and (moment - founded).days < rule.number("young_days"):
            params = {"name": buyer, "item": item.name, "day": founded.isoformat()}
            evidence = (item.id, founded.isoformat())
            yield Flag(row, "consignee", buyer, "seen.young-firm", params, evidence, 0.45, fact="founded")
        elif (since := _day(customers.view.text("domain_registered", place))) and (
            (moment - since).days < rule.number("young_days")
        ):
            params = {"name": buyer, "item": item.name, "day": since.isoformat()}
            yield Flag(row, "consignee", buyer, "seen.young-domain", params, (item.id, since.isoformat()), 0.4)
        elif sites_kept and not site_of(customers.view.text("website", place)) and not _own_mail(customers, place):
            yield Flag(row, "consignee", buyer, "seen.no-website", {"name": buyer, "item": item.name}, (item.id,), 0.35)


def _own_mail(customers: Customers, place: int) -> bool:
    """Tell whether the customer's e-mail has a domain of its own, which is a web domain too."""
    return any("." in contact and "@" not in contact for contact in contacts(customers.view, place))


def unrelated_firm_buys_items(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm outside chemistry and medicine buys [2] or more register items, or one with a press or dies, in a year (RF15)."""
    days = scene.view.days("date")
    bought: dict[str, list[tuple[int, int]]] = defaultdict(list)
    sector_at: dict[str, str] = {}
    for row, items in sorted(scene.items.items()):
        buyer = scene.view.text("consignee", row)
        sector = sector_of(scene, buyer) or first_word("unrelated_trade", buyer) or first_word("food_firm", buyer)
        if items and sector and not in_trade(buyer, sector) and not says("care_firm", f"{buyer} {sector}"):
            bought[firm_key(buyer)].append((max(int(days[row]), 0), row))
            sector_at[firm_key(buyer)] = sector

    def kinds(rows: Iterable[int]) -> set[str]:
        return {item.id for row in rows for item in scene.items[row]}

    for buyer, lots in bought.items():
        for rows in bursts(lots, rule.number("days"), lambda rows: len(kinds(rows)) >= rule.number("min_items")):
            found = sorted(kinds(rows))
            names = ", ".join(scene.register.item_name(one) for one in found)
            params = {"items": names, "sector": sector_at[buyer], "rows": scene.places(rows)}
            value = scene.view.text("consignee", rows[-1])
            evidence = tuple(found)
            level: Level | None = "look" if all(scene.only_everyday(row) for row in rows) else None
            flag = Flag(
                rows[-1],
                "consignee",
                value,
                "seen.sector-buys",
                params,
                evidence,
                0.45,
                fact="consignee-trade",
                level=level,
            )
            yield from scene.on_each(flag, rows)


def sector_and_name_disagree(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The name says one trade and the sector on file another, or the sector lists [3] trades that have nothing in common (RF23)."""
    for row in scene.view.rows_where("sector", lambda text: True).tolist():
        name, sector = scene.view.text("name", row), scene.view.text("sector", row)
        params = {"name": name, "sector": sector}
        digits = re.sub(r"[^0-9]", "", sector) if not re.search(r"[^\W\d]", sector) else ""
        if digits:
            apart = says("chemical_firm", name) and not digits.startswith(rule.words("chemical_codes"))
        elif says("chemical_firm", name):
            apart = not in_trade("", sector)
        else:
            plain = says("unrelated_trade", name) or says("food_firm", name)
            apart = plain and says("chemical_firm", sector) and not in_trade(name)
        trades = _trades_in(sector)
        if apart:
            yield Flag(row, "sector", sector, "seen.sector-and-name", params, (fold_text(sector),), 0.35)
        elif len(trades) >= rule.number("min_trades"):
            params |= {"count": str(len(trades)), "trades": "; ".join(trades)}
            yield Flag(row, "sector", sector, "seen.many-trades", params, tuple(sorted(trades)), 0.35)


def _trades_in(sector: str) -> list[str]:
    """Return the parts of a sector cell that are trades with nothing in common."""
    parts = [part.strip() for part in re.split(r"[;,/|、；，+&]| and | y ", sector) if part.strip()]
    roles = ("chemical_firm", "care_firm", "food_firm", "press_trade", "freight_firm")
    kinds: dict[str, str] = {}
    for part in parts:
        kind = next((role for role in roles if says(role, part)), "")
        kind = kind or first_word("unrelated_trade", part)
        if kind:
            kinds.setdefault(kind, part)
    return list(kinds.values())


def many_trading_names(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[3] or more names that script or translation does not explain (RF25)."""
    told = set(scene.view.rows_where("other_names", lambda text: True).tolist())
    for row in sorted(
        told | set(scene.view.rows_where("name", lambda name: ALSO_NAMED.search(name) is not None).tolist())
    ):
        own, _, within = ALSO_NAMED.sub("\n", scene.view.text("name", row), count=1).partition("\n")
        others = f"{within.rstrip(' )）')};{scene.view.text('other_names', row)}"
        names = [
            own.rstrip(" (（,"),
            *re.split(r"[;|/；、\n]|,(?!\s*(?:ltd|inc|llc|co|s\.?a))", others, flags=re.IGNORECASE),
        ]
        apart = _unlike([name.strip() for name in names if name.strip()], rule.number("same_score"))
        if len(apart) >= rule.number("min_names"):
            params = {"count": str(len(apart)), "names": "; ".join(apart[:6])}
            column = "other_names" if row in told else "name"
            yield Flag(
                row,
                column,
                scene.view.text(column, row),
                "seen.names-apart",
                params,
                tuple(sorted(apart)),
                0.35,
            )


def registration_number(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One registration number on two unlike firms, or one whose check character is wrong (RF26).

    Checked: Chinese unified social credit codes and legal entity identifiers (LEI).
    """
    holders: dict[str, list[int]] = defaultdict(list)
    numbered = scene.view.rows_where("registration_number", lambda text: len(fold_identifier(text)) >= 6).tolist()
    for row in numbered:
        holders[fold_identifier(scene.view.text("registration_number", row))].append(row)
    for row in numbered:
        written = scene.view.text("registration_number", row)
        number, name = fold_identifier(written), scene.view.text("name", row)
        home = scene.country("country", row)
        other = next(
            (
                one
                for one in holders[number]
                if one != row and not _one_party(scene.view, row, one, rule.number("same_score"))
            ),
            None,
        )
        if other is not None:
            params = {
                "number": written,
                "name": name,
                "other": scene.view.text("name", other),
                "row": scene.place(other),
            }
            evidence = (number, fold_text(params["other"]))
            yield Flag(row, "registration_number", written, "seen.number-shared", params, evidence, 0.7)
        elif (_USCC.match(number) and home in ("CN", "") and not is_valid_uscc(number)) or (
            _LEI.match(number) and parse_lei(number) is None
        ):
            params = {"number": written}
            yield Flag(row, "registration_number", written, "seen.number-check", params, (number,), 0.5)


def _one_party(view: RecordView, row: int, other: int, score: float) -> bool:
    """Tell whether two rows are one firm or its branch, under any of their names."""
    mine, theirs = (
        [name for name in (view.text("name", at), view.text("name_local", at)) if name] for at in (row, other)
    )
    return any(
        firm_key(one) in firm_key(two) or firm_key(two) in firm_key(one) or compare_names(one, two).score >= score
        for one in mine for two in theirs
    )  # fmt: skip


def reborn_firm(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A young firm shares [2] or more of phone, e-mail, address, site, officer, number with a closed firm (RF63).

    Young: under [180] days on the day of the record, or founded within so many days of the closure. Where no day of
    founding is on file it is told at look, for then half of the rule was not seen.
    """
    closures = scene.companions.closures or ()
    own_parties = scene.view.kind == "parties"
    customers = None if own_parties else customers_of(scene)
    view = scene.view if own_parties else (customers.view if customers else None)
    if view is None or not closures:
        return
    asked = [("name", row, scene.view.text("name", row), row) for row in range(view.rows)] if own_parties else [
        (column, row, name, place) for column in ("consignor", "consignee") for row, name in first_rows(scene.view, column)
        if customers is not None and (place := customers.row_of(name)) is not None
    ]  # fmt: skip
    for column, row, name, place in asked:
        founded = _day(view.text("founded", place))
        moment = (scene.view.day("date", row) if scene.view.has("date") else None) or scene.on
        for closed in closures:
            shared = _shared_with(closed, view, place)
            if len(shared) < rule.number("min_shared") or firm_key(closed.name) == firm_key(name):
                continue
            days = rule.number("young_days")
            young = founded is not None and (
                (moment - founded).days < days
                or (closed.closed_on is not None and abs((founded - closed.closed_on).days) < days)
            )
            if not young and founded is not None:
                continue
            params = {"name": name, "closed": closed.name, "shared": _SHARED.join(shared)}
            params |= {"day": str(closed.closed_on or "–"), "founded": str(founded or "?")}
            evidence = (fold_text(closed.name), *shared)
            level: Level | None = None if young else "look"
            # A place and a contact are two kinds of evidence; a registration number is a strong one by itself.
            kinds = {one.split(" ")[0] for one in shared}
            strong = "registration_number" in kinds or ("address" in kinds and len(kinds) > 1)
            yield Flag(row, column, name, "seen.reborn", params, evidence, 0.8, level=level, alone=young and strong)
            break


def _shared_with(closed: Closure, view: RecordView, place: int) -> list[str]:
    """Return "phone 555…" and the like: what the closed firm and the customer share, with its value."""
    shared = []
    for name in ("phone", "email", "address", "website", "registration_number", "officer"):
        ours, theirs = view.text(name, place), str(getattr(closed, name))
        one, other = _FOLDED.get(name, fold_identifier)(ours), _FOLDED.get(name, fold_identifier)(theirs)
        if name == "phone":
            one, other = one[-9:], other[-9:]
        if one and one == other:
            shared.append(f"{name} {ours}")
    return shared


def _unlike(names: list[str], same: float = 0.75) -> list[str]:
    """Return one name of each group of names that compare as the same party."""
    apart: list[str] = []
    for name in names[:40]:
        if all(compare_names(name, other).score < same for other in apart):
            apart.append(name)
    return apart


def _day(text: str) -> date | None:
    try:
        return parse_civil_day(text) if text else None
    except InputUnreadable:
        return None


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "shared-address": shared_address,
    "importer-without-web": importer_without_web,
    "unrelated-firm-buys-items": unrelated_firm_buys_items,
    "sector-and-name-disagree": sector_and_name_disagree,
    "many-trading-names": many_trading_names,
    "registration-number": registration_number,
    "reborn-firm": reborn_firm,
}
