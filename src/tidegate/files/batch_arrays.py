"""Batch arrays: clean columns put in the order of the schema, with file, sheet and row in front, non-records blank."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from tidegate.errors import InputUnreadable
from tidegate.files.cleaning import MONEY_COLUMNS, Cleaned
from tidegate.files.code_cells import wallets_of
from tidegate.files.distinct import arrays_by_value
from tidegate.files.grid import Grid
from tidegate.files.headers import HeaderFound
from tidegate.files.side_by_side import side_by_side
from tidegate.model.columns import COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa


def batch_arrays(
    file: str, grid: Grid, found: HeaderFound, columns: Mapping[str, Cleaned], numbers: range, totals: Collection[int]
) -> tuple[list[pa.Array], dict[str, pa.DictionaryArray]]:
    """Return the columns of the batch, and those that repeat themselves once more by their distinct values.

    columns: by canonical name, as cleaned. numbers: the rows as a person sees them. totals: rows from 0 that are no records.
    Raises InputUnreadable if a column holds more text than is read at once.
    """
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    made = {canonical: cleaned.column for canonical, cleaned in columns.items()}
    for number, beside in (("value", "currency"), ("amount", "currency"), ("quantity", "unit")):
        extra = columns[number].extra if number in columns else None
        if extra is not None and beside in COLUMNS[found.kind]:
            made[beside] = pc.coalesce(made[beside], extra) if beside in made else extra
    if "wallet" in COLUMNS[found.kind] and "wallet" not in made:
        for party in ("payee", "payee_account"):
            addresses = wallets_of(made[party]) if party in made else None
            if addresses is not None and "wallet" not in made:
                made["wallet"] = addresses
    for match in found.matches:
        if match.currency and match.canonical in MONEY_COLUMNS:
            told = pa.scalar(match.currency, pa.string())
            present = pc.is_valid(made[match.canonical])
            filled = pc.if_else(present, told, pa.scalar(None, pa.string()))
            made["currency"] = pc.coalesce(made["currency"], filled) if "currency" in made else filled
    keep = None
    if totals:
        keep = pa.array([row not in totals for row in range(len(numbers))])
    counted = numpy.arange(numbers.start, numbers.stop, dtype=numpy.int64)
    # pa.array would load the masked arrays of numpy first, which takes longer than all of this.
    rows = pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(counted)])
    arrays = [
        pa.repeat(pa.scalar(file, pa.string()), len(numbers)),
        pa.repeat(pa.scalar(grid.sheet, pa.string()), len(numbers)),
        pa.array(grid.row_names, pa.string()) if grid.row_names else pc.cast(rows, pa.string()),
    ]

    blank = pa.nulls(len(numbers), pa.string())

    def whole(canonical: str) -> pa.Array:
        column = made.get(canonical)
        if column is None:
            return blank
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) and column.num_chunks != 1 else column
        if isinstance(array, pa.ChunkedArray):
            array = (
                array.chunk(0)
                if array.num_chunks == 1
                else _refuse_size(file, grid.sheet, canonical, len(numbers), grid.table.num_columns)
            )
        return array if keep is None else pc.if_else(keep, array, pa.scalar(None, pa.string()))

    known = {} if totals else {canonical: one.by_value for canonical, one in columns.items()}
    return [*arrays, *side_by_side(whole, COLUMNS[found.kind])], arrays_by_value(known, made)


def _refuse_size(file: str, sheet: str, canonical: str, rows: int, columns: int) -> pa.Array:
    raise InputUnreadable(
        f"{file}: column {canonical} holds more text than is read at once. Split the file",
        code="files.too-large", sheet=sheet, rows=rows, columns=columns,
    )  # fmt: skip
