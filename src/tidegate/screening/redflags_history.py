"""Red flags against earlier records: RF09, RF40, RF41, RF49, RF56, RF59, RF64."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidegate.errors import InputUnreadable
from tidegate.model.quantity import parse_mass_kg
from tidegate.registers.places import country_code
from tidegate.screening.firms import firm_key, in_time, last_rows
from tidegate.screening.normalize import Floats, RecordView, fold_identifier, fold_text
from tidegate.screening.redflags_goods import buyers_of, items_of
from tidegate.screening.references import pairs_of, references_of, rows_by_reference
from tidegate.screening.scene import Flag, Scene, masses_of
from tidegate.screening.windows import bursts

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_PART_KINDS = ("press part", "die/punch set")


def one_source_country(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[90 %] of a firm's chemical purchases in 12 months come from one country while peers' middle is [60 %] at most (RF09)."""
    sources: dict[str, Counter[str]] = defaultdict(Counter)
    for view in _views(scene):
        # Where no origin is told, goods are bought from where the consignor sits.
        column = "origin_country" if "origin_country" in view.present() else "consignor_country"
        origins, origin_at = view.distinct(column)
        codes = [country_code(value) or "" for value in origins]
        buyers, buyer_at = view.distinct("consignee")
        rows = view.rows_where("hs_code", lambda code: code.strip()[:2] in ("28", "29"))
        if not len(rows) or not codes or not buyers:
            continue
        width = len(codes)
        pairs, counts = np.unique(buyer_at[rows] * width + origin_at[rows], return_counts=True)
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
            buyer, origin = divmod(pair, width)
            key = firm_key(buyers[buyer] or "") if codes[origin] else ""
            if key:
                sources[key][codes[origin]] += count
    shares = {
        buyer: (found.most_common(1)[0][0], found.most_common(1)[0][1] / found.total())
        for buyer, found in sources.items()
        if found.total() >= rule.number("min_peer_buys")
    }
    one_sided = {
        buyer
        for buyer, (_, share) in shares.items()
        if share >= rule.number("share") and sources[buyer].total() >= rule.number("min_buys")
    }
    for row, buyer in last_rows(scene.view, "consignee") if one_sided else ():
        if firm_key(buyer) not in one_sided:
            continue
        origin, share = shares[firm_key(buyer)]
        peers = [value for other, (_, value) in shares.items() if other != firm_key(buyer)]
        if len(peers) < rule.number("min_peers") or float(np.median(peers)) > rule.number("peer_share"):
            continue
        total = sources[firm_key(buyer)].total()
        params = {
            "share": f"{share:.0%}",
            "origin": origin,
            "count": str(total),
            "peers": f"{float(np.median(peers)):.0%}",
        }
        yield Flag(row, "consignee", buyer, "seen.one-source", params, (origin,), 0.35)


def quantity_out_of_habit(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item above the buyer's own mean plus [3] deviations, above [95 %] of other buyers' lots, or split (RF40).

    Split: the lots of one month stay under a threshold of the destination's law one by one, and pass it together.
    """
    yield from _months_over_threshold(rule, scene)
    for row, item_id, name, kg, past, others in _with_past(scene):
        masses = np.array([mass for _, mass in past])
        value, column = _mass_cell(scene, row)
        if len(masses) >= rule.number("min_earlier"):
            middle = float(masses.mean())
            limit = middle + rule.number("deviations") * max(float(masses.std()), 0.05 * middle)
            if kg > limit:
                params = {"item": name, "kg": f"{kg:g}", "mean": f"{middle:.4g}", "limit": f"{limit:.4g}"}
                params["count"] = str(len(masses))
                yield Flag(row, column, value, "seen.above-habit", params, (item_id, f"{kg:g}"), 0.6)
        elif len(others) >= rule.number("min_peers"):
            limit = float(np.quantile(others, rule.number("peer_share")))
            if kg > limit:
                params = {"item": name, "kg": f"{kg:g}", "limit": f"{limit:.4g}", "count": str(len(others))}
                yield Flag(row, column, value, "seen.above-peers", params, (item_id, f"{kg:g}"), 0.5)


def _months_over_threshold(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Give a flag for each buyer, item and month whose lots pass a US import threshold only together (21 CFR 1310.04)."""
    masses, days = scene.kg(), scene.view.days("date")
    lots: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row, item in items_of(scene, "substance"):
        if days[row] > 0 and masses[row] > 0 and scene.destination(row) == "US":
            month = date.fromordinal(int(days[row])).isoformat()[:7]
            lots[firm_key(scene.view.text("consignee", row)), item.id, month].append(row)
    for (buyer, item_id, month), rows in lots.items():
        limits = [
            limit for control in scene.register.controls_of.get(item_id, ())
            if control.regime == "US" and "import" in control.legs and (limit := _kg(control.threshold)) is not None
        ]  # fmt: skip
        if not buyer or len(rows) < 2 or not limits:
            continue
        total, limit = float(masses[rows].sum()), max(limits)
        if total >= limit and all(masses[row] < limit for row in rows):
            params = {"item": scene.register.item_name(item_id), "count": str(len(rows)), "month": month}
            params |= {"total": f"{total:g}", "limit": f"{limit:g}", "rows": scene.places(rows)}
            value, column = _mass_cell(scene, rows[-1])
            evidence = (item_id, month, params["total"])
            flag = Flag(rows[-1], column, value, "seen.month-over-threshold", params, evidence, 0.65)
            yield from scene.on_each(flag, rows)


def _kg(threshold: str) -> float | None:
    try:
        return float(parse_mass_kg(threshold)) if threshold else None
    except InputUnreadable:
        return None


def _mass_cell(scene: Scene, row: int) -> tuple[str, str]:
    """Return text and column of the cell that tells a row's mass."""
    columns = ("net_mass_kg", "gross_mass_kg", "quantity")
    column = next((name for name in columns if scene.view.text(name, row)), "net_mass_kg")
    return scene.view.text(column, row), column


def sudden_jump(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item above [5] times the buyer's middle, or bought again after [365] quiet days (RF41)."""
    days = scene.view.days("date")
    for row, item_id, name, kg, past, _ in _with_past(scene):
        masses = [mass for _, mass in past]
        dated = [day for day, _ in past if day > 0]
        middle = float(np.median(masses)) if masses else 0.0
        value, column = _mass_cell(scene, row)
        if len(masses) >= rule.number("min_earlier") and kg > rule.number("factor") * middle:
            params = {"item": name, "kg": f"{kg:g}", "middle": f"{middle:.4g}"}
            yield Flag(row, column, value, "seen.jump", params, (item_id, f"{kg:g}"), 0.45)
        elif dated and days[row] - max(dated) > rule.number("dormant_days") and kg > middle:
            params = {
                "item": name,
                "days": str(int(days[row]) - max(dated)),
                "kg": f"{kg:g}",
                "middle": f"{middle:.4g}",
            }
            yield Flag(row, column, value, "seen.dormant", params, (item_id, params["days"]), 0.45)


def machine_parts_repeated(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Turrets, punches or dies go to one consignee or one address in [2] or more consignments within [60] days (RF49)."""
    days = scene.view.days("date")
    parts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    name_at: dict[int, str] = {}
    for row, items in sorted(scene.items.items()):
        item = next((one for one in items if one.role in _PART_KINDS), None)
        if item is None or days[row] <= 0:
            continue
        name_at[row] = item.name
        for buyer in buyers_of(scene, row, int(rule.number("busy_rows"))):
            parts[buyer].append((int(days[row]), row))
    told: set[tuple[int, ...]] = set()
    for dated in parts.values():
        for rows in bursts(dated, rule.number("days"), lambda rows: len(rows) >= rule.number("min_rows")):
            if tuple(rows) in told:
                continue
            told.add(tuple(rows))
            items_named = ", ".join(dict.fromkeys(name_at[row] for row in rows))
            params = {"count": str(len(rows)), "item": items_named, "rows": scene.places(rows)}
            value = scene.view.text("consignee", rows[-1])
            flag = Flag(rows[-1], "consignee", value, "seen.parts-again", params, (str(len(rows)),), 0.6)
            yield from scene.on_each(flag, rows)


def first_import_in_chapter(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The firm's first import in a chemical chapter, above [500 kg], against the earlier records (RF56).

    The earlier records must hold the firm itself, in other chapters, or [20] rows at least.
    """
    history = scene.view_of("consignments")
    if history is None:
        return
    chapters = rule.words("chapters")
    held: dict[str, set[str]] = defaultdict(set)
    buyers, codes = history.distinct("consignee"), history.distinct("hs_code")
    if len(buyers[0]) and len(codes[0]):
        for buyer, code in zip(*(part.tolist() for part in pairs_of(buyers[1], codes[1])[:2]), strict=True):
            held[firm_key(buyers[0][buyer] or "")].add((codes[0][code] or "").strip()[:2])
    masses = scene.kg()
    heavy = masses > rule.number("over_kg")
    told: set[tuple[str, str]] = set()
    coded = scene.view.rows_where("hs_code", lambda code: code.strip()[:2] in chapters)
    coded = coded[heavy[coded]]
    for row in in_time(scene.view, coded):
        buyer, chapter = scene.view.text("consignee", row), scene.view.text("hs_code", row).strip()[:2]
        key = (firm_key(buyer), chapter)
        known = held.get(key[0])
        if not buyer or key in told or (known is not None and chapter in known):
            continue
        if known is None and history.rows < rule.number("min_history"):
            continue
        told.add(key)
        params = {"chapter": chapter, "kg": f"{masses[row]:g}", "count": str(history.rows)}
        yield Flag(row, "consignee", buyer, "seen.first-import", params, (chapter,), 0.35)


def mirror_gap(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The two sides' masses for one pair differ by more than [20 %] over the papers that both hold (RF59)."""
    other = scene.view_of("consignments")
    if other is None:
        return
    pairs: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    joined = list(_shared_papers(scene.view, other))
    numbered = all("document_number" in view.present() for view in (scene.view, other))
    if not joined and not numbered:
        joined = list(_arrived_later(scene, other, rule.number("days")))
    for row, one in joined:
        kg, mirror = float(scene.kg()[row]), float(_masses(scene, other)[one])
        if kg > 0 and mirror > 0:
            pair = firm_key(scene.view.text("consignor", row)), firm_key(scene.view.text("consignee", row))
            pairs[pair].append((kg, mirror, row))
    for lots in (sorted(lots) for lots in pairs.values()):
        own, theirs = sum(lot[0] for lot in lots), sum(lot[1] for lot in lots)
        if abs(own - theirs) > rule.number("over") * max(own, theirs):
            rows = [lot[2] for lot in lots]
            row = max(rows)
            params = {"ours": f"{own:g}", "theirs": f"{theirs:g}", "count": str(len(lots))}
            value, column = _mass_cell(scene, row)
            evidence = (params["ours"], params["theirs"])
            yield from scene.on_each(Flag(row, column, value, "seen.mirror-gap", params, evidence, 0.45), rows)


def _masses(scene: Scene, view: RecordView) -> Floats:
    held = scene.cache.get("history kg")
    if not isinstance(held, np.ndarray):
        held = scene.cache["history kg"] = masses_of(view)
    return held


def _arrived_later(scene: Scene, other: RecordView, days: float) -> Iterator[tuple[int, int]]:
    """Give the rows of both sides for one pair and like goods where the other side's day is up to `days` later.

    Earlier records lie before the sheet and are never taken for the other side's.
    """
    sent, arrived = scene.view.days("date"), other.days("date")
    senders = {firm_key(name) for name in scene.view.distinct("consignor")[0] if name}
    papers: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in other.rows_where("consignor", lambda name: firm_key(name) in senders).tolist():
        for like in _likes(other, one):
            papers[firm_key(other.text("consignor", one)), firm_key(other.text("consignee", one)), like].append(one)
    taken: set[int] = set()
    for row in np.argsort(sent, kind="stable").tolist() if papers else ():
        pair = firm_key(scene.view.text("consignor", row)), firm_key(scene.view.text("consignee", row))
        near = [
            one for like in _likes(scene.view, row) for one in papers.get((*pair, like), ())
            if sent[row] > 0 and 0 <= arrived[one] - sent[row] <= days and one not in taken
        ]  # fmt: skip
        if near:
            first = min(near, key=lambda one: (int(arrived[one]), one))
            taken.add(first)
            yield row, first


def _shared_papers(ours: RecordView, theirs: RecordView) -> Iterator[tuple[int, int]]:
    """Give the rows of both sides that carry one document number, or one consignment id where there is none."""
    told: set[int] = set()
    for column in ("document_number", "consignment_id"):
        numbers = references_of(theirs, column)
        for row, reference in rows_by_reference(ours, column, numbers) if numbers else ():
            if row not in told:
                told.add(row)
                yield row, numbers[reference]


def resupply_after_closure(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """After a supplier was closed, its consignee gets like goods from a new consignor within [90] days (RF64)."""
    history = scene.view_of("consignments")
    closed = {firm_key(one.name): one for one in scene.companions.closures or () if one.closed_on}
    if history is None or not closed:
        return
    supplied: dict[tuple[str, str], str] = {}
    for row in history.rows_where("consignor", lambda name: firm_key(name) in closed).tolist():
        buyer = firm_key(history.text("consignee", row))
        for like in _likes(history, row):
            supplied[buyer, like] = firm_key(history.text("consignor", row))
    buyers = {buyer for buyer, _ in supplied}
    ours = scene.view.rows_where("consignee", lambda name: firm_key(name) in buyers)
    theirs = history.rows_where("consignee", lambda name: firm_key(name) in buyers)
    known = {
        (firm_key(history.text("consignor", row)), firm_key(history.text("consignee", row))) for row in theirs.tolist()
    }
    days = scene.view.days("date")
    for row in ours.tolist():
        sender, buyer = scene.view.text("consignor", row), firm_key(scene.view.text("consignee", row))
        gone = next((supplied[buyer, like] for like in _likes(scene.view, row) if (buyer, like) in supplied), None)
        if not sender or gone is None or (firm_key(sender), buyer) in known or firm_key(sender) in closed:
            continue
        day = closed[gone].closed_on
        if day is not None and 0 <= days[row] - day.toordinal() <= rule.number("days"):
            params = {"closed": closed[gone].name, "day": day.isoformat(), "consignor": sender}
            yield Flag(row, "consignor", sender, "seen.resupply", params, (gone, buyer), 0.65)


def _likes(view: RecordView, row: int) -> list[str]:
    """Return the keys under which a row's goods are like others: tariff heading, CAS number, goods text."""
    code, number = fold_identifier(view.text("hs_code", row))[:4], fold_identifier(view.text("cas", row))
    goods = fold_text(view.text("goods_description", row))
    return [key for key in (code if len(code) == 4 else "", number, goods) if key]


def _with_past(scene: Scene) -> Iterator[tuple[int, str, str, float, list[tuple[int, float]], list[float]]]:
    """Give each row of a register item: its mass, the buyer's earlier (day, mass) of like goods, and others' masses.

    Earlier: before the row's day, where both days are told.
    """
    history = scene.view_of("consignments")
    if history is None:
        return
    masses, past_masses = scene.kg(), masses_of(history)
    days, past_days = scene.view.days("date"), history.days("date")
    wanted: dict[str, list[int]] = {}
    for row, _ in items_of(scene):
        for key in _likes_exactly(scene.view, row):
            wanted.setdefault(key, [])
    cells: dict[str, Callable[[str], str]] = {
        "goods_description": fold_text,
        "cas": fold_identifier,
        "hs_code": lambda text: fold_identifier(text)[:6],
    }
    for column, fold in cells.items():
        for one in history.rows_where(column, lambda text, fold=fold: fold(text) in wanted).tolist():  # type: ignore[misc]
            if past_masses[one] > 0:
                wanted[fold(history.text(column, one))].append(one)
    of_item = _rows_of_items(scene, history)
    for row, item in items_of(scene):
        if not masses[row] > 0:
            continue
        like = sorted({one for key in _likes_exactly(scene.view, row) for one in wanted[key]} | of_item[item.id])
        like = [one for one in like if past_masses[one] > 0]
        like = [one for one in like if days[row] < 0 or past_days[one] < 0 or past_days[one] <= days[row]]
        buyer = firm_key(scene.view.text("consignee", row))
        keys = {one: firm_key(history.text("consignee", one)) for one in like}
        own = [(int(past_days[one]), float(past_masses[one])) for one in like if keys[one] == buyer]
        others = [float(past_masses[one]) for one in like if keys[one] != buyer]
        yield row, item.id, item.name, float(masses[row]), own, others


def _rows_of_items(scene: Scene, history: RecordView) -> dict[str, set[int]]:
    """Return item id -> rows of the earlier records whose goods text names it, in whatever language."""
    held = scene.cache.get("history items")
    if isinstance(held, defaultdict):
        return held
    from tidegate.screening.goods import find_goods_rows

    wanted = {item.id for _, item in items_of(scene)}
    found: dict[str, set[int]] = defaultdict(set)
    hits = find_goods_rows(history.column("goods_description"), None, None, scene.register) if wanted else {}
    for row, own in hits.items():
        for hit in own:
            if hit.named and hit.item_id in wanted:
                found[hit.item_id].add(row)
    scene.cache["history items"] = found
    return found


def _likes_exactly(view: RecordView, row: int) -> list[str]:
    """Return goods text, CAS number and six-digit code of a row, folded, where they are there."""
    code = fold_identifier(view.text("hs_code", row))[:6]
    found = [fold_text(view.text("goods_description", row)), fold_identifier(view.text("cas", row))]
    return [key for key in (*found, code if len(code) == 6 else "") if key]


def _views(scene: Scene) -> list[RecordView]:
    history = scene.view_of("consignments")
    return [scene.view] if history is None else [scene.view, history]


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "one-source-country": one_source_country,
    "quantity-out-of-habit": quantity_out_of_habit,
    "sudden-jump": sudden_jump,
    "machine-parts-repeated": machine_parts_repeated,
    "first-import-in-chapter": first_import_in_chapter,
    "mirror-gap": mirror_gap,
    "resupply-after-closure": resupply_after_closure,
}
