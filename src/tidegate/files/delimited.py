"""Delimited text: CSV and its relatives in any encoding, with ragged rows, stray quotes and endless cells."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.files.encodings import detect_encoding
from tidegate.files.grid import MAX_COLUMNS, Grid, GridProblem, check_size, grid_of_rows, shorten
from tidegate.files.patient_lines import MAX_LINE, PatientLines, PatientRecords
from tidegate.files.records import Note

if TYPE_CHECKING:
    import pyarrow as pa

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_BYTES = 1 << 18
_BLOCK_BYTES = 1 << 22
_SEP_LINE = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)


def read_delimited(path: Path, data: bytes | None = None) -> Grid:
    """Return the one grid of a delimited file. data: its bytes, if already read.

    Raises InputUnreadable for a file without text, or larger than is read.
    """
    sample = data[:_SAMPLE_BYTES] if data is not None else _head(path)
    encoding = detect_encoding(sample, whole=len(sample) < _SAMPLE_BYTES)
    text = sample.decode(encoding, errors="replace")
    delimiter, skip = sniff_delimiter(text.removeprefix("\ufeff"))
    if encoding in {"utf-8", "utf-8-sig", "ascii"} and not skip and b"\x00" not in sample:
        table = _read_fast(path, data, delimiter, _columns(text, delimiter))
        if table is not None:
            return Grid("", table, encoding="utf-8")
        if len(sample) == _SAMPLE_BYTES:
            encoding = detect_encoding(_odd_lines(path, data))
    return _read_slowly(path, data, encoding, delimiter, skip)


def sniff_delimiter(text: str) -> tuple[str, int]:
    """Return the delimiter and how many leading lines to skip (1 for a `sep=;` line).

    The delimiter is the one that most lines hold equally often, quotes respected.
    """
    lines = text.splitlines()[:200]
    declared = _SEP_LINE.match(lines[0]) if lines else None
    if declared:
        return declared[1], 1
    best, best_score = ",", 0.0
    complete = lines[:-1] if len(lines) > 1 else lines
    for delimiter in _DELIMITERS:
        counts = [_count_outside_quotes(line, delimiter) for line in complete if line.strip()]
        filled = [count for count in counts if count]
        if not filled:
            continue
        common = max((filled.count(count), count) for count in set(filled))[1]  # the wider of two equally frequent
        score = filled.count(common) / len(counts) * (1 + min(common, 30) / 30)
        if score > best_score:
            best, best_score = delimiter, score
    return best, 0


def _read_fast(path: Path, data: bytes | None, delimiter: str, columns: int) -> pa.Table | None:
    """Return the table by Arrow's own reader, or None where the file needs the patient one."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    if not 0 < columns <= MAX_COLUMNS:
        return None
    names = [f"c{place}" for place in range(columns)]
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(data) if data is not None else str(path),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK_BYTES),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    check_size(path.name, table.num_rows, table.num_columns)
    return None if _holds_endless_cell(table) else table


def _holds_endless_cell(table: pa.Table) -> bool:
    """Tell whether some cell may be longer than is kept, by the bytes of each chunk before cell by cell."""
    import pyarrow.compute as pc

    for column in table.columns:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > MAX_LINE:
            return True
    return False


def _read_slowly(path: Path, data: bytes | None, encoding: str, delimiter: str, skip: int) -> Grid:
    problems: list[GridProblem] = []
    rows: list[list[str]] = []
    with PatientLines(path, data, encoding) as lines:
        for _ in range(skip):
            next(lines, None)
        for row in PatientRecords(lines, delimiter, problems, rows).read():
            rows.append(row)
            if len(rows) % 100_000 == 0:
                check_size("", len(rows), len(row))
    notes: list[Note] = []
    if lines.replaced:
        notes.append(Note("files.signs-undecodable", {"count": str(lines.replaced), "encoding": encoding}))
    if lines.nul:
        notes.append(Note("files.nul-left-out", {"count": str(lines.nul)}))
    if rows:
        width = _usual_width(rows)
        check_size("", len(rows), width)
        for number, row in enumerate(rows):
            extra = [cell for cell in row[width:] if cell.strip()]
            if extra:
                problems.append(GridProblem(number, width, "files.row-too-wide", shorten(delimiter.join(extra))))
        rows = [row[: max(width, 1)] for row in rows]
    return grid_of_rows("", rows, first_row=1 + skip, encoding=encoding, problems=problems, notes=notes)


def _usual_width(rows: list[list[str]]) -> int:
    """Return how many columns the table has: the widest row that at least two rows in a hundred reach."""
    counts: dict[int, int] = {}
    for row in rows:
        filled = len(row)
        while filled and not row[filled - 1].strip():
            filled -= 1
        counts[filled] = counts.get(filled, 0) + 1
    needed = max(1, min(len(rows) // 50, 20)) if len(rows) > 3 else 1
    reached = 0
    for width in sorted(counts, reverse=True):
        reached += counts[width]
        if reached >= needed and (reached >= 2 or len(rows) <= 3 or needed == 1):
            return width
    return max(counts, default=0)


def _columns(text: str, delimiter: str) -> int:
    first = next(csv.reader(io.StringIO(text[:MAX_LINE], newline=""), delimiter=delimiter), [])
    return len(first)


def _count_outside_quotes(line: str, delimiter: str) -> int:
    if '"' not in line:
        return line.count(delimiter)
    return sum(piece.count(delimiter) for piece in line.split('"')[::2])


def _odd_lines(path: Path, data: bytes | None) -> bytes:
    """Return lines from the whole file that hold more than ASCII: plain ones at the start say nothing of the rest."""
    found: list[bytes] = []
    size = 0
    with io.BytesIO(data) if data is not None else open(path, "rb") as stream:
        while size < _SAMPLE_BYTES and (line := stream.readline(MAX_LINE)):
            if not line.isascii():
                found.append(line)
                size += len(line)
    return b"".join(found)


def _head(path: Path) -> bytes:
    with open(path, "rb") as stream:
        return stream.read(_SAMPLE_BYTES)
