"""Red flags about papers: RF06, RF46, RF47, RF48, RF51, RF52, RF53, RF57, RF67, RF68, RF74, RF75."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tidegate.screening.companions import Notice
from tidegate.screening.goods import hs_disagrees
from tidegate.screening.normalize import fold_identifier, fold_text
from tidegate.screening.redflags_goods import item_phrases, items_of
from tidegate.screening.scene import Flag, Item, Scene, terms

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule

_REFUSED = ("objection", "hold", "partial", "refused")


def licence_missing(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A paper is due for a register item on this leg and day, and none is shown or on file (RF06)."""
    for row, item in items_of(scene):
        if item.papers_missing and item.kind == "substance":
            yield _paper_flag(row, item, scene)


def machine_without_permit(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A regulated machine goes without a Form 452 number (US legs) or a national permit (RF48)."""
    for row, item in items_of(scene, "equipment"):
        if item.papers_missing:
            yield _paper_flag(row, item, scene)


def china_export_licence(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """An item of China's catalogue leaves for one of its six countries without an export licence (RF67)."""
    for row, item in _lane_items(rule, scene):
        if item.papers_missing and "CN" in item.regimes:
            yield _paper_flag(row, item, scene, alone=True)


def import_law_not_shown(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """An item from China for the US, Mexico or Canada shows no paper of the importing country (RF68)."""
    for row, item in _lane_items(rule, scene):
        destination = scene.country("destination_country", row)
        if item.papers_missing and destination in item.regimes:
            yield _paper_flag(row, item, scene)


def no_label_wanted(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The papers of a register item ask for no label, neutral packing or another name (RF46)."""
    yield from item_phrases(scene, "no_label")


def refused_before(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The same importer was refused the same item earlier (RF47)."""
    refused = [notice for notice in scene.companions.notices or () if notice.answer in _REFUSED]
    for row, item in items_of(scene):
        buyer = fold_text(scene.view.text("consignee", row))
        for notice in refused:
            if fold_text(notice.importer) == buyer and _same_item(notice.item, item, scene):
                params = {
                    "number": notice.number,
                    "answer": notice.answer,
                    "item": item.name,
                    "day": _day(notice.answered_on),
                }
                yield Flag(
                    row,
                    "consignee",
                    scene.view.text("consignee", row),
                    "seen.refused",
                    params,
                    (notice.number, item.id),
                    0.75,
                )
                break


def hs_differs(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The declared HS code is another heading than that of the named substance or machine (RF51)."""
    for row, item in items_of(scene):
        written = scene.view.text("hs_code", row)
        differs = hs_disagrees(item.id, written, scene.register) if item.named else None
        if differs is not None:
            declared, expected = differs
            params = {
                "declared": declared,
                "known": ", ".join(sorted({code[:4] for code in expected})),
                "item": item.name,
            }
            yield Flag(row, "hs_code", written, "seen.hs-differs", params, (declared, item.id))


def vague_goods_text(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The goods text says nothing in a chapter where it must: chemical, additive, pigment, powder, sample, parts (RF52)."""
    vague = {fold_text(word) for word in terms()["vague_goods"]}
    chapters = rule.words("chapters")
    fillers = re.compile(
        r"\b(?:of|and|for|the|industrial|general|assorted|various|de|y|para|varios)\b|[^\w\u4e00-\u9fff ]|\d+"
    )

    def empty(text: str) -> bool:
        return " ".join(fillers.sub(" ", fold_text(text)).split()) in vague

    for row in scene.view.rows_where("goods_description", empty).tolist():
        code = fold_identifier(scene.view.text("hs_code", row))
        if code[:2] in chapters:
            text = scene.view.text("goods_description", row)
            yield Flag(
                row, "goods_description", text, "seen.vague-text", {"text": text, "chapter": code[:2]}, (code[:2],), 0.4
            )


def value_per_kg(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The value per kg is [20] times above or below the middle of its HS code, currency and lane (RF53)."""
    masses, values = scene.view.masses("net_mass_kg"), scene.view.amounts("value")
    with np.errstate(divide="ignore", invalid="ignore"):
        prices = values / masses
    usable = np.flatnonzero(np.isfinite(prices) & (prices > 0))
    group = np.zeros(len(usable), dtype=np.int64)
    for name in ("hs_code", "currency", "origin_country", "destination_country"):
        _, group = np.unique(
            group * (scene.view.folded(name).max(initial=0) + 2) + scene.view.folded(name)[usable] + 1,
            return_inverse=True,
        )
    order = np.argsort(group, kind="stable")
    for rows in np.split(usable[order], np.flatnonzero(np.diff(group[order])) + 1):
        if len(rows) < rule.number("min_rows"):
            continue
        middle = float(np.median(prices[rows]))
        ratios = prices[rows] / middle
        far = (ratios > rule.number("factor")) | (ratios < 1 / rule.number("factor"))
        for row in rows[far].tolist():
            params = {"price": f"{prices[row]:.4g}", "middle": f"{middle:.4g}", "rows": str(len(rows))}
            yield Flag(row, "value", scene.view.text("value", row), "seen.price", params, (f"{prices[row]:.3g}",), 0.4)


def notice_missing(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """No notice on file, or the goods left before answer or reply day, after an objection, or above its quantity (RF57)."""
    notices = scene.companions.notices or ()
    masses = scene.view.masses("net_mass_kg")
    for row, item in items_of(scene, "substance"):
        controls = scene.register.controls_of.get(item.id, ())
        if not any("pre-export notification" in control.duties for control in controls):
            continue
        exporter, importer = (fold_text(scene.view.text(name, row)) for name in ("consignor", "consignee"))
        own = [
            notice for notice in notices
            if fold_text(notice.exporter) == exporter and fold_text(notice.importer) == importer and _same_item(notice.item, item, scene)
        ]  # fmt: skip
        code, params = _judge_notice(
            own,
            scene.view.day("date", row) if scene.view.has("date") else None,
            float(masses[row]),
            rule.number("over"),
        )
        if code:
            params = {"item": item.name, **params}
            yield Flag(
                row, item.column, item.value, code, params, (item.id, code, params.get("number", "")), 0.8, alone=True
            )


def split_notices(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """One pair's notices split a quantity: [3] or more within [60] days, each under the licence, together above it (RF74)."""
    limits = {
        fold_text(licence.holder): licence.quantity_kg
        for licence in scene.companions.licences or ()
        if licence.quantity_kg is not None
    }
    for (exporter, importer, _), lot in sorted(_notices_by_pair(scene).items()):
        limit = limits.get(importer, limits.get(exporter))
        dated = sorted(
            (notice for notice in lot if notice.filed_on and notice.quantity_kg),
            key=lambda notice: notice.filed_on or date.min,
        )
        if limit is None or not dated:
            continue
        near = [notice for notice in dated if (dated[-1].filed_on - notice.filed_on).days <= rule.number("days")]  # type: ignore[operator]
        total = sum(notice.quantity_kg or 0 for notice in near)
        if (
            len(near) >= rule.number("min_notices")
            and total > limit
            and all((notice.quantity_kg or 0) <= limit for notice in near)
        ):
            params = {"count": str(len(near)), "total": f"{total:g}", "limit": f"{limit:g}"}
            yield from _first_pair_row(
                scene, exporter, importer, "seen.split-notices", params, tuple(notice.number for notice in near)
            )


def silent_authority(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The importer's authority left [3] or more notices for this importer without an answer (RF75)."""
    silent: dict[str, list[Notice]] = defaultdict(list)
    for notice in scene.companions.notices or ():
        if not notice.answer and notice.reply_due_on and notice.reply_due_on < scene.on:
            silent[fold_text(notice.importer)].append(notice)
    values, index = scene.view.distinct("consignee")
    for importer, lot in sorted(silent.items()):
        rows = [row for row, code in enumerate(index.tolist()) if fold_text(values[code] or "") == importer]
        if len(lot) >= rule.number("min_notices") and rows:
            params = {"count": str(len(lot)), "numbers": ", ".join(notice.number for notice in lot[:5])}
            yield Flag(
                rows[0],
                "consignee",
                scene.view.text("consignee", rows[0]),
                "seen.silence",
                params,
                (str(len(lot)),),
                0.4,
            )


def _paper_flag(row: int, item: Item, scene: Scene, *, alone: bool = False) -> Flag:
    params = {"item": item.name, "regimes": ", ".join(item.regimes)}
    named = item.named and item.kind in ("substance", "equipment")
    return Flag(
        row, item.column, item.value, "seen.paper-missing", params, (item.id, *item.regimes), 0.8, alone=alone or named
    )


def _lane_items(rule: Rule, scene: Scene) -> Iterator[tuple[int, Item]]:
    for row, item in items_of(scene):
        if scene.country("origin_country", row) == "CN" and scene.country("destination_country", row) in rule.words(
            "destinations"
        ):
            yield row, item


def _judge_notice(own: Sequence[Notice], left: date | None, kg: float, over: float) -> tuple[str, dict[str, str]]:
    if not own:
        return "seen.no-notice", {}
    notice = max(own, key=lambda one: one.filed_on or date.min)
    params = {"number": notice.number}
    if notice.answer in ("objection", "refused"):
        return "seen.after-objection", params
    if notice.answer == "hold":
        return "seen.notice-on-hold", params
    if not notice.answer and left and notice.reply_due_on and left < notice.reply_due_on:
        return "seen.before-reply-day", {**params, "day": _day(notice.reply_due_on), "left": _day(left)}
    if notice.answered_on and left and left < notice.answered_on:
        return "seen.before-answer", {**params, "day": _day(notice.answered_on), "left": _day(left)}
    if notice.quantity_kg and kg > notice.quantity_kg * (1 + over):
        return "seen.over-notice", {**params, "kg": f"{kg:g}", "notified": f"{notice.quantity_kg:g}"}
    return "", {}


def _same_item(written: str, item: Item, scene: Scene) -> bool:
    """Tell whether a paper's item is `item`: by CAS, register id or one of the register's names."""
    folded = fold_text(written)
    if not folded:
        return False
    if item.id == folded or fold_text(item.name) == folded:
        return True
    found = scene.register.cas_numbers.get(written.strip())
    if found is not None:
        return found == item.id
    return any(name.substance_id == item.id and fold_text(name.text) == folded for name in scene.register.names)


def _notices_by_pair(scene: Scene) -> dict[tuple[str, str, str], list[Notice]]:
    pairs: dict[tuple[str, str, str], list[Notice]] = defaultdict(list)
    for notice in scene.companions.notices or ():
        pairs[fold_text(notice.exporter), fold_text(notice.importer), fold_text(notice.item)].append(notice)
    return pairs


def _first_pair_row(
    scene: Scene, exporter: str, importer: str, code: str, params: dict[str, str], evidence: tuple[str, ...]
) -> Iterator[Flag]:
    for row in range(scene.view.rows):
        if (
            fold_text(scene.view.text("consignor", row)) == exporter
            and fold_text(scene.view.text("consignee", row)) == importer
        ):
            yield Flag(row, "consignee", scene.view.text("consignee", row), code, params, evidence, 0.6)
            return


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "licence-missing": licence_missing,
    "machine-without-permit": machine_without_permit,
    "china-export-licence": china_export_licence,
    "import-law-not-shown": import_law_not_shown,
    "no-label-wanted": no_label_wanted,
    "refused-before": refused_before,
    "hs-differs": hs_differs,
    "vague-goods-text": vague_goods_text,
    "value-per-kg": value_per_kg,
    "notice-missing": notice_missing,
    "split-notices": split_notices,
    "silent-authority": silent_authority,
}
