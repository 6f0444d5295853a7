"""One run over files: read them, screen them with an engine, and put the findings in their places.

The edge gives the engine and the plan; every file that can be read is done, and one that cannot is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.errors import TidegateError
from tidegate.files.companions_read import join_batches
from tidegate.files.mapping import Mapping
from tidegate.files.reading import read_records
from tidegate.files.records import CellProblem, Note, TableRead
from tidegate.files.screened import Screened, ScreenedTable, place_findings
from tidegate.model.columns import SOURCE_COLUMNS
from tidegate.screening.finding_table import findings_from_table
from tidegate.screening.normalize import DAY_COLUMNS, NUMBER_COLUMNS
from tidegate.screening.pipeline import not_run_in, set_aside_in
from tidegate.screening.plan import ScreeningPlan

_READ_BY_KERNEL = {kind: {*NUMBER_COLUMNS[kind], *DAY_COLUMNS[kind]} for kind in NUMBER_COLUMNS}
Run = Callable[[pa.RecordBatch, ScreeningPlan], pa.RecordBatch]


def screen_files(
    paths: Sequence[Path],
    plan: ScreeningPlan,
    run: Run,
    *,
    kind: str | None = None,
    mapping: Mapping | None = None,
    step: Callable[[str], None] | None = None,
) -> Screened:
    """Return the findings of all `paths`. run: an engine's `run`. step: told what is being done, for a progress line."""
    tables: list[TableRead] = []
    unread: dict[str, TidegateError] = {}
    digests: dict[str, str] = {}
    notes: list[tuple[str, Note | CellProblem]] = []
    for path in paths:
        if step:
            step(path.name)
        try:
            reading = read_records(path, kind=kind, mapping=mapping)
            tables += reading.tables
            notes += [(path.name, note) for note in reading.notes]
            notes += [(path.name, problem) for problem in reading.problems]
            digests[path.name] = file_digest(path)
        except TidegateError as problem:
            unread[path.name] = problem
    return screen_tables(tables, plan, run, unread=unread, digests=digests, notes=notes)


def screen_tables(
    tables: Sequence[TableRead],
    plan: ScreeningPlan,
    run: Run,
    *,
    unread: dict[str, TidegateError] | None = None,
    digests: dict[str, str] | None = None,
    notes: Sequence[tuple[str, Note | CellProblem]] = (),
) -> Screened:
    """Return the findings of tables already read. Tables of other kinds in the same run are companions of each other."""
    kinds = sorted({table.kind for table in tables})
    done = []
    for table in tables:
        beside = {
            kind: join_batches([other.batch for other in tables if other.kind == kind], kind)
            for kind in kinds
            if kind != table.kind
        }
        found = run(recognised_batch(table), plan.beside(beside) if beside else plan)
        placed = place_findings(table, findings_from_table(found))
        # The kernel left out what decisions set aside; the reader's own cells are asked about here.
        kept = [one for one in placed if not plan.decisions.sets_aside(one.finding.decision_key, plan.on)]
        aside = set_aside_in(found) + len(placed) - len(kept)
        done.append(ScreenedTable(table, kept, aside, not_run_in(found)))
    return Screened(
        done,
        plan.lists,
        plan.on.isoformat(),
        plan.threshold,
        plan.register.date,
        rules_digest(plan),
        {file: str(problem) for file, problem in (unread or {}).items()},
        digests or {},
        problems=unread or {},
        notes=tuple(notes),
    )


def recognised_batch(table: TableRead) -> pa.RecordBatch:
    """Return the batch with only the columns that the file has, and their names in the metadata.

    Numbers and days that the reader could not read are blank in it: the reader named them already. Columns that repeat
    themselves stand in it by their distinct values.
    """
    names = [
        name
        for name in table.batch.schema.names
        if name in table.columns or name in SOURCE_COLUMNS or _holds(table.batch, name)
    ]
    arrays = [table.encoded.get(name, table.batch.column(name)) for name in names]
    batch = pa.RecordBatch.from_arrays(arrays, names=names)
    named: dict[str, list[int]] = {}
    for problem in table.unreadable:
        if problem.index >= 0 and problem.field in names and problem.field in _READ_BY_KERNEL[table.kind]:
            named.setdefault(problem.field, []).append(problem.index)
    for name, rows in named.items():
        wrong = np.zeros(batch.num_rows, dtype=bool)
        wrong[rows] = True
        blanked = pc.if_else(pa.array(wrong), pa.scalar(None, pa.string()), table.batch.column(name))
        batch = batch.set_column(batch.schema.get_field_index(name), name, blanked)
    metadata = {b"tidegate.kind": table.kind.encode(), b"tidegate.columns": ",".join(names).encode()}
    return batch.replace_schema_metadata(metadata)


def rules_digest(plan: ScreeningPlan) -> str:
    """Return 12 hexadecimal characters that change with any rule or parameter."""
    told = "\n".join(
        repr((rule.id, rule.kind, rule.level, rule.group, sorted(rule.params.items()))) for rule in plan.rules
    )
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _holds(batch: pa.RecordBatch, name: str) -> bool:
    column = batch.column(name)
    return bool(column.null_count < len(column))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
