"""References: document numbers and invoice numbers found in whole columns at once, however they are spaced and dashed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.screening.normalize import Ints, RecordView

_SPACES = r"[^A-Za-z0-9./_\-]+"
_SHORTEST = 5  # shorter references are met by chance


def identifiers(column: pa.Array) -> pa.Array:
    """Return the letters and digits of each cell, upper case, as `fold_identifier` does for one."""
    folded = pc.utf8_upper(pc.utf8_normalize(column, form="NFKC"))
    return pc.replace_substring_regex(folded, r"[^\p{L}\p{N}]+", "")


def rows_by_reference(view: RecordView, column: str, wanted: Iterable[str]) -> list[tuple[int, str]]:
    """Return (row, reference) for each cell of `column` that is one of the folded references `wanted`, by row."""
    if not view.has(column):
        return []
    found = identifiers(view.column(column))
    rows = pc.indices_nonzero(pc.is_in(found, value_set=pa.array(list(wanted), pa.string()))).to_pylist()
    return [(row, found[row].as_py()) for row in rows]


def references_of(view: RecordView, column: str) -> dict[str, int]:
    """Return folded reference -> first row for the cells of `column` that are long enough to be one."""
    if not view.has(column):
        return {}
    found = identifiers(view.column(column))
    rows = pc.indices_nonzero(pc.greater_equal(pc.utf8_length(found), _SHORTEST))
    told: dict[str, int] = {}
    for row, reference in zip(rows.to_pylist(), found.take(rows).to_pylist(), strict=True):
        told.setdefault(reference, row)
    return told


def references_in(view: RecordView, column: str, wanted: Iterable[str]) -> list[tuple[int, str]]:
    """Return (row, reference) for each of `wanted` that stands as a word in the text of `column`, by row."""
    if not view.has(column):
        return []
    words = pc.split_pattern_regex(view.column(column), _SPACES)
    parts = pc.list_flatten(words)
    parents = pc.list_parent_indices(words)
    long_enough = pc.greater_equal(pc.utf8_length(parts), _SHORTEST)
    parts, parents = parts.filter(long_enough), parents.filter(long_enough)
    folded = identifiers(parts)
    hits = pc.indices_nonzero(pc.is_in(folded, value_set=pa.array(list(wanted), pa.string())))
    return list(zip(parents.take(hits).to_pylist(), folded.take(hits).to_pylist(), strict=True))


def pairs_of(one: Ints, other: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the distinct pairs of two columns of numbers (from -1 up): first, second, and the row where each first stands."""
    width = int(other.max(initial=0)) + 2
    keys, rows = np.unique((one + 1) * width + other + 1, return_index=True)
    return keys // width - 1, keys % width - 1, rows
