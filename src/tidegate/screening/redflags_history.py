"""Red flags against earlier records: RF09, RF40, RF41, RF49, RF56, RF59, RF64."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from tidegate.registers.places import country_code
from tidegate.screening.normalize import RecordView, fold_identifier, fold_text
from tidegate.screening.redflags_goods import items_of
from tidegate.screening.scene import Flag, Scene

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_PART_KINDS = ("press part", "die/punch set")


def one_source_country(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """[90 %] of a firm's chemical purchases in 12 months come from one country while peers' middle is [60 %] at most (RF09)."""
    sources: dict[str, Counter[str]] = defaultdict(Counter)
    for view in _views(scene):
        for row in view.rows_where("hs_code", lambda code: code.strip()[:2] in ("28", "29")).tolist():
            origin, buyer = country_code(view.text("origin_country", row)), fold_text(view.text("consignee", row))
            if origin and buyer:
                sources[buyer][origin] += 1
    shares = {
        buyer: (found.most_common(1)[0][0], found.most_common(1)[0][1] / found.total())
        for buyer, found in sources.items()
        if found.total() >= rule.number("min_buys")
    }
    if len(shares) < rule.number("min_peers") or float(
        np.median([share for _, share in shares.values()])
    ) > rule.number("peer_share"):
        return
    for row, buyer in _last_rows(scene.view, "consignee"):
        origin, share = shares.get(fold_text(buyer), ("", 0.0))
        if share >= rule.number("share"):
            params = {"share": f"{share:.0%}", "origin": origin, "count": str(sources[fold_text(buyer)].total())}
            yield Flag(row, "consignee", buyer, "seen.one-source", params, (origin,), 0.35)


def quantity_out_of_habit(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item above the buyer's own mean plus [3] standard deviations (RF40)."""
    for row, item_id, name, kg, past in _with_past(scene):
        masses = np.array([mass for _, mass in past])
        if len(masses) >= rule.number("min_earlier"):
            limit = float(
                masses.mean() + rule.number("deviations") * max(float(masses.std()), 0.05 * float(masses.mean()))
            )
            if kg > limit:
                params = {
                    "item": name,
                    "kg": f"{kg:g}",
                    "mean": f"{float(masses.mean()):.4g}",
                    "limit": f"{limit:.4g}",
                    "count": str(len(masses)),
                }
                yield Flag(
                    row,
                    "net_mass_kg",
                    scene.view.text("net_mass_kg", row),
                    "seen.above-habit",
                    params,
                    (item_id, f"{kg:g}"),
                    0.6,
                )


def sudden_jump(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A register item above [5] times the buyer's middle, or bought again after [365] quiet days (RF41)."""
    days = scene.view.days("date")
    for row, item_id, name, kg, past in _with_past(scene):
        masses = [mass for _, mass in past]
        dated = [day for day, _ in past if day > 0]
        if len(masses) >= rule.number("min_earlier") and kg > rule.number("factor") * float(np.median(masses)):
            params = {"item": name, "kg": f"{kg:g}", "middle": f"{float(np.median(masses)):.4g}"}
            yield Flag(
                row, "net_mass_kg", scene.view.text("net_mass_kg", row), "seen.jump", params, (item_id, f"{kg:g}"), 0.45
            )
        elif (
            dated and days[row] - max(dated) > rule.number("dormant_days") and masses and kg > float(np.median(masses))
        ):
            params = {"item": name, "days": str(int(days[row]) - max(dated))}
            yield Flag(
                row,
                "net_mass_kg",
                scene.view.text("net_mass_kg", row),
                "seen.dormant",
                params,
                (item_id, params["days"]),
                0.45,
            )


def machine_parts_repeated(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """Turrets, punches or dies go to one consignee in [2] or more consignments within [60] days (RF49)."""
    days = scene.view.days("date")
    parts: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row, item in items_of(scene, "equipment"):
        buyer = fold_text(scene.view.text("consignee", row))
        if item.role in _PART_KINDS and buyer and days[row] > 0:
            parts[buyer].append((int(days[row]), row, item.name))
    for lots in parts.values():
        lots.sort()
        near = [lot for lot in lots if lots[-1][0] - lot[0] <= rule.number("days")]
        if len(near) >= rule.number("min_rows"):
            row = near[-1][1]
            params = {
                "count": str(len(near)),
                "item": near[-1][2],
                "rows": ", ".join(scene.place(lot[1]) for lot in near),
            }
            yield Flag(
                row, "consignee", scene.view.text("consignee", row), "seen.parts-again", params, (str(len(near)),), 0.6
            )


def first_import_in_chapter(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The firm's first import in a chemical chapter, above [1000 kg], against the earlier records (RF56)."""
    history = scene.view_of("consignments")
    if history is None or history.rows < rule.number("min_history"):
        return
    chapters = rule.words("chapters")
    known = {
        (fold_text(history.text("consignee", row)), history.text("hs_code", row).strip()[:2])
        for row in range(history.rows)
    }
    masses = scene.view.masses("net_mass_kg")
    told: set[tuple[str, str]] = set()
    for row in np.flatnonzero(masses > rule.number("over_kg")).tolist():
        buyer, chapter = scene.view.text("consignee", row), scene.view.text("hs_code", row).strip()[:2]
        key = (fold_text(buyer), chapter)
        if chapter in chapters and buyer and key not in known and key not in told:
            told.add(key)
            params = {"chapter": chapter, "kg": f"{masses[row]:g}", "count": str(history.rows)}
            yield Flag(row, "consignee", buyer, "seen.first-import", params, (chapter,), 0.35)


def mirror_gap(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The two sides' masses for one pair differ by more than [20 %] over the documents that both hold (RF59)."""
    other = scene.view_of("consignments")
    if other is None:
        return
    ours, theirs = _by_document(scene.view), _by_document(other)
    pairs: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    for document in sorted(ours.keys() & theirs.keys()):
        row, kg = ours[document]
        if kg > 0 and theirs[document][1] > 0:
            pair = fold_text(scene.view.text("consignor", row)), fold_text(scene.view.text("consignee", row))
            pairs[pair].append((kg, theirs[document][1], row))
    for lots in pairs.values():
        own, mirror = sum(lot[0] for lot in lots), sum(lot[1] for lot in lots)
        if abs(own - mirror) > rule.number("over") * max(own, mirror):
            row = lots[-1][2]
            params = {"ours": f"{own:g}", "theirs": f"{mirror:g}", "count": str(len(lots))}
            yield Flag(
                row,
                "net_mass_kg",
                scene.view.text("net_mass_kg", row),
                "seen.mirror-gap",
                params,
                (f"{own:g}", f"{mirror:g}"),
                0.45,
            )


def resupply_after_closure(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """After a supplier was closed, its consignee gets like goods from a new consignor within [90] days (RF64)."""
    history = scene.view_of("consignments")
    if history is None:
        return
    closed = {fold_text(one.name): one.closed_on for one in scene.companions.closures or () if one.closed_on}
    supplied: dict[tuple[str, str], str] = {}
    known: set[tuple[str, str]] = set()
    for row in range(history.rows):
        sender, buyer = fold_text(history.text("consignor", row)), fold_text(history.text("consignee", row))
        known.add((sender, buyer))
        if sender in closed:
            supplied[buyer, history.text("hs_code", row).strip()[:4]] = sender
    days = scene.view.days("date")
    for row in range(scene.view.rows if supplied else 0):
        sender, buyer = scene.view.text("consignor", row), fold_text(scene.view.text("consignee", row))
        gone = supplied.get((buyer, scene.view.text("hs_code", row).strip()[:4]))
        if gone is None or (fold_text(sender), buyer) in known or fold_text(sender) == gone:
            continue
        day = closed[gone]
        if day is not None and 0 <= days[row] - day.toordinal() <= rule.number("days"):
            params = {"closed": gone, "day": day.isoformat(), "consignor": sender}
            yield Flag(row, "consignor", sender, "seen.resupply", params, (gone, buyer), 0.65)


def _with_past(scene: Scene) -> Iterator[tuple[int, str, str, float, list[tuple[int, float]]]]:
    """Give each row of a register item with its mass and the buyer's earlier (day, mass) of the same goods text or HS."""
    history = scene.view_of("consignments")
    if history is None:
        return
    masses, past_masses = scene.view.masses("net_mass_kg"), history.masses("net_mass_kg")
    past_days = history.days("date")
    wanted = {fold_text(scene.view.text("consignee", row)) for row, _ in items_of(scene)}
    past: dict[str, list[int]] = defaultdict(list)
    for row in history.rows_where("consignee", lambda name: fold_text(name) in wanted).tolist():
        past[fold_text(history.text("consignee", row))].append(row)
    for row, item in items_of(scene):
        if not masses[row] > 0:
            continue
        goods, code = (
            fold_text(scene.view.text("goods_description", row)),
            fold_identifier(scene.view.text("hs_code", row))[:6],
        )
        number = fold_identifier(scene.view.text("cas", row))
        like = [
            one for one in past[fold_text(scene.view.text("consignee", row))]
            if past_masses[one] > 0 and (
                fold_text(history.text("goods_description", one)) == goods
                or (number and fold_identifier(history.text("cas", one)) == number)
                or (len(code) == 6 and fold_identifier(history.text("hs_code", one))[:6] == code)
            )
        ]  # fmt: skip
        yield (
            row,
            item.id,
            item.name,
            float(masses[row]),
            [(int(past_days[one]), float(past_masses[one])) for one in like],
        )


def _by_document(view: RecordView) -> dict[str, tuple[int, float]]:
    masses = view.masses("net_mass_kg")
    return {
        fold_identifier(view.text("document_number", row)): (row, float(masses[row]))
        for row in range(view.rows)
        if view.text("document_number", row)
    }


def _views(scene: Scene) -> list[RecordView]:
    history = scene.view_of("consignments")
    return [scene.view] if history is None else [scene.view, history]


def _last_rows(view: RecordView, column: str) -> list[tuple[int, str]]:
    values, index = view.distinct(column)
    last = {code: row for row, code in enumerate(index.tolist())}
    return sorted((row, values[code] or "") for code, row in last.items() if values[code])


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "one-source-country": one_source_country,
    "quantity-out-of-habit": quantity_out_of_habit,
    "sudden-jump": sudden_jump,
    "machine-parts-repeated": machine_parts_repeated,
    "first-import-in-chapter": first_import_in_chapter,
    "mirror-gap": mirror_gap,
    "resupply-after-closure": resupply_after_closure,
}
