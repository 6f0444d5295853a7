"""A tiny factory of records for the tests of the screening kernel. Every name is invented."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from tidegate.model.columns import record_schema
from tidegate.registers.substances import load_register
from tidegate.screening.finding_table import FindingRow, findings_from_table
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.plan import ScreeningPlan

DAY = date(2026, 11, 25)
CLEAN = {
    "date": "2024-10-01",
    "consignor": "Lantern Quay Textiles Co., Ltd",
    "consignee": "Textiles Nube de Papel SA de CV",
    "goods_description": "Cotton knit T-shirts",
    "hs_code": "6109.10",
    "net_mass_kg": "100",
    "gross_mass_kg": "110",
    "origin_country": "CN",
    "destination_country": "MX",
}


def batch(kind: str, rows: list[dict[str, str]], *, headers: str = "") -> pa.RecordBatch:
    """Return rows of `kind` as a batch; headers: columns that the sheet had, though empty."""
    placed = [
        {"source_file": "sheet.csv", "source_sheet": "", "source_row": str(at), **row} for at, row in enumerate(rows, 2)
    ]
    schema = record_schema(kind)
    if headers:
        schema = schema.with_metadata({"tidegate.kind": kind, "tidegate.columns": headers})
    return pa.RecordBatch.from_pylist(placed, schema=schema)


def plan(**changes) -> ScreeningPlan:
    return ScreeningPlan(**{"register": load_register(), "on": DAY, **changes})


def consignments(*changes: dict[str, str], headers: str = "") -> pa.RecordBatch:
    return batch("consignments", [{**CLEAN, **change} for change in changes], headers=headers)


def screen(records: pa.RecordBatch, **changes) -> list[FindingRow]:
    return findings_from_table(screen_batch(records, plan(**changes)))


def rules(found: list[FindingRow]) -> set[str]:
    return {one.rule for one in found}
