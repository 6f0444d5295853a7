"""Goods screen: register items on each row, the duties of its leg and day, and whether the papers are there.

Whether a paper is missing is only said where there was somewhere to look: a licence column, or licences given beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tidegate.registers.places import country_told
from tidegate.registers.substances import Register
from tidegate.screening.duties import DutyAnswer, duties_for
from tidegate.screening.finding import Duty, Finding, Level, Reason
from tidegate.screening.goods import GoodsHit, find_goods_rows, level_with_duties
from tidegate.screening.levels import Evidence
from tidegate.screening.normalize import RecordView
from tidegate.screening.papers import country_answers, licence_covers, names_a_paper, notices_between, quoted_fault
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
                shown = any(kind == "licence" for kind, _ in asker.papers(hit, row))
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
                country_told(self.view.text(first, row) or None) or country_told(self.view.text(second, row) or None)
            )
        return ends[0], ends[1]

    def papers(self, hit: GoodsHit, row: int) -> list[Paper]:
        """Return the papers that the row shows for the item, and those given beside: duty, and whose law ("" any)."""
        on = (self.view.day("date", row) if self.view.has("date") else None) or self.plan.on
        found: list[Paper] = []
        if names_a_paper(self.view.text("licence", row)) and self.quoted_fault(hit, row) is None:
            found.append(("licence", ""))
        sender, buyer = self.view.text("consignor", row), self.view.text("consignee", row)
        if not self._known(hit.item_id):
            return found
        register = self.plan.register
        for licence in self.plan.companions.licences or ():
            if licence_covers(licence, (sender, buyer), hit.item_id, on, register):
                found.append(("licence", licence.country))
        if notices_between(self.plan.companions.notices or (), sender, buyer, hit.item_id, register):
            found.append(("pre-export notification", ""))
        return found

    def quoted_fault(self, hit: GoodsHit, row: int) -> Reason | None:
        """Return why the licence that the row quotes, and that was given beside, does not answer for the item."""
        cell, licences = self.view.text("licence", row), self.plan.companions.licences
        if not cell or not licences or not self._known(hit.item_id):
            return None
        on = (self.view.day("date", row) if self.view.has("date") else None) or self.plan.on
        firms = (self.view.text("consignor", row), self.view.text("consignee", row))
        return quoted_fault(cell, licences, firms, hit.item_id, on, self.plan.register)

    def _known(self, item_id: str) -> bool:
        register = self.plan.register
        return item_id in register.substances or item_id in register.equipment or item_id in register.families


Paper = tuple[str, str]


def _answered(duty: Duty, papers: Sequence[Paper]) -> bool:
    wanted = "pre-export notification" if duty.duty == "pre-export notification" else "licence"
    if duty.duty not in (*_PAPER_DUTIES, "pre-export notification"):
        return False
    return any(kind == wanted and country_answers(country, duty.regime) for kind, country in papers)


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
        duties = tuple(replace(duty, found=_answered(duty, papers)) for duty in answer.duties)
        reasons += [note for note in answer.notes if note.code == "duties.catalogue-not-held"]
        if looked:
            level = level_with_duties(hit, duties, ())
            missing = (
                [duty for duty in duties if duty.duty in _PAPER_DUTIES and not duty.found] if level == "hold" else []
            )
    if missing:
        regimes = ", ".join(dict.fromkeys(duty.regime for duty in missing))
        fault = asker.quoted_fault(hit, row)
        reasons += [fault] if fault is not None else []
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
        evidence=(*hit.evidence, *dict.fromkeys(f"no paper: {duty.regime}" for duty in missing)),
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
