"""The kernel: `screen_batch(batch, plan)`. Same batch and plan give the same findings, here or on a worker.

Order: names (distinct first), goods with duties, red flags, quality; then levels are settled row by row, because
`hold` needs two independent groups of evidence; then decisions are remembered.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pyarrow as pa

from tidegate.errors import InputUnreadable
from tidegate.model.columns import COLUMNS
from tidegate.screening.controllers import controller_findings
from tidegate.screening.decisions import apply_decisions
from tidegate.screening.finding import Finding
from tidegate.screening.finding_table import findings_to_table
from tidegate.screening.goods_screen import screen_goods
from tidegate.screening.levels import Evidence, settle_levels
from tidegate.screening.normalize import RecordView
from tidegate.screening.party_screen import Matches, distinct_names, match_distinct, party_findings
from tidegate.screening.plan import ScreeningPlan, not_run_on
from tidegate.screening.quality import quality_findings
from tidegate.screening.redflags import NotRun, run_rules
from tidegate.screening.scene import Scene
from tidegate.screening.subjects import with_subjects
from tidegate.wording.problems import problem

SET_ASIDE = b"tidegate.set-aside"
NOT_RUN = b"tidegate.not-run"
_SCREENS = ("party", "goods", "red-flag", "quality")


class ColumnMissing(InputUnreadable):
    """The batch is no batch of records: none of the canonical columns of a known kind stands in it."""

    code = "column-missing"


def screen_batch(
    batch: pa.RecordBatch,
    plan: ScreeningPlan,
    *,
    matches: Matches | Callable[[], Matches] | None = None,
    view: RecordView | None = None,
) -> pa.RecordBatch:
    """Return one row per finding in `batch`, in order of input row.

    batch: `record_schema(kind)` or a part of its columns, n rows (n may be 0). matches: the matches of its distinct
    names where an engine compares them elsewhere (see `match_distinct`): the values, or a function that waits for
    them, called after goods and rules are done; else they are made here. view: of this very batch, where there is one.
    Returns FINDING_SCHEMA; its metadata hold how many findings earlier decisions set aside, and what was not run.
    Raises ColumnMissing if no canonical column is there. Pure.
    Source for red flags: each rule's `source` in screening/rules/redflags.toml.
    """
    view = RecordView(batch, kind_of(batch)) if view is None else view
    goods = screen_goods(view, plan)
    scene = Scene(
        view,
        goods.items if view.kind == "consignments" else {},
        plan.companions,
        plan.register,
        plan.on,
        goods.items if view.kind == "payments" else {},
        goods.beside,
    )
    judged: list[tuple[Finding, Evidence]] = list(goods.judged)
    judged += run_rules(plan.rules, scene, lists_held=plan.index is not None)
    judged += [(finding, Evidence("quality", "cell", "look")) for finding in quality_findings(view.problems())]
    judged = with_subjects(judged, view.kind, view.text)
    if matches is None:
        matches = match_distinct(distinct_names(view), plan)
    judged += party_findings(view, matches() if callable(matches) else matches, plan)
    judged += controller_findings(view, plan)
    judged.sort(key=_order)
    findings = settle_levels(judged)
    kept, aside = apply_decisions(findings, plan.decisions, on=plan.on)
    missed = [{"rule": one.rule, "code": one.code, "params": dict(one.params)} for one in not_run_on(plan, view)]
    metadata = {SET_ASIDE.decode(): str(len(aside)), NOT_RUN.decode(): json.dumps(missed, ensure_ascii=False)}
    return findings_to_table(kept, metadata)


def kind_of(batch: pa.RecordBatch) -> str:
    """Return the kind of records in `batch`: from its metadata, else the kind that most of its columns belong to."""
    told = str((batch.schema.metadata or {}).get(b"tidegate.kind", b""), "utf-8")
    if told in COLUMNS:
        return told
    names = set(batch.schema.names)
    kind = max(COLUMNS, key=lambda one: len(names & set(COLUMNS[one])))
    if not names & set(COLUMNS[kind]):
        raise problem(ColumnMissing, "records.no-column", names=", ".join(batch.schema.names) or "-")
    return kind


def set_aside_in(findings: pa.RecordBatch) -> int:
    """Return how many findings earlier decisions set aside, as `screen_batch` counted them."""
    return int((findings.schema.metadata or {}).get(SET_ASIDE, b"0"))


def not_run_in(findings: pa.RecordBatch) -> list[NotRun]:
    """Return what was not run, as `screen_batch` told it."""
    told = json.loads((findings.schema.metadata or {}).get(NOT_RUN, b"[]"))
    return [NotRun(one["rule"], one["code"], one["params"]) for one in told]


def _order(pair: tuple[Finding, Evidence]) -> tuple[int, int, str, str, str]:
    finding = pair[0]
    return finding.row, _SCREENS.index(finding.screen), finding.rule, finding.column, finding.against.id
