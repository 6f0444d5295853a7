"""Labelled values: forms of label and value ("Shipper: …"), sheets turned on their side, and what stands above a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tidegate.files.grid import Grid, column_letter, grid_of_rows
from tidegate.files.header_words import PARTY_COLUMNS
from tidegate.files.headers import recognise
from tidegate.model.columns import COLUMNS

_MOST_ROWS = 2_000  # a form is read by a person; what is longer is a table
_SURE = 0.9
_FEWEST = 3
_ADDRESSED = frozenset(
    {"to:", "to :", "致:", "致：", "messrs.:", "messrs:", "m/s:", "a:"}
)  # who a paper is made out to
_INSIDE = re.compile(r"^\s*([^:：\d][^:：]{1,38}?)\s*[:：]\s*(\S.*)$", re.DOTALL)
# What one paper says for all its goods; masses and amounts above a table are sums or belong elsewhere.
_SHARED = {
    "consignments": frozenset(
        {"consignment_id", "date", "consignor", "consignor_address", "consignor_country", "consignee", "consignee_address",
         "consignee_country", "notify_party", "forwarder", "currency", "origin_country", "destination_country",
         "transit_countries", "port_of_loading", "port_of_discharge", "transport_mode", "container", "document_number",
         "licence"}
    ),
    "payments": frozenset({"date", "payer", "payer_account", "payer_country", "payer_bank", "payer_bank_bic", "currency", "channel"}),
    "parties": frozenset({"country"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """One value with its label: place of the label, row and column from 0, and what the label names."""

    row: int
    column: int
    label: str
    value: str
    canonical: str


def labels_above(rows: Sequence[Sequence[str]], kind: str) -> dict[str, Labelled]:
    """Return what the rows above a table say for every record below: the first value of each shared column."""
    told: dict[str, Labelled] = {}
    for found in _labelled(rows, kind):
        if found.canonical in _SHARED[kind]:
            told.setdefault(found.canonical, found)
    return told


def turn_upright(grid: Grid, kind: str | None, known: int) -> Grid | None:
    """Return a form, or a sheet whose headers stand in a column, as a grid with one row for each record.

    known: how many columns a header row of the sheet would give; the labels must be more. None if it is no such sheet.
    """
    if grid.named or not 2 <= grid.table.num_rows <= _MOST_ROWS:
        return None
    rows = grid.head(grid.table.num_rows)
    best: tuple[int, str, int] = (0, "", 0)
    for each in (kind,) if kind else COLUMNS:
        for column in range(min(3, grid.table.num_columns)):
            best = max(best, (len(_column_labels(rows, column, each)), each, column), key=lambda one: one[0])
    count, chosen, column = best
    if count > max(known, _FEWEST - 1):
        across = _on_its_side(grid, rows, chosen, column)
        if across is not None:
            return across
    if known >= _FEWEST:
        return None  # labels above a table of its own, such as an invoice
    forms = {each: list(_labelled(rows, each)) for each in ((kind,) if kind else COLUMNS)}
    chosen = max(forms, key=lambda each: len({one.canonical for one in forms[each]}))
    found = forms[chosen]
    if len({one.canonical for one in found}) <= max(known, _FEWEST - 1):
        return None
    return _form(grid, found)


def _on_its_side(grid: Grid, rows: list[list[str]], kind: str, column: int) -> Grid | None:
    """Return the sheet with its columns as records, or None if only one column holds values."""
    labels = _column_labels(rows, column, kind)
    beside = [
        place
        for place in range(column + 1, grid.table.num_columns)
        if sum(1 for row in labels if place < len(rows[row]) and rows[row][place]) * 2 >= len(labels)
    ]
    values = {rows[row][place] for row in labels for place in beside if rows[row][place]}
    if len(beside) < 2 or any(recognise(value, kind) for value in values if value.endswith((":", "："))):
        return None
    heads = [rows[row][column].rstrip(" :：") for row in range(len(rows)) if rows[row][column]]
    kept = [row for row in range(len(rows)) if rows[row][column]]
    records: list[list[str | None]] = [[rows[row][place] or None for row in kept] for place in beside]
    names = tuple(f"column {column_letter(place)}" for place in beside)
    return _made(grid, [[*heads], *records], names)


def _form(grid: Grid, found: Sequence[Labelled]) -> Grid:
    """Return the labelled values as records; a label that comes again, once others did, begins the next record."""
    heads = list(dict.fromkeys(one.label for one in found))
    places = {label: place for place, label in enumerate(heads)}
    records: list[dict[str, Labelled]] = []
    first = found[0].canonical
    for one in found:
        if not records or (
            one.canonical == first and one.canonical in {each.canonical for each in records[-1].values()}
        ):
            records.append({})
        records[-1].setdefault(one.label, one)
    rows: list[list[str | None]] = []
    for record in records:
        row: list[str | None] = [None] * len(heads)
        for label, one in record.items():
            row[places[label]] = one.value
        rows.append(row)
    names = tuple(str(grid.first_row + min(one.row for one in record.values())) for record in records)
    return _made(grid, [[*heads], *rows], names)


def _made(grid: Grid, rows: list[list[str | None]], names: tuple[str, ...]) -> Grid:
    made = grid_of_rows(
        grid.sheet, rows, hidden=grid.hidden, named=True, encoding=grid.encoding, notes=tuple(grid.notes)
    )
    return replace(made, row_names=names)


def _column_labels(rows: Sequence[Sequence[str]], column: int, kind: str) -> dict[int, str]:
    """Return the rows whose cell in `column` is a sure header, each meaning once, if half of the filled cells are."""
    cells = [row[column].rstrip(" :：") if column < len(row) else "" for row in rows]
    filled = len(cells) - cells.count("")
    if filled > 2 * len(COLUMNS[kind]):
        return {}  # more than there are meanings for
    found: dict[int, str] = {}
    for number, cell in enumerate(cells):
        match = recognise(cell, kind) if cell else None
        if match and match.score >= _SURE and match.canonical not in found.values():
            found[number] = match.canonical
    return found if len(found) * 2 >= filled else {}


def has_labels(row: Sequence[str], kind: str) -> bool:
    """Tell whether a row holds a label with its value, such as "Buyer: Vega"."""
    return bool(_labelled([row], kind))


def shared_label(row: Sequence[str], kind: str) -> Labelled | None:
    """Return the one label of a row of one or two cells with its value, of those that one paper says for all its goods.

    "Customer:" alone in a row says more than the same word above a column, so a party's weaker words count too.
    """
    inside = _INSIDE.match(row[0]) if len(row) == 1 else None
    if inside is None and not (len(row) == 2 and row[0].rstrip().endswith((":", "："))):
        return None
    label, value = (inside[1], inside[2].strip()) if inside else (row[0].rstrip(" :："), row[1])
    match = recognise(label, kind)
    if match is None or match.canonical not in _SHARED[kind]:
        return None
    sure = match.score >= _SURE or match.canonical in PARTY_COLUMNS[kind]
    return Labelled(0, 0, label, value, match.canonical) if sure else None


def _labelled(rows: Sequence[Sequence[str]], kind: str) -> list[Labelled]:
    """Return every label with its value: both in one cell with a colon, the value in the next filled cell, or below."""
    found: list[Labelled] = []
    party = ""
    for number, row in enumerate(rows):
        taken = -1
        if number + 1 < len(rows) and (boxes := _boxes(row, rows[number + 1], kind)):
            found += [Labelled(number, place, row[place], value, canonical) for place, value, canonical in boxes]
            continue
        for place, cell in enumerate(row):
            if not cell or place <= taken:
                continue
            label, value, end = cell.rstrip(" :："), "", place
            inside = None if cell.endswith((":", "：")) else _INSIDE.match(cell)
            if inside:
                label, value = inside[1], inside[2].strip()
            match = recognise(label, kind, party=party)
            if not inside and kind == "consignments" and cell.strip().lower() in _ADDRESSED:
                match = recognise("consignee", kind)
            if match is None or match.score < _SURE:
                continue
            if not inside:
                end = next((at for at in range(place + 1, min(len(row), place + 4)) if row[at]), -1)
                if end < 0 or row[end].endswith((":", "：")) or _is_label(row[end], kind):
                    continue
                value = row[end]
            taken = end
            party = match.canonical if match.canonical in COLUMNS[kind] else party
            found.append(Labelled(number, place, label, value, match.canonical))
    return found


def _boxes(labels: Sequence[str], values: Sequence[str], kind: str) -> list[tuple[int, str, str]]:
    """Return the values of a form's boxes, each below its label: place, value and what the label names.

    Two labels at least, without colons; below them stand values alone, and nothing stands where no label is.
    """
    known = {at: match for at, cell in enumerate(labels) if cell and (match := recognise(cell, kind))}
    sure = {at: match for at, match in known.items() if match.score >= _SURE}
    filled = [at for at, cell in enumerate(values) if cell]
    if len(sure) < _FEWEST - 1 or any(cell.endswith((":", "：")) for cell in labels) or not filled:
        return []
    if any(not labels[at] or _is_label(values[at], kind) for at in filled):
        return []
    beside = {at + 1 for at in sure} & {at for at, cell in enumerate(labels) if cell}
    if len(beside) * 2 > len(sure) and not set(known) >= beside:
        return []  # label and value side by side, row after row
    return [(at, values[at], match.canonical) for at, match in sure.items() if at in filled]


def _is_label(cell: str, kind: str) -> bool:
    match = recognise(cell, kind)
    return match is not None and match.score >= _SURE
