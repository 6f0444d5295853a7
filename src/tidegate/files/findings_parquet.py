"""Findings as Parquet: FINDING_SCHEMA with the place of each record before it, for a data team."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tidegate.files.screened import Screened
from tidegate.model.columns import FINDING_SCHEMA
from tidegate.screening.finding_table import rows_to_table


def write_findings_parquet(screened: Screened, path: Path) -> None:
    """Write one row a finding: file, sheet, place (row number or message path), id, then FINDING_SCHEMA."""
    placed = screened.findings()
    batch = rows_to_table([one.finding for one in placed])
    own = {
        "file": [one.file for one in placed],
        "sheet": [one.sheet for one in placed],
        "place": [one.place for one in placed],
        "id": [one.id for one in placed],
    }
    fields = [pa.field(name, pa.string()) for name in own] + list(FINDING_SCHEMA)
    arrays = [pa.array(values, pa.string()) for values in own.values()] + list(batch.columns)
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), path)
