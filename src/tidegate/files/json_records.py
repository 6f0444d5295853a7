"""JSON records: the objects that a JSON value holds, flat, under names that headers are recognised by."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from tidegate.files.headers import recognise
from tidegate.files.workbooks import number_text
from tidegate.model.columns import COLUMNS

_DEPTH = 4
_MOST_ITEMS = 10_000  # goods of one record
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PARTIES = frozenset({"consignor", "consignee", "payer", "payee", "name"})
_TICKS = re.compile(r"/Date\((-?\d{1,14})(?:[+-]\d{4})?\)/$")  # OData 2: milliseconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VALUE_KEYS = frozenset({"value", "amount", "text", "#text", "_", "content", "val"})


@dataclass(frozen=True, slots=True)
class JsonRows:
    """Rows of texts under `names`; places: where each row stands, e.g. "3" or "3/goods[2]". named: False if the names
    stand in a row of their own, which must be found."""

    names: list[str]
    rows: list[list[str | None]]
    places: list[str]
    named: bool = True


def find_records(value: Any) -> Any:
    """Return the list of records that a whole JSON document holds: its longest list of objects, a table by columns, or
    the objects of a dictionary by id; the value itself if it is one record; None if there is none."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    table = _by_columns(value)
    if table is not None:
        return table
    if _is_by_id(value):
        return list(value.values())
    if _is_record(value):
        return [value]
    lists = sorted(_lists(value, _DEPTH), key=len, reverse=True)
    if lists:
        return lists[0]
    values = list(value.values())
    inner = [each for each in values if isinstance(each, dict)]
    return find_records(inner[0]) if len(inner) == 1 else [value]


def _is_by_id(value: dict[str, Any]) -> bool:
    """Tell whether an object holds records under their ids: objects of like keys, under names that head no column."""
    inner = list(value.values())
    if len(inner) < 2 or not all(isinstance(each, dict) and each for each in inner) or any(map(_is_header, value)):
        return False
    shared = set.intersection(*(set(each) for each in inner))
    return len(shared) * 2 >= len(set().union(*inner))


def _by_columns(value: dict[str, Any]) -> list[Any] | None:
    """Return the rows of {"columns": […], "data": [[…]]}, of {"shipper": […], "consignee": […]}, or of
    {"shipper": {"0": …, "1": …}, …}, as data frames are written."""
    heads, data = value.get("columns"), value.get("data")
    if isinstance(heads, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        return [heads, *data]
    columns = list(value.values())
    if len(columns) >= 2 and all(isinstance(each, dict) and each for each in columns):
        order = list(dict.fromkeys(key for each in columns for key in each))
        if all(str(key).isdigit() for key in order) and sum(1 for name in value if _is_header(name)) >= 2:
            return [{name: each.get(key) for name, each in value.items()} for key in order]
        return None
    if (
        len(columns) >= 2
        and all(isinstance(each, list) for each in columns)
        and len({len(each) for each in columns}) == 1
    ):
        plain = not any(isinstance(cell, (dict, list)) for each in columns for cell in each[:50])
        if plain and sum(1 for name in value if _is_header(name)) >= 2:
            return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
    return None


def _lists(value: dict[str, Any], depth: int) -> Iterator[list[Any]]:
    for each in value.values():
        if isinstance(each, list) and each and isinstance(each[0], (dict, list)):
            yield each
        elif isinstance(each, dict) and depth:
            yield from _lists(each, depth - 1)


def _is_record(value: dict[str, Any]) -> bool:
    """Tell whether an object says something of its own beside the lists it holds: a party, or two columns."""
    paths = [path for path, each in _leaves(value, (), _DEPTH) if not isinstance(each, list)]
    known = {match.canonical for path in paths for kind in COLUMNS if (match := recognise(_header(path), kind))}
    return len([path for path in paths if _is_header(_header(path))]) >= 2 or not known.isdisjoint(_PARTIES)


def rows_of(objects: list[Any]) -> JsonRows:
    """Return `objects` as rows; an object that holds goods or other items as a list of objects gives a row for each.

    An item that is no object gives an empty row at its place. A list of lists is a table.
    """
    if objects and all(isinstance(each, list) for each in objects):
        rows = [[text(cell) for cell in row] for row in objects]
        return JsonRows([], rows, [str(number) for number in range(1, len(rows) + 1)], named=False)
    heads: dict[str, int] = {}
    names: list[str] = []
    rows, places = [], []
    for number, item in enumerate(objects, 1):
        parts = list(_items(item)) if isinstance(item, dict) else [("", {})]
        for place, record in parts:
            row: dict[int, str | None] = {}
            for path, value in _leaves(record, (), _DEPTH):
                name = _header(path)
                key = _key(name)
                if key not in heads:
                    heads[key] = len(names)
                    names.append(name)
                elif row.get(heads[key]) is not None:
                    name = " ".join(path)
                    if (key := _key(name)) not in heads:
                        heads[key] = len(names)
                        names.append(name)
                row[heads[key]] = text(value)
            rows.append([row.get(at) for at in range(max(row, default=-1) + 1)])
            places.append(f"{number}{place}")
    return JsonRows(names, rows, places)


def _items(record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the record once for each object of its longest list of objects, with that object in place of the list."""
    name, items, path = _longest_items(record, (), _DEPTH)
    if len(items) == 0 or len(items) > _MOST_ITEMS:
        yield "", record
        return
    if len(items) == 1:
        yield "", _with(record, path, items[0])
        return
    for number, item in enumerate(items, 1):
        yield f"/{name}[{number}]", _with(record, path, item)


def _longest_items(record: dict[str, Any], path: tuple[str, ...], depth: int) -> tuple[str, list[Any], tuple[str, ...]]:
    best: tuple[str, list[Any], tuple[str, ...]] = ("", [], ())
    for name, value in record.items():
        found: tuple[str, list[Any], tuple[str, ...]] = ("", [], ())
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            found = (name, value, (*path, name))
        elif isinstance(value, dict) and depth:
            found = _longest_items(value, (*path, name), depth - 1)
        best = max(best, found, key=lambda one: len(one[1]))
    return best


def _with(record: dict[str, Any], path: tuple[str, ...], item: Any) -> dict[str, Any]:
    return {
        name: item if path == (name,) else _with(value, path[1:], item) if path[:1] == (name,) else value
        for name, value in record.items()
    }


def _leaves(value: dict[str, Any], path: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, each in value.items():
        if isinstance(each, dict) and each and depth:
            yield from _leaves(each, (*path, str(name)), depth - 1)
        else:
            yield (*path, str(name)), each


@lru_cache(maxsize=10_000)
def _header(path: tuple[str, ...]) -> str:
    """Return the name of a leaf that is a known header: the whole path, its end, or an ancestor with its end."""
    while len(path) > 1 and path[-1].startswith("$"):
        path = path[:-1]  # {"$date": …}: a type that a database wrote
    if len(path) == 1:
        return path[0]
    last = path[-1]
    ways = [" ".join(path), " ".join(path[-2:]), *(f"{each} {last}" for each in reversed(path[:-2]))]
    if last.lower() in _VALUE_KEYS:
        ways.append(path[-2])
    ways.append(last)
    return next((way for way in ways if _is_header(way)), " ".join(path))


@lru_cache(maxsize=10_000)
def _is_header(name: str) -> bool:
    return any(recognise(name, kind) for kind in COLUMNS)


@lru_cache(maxsize=10_000)
def _key(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def text(value: Any) -> str | None:
    """Return a JSON value as the text of a cell; null and NaN, which programs write for nothing, as None."""
    if value is None:
        return None
    if isinstance(value, str):
        if value.startswith("/Date(") and (ticks := _TICKS.match(value)):
            return f"{_EPOCH + timedelta(milliseconds=int(ticks[1])):%Y-%m-%d %H:%M:%S}"
        # Half of a pair that JSON may escape and no text may hold.
        return value if value.isascii() else _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, (list, tuple)) and all(isinstance(each, (str, int, float)) for each in value):
        return "; ".join(text(each) or "" for each in value)
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):
        return None
