"""Findings: what screening raised, with its reasons and its innocent explanation, and an officer's decision on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from starlette.responses import Response

from tidegate.casework.triage import LONGEST_SET_ASIDE_DAYS, SET_ASIDE_REASONS
from tidegate.gate.terms import PILLARS
from tidegate.model.columns import COLUMNS
from tidegate.node import cases, intake
from tidegate.web.desk_reads import finding_counts, findings_of
from tidegate.web.desk_visit import DRAFTERS, Visit

LEVELS = ("hold", "ask", "look")  # worst first
STATES = ("open", "set-aside", "case")
A_PAGE = 100
SET_ASIDE_DAYS = 90


def show_findings(visit: Visit) -> Response:
    """Show the findings of one state, worst first, and one of them in full."""
    state = visit.query.get("state", "open")
    state = state if state in STATES else "open"
    with visit.node.transaction() as tx:
        numbers = finding_counts(tx.conn)
        levels = {level: numbers.get((state, level), 0) for level in LEVELS}
        total = sum(levels.values())
        first = _first(visit.query.get("from", ""), total)
        rows = findings_of(tx.conn, state, first=first, most=A_PAGE)
        chosen = visit.query.get("finding", "")
        picked = (chosen, tx.get("finding", chosen)) if chosen else (rows[0] if rows else None)
        today = tx.now.date()
    counts = {each: sum(number for (held, _), number in numbers.items() if held == each) for each in STATES}
    return visit.page(
        "findings.html", rows=rows, total=total, first=first, more=first + A_PAGE, state=state, states=STATES,
        counts=counts, picked=picked, levels=levels, reasons=SET_ASIDE_REASONS,
        record=in_columns(picked[1]["record"]) if picked else (),
        pillars=PILLARS, until=(today + timedelta(days=SET_ASIDE_DAYS)).isoformat(), lowest=today.isoformat(),
        highest=(today + timedelta(days=LONGEST_SET_ASIDE_DAYS)).isoformat(),
    )  # fmt: skip


def kind_of(record: Mapping[str, str]) -> str:
    """Return the kind of record (consignments, payments, parties) whose columns it fills most."""
    return max(COLUMNS, key=lambda kind: len(set(COLUMNS[kind]) & set(record)))


def in_columns(record: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return a record's columns and values in the order of its kind."""
    return [(name, record[name]) for name in COLUMNS[kind_of(record)] if name in record]


def _first(text: str, total: int) -> int:
    asked = int(text) if text.isdecimal() and len(text) < 9 else 0
    return asked if asked < total else 0


def decide_finding(visit: Visit) -> Response:
    """Set a finding aside with a reason and an end day, or open a case from it."""
    visit.allow(DRAFTERS)
    finding_id = visit.need("finding")
    if visit.said("decision") == "case":
        return _open_case(visit, finding_id)
    until = visit.need_day("until")
    intake.set_finding_aside(
        visit.node, finding_id, reason=visit.need("reason"), until=until, officer=visit.officer.id,
        note=visit.said("note"),
    )  # fmt: skip
    return visit.go("/findings", "set-aside")


def _open_case(visit: Visit, finding_id: str) -> Response:
    with visit.node.transaction() as tx:
        found = tx.get("finding", finding_id)
    case_id = cases.open_new_case(
        visit.node,
        title=visit.need("title"),
        pillar=visit.need("pillar"),
        officer=visit.officer.id,
        record=found["record"],
        source=found["source"],
        finding_ids=[finding_id],
        kind=kind_of(found["record"]),
    )
    return visit.go(f"/case/{case_id}", "case-opened")


PAGES: Mapping[str, Callable[[Visit], Response]] = {"/findings": show_findings}
FORMS: Mapping[str, Callable[[Visit], Response]] = {"/findings/decide": decide_finding}
