"""Filling: cells whose text stands elsewhere: "ditto" for the cell above, a second column of one meaning, a label above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidegate.files.cleaning import NUMBER_COLUMNS, Cleaned
from tidegate.files.distinct import Encoded
from tidegate.files.grid import Grid
from tidegate.files.headers import HeaderFound
from tidegate.files.records import Note
from tidegate.model.columns import COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

_DITTO = ('"', "''", "″", "〃", "do.", "-do-", "ditto", "Ditto", "DITTO", "same as above", "Same as above", "SAME AS ABOVE",
          "as above", "As above", "同上", "ídem", "idem", "Ídem", "Idem", "IDEM", "ÍDEM", "lo mismo")  # fmt: skip
_TIME = r"[\d日]\s*[T ]\s*(?P<time>(?:[01]?\d|2[0-3]):[0-5]\d)"


def mend_texts(grid: Grid, found: HeaderFound, texts: list[Cleaned]) -> list[Note]:
    """Fill ditto signs and join sums that a comma cut, in `texts`; return what to say of it."""
    told = {"files.ditto-filled": fill_dittos(found, texts), "files.sums-joined": join_split_sums(grid, found, texts)}
    return [Note(code, {"count": str(count)}) for code, count in told.items() if count]


def fill_dittos(found: HeaderFound, texts: list[Cleaned]) -> int:
    """Replace each ditto sign in the recognised columns of `texts` by the text above it; return how many there were."""
    count = 0
    for match in found.matches:
        column, signs = _without_dittos(texts[match.place].column, texts[match.place].by_value)
        if signs:
            texts[match.place] = Cleaned(column, texts[match.place].doubts)
            count += signs
    return count


def join_split_sums(grid: Grid, found: HeaderFound, texts: list[Cleaned]) -> int:
    """Join sums that a decimal comma cut in two in a file of commas: 1,5 under the last header; return how many there were.

    Only where the header ends before the records do, and every cell behind it is the rest of such a number.
    """
    import pyarrow.compute as pc

    last = max((place for place, header in enumerate(found.headers) if header), default=-1)
    match = next((match for match in found.matches if match.place == last), None)
    behind = [text.column for text in texts[last + 1 :]]
    if not grid.ragged or not behind or grid.table.column(last + 1)[max(found.last, 0)].is_valid:
        return 0
    if match is None or match.canonical not in NUMBER_COLUMNS or behind[0].null_count == len(behind[0]):
        return 0
    whole, rest = texts[last].column, behind[0]
    cut = pc.and_(pc.match_substring_regex(whole, r"^-?\d+$"), pc.match_substring_regex(rest, r"^\d{1,3}$"))
    if (
        any(column.null_count < len(column) for column in behind[1:])
        or not pc.all(pc.or_(pc.is_null(rest), pc.fill_null(cut, False))).as_py()
    ):
        return 0
    joined = pc.if_else(pc.is_valid(rest), pc.binary_join_element_wise(whole, rest, ","), whole)
    texts[last] = Cleaned(joined, texts[last].doubts)
    count: int = len(rest) - rest.null_count
    texts[last + 1] = Cleaned(pc.if_else(pc.is_valid(rest), None, rest), [])
    return count


def _without_dittos(column: pa.ChunkedArray, known: Encoded | None = None) -> tuple[pa.ChunkedArray, int]:
    """Return the column with each ditto sign replaced by the text above it, and how many there were."""
    import pyarrow as pa
    import pyarrow.compute as pc

    dittos = pa.array(_DITTO)
    if known is not None and not pc.any(pc.is_in(known.array.dictionary, value_set=dittos)).as_py():
        return column, 0
    signs = pc.is_in(column, value_set=dittos)
    count: int = pc.sum(signs).as_py() or 0
    if not count:
        return column, 0
    filled: list[str | None] = []
    for value, again in zip(column.to_pylist(), signs.to_pylist(), strict=True):
        filled.append((filled[-1] if filled else None) if again else value)
    return pa.chunked_array([pa.array(filled, pa.string())]), count


def times_beside(found: HeaderFound, texts: Sequence[Cleaned]) -> pa.ChunkedArray | None:
    """Return the time of day that each cell of days states behind its day, as "10:05"; None where none does.

    A day that a workbook keeps as a moment says midnight everywhere, which nobody meant.
    """
    import pyarrow.compute as pc

    place = next((one.place for one in found.matches if one.canonical == "date"), None)
    if place is None or "time_of_day" not in COLUMNS[found.kind]:
        return None
    known = texts[place].by_value
    values = texts[place].column if known is None else known.array.dictionary
    if not pc.any(pc.match_substring_regex(values, _TIME)).as_py():
        return None
    times = pc.struct_field(pc.extract_regex(texts[place].column, _TIME), "time")
    told = pc.fill_null(pc.invert(pc.match_substring_regex(times, "^0?0:00$")), False)
    return times if pc.any(told).as_py() else None


def join_texts(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return what both columns say, each text once, the first column's first."""
    import pyarrow.compute as pc

    both = pc.binary_join_element_wise(first, second, "; ")
    joined = pc.if_else(pc.fill_null(pc.equal(first, second), False), first, both)
    return pc.coalesce(joined, first, second)


def constant_where_filled(value: str, columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Return `value` for every row in which one of `columns` holds something, else null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = pc.is_valid(columns[0])
    for column in columns[1:]:
        filled = pc.or_(filled, pc.is_valid(column))
    return pc.if_else(filled, pa.scalar(value, pa.string()), pa.scalar(None, pa.string()))
