"""Intake: a file is screened and its findings are kept, so that officers can decide on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tidegate.engines.local import LocalEngine
from tidegate.files.findings_json import finding_json
from tidegate.files.screened import PlacedFinding, Screened
from tidegate.files.screening_run import screen_files
from tidegate.lists.reading import read_list
from tidegate.model.instants import format_instant
from tidegate.node.node import Node
from tidegate.registers.substances import load_register
from tidegate.screening.decisions import DecisionBook
from tidegate.screening.names import build_index
from tidegate.screening.plan import ScreeningPlan
from tidegate.store import documents
from tidegate.store.seals import seal_rows
from tidegate.trust.ids import new_id


def screen_into_node(node: Node, files: Sequence[Path], lists: Sequence[Path], *, officer: str) -> Screened:
    """Screen files against lists and keep every finding as open. Returns what was read and found."""
    with node.transaction() as tx:
        on = tx.now.date()
        aside = set_aside_keys(documents.find(tx.conn, "decision"), on)
    watchlists = [read_list(path) for path in lists]
    plan = ScreeningPlan(
        register=load_register(), index=build_index(watchlists) if watchlists else None, on=on, decisions=DecisionBook()
    )
    screened = screen_files(files, plan, LocalEngine().run)
    keep_findings(node, screened, officer=officer, aside=aside)
    return screened


def keep_findings(node: Node, screened: Screened, *, officer: str, aside: frozenset[str] = frozenset()) -> list[str]:
    """Keep the findings of one run, with the record each is about. Returns their ids, in order.

    aside: decision keys that an officer set aside and whose day has not come: they are kept in that state.
    """
    with node.transaction() as tx:
        run = new_id("run")
        ids = []
        for placed in screened.findings():
            key = f"{run}/{placed.id}"
            state = "set-aside" if placed.finding.decision_key in aside else "open"
            body = {
                "run": run,
                "state": state,
                "finding": {lang: finding_json(placed, lang) for lang in ("en", "zh", "es")},
                "level": placed.finding.level,
                "decision_key": placed.finding.decision_key,
                "record": record_of(screened, placed),
                "source": f"{placed.file}, {placed.sheet or '-'}, row {placed.place}",
                "found_at": format_instant(tx.now),
            }
            documents.put(tx.conn, "finding", key, body)
            ids.append(key)
        if ids:
            seal_rows(tx.conn, "node.finding", ids, at=tx.now, actor=officer)
        tx.event("screening.run", officer, run, records=screened.rows(), findings=len(ids))
        return ids


def record_of(screened: Screened, placed: PlacedFinding) -> dict[str, str]:
    """Return the filled columns of the record a finding is about."""
    for one in screened.tables:
        if (one.table.file, one.table.sheet) == (placed.file, placed.sheet) and placed.finding.row >= 0:
            row = one.table.batch.slice(placed.finding.row, 1).to_pylist()[0]
            return {name: value for name, value in row.items() if value and not name.startswith("source_")}
    return {}


def set_finding_aside(node: Node, finding_id: str, *, reason: str, until: date, officer: str, note: str = "") -> None:
    """Record that an officer does not pursue a finding until a day. It holds for this evidence and no other."""
    from tidegate.casework.triage import check_set_aside

    with node.transaction() as tx:
        today = tx.now.date()
        check_set_aside(reason, until, today)
        body = tx.get("finding", finding_id, lock=True)
        decision_id = new_id("dec")
        decision: dict[str, Any] = {
            "decision_key": body["decision_key"],
            "choice": "set-aside",
            "reason": reason,
            "until": until.isoformat(),
            "officer": officer,
            "at": format_instant(tx.now),
            "note": note,
        }
        tx.put("decision", decision_id, decision)
        tx.put("finding", finding_id, {**body, "state": "set-aside", "decision_id": decision_id})
        tx.event(
            "finding.decided", officer, body["decision_key"], choice="set-aside", reason=reason, until=until.isoformat()
        )


def set_aside_keys(decisions: Any, on: date) -> frozenset[str]:
    """Return the decision keys that are set aside on the day `on`."""
    return frozenset(
        body["decision_key"]
        for _, body in decisions
        if body["choice"] == "set-aside" and date.fromisoformat(body["until"]) >= on
    )
