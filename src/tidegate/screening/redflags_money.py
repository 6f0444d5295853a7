"""Red flags about single payments and payers' habits: RF10 to RF13, RF17, RF20, RF28, RF29, RF34, RF35, RF42, RF66."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidegate.screening.normalize import fold_identifier, fold_text, minute_of_day
from tidegate.screening.redflags_goods import sectors_of
from tidegate.screening.scene import Flag, Scene, first_word, is_firm, is_person, says, term_pattern

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_AMOUNT = re.compile(
    r"\b\d+(?:\.\d+)?\s?(?:g|gr|gram|grams|gramos|kg|kilo|kilos|oz|lb|lbs|mg|pcs|pills|tabs|tablets|pastillas|pieces|piezas|k|克|公斤|斤|片|粒|颗|个)\b|\d+\s?(?:克|公斤|斤|片|粒|颗|个)"
)


def small_payment_to_chemical_seller(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A private payer sends under [1,000], or a virtual currency, to a chemical seller without naming an invoice (RF10)."""
    amounts = scene.view.amounts("amount")
    for row in scene.view.rows_where("payee", lambda name: says("chemical_firm", name)).tolist():
        payer, memo = scene.view.text("payer", row), scene.view.text("memo", row)
        coin = says("coin_channel", scene.view.text("channel", row)) or bool(scene.view.text("wallet", row))
        small = amounts[row] < rule.number("below")
        if (small or coin) and payer and not is_firm(payer) and not says("invoice_word", memo):
            code = "seen.coin-payment" if coin else "seen.small-payment"
            params = {"payer": payer, "payee": scene.view.text("payee", row), "amount": scene.view.text("amount", row)}
            yield Flag(row, "payee", params["payee"], code, params, (fold_text(payer),), 0.4)


def many_payers_one_seller(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[3] or more unlinked private payers pay one chemical seller within [30] days; a seller with many is a shop (RF11)."""
    days = scene.view.days("date")
    paid: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in scene.view.rows_where("payee", lambda name: says("chemical_firm", name)).tolist():
        payer = scene.view.text("payer", row)
        if payer and days[row] > 0 and is_person(payer):
            paid[fold_text(scene.view.text("payee", row))].append((int(days[row]), row, fold_text(payer)))
    for lots in paid.values():
        lots.sort()
        near = [lot for lot in lots if lots[-1][0] - lot[0] <= rule.number("days")]
        payers = {lot[2] for lot in near}
        if rule.number("min_payers") <= len(payers) <= rule.number("busy_payers"):
            row = near[-1][1]
            payee = scene.view.text("payee", row)
            params = {"count": str(len(payers)), "payee": payee, "rows": _rows(scene, [lot[1] for lot in near])}
            yield Flag(row, "payee", payee, "seen.many-payers", params, tuple(sorted(payers)), 0.45)


def unrelated_trade_pays_chemical_firm(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payer whose known sector is textiles, food, electronics or the like pays a chemical firm (RF12)."""
    sectors = sectors_of(scene)
    for row in scene.view.rows_where("payee", lambda name: says("chemical_firm", name)).tolist():
        payer = scene.view.text("payer", row)
        sector = sectors.get(fold_text(payer), "")
        if sector and not any(
            says(words, sector) for words in ("chemical_firm", "care_firm", "press_trade", "trading_firm")
        ):
            params = {"payer": payer, "sector": sector, "payee": scene.view.text("payee", row)}
            yield Flag(row, "payer", payer, "seen.payer-sector", params, (fold_text(params["payee"]), sector), 0.4)


def below_threshold(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[3] or more payments at [90-99.9 %] of the reporting threshold within [3] days from one payer (RF13)."""
    amounts, days = scene.view.amounts("amount"), scene.view.days("date")
    low, high = (rule.number("threshold") * rule.number(name) for name in ("low", "high"))
    payers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in np.flatnonzero((amounts >= low) & (amounts <= high) & (days > 0)).tolist():
        payers[fold_text(scene.view.text("payer", row))].append((int(days[row]), row))
    for payer, lots in payers.items():
        lots.sort()
        for start in range(len(lots)):
            near = [row for day, row in lots[start:] if day - lots[start][0] < rule.number("days")]
            if payer and len(near) >= rule.number("min_payments"):
                params = {
                    "count": str(len(near)),
                    "threshold": f"{rule.number('threshold'):g}",
                    "rows": _rows(scene, near),
                }
                value = scene.view.text("payer", near[-1])
                yield Flag(
                    near[-1],
                    "payer",
                    value,
                    "seen.below-threshold",
                    params,
                    tuple(_rows(scene, near).split(", ")),
                    0.65,
                )
                break


def small_sums_abroad(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Transfers of [10-100] to one person abroad that add to about [600] within [90] days (RF17)."""
    amounts, days = scene.view.amounts("amount"), scene.view.days("date")
    pairs: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in np.flatnonzero((amounts >= rule.number("low")) & (amounts <= rule.number("high")) & (days > 0)).tolist():
        payer, payee = scene.view.text("payer", row), scene.view.text("payee", row)
        ends = scene.country("payer_country", row), scene.country("payee_country", row)
        if all(ends) and ends[0] != ends[1] and is_person(payee):
            pairs[fold_text(payer), fold_text(payee)].append((int(days[row]), row))
    for lots in pairs.values():
        lots.sort()
        near = [row for day, row in lots if lots[-1][0] - day <= rule.number("days")]
        total = float(amounts[near].sum())
        if len(near) >= rule.number("min_payments") and rule.number("sum_low") <= total <= rule.number("sum_high"):
            params = {"count": str(len(near)), "total": f"{total:g}", "rows": _rows(scene, near)}
            yield Flag(
                near[-1], "payee", scene.view.text("payee", near[-1]), "seen.small-sums", params, (f"{total:g}",), 0.4
            )


def same_payee_within_the_hour(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One payer pays one payee [2] or more times within [60] minutes (RF20); needs a time of day beside the day."""
    days = scene.view.days("date")
    pairs: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in scene.view.rows_where("date", lambda text: minute_of_day(text) is not None).tolist():
        minute = minute_of_day(scene.view.text("date", row))
        pair = fold_text(scene.view.text("payer", row)), fold_text(scene.view.text("payee", row))
        if minute is not None and days[row] > 0 and all(pair):
            pairs[pair].append((int(days[row]) * 1440 + minute, row))
    for lots in pairs.values():
        lots.sort()
        near = [
            lots[place : place + 2]
            for place in range(len(lots) - 1)
            if lots[place + 1][0] - lots[place][0] <= rule.number("minutes")
        ]
        if len(near) + 1 >= rule.number("min_payments") and near:
            rows = sorted({row for pair in near for _, row in pair})
            params = {"count": str(len(rows)), "rows": _rows(scene, rows)}
            yield Flag(
                rows[-1],
                "payee",
                scene.view.text("payee", rows[-1]),
                "seen.within-the-hour",
                params,
                tuple(params.values()),
                0.4,
            )


def drug_word_in_memo(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The payment's text has a drug word beside a weight or a count (RF28)."""
    for row in scene.view.rows_matching("memo", term_pattern("drug_word")).tolist():
        memo = scene.view.text("memo", row)
        amount = _AMOUNT.search(fold_text(memo))
        if amount:
            params = {"word": first_word("drug_word", memo), "amount": amount[0].strip(), "memo": memo}
            yield Flag(row, "memo", memo, "seen.drug-word", params, (params["word"], params["amount"]), 0.5)


def goods_money_through_hub(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Money for a register item or chemicals goes to a trading or freight firm in a hub that is neither end (RF29)."""
    hubs = rule.words("hubs")
    for row in scene.view.rows_where(
        "payee", lambda name: says("trading_firm", name) or says("freight_firm", name)
    ).tolist():
        hub, memo = scene.country("payee_country", row), scene.view.text("memo", row)
        about = bool(scene.memo_items.get(row)) or says("chemical_firm", memo)
        if hub in hubs and scene.country("payer_country", row) not in ("", hub) and about:
            params = {"payee": scene.view.text("payee", row), "hub": hub, "memo": memo}
            yield Flag(row, "payee", params["payee"], "seen.hub", params, (hub, fold_text(memo)), 0.4)


def cash_into_chemical_firm(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Cash is paid into a chemical firm's account by somebody else (RF34)."""
    for row in scene.view.rows_where("channel", lambda text: says("cash_channel", text)).tolist():
        payer, payee = scene.view.text("payer", row), scene.view.text("payee", row)
        if says("chemical_firm", payee) and payer and fold_text(payer) != fold_text(payee):
            yield Flag(
                row,
                "channel",
                scene.view.text("channel", row),
                "seen.cash",
                {"payer": payer, "payee": payee},
                (fold_text(payer), fold_text(payee)),
                0.4,
            )


def odd_way_to_pay(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A chemical seller, or a register item, is paid by cash, money order or a third party (RF42)."""
    for row in scene.view.rows_where(
        "channel", lambda text: says("other_channel", text) or says("cash_channel", text)
    ).tolist():
        payee, channel = scene.view.text("payee", row), scene.view.text("channel", row)
        named = scene.memo_items.get(row)
        if named or (says("other_channel", channel) and says("chemical_firm", payee)):
            params = {"channel": channel, "payee": payee, "item": named[0].name if named else payee}
            yield Flag(row, "channel", channel, "seen.channel", params, (fold_text(channel), fold_text(payee)), 0.6)


def storage_without_trade(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payer with no trade in goods to its name pays rent for a warehouse or storage unit (RF35)."""
    for row in scene.view.rows_matching("memo", term_pattern("storage_rent")).tolist():
        payer = scene.view.text("payer", row)
        if is_person(payer):
            params = {"payer": payer, "word": first_word("storage_rent", scene.view.text("memo", row))}
            yield Flag(row, "payer", payer, "seen.storage-rent", params, (params["word"],), 0.35)


def barred_house(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payment with a US end names a house that a US order bars from [20 October 2025] (RF66)."""
    first = date.fromisoformat(str(rule.params["from"])).toordinal()
    days = scene.view.days("date")
    for column in ("payer", "payee", "memo", "channel", "payer_account", "payee_account"):
        for row in scene.view.rows_matching(column, term_pattern("barred_house")).tolist():
            ends = {scene.country("payer_country", row), scene.country("payee_country", row)}
            dollars = fold_identifier(scene.view.text("currency", row)) == "USD"
            if days[row] >= first and (dollars or "US" in ends):
                text = scene.view.text(column, row)
                params = {"house": first_word("barred_house", text), "day": str(rule.params["from"])}
                yield Flag(row, column, text, "seen.barred-house", params, (params["house"],), 0.8, fact="barred-house")


def _rows(scene: Scene, rows: list[int]) -> str:
    return ", ".join(scene.place(row) for row in rows[:12])


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "small-payment-to-chemical-seller": small_payment_to_chemical_seller,
    "many-payers-one-seller": many_payers_one_seller,
    "unrelated-trade-pays-chemical-firm": unrelated_trade_pays_chemical_firm,
    "below-threshold": below_threshold,
    "small-sums-abroad": small_sums_abroad,
    "same-payee-within-the-hour": same_payee_within_the_hour,
    "drug-word-in-memo": drug_word_in_memo,
    "goods-money-through-hub": goods_money_through_hub,
    "cash-into-chemical-firm": cash_into_chemical_firm,
    "odd-way-to-pay": odd_way_to_pay,
    "storage-without-trade": storage_without_trade,
    "barred-house": barred_house,
}
