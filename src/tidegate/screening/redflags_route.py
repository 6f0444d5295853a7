"""Red flags about the route and the parties' parts in it: RF37, RF39, RF43, RF54, RF55, RF58, RF65, RF71."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tidegate.registers.places import country_code
from tidegate.screening.normalize import Ints, fold_text
from tidegate.screening.redflags_goods import item_phrases, items_of
from tidegate.screening.scene import Flag, Scene, first_word, is_person, says, term_pattern, terms

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_KILOS = ("kg", "kgs", "kgm", "公斤", "千克", "kilo", "kilos", "kilogramos")
_LOCODE = re.compile(r"^([A-Z]{2})\s?[A-Z2-9]{3}\b")


def small_parcels(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[3] or more parcels under [1 kg] within [30] days between one pair, with a vague goods text (RF37)."""
    masses, days = scene.view.masses("net_mass_kg"), scene.view.days("date")
    vague = {fold_text(word) for word in terms()["vague_goods"]}
    pairs: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    small = np.flatnonzero((masses > 0) & (masses < rule.number("below_kg")) & (days > 0))
    for row in small.tolist():
        if fold_text(scene.view.text("goods_description", row)) in vague:
            pair = (fold_text(scene.view.text("consignor", row)), fold_text(scene.view.text("consignee", row)))
            if all(pair):
                pairs[pair].append((int(days[row]), row))
    for lots in pairs.values():
        lots.sort()
        near = [row for day, row in lots if lots[-1][0] - day <= rule.number("days")]
        if len(near) >= rule.number("min_parcels"):
            row = near[-1]
            params = {"count": str(len(near)), "rows": ", ".join(map(scene.place, near))}
            yield Flag(
                row,
                "goods_description",
                scene.view.text("goods_description", row),
                "seen.parcels",
                params,
                (str(len(near)),),
                0.4,
            )


def forwarder_as_consignor(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The consignor of a register item is a forwarder, so that the true seller is not named (RF39)."""
    for row, item in items_of(scene):
        sender = scene.view.text("consignor", row)
        if says("freight_firm", sender) and not says("chemical_firm", sender):
            params = {"name": sender, "item": item.name, "word": first_word("freight_firm", sender)}
            yield Flag(row, "consignor", sender, "seen.forwarder", params, (item.id,), 0.4)


def collected_or_redirected(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item is collected in person, or its delivery place changed after the order (RF43)."""
    yield from item_phrases(scene, "self_collect")


def detour(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item passes more than [3] countries, or its port or papers name another destination (RF54)."""
    for row, item in items_of(scene):
        destination = scene.country("destination_country", row)
        transit = [
            country_code(part) or "" for part in re.split(r"[;,/|、，>]+", scene.view.text("transit_countries", row))
        ]
        transit = [code for code in transit if code]
        port = _LOCODE.match(scene.view.text("port_of_discharge", row).strip().upper())
        goods = scene.view.text("goods_description", row)
        if len(transit) > rule.number("max_transit"):
            yield Flag(row, "transit_countries", scene.view.text("transit_countries", row), "seen.long-route",
                       {"item": item.name, "count": str(len(transit))}, (item.id, *transit))  # fmt: skip
        elif port and destination and port[1] != destination and port[1] not in transit:
            params = {"item": item.name, "port": port[0], "destination": destination}
            yield Flag(
                row,
                "port_of_discharge",
                scene.view.text("port_of_discharge", row),
                "seen.other-port",
                params,
                (item.id, port[0]),
            )
        elif says("amended_destination", goods):
            phrase = first_word("amended_destination", goods)
            yield Flag(
                row, "goods_description", goods, "seen.phrase", {"phrase": phrase, "item": item.name}, (item.id, phrase)
            )


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
    """Net mass above gross mass, or a mass in kg that disagrees with the quantity by more than [10 %] (RF58)."""
    net, gross = scene.view.masses("net_mass_kg"), scene.view.masses("gross_mass_kg")
    for row in np.flatnonzero(net > gross * 1.0005).tolist():
        params = {"net": f"{net[row]:g}", "gross": f"{gross[row]:g}"}
        yield Flag(
            row,
            "net_mass_kg",
            scene.view.text("net_mass_kg", row),
            "seen.net-over-gross",
            params,
            (params["net"], params["gross"]),
            0.5,
        )
    if not scene.view.has("unit"):
        return
    quantity = scene.view.amounts("quantity")
    stated = np.where(np.isnan(net), gross, net)
    in_kilos = np.zeros(scene.view.rows, dtype=bool)
    in_kilos[scene.view.rows_where("unit", lambda unit: fold_text(unit) in _KILOS)] = True
    apart = np.abs(stated - quantity) > rule.number("over") * np.maximum(stated, quantity)
    between = (gross >= quantity) & (quantity > net)  # a quantity that counts part of the packing
    for row in np.flatnonzero(in_kilos & (quantity > 0) & (stated > 0) & apart & ~between).tolist():
        params = {"quantity": f"{quantity[row]:g}", "mass": f"{stated[row]:g}"}
        value = scene.view.text("quantity", row)
        yield Flag(
            row, "quantity", value, "seen.quantity-and-mass", params, tuple(params.values()), 0.45, fact="quantity"
        )


def passage_promised(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The text promises passage through customs and safe delivery or stealth packing: two phrases of two kinds (RF65)."""
    column = "memo" if scene.view.kind == "payments" else "goods_description"
    for row in scene.view.rows_matching(column, term_pattern("safe_passage")).tolist():
        text = scene.view.text(column, row)
        if says("safe_delivery", text):
            first, second = first_word("safe_passage", text), first_word("safe_delivery", text)
            yield Flag(row, column, text, "seen.two-phrases", {"first": first, "second": second}, (first, second), 0.75)


def broker_on_both_sides(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One firm receives goods and sends the same goods on within [7] days (RF71)."""
    senders, buyers, goods = (scene.view.folded(name) for name in ("consignor", "consignee", "goods_description"))
    if not len(senders):
        return

    def held(numbers: Ints) -> npt.NDArray[np.bool_]:
        """Tell for each number of a text whether the column holds it; the last place stands for a blank."""
        seen = np.zeros(int(max(senders.max(), buyers.max())) + 2, dtype=bool)
        seen[numbers[numbers >= 0]] = True
        return seen

    days = scene.view.days("date")
    known = (days > 0) & (goods >= 0)
    twofold = held(senders) & held(buyers)
    width = int(goods.max(initial=0)) + 1
    sent = np.where(known & (senders >= 0) & twofold[senders], senders * width + goods, -1)
    got = np.where(known & (buyers >= 0) & twofold[buyers], buyers * width + goods, -1)
    both = np.intersect1d(sent[sent >= 0], got[got >= 0])
    received: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(np.isin(got, both)).tolist():
        received[int(got[row])].append(row)
    for row in np.flatnonzero(np.isin(sent, both)).tolist():
        for earlier in received[int(sent[row])]:
            if earlier != row and 0 <= days[row] - days[earlier] <= rule.number("days"):
                name = scene.view.text("consignor", row)
                params = {"name": name, "rows": f"{scene.place(earlier)}, {scene.place(row)}"}
                evidence = (fold_text(scene.view.text("goods_description", row)),)
                yield Flag(row, "consignor", name, "seen.both-sides", params, evidence, 0.4)
                break


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
