"""Red flags about papers: RF06, RF46, RF48, RF51, RF52, RF53, RF67, RF68."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tidegate.registers.places import regimes_of
from tidegate.screening.goods import hs_disagrees
from tidegate.screening.normalize import Floats, Ints, RecordView, fold_identifier, fold_text
from tidegate.screening.papers import country_answers, licence_covers, names_a_paper, quoted_fault
from tidegate.screening.redflags_goods import item_phrases, items_of
from tidegate.screening.scene import Flag, Item, Scene, masses_of, terms
from tidegate.screening.worth import dollars

if TYPE_CHECKING:
    from tidegate.screening.redflags import Rule


def licence_missing(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """A paper is due for a register item on this leg and day, and none is shown or on file (RF06).

    A licence on file that names a quantity does not cover more than that.
    """
    masses = scene.kg()
    for row, item in items_of(scene):
        if item.kind != "substance":
            continue
        if item.papers_missing and _lacks_import_paper(scene, row, item):
            yield _paper_flag(row, item, scene)
            continue
        limit = _licensed_kg(row, item, scene)
        if limit is not None and masses[row] > limit[1] * (1 + rule.number("over")):
            params = {"item": item.name, "kg": f"{masses[row]:g}", "number": limit[0], "licensed": f"{limit[1]:g}"}
            yield Flag(
                row, item.column, item.value, "seen.over-licence", params, (item.id, limit[0], params["kg"]), 0.75
            )


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
    """An item or machine from China for the US, Mexico or Canada shows no paper of the importing country (RF68).

    Where that country's law asks for one, its duty is named; else the notice still wants proof that its law was met.
    """
    for row, item in _lane_items(rule, scene):
        destination = scene.destination(row)
        if item.papers_missing and destination in item.regimes:
            yield _paper_flag(row, item, scene)
        elif not item.everyday and not shows_paper(scene, row, item, destination):
            params = {"item": item.name, "destination": destination}
            yield Flag(row, item.column, item.value, "seen.no-import-proof", params, (item.id, destination), 0.6)


def no_label_wanted(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The papers of a register item, or a payment for one, ask for no label, neutral packing or another name (RF46)."""
    yield from item_phrases(scene, "no_label")


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
    chapters = rule.words("chapters")
    for row in vague_rows(scene).tolist():
        code = fold_identifier(scene.view.text("hs_code", row))
        if code[:2] in chapters:
            text = scene.view.text("goods_description", row)
            params = {"text": text, "chapter": code[:2]}
            yield Flag(row, "goods_description", text, "seen.vague-text", params, (code[:2],), 0.4)


def vague_rows(scene: Scene) -> Ints:
    """Return the rows whose goods text is a vague word and nothing else, once numbers, packing and fillers are left out."""
    held = scene.cache.get("vague rows")
    if not isinstance(held, np.ndarray):
        held = scene.cache["vague rows"] = scene.view.rows_where("goods_description", _is_vague)
    return held


def _is_vague(text: str) -> bool:
    """Tell whether `text` is made of vague words only: "Chemical raw materials, 40 drums", "白色粉末样品"."""
    if len(text) > 80:
        return False  # a text of that length says something, and is not worth the looking
    folded = fold_text(text)
    first = _LETTERS.search(folded)
    if first is not None and first[0] not in _vague_parts():
        return False  # nearly every text, and quickly told
    bare = " ".join(_FILLERS.sub(" ", folded).split())
    return bool(bare) and not _vague_words().sub(" ", bare).strip()


@lru_cache(maxsize=1)
def _vague_parts() -> frozenset[str]:
    """Return every run of letters that stands in a vague word or a filler: with any other a text says something."""
    fillers = _LETTERS.findall(_FILLER_WORDS.replace("s?", " ")) + _LETTERS.findall(_FILLER_WORDS.replace("?", ""))
    return frozenset(fillers + [part for word in terms()["vague_goods"] for part in _LETTERS.findall(fold_text(word))])


@lru_cache(maxsize=1)
def _vague_words() -> re.Pattern[str]:
    words = sorted({fold_text(word) for word in terms()["vague_goods"]}, key=len, reverse=True)
    latin = "|".join(
        re.escape(word) for word in words if word.isascii() or (word[0].isalpha() and ord(word[0]) < 0x250)
    )
    other = "|".join(re.escape(word) for word in words if ord(word[0]) >= 0x250)
    return re.compile(rf"\b(?:{latin})\b|{other}")


_LETTERS = re.compile("[a-z]+")
_FILLER_WORDS = (
    "of|and|for|the|industrial|general|assorted|various|misc|miscellaneous|grade|use|organic|inorganic|fine|laboratory|lab|mixed|liquid|solid|crystalline|new|unspecified|other|white|yellow|brown|orgánic[oa]|organic[oa]|fin[oa]|de|y|para|varios|uso|kgs?|g|pcs|bags?|drums?|"
    "cartons?|boxes|box|sacos|tambores|cajas"
)
_FILLERS = re.compile(
    rf"\b(?:{_FILLER_WORDS})\b|[^\w\u4e00-\u9fff ]|\d+|[公千]斤|千克|桶|袋|箱|件|工业|一般|有机|无机|精细|实验室|液体|固体|其他"
)


def value_per_kg(rule: Rule, scene: Scene) -> Iterator[Flag]:
    """The value per kg is far above or below the middle of its HS code and lane, or of its HS code alone (RF53).

    Far: [5] times, and beyond [4] spreads of the like rows (own and earlier ones). Values are compared in dollars.
    """
    views = [view for view in (scene.view, scene.view_of("consignments")) if view is not None]
    prices = np.concatenate([_prices(view) for view in views])
    codes = _joined(views, "hs_code")
    usable = np.flatnonzero(np.isfinite(prices) & (prices > 0) & (codes > 0))
    if len(usable) < rule.number("min_rows"):
        return
    logs = np.log(prices[usable])
    lanes = codes[usable]
    for name in ("origin_country", "destination_country"):
        more = _joined(views, name)[usable]
        lanes = lanes * (more.max(initial=0) + 1) + more
    judged = np.zeros(len(usable), dtype=bool)
    for group in (lanes, codes[usable]):
        middle, spread, count = _middles(group, logs)
        limit = np.maximum(np.log(rule.number("factor")), rule.number("spreads") * spread)
        enough = (count >= rule.number("min_rows")) & ~judged
        for place in np.flatnonzero(enough & (np.abs(logs - middle) > limit) & (usable < scene.view.rows)).tolist():
            row, price = int(usable[place]), float(prices[usable[place]])
            params = {"price": f"{price:.4g}", "middle": f"{np.exp(middle[place]):.4g}", "rows": str(count[place])}
            yield Flag(row, "value", scene.view.text("value", row), "seen.price", params, (f"{price:.3g}",), 0.4)
        judged |= enough


def shows_paper(scene: Scene, row: int, item: Item, regime: str) -> bool:
    """Tell whether the row, or a licence on file, shows a paper for `item` that answers the law of `regime`."""
    cell, licences = scene.view.text("licence", row), scene.companions.licences or ()
    firms = (scene.view.text("consignor", row), scene.view.text("consignee", row))
    on = (scene.view.day("date", row) if scene.view.has("date") else None) or scene.on
    if names_a_paper(cell) and quoted_fault(cell, licences, firms, item.id, on, scene.register) is None:
        return True
    return any(
        licence_covers(licence, firms, item.id, on, scene.register) and country_answers(licence.country, regime)
        for licence in licences
    )


def _paper_flag(row: int, item: Item, scene: Scene, *, alone: bool = False) -> Flag:
    params = {"item": item.name, "regimes": ", ".join(item.regimes)}
    named = item.named and item.kind in ("substance", "equipment")
    return Flag(
        row, item.column, item.value, "seen.paper-missing", params, (item.id, *item.regimes), 0.8, alone=alone or named
    )


def _lacks_import_paper(scene: Scene, row: int, item: Item) -> bool:
    """Tell whether one of the missing papers is the importing side's; where its law is not in the register, any may be."""
    destination = scene.destination(row)
    if not regimes_of(destination):
        return not destination or not shows_paper(scene, row, item, destination)
    return any(country_answers(destination, regime) for regime in item.regimes)


def _lane_items(rule: Rule, scene: Scene) -> Iterator[tuple[int, Item]]:
    for row, item in items_of(scene):
        if scene.origin(row) == "CN" and scene.destination(row) in rule.words("destinations"):
            yield row, item


def _licensed_kg(row: int, item: Item, scene: Scene) -> tuple[str, float] | None:
    """Return number and quantity of the largest licence on file for the row, None where one has no limit or none is there."""
    firms = (scene.view.text("consignor", row), scene.view.text("consignee", row))
    on = (scene.view.day("date", row) if scene.view.has("date") else None) or scene.on
    own = [
        licence for licence in scene.companions.licences or ()
        if licence_covers(licence, firms, item.id, on, scene.register)
    ]  # fmt: skip
    if not own or any(licence.quantity_kg is None for licence in own):
        return None
    largest = max(own, key=lambda one: one.quantity_kg or 0)
    return largest.number, largest.quantity_kg or 0


def _prices(view: RecordView) -> Floats:
    """Return dollars per kg of each row, NaN where value, currency or mass is not told."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = dollars(view, "value") / masses_of(view)
    return found


def _joined(views: Sequence[RecordView], column: str) -> Ints:
    """Return one number for each row of all views, the same for the same folded text; 0 for a blank."""
    words: dict[str, int] = {}
    parts = []
    for view in views:
        values, index = view.distinct(column)
        fold = fold_identifier if column == "hs_code" else fold_text
        numbers = [0 if value is None else words.setdefault(fold(value), len(words) + 1) for value in values]
        parts.append(np.array(numbers, dtype=np.int64)[index] if numbers else np.zeros(view.rows, dtype=np.int64))
    return np.concatenate(parts)


def _middles(group: Ints, values: Floats) -> tuple[Floats, Floats, Ints]:
    """Return for each value its group's middle, its spread (1.4826 times the middle distance) and its size."""
    _, number, count = np.unique(group, return_inverse=True, return_counts=True)
    starts = np.cumsum(count) - count

    def middle(of: Floats) -> Floats:
        ordered = of[np.lexsort((of, number))]
        found: Floats = (ordered[starts + (count - 1) // 2] + ordered[starts + count // 2]) / 2
        return found[number]

    centre = middle(values)
    return centre, 1.4826 * middle(np.abs(values - centre)), count[number]


KINDS: dict[str, Callable[[Rule, Scene], Iterator[Flag]]] = {
    "licence-missing": licence_missing,
    "machine-without-permit": machine_without_permit,
    "china-export-licence": china_export_licence,
    "import-law-not-shown": import_law_not_shown,
    "no-label-wanted": no_label_wanted,
    "hs-differs": hs_differs,
    "vague-goods-text": vague_goods_text,
    "value-per-kg": value_per_kg,
}
