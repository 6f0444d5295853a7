"""Mapping: what a person settled about a file, kept as TOML: which header is which column, where the header stands,
the decimal sign, the order of dates.

    kind = "consignments"
    sheet = "Sheet1"
    header_row = 3
    decimal = ","
    date_order = "dmy"
    mass_unit = "kg"
    encoding = "gb18030"

    [columns]
    consignee = "Comprador final"
    goods_description = "column F"
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from tidegate.errors import InputUnreadable
from tidegate.files.records import TableRead
from tidegate.model.columns import COLUMNS
from tidegate.model.days import DATE_ORDERS, DateOrder
from tidegate.model.quantity import DecimalSign, is_mass_unit

_KEYS = frozenset({"kind", "sheet", "header_row", "decimal", "date_order", "mass_unit", "encoding", "columns"})


@dataclass(frozen=True, slots=True)
class Mapping:
    """columns: canonical name to header as written, or "column F". Empty or 0 means: recognise it.

    header_row: the (last) row of the header as a person sees it; -1: there is none, columns are told by letter.
    """

    columns: AbstractMapping[str, str] = field(default_factory=dict)
    kind: str = ""
    sheet: str = ""
    header_row: int = 0
    decimal: DecimalSign | None = None
    date_order: DateOrder | None = None
    mass_unit: str = ""
    encoding: str = ""


def read_mapping(path: Path) -> Mapping:
    """Return the mapping in a TOML file. Raises InputUnreadable naming the line and key that is wrong, and what it may be."""
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise _wrong(path.name, f"cannot be read as TOML ({exc})", "a file as `tidegate screen` writes it") from exc
    return check_mapping(data, path.name, text)


def check_mapping(data: AbstractMapping[str, Any], file: str, text: str = "") -> Mapping:
    """Return `data` as a mapping. text: the TOML it was read from, so that an error can name the line.

    Raises InputUnreadable for an unknown key, kind, column, sign or order, or a value that is no text.
    """

    def wrong(key: str, came: str, expected: str) -> InputUnreadable:
        line = _line_of(key, text)
        return _wrong(file, f"line {line}: {came}" if line else came, expected)

    for key in data:
        if key not in _KEYS:
            raise wrong(key, f"unknown key {key!r}", ", ".join(sorted(_KEYS)))
    told = {}
    for key in ("kind", "sheet", "decimal", "date_order", "mass_unit", "encoding"):
        value = data.get(key)
        if value is not None and not isinstance(value, str):
            raise wrong(key, f"{key} {value!r} is no text", f'{key} = "…"')
        told[key] = value or ""
    kind, unit, encoding = told["kind"], told["mass_unit"], told["encoding"]
    if kind and kind not in COLUMNS:
        raise wrong("kind", f"kind {kind!r}", ", ".join(COLUMNS))
    if told["decimal"] not in {"", ".", ","}:
        raise wrong("decimal", f"decimal {told['decimal']!r}", '"." or ","')
    if told["date_order"] not in {"", *DATE_ORDERS}:
        raise wrong("date_order", f"date_order {told['date_order']!r}", ", ".join(DATE_ORDERS))
    if unit and not is_mass_unit(unit):
        raise wrong("mass_unit", f"mass_unit {unit!r}", "kg, g, t or lb")
    if encoding and not _is_encoding(encoding):
        names = "utf-8, gb18030, big5, shift_jis, euc_kr, cp1252, cp1251, utf-16 or the like"
        raise wrong("encoding", f"encoding {encoding!r}", names)
    columns = data.get("columns", {})
    known = set(COLUMNS[kind]) if kind else set().union(*COLUMNS.values())
    if not isinstance(columns, dict):
        raise wrong("columns", "columns is no table", "[columns] with canonical name = header")
    for canonical, header in columns.items():
        if canonical not in known:
            raise wrong(canonical, f"unknown column {canonical!r}", ", ".join(sorted(known)))
        if not isinstance(header, str):
            raise wrong(canonical, f"{canonical} = {header!r} is no header", 'a header as written, or "column F"')
    header_row = data.get("header_row", 0)
    if not isinstance(header_row, int) or isinstance(header_row, bool) or header_row < -1:
        raise wrong("header_row", f"header_row {header_row!r}", "the row number as a person sees it, or -1 for none")
    return Mapping(
        dict(columns),
        kind,
        told["sheet"],
        header_row,
        cast("DecimalSign | None", told["decimal"] or None),
        cast("DateOrder | None", told["date_order"] or None),
        unit,
        encoding,
    )


def _line_of(key: str, text: str) -> int:
    """Return the line from 1 on which `key` stands, 0 if there is none."""
    found = re.search(rf"^\s*\[?\s*[\"']?{re.escape(key)}[\"']?\s*[=\]]", text, re.MULTILINE)
    return text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1 if found else 0


def write_mapping(mapping: Mapping, path: Path) -> None:
    """Write `mapping` so that read_mapping gives it back."""
    path.write_text(format_mapping(mapping), encoding="utf-8")


def format_mapping(mapping: Mapping) -> str:
    """Return `mapping` as TOML text."""
    lines = []
    for key in ("kind", "sheet", "header_row", "decimal", "date_order", "mass_unit", "encoding"):
        value = getattr(mapping, key)
        if value:
            lines.append(f"{key} = {value if isinstance(value, int) else _quote(value)}")
    lines += ["", "[columns]", *(f"{name} = {_quote(header)}" for name, header in mapping.columns.items())]
    return "\n".join(lines).lstrip("\n") + "\n"


def mapping_of(table: TableRead) -> Mapping:
    """Return the mapping that repeats how `table` was read, as a start for a person's corrections."""
    return Mapping(dict(table.columns), table.kind, table.sheet, table.header_row)


def column_place(told: str) -> int | None:
    """Return the place from 0 that "column F" tells, None for a header."""
    found = re.fullmatch(r"(?:column|列|columna)\s*([A-Z]{1,3})", told.strip(), re.IGNORECASE)
    if not found:
        return None
    number = 0
    for letter in found[1].upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = re.sub(r"[\x00-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04x}", escaped)
    return f'"{escaped}"'


def _wrong(file: str, came: str, expected: str) -> InputUnreadable:
    return InputUnreadable(
        f"{file}: {came}; expected {expected}", code="files.mapping-wrong", file=file, came=came, expected=expected
    )
