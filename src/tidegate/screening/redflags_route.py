"""Red flags about the route and the parties' parts in it: RF37, RF39, RF43, RF54, RF55, RF58, RF65, RF71."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tidegate.registers.places import country_code
from tidegate.screening.firms import firm_key
from tidegate.screening.normalize import RecordView, fold_identifier, fold_text
from tidegate.screening.redflags_adverts import passage_in_adverts
from tidegate.screening.redflags_goods import is_chemical, item_phrases, items_of
from tidegate.screening.redflags_papers import vague_rows
from tidegate.screening.references import rows_by_reference
from tidegate.screening.scene import Flag, Scene, first_word, is_person, says, term_pattern
from tidegate.screening.sea_ways import long_way, port_country, same_coast
from tidegate.screening.windows import bursts

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_KILOS = ("kg", "kgs", "kgm", "kilogram", "kilograms", "公斤", "千克", "kilo", "kilos", "kilogramo", "kilogramos")
_LITRES = ("l", "lt", "ltr", "ltrs", "litre", "litres", "liter", "liters", "litro", "litros", "升", "公升")
# "40 drums x 25 kg", "20桶×25公斤", "10 bags of 25kg"
_PACKED = re.compile(
    r"(?P<number>\d{1,5})\s*(?:drums?|bags?|boxes|box|cartons?|ctns?|barrels?|sacks?|packages?|pkgs?|tambores|tambos|sacos|bolsas|cajas|bultos|桶|袋|箱|件|包)"
    r"\s*(?:[x×*@]|of|de|，|,)?\s*(?P<each>\d{1,4}(?:[.,]\d{1,3})?)\s*(?P<unit>kgs?|kilos?|公斤|千克|g|克)(?:[^a-z]|$)"
)


# "in 25 kg bags", "25kg drums", "25公斤桶装"
_EACH = re.compile(
    r"(?:^|[^\d.,x×*@])(?P<each>\d{1,4}(?:[.,]\d{1,3})?)\s*(?:kgs?|kilos?|公斤|千克)[\s/-]*(?:net\s+)?"
    r"(?:drums?|bags?|boxes|box|cartons?|barrels?|sacks?|per\s+(?:bag|drum|box)|tambores|tambos|sacos|bolsas|cajas|[装裝]?[桶袋箱])"
)


def small_parcels(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[3] or more parcels under [1 kg] within [30] days from one consignor or to one consignee, with a vague text (RF37)."""
    masses, days = scene.kg(), scene.view.days("date")
    vague = vague_rows(scene)
    small = vague[(masses[vague] > 0) & (masses[vague] < rule.number("below_kg")) & (days[vague] > 0)]
    lots: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in small.tolist():
        for column in ("consignee", "consignor"):
            key = firm_key(scene.view.text(column, row))
            if key:
                lots[column, key].append((int(days[row]), row))
    told: set[int] = set()
    for (column, _), dated in lots.items():
        if len(dated) > rule.number("busy_parcels"):
            continue  # a web shop's or a courier's whole business
        for rows in bursts(dated, rule.number("days"), lambda rows: len(rows) >= rule.number("min_parcels")):
            if told & set(rows):
                continue
            told |= set(rows)
            row = rows[-1]
            params = {"count": str(len(rows)), "rows": scene.places(rows), "name": scene.view.text(column, row)}
            value = scene.view.text("goods_description", row)
            flag = Flag(row, "goods_description", value, "seen.parcels", params, (str(len(rows)),), 0.4)
            yield from scene.on_each(flag, rows)


def forwarder_as_consignor(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The consignor of a register item, of chemicals or of consolidated goods is a forwarder: no seller is named (RF39)."""
    items = dict(items_of(scene))
    for row in scene.view.rows_matching("consignor", term_pattern("freight_firm")).tolist():
        sender = scene.view.text("consignor", row)
        text = scene.view.text("goods_description", row)
        hidden = row in items or is_chemical(scene, row) or says("consolidated", text)
        if hidden and not says("chemical_firm", sender):
            goods = items[row].name if row in items else text
            params = {"name": sender, "item": goods, "word": first_word("freight_firm", sender)}
            evidence = (items[row].id if row in items else fold_text(goods),)
            yield Flag(row, "consignor", sender, "seen.forwarder", params, evidence, 0.4)


def collected_or_redirected(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item is collected in person, or its delivery place changed after the order (RF43)."""
    yield from item_phrases(scene, "self_collect")


def detour(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item takes a long way round, or its port or earlier papers name another destination (RF54).

    A way is long where it is more than [2] times the usual one by sea, or passes more than [3] countries.
    """
    yield from _other_goods_redirected(scene)
    earlier = _earlier_destinations(scene)
    for row, item in items_of(scene):
        origin, destination = scene.origin(row), scene.destination(row)
        written = scene.view.text("transit_countries", row)
        transit = [code for part in re.split(r"[;,/|、，>→]+|->", written) if (code := country_code(part.strip()))]
        between = [code for code in transit if code not in (origin, destination)]
        goods, port_cell = scene.view.text("goods_description", row), scene.view.text("port_of_discharge", row)
        port = port_country(port_cell)
        changed = next((one for one in earlier(row) if destination and one[0] != destination), None)
        if len(between) > rule.number("max_transit"):
            params = {"item": item.name, "count": str(len(between))}
            yield Flag(row, "transit_countries", written, "seen.long-route", params, (item.id, *between))
        elif way := long_way(origin, between, destination, rule.number("factor"), rule.number("over_km")):
            params = {"item": item.name, "via": ", ".join(between), "km": f"{way[0]:.0f}", "usual": f"{way[1]:.0f}"}
            yield Flag(row, "transit_countries", written, "seen.detour", params, (item.id, *between))
        elif changed is not None:
            params = {"item": item.name, "first": changed[0], "destination": destination, "paper": changed[1]}
            value = scene.view.text("destination_country", row)
            yield Flag(row, "destination_country", value, "seen.destination-changed", params, (item.id, *changed))
        elif port and destination and port not in (destination, *between) and not same_coast(port, destination):
            params = {"item": item.name, "port": port_cell, "destination": destination}
            yield Flag(row, "port_of_discharge", port_cell, "seen.other-port", params, (item.id, port))
        else:
            for column, text in (("goods_description", goods), ("remarks", scene.view.text("remarks", row))):
                if says("amended_destination", text):
                    params = {"phrase": first_word("amended_destination", text), "item": item.name}
                    yield Flag(row, column, text, "seen.phrase", params, (item.id, params["phrase"]))
                    break


def _other_goods_redirected(scene: Scene) -> Iterator[Flag]:
    """Give a flag at look where the papers of goods that are not on the register say that their destination changed."""
    told = set(scene.item_rows())
    for column in ("goods_description", "remarks"):
        for row in scene.view.rows_matching(column, term_pattern("amended_destination")).tolist():
            if row in told:
                continue
            told.add(row)
            text = scene.view.text(column, row)
            params = {
                "phrase": first_word("amended_destination", text),
                "item": scene.view.text("goods_description", row),
            }
            yield Flag(row, column, text, "seen.phrase", params, (params["phrase"],), 0.4, level="look")


def _earlier_destinations(scene: Scene) -> Callable[[int], list[tuple[str, str]]]:
    """Return a function from a row to the (country, paper) that other rows or earlier records give for its papers."""
    keys = ("consignment_id", "document_number")
    told: dict[str, list[tuple[str, int]]] = defaultdict(list)
    wanted = {
        fold_identifier(scene.view.text(key, row)) for row in scene.item_rows() for key in keys if scene.view.has(key)
    } - {""}
    for number, view in enumerate((scene.view_of("consignments"), scene.view)):
        if view is None or not wanted:
            continue
        for key in keys:
            for row, reference in rows_by_reference(view, key, wanted):
                code = country_code(view.text("destination_country", row))
                if code:
                    told[reference].append((code, row if number else -1))

    days = scene.view.days("date")

    def before(other: int, row: int) -> bool:
        """Tell whether a row is of earlier records, or of an earlier day, or stands above where no days tell."""
        dated = other >= 0 and days[other] > 0 and days[row] > 0 and days[other] != days[row]
        return other != row and (bool(days[other] < days[row]) if dated else other < row)

    def one_pair(other: int, row: int) -> bool:
        return other >= 0 and all(
            firm_key(scene.view.text(side, other)) == firm_key(scene.view.text(side, row))
            for side in ("consignor", "consignee")
        )

    def of(row: int) -> list[tuple[str, str]]:
        papers = {fold_identifier(paper): paper for key in keys if (paper := scene.view.text(key, row))}
        return [
            (code, paper) for folded, paper in papers.items() for code, other in told[folded]
            if before(other, row) and (len(folded) >= 5 or one_pair(other, row))
        ]  # fmt: skip

    return of


def item_to_forwarder_bank_person(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item is consigned to a forwarder, a bank, "to order" or to a private person (RF55)."""
    for row, item in items_of(scene):
        buyer = scene.view.text("consignee", row)
        role = next(
            (words for words in ("bank", "freight_firm") if says(words, buyer) and not says("chemical_firm", buyer)), ""
        )
        if role or is_person(buyer):
            params = {"name": buyer, "item": item.name}
            yield Flag(
                row,
                "consignee",
                buyer,
                f"seen.consignee-{role.replace('_', '-') or 'person'}",
                params,
                (item.id,),
                0.65,
            )


def masses_disagree(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Masses, packages and quantity that cannot all be true (RF58).

    Net above gross; a quantity in kg, or packages of so many kg, off by more than [10 %]; litres of an impossible density.
    """
    view = scene.view
    net, gross = view.masses("net_mass_kg"), view.masses("gross_mass_kg")
    over = rule.number("over")
    told = net > gross * 1.0005
    for row in np.flatnonzero(told).tolist():
        params = {"net": f"{net[row]:g}", "gross": f"{gross[row]:g}"}
        yield Flag(
            row,
            "net_mass_kg",
            view.text("net_mass_kg", row),
            "seen.net-over-gross",
            params,
            tuple(params.values()),
            0.5,
        )
    stated = np.where(np.isnan(net), gross, net)
    if view.has("unit") and view.has("quantity"):
        in_kilos, in_litres = _in_unit(view, _KILOS), _in_unit(view, _LITRES)
        if in_kilos.any() or in_litres.any():
            quantity = view.amounts("quantity")
            apart = np.abs(stated - quantity) > over * np.maximum(stated, quantity)
            between = (gross >= quantity) & (quantity > net)  # a quantity that counts part of the packing
            wrong = in_kilos & (quantity > 0) & (stated > 0) & apart & ~between & ~told
            for row in np.flatnonzero(wrong).tolist():
                params = {"quantity": f"{quantity[row]:g}", "mass": f"{stated[row]:g}"}
                value = view.text("quantity", row)
                yield Flag(row, "quantity", value, "seen.quantity-and-mass", params, tuple(params.values()), 0.45)
            with np.errstate(divide="ignore", invalid="ignore"):
                density = stated / quantity
            light, dense = rule.params["density"]
            for row in np.flatnonzero(in_litres & ((density < light) | (density > dense)) & (stated > 0)).tolist():
                params = {"litres": f"{quantity[row]:g}", "mass": f"{stated[row]:g}", "density": f"{density[row]:.3g}"}
                value = view.text("quantity", row)
                yield Flag(row, "quantity", value, "seen.density", params, (params["litres"], params["mass"]), 0.45)
            told |= wrong
    yield from packs_disagree(scene, over, told)
    for row in view.rows_matching("goods_description", _PACKED.pattern).tolist():
        text = view.text("goods_description", row)
        found = _PACKED.search(fold_text(text))
        if found is None or told[row] or not stated[row] > 0:
            continue
        number, each, unit = found["number"], float(found["each"].replace(",", ".")), found["unit"]
        mass = int(number) * each * (0.001 if unit.startswith(("g", "克")) else 1.0)
        loads = [one for one in (net[row], gross[row]) if one > 0]
        if all(abs(mass - load) > over * max(mass, load) for load in loads) and not min(loads) <= mass <= max(loads):
            params = {"packed": found[0].strip(), "packages": f"{mass:g}", "mass": f"{stated[row]:g}"}
            yield Flag(
                row,
                "goods_description",
                text,
                "seen.packages-and-mass",
                params,
                (params["packages"], params["mass"]),
                0.45,
            )


def packs_disagree(scene: Scene, over: float, told: npt.NDArray[np.bool_]) -> Iterator[Flag]:
    """Give a flag where the number of packages times the kg that the text names for each is not the mass."""
    view = scene.view
    counts = view.amounts("packages") if view.has("packages") else np.full(view.rows, np.nan)
    net, gross = view.masses("net_mass_kg"), view.masses("gross_mass_kg")
    for row in view.rows_matching("goods_description", _EACH.pattern).tolist():
        found = _EACH.search(fold_text(view.text("goods_description", row)))
        loads = [float(one) for one in (net[row], gross[row]) if one > 0]
        if found is None or told[row] or not counts[row] > 1 or not loads:
            continue
        mass = float(counts[row]) * float(found["each"].replace(",", "."))
        if all(abs(mass - load) > over * max(mass, load) for load in loads) and not min(loads) <= mass <= max(loads):
            text = view.text("goods_description", row)
            params = {
                "packed": f"{counts[row]:g} × {found[0].strip()}",
                "packages": f"{mass:g}",
                "mass": f"{loads[0]:g}",
            }
            evidence = (params["packages"], params["mass"])
            yield Flag(row, "goods_description", text, "seen.packages-and-mass", params, evidence, 0.45)


def _in_unit(view: RecordView, words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell for each row whether its unit is one of `words`."""
    mask = np.zeros(view.rows, dtype=bool)
    mask[view.rows_where("unit", lambda unit: fold_text(unit).rstrip(".") in words)] = True
    return mask


def passage_promised(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The text promises passage through customs and safe delivery or stealth packing: two phrases of two kinds (RF65)."""
    column = "memo" if scene.view.kind == "payments" else "goods_description"
    for row in scene.view.rows_matching(column, term_pattern("safe_passage")).tolist():
        text = scene.view.text(column, row)
        if says("safe_delivery", text):
            first, second = first_word("safe_passage", text), first_word("safe_delivery", text)
            yield Flag(row, column, text, "seen.two-phrases", {"first": first, "second": second}, (first, second), 0.75)
    yield from passage_in_adverts(scene)


def broker_on_both_sides(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One firm receives goods and sends the same goods on within [7] days (RF71)."""
    yield from _broker_alone(scene)
    both_sides = np.intersect1d(scene.view.folded_values("consignor"), scene.view.folded_values("consignee"))
    both_sides = both_sides[both_sides >= 0]
    if not len(both_sides):
        return
    senders, buyers, goods = (scene.view.folded(name) for name in ("consignor", "consignee", "goods_description"))
    twofold = np.zeros(int(max(senders.max(), buyers.max(), both_sides[-1])) + 2, dtype=bool)  # the last: a blank
    twofold[both_sides] = True
    days = scene.view.days("date")
    known = (days > 0) & (goods >= 0)
    sent_at, got_at = np.flatnonzero(known & twofold[senders]), np.flatnonzero(known & twofold[buyers])
    width = int(goods.max(initial=0)) + 1
    sent, got = senders[sent_at] * width + goods[sent_at], buyers[got_at] * width + goods[got_at]
    both = np.intersect1d(sent, got)
    received: dict[int, list[int]] = defaultdict(list)
    matched = np.isin(got, both)
    for row, key in zip(got_at[matched].tolist(), got[matched].tolist(), strict=True):
        received[key].append(row)
    matched = np.isin(sent, both)
    for row, key in zip(sent_at[matched].tolist(), sent[matched].tolist(), strict=True):
        for earlier in received[key]:
            if earlier != row and 0 <= days[row] - days[earlier] <= rule.number("days"):
                name = scene.view.text("consignor", row)
                params = {"name": name, "rows": f"{scene.place(earlier)}, {scene.place(row)}"}
                evidence = (fold_text(scene.view.text("goods_description", row)),)
                yield Flag(row, "consignor", name, "seen.both-sides", params, evidence, 0.4)
                yield Flag(earlier, "consignee", name, "seen.both-sides", params, evidence, 0.4)
                break


def _broker_alone(scene: Scene) -> Iterator[Flag]:
    """Give a flag where one broker or trading firm is consignor and consignee of the same consignment."""
    pattern = "|".join(term_pattern(words) for words in ("trading_firm", "broker"))
    for row in scene.view.rows_matching("consignee", pattern).tolist():
        name = scene.view.text("consignee", row)
        if firm_key(name) == firm_key(scene.view.text("consignor", row)):
            params = {"name": name, "rows": scene.place(row)}
            yield Flag(row, "consignor", name, "seen.both-sides", params, (firm_key(name),), 0.4)


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "small-parcels": small_parcels,
    "forwarder-as-consignor": forwarder_as_consignor,
    "collected-or-redirected": collected_or_redirected,
    "detour": detour,
    "item-to-forwarder-bank-person": item_to_forwarder_bank_person,
    "masses-disagree": masses_disagree,
    "passage-promised": passage_promised,
    "broker-on-both-sides": broker_on_both_sides,
}
