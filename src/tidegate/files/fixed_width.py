"""Fixed width: print-outs of customs and banks, whose columns stand under each other and are parted by blanks alone.

Columns are those of a ruler line (---- ------ ---), else those of a header whose words two blanks part. They are taken
only where every line leaves the gaps free; a line that does not is kept whole and named. A Han sign takes two places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tidegate.errors import InputUnreadable
from tidegate.files.encodings import decode_text
from tidegate.files.grid import Grid, GridProblem, grid_of_rows, shorten
from tidegate.files.headers import HEAD_ROWS, read_header
from tidegate.files.records import Note
from tidegate.model.columns import COLUMNS

_RULER = re.compile(r"^\s*[-=_─━═~]{2,}(?:[ +|┼┬┴│]+[-=_─━═~]{2,})+\s*$")
_LINE = re.compile(r"^[\s\-=_─━═*~+|.]*$")
_RUN = re.compile(r"[-=_─━═~]+")
_GAP = re.compile(r" {2,}")
_WIDE_REST = "\x00"  # the second place of a wide sign
_MOST_BYTES = 64 << 20
_FEWEST_COLUMNS = 2
_MOST_CROSSED = 0.1  # share of lines that may run over a gap


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns begin, in places from 0, and which line heads them."""

    starts: tuple[int, ...]
    header: int
    gaps: tuple[tuple[int, int], ...]


def read_fixed_width(file: str, data: bytes) -> Grid | None:
    """Return the lines of `data` cut into columns, None where no line heads columns that are known.

    Raises InputUnreadable where a header is known and the lines below run over its gaps.
    """
    if len(data) > _MOST_BYTES:
        return None
    text, encoding = decode_text(data)
    lines = [_placed(line) for line in text.replace("\x0c", "\n" if "\n" not in text else "").splitlines()]
    found = _columns(lines[:HEAD_ROWS])
    if found is None:
        return None
    crossed = [number for number in range(found.header, len(lines)) if _crosses(lines[number], found)]
    body = sum(1 for line in lines[found.header :] if not _LINE.match(line))
    if len(crossed) > max(1, body * _MOST_CROSSED):
        shown = lines[crossed[0]].replace(_WIDE_REST, "").strip()
        raise InputUnreadable(
            f"{file}, line {crossed[0] + 1}: the columns run into each other ({shorten(shown)!r}). Save it as CSV or XLSX, "
            "or print it with wider columns",
            code="files.fixed-width-unclear",
            file=file,
            row=str(crossed[0] + 1),
            value=shorten(shown),
        )
    over = set(crossed)
    rows = [_cells(line, found, whole=number < found.header or number in over) for number, line in enumerate(lines)]
    problems = [
        GridProblem(number, -1, "files.line-over-columns", shorten(rows[number][0] or ""))
        for number in crossed
        if _is_record(lines[number])
    ]
    note = Note("files.fixed-width", {"count": str(len(found.starts))})
    return grid_of_rows("", rows, encoding=encoding, problems=problems, notes=[note])


def _columns(lines: Sequence[str]) -> _Columns | None:
    """Return the columns of the best header among `lines`; a ruler right above or below it says where they begin."""
    best: tuple[float, _Columns] | None = None
    for number, line in enumerate(lines):
        if not line.strip() or _LINE.match(line):
            continue
        around = [lines[at] for at in (number + 1, number - 1) if 0 <= at < len(lines) and _RULER.match(lines[at])]
        edges = [_runs(ruler) for ruler in around] + [_words(line)]
        for starts, gaps in edges:
            if len(starts) < _FEWEST_COLUMNS:
                continue
            cells = [cell or "" for cell in _cut(line, starts)]
            score = max(
                (
                    found.score
                    for kind in COLUMNS
                    if len((found := read_header(cells, kind, 0, 0)).matches) >= _FEWEST_COLUMNS
                ),
                default=0.0,
            )
            if score and (best is None or score > best[0] + 0.01):
                best = (score, _Columns(starts, number, gaps))
    return best[1] if best else None


def _runs(ruler: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    spans = [found.span() for found in _RUN.finditer(ruler)]
    gaps = tuple((end, start) for (_, end), (start, _) in pairwise(spans))
    return tuple(start for start, _ in spans), gaps


def _words(header: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Return where the words of a header begin, and the gaps of two blanks or more between them."""
    first = len(header) - len(header.lstrip())
    gaps = tuple(found.span() for found in _GAP.finditer(header.rstrip(), first))
    return (first, *(end for _, end in gaps)), gaps


def _crosses(line: str, found: _Columns) -> bool:
    """Tell whether text of `line` runs over a gap between two columns: no blank in it, or one inside a text by chance."""
    if _LINE.match(line):
        return False
    return any(not _parts_at(line, start, end) for start, end in found.gaps)


def _parts_at(line: str, start: int, end: int) -> bool:
    gap = line[start:end].ljust(end - start)
    if " " not in gap:
        return False
    # One blank parts two columns where the next one begins right behind it; elsewhere it may part two words.
    return gap[-1] == " " or "  " in line[max(0, start - 1) : end + 1].ljust(end - start)


def _cells(line: str, found: _Columns, *, whole: bool) -> list[str | None]:
    if _LINE.match(line):
        return [None]
    parts: list[str | None] = [part.replace(_WIDE_REST, "").strip() or None for part in _GAP.split(line.strip())]
    cells = _cut(line, _fitted(line, found))
    # Titles above the table hold a label and a value, far apart; a sentence below it is no row of cells.
    sentence = len(parts) == 1 and sum(1 for cell in cells if cell) > 1
    return parts if whole or sentence else cells


def _fitted(line: str, found: _Columns) -> tuple[int, ...]:
    """Return where the cells of one line begin: at the last blank of each gap, since numbers may reach into it."""
    starts = [0]
    for start, end in found.gaps:
        gap = line[start:end].ljust(end - start)
        starts.append(start + gap.rfind(" ") + 1 if not gap.isspace() else end)
    return tuple(starts)


def _cut(line: str, starts: Sequence[int]) -> list[str | None]:
    ends = (*starts[1:], len(line))
    return [line[start:end].replace(_WIDE_REST, "").strip() or None for start, end in zip(starts, ends, strict=True)]


def _is_record(line: str) -> bool:
    """Tell whether a line could be a record: it has gaps, as "Page 1 of 3" has not."""
    return len(_GAP.findall(line.strip())) >= _FEWEST_COLUMNS


def _placed(line: str) -> str:
    """Return `line` with every sign at its place on paper: wide signs take two, tabs go to the next eighth place."""
    plain = line.rstrip("\r\n\x1a").replace("\u3000", "  ").replace("\xa0", " ").expandtabs(8)
    if plain.isascii():
        return plain
    return "".join(sign + _WIDE_REST if unicodedata.east_asian_width(sign) in "WF" else sign for sign in plain)
