"""Customs form: the declaration form of China (报关单), whose boxes hold values below labels and whose items take three lines.

Source: General Administration of Customs of China, announcement 2019 no. 18, on filling in the declaration form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tidegate.files.grid import Grid, grid_of_rows
from tidegate.files.labelled import labels_above

_TITLE = re.compile(r"报\s*关\s*单|報\s*關\s*單")
_ITEM = re.compile(r"^\d{1,3}$")
_KILOGRAMS = re.compile(r"^[\d.,]+\s*(?:千克|公斤|kg)$", re.IGNORECASE)
_MOST_ROWS = 2_000
_TITLE_ROWS = 6
_GOODS, _CODE, _QUANTITY, _PRICE = "商品名称", "商品编", "数量", "总价"
_OF_ITEMS = frozenset({"origin_country", "destination_country"})  # said for each item, which may differ
_ORIGIN, _TARGET = "原产国", "最终目的国"


def fold_declaration(grid: Grid) -> Grid | None:
    """Return a declaration form as a table of its items, with what its boxes say in each row; None if it is none.

    The lines of an item are joined: the name of the goods with its details; of the quantities the one traded, and that
    in kilograms as net weight; of the price the total and its currency. A row bears the number of its first line.
    """
    if grid.named or not 3 <= grid.table.num_rows <= _MOST_ROWS:
        return None
    rows = grid.head(grid.table.num_rows)
    if not any(_TITLE.search(cell) for row in rows[:_TITLE_ROWS] for cell in row):
        return None
    head = next((number for number, row in enumerate(rows) if _is_head(row)), -1)
    if head < 0:
        return None
    items = list(_items(rows, head))
    if not items:
        return None
    boxes = [box for name, box in labels_above(rows[:head], "consignments").items() if name not in _OF_ITEMS]
    names = ["项号", "商品编号", "商品名称及规格型号", "成交数量", "净重(千克)", "总价", "币制", "原产国", "最终目的国"]
    made: list[list[str | None]] = [[*names, *(box.label for box in boxes)]]
    made += [[*_record(rows[head], item), *(box.value for box in boxes)] for _, item in items]
    table = grid_of_rows(
        grid.sheet, made, hidden=grid.hidden, named=True, encoding=grid.encoding, notes=tuple(grid.notes)
    )
    return replace(table, row_names=tuple(str(grid.first_row + number) for number, _ in items))


def _is_head(row: Sequence[str]) -> bool:
    return any(cell.startswith("项号") for cell in row) and any(cell.startswith(_CODE) for cell in row)


def _items(rows: Sequence[Sequence[str]], head: int) -> list[tuple[int, list[Sequence[str]]]]:
    """Return the items below the head, each with the number of its first line and all its lines."""
    place = next(at for at, cell in enumerate(rows[head]) if cell.startswith("项号"))
    found: list[tuple[int, list[Sequence[str]]]] = []
    for number, row in enumerate(rows[head + 1 :], head + 1):
        if _ITEM.match(row[place]):
            found.append((number, [row]))
        elif row[place] or not found:
            if any(row):
                break  # the statements and signatures at the foot
        else:
            found[-1][1].append(row)
    return found


def _record(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str | None]:
    """Return the item's cells in the order of the names above."""

    def told(start: str) -> list[str]:
        place = next((at for at, cell in enumerate(head) if start in cell), -1)
        cells = [line[place] for line in lines if place >= 0 and line[place]]
        return [piece.strip() for cell in cells for piece in cell.split("\n") if piece.strip()]

    quantities, prices = told(_QUANTITY), told(_PRICE)
    mass = next((each for each in quantities if _KILOGRAMS.match(each)), None)
    codes = told(_CODE)
    return [
        lines[0][next(at for at, cell in enumerate(head) if cell.startswith("项号"))],
        codes[0] if codes else None,
        "; ".join(told(_GOODS)) or None,
        quantities[-1] if quantities else None,
        mass,
        prices[1] if len(prices) > 1 else None,
        prices[2] if len(prices) > 2 else None,
        next(iter(told(_ORIGIN)), None),
        next(iter(told(_TARGET)), None),
    ]
