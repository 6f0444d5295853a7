"""Structured data: Parquet files, JSON lines and JSON arrays as grids whose first row is made of the field names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.errors import InputUnreadable
from tidegate.files.encodings import decode_text
from tidegate.files.grid import MAX_COLUMNS, Grid, GridProblem, check_size, grid_of_rows, shorten
from tidegate.files.records import Note
from tidegate.files.workbooks import number_text

if TYPE_CHECKING:
    import pyarrow as pa

_MAX_PARQUET_BYTES = 4 << 30
_WRAPPER_DEPTH = 3
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


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
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type) or pa.types.is_integer(column.type):
            numeric.append(place)
        text = _as_text(column)
        if text is None:
            notes.append(Note("files.header-part", {"column": name}))
            text = pa.chunked_array([pa.nulls(len(column), pa.string())])
        header = pa.chunked_array([pa.array([name], pa.string())])
        columns.append(pa.chunked_array([*header.chunks, *text.chunks], pa.string()))
    names = [f"c{place}" for place in range(len(columns))]
    grid = pa.Table.from_arrays(columns, names=names)
    return Grid("", grid, named=True, notes=notes, numeric=frozenset(numeric))


def read_json(file: str, data: bytes) -> Grid:
    """Return the one grid of a file of JSON objects: one a line (rows are line numbers), or one array (rows from 1).

    A line that is no object stays as an empty row and is named. Raises InputUnreadable for anything else.
    """
    text, encoding = decode_text(data)
    start = text.lstrip()
    objects: list[Any]
    if start.startswith("["):
        objects = _array(file, _whole(file, start))
    else:
        objects = list(_lines(text))
        readable = sum(1 for item in objects if isinstance(item, dict))
        if readable * 2 <= sum(1 for item in objects if item is not None) or not readable:
            objects = _array(file, _whole(file, start))
        elif len(objects) == 1:
            objects = _array(file, objects[0])
    headers: dict[str, int] = {}
    rows: list[list[str | None]] = []
    problems: list[GridProblem] = []
    for number, item in enumerate(objects, 1):
        row: dict[int, str | None] = {}
        if isinstance(item, dict):
            for name, value in _flatten(item):
                place = headers.setdefault(name, len(headers))
                if place < MAX_COLUMNS:
                    row[place] = value
        elif item is not None:
            problems.append(GridProblem(number, -1, "files.line-unreadable", shorten(str(item))))
        rows.append([row.get(place) for place in range(max(row, default=-1) + 1)])
    names: list[str | None] = []
    names += [*headers][:MAX_COLUMNS]
    return grid_of_rows("", [names, *rows], first_row=0, named=True, encoding=encoding, problems=problems)


def _lines(text: str) -> Iterator[Any]:
    """Yield the object of each line, None for a blank line, the text itself for a line that is none."""
    for line in text.rstrip().split("\n"):
        stripped = line.strip()
        if not stripped:
            yield None
            continue
        try:
            yield json.loads(stripped)
        except (ValueError, RecursionError):
            yield stripped


def _whole(file: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as exc:
        place = f"line {exc.lineno}" if isinstance(exc, json.JSONDecodeError) else "its nesting"
        raise _broken(file, place) from exc


def _array(file: str, value: Any) -> list[Any]:
    """Return the records of an array, of an object that wraps one array of objects, or the one object itself."""
    found = value
    for _ in range(_WRAPPER_DEPTH):
        if isinstance(found, list):
            return found
        if not isinstance(found, dict):
            break
        wrapped = [each for each in found.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
        deeper = [each for each in found.values() if isinstance(each, dict)]
        if wrapped:
            found = wrapped[0]
        elif len(found) == 1 and deeper:
            found = deeper[0]
        else:
            return [found]
    raise _broken(file, "its beginning")


def _flatten(item: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield names and texts; a record inside a record gives "consignee name", a list is joined by semicolons."""
    for name, value in item.items():
        if isinstance(value, dict):
            for inner, each in value.items():
                yield f"{name} {inner}", _text(each)
        else:
            yield str(name), _text(value)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        # Half of a pair that JSON may escape and no text may hold.
        return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, list) and all(isinstance(each, (str, int, float)) for each in value):
        return "; ".join(_text(each) or "" for each in value)
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return None


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return a Parquet column as text, None where it holds bytes or records."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if pa.types.is_timestamp(column.type):
        text = pc.cast(pc.cast(column, pa.timestamp("s"), safe=False), pa.string())
        return pc.replace_substring_regex(text, r"[ T]00:00:00$", "")
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        texts = [_text(value) for value in column.to_pylist()]
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
