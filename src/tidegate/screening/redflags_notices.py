"""Red flags about pre-export notices: RF47, RF57, RF74, RF75."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidegate.screening.companions import Notice, Refusal
from tidegate.screening.duties import duties_for
from tidegate.screening.firms import firm_key, first_rows, same_firm
from tidegate.screening.normalize import fold_identifier, fold_text
from tidegate.screening.papers import names_item, notices_between
from tidegate.screening.redflags_goods import items_of
from tidegate.screening.scene import Flag, Scene
from tidegate.screening.windows import bursts

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_REFUSED = ("objection", "hold", "partial", "refused")


def refused_before(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The same importer was refused the same item earlier: by an authority, by another firm or by a partner (RF47)."""
    turned_down = scene.companions.refusals or ()
    refused = [notice for notice in scene.companions.notices or () if notice.answer in _REFUSED]
    for row, item in items_of(scene):
        buyer = scene.view.text("consignee", row)
        own = next((one for one in notices_between(refused, "", buyer, item.id, scene.register)), None)
        if own is not None:
            params = {"number": own.number, "answer": own.answer, "item": item.name, "day": _day(own.answered_on)}
            evidence = (own.number, item.id)
            yield Flag(row, "consignee", buyer, "seen.refused", params, evidence, 0.75, fact="notice")
            continue
        order = next((one for one in turned_down if _same_request(one, buyer, item.id, row, scene)), None)
        if order is not None:
            params = {"by": order.refused_by or "?", "item": item.name, "day": _day(order.refused_on)}
            told = (order.customer, order.refused_by, item.id)
            yield Flag(row, "consignee", buyer, "seen.refused-order", params, told, 0.75, fact="refusal")


def _same_request(order: Refusal, buyer: str, item_id: str, row: int, scene: Scene) -> bool:
    """Tell whether an order that was turned down is this buyer's for this item, and not younger than the row."""
    left = scene.view.day("date", row) if scene.view.has("date") else None
    if order.refused_on and left and order.refused_on > left:
        return False
    return same_firm(order.customer, buyer) and names_item(order.item, item_id, scene.register)


def notice_missing(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """No notice on file, or the goods left before answer or reply day, after an objection, or above its quantity (RF57).

    Only where the law of the leg asks for a notice on that day; the rows of one notice are added up.
    """
    notices = scene.companions.notices or ()
    masses = scene.kg()
    moved: dict[str, float] = defaultdict(float)
    for row, item in items_of(scene, "substance"):
        if not _notice_is_due(scene, row, item.id):
            continue
        exporter, importer = (scene.view.text(name, row) for name in ("consignor", "consignee"))
        own = notices_between(notices, exporter, importer, item.id, scene.register)
        linked = [one for one in own if one.consignment_id and _names_row(one, scene, row)]
        left = scene.view.day("date", row) if scene.view.has("date") else None
        notice = _notice_for(linked or own, left, float(masses[row]))
        key = notice.number if notice is not None else ""
        if np.isfinite(masses[row]):
            moved[key] += float(masses[row])
        code, params = _judge_notice(notice, left, float(masses[row]), moved[key], rule.number("over"))
        if code:
            params = {"item": item.name, **params}
            evidence = (item.id, code, params.get("number", ""))
            yield Flag(row, item.column, item.value, code, params, evidence, 0.8, alone=True)


def split_notices(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One pair's notices split a quantity: [3] or more within [60] days, each under the licence, together above it (RF74)."""
    limits: dict[str, float] = {}
    for licence in scene.companions.licences or ():
        if licence.quantity_kg is not None and licence.holder:
            key = firm_key(licence.holder)
            limits[key] = max(limits.get(key, 0.0), licence.quantity_kg)
    pairs: dict[tuple[str, str, str], list[Notice]] = defaultdict(list)
    for notice in scene.companions.notices or ():
        if notice.filed_on and notice.quantity_kg:
            pairs[firm_key(notice.exporter), firm_key(notice.importer), fold_text(notice.item)].append(notice)
    for (exporter, importer, _), lot in sorted(pairs.items()):
        limit = limits.get(importer, limits.get(exporter))
        if limit is None or any((notice.quantity_kg or 0) > limit for notice in lot):
            continue
        dated = [(notice.filed_on.toordinal(), place) for place, notice in enumerate(lot) if notice.filed_on]

        def splits(places: Sequence[int], lot: list[Notice] = lot, limit: float = limit) -> bool:
            total = sum(lot[place].quantity_kg or 0 for place in places)
            return len(places) >= rule.number("min_notices") and total > limit

        for places in bursts(dated, rule.number("days"), splits):
            near = [lot[place] for place in places]
            total = sum(notice.quantity_kg or 0 for notice in near)
            params = {"count": str(len(near)), "total": f"{total:g}", "limit": f"{limit:g}"}
            params["numbers"] = ", ".join(notice.number for notice in near[:8])
            row = _first_row_of(scene, exporter, importer)
            if row is not None:
                value = scene.view.text("consignee", row)
                evidence = tuple(notice.number for notice in near)
                yield Flag(row, "consignee", value, "seen.split-notices", params, evidence, 0.6)
                break


def silent_authority(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The importer's authority left [3] or more notices for this importer without an answer (RF75)."""
    silent: dict[str, list[Notice]] = defaultdict(list)
    for notice in scene.companions.notices or ():
        if not notice.answer and not notice.answered_on and notice.reply_due_on and notice.reply_due_on < scene.on:
            silent[firm_key(notice.importer)].append(notice)
    if not silent:
        return
    told: set[str] = set()
    for row, buyer in first_rows(scene.view, "consignee"):
        key = firm_key(buyer)
        lot = silent.get(key, [])
        if len(lot) >= rule.number("min_notices") and key not in told:
            told.add(key)
            params = {"count": str(len(lot)), "numbers": ", ".join(notice.number for notice in lot[:5])}
            yield Flag(row, "consignee", buyer, "seen.silence", params, (str(len(lot)),), 0.4)


def _notice_is_due(scene: Scene, row: int, item_id: str) -> bool:
    """Tell whether the law of the row's leg asks for a pre-export notification on its day."""
    ends = [
        scene.country(first, row) or scene.country(second, row) or None
        for first, second in (("origin_country", "consignor_country"), ("destination_country", "consignee_country"))
    ]
    on = (scene.view.day("date", row) if scene.view.has("date") else None) or scene.on
    if ends[0] is not None and ends[0] == ends[1]:
        return False
    answer = duties_for(item_id, on=on, origin=ends[0], destination=ends[1], register=scene.register)
    return any(duty.duty == "pre-export notification" for duty in answer.duties)


def _names_row(notice: Notice, scene: Scene, row: int) -> bool:
    wanted = fold_identifier(notice.consignment_id)
    return any(fold_identifier(scene.view.text(name, row)) == wanted for name in ("consignment_id", "document_number"))


def _notice_for(own: Sequence[Notice], left: date | None, kg: float) -> Notice | None:
    """Return the notice that a consignment runs under: the latest filed before it left, with room for its mass if any."""
    if not own:
        return None
    before = [one for one in own if left is None or one.filed_on is None or one.filed_on <= left] or list(own)
    roomy = [one for one in before if one.quantity_kg is None or not kg > one.quantity_kg * 1.01] or before
    return max(roomy, key=lambda one: one.filed_on or date.min)


def _judge_notice(
    notice: Notice | None, left: date | None, kg: float, moved: float, over: float
) -> tuple[str, dict[str, str]]:
    if notice is None:
        return "seen.no-notice", {}
    params = {"number": notice.number}
    if notice.answer in ("objection", "refused"):
        return "seen.after-objection", params
    if notice.answer == "hold":
        return "seen.notice-on-hold", params
    if notice.filed_on and left and left < notice.filed_on:
        return "seen.before-notice", {**params, "day": _day(notice.filed_on), "left": _day(left)}
    if not notice.answer and left and notice.reply_due_on and left < notice.reply_due_on:
        return "seen.before-reply-day", {**params, "day": _day(notice.reply_due_on), "left": _day(left)}
    if notice.answered_on and left and left < notice.answered_on:
        return "seen.before-answer", {**params, "day": _day(notice.answered_on), "left": _day(left)}
    if notice.quantity_kg and max(kg, moved) > notice.quantity_kg * (1 + over):
        return "seen.over-notice", {**params, "kg": f"{max(kg, moved):g}", "notified": f"{notice.quantity_kg:g}"}
    return "", {}


def _first_row_of(scene: Scene, exporter: str, importer: str) -> int | None:
    """Return the row of the earliest day of a pair of firms by key, None where the sheet has none."""
    sides = []
    for column, key in (("consignor", exporter), ("consignee", importer)):
        if not key:
            continue
        sides.append(scene.view.rows_where(column, lambda name, key=key: firm_key(name) == key))  # type: ignore[misc]
    if not sides:
        return None
    both = sides[0] if len(sides) == 1 else np.intersect1d(sides[0], sides[1])
    return int(both[np.argmin(scene.view.days("date")[both])]) if len(both) else None


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "refused-before": refused_before,
    "notice-missing": notice_missing,
    "split-notices": split_notices,
    "silent-authority": silent_authority,
}
