"""Delimited text: CSV and its relatives in any encoding, with ragged rows, stray quotes and endless cells."""

from __future__ import annotations

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.files.dialects import Dialect, sniff_dialect
from tidegate.files.encoding_repair import Repaired, repair
from tidegate.files.encodings import detect_encoding
from tidegate.files.grid import MAX_COLUMNS, Grid, GridProblem, check_size, grid_of_rows, shorten
from tidegate.files.patient_lines import MAX_LINE, PatientLines, PatientRecords
from tidegate.files.records import Note

if TYPE_CHECKING:
    import pyarrow as pa

_SAMPLE_BYTES = 1 << 18
_BLOCK_BYTES = 1 << 22
_FRAME_AMONG = 200  # lines
_FRAME = re.compile(r"^[ |+]*[-=:]{2,}[ |+:=-]*$")
_MAX_REPAIRED = 256 << 20


def read_delimited(path: Path, data: bytes | None = None, *, encoding: str = "") -> Grid:
    """Return the one grid of a delimited file. data: its bytes, if already read. encoding: as a person told it.

    Raises InputUnreadable for a file without text, or larger than is read.
    """
    sample = data[:_SAMPLE_BYTES] if data is not None else _head(path)
    told = bool(encoding)
    encoding = encoding or detect_encoding(sample, whole=len(sample) < _SAMPLE_BYTES)
    text = sample.decode(encoding, errors="replace").lstrip("\ufeff\x00")
    dialect = sniff_dialect(text)
    notes: list[Note] = []
    if _is_utf8(encoding) and (repaired := repair(sample, whole=len(sample) < _SAMPLE_BYTES)) is not None:
        data, notes = _repaired(path, data, repaired)
        text = text if repaired.code != "files.encoded-twice" else repaired.data.decode("utf-8", errors="replace")
    framed = dialect.delimiter == "|" and any(map(_FRAME.match, text.splitlines()[:_FRAME_AMONG]))
    if _is_utf8(encoding) and dialect.plain and not framed and not dialect.skip and b"\x00" not in sample:
        table = _read_fast(path, data, dialect.delimiter, _columns(text, dialect.delimiter))
        if table is not None:
            return Grid("", table, encoding="utf-8", notes=notes)
        if len(sample) == _SAMPLE_BYTES and not told:
            odd = _odd_lines(path, data)
            encoding = detect_encoding(odd)
            if _is_utf8(encoding) and not notes and (repaired := repair(odd, whole=True)) is not None:
                data, notes = _repaired(path, data, repaired)
    if dialect.quote == "“":
        data = (data if data is not None else path.read_bytes()).decode(encoding, errors="replace").encode()
        data = data.replace("“".encode(), b'"').replace("”".encode(), b'"')
        encoding, dialect = "utf-8", replace(dialect, quote='"')
    if not told and not _is_utf8(encoding) and not encoding.startswith("utf"):
        notes.append(Note("files.encoding-guessed", {"encoding": encoding}))
    return _read_slowly(path, data, encoding, dialect, notes)


def _is_utf8(encoding: str) -> bool:
    return encoding.replace("_", "-").lower() in {"utf-8", "utf8", "utf-8-sig", "ascii"}


def _repaired(path: Path, data: bytes | None, sign: Repaired) -> tuple[bytes | None, list[Note]]:
    """Return the whole file as UTF-8 again, with a note; the bytes as they are where the file is too long for it."""
    size = len(data) if data is not None else path.stat().st_size
    if size > _MAX_REPAIRED:
        return data, []
    whole = repair(data if data is not None else path.read_bytes(), whole=True) or sign
    return whole.data, [Note(whole.code, {"count": str(whole.count), "encoding": whole.encoding})]


def _read_fast(path: Path, data: bytes | None, delimiter: str, columns: int) -> pa.Table | None:
    """Return the table by Arrow's own reader, or None where the file needs the patient one."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    if not 0 < columns <= MAX_COLUMNS:
        return None
    names = [f"c{place}" for place in range(columns)]

    def read(*, newlines: bool) -> pa.Table | None:
        try:
            return arrow_csv.read_csv(
                pa.py_buffer(data) if data is not None else str(path),
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK_BYTES),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=newlines, ignore_empty_lines=False
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
                ),
            )
        except (pa.ArrowInvalid, pa.ArrowKeyError):
            return None

    # Without line breaks inside cells the file is cut at its line ends, which is quicker; then its rows are its lines.
    with ThreadPoolExecutor(1) as beside:
        lines = beside.submit(_lines, path, data)
        table = read(newlines=False)
    if table is None or table.num_rows != lines.result() or _ends_inside_a_cell(table):
        table = read(newlines=True)
        if table is not None and _holds_swallowed_rows(table, delimiter):
            return None
    if table is None:
        return None
    check_size(path.name, table.num_rows, table.num_columns)
    return None if _holds_endless_cell(table) else table


def _lines(path: Path, data: bytes | None) -> int:
    """Return the number of lines, -1 where lines end with a carriage return alone."""
    lines = returns = both = 0
    last = b""
    with io.BytesIO(data) if data is not None else open(path, "rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            lines += block.count(b"\n")
            if b"\r" in block or last == b"\r":
                returns += block.count(b"\r")
                both += block.count(b"\r\n") + (last == b"\r" and block[:1] == b"\n")
            last = block[-1:]
    if returns != both:
        return -1
    return lines + (last not in (b"", b"\n"))


def _ends_inside_a_cell(table: pa.Table) -> bool:
    """Tell whether a block of the file, or the line between two blocks, ended inside a quote: its last cell shows it.

    The line between two blocks is the first row of a chunk, the end of a block its last.
    """
    chunks = [chunk for chunk in table.column(table.num_columns - 1).chunks if len(chunk)]
    return any("\n" in (chunk[at].as_py() or "") for chunk in chunks for at in (0, len(chunk) - 1))


def _holds_swallowed_rows(table: pa.Table, delimiter: str) -> bool:
    """Tell whether a cell holds whole lines of the table: a quote that was never closed took them in."""
    import pyarrow.compute as pc

    pattern = rf"\n(?:[^\n]*{re.escape(delimiter)}){{{max(table.num_columns - 1, 1)}}}"
    for column in table.columns:
        if (
            pc.any(pc.match_substring(column, "\n")).as_py()
            and pc.any(pc.match_substring_regex(column, pattern)).as_py()
        ):
            return True
    return False


def _holds_endless_cell(table: pa.Table) -> bool:
    """Tell whether some cell may be longer than is kept, by the bytes of each chunk before cell by cell."""
    import pyarrow.compute as pc

    for column in table.columns:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > MAX_LINE:
            return True
    return False


def _read_slowly(path: Path, data: bytes | None, encoding: str, dialect: Dialect, notes: list[Note]) -> Grid:
    problems: list[GridProblem] = []
    rows: list[list[str]] = []
    with PatientLines(path, data, encoding) as lines:
        for _ in range(dialect.skip):
            next(lines, None)
        for row in PatientRecords(lines, dialect, problems, rows).read():
            if dialect.wrapped and len(row) == 1:
                row = next(csv.reader(row, delimiter=dialect.delimiter), [])
            rows.append(row)
            if len(rows) % 100_000 == 0:
                check_size("", len(rows), 0)
    if lines.replaced:
        notes.append(Note("files.signs-undecodable", {"count": str(lines.replaced), "encoding": encoding}))
    if lines.nul:
        notes.append(Note("files.nul-left-out", {"count": str(lines.nul)}))
    # The frame of a table drawn with signs: +-----+-----+, or |---|---| below a header.
    # A line of signs alone in another file parts the records from what follows them, and is told from them later.
    drawn = dialect.delimiter == "|"
    rows = [
        [] if row and _FRAME.match(line := "|".join(row)) and (drawn or {"|", "+"} & {*line}) else row for row in rows
    ]
    if rows:
        width = _usual_width(rows)
        if width > MAX_COLUMNS:
            told = {"sheet": path.name, "columns": str(width), "limit": str(MAX_COLUMNS)}
            notes.append(Note("files.columns-left-out", told))
        for number, row in enumerate(rows):
            extra = [cell for cell in row[width:] if cell.strip()]
            if extra:
                left_out = shorten(dialect.delimiter.join(extra))
                problems.append(GridProblem(number, width, "files.row-too-wide", left_out))
        rows = [row[: max(min(width, MAX_COLUMNS), 1)] for row in rows]
    grid = grid_of_rows("", rows, first_row=1 + dialect.skip, encoding=encoding, problems=problems, notes=notes)
    return replace(grid, ragged=len({len(row) for row in rows}) > 1)


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
