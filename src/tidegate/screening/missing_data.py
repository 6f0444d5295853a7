"""Missing data: rules that have their columns, and yet cannot run, because no cell or companion says what they need.

A firm's trade may stand in its name or in a customer file; a place in its column or in the channel. Where neither does,
the rule says that it was not run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tidegate.screening.normalize import RecordView, minute_of_day
from tidegate.screening.redflags import NotRun, Rule
from tidegate.screening.redflags_flows import days_spanned
from tidegate.screening.redflags_money import place_in
from tidegate.screening.redflags_parties import ALSO_NAMED
from tidegate.screening.redflags_wallets import MIXER_COLUMNS
from tidegate.screening.scene import term_pattern

if TYPE_CHECKING:
    from tidegate.screening.plan import ScreeningPlan

_TRADE_COLUMNS = {"RF12": ("payer", "payee"), "RF15": ("consignee",)}


def missed_by_cells(plan: ScreeningPlan, view: RecordView) -> Iterator[NotRun]:
    """Give what cannot run on these records for want of what their cells would have to say."""
    held = plan.companions.held()
    for rule in plan.rules:
        if view.kind not in rule.tables:
            continue
        if rule.id in _TRADE_COLUMNS and "parties" not in held:
            if not any(_says(view, column, "unrelated_trade", "food_firm") for column in _TRADE_COLUMNS[rule.id]):
                yield NotRun(rule.id, "not-run.no-parties")
        elif rule.id in _CHECKS:
            reason = _CHECKS[rule.id](rule, plan, view)
            if reason is not None:
                yield reason


def _no_time_or_place(rule: Rule, plan: ScreeningPlan, view: RecordView) -> NotRun | None:
    timed = any(_any(view, column, lambda text: minute_of_day(text) is not None) for column in ("date", "time_of_day"))
    return None if timed or _tells_places(view) else NotRun(rule.id, "not-run.no-time-of-day")


def _no_place(rule: Rule, plan: ScreeningPlan, view: RecordView) -> NotRun | None:
    return None if _tells_places(view) else NotRun(rule.id, "not-run.no-place")


def _no_wallets(rule: Rule, plan: ScreeningPlan, view: RecordView) -> NotRun | None:
    walleted = "wallet" in view.present()
    if (
        "wallets" in plan.companions.held()
        or (walleted and plan.index is not None)
        or any(_says(view, column, "mixer") for column in MIXER_COLUMNS)
    ):
        return None
    if walleted:
        return NotRun(rule.id, "not-run.no-list")
    return NotRun(rule.id, "not-run.no-column", {"columns": "wallet"})


def _no_other_names(rule: Rule, plan: ScreeningPlan, view: RecordView) -> NotRun | None:
    if "other_names" in view.present() or _any(view, "name", lambda name: ALSO_NAMED.search(name) is not None):
        return None
    return NotRun(rule.id, "not-run.no-column", {"columns": "other_names"})


def _no_end_use(rule: Rule, plan: ScreeningPlan, view: RecordView) -> NotRun | None:
    if "end_use" in view.present() or any(
        _says(view, column, "vague_use") for column in ("goods_description", "remarks")
    ):
        return None
    return NotRun(rule.id, "not-run.no-column", {"columns": "end_use"})


def _few_prices(rule: Rule, plan: ScreeningPlan, view: RecordView) -> NotRun | None:
    earlier = plan.companions.tables.get("consignments")
    rows = view.rows + (earlier.num_rows if earlier is not None else 0)
    return (
        NotRun(rule.id, "not-run.few-rows", {"rows": f"{rule.number('min_rows'):g}"})
        if rows < rule.number("min_rows")
        else None
    )


def _short_time(rule: Rule, plan: ScreeningPlan, view: RecordView) -> NotRun | None:
    enough = "payments" in plan.companions.tables or days_spanned(view) >= rule.number("min_span_days")
    return None if enough else NotRun(rule.id, "not-run.no-payments")


def _few_buys(rule: Rule, plan: ScreeningPlan, view: RecordView) -> NotRun | None:
    enough = "consignments" in plan.companions.tables or view.rows >= rule.number("min_buys") + rule.number("min_peers")
    return None if enough else NotRun(rule.id, "not-run.no-consignments")


def _any(view: RecordView, column: str, holds: Callable[[str], bool]) -> bool:
    return view.has(column) and any(value and holds(value) for value in view.distinct(column)[0])


def _says(view: RecordView, column: str, *words: str) -> bool:
    """Tell whether any cell of `column` holds a word of the lists `words`."""
    return bool(len(view.rows_matching(column, "|".join(term_pattern(name) for name in words))))


def _tells_places(view: RecordView) -> bool:
    if "place" in view.present() or _any(view, "channel", lambda text: bool(place_in(text))):
        return True
    rows = view.rows_matching("memo", term_pattern("cash_channel")).tolist()
    return any(place_in(view.text("memo", row)) for row in rows)


_CHECKS: dict[str, Callable[[Rule, ScreeningPlan, RecordView], NotRun | None]] = {
    "RF09": _few_buys,
    "RF20": _no_time_or_place,
    "RF22": _no_place,
    "RF25": _no_other_names,
    "RF27": _no_wallets,
    "RF44": _no_end_use,
    "RF53": _few_prices,
    "RF73": _short_time,
}
