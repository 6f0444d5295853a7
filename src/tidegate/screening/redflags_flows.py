"""Red flags about flows of money over time: RF19, RF21, RF22, RF30, RF70, RF72, RF73."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidegate.screening.firms import address_key, customers_of, firm_key, out_of_trade, same_firm, sector_of
from tidegate.screening.normalize import Floats, RecordView, fold_identifier, fold_text
from tidegate.screening.redflags_money import places_of
from tidegate.screening.references import references_in, references_of
from tidegate.screening.scene import Flag, Scene, is_firm, is_person, says, term_pattern
from tidegate.screening.windows import bursts
from tidegate.screening.worth import code_of, dollars, thresholds

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_Lots = list[tuple[int, int]]


def outgoing_jump(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A payer's month is above [3] times the mean of its own earlier months, of the earlier records and of the sheet (RF19)."""
    history = scene.view_of("payments")
    if history is None:
        return
    own, earlier = _monthly(scene.view, scene.dollars()), _monthly(history, dollars(history))
    for payer, months in own.items():
        past = {month: total for month, (total, _) in earlier.get(payer, {}).items()}
        past |= {month: total for month, (total, _) in months.items() if month not in past}
        if len(past) <= rule.number("min_months"):
            continue
        for month, (total, row) in sorted(months.items()):
            before = [sum_ for other, sum_ in past.items() if month - 12 <= other < month]
            if len(before) >= rule.number("min_months") and total > rule.number("factor") * float(np.mean(before)):
                params = {"total": f"{total:.0f}", "mean": f"{float(np.mean(before)):.0f}", "months": str(len(before))}
                value = scene.view.text("payer", row)
                yield Flag(row, "payer", value, "seen.outgoing", params, tuple(params.values()), 0.4)


def remitters_share_address(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Payers at one address pay one payee, each below the threshold and together above it, within [7] days (RF21)."""
    customers = customers_of(scene)
    amounts, days = scene.view.amounts("amount"), scene.view.days("date")
    limits = thresholds(scene.view, rule.number("threshold"))
    groups: dict[tuple[str, str], _Lots] = defaultdict(list)
    with np.errstate(invalid="ignore"):
        below = (amounts > 0) & (amounts < limits) & (days > 0)
    homes: dict[str, str] = {}
    for payer in scene.view.distinct("payer")[0]:
        place = customers.row_of(payer) if customers is not None and payer else None
        if customers is not None and payer and place is not None:
            homes[payer] = customers.view.text("address", place)
    for row in scene.view.rows_where("payer_address", lambda text: True).tolist():
        homes.setdefault(scene.view.text("payer", row), scene.view.text("payer_address", row))
    written = {address_key(home): home for home in homes.values()}
    homes = {payer: address_key(home) for payer, home in homes.items()}
    at_home = Counter(homes.values())
    shared = {payer for payer, home in homes.items() if home and at_home[home] > 1}
    sharing = scene.view.rows_where("payer", lambda payer: payer in shared)
    for row in sharing[below[sharing]].tolist():
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
            params = {"address": written[home], "count": str(len(payers)), "total": total, "rows": scene.places(rows)}
            value = scene.view.text("payee", row)
            flag = Flag(row, "payee", value, "seen.shared-remitters", params, (home, *payers), 0.6)
            yield from scene.on_each(flag, rows)


def cash_collected_and_sent_on(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Cash from [3] or more places enters one account within [7] days and [80 %] leaves within [48] hours (RF22).

    The place is that of its column, or what the channel says behind the words for cash ("cash, branch 12"); with no
    account the firm counts.
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
    holders = {firm_key(scene.view.text("payee", row)): account for account, lots in into.items() for _, row in lots}
    for column in ("payer_account", "payer"):
        fold = fold_identifier if column == "payer_account" else firm_key
        known = set(into) if column == "payer_account" else {*into, *holders}
        for row in scene.view.rows_where(column, lambda text, fold=fold, known=known: fold(text) in known).tolist():  # type: ignore[misc]
            account = _account(scene, "payer", row)
            account = account if account in into else holders.get(account, "")
            if days[row] > 0 and worth[row] > 0 and account in into:
                out[account].append((int(days[row]), row))
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
            flag = Flag(rows[-1], column, value, "seen.collected", params, (*places, params["came"]), 0.65)
            yield from scene.on_each(flag, rows)


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
            flag = Flag(row, "payer", params["payer"], "seen.forwarder-and-seller", params, evidence, 0.6)
            yield from scene.on_each(flag, rows)


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
    for column in ("document_number", "consignment_id"):
        by_reference = {**references_of(goods, column), **by_reference}
    paid: dict[int, dict[int, str]] = defaultdict(dict)
    for row, reference in references_in(payments, "memo", by_reference) if by_reference else ():
        paid[by_reference[reference]].setdefault(row, reference)
    if not paid:
        return
    values, amounts = goods.amounts("value"), payments.amounts("amount")
    value_worth, amount_worth = dollars(goods, "value"), dollars(payments)
    said = _items_said(scene, payments)
    for other, told in sorted(paid.items()):
        rows = sorted(told)
        row, reference, buyer = rows[-1], told[rows[-1]], goods.text("consignee", other)
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
        named = _other_item(scene, said.get(row, {}), goods.text("goods_description", other))
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


def _items_said(scene: Scene, payments: RecordView) -> dict[int, dict[str, str]]:
    """Return row -> id -> name of the register items that the payments' texts name outright."""
    if scene.view is payments:
        return {row: {item.id: item.name for item in items} for row, items in scene.memo_items.items()}
    from tidegate.screening.goods import find_goods_rows

    hits = find_goods_rows(payments.column("memo"), None, None, scene.register)
    return {
        row: {hit.item_id: hit.against.name for hit in found if hit.named and not hit.context}
        for row, found in hits.items()
    }


def _other_item(scene: Scene, said: dict[str, str], goods_text: str) -> str:
    """Return the register item that a payment's text names and the goods text does not, "" where there is none."""
    if not said:
        return ""
    from tidegate.screening.goods import find_goods

    there = {hit.item_id for hit in find_goods([goods_text], [None], [None], scene.register)[0]}
    return next((name for item, name in said.items() if item not in there), "")


def _money(view: RecordView, row: int, column: str) -> str:
    return f"{view.text(column, row)} {view.text('currency', row)}".strip()


def in_and_out(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A person receives money and sends [80 %] on to [2] or more others within [48] hours (RF72).

    To one other is enough where the work on file is one of small means: a student, a pensioner. Never nationality.
    """
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
        work = sector_of(scene, person)
        for day, row in lots:
            on = [other for later, other in sent[person] if 0 <= later - day <= rule.number("hours") / 24]
            total = float(amounts[on].sum()) if on else 0.0
            others = {fold_text(scene.view.text("payee", other)) for other in on}
            if (
                amounts[row] >= rule.number("min_amount")
                and total >= rule.number("share") * amounts[row]
                and len(others) >= (1 if says("small_means", work) else rule.number("min_payees"))
            ):
                params = {
                    "came": f"{amounts[row]:g}",
                    "left": f"{total:g}",
                    "count": str(len(others)),
                    "rows": scene.places([row, *on]),
                }
                name, evidence = scene.view.text("payee", row), tuple(sorted(others))
                yield Flag(row, "payee", name, "seen.in-and-out", params, evidence, 0.45)
                for other in on:
                    yield Flag(other, "payer", name, "seen.in-and-out", params, evidence, 0.45)
                break


def paid_but_never_buys(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A firm is paid for goods [6] times or more and pays nobody, in this sheet or the earlier one (RF73).

    A sheet alone must span [60] days, or it says nothing of what a firm buys.
    """
    if scene.view_of("payments") is None and days_spanned(scene.view) < rule.number("min_span_days"):
        return
    views = [view for view in (scene.view, scene.view_of("payments")) if view is not None]
    buys = {firm_key(name) for view in views for name in view.distinct("payer")[0] if name}
    pattern = "|".join(term_pattern(words) for words in ("invoice_word", "chemical_firm", "goods_paid"))
    rows = scene.view.rows_matching("memo", pattern)
    values, index = scene.view.distinct("payee")
    payees, counts = np.unique(index[rows], return_counts=True)
    received: Counter[str] = Counter()
    key_of: dict[int, str] = {}
    for place, count in zip(payees.tolist(), counts.tolist(), strict=True):
        payee = values[place]
        if payee and is_firm(payee) and firm_key(payee) not in buys:
            key_of[place] = firm_key(payee)
            received[key_of[place]] += count
    often = {key for key, count in received.items() if count >= rule.number("min_receipts")}
    told: dict[str, list[int]] = defaultdict(list)
    chosen = np.array([place for place, key in key_of.items() if key in often], dtype=np.int64)
    for row in rows[np.isin(index[rows], chosen)].tolist():
        told[key_of[int(index[row])]].append(row)
    days = scene.view.days("date")
    for own in told.values():
        params = {"count": str(len(own)), "rows": scene.places(own)}
        row = max(own, key=lambda one: (days[one], one))
        value = scene.view.text("payee", row)
        yield Flag(row, "payee", value, "seen.never-buys", params, (str(len(own)),), 0.35)


def days_spanned(view: RecordView) -> int:
    """Return how many days lie between the first and the last record, 0 where no day is told."""
    days = view.days("date")
    told = days[days > 0]
    return int(told.max() - told.min()) if len(told) else 0


def _monthly(view: RecordView, worth: Floats) -> dict[str, dict[int, tuple[float, int]]]:
    """Return payer -> month number -> (sum in dollars, last row)."""
    days, (values, index) = view.days("date"), view.distinct("payer")
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero((days > 0) & (worth > 0))
    if not len(rows) or not values:
        return {}
    told, day_at = np.unique(days[rows], return_inverse=True)
    months = np.array([day.year * 12 + day.month for day in map(date.fromordinal, told.tolist())], dtype=np.int64)[
        day_at
    ]
    keys, at = np.unique(index[rows] * 100_000 + months, return_inverse=True)
    sums = np.bincount(at, weights=worth[rows])
    last = np.zeros(len(keys), dtype=np.int64)
    latest = np.argsort(days[rows], kind="stable")
    last[at[latest]] = rows[latest]  # of one payer and month the row of the latest day stands
    found: dict[str, dict[int, tuple[float, int]]] = defaultdict(dict)
    for key, total, row in zip(keys.tolist(), sums.tolist(), last.tolist(), strict=True):
        payer, month = firm_key(values[key // 100_000] or ""), key % 100_000
        if payer:
            before, first = found[payer].get(month, (0.0, -1))
            found[payer][month] = (before + total, max(first, row))
    return found


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "outgoing-jump": outgoing_jump,
    "remitters-share-address": remitters_share_address,
    "cash-collected-and-sent-on": cash_collected_and_sent_on,
    "forwarder-and-chemical-seller-paid": forwarder_and_chemical_seller_paid,
    "papers-and-payment-disagree": papers_and_payment_disagree,
    "in-and-out": in_and_out,
    "paid-but-never-buys": paid_but_never_buys,
}
