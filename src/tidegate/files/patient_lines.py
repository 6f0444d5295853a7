"""Patient lines: delimited text read line by line, where a quote is never closed or a cell never ends."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tidegate.files.dialects import Dialect
from tidegate.files.encodings import without_halves
from tidegate.files.grid import MAX_CELL_CHARACTERS, GridProblem, shorten

MAX_LINE = 1 << 17  # csv's own limit for one field
_TAIL = 4096


class PatientLines(Iterator[str]):
    """Lines of a text, never longer than MAX_LINE; counts NULs left out and signs that could not be decoded.

    held: the lines given since it was last cleared. number: how many lines were given in all.
    """

    def __init__(self, path: Path, data: bytes | None, encoding: str) -> None:
        self._source = (path, data, encoding)
        self._text = self._open()
        self.nul = 0
        self.replaced = 0
        self.number = 0
        self.cut = False
        self.held: list[str] = []

    def __enter__(self) -> PatientLines:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()

    def __next__(self) -> str:
        line = self._text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == MAX_LINE and not line.endswith("\n"):
            self.cut = True
            line = line[: MAX_LINE // 2] + self._rest_of_line(line)
        if "\x00" in line:
            self.nul += line.count("\x00")
            line = line.replace("\x00", "")
        line = without_halves(line, self._source[2])
        self.replaced += line.count("\ufffd")
        line = line.removeprefix("\ufeff")
        self.held.append(line)
        return line

    def go_to(self, number: int) -> None:
        """Stand behind line `number` again."""
        self._text.close()
        self._text = self._open()
        self.number = 0
        while self.number < number and next(self, None) is not None:
            self.held.clear()

    def _open(self) -> io.TextIOWrapper:
        path, data, encoding = self._source
        stream = io.BytesIO(data) if data is not None else open(path, "rb")  # noqa: SIM115
        return io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")

    def _rest_of_line(self, begun: str) -> str:
        """Read the line to its end in pieces, keep only what follows the long cell, and return what closes it."""
        quotes = begun.count('"')
        tail = ""
        while True:
            piece = self._text.readline(MAX_LINE)
            quotes += piece.count('"')
            tail = (tail + piece)[-_TAIL:]
            if not piece or piece.endswith("\n"):
                break
        kept = begun[: MAX_LINE // 2].count('"')
        if kept % 2 and quotes % 2 == 0:
            return '"' + tail.rpartition('"')[2] if tail.count('"') == 1 else '"\n'
        return "\n"


class PatientRecords:
    """The records of delimited lines. A cell longer than csv takes is cut; where a quote is never closed, the lines it
    swallowed are read again without quotes."""

    def __init__(
        self, lines: PatientLines, dialect: Dialect, problems: list[GridProblem], rows: list[list[str]]
    ) -> None:
        self._lines = lines
        self._dialect = dialect
        self._delimiter = dialect.delimiter
        self._widest = 0
        self._problems = problems
        self._rows = rows

    def read(self) -> Iterator[list[str]]:
        lines = self._lines
        reader = self._reader(lines)
        while True:
            lines.held.clear()
            lines.cut = False
            start = lines.number
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield from self._long_record(start, lines.held.copy())
                continue
            if lines.cut and not any(len(cell) > MAX_CELL_CHARACTERS for cell in record):
                self._name("files.cell-too-long", lines.held[-1])
            if len(lines.held) > 1 and (self._is_open(lines.held) or self._swallowed(record)):
                # Only the first line holds the stray quote; the others may hold whole quoted cells of their own.
                held = lines.held.copy()
                lines.go_to(start + 1)
                yield from self._without_quotes(held[:1])
                reader = self._reader(lines)
                continue
            self._widest = max(self._widest, len(record))
            yield record

    def _reader(self, lines: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        options: Any = self._dialect.options()
        return csv.reader(lines, strict=strict, **options)

    def _swallowed(self, record: list[str]) -> bool:
        """Tell whether a cell of several lines holds a line with as many delimiters as the table has."""
        needed = max(self._widest - 1, 1)
        return any(
            line.count(self._delimiter) >= needed for cell in record if "\n" in cell for line in cell.split("\n")[1:]
        )

    def _long_record(self, start: int, held: list[str]) -> Iterator[list[str]]:
        """Yield the one record whose cell is too long, cut; or its lines without quotes if the cell never ends."""
        for line in self._lines:
            self._lines.held.clear()
            place = self._closing_quote(line)
            if place == -1:
                break
            if place is not None:
                kept = "".join(held)[: MAX_LINE // 2]
                kept = kept[:-1] if kept.endswith('"') else kept
                yield next(self._reader(io.StringIO(kept + line[place:], newline="")), [])
                return
        self._lines.go_to(start + len(held))
        yield from self._without_quotes(held)

    def _closing_quote(self, line: str) -> int | None:
        """Return where the quote that ends a cell stands, None if there is none, -1 if a quote stands inside text."""
        place = line.find('"')
        while place >= 0:
            after = line[place + 1 : place + 2]
            if after in {"", "\r", "\n", self._delimiter}:
                return place
            if after != '"':
                return -1
            place = line.find('"', place + 2)
        return None

    def _without_quotes(self, held: list[str]) -> Iterator[list[str]]:
        self._name("files.quote-open", held[0])
        for line in held:
            yield [cell.strip('"') for cell in line.rstrip("\r\n").split(self._delimiter)]

    def _is_open(self, held: list[str]) -> bool:
        try:
            list(self._reader(held, strict=True))
        except csv.Error:
            return True
        return False

    def _name(self, code: str, line: str) -> None:
        self._problems.append(GridProblem(len(self._rows), -1, code, shorten(line.strip())))
