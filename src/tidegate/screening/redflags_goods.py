"""Red flags about goods and premises: RF02, RF05, RF31, RF32, RF33, RF38, RF44, RF45, RF50, RF69."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from tidegate.screening.finding import Level
from tidegate.screening.firms import address_key, contacts, customers_of, firm_key, sector_of
from tidegate.screening.normalize import fold_identifier, fold_text
from tidegate.screening.premises import rows_at
from tidegate.screening.redflags_adverts import items_offered
from tidegate.screening.scene import Flag, Item, Scene, first_word, is_person, says
from tidegate.screening.windows import bursts

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_PRESS_KINDS = ("tablet press", "press part", "die/punch set", "encapsulator")


def chemical_firm_at_dwelling(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A chemical or pharmaceutical firm at a dwelling or with a mail-drop for an address (RF02)."""
    for party, address in _party_addresses(scene):
        for words in ("dwelling", "mail_drop", "no_premises"):
            for row, where, word in rows_at(scene, party, address, words):
                name = scene.view.text(party, row)
                trade = scene.view.text("sector", row) or sector_of(scene, name)
                if name and says("chemical_firm", f"{name} {trade}") and not is_person(name):
                    params = {"name": name, "address": where, "word": word}
                    yield Flag(
                        row, party, name, "seen.address-kind", params, (fold_text(where),), fact=f"{address}-kind"
                    )


def item_in_memo(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payment's text names a register item, or a goods text or advert offers one, and no licence is quoted (RF05)."""
    for row, item in items_of(scene):
        text = scene.view.text("goods_description", row)
        if item.named and says("offer_word", text) and not scene.view.text("licence", row):
            params = {"item": item.name, "phrase": first_word("offer_word", text)}
            yield Flag(row, "goods_description", text, "seen.phrase", params, (item.id, params["phrase"]), 0.7)
    for row, items in sorted(scene.memo_items.items()):
        memo = scene.view.text("memo", row)
        if not says("licence_word", memo):
            # A hospital that pays a pharmacy's bill buys a medicine, and quotes no licence.
            cared = any(says("shop_of_care", scene.view.text(party, row)) for party in ("payer", "payee"))
            level: Level | None = "look" if cared and items[0].role == "controlled drug" else None
            params = {"item": items[0].name, "memo": memo}
            yield Flag(row, "memo", memo, "seen.item-in-memo", params, (items[0].id,), 0.7, level)
    yield from items_offered(scene)


def press_without_trade(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A press, dies or a capsule filler goes to a person, or to a firm whose known trade does not use one (RF31)."""
    paid = scene.view.kind == "payments"
    column = "payer" if paid else "consignee"
    found = (
        sorted(scene.memo_items.items()) if paid else [(row, scene.items[row]) for row in scene.item_rows("equipment")]
    )
    for row, items in found:
        item = next((one for one in items if one.kind == "equipment" and one.role in _PRESS_KINDS), None)
        buyer = scene.view.text(column, row)
        if item is None or not buyer:
            continue
        sector = sector_of(scene, buyer)
        fits = says("press_trade", f"{buyer} {sector}") or says("care_firm", f"{buyer} {sector}")
        if is_person(buyer) and not fits:
            yield _buyer_flag(row, buyer, item, "seen.item-to-person", column)
        elif not fits and (sector or says("unrelated_trade", buyer) or says("food_firm", buyer)):
            params = {"item": item.name, "name": buyer, "sector": sector or first_trade_word(buyer)}
            yield Flag(row, column, buyer, "seen.item-and-sector", params, (item.id, fold_text(sector)))


def heavy_goods_to_dwelling(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A regulated machine, or more than [50 kg] of chemicals, on the register or not, goes to a dwelling (RF32)."""
    masses = scene.kg()
    items = dict(items_of(scene))
    for row, where, word in rows_at(scene, "consignee", "consignee_address", "dwelling"):
        item = items.get(row)
        heavy = masses[row] > rule.number("over_kg") and (item is not None or is_chemical(scene, row))
        if heavy or (item is not None and item.kind == "equipment"):
            name = item.name if item is not None else scene.view.text("goods_description", row)
            params = {"item": name, "address": where, "word": word}
            evidence = (item.id if item is not None else fold_text(name), fold_text(where))
            # A small trader's registered office may be a flat; that its everyday goods go there is worth a look only.
            level: Level | None = None if item is not None or is_person(scene.view.text("consignee", row)) else "look"
            yield Flag(row, "consignee_address", where, "seen.item-to-address", params, evidence, level=level)


def food_firm_buys_chemicals(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A food or supplement firm receives more than [25 kg] of a register item that is no food (RF33)."""
    masses = scene.kg()
    for row, item in items_of(scene, "substance"):
        buyer = scene.view.text("consignee", row)
        trade = sector_of(scene, buyer) or buyer
        if masses[row] > rule.number("over_kg") and says("food_firm", trade) and not says("care_firm", trade):
            params = {"item": item.name, "name": buyer, "sector": trade}
            yield Flag(row, "consignee", buyer, "seen.item-and-sector", params, (item.id,), fact="consignee-trade")


def item_to_mail_drop(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item goes to a post box, hotel, short let or storage unit (RF38)."""
    items = dict(items_of(scene))
    for row, where, word in rows_at(scene, "consignee", "consignee_address", "mail_drop"):
        if item := items.get(row):
            params = {"item": item.name, "address": where, "word": word}
            yield Flag(
                row, "consignee_address", where, "seen.item-to-address", params, (item.id, fold_text(where)), 0.7
            )


def end_use_vague(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The papers of a register item give an end use that is missing, vague, private or refused (RF44).

    Missing: the sheet has a column for it, and this row says nothing there.
    """
    yield from item_phrases(scene, "vague_use")
    if "end_use" not in scene.view.present():
        return
    for row, item in items_of(scene):
        use = scene.view.text("end_use", row)
        code = "seen.phrase" if use else "seen.no-end-use"
        if not use or says("vague_use", use) or fold_text(use).strip(" .-–—?") in rule.words("empty_uses"):
            params = {"phrase": use, "item": item.name}
            yield Flag(row, "end_use", use, code, params, (fold_text(use), item.id), 0.6)


def items_of_one_family(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One consignee, or one address, receives [2] or more different register items of one family in [90] days (RF45)."""
    lots: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    kind_at: dict[int, str] = {}
    days = scene.view.days("date")
    for row, item in items_of(scene, "substance"):
        if days[row] < 0:
            continue
        kind_at[row] = item.id
        groups = [name for name, members in rule.params["groups"].items() if item.id in members]
        for family in (*groups, *scene.register.families_of.get(item.id, ())):
            for buyer in buyers_of(scene, row, int(rule.number("busy_rows"))):
                lots[buyer, family, ""].append((int(days[row]), row))
    least = rule.number("min_items")
    told: set[tuple[int, ...]] = set()
    for (_, family, _), dated in sorted(lots.items()):
        for rows in bursts(dated, rule.number("days"), lambda rows: len({kind_at[row] for row in rows}) >= least):
            kinds = sorted({kind_at[row] for row in rows})
            if (key := tuple(sorted(rows))) in told:
                continue
            told.add(key)
            row = rows[-1]
            grouped = family in rule.params["groups"]
            params = {
                "family": family if grouped else scene.register.item_name(family),
                "items": ", ".join(scene.register.item_name(kind) for kind in kinds),
                "rows": scene.places(rows),
            }
            value = scene.view.text("consignee", row)
            level: Level | None = "look" if all(scene.only_everyday(one) for one in rows) else None
            evidence = tuple(kinds)
            code = f"seen.items-of-{family}" if grouped else "seen.family-items"
            flag = Flag(row, "consignee", value, code, params, evidence, 0.7, fact="family", level=level)
            yield from scene.on_each(flag, rows)


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
    masses = scene.kg()
    for row, items in sorted([*scene.items.items(), *scene.beside.items()]):
        buyer = scene.view.text("consignee", row)
        trade = f"{buyer} {sector_of(scene, buyer)}"
        item = next((one for one in items if one.named and any(word in one.id for word in watched)), None)
        if item and masses[row] > rule.number("over_kg") and not says("care_firm", trade) and item.papers_missing:
            yield _buyer_flag(row, buyer, item, "seen.item-to-stranger")


def buyers_of(scene: Scene, row: int, busy_rows: int) -> Iterator[str]:
    """Give the keys under which a row's consignee meets linked ones: its own, and its address if that is a real one.

    A consignee with `busy_rows` rows or more is a distributor, and an address shared by many is an agent's: neither.
    """
    counts = scene.cache.get("buyer counts")
    if not isinstance(counts, dict):
        counts = scene.cache["buyer counts"] = {
            column: np.bincount(scene.view.folded(column) + 1) for column in ("consignee", "consignee_address")
        }
    customers = customers_of(scene)
    place = customers.row_of(scene.view.text("consignee", row)) if customers is not None else None
    if customers is not None and place is not None:
        yield from (f"contact {one}" for one in contacts(customers.view, place))
    for column in ("consignee", "consignee_address"):
        text = scene.view.text(column, row)
        busy = counts[column][scene.view.folded(column)[row] + 1] >= busy_rows
        if not text or busy:
            continue
        key = firm_key(text) if column == "consignee" else address_key(text)
        if column == "consignee" or len(key) >= 12:
            yield f"{column} {key}"


def items_of(scene: Scene, kind: str = "") -> Iterator[tuple[int, Item]]:
    """Give each row with its first register item (of `kind`)."""
    for row in scene.item_rows(kind):
        for item in scene.items[row]:
            if not kind or item.kind == kind:
                yield row, item
                break


def item_phrases(scene: Scene, words: str) -> Iterator[Flag]:
    """Give a flag for each row with a register item whose goods text, remarks or payment text hold a phrase of `words`."""
    paid = [(row, items[0]) for row, items in sorted(scene.memo_items.items())]
    for row, item in paid or items_of(scene):
        for column in ("memo",) if paid else ("goods_description", "remarks", "transport_mode"):
            text = scene.view.text(column, row)
            if says(words, text):
                params = {"phrase": first_word(words, text), "item": item.name}
                yield Flag(row, column, text, "seen.phrase", params, (params["phrase"], item.id), 0.7)
                break


def is_chemical(scene: Scene, row: int) -> bool:
    """Tell whether a row's goods are chemicals of any kind: by a chemical chapter, or by a word of the goods text."""
    chapter = fold_identifier(scene.view.text("hs_code", row))[:2]
    return (
        chapter in ("28", "29", "38") if chapter else says("chemical_matter", scene.view.text("goods_description", row))
    )


def first_trade_word(name: str) -> str:
    """Return the word of `name` that shows a trade without chemistry, "" if there is none."""
    return first_word("unrelated_trade", name) or first_word("food_firm", name)


def _buyer_flag(row: int, buyer: str, item: Item, code: str, column: str = "consignee") -> Flag:
    return Flag(row, column, buyer, code, {"item": item.name, "name": buyer}, (item.id,), fact="consignee-trade")


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
