"""Findings as an Arrow table: the form in which they leave the kernel, and the way back to values for writers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from tidegate.model.columns import FINDING_SCHEMA
from tidegate.screening.finding import Against, Duty, Finding, Reason


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding as it stands in the table: the evidence is folded into its decision key."""

    row: int
    screen: str
    rule: str
    level: str
    score: float
    column: str
    value: str
    against: Against
    reasons: tuple[Reason, ...]
    benign: str
    duties: tuple[Duty, ...]
    decision_key: str
    base_key: str


def findings_to_table(findings: Sequence[Finding], metadata: Mapping[str, str] | None = None) -> pa.RecordBatch:
    """Return `findings` as one batch of FINDING_SCHEMA, in the order given."""
    return _to_table(findings, FINDING_SCHEMA.with_metadata(dict(metadata)) if metadata else FINDING_SCHEMA)


def _to_table(findings: Sequence[Finding] | Sequence[FindingRow], schema: pa.Schema) -> pa.RecordBatch:
    columns: dict[str, list[Any]] = {
        "row": [one.row for one in findings],
        "screen": [one.screen for one in findings],
        "rule": [one.rule for one in findings],
        "level": [one.level for one in findings],
        "score": [one.score for one in findings],
        "column": [one.column for one in findings],
        "value": [one.value for one in findings],
        "against_kind": [one.against.kind for one in findings],
        "against_id": [one.against.id for one in findings],
        "against_name": [one.against.name for one in findings],
        "against_list": [one.against.list for one in findings],
        "against_list_date": [one.against.list_date for one in findings],
        "reasons": [
            [
                {"code": reason.code, "params": [(str(k), str(v)) for k, v in reason.params.items()]}
                for reason in one.reasons
            ]
            for one in findings
        ],
        "benign": [one.benign for one in findings],
        "duties": [[_duty_cells(duty) for duty in one.duties] for one in findings],
        "decision_key": [one.decision_key for one in findings],
        "base_key": [one.base_key for one in findings],
    }
    arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def rows_to_table(rows: Sequence[FindingRow]) -> pa.RecordBatch:
    """Return findings as they stand in a table as a table again, in the order given."""
    return _to_table(rows, FINDING_SCHEMA)


def findings_from_table(batch: pa.RecordBatch | pa.Table) -> list[FindingRow]:
    """Return the findings of a batch or table of FINDING_SCHEMA, in order."""
    return [
        FindingRow(
            row=cells["row"],
            screen=cells["screen"],
            rule=cells["rule"],
            level=cells["level"],
            score=cells["score"],
            column=cells["column"] or "",
            value=cells["value"] or "",
            against=Against(
                cells["against_kind"], cells["against_id"], cells["against_name"], cells["against_list"] or "",
                cells["against_list_date"] or "",
            ),
            reasons=tuple(Reason(reason["code"], dict(reason["params"])) for reason in cells["reasons"]),
            benign=cells["benign"],
            duties=tuple(_duty_from(duty) for duty in cells["duties"]),
            decision_key=cells["decision_key"],
            base_key=cells["base_key"],
        )
        for cells in batch.to_pylist()
    ]  # fmt: skip


def _duty_cells(duty: Duty) -> dict[str, object]:
    return {
        "regime": duty.regime, "list": duty.list, "duty": duty.duty, "paper": duty.paper, "found": duty.found,
        "from": duty.valid_from, "source": duty.source, "certainty": duty.certainty,
    }  # fmt: skip


def _duty_from(cells: Mapping[str, Any]) -> Duty:
    return Duty(
        cells["regime"], cells["list"], cells["duty"], cells["paper"], cells["found"], cells["from"] or "",
        cells["source"] or "", cells["certainty"] or "",
    )  # fmt: skip
