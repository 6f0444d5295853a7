"""Red flags about flows of money over time: RF19, RF21, RF22, RF30, RF70, RF72, RF73."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidegate.screening.firms import customers_of, firm_key, out_of_trade, same_firm, sector_of
from tidegate.screening.normalize import Floats, RecordView, fold_identifier, fold_text
from tidegate.screening.redflags_money import places_of
from tidegate.screening.scene import Flag, Scene, is_firm, is_person, says
from tidegate.screening.windows import bursts
from tidegate.screening.worth import code_of, dollars, thresholds

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_Lots = list[tuple[int, int]]
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{3,}[A-Za-z0-9]")


def outgoing_jump(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payer's month is above [3] times the mean of its own earlier months, of the earlier records and of the sheet (RF19)."""
    history = scene.view_of("payments")
    if history is None:
        return
    own, earlier = _monthly(scene.view, scene.dollars()), _monthly(history, dollars(history))
    for payer, months in own.items():
        past = {month: total for month, (total, _) in earlier.get(payer, {}).items()}
        past |= {month: total for month, (total, _) in months.items() if month not in past}
        for month, (total, rows) in sorted(months.items()):
            before = [sum_ for other, sum_ in past.items() if month - 12 <= other < month]
            if len(before) >= rule.number("min_months") and total > rule.number("factor") * float(np.mean(before)):
                params = {"total": f"{total:.0f}", "mean": f"{float(np.mean(before)):.0f}", "months": str(len(before))}
                value = scene.view.text("payer", rows[-1])
                yield Flag(rows[-1], "payer", value, "seen.outgoing", params, tuple(params.values()), 0.4)


def remitters_share_address(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Payers at one address pay one payee, each below the threshold and together above it, within [7] days (RF21)."""
    customers = customers_of(scene)
    if customers is None:
        return
    amounts, days = scene.view.amounts("amount"), scene.view.days("date")
    limits = thresholds(scene.view, rule.number("threshold"))
    groups: dict[tuple[str, str], _Lots] = defaultdict(list)
    with np.errstate(invalid="ignore"):
        below = (amounts > 0) & (amounts < limits) & (days > 0)
    homes = {
        payer: fold_text(customers.view.text("address", place))
        for payer in scene.view.distinct("payer")[0]
        if payer and (place := customers.row_of(payer)) is not None
    }
    for row in np.flatnonzero(below).tolist():
        home = homes.get(scene.view.text("payer", row))
        if home:
            groups[home, firm_key(scene.view.text("payee", row))].append((int(days[row]), row))

    def together(rows: Sequence[int]) -> bool:
        payers = {firm_key(scene.view.text("payer", row)) for row in rows}
        return len(payers) >= 2 and float((amounts[list(rows)] / limits[list(rows)]).sum()) >= 1

    for (home, _), lots in groups.items():
        for rows in bursts(lots, rule.number("days"), together):
            row, payers = rows[-1], sorted({fold_text(scene.view.text("payer", one)) for one in rows})
            total = f"{float(amounts[rows].sum()):g}"
            params = {"address": home, "count": str(len(payers)), "total": total, "rows": scene.places(rows)}
            value = scene.view.text("payee", row)
            yield Flag(row, "payee", value, "seen.shared-remitters", params, (home, *payers), 0.6)


def cash_collected_and_sent_on(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Cash from [3] or more places enters one account within [7] days and [80 %] leaves within [48] hours (RF22).

    The place is what the channel says behind the words for cash ("cash, branch 12"); with no account the firm counts.
    """
    worth, days = scene.dollars(), scene.view.days("date")
    into: dict[str, _Lots] = defaultdict(list)
    for row in scene.view.rows_where("channel", lambda text: says("cash_channel", text)).tolist():
        account = _account(scene, "payee", row)
        if account and days[row] > 0 and worth[row] > 0:
            into[account].append((int(days[row]), row))
    into = {account: lots for account, lots in into.items() if len(lots) >= rule.number("min_places")}
    if not into:
        return
    out: dict[str, _Lots] = defaultdict(list)
    for column in ("payer_account", "payer"):
        fold = fold_identifier if column == "payer_account" else firm_key
        for row in scene.view.rows_where(column, lambda text, fold=fold: fold(text) in into).tolist():  # type: ignore[misc]
            if days[row] > 0 and worth[row] > 0 and _account(scene, "payer", row) in into:
                out[_account(scene, "payer", row)].append((int(days[row]), row))
    for account, lots in into.items():
        for rows in bursts(
            lots, rule.number("days"), lambda rows: len(places_of(scene, rows)) >= rule.number("min_places")
        ):
            first, last = int(days[rows[0]]), int(days[rows[-1]])
            until = last + rule.number("out_hours") / 24
            sent = sorted({row for day, row in out[account] if first <= day <= until})
            came, left = float(worth[rows].sum()), float(worth[sent].sum()) if sent else 0.0
            if left < rule.number("out_share") * came:
                continue
            places = sorted(places_of(scene, rows))
            params = {
                "places": str(len(places)),
                "came": f"{came:.0f}",
                "left": f"{left:.0f}",
                "rows": scene.places(rows),
            }
            params |= {"names": "; ".join(places[:6]), "out": scene.places(sent)}
            column = "payee_account" if scene.view.text("payee_account", rows[-1]) else "payee"
            value = scene.view.text(column, rows[-1])
            yield Flag(rows[-1], column, value, "seen.collected", params, (*places, params["came"]), 0.65)


def _account(scene: Scene, side: str, row: int) -> str:
    return fold_identifier(scene.view.text(f"{side}_account", row)) or firm_key(scene.view.text(side, row))


def forwarder_and_chemical_seller_paid(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payer with no such trade pays a forwarder and a chemical seller within [14] days (RF30).

    A person, or a firm whose name or sector on file shows a trade that has nothing to do with chemicals.
    """
    days = scene.view.days("date")
    paid: dict[str, _Lots] = defaultdict(list)
    kind_at: dict[int, str] = {}
    for words in ("freight_firm", "chemical_firm"):
        for row in scene.view.rows_where("payee", lambda name, words=words: says(words, name)).tolist():  # type: ignore[misc]
            payer = scene.view.text("payer", row)
            if days[row] > 0 and payer and (is_person(payer) or out_of_trade(payer, sector_of(scene, payer))):
                if row not in kind_at:
                    paid[firm_key(payer)].append((int(days[row]), row))
                kind_at[row] = words
    for lots in paid.values():
        for rows in bursts(lots, rule.number("days"), lambda rows: len({kind_at[row] for row in rows}) > 1):
            seller, forwarder = (
                next(row for row in reversed(rows) if kind_at[row] == words)
                for words in ("chemical_firm", "freight_firm")
            )
            row = rows[-1]
            params = {
                "payer": scene.view.text("payer", row),
                "seller": scene.view.text("payee", seller),
                "forwarder": scene.view.text("payee", forwarder),
                "rows": scene.places([seller, forwarder]),
            }
            evidence = (fold_text(params["seller"]), fold_text(params["forwarder"]))
            yield Flag(row, "payer", params["payer"], "seen.forwarder-and-seller", params, evidence, 0.6)


def papers_and_payment_disagree(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payment names a consignment whose value differs by more than [10 %], whose goods or consignee are others (RF70).

    They are joined by consignment id or document number, found in the payment's text. Money is compared in its own
    currency, or in dollars where the two differ, with twice the room.
    """
    payments = scene.view if scene.view.kind == "payments" else scene.view_of("payments")
    goods = scene.view if scene.view.kind == "consignments" else scene.view_of("consignments")
    if payments is None or goods is None or not payments.has("memo"):
        return
    by_reference: dict[str, int] = {}
    for column in ("consignment_id", "document_number"):
        for row in goods.rows_where(column, lambda text: len(fold_identifier(text)) >= 5).tolist():
            by_reference.setdefault(fold_identifier(goods.text(column, row)), row)
    joined = payments.rows_where("memo", lambda memo: not by_reference.keys().isdisjoint(_words(memo))).tolist()
    if not joined:
        return
    paid: dict[int, list[int]] = defaultdict(list)
    for row in joined:
        paid[by_reference[sorted(_words(payments.text("memo", row)) & by_reference.keys())[0]]].append(row)
    values, amounts = goods.amounts("value"), payments.amounts("amount")
    value_worth, amount_worth = dollars(goods, "value"), dollars(payments)
    for other, rows in sorted(paid.items()):
        row, buyer = rows[-1], goods.text("consignee", other)
        reference = next(word for word in sorted(_words(payments.text("memo", row))) if by_reference.get(word) == other)
        ours = row if scene.view is payments else other
        column, value = ("memo", payments.text("memo", row)) if scene.view is payments else ("consignee", buyer)
        one_money = code_of(payments, row) == code_of(goods, other, "value")
        came, due = (
            (float(amounts[rows].sum()), values[other])
            if one_money
            else (float(amount_worth[rows].sum()), value_worth[other])
        )
        gap = abs(came - due) / due if due and due > 0 else 0.0
        payer = next((name for one in rows if (name := payments.text("payer", one)) and not same_firm(name, buyer)), "")
        named = _other_item(scene, payments.text("memo", row), goods.text("goods_description", other))
        if gap > rule.number("over") * (1 if one_money else 2):
            paid_text = f"{came:g} {code_of(payments, row)}".strip() if one_money else _money(payments, row, "amount")
            params = {"reference": reference, "paid": paid_text, "value": _money(goods, other, "value")}
            yield Flag(ours, column, value, "seen.amounts-differ", params, (reference, paid_text), 0.6)
        elif named:
            params = {"reference": reference, "item": named, "goods": goods.text("goods_description", other)}
            yield Flag(ours, column, value, "seen.goods-differ", params, (reference, named), 0.7)
        elif payer and buyer:
            params = {"reference": reference, "payer": payer, "consignee": buyer}
            yield Flag(ours, column, value, "seen.other-payer", params, (reference, fold_text(payer)), 0.5)


def _other_item(scene: Scene, memo: str, goods_text: str) -> str:
    """Return the register item that a payment's text names and the goods text does not, "" where there is none."""
    from tidegate.screening.goods import find_goods

    said, shipped = find_goods([memo, goods_text], [None, None], [None, None], scene.register)
    there = {hit.item_id for hit in shipped}
    return next((hit.against.name for hit in said if hit.named and not hit.context and hit.item_id not in there), "")


def _money(view: RecordView, row: int, column: str) -> str:
    return f"{view.text(column, row)} {view.text('currency', row)}".strip()


def in_and_out(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A person receives money and sends [80 %] on to [2] or more others within [48] hours (RF72)."""
    amounts, days = scene.dollars(), scene.view.days("date")
    payers, _ = scene.view.distinct("payer")
    payees, _ = scene.view.distinct("payee")
    both = {fold_text(name) for name in payers if name} & {
        fold_text(name) for name in payees if name and is_person(name)
    }
    if not both:
        return
    received: dict[str, _Lots] = defaultdict(list)
    sent: dict[str, _Lots] = defaultdict(list)
    for column, side in (("payee", received), ("payer", sent)):
        for row in scene.view.rows_where(column, lambda name: fold_text(name) in both).tolist():
            if days[row] > 0 and amounts[row] > 0:
                side[fold_text(scene.view.text(column, row))].append((int(days[row]), row))
    for person, lots in received.items():
        for day, row in lots:
            on = [other for later, other in sent[person] if 0 <= later - day <= rule.number("hours") / 24]
            total = float(amounts[on].sum()) if on else 0.0
            others = {fold_text(scene.view.text("payee", other)) for other in on}
            if (
                amounts[row] >= rule.number("min_amount")
                and total >= rule.number("share") * amounts[row]
                and len(others) >= rule.number("min_payees")
            ):
                params = {
                    "came": f"{amounts[row]:g}",
                    "left": f"{total:g}",
                    "count": str(len(others)),
                    "rows": scene.places([row, *on]),
                }
                yield Flag(
                    row, "payee", scene.view.text("payee", row), "seen.in-and-out", params, (*sorted(others),), 0.45
                )
                break


def paid_but_never_buys(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm is paid for goods [6] times or more and pays nobody, in this sheet or the earlier one (RF73)."""
    views = [view for view in (scene.view, scene.view_of("payments")) if view is not None]
    buys = {firm_key(name) for view in views for name in view.distinct("payer")[0] if name}
    received: dict[str, list[int]] = defaultdict(list)
    goods = ("invoice_word", "chemical_firm", "goods_paid")
    for row in scene.view.rows_where("memo", lambda memo: any(says(words, memo) for words in goods)).tolist():
        payee = scene.view.text("payee", row)
        if payee and is_firm(payee) and firm_key(payee) not in buys:
            received[firm_key(payee)].append(row)
    for rows in received.values():
        if len(rows) >= rule.number("min_receipts"):
            params = {"count": str(len(rows)), "rows": scene.places(rows)}
            value = scene.view.text("payee", rows[-1])
            yield Flag(rows[-1], "payee", value, "seen.never-buys", params, (str(len(rows)),), 0.35)


def _monthly(view: RecordView, worth: Floats) -> dict[str, dict[int, tuple[float, list[int]]]]:
    """Return payer -> month number -> (sum in dollars, rows)."""
    days = view.days("date")
    months: dict[str, dict[int, tuple[float, list[int]]]] = defaultdict(dict)
    with np.errstate(invalid="ignore"):
        usable = (days > 0) & (worth > 0)
    for row in np.flatnonzero(usable).tolist():
        day = date.fromordinal(int(days[row]))
        payer = firm_key(view.text("payer", row))
        if payer:
            month = day.year * 12 + day.month
            total, rows = months[payer].get(month, (0.0, []))
            rows.append(row)
            months[payer][month] = (total + float(worth[row]), rows)
    return months


def _words(text: str) -> set[str]:
    return {fold_identifier(word) for word in _REFERENCE.findall(text)} | {
        fold_identifier(word) for word in re.split(r"[\s,;:，。；：]+", text) if len(word) >= 5
    }


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "outgoing-jump": outgoing_jump,
    "remitters-share-address": remitters_share_address,
    "cash-collected-and-sent-on": cash_collected_and_sent_on,
    "forwarder-and-chemical-seller-paid": forwarder_and_chemical_seller_paid,
    "papers-and-payment-disagree": papers_and_payment_disagree,
    "in-and-out": in_and_out,
    "paid-but-never-buys": paid_but_never_buys,
}
