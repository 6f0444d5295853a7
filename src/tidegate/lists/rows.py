"""Rows of a delimited list, patiently: a quote that is never closed costs its own line, a huge cell costs nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence

_MOST_LINES = 200  # a record over more lines than this is a quote that was not closed
_DELIMITERS = ",\t;|@"


def read_rows(text: str, delimiter: str = ",") -> list[list[str]]:
    """Return the rows of `text`. Never raises: a line that csv cannot read is cut at its delimiters."""
    lines = [line + "\n" for line in text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return _line_by_line(lines, delimiter)
    if len(rows) == len(lines):
        return [row for row in rows if row]
    return _line_by_line(lines, delimiter)


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines into the most, and the most equal, columns."""
    lines = [line for line in text[:20000].replace("\r", "\n").split("\n")[:12] if line.strip()]

    def columns(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count) if counts else 0
        return (counts.count(usual) if usual > 1 else 0) * usual, usual

    try:
        best = max(_DELIMITERS, key=columns)
    except csv.Error:
        return ","
    return best if columns(best)[1] > 1 else ","


def fold_header(cell: str) -> str:
    """Return a column's header in the form in which headers are compared: small letters, one _ between words."""
    return re.sub(r"[\s./()-]+", "_", cell.strip().strip("\ufeff\"'").lower()).strip("_")


def named_rows(
    rows: Sequence[Sequence[str]], names: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> tuple[int, dict[str, int]] | None:
    """Return (number of the heading, name -> column) if one of the first ten rows is a heading with `needed`, else None.

    names: name -> folded headers it may stand under, in any order and place.
    """
    for number, row in enumerate(rows[:10]):
        folded = [fold_header(cell) for cell in row]
        places = {
            name: next(folded.index(header) for header in headers if header in folded)
            for name, headers in names.items()
            if any(header in folded for header in headers)
        }
        if all(name in places for name in needed):
            return number, places
    return None


def _line_by_line(lines: list[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    at = 0
    while at < len(lines):
        took = 1
        while _is_open(lines[at : at + took], delimiter) and took < _MOST_LINES and at + took < len(lines):
            took += 1
        if took > 1 and _is_open(lines[at : at + took], delimiter):  # never closed: only the first line is its own
            took = 1
            row = [cell.strip().strip('"') for cell in lines[at].rstrip("\n").split(delimiter)]
        else:
            row = _cells(lines[at : at + took], delimiter)
        at += took
        if any(cell.strip() for cell in row):
            rows.append(row)
    return rows


def _is_open(lines: list[str], delimiter: str) -> bool:
    """Tell whether a quote opened in `lines` is still open at their end."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as problem:
        return "unexpected end" in str(problem)
    return False


def _cells(lines: list[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:  # a cell longer than csv takes
        mark = re.escape(delimiter)
        record = "".join(lines).rstrip("\n")
        cells = re.findall(rf'(?:^|{mark})\s*(?:"((?:[^"]|"")*)"\s*(?={mark}|$)|([^{mark}]*))', record)
        return [quoted.replace('""', '"') or plain for quoted, plain in cells]
