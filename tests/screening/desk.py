"""The files of a desk scenario: own rows among the desk's ordinary ones, in the kinds of file that people hand over."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import openpyxl

FOLDER = Path(__file__).parent / "desk_scenarios"
FILE_OF = {"customs": "movements.csv", "bank": "payments.csv", "kyc": "customers.csv"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its text as CSV, the row number of each own row by its letter, and the rows that are ordinary."""

    file: str
    text: str
    own: dict[str, int]
    ordinary: frozenset[int]

    def rows(self, marks: str) -> set[int]:
        """Return the row numbers that marks such as "a b" or "3" name."""
        return {self.own[mark] if mark in self.own else int(mark) for mark in marks.split()}


@lru_cache(maxsize=1)
def desks() -> dict[str, list[list[str]]]:
    found = tomllib.loads((FOLDER / "desks.toml").read_text(encoding="utf-8"))
    return {name: read(text) for name, text in found.items()}


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.strip())))


def sheet_of(case: dict) -> Sheet:
    """Return the sheet of a case: one own row after every two ordinary ones, the rest at the end."""
    head, *ordinary = desks()[case["desk"]]
    ordinary = ordinary[: case.get("ordinary")]
    own_head, *own = read(case["rows"]) if case.get("rows") else [[""]]
    columns = [name for name in head if name not in case.get("without", ())]
    columns += [name for name in own_head[1:] if name not in head]
    lines: list[dict[str, str]] = []
    marks: dict[str, int] = {}
    plain: set[int] = set()
    queue = [dict(zip(own_head, row, strict=True)) for row in own]
    for place, row in enumerate(ordinary):
        lines.append(dict(zip(head, row, strict=True)))
        plain.add(len(lines) + 1)
        if queue and (place % 2 or place == len(ordinary) - 1):
            lines.append(queue.pop(0))
            marks[lines[-1][""]] = len(lines) + 1
    for row in queue:
        lines.append(row)
        marks[row[""]] = len(lines) + 1
    text = as_text([columns, *([line.get(name, "") for name in columns] for line in lines)])
    return Sheet(FILE_OF[case["desk"].split("_")[0]], text, marks, frozenset(plain))


def as_text(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def write(path: Path, text: str, form: str) -> Path:
    """Write a sheet in one kind of file and return where it is."""
    rows = read(text)
    if form == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path.with_suffix(".xlsx"))
        return path.with_suffix(".xlsx")
    if form == "jsonl":
        lines = [{name: cell for name, cell in zip(rows[0], row, strict=True) if cell} for row in rows[1:]]
        path = path.with_suffix(".jsonl")
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        return path
    delimiter, encoding = {
        "semicolon": (";", "cp1252"), "utf16": ("\t", "utf-16"), "gb18030": (",", "gb18030"), "csv": (",", "utf-8"),
    }[form]  # fmt: skip
    path.write_bytes(as_text(rows, delimiter).encode(encoding))
    return path
