"""Structured data: Parquet files, JSON lines and JSON arrays as grids whose first row is made of the field names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.errors import InputUnreadable
from tidegate.files.encodings import decode_text
from tidegate.files.grid import MAX_COLUMNS, Grid, GridProblem, check_size, grid_of_rows, shorten
from tidegate.files.json_records import find_records, rows_of, text
from tidegate.files.json_texts import in_a_row, loads
from tidegate.files.records import Note

if TYPE_CHECKING:
    import pyarrow as pa

_MAX_PARQUET_BYTES = 4 << 30
_STRUCT_DEPTH = 4
_REMARKS = re.compile(r"\A(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
# Names that a program gave because there were none: the first row may hold the real ones.
_MADE_UP = re.compile(r"^(?:\d+|(?:unnamed|column|col|_c|c|f|field)[:_ ]*\d+)$", re.IGNORECASE)


def read_parquet(path: Path, data: bytes | None = None) -> Grid:
    """Return the one grid of a Parquet file; its first record is row 2, as under a header. data: its bytes, if read.

    Raises InputUnreadable for a damaged file or one that unpacks to more than is read.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path if data is None else pa.BufferReader(data))
        metadata = file.metadata
        size = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
        check_size(path.name, metadata.num_rows, metadata.num_columns)
        if size > _MAX_PARQUET_BYTES:
            raise _too_large(path.name, size)
        table = file.read()
    except (pa.ArrowException, OSError) as exc:
        raise InputUnreadable(
            f"{path.name}: the Parquet file is damaged. Write it again", code="files.parquet-damaged", file=path.name
        ) from exc
    columns, numeric, notes = [], [], []
    table = _flat(table)
    headless = all(_MADE_UP.match(name) for name in table.column_names)
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type) or pa.types.is_integer(column.type):
            numeric.append(place)
        told = _as_text(column)
        if told is None:
            notes.append(Note("files.header-part", {"column": name}))
            told = pa.chunked_array([pa.nulls(len(column), pa.string())])
        header = [] if headless else [pa.array([name.replace(".", " ")], pa.string())]
        columns.append(pa.chunked_array([*header, *told.chunks], pa.string()))
    names = [f"c{place}" for place in range(len(columns))]
    grid = pa.Table.from_arrays(columns, names=names)
    if headless:
        return Grid("", grid, notes=notes)
    return Grid("", grid, named=True, notes=notes, numeric=frozenset(numeric))


def _flat(table: pa.Table) -> pa.Table:
    """Return the table with the fields of structs as columns of their own, "shipper.name"."""
    import pyarrow as pa

    for _ in range(_STRUCT_DEPTH):
        if not any(pa.types.is_struct(field.type) for field in table.schema):
            break
        table = table.flatten()
    return table


def read_json(file: str, data: bytes) -> Grid:
    """Return the one grid of a file of JSON objects: one a line (rows are line numbers), or one array (rows from 1).

    A line that is no object stays as an empty row and is named. Raises InputUnreadable for anything else.
    """
    told, encoding = decode_text(data)
    start = _without_remarks(told)
    objects: list[Any]
    if start.startswith("["):
        objects = _array(file, start)
    else:
        objects = list(_lines(told))
        readable = sum(1 for item in objects if isinstance(item, dict))
        if not readable or (
            any(isinstance(item, str) and not item.startswith("{") for item in objects)
            and (readable * 2 <= sum(1 for item in objects if item is not None))
        ):
            objects = in_a_row(start) or _found(file, _whole(file, start))
        elif readable == 1 == sum(1 for item in objects if item is not None):
            objects = _found(file, next(item for item in objects if item is not None))
    found = rows_of(objects)
    if not found.named:
        return grid_of_rows("", found.rows, encoding=encoding)
    problems = [
        GridProblem(row, -1, "files.line-unreadable", shorten(str(objects[int(place) - 1])))
        for row, place in enumerate(found.places, 1)
        if place.isdigit() and objects[int(place) - 1] is not None and not isinstance(objects[int(place) - 1], dict)
    ]
    names: list[str | None] = []
    names += found.names[:MAX_COLUMNS]
    rows = [row[:MAX_COLUMNS] for row in found.rows]
    notes = []
    if len(found.names) > MAX_COLUMNS:
        params = {"sheet": file, "columns": str(len(found.names)), "limit": str(MAX_COLUMNS)}
        notes.append(Note("files.columns-left-out", params))
    grid = grid_of_rows("", [names, *rows], first_row=0, named=True, encoding=encoding, problems=problems, notes=notes)
    # Where each object is one row, the row is the line itself.
    return grid if len(found.rows) == len(objects) else replace(grid, row_names=tuple(found.places))


def _array(file: str, told: str) -> list[Any]:
    """Return the items of an array; of one that is broken those that can be read, with what cannot as a text."""
    try:
        return _found(file, loads(told))
    except (ValueError, RecursionError):
        return in_a_row(told[1:]) or _found(file, _whole(file, told))


def _without_remarks(told: str) -> str:
    """Return the text without remarks of a programmer above it (// and /* */), which JSON does not know."""
    return _REMARKS.sub("", told, count=1)


def _found(file: str, value: Any) -> list[Any]:
    records = find_records(value)
    if not isinstance(records, list):
        raise _broken(file, "its beginning")
    return records


def _lines(told: str) -> Iterator[Any]:
    """Yield the object of each line, None for a blank line, the text itself for a line that is none."""
    for line in told.rstrip().split("\n"):
        stripped = line.strip()
        if not stripped:
            yield None
            continue
        try:
            yield loads(stripped)
        except (ValueError, RecursionError):
            yield stripped


def _whole(file: str, told: str) -> Any:
    try:
        return loads(told)
    except (ValueError, RecursionError) as exc:
        place = f"line {exc.lineno}" if isinstance(exc, json.JSONDecodeError) else "its nesting"
        raise _broken(file, place) from exc


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return a Parquet column as text, None where it holds bytes or records."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if (
        pa.types.is_binary(column.type)
        or pa.types.is_large_binary(column.type)
        or pa.types.is_fixed_size_binary(column.type)
    ):
        try:
            return pc.cast(pc.cast(column, pa.binary()), pa.string())
        except pa.ArrowInvalid:
            told = [None if value is None else value.decode("utf-8", errors="replace") for value in column.to_pylist()]
            broken = sum(1 for value in told if value and "\ufffd" in value)
            return (
                None if broken * 2 > len(told) - column.null_count else pa.chunked_array([pa.array(told, pa.string())])
            )
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if pa.types.is_timestamp(column.type):
        if column.type.tz:
            column = pc.local_timestamp(column)
        day = pc.cast(pc.cast(column, pa.timestamp("s"), safe=False), pa.string())
        return pc.replace_substring_regex(day, r"[ T]00:00:00$", "")
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        texts = [text(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    try:
        return pc.cast(column, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _too_large(file: str, size: int) -> InputUnreadable:
    return InputUnreadable(
        f"{file}: unpacks to {size >> 20} MB, more than is read. Split the file",
        code="files.unpacks-too-large",
        file=file,
        size=f"{size >> 20} MB",
    )


def _broken(file: str, place: str) -> InputUnreadable:
    return InputUnreadable(
        f"{file}: the JSON cannot be read at {place}. Write one object a line, or one array of objects",
        code="files.json-broken",
        file=file,
        place=place,
    )
