"""ScreeningPlan: everything that decides a finding beside the record itself, so that one plan gives one answer.

A plan is made once at the edge (lists read, register loaded, day told) and is the same on a laptop and a worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from tidegate.screening.companions import Companions
from tidegate.screening.decisions import DecisionBook
from tidegate.screening.normalize import RecordView
from tidegate.screening.redflags import NotRun, Rule, load_rules, why_not_run

if TYPE_CHECKING:
    from tidegate.registers.substances import Register
    from tidegate.screening.names import NameIndex
    from tidegate.screening.watchlist import Watchlist

DEFAULT_THRESHOLD = 0.70  # until a plan is built: `build_plan` takes the published threshold of the name score


@dataclass(frozen=True, slots=True)
class ListUsed:
    """One list that was screened with. age_days: its content's age on the day of the plan, None if it has no date."""

    id: str
    title: str
    date: str
    parties: int
    age_days: int | None = None


@dataclass(frozen=True, slots=True)
class ScreeningPlan:
    """register: the substances, machines and controls. index: listed names, None when no list is held.

    threshold: least name score of a finding. on: the day that counts where a record has none. decisions: what people
    judged before. companions: papers and earlier records. rules: red flags as data. lists: what `index` was built of.
    """

    register: Register
    index: NameIndex | None = None
    threshold: float = DEFAULT_THRESHOLD
    on: date = date(2026, 1, 1)
    decisions: DecisionBook = field(default_factory=DecisionBook)
    companions: Companions = field(default_factory=Companions)
    rules: tuple[Rule, ...] = field(default_factory=load_rules)
    lists: tuple[ListUsed, ...] = ()

    def beside(self, tables: Mapping[str, pa.RecordBatch]) -> ScreeningPlan:
        """Return this plan with `tables` as companions, where none of that kind was given already."""
        merged = {**tables, **self.companions.tables}
        return replace(self, companions=replace(self.companions, tables=merged))


def build_plan(
    watchlists: Sequence[Watchlist],
    *,
    on: date,
    threshold: float | None = None,
    decisions: DecisionBook | None = None,
    companions: Companions | None = None,
    index: NameIndex | None = None,
) -> ScreeningPlan:
    """Return the plan for these lists on the day `on`, with the packaged register and rules.

    index: the lists' index where it was built before; else it is built here (none for no lists). threshold: None
    takes the published one, at which two names count as a match.
    """
    from tidegate.registers.substances import load_register

    if watchlists:
        from tidegate.screening.names import build_index, match_threshold

        index = build_index(watchlists) if index is None else index
        threshold = match_threshold() if threshold is None else threshold
    return ScreeningPlan(
        register=load_register(),
        index=index if watchlists else None,
        threshold=DEFAULT_THRESHOLD if threshold is None else threshold,
        on=on,
        decisions=decisions if decisions is not None else DecisionBook(),
        companions=companions if companions is not None else Companions(),
        lists=tuple(_list_used(watchlist, on) for watchlist in watchlists),
    )


def _list_used(watchlist: Watchlist, on: date) -> ListUsed:
    whole = len(watchlist.date) == 10
    age = (on - date.fromisoformat(watchlist.date)).days if whole else None
    return ListUsed(watchlist.list_id, watchlist.title, watchlist.date, len(watchlist.parties), age)


def not_run(plan: ScreeningPlan, kind: str, present: Iterable[str]) -> list[NotRun]:
    """Return what cannot run on records of `kind` whose columns `present` hold values, each with its because."""
    columns = frozenset(present)
    held = plan.companions.held()
    lists_held = plan.index is not None
    missed: list[NotRun] = []
    if not lists_held:
        missed.append(NotRun("listed-party", "not-run.no-list"))
    for rule in plan.rules:
        reason = why_not_run(rule, kind, columns, held, lists_held=lists_held)
        if reason is not None:
            missed.append(reason)
    if kind == "consignments":
        if not {"goods_description", "cas", "hs_code"} & columns:
            missed.append(
                NotRun("register-item", "not-run.no-column", {"columns": "goods_description / cas / hs_code"})
            )
        elif "licence" not in columns and plan.companions.licences is None:
            missed.append(NotRun("paper-found", "not-run.no-licences"))
    return missed


def not_run_on(plan: ScreeningPlan, view: RecordView) -> list[NotRun]:
    """Return what cannot run on these records: by their columns, and by what their cells hold."""
    missed = not_run(plan, view.kind, view.present())
    told = {reason.rule for reason in missed}
    if view.rows:
        from tidegate.screening.missing_data import missed_by_cells

        missed += [reason for reason in missed_by_cells(plan, view) if reason.rule not in told]
    return missed
