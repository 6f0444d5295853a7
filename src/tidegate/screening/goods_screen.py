"""Goods screen: register items on each row, the duties of its leg and day, and whether the papers are there.

Whether a paper is missing is only said where there was somewhere to look: a licence column, or licences given beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tidegate.registers.places import country_code
from tidegate.registers.substances import Register
from tidegate.screening.companions import Licence
from tidegate.screening.duties import DutyAnswer, duties_for
from tidegate.screening.finding import Duty, Finding, Level, Reason
from tidegate.screening.goods import GoodsHit, find_goods_rows, level_with_duties
from tidegate.screening.levels import Evidence
from tidegate.screening.normalize import RecordView, fold_text
from tidegate.screening.plan import ScreeningPlan
from tidegate.screening.scene import Item

_PAPER_DUTIES = ("licence", "prohibition", "form 452")


@dataclass(frozen=True, slots=True)
class GoodsSeen:
    """What the goods screen saw: findings with their evidence, and by row the items that rules may build on.

    beside: excipients, cutting agents and animal drugs, which make no finding by themselves.
    """

    judged: list[tuple[Finding, Evidence]]
    items: Mapping[int, Sequence[Item]]
    beside: Mapping[int, Sequence[Item]] = field(default_factory=dict)


def screen_goods(view: RecordView, plan: ScreeningPlan) -> GoodsSeen:
    """Return the register items of consignments, with duties and papers; for payments the items that the text names."""
    register = plan.register
    if view.kind == "payments":
        hits = find_goods_rows(view.column("memo"), None, None, register) if view.has("memo") else {}
        named = {
            row: [_item(row, hit, register, "memo") for hit in found if hit.level != "look" and hit.named]
            for row, found in hits.items()
        }
        return GoodsSeen([], {row: items for row, items in named.items() if items})
    if view.kind != "consignments":
        return GoodsSeen([], {})
    columns = (view.column("goods_description"), view.column("cas"), view.column("hs_code"))
    hits = find_goods_rows(*columns, register, context=True)
    judged: list[tuple[Finding, Evidence]] = []
    items: dict[int, list[Item]] = {}
    beside: dict[int, list[Item]] = {}
    asker = _Asker(view, plan)
    looked = view.header_seen("licence") or plan.companions.licences is not None
    for row in sorted(hits):
        for hit in hits[row]:
            if hit.context:
                shown = "licence" in asker.papers(hit, row)
                beside.setdefault(row, []).append(
                    replace(_item(row, hit, register, hit.column, looked), papers_missing=not shown)
                )
                continue
            finding, evidence, item = _judge(row, hit, asker, looked)
            judged.append((finding, evidence))
            if item is not None:
                items.setdefault(row, []).append(item)
    return GoodsSeen(judged, items, beside)


class _Asker:
    """Asks for duties once for each item, day and leg."""

    def __init__(self, view: RecordView, plan: ScreeningPlan) -> None:
        self.view = view
        self.plan = plan
        self._answers: dict[tuple[str, date, str | None, str | None], DutyAnswer] = {}

    def duties(self, hit: GoodsHit, row: int) -> DutyAnswer:
        on = (self.view.day("date", row) if self.view.has("date") else None) or self.plan.on
        origin, destination = self.leg(row)
        key = (hit.item_id, on, origin, destination)
        if key not in self._answers:
            self._answers[key] = duties_for(
                hit.item_id, on=on, origin=origin, destination=destination, register=self.plan.register
            )
        return self._answers[key]

    def leg(self, row: int) -> tuple[str | None, str | None]:
        """Return origin and destination; the parties' countries where the sheet has no column for the leg."""
        ends = []
        for first, second in (("origin_country", "consignor_country"), ("destination_country", "consignee_country")):
            ends.append(
                country_code(self.view.text(first, row) or None) or country_code(self.view.text(second, row) or None)
            )
        return ends[0], ends[1]

    def papers(self, hit: GoodsHit, row: int) -> set[str]:
        """Return the duties that a paper on the row, or a licence or notice given beside, answers."""
        on = (self.view.day("date", row) if self.view.has("date") else None) or self.plan.on
        found: set[str] = set()
        if self.view.text("licence", row).strip(" -–/.") and fold_text(self.view.text("licence", row)) not in _NO_PAPER:
            found |= {"licence", "form 452"}
        parties = {fold_text(self.view.text(name, row)) for name in ("consignor", "consignee")}
        names = _names_of(hit, self.plan.register)
        for licence in self.plan.companions.licences or ():
            if _covers(licence, parties, names, on):
                found |= {"licence", "form 452"}
        for notice in self.plan.companions.notices or ():
            if fold_text(notice.importer) in parties and fold_text(notice.item) in names:
                found.add("pre-export notification")
        return found


_NO_PAPER = frozenset(
    {"none", "no", "n/a", "na", "nil", "no aplica", "ninguna", "ninguno", "sin licencia", "无", "没有", "不适用"}
)


def _judge(row: int, hit: GoodsHit, asker: _Asker, looked: bool) -> tuple[Finding, Evidence, Item | None]:
    register = asker.plan.register
    known = hit.item_id in register.substances or hit.item_id in register.equipment or hit.item_id in register.families
    duties: tuple[Duty, ...] = ()
    reasons = list(hit.reasons)
    level = hit.level
    missing: list[Duty] = []
    if known and not hit.context and hit.rule != "RF61":
        answer = asker.duties(hit, row)
        papers = asker.papers(hit, row)
        duties = tuple(replace(duty, found=duty.duty in papers) for duty in answer.duties)
        reasons += [note for note in answer.notes if note.code == "duties.catalogue-not-held"]
        if looked:
            level = level_with_duties(hit, duties, papers)
            missing = (
                [duty for duty in duties if duty.duty in _PAPER_DUTIES and not duty.found] if level == "hold" else []
            )
    if missing:
        regimes = ", ".join(dict.fromkeys(duty.regime for duty in missing))
        reasons.append(
            Reason(
                "paper.missing",
                {"regimes": regimes, "papers": ", ".join(dict.fromkeys(duty.paper for duty in missing))},
            )
        )
    clash = hit.rule == "RF61"
    finding = Finding(
        row=row,
        screen="red-flag" if clash else "goods",
        rule=hit.rule,
        level=level,
        score=hit.score,
        column=hit.column,
        value=hit.value,
        against=hit.against,
        reasons=tuple(reasons),
        benign=hit.benign,
        duties=duties,
        evidence=(*hit.evidence, *(f"no paper: {duty.regime}" for duty in missing)),
    )
    # A tariff code finds a family of goods, so a hit that nothing names stays at ask whatever stands beside it.
    most: Level = "hold" if hit.named else "ask"
    evidence = Evidence("papers" if clash else "goods", "goods-text", level, alone=bool(missing), most=most)
    usable = known and hit.named and hit.level != "look" and not hit.context and not clash
    item = _item(row, hit, register, hit.column, looked, missing) if usable else None
    return finding, evidence, item


def _item(
    row: int, hit: GoodsHit, register: Register, column: str, looked: bool = False, missing: Sequence[Duty] = ()
) -> Item:
    machine = register.equipment.get(hit.item_id)
    substance = register.substances.get(hit.item_id)
    role = machine.kind if machine else (substance.role if substance else "family")
    return Item(
        row=row,
        kind=hit.against.kind,
        id=hit.item_id,
        name=hit.against.name,
        column=column,
        value=hit.value,
        role=role,
        named=hit.named,
        papers_looked=looked,
        papers_missing=bool(missing),
        regimes=tuple(dict.fromkeys(duty.regime for duty in missing)),
        everyday=any(reason.code == "goods.large-trade" for reason in hit.reasons),
    )


def _names_of(hit: GoodsHit, register: Register) -> frozenset[str]:
    names = {hit.item_id, hit.against.id, fold_text(hit.against.name)}
    names |= {fold_text(name.text) for name in register.names if name.substance_id == hit.item_id}
    return frozenset(names)


def _covers(licence: Licence, parties: set[str], names: frozenset[str], on: date) -> bool:
    if licence.holder and fold_text(licence.holder) not in parties:
        return False
    if licence.items and not any(fold_text(item) in names for item in licence.items):
        return False
    return not (licence.valid_from and on < licence.valid_from) and not (
        licence.valid_until and on > licence.valid_until
    )
