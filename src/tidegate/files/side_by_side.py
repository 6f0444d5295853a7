"""Side by side: work on the columns of a table at once, since Arrow leaves other threads free meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import pyarrow as pa

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def side_by_side(work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
    """Return the result for each item, in order; Arrow's functions leave other threads free meanwhile."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(work, items))


def rows_without_blank_end(columns: list[pa.ChunkedArray]) -> int:
    """Return the number of rows up to the last one that holds anything."""
    import pyarrow.compute as pc

    last = 0
    for column in columns:
        rows = len(column)
        if rows and column[rows - 1].is_valid:
            return rows
        filled = pc.indices_nonzero(pc.is_valid(column))
        if len(filled):
            last = max(last, filled[-1].as_py() + 1)
    return last
