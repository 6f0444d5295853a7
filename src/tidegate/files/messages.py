"""Messages: records found in a message instead of a sheet, made into a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tidegate.errors import InputUnreadable
from tidegate.files.records import CellProblem, Note, TableRead
from tidegate.model.columns import COLUMNS, record_schema


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """One record: the path to it inside the message, canonical values, and doubts as column, value and wording code."""

    path: str
    values: Mapping[str, str | None]
    doubts: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class MessageTable:
    """The records of one message. sources: canonical column to the element or segment it was read from."""

    name: str
    kind: str
    records: Sequence[MessageRecord]
    sources: Mapping[str, str]
    notes: Sequence[Note] = field(default_factory=tuple)


def table_of_message(file: str, message: MessageTable) -> TableRead:
    """Return `message` as a table; `source_sheet` is the message's name, `source_row` the path inside it."""
    import pyarrow as pa

    records = message.records
    columns = COLUMNS[message.kind]
    data = [
        [file] * len(records),
        [message.name] * len(records),
        [record.path for record in records],
        *([(record.values.get(column) or "").strip() or None for record in records] for column in columns),
    ]
    schema = record_schema(message.kind)
    batch = pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in data], schema=schema)
    problems = [
        CellProblem(message.name, record.path, message.sources.get(column, column), value, code, {}, index, column)
        for index, record in enumerate(records)
        for column, value, code in record.doubts
    ]
    present = {column for record in records for column in columns if record.values.get(column)}
    sources = {column: source for column, source in message.sources.items() if column in present}
    return TableRead(file, message.name, message.kind, 0, sources, batch, problems, list(message.notes), len(records))


def check_kind(file: str, held: str, kind: str | None) -> None:
    """Raise InputUnreadable if the caller asked for another kind than a message holds."""
    if kind is not None and kind != held:
        raise InputUnreadable(
            f"{file}: holds {held}, not {kind}. Leave out --kind, or choose {held}",
            code="files.kind-not-held",
            file=file,
            held=held,
            kind=kind,
        )
