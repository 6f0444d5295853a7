"""Continued: a text that was wrapped onto the next rows, as printers and old programs do, joined in the row it began in.

A row that holds nothing but the rest of a text stays as a row, empty, so that rows keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from tidegate.files.cleaning import Cleaned
from tidegate.files.headers import HeaderFound

_WRAPPED = frozenset(
    {"goods_description", "memo", "consignor_address", "consignee_address", "address", "packages"}
)  # fmt: skip
_MOST_ROWS = 200_000
_OPEN_END = re.compile(r"(?:[-‐‑–,;(/&+、，（及和与與]|\b(?:of|and|for|with|de|del|y|con|para|la|el))$", re.IGNORECASE)
_GOES_ON = re.compile(r"^(?:[a-záéíóúñü)\]）,;.、，。/&]|(?:de|del|y|con|para)\b)")
_HAN_EDGE = re.compile(r"[\u3400-\u9fff（）、，]$")


def join_continued(found: HeaderFound, texts: list[Cleaned], rows: int, others: Collection[int]) -> list[int]:
    """Join wrapped texts in `texts`; return the rows from 0 that only continued the row above them.

    others: rows that are no records. A row counts as the rest of a text where it holds nothing else, and the text above
    is open or this one begins in the middle; two goods of one paper are not joined.
    """
    places = [match.place for match in found.matches if match.canonical in _WRAPPED]
    if not places or not 2 <= rows <= _MOST_ROWS or len(texts) <= len(places):
        return []
    candidates = [row for row in _rows_of_text_alone(texts, places, rows) if row and row not in others]
    if not candidates:
        return []
    columns = {place: texts[place].column.to_pylist() for place in places}
    joined: list[int] = []
    done: set[int] = set()
    for row in candidates:
        first = row - 1
        while first in done:
            first -= 1
        cells = {place: values[row] for place, values in columns.items() if values[row]}
        if first in others or not all(_continues(columns[place][first], cell) for place, cell in cells.items()):
            continue
        for place, cell in cells.items():
            columns[place][first] = _join(columns[place][first], cell)
            columns[place][row] = None
        joined.append(row)
        done.add(row)
    if joined:
        import pyarrow as pa

        for place, values in columns.items():
            texts[place] = Cleaned(pa.chunked_array([pa.array(values, pa.string())]), texts[place].doubts)
    return joined


def _rows_of_text_alone(texts: list[Cleaned], places: list[int], rows: int) -> list[int]:
    import numpy

    other = numpy.zeros(rows, dtype=bool)
    text = numpy.zeros(rows, dtype=bool)
    for place, each in enumerate(texts):
        filled = each.column.is_valid().to_numpy()
        if place in places:
            text |= filled
        else:
            other |= filled
    alone: list[int] = numpy.flatnonzero(text & ~other).tolist()
    return alone


def _continues(above: str | None, text: str) -> bool:
    """Tell whether `text` is the rest of `above`: that one is open at its end, or this one begins in the middle."""
    if not above:
        return False
    is_open = above.count("(") + above.count("（") > above.count(")") + above.count("）")
    return is_open or _OPEN_END.search(above) is not None or _GOES_ON.match(text) is not None


def _join(above: str, text: str) -> str:
    tight = above.endswith(("-", "‐", "‑", "(", "（", "/")) or (_HAN_EDGE.search(above) and not text[:1].isascii())
    return f"{above}{text}" if tight else f"{above} {text}"
