"""Layout: where the records of a sheet begin and which column is which, by a person's mapping and by recognition."""

from __future__ import annotations

from tidegate.errors import InputUnreadable
from tidegate.files.grid import Grid, column_letter
from tidegate.files.headers import HEAD_ROWS, HeaderFound, HeaderMatch, find_header, read_header
from tidegate.files.mapping import Mapping, column_place
from tidegate.model.columns import COLUMNS


def find_layout(file: str, grid: Grid, kind: str | None, mapping: Mapping | None) -> HeaderFound | None:
    """Return the header that `mapping` tells, completed by what is recognised; without a mapping, the one recognised.

    None if no row heads known columns. Raises InputUnreadable if the mapping names what the sheet has not.
    """
    rows = grid.head(1 if grid.named else max(HEAD_ROWS, mapping.header_row if mapping else 0))
    if mapping is None or not (mapping.columns or mapping.header_row):
        return find_header(rows, kind)
    if mapping.header_row > 0:
        place = mapping.header_row - grid.first_row
        if not 0 <= place < len(rows):
            raise _mapping_wrong(file, grid, f"header_row {mapping.header_row}")
        kinds = (kind,) if kind else tuple(COLUMNS)
        found = max((read_header(rows[place], each, place, place) for each in kinds), key=lambda each: each.score)
    elif mapping.header_row < 0:
        found = HeaderFound(kind or _kind_of(mapping), -1, -1, (), ())
    else:
        recognised = find_header(rows, kind)
        found = recognised or _by_told_headers(rows, mapping, kind)
    return _apply(file, grid, found, mapping)


def _by_told_headers(rows: list[list[str]], mapping: Mapping, kind: str | None) -> HeaderFound:
    """Return the row that holds most of the headers a mapping names."""
    told = {_plain(header) for header in mapping.columns.values()}
    best = max(range(len(rows)), key=lambda row: len(told & {_plain(cell) for cell in rows[row]}), default=0)
    return read_header(rows[best] if rows else [], kind or _kind_of(mapping), best, best)


def _apply(file: str, grid: Grid, found: HeaderFound, mapping: Mapping) -> HeaderFound:
    matches = {match.canonical: match for match in found.matches}
    for canonical, header in mapping.columns.items():
        if canonical not in COLUMNS[found.kind]:
            raise _mapping_wrong(file, grid, canonical)
        place = column_place(header)
        if place is None:
            place = next((at for at, cell in enumerate(found.headers) if _plain(cell) == _plain(header)), None)
        if place is None or place >= grid.table.num_columns:
            raise _mapping_wrong(file, grid, header)
        written = found.headers[place] if place < len(found.headers) else column_letter(place)
        old = next((match for match in (*found.matches, *found.duplicates) if match.place == place), None)
        matches = {name: match for name, match in matches.items() if match.place != place}
        unit, currency = (old.unit, old.currency) if old else ("", "")
        matches[canonical] = HeaderMatch(canonical, place, written or column_letter(place), 1.0, unit, currency)
    places = {match.place for match in matches.values()}
    unrecognised = tuple((at, cell) for at, cell in enumerate(found.headers) if cell and at not in places)
    ordered = tuple(sorted(matches.values(), key=lambda match: match.place))
    return HeaderFound(found.kind, found.first, found.last, ordered, unrecognised, (), found.score, found.headers)


def _kind_of(mapping: Mapping) -> str:
    """Return the kind whose canonical columns a mapping names most."""
    return mapping.kind or max(COLUMNS, key=lambda kind: len(set(COLUMNS[kind]) & set(mapping.columns)))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _mapping_wrong(file: str, grid: Grid, told: str) -> InputUnreadable:
    place = f"{file} {grid.sheet}".strip()
    return InputUnreadable(
        f'{place}: the mapping names {told!r}, which is not there. Name a header as written, or write "column F"',
        code="files.mapping-names-missing",
        file=file,
        sheet=grid.sheet,
        header=told,
    )
