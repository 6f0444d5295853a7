"""Rows of a delimited list, patiently: a quote that is never closed costs its own line, a huge cell costs nothing."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence

_WHOLE, _OPEN, _ODD = "whole", "open", "odd"
_MANY = 50  # quotes never closed in one file, after which no record may be longer than two lines
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
    """Return the rows of `lines`; a record over several lines must be written as csv is, or each line is its own."""
    rows: list[list[str]] = []
    widths: Counter[int] = Counter()
    at = unclosed = 0
    while at < len(lines):
        took, state = 1, _state(lines[at : at + 1], delimiter)
        most = _MOST_LINES if unclosed < _MANY else 2  # a file full of stray quotes must not cost its square
        while state == _OPEN and took < most and at + took < len(lines):
            took += 1
            state = _state(lines[at : at + took], delimiter)
        if state == _OPEN or (took > 1 and state == _ODD):  # never closed: only the first line is its own
            unclosed, took = unclosed + 1, 1
            row = _unclosed(lines[at].rstrip("\n"), delimiter, widths.most_common(1)[0][0] if widths else 0)
        else:
            row = _cells(lines[at : at + took], delimiter)
        at += took
        if any(cell.strip() for cell in row):
            rows.append(row)
            widths[len(row)] += 1
    return rows


def _state(lines: list[str], delimiter: str) -> str:
    """Tell whether `lines` are whole records, have a quote still open at their end, or are odd: a quote in the wrong place."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as problem:
        return _OPEN if "unexpected end" in str(problem) else _ODD
    return _WHOLE


def _unclosed(line: str, delimiter: str, width: int) -> list[str]:
    """Return the cells of a line with a quote that nothing closes: cut at every delimiter if that gives the usual width."""
    plain = [cell.strip().strip('"') for cell in line.split(delimiter)]
    return plain if len(plain) == width else _cells([line], delimiter)


def _cells(lines: list[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:  # a cell longer than csv takes
        mark = re.escape(delimiter)
        record = "".join(lines).rstrip("\n")
        cells = re.findall(rf'(?:^|{mark})\s*(?:"((?:[^"]|"")*)"\s*(?={mark}|$)|([^{mark}]*))', record)
        return [quoted.replace('""', '"') or plain for quoted, plain in cells]
