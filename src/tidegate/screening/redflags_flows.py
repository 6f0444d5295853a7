"""Red flags about flows of money over time: RF19, RF21, RF22, RF30, RF70, RF72, RF73."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from tidegate.screening.normalize import RecordView, fold_identifier, fold_text
from tidegate.screening.scene import Flag, Scene, is_firm, is_person, says

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_Lots = list[tuple[int, int]]


def outgoing_jump(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payer's month is above [3] times the mean of its own earlier months (RF19)."""
    history = scene.view_of("payments")
    if history is None:
        return
    earlier = _monthly(history)
    for payer, months in _monthly(scene.view).items():
        past = earlier.get(payer, {})
        for month, (total, rows) in sorted(months.items()):
            before = [sum_ for other, (sum_, _) in past.items() if month - 12 <= other < month]
            if len(before) >= rule.number("min_months") and total > rule.number("factor") * float(np.mean(before)):
                params = {"total": f"{total:.0f}", "mean": f"{float(np.mean(before)):.0f}", "months": str(len(before))}
                yield Flag(
                    rows[-1],
                    "payer",
                    scene.view.text("payer", rows[-1]),
                    "seen.outgoing",
                    params,
                    tuple(params.values()),
                    0.4,
                )


def remitters_share_address(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Payers at one address pay one payee, each below the threshold and together above it, within [7] days (RF21)."""
    customers = scene.view_of("parties")
    if customers is None:
        return
    homes = {
        fold_text(customers.text("name", row)): fold_text(customers.text("address", row))
        for row in range(customers.rows)
        if customers.text("address", row)
    }
    amounts, days = scene.view.amounts("amount"), scene.view.days("date")
    groups: dict[tuple[str, str], _Lots] = defaultdict(list)
    for row in np.flatnonzero((amounts > 0) & (amounts < rule.number("threshold")) & (days > 0)).tolist():
        home = homes.get(fold_text(scene.view.text("payer", row)))
        if home:
            groups[home, fold_text(scene.view.text("payee", row))].append((int(days[row]), row))
    for (home, _), lots in groups.items():
        near = _near(lots, rule.number("days"))
        payers = {fold_text(scene.view.text("payer", row)) for row in near}
        total = float(amounts[near].sum())
        if len(payers) >= 2 and total >= rule.number("threshold"):
            row = near[-1]
            params = {"address": home, "count": str(len(payers)), "total": f"{total:g}", "rows": _rows(scene, near)}
            yield Flag(
                row,
                "payee",
                scene.view.text("payee", row),
                "seen.shared-remitters",
                params,
                (home, *sorted(payers)),
                0.6,
            )


def cash_collected_and_sent_on(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Cash from [3] or more places enters one account within [7] days and [80 %] leaves within [48] hours (RF22).

    The place is what the channel says behind the word for cash, e.g. "cash, branch 12".
    """
    amounts, days = scene.view.amounts("amount"), scene.view.days("date")
    into: dict[str, _Lots] = defaultdict(list)
    for row in scene.view.rows_where("channel", lambda text: says("cash_channel", text)).tolist():
        account = fold_identifier(scene.view.text("payee_account", row))
        if account and days[row] > 0:
            into[account].append((int(days[row]), row))
    out: dict[str, _Lots] = defaultdict(list)
    for row in range(scene.view.rows if into else 0):
        account = fold_identifier(scene.view.text("payer_account", row))
        if account in into and days[row] > 0:
            out[account].append((int(days[row]), row))
    for account, lots in into.items():
        near = _near(lots, rule.number("days"))
        places = {fold_text(scene.view.text("channel", row)) for row in near}
        came, last = float(np.nansum(amounts[near])), int(days[near[-1]])
        first = int(days[near[0]])
        left = sum(
            float(amounts[row]) for day, row in out[account] if first <= day <= last + rule.number("out_hours") / 24
        )
        if len(places) >= rule.number("min_places") and came > 0 and left >= rule.number("out_share") * came:
            params = {"places": str(len(places)), "came": f"{came:g}", "left": f"{left:g}", "rows": _rows(scene, near)}
            row = near[-1]
            yield Flag(
                row,
                "payee_account",
                scene.view.text("payee_account", row),
                "seen.collected",
                params,
                (*sorted(places),),
                0.65,
            )


def forwarder_and_chemical_seller_paid(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payer with no such trade pays a forwarder and a chemical seller within [14] days (RF30)."""
    days = scene.view.days("date")
    paid: dict[str, dict[str, _Lots]] = defaultdict(lambda: {"chemical_firm": [], "freight_firm": []})
    for words in ("chemical_firm", "freight_firm"):
        for row in scene.view.rows_where("payee", lambda name, words=words: says(words, name)).tolist():  # type: ignore[misc]
            payer = scene.view.text("payer", row)
            if days[row] > 0 and payer and not is_firm(payer):
                paid[fold_text(payer)][words].append((int(days[row]), row))
    for lots in paid.values():
        pairs = [
            (chemical[1], freight[1]) for chemical in lots["chemical_firm"] for freight in lots["freight_firm"]
            if abs(chemical[0] - freight[0]) <= rule.number("days") and chemical[1] != freight[1]
        ]  # fmt: skip
        if pairs:
            chemical, freight = pairs[-1]
            row = max(chemical, freight)
            params = {
                "payer": scene.view.text("payer", row),
                "seller": scene.view.text("payee", chemical),
                "forwarder": scene.view.text("payee", freight),
                "rows": _rows(scene, [chemical, freight]),
            }
            yield Flag(
                row,
                "payer",
                params["payer"],
                "seen.forwarder-and-seller",
                params,
                (fold_text(params["seller"]), fold_text(params["forwarder"])),
                0.6,
            )


def papers_and_payment_disagree(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payment names a consignment whose value differs by more than [10 %], or whose consignee is another firm (RF70).

    They are joined by consignment id or document number, found in the payment's text.
    """
    payments = scene.view if scene.view.kind == "payments" else scene.view_of("payments")
    goods = scene.view if scene.view.kind == "consignments" else scene.view_of("consignments")
    if payments is None or goods is None:
        return
    by_reference: dict[str, int] = {}
    for column in ("consignment_id", "document_number"):
        for row in goods.rows_where(column, lambda text: len(fold_identifier(text)) >= 5).tolist():
            by_reference.setdefault(fold_identifier(goods.text(column, row)), row)
    values, amounts = goods.amounts("value"), payments.amounts("amount")
    for row in payments.rows_where("memo", lambda memo: any(_words(memo) & by_reference.keys())).tolist():
        reference = sorted(_words(payments.text("memo", row)) & by_reference.keys())[0]
        other = by_reference[reference]
        one_money = fold_identifier(payments.text("currency", row)) == fold_identifier(goods.text("currency", other))
        gap = abs(amounts[row] - values[other]) / max(values[other], 1.0)
        payer, buyer = payments.text("payer", row), goods.text("consignee", other)
        ours = row if scene.view is payments else other
        column, value = ("memo", payments.text("memo", row)) if scene.view is payments else ("consignee", buyer)
        if one_money and gap > rule.number("over"):
            params = {"reference": reference, "paid": payments.text("amount", row), "value": goods.text("value", other)}
            yield Flag(ours, column, value, "seen.amounts-differ", params, (reference, params["paid"]), 0.6)
        elif payer and buyer and fold_text(payer) != fold_text(buyer):
            params = {"reference": reference, "payer": payer, "consignee": buyer}
            yield Flag(
                ours, column, value, "seen.other-payer", params, (reference, fold_text(payer)), 0.5, level="look"
            )


def in_and_out(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A person receives money and sends [80 %] on to [2] or more others within [48] hours (RF72)."""
    amounts, days = scene.view.amounts("amount"), scene.view.days("date")
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
                    "rows": _rows(scene, [row, *on]),
                }
                yield Flag(
                    row, "payee", scene.view.text("payee", row), "seen.in-and-out", params, (*sorted(others),), 0.45
                )
                break


def paid_but_never_buys(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm is paid for goods [10] times or more and pays nobody, in this sheet or the earlier one (RF73)."""
    views = [view for view in (scene.view, scene.view_of("payments")) if view is not None]
    buys = {fold_text(name) for view in views for name in view.distinct("payer")[0] if name}
    received: dict[str, list[int]] = defaultdict(list)
    goods = ("invoice_word", "chemical_firm")
    for row in scene.view.rows_where("memo", lambda memo: any(says(words, memo) for words in goods)).tolist():
        payee = scene.view.text("payee", row)
        if payee and is_firm(payee) and fold_text(payee) not in buys:
            received[fold_text(payee)].append(row)
    for rows in received.values():
        if len(rows) >= rule.number("min_receipts"):
            params = {"count": str(len(rows)), "rows": _rows(scene, rows)}
            yield Flag(
                rows[-1],
                "payee",
                scene.view.text("payee", rows[-1]),
                "seen.never-buys",
                params,
                (str(len(rows)),),
                0.35,
            )


def _monthly(view: RecordView) -> dict[str, dict[int, tuple[float, list[int]]]]:
    """Return payer -> month number -> (sum, rows)."""
    amounts, days = view.amounts("amount"), view.days("date")
    months: dict[str, dict[int, tuple[float, list[int]]]] = defaultdict(dict)
    for row in np.flatnonzero((days > 0) & (amounts > 0)).tolist():
        day = view.day("date", row)
        payer = fold_text(view.text("payer", row))
        if day and payer:
            month = day.year * 12 + day.month
            total, rows = months[payer].get(month, (0.0, []))
            months[payer][month] = (total + float(amounts[row]), [*rows, row])
    return months


def _words(text: str) -> set[str]:
    return {fold_identifier(word) for word in text.replace("/", " ").replace(",", " ").split() if len(word) >= 5}


def _near(lots: _Lots, days: float) -> list[int]:
    lots.sort()
    return [row for day, row in lots if lots[-1][0] - day <= days]


def _rows(scene: Scene, rows: list[int]) -> str:
    return ", ".join(scene.place(row) for row in rows[:12])


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "outgoing-jump": outgoing_jump,
    "remitters-share-address": remitters_share_address,
    "cash-collected-and-sent-on": cash_collected_and_sent_on,
    "forwarder-and-chemical-seller-paid": forwarder_and_chemical_seller_paid,
    "papers-and-payment-disagree": papers_and_payment_disagree,
    "in-and-out": in_and_out,
    "paid-but-never-buys": paid_but_never_buys,
}
