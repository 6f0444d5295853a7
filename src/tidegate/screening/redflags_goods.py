"""Red flags about goods and premises: RF02, RF05, RF31, RF32, RF33, RF38, RF44, RF45, RF50, RF69."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from tidegate.screening.normalize import fold_text
from tidegate.screening.scene import Flag, Item, Scene, first_word, is_person, says, term_pattern

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_PRESS_KINDS = ("tablet press", "press part", "die/punch set", "encapsulator")


def chemical_firm_at_dwelling(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A chemical or pharmaceutical firm at a dwelling or with a mail-drop for an address (RF02)."""
    for party, address in _party_addresses(scene):
        for words in ("dwelling", "mail_drop"):
            for row in scene.view.rows_matching(address, term_pattern(words)).tolist():
                name, where = scene.view.text(party, row), scene.view.text(address, row)
                if name and says("chemical_firm", name):
                    params = {"name": name, "address": where, "word": first_word(words, where)}
                    yield Flag(
                        row, party, name, "seen.address-kind", params, (fold_text(where),), fact=f"{address}-kind"
                    )


def item_in_memo(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payment's text names a register item and quotes no licence (RF05)."""
    for row, items in sorted(scene.memo_items.items()):
        memo = scene.view.text("memo", row)
        if not says("licence_word", memo):
            yield Flag(
                row, "memo", memo, "seen.item-in-memo", {"item": items[0].name, "memo": memo}, (items[0].id,), 0.7
            )


def press_without_trade(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A press, dies or a capsule filler goes to a person, or to a firm whose known trade does not use one (RF31)."""
    sectors = sectors_of(scene)
    for row, item in items_of(scene, "equipment"):
        if item.role not in _PRESS_KINDS:
            continue
        buyer = scene.view.text("consignee", row)
        sector = sectors.get(fold_text(buyer), "")
        if is_person(buyer):
            yield _buyer_flag(row, buyer, item, "seen.item-to-person")
        elif sector and not says("press_trade", sector) and not says("press_trade", buyer):
            yield Flag(
                row,
                "consignee",
                buyer,
                "seen.item-and-sector",
                {"item": item.name, "name": buyer, "sector": sector},
                (item.id,),
            )


def heavy_goods_to_dwelling(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A regulated machine, or more than [50 kg] of a register item, goes to a dwelling (RF32)."""
    masses = scene.view.masses("net_mass_kg")
    for row, item in items_of(scene):
        where = scene.view.text("consignee_address", row)
        heavy = item.kind == "equipment" or masses[row] > rule.number("over_kg")
        if heavy and says("dwelling", where):
            params = {"item": item.name, "address": where, "word": first_word("dwelling", where)}
            yield Flag(row, "consignee_address", where, "seen.item-to-address", params, (item.id, fold_text(where)))


def food_firm_buys_chemicals(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A food or supplement firm receives more than [25 kg] of a register item that is no food (RF33)."""
    sectors = sectors_of(scene)
    masses = scene.view.masses("net_mass_kg")
    for row, item in items_of(scene, "substance"):
        buyer = scene.view.text("consignee", row)
        trade = sectors.get(fold_text(buyer), "") or buyer
        if masses[row] > rule.number("over_kg") and says("food_firm", trade) and not says("care_firm", trade):
            yield Flag(
                row,
                "consignee",
                buyer,
                "seen.item-and-sector",
                {"item": item.name, "name": buyer, "sector": trade},
                (item.id,),
            )


def item_to_mail_drop(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item goes to a post box, hotel, short let or storage unit (RF38)."""
    for row, item in items_of(scene):
        where = scene.view.text("consignee_address", row)
        if says("mail_drop", where):
            params = {"item": item.name, "address": where, "word": first_word("mail_drop", where)}
            yield Flag(
                row, "consignee_address", where, "seen.item-to-address", params, (item.id, fold_text(where)), 0.7
            )


def end_use_vague(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The papers of a register item give an end use that is vague, private or refused (RF44)."""
    yield from item_phrases(scene, "vague_use")


def items_of_one_family(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One consignee receives [2] or more different register items of one family within [90] days (RF45)."""
    bought: dict[tuple[str, str], list[tuple[int, int, Item]]] = defaultdict(list)
    days = scene.view.days("date")
    buyers = scene.view.folded("consignee")
    counts = np.bincount(buyers + 1)
    for row, item in items_of(scene, "substance"):
        buyer = fold_text(scene.view.text("consignee", row))
        if not buyer or counts[buyers[row] + 1] >= rule.number("busy_rows") or days[row] < 0:
            continue
        for family in scene.register.families_of.get(item.id, ()):
            bought[buyer, family].append((int(days[row]), row, item))
    told: set[tuple[str, int]] = set()
    for (buyer, family), lots in sorted(bought.items()):
        lots.sort(key=lambda lot: (lot[0], lot[1]))
        last = lots[-1]
        near = [lot for lot in lots if last[0] - lot[0] <= rule.number("days")]
        kinds = sorted({lot[2].id for lot in near})
        if len(kinds) >= rule.number("min_items") and (buyer, last[1]) not in told:
            told.add((buyer, last[1]))
            params = {
                "family": scene.register.item_name(family),
                "items": ", ".join(scene.register.item_name(kind) for kind in kinds),
                "rows": ", ".join(scene.place(lot[1]) for lot in near),
            }
            yield Flag(
                last[1],
                "consignee",
                scene.view.text("consignee", last[1]),
                "seen.family-items",
                params,
                tuple(kinds),
                0.7,
                fact="family",
            )


def protected_mark_on_die(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The text of a die, punch or press names a protected tablet mark or a medicine's brand (RF50)."""
    for row, item in items_of(scene, "equipment"):
        text = scene.view.text("goods_description", row)
        if item.role in _PRESS_KINDS and says("tablet_mark", text):
            mark = first_word("tablet_mark", text)
            yield Flag(
                row, "goods_description", text, "seen.tablet-mark", {"mark": mark, "item": item.name}, (mark,), 0.85
            )


def animal_drug_to_stranger(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Xylazine, medetomidine or the like, over [1 kg], goes to a firm of neither animal health nor medicine (RF69)."""
    watched = rule.words("items")
    sectors = sectors_of(scene)
    masses = scene.view.masses("net_mass_kg")
    for row, items in sorted([*scene.items.items(), *scene.beside.items()]):
        buyer = scene.view.text("consignee", row)
        trade = f"{buyer} {sectors.get(fold_text(buyer), '')}"
        item = next((one for one in items if one.named and any(word in one.id for word in watched)), None)
        if item and masses[row] > rule.number("over_kg") and not says("care_firm", trade) and item.papers_missing:
            yield _buyer_flag(row, buyer, item, "seen.item-to-stranger")


def items_of(scene: Scene, kind: str = "") -> Iterator[tuple[int, Item]]:
    """Give each row with its first register item (of `kind`)."""
    for row in scene.item_rows(kind):
        for item in scene.items[row]:
            if not kind or item.kind == kind:
                yield row, item
                break


def item_phrases(scene: Scene, words: str) -> Iterator[Flag]:
    """Give a flag for each row with a register item whose goods text holds a phrase of the list `words`."""
    for row, item in items_of(scene):
        text = scene.view.text("goods_description", row)
        if says(words, text):
            phrase = first_word(words, text)
            yield Flag(
                row,
                "goods_description",
                text,
                "seen.phrase",
                {"phrase": phrase, "item": item.name},
                (phrase, item.id),
                0.7,
            )


def _buyer_flag(row: int, buyer: str, item: Item, code: str) -> Flag:
    return Flag(row, "consignee", buyer, code, {"item": item.name, "name": buyer}, (item.id,))


def sectors_of(scene: Scene) -> dict[str, str]:
    """Return the sector of each customer given with --with, by folded name."""
    customers = scene.view_of("parties")
    if customers is None:
        return {}
    return {
        fold_text(customers.text("name", row)): customers.text("sector", row)
        for row in range(customers.rows)
        if customers.text("name", row)
    }


def _party_addresses(scene: Scene) -> Iterable[tuple[str, str]]:
    if scene.view.kind == "parties":
        return (("name", "address"),)
    return (("consignor", "consignor_address"), ("consignee", "consignee_address"))


KINDS = {
    "chemical-firm-at-dwelling": chemical_firm_at_dwelling,
    "item-in-memo": item_in_memo,
    "press-without-trade": press_without_trade,
    "heavy-goods-to-dwelling": heavy_goods_to_dwelling,
    "food-firm-buys-chemicals": food_firm_buys_chemicals,
    "item-to-mail-drop": item_to_mail_drop,
    "end-use-vague": end_use_vague,
    "items-of-one-family": items_of_one_family,
    "protected-mark-on-die": protected_mark_on_die,
    "animal-drug-to-stranger": animal_drug_to_stranger,
}
