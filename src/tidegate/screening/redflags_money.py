"""Red flags about single payments and payers' habits: RF10 to RF13, RF17, RF20, RF28, RF29, RF34, RF35, RF42, RF66."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidegate.registers.places import country_code
from tidegate.screening.firms import firm_key, in_trade, out_of_trade, same_firm, sector_of
from tidegate.screening.normalize import fold_identifier, fold_text, minute_of_day
from tidegate.screening.references import references_in, references_of
from tidegate.screening.scene import Flag, Scene, first_word, is_person, says, term_pattern
from tidegate.screening.windows import bursts
from tidegate.screening.worth import code_of, thresholds

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

# Words of a channel cell that name the way of paying and not a place.
_WAYS = re.compile(
    r"\b(?:in|at|by|via|the|from|cash|deposit|deposits|dep|wire|transfer|money|remittance|remit|agent|branch|office|outlet|counter|atm|teller|"
    r"online|app|mobile|web|swift|ach|card|check|cheque|western union|moneygram|efectivo|deposito|depósito|en|de|transferencia|sucursal|agente|"
    r"ventanilla|caja|remesa|giro|envio|envío|spei|crypto|usdt|btc)\b|现金|現金|存款|汇款|匯款|转账|轉賬|网点|网银|代理点|柜台|分行|支行"
)

_AMOUNT = re.compile(
    r"\b\d+(?:\.\d+)?\s?(?:g|gr|gram|grams|gramos|kg|kilo|kilos|oz|lb|lbs|mg|pcs|pills|tabs|tablets|pastillas|pieces|piezas|k|克|公斤|斤|片|粒|颗|个)\b|\d+\s?(?:克|公斤|斤|片|粒|颗|个)"
)


_SHORT_TEXT = 40  # signs of a payment's text that says how and where, and nothing else
# A tablet's mark with a count beside it, in the trade's own way of writing: "100 M30", "M30 x 50", "30 blues M30".
_COUNTED_MARK = re.compile(r"\b\d{1,5}\s*(?:x\s*)?(?:blues?\s+)?m-?30s?\b|\bm-?30s?\s*[x×]\s*\d{1,5}\b")


def small_payment_to_chemical_seller(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payer not in the trade sends under [1,000 dollars], or a virtual currency, to a chemical seller, no invoice (RF10)."""
    worth = scene.dollars()
    for row in chemical_payees(scene):
        payer, memo = scene.view.text("payer", row), scene.view.text("memo", row)
        coin = is_coin(scene, row)
        small = worth[row] < rule.number("below")
        if not (small or coin) or not payer or in_trade(payer, sector_of(scene, payer)) or says("invoice_word", memo):
            continue
        code = "seen.coin-payment" if coin else "seen.small-payment"
        params = {"payer": payer, "payee": scene.view.text("payee", row), "amount": _amount(scene, row)}
        yield Flag(row, "payee", params["payee"], code, params, (fold_text(payer),), 0.4)


def many_payers_one_seller(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[3] or more unlinked private payers pay one chemical seller within [30] days; a seller with many is a shop (RF11)."""
    days = scene.view.days("date")
    paid: dict[str, list[tuple[int, int]]] = defaultdict(list)
    payer_at: dict[int, str] = {}
    for row in chemical_payees(scene):
        payer = scene.view.text("payer", row)
        if payer and days[row] > 0 and is_person(payer):
            paid[firm_key(scene.view.text("payee", row))].append((int(days[row]), row))
            payer_at[row] = fold_text(payer)
    for lots in paid.values():
        for rows in bursts(
            lots, rule.number("days"), lambda rows: len({payer_at[row] for row in rows}) >= rule.number("min_payers")
        ):
            payers = {payer_at[row] for row in rows}
            if len(payers) > rule.number("busy_payers"):
                continue
            payee = scene.view.text("payee", rows[-1])
            params = {"count": str(len(payers)), "payee": payee, "rows": scene.places(rows)}
            flag = Flag(rows[-1], "payee", payee, "seen.many-payers", params, tuple(sorted(payers)), 0.45)
            yield from scene.on_each(flag, rows)


def unrelated_trade_pays_chemical_firm(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm whose sector on file, or name, is textiles, food, electronics or the like deals with a chemical firm (RF12)."""
    for ours, theirs in (("payer", "payee"), ("payee", "payer")):
        for row in scene.view.rows_where(
            theirs, lambda name: says("chemical_firm", f"{name} {sector_of(scene, name)}") and not is_carer(name)
        ).tolist():
            firm = scene.view.text(ours, row)
            sector = sector_of(scene, firm) or (first_word("unrelated_trade", firm) or first_word("food_firm", firm))
            if sector and not in_trade(firm, sector):
                params = {"payer": firm, "sector": sector, "payee": scene.view.text(theirs, row)}
                code = "seen.payer-sector" if ours == "payer" else "seen.payee-sector"
                evidence = (fold_text(params["payee"]), fold_text(sector))
                yield Flag(row, ours, firm, code, params, evidence, 0.4)


def below_threshold(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[3] or more payments at [90-99.9 %] of the reporting threshold within [3] days (RF13).

    From one payer; or in cash into one account, whoever pays it in. The threshold is that of the payment's currency.
    So too where the payment's text says that the sum was lowered after notice, or to stay below a report.
    """
    yield from _lowered(scene)
    amounts, days = scene.view.amounts("amount"), scene.view.days("date")
    limits = thresholds(scene.view, rule.number("threshold"))
    with np.errstate(invalid="ignore"):
        near = (amounts >= limits * rule.number("low")) & (amounts <= limits * rule.number("high")) & (days > 0)
    lots: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in np.flatnonzero(near).tolist():
        payer = fold_text(scene.view.text("payer", row))
        account = fold_identifier(scene.view.text("payee_account", row)) or firm_key(scene.view.text("payee", row))
        if payer:
            lots["payer", payer].append((int(days[row]), row))
        if account and says("cash_channel", scene.view.text("channel", row)):
            lots["payee", account].append((int(days[row]), row))
    told: set[int] = set()
    for (column, _), dated in sorted(lots.items(), reverse=True):  # one payer's before one account's
        for rows in bursts(dated, rule.number("days"), lambda rows: len(rows) >= rule.number("min_payments")):
            if told & set(rows):
                continue
            told |= set(rows)
            limit = f"{limits[rows[-1]]:g} {code_of(scene.view, rows[-1])}".strip()
            params = {"count": str(len(rows)), "threshold": limit, "rows": scene.places(rows)}
            params["amounts"] = ", ".join(scene.view.text("amount", row) for row in rows[:6])
            value = scene.view.text(column, rows[-1])
            evidence = tuple(sorted(f"{days[row]} {amounts[row]:g}" for row in rows))
            flag = Flag(rows[-1], column, value, "seen.below-threshold", params, evidence, 0.65)
            yield from scene.on_each(flag, rows)


def _lowered(scene: Scene) -> Iterator[Flag]:
    for row in scene.view.rows_matching("memo", term_pattern("amount_lowered")).tolist():
        memo = scene.view.text("memo", row)
        params = {"phrase": first_word("amount_lowered", memo), "amount": _amount(scene, row)}
        yield Flag(row, "memo", memo, "seen.amount-lowered", params, (params["phrase"],), 0.65)


def small_sums_abroad(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Transfers of [10-100 dollars] to one person abroad that add to about [600] within [90] days (RF17)."""
    worth, days = scene.dollars(), scene.view.days("date")
    pairs: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    with np.errstate(invalid="ignore"):
        small = (worth >= rule.number("low")) & (worth <= rule.number("high")) & (days > 0)
    for row in np.flatnonzero(small).tolist():
        payer, payee = scene.view.text("payer", row), scene.view.text("payee", row)
        ends = scene.country("payer_country", row), scene.country("payee_country", row)
        if all(ends) and ends[0] != ends[1] and is_person(payee):
            pairs[fold_text(payer), fold_text(payee)].append((int(days[row]), row))

    def adds_up(rows: Sequence[int]) -> bool:
        total = float(worth[list(rows)].sum())
        within = rule.number("sum_low") <= total <= rule.number("sum_high")
        return len(rows) >= rule.number("min_payments") and within

    for lots in pairs.values():
        for rows in bursts(lots, rule.number("days"), adds_up):
            total = float(worth[rows].sum())
            params = {"count": str(len(rows)), "total": f"{total:.0f} USD", "rows": scene.places(rows)}
            value = scene.view.text("payee", rows[-1])
            flag = Flag(rows[-1], "payee", value, "seen.small-sums", params, (f"{total:.0f}",), 0.4)
            yield from scene.on_each(flag, rows)


def same_payee_within_the_hour(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One payee is paid [2] or more times within [60] minutes, or from [3] or more places within [7] days (RF20).

    Within the hour: by one payer, or by any if the payee is a person, for a shop is paid all day. A time of day must
    stand beside the day. A place is that of its column, else what the channel says behind the words for cash and
    transfer ("cash, branch 12").
    """
    days = scene.view.days("date")
    timed: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    clock = "time_of_day" if scene.view.has("time_of_day") and "time_of_day" in scene.view.present() else "date"
    for row in scene.view.rows_where(clock, lambda text: minute_of_day(text) is not None).tolist():
        minute = minute_of_day(scene.view.text(clock, row))
        payee = scene.view.text("payee", row)
        payer = "" if is_person(payee) else fold_text(scene.view.text("payer", row))
        if minute is not None and days[row] > 0 and payee and (payer or is_person(payee)):
            timed[payer, fold_text(payee)].append((int(days[row]) * 1440 + minute, row))
    for lots in timed.values():
        if len(lots) < rule.number("min_payments"):
            continue
        for rows in bursts(lots, rule.number("minutes"), lambda rows: len(rows) >= rule.number("min_payments")):
            value = scene.view.text("payee", rows[-1])
            params = {"count": str(len(rows)), "rows": scene.places(rows)}
            evidence = tuple(f"{scene.view.text('date', row)} {scene.view.text(clock, row)}" for row in rows)
            flag = Flag(rows[-1], "payee", value, "seen.within-the-hour", params, evidence, 0.4)
            yield from scene.on_each(flag, rows)
    placed: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in placed_rows(scene):
        payee = scene.view.text("payee", row)
        if days[row] > 0 and payee and is_person(payee):
            placed[fold_text(payee)].append((int(days[row]), row))
    for lots in placed.values():
        for rows in bursts(
            lots, rule.number("days"), lambda rows: len(places_of(scene, rows)) >= rule.number("min_places")
        ):
            value, places = scene.view.text("payee", rows[-1]), sorted(places_of(scene, rows))
            params = {"count": str(len(places)), "places": "; ".join(places[:6]), "rows": scene.places(rows)}
            flag = Flag(rows[-1], "payee", value, "seen.many-places", params, tuple(places), 0.4)
            yield from scene.on_each(flag, rows)


def place_in(channel: str) -> str:
    """Return the place that a channel cell names behind its words for cash, deposit and transfer; "" for none."""
    bare = _WAYS.sub(" ", fold_text(channel))
    return " ".join(word for word in re.split(r"[^\w]+", bare) if word)


def place_of(scene: Scene, row: int) -> str:
    """Return where a payment was paid in, folded: by its column, its channel or a text such as "cash deposit Reno"."""
    memo = scene.view.text("memo", row)
    told = fold_text(scene.view.text("place", row)) or place_in(scene.view.text("channel", row))
    return told or (place_in(memo) if len(memo) <= _SHORT_TEXT and says("cash_channel", memo) else "")


def placed_rows(scene: Scene) -> list[int]:
    """Return the rows that tell where they were paid in, in order."""
    told = set(scene.view.rows_where("place", lambda text: True).tolist())
    return sorted(told | set(scene.view.rows_where("channel", lambda text: bool(place_in(text))).tolist()))


def places_of(scene: Scene, rows: Iterable[int]) -> set[str]:
    """Return the different places where `rows` were paid in."""
    return {place for row in rows if (place := place_of(scene, row))}


def chemical_payees(scene: Scene) -> list[int]:
    """Return the rows whose payee is a chemical or pharmaceutical firm by its name or its sector on file."""
    held = scene.cache.get("chemical payees")
    if not isinstance(held, list):
        found = scene.view.rows_where(
            "payee", lambda name: says("chemical_firm", f"{name} {sector_of(scene, name)}") and not is_carer(name)
        )
        held = scene.cache["chemical payees"] = found.tolist()
    return held


def is_carer(name: str) -> bool:
    """Tell whether a name is a pharmacy's, a hospital's or a vet's, which sells to everybody."""
    return says("shop_of_care", name)


def is_coin(scene: Scene, row: int) -> bool:
    """Tell whether a payment moves a virtual currency: by its channel, its currency or a wallet."""
    told = f"{scene.view.text('channel', row)} {scene.view.text('currency', row)}"
    return says("coin_channel", told) or bool(scene.view.text("wallet", row) or scene.view.text("chain", row))


def drug_word_in_memo(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The payment's text has a drug word beside a weight or a count (RF28)."""
    for row in scene.view.rows_matching("memo", term_pattern("drug_word")).tolist():
        memo = scene.view.text("memo", row)
        amount = _AMOUNT.search(fold_text(memo)) or _COUNTED_MARK.search(fold_text(memo))
        if amount:
            params = {"word": first_word("drug_word", memo), "amount": amount[0].strip(), "memo": memo}
            yield Flag(row, "memo", memo, "seen.drug-word", params, (params["word"], params["amount"]), 0.5)


def goods_money_through_hub(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Money for chemicals, or for goods from a third country, goes to a trading or freight firm in a hub (RF29).

    The goods' country is told by the payment's text, or by the consignment that it names.
    """
    hubs = rule.words("hubs")
    sources = _source_countries(scene)
    for row in scene.view.rows_where(
        "payee", lambda name: says("trading_firm", name) or says("freight_firm", name)
    ).tolist():
        hub, memo = scene.country("payee_country", row), scene.view.text("memo", row)
        payer_at = scene.country("payer_country", row)
        about = bool(scene.memo_items.get(row)) or says("chemical_firm", memo) or says("chemical_goods", memo)
        source = sources.get(row) or _country_told(memo)
        if hub in hubs and payer_at not in ("", hub) and (about or source not in ("", hub, payer_at)):
            params = {"payee": scene.view.text("payee", row), "hub": hub, "memo": memo}
            yield Flag(row, "payee", params["payee"], "seen.hub", params, (hub, fold_text(memo)), 0.4)


def _source_countries(scene: Scene) -> dict[int, str]:
    """Return row -> country of origin of the consignment beside the sheet that the payment's text names."""
    goods = scene.view_of("consignments")
    if goods is None or not goods.has("origin_country"):
        return {}
    papers = {**references_of(goods, "consignment_id"), **references_of(goods, "document_number")}
    named = references_in(scene.view, "memo", papers) if papers else []
    origins = {row: goods.text("origin_country", papers[paper]) for row, paper in named}
    return {row: code for row, origin in origins.items() if (code := country_code(origin))}


def _country_told(memo: str) -> str:
    """Return the country from which a payment's text says the goods come, "" for none."""
    found = _FROM.search(fold_text(memo))
    return (country_code(found["place"] or found["han"]) or "") if found else ""


_FROM = re.compile(
    r"(?:goods|products?|merchandise|shipment|order|cargo|mercanc[ií]as?|productos?|chemicals?)\s+(?:made\s+in|from|ex|origin|de|desde|hech[oa]s?\s+en)\s+"
    r"(?:the\s+|la\s+)?(?P<place>[a-zñáéíóú]+)|(?:来自|产自|产地)(?P<han>[\u4e00-\u9fff]{2,4})"
)


def cash_into_chemical_firm(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Cash is paid into a chemical firm's account by somebody else (RF34)."""
    for row in scene.view.rows_where("channel", lambda text: says("cash_channel", text)).tolist():
        payer, payee = scene.view.text("payer", row), scene.view.text("payee", row)
        if says("chemical_firm", payee) and not is_carer(payee) and payer and not same_firm(payer, payee):
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
    """A chemical seller, or a register item, is paid in cash, by money order, by a third party or ahead by a stranger (RF42)."""
    for row in scene.view.rows_where(
        "channel", lambda text: any(says(words, text) for words in ("other_channel", "cash_channel", "prepaid_channel"))
    ).tolist():
        payer, payee, channel = (scene.view.text(name, row) for name in ("payer", "payee", "channel"))
        named = scene.memo_items.get(row)
        seller = says("chemical_firm", f"{payee} {sector_of(scene, payee)}") and not is_carer(payee)
        stranger = is_person(payer) or out_of_trade(payer, sector_of(scene, payer))
        odd = says("other_channel", channel) or (stranger and payer)
        if (named and (odd or says("cash_channel", channel))) or (seller and odd):
            params = {"channel": channel, "payee": payee, "item": named[0].name if named else payee}
            yield Flag(row, "channel", channel, "seen.channel", params, (fold_text(channel), fold_text(payee)), 0.6)


def storage_without_trade(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A person, or a firm whose trade moves no goods, pays rent for a warehouse or storage unit (RF35)."""
    for row in scene.view.rows_where("memo", _is_storage_rent).tolist():
        payer, memo = scene.view.text("payer", row), scene.view.text("memo", row)
        sector = sector_of(scene, payer)
        served = says("service_trade", f"{payer} {sector}") and not in_trade(payer, sector)
        if is_person(payer) or served:
            params = {"payer": payer, "word": first_word("storage_rent", memo) or first_word("storage_place", memo)}
            yield Flag(row, "payer", payer, "seen.storage-rent", params, (params["word"],), 0.35)


def _is_storage_rent(memo: str) -> bool:
    """Tell whether a payment's text is about rent for storage: one phrase, or a place and a word for rent."""
    return says("storage_rent", memo) or (says("storage_place", memo) and says("rent_word", memo))


def barred_house(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payment with a US end names a house that a US order bars from [20 October 2025] (RF66)."""
    first = date.fromisoformat(str(rule.params["from"])).toordinal()
    days = scene.view.days("date")
    for column in ("payer", "payee", "payer_bank", "payee_bank", "intermediary_banks", "memo", "channel", "payer_account", "payee_account"):  # fmt: skip
        for row in scene.view.rows_matching(column, term_pattern("barred_house")).tolist():
            ends = {scene.country("payer_country", row), scene.country("payee_country", row)}
            dollars = fold_identifier(scene.view.text("currency", row)) == "USD"
            if days[row] >= first and (dollars or "US" in ends):
                text = scene.view.text(column, row)
                params = {"house": first_word("barred_house", text), "day": str(rule.params["from"])}
                evidence = (params["house"],)
                # An order bars the house by name: a second kind of evidence would add nothing.
                yield Flag(
                    row, column, text, "seen.barred-house", params, evidence, 0.8, fact="barred-house", alone=True
                )


def _amount(scene: Scene, row: int) -> str:
    return f"{scene.view.text('amount', row)} {scene.view.text('currency', row)}".strip()


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
