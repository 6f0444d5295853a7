"""Tables: a grid with its header recognised, cut to records and cleaned into canonical columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from tidegate.errors import InputUnreadable
from tidegate.files.cleaning import (
    CODE_COLUMNS,
    DAY_COLUMNS,
    LOOSE_DAY_COLUMNS,
    MASS_COLUMNS,
    MONEY_COLUMNS,
    NUMBER_COLUMNS,
    Cleaned,
    Conventions,
    PlainNumbers,
    clean_codes,
    clean_currency,
    clean_days,
    clean_mass,
    clean_money,
    clean_quantity,
    clean_text,
    plain_numbers,
    sample_order,
    sample_style,
    wallets_of,
)
from tidegate.files.grid import Grid, column_letter, shorten
from tidegate.files.header_units import header_scale
from tidegate.files.headers import HeaderFound, HeaderMatch
from tidegate.files.layout import find_layout
from tidegate.files.mapping import Mapping
from tidegate.files.records import MOST_WRITTEN, WHOLE_ROW, AsWritten, CellProblem, Note, TableRead
from tidegate.model.columns import COLUMNS, NAME_COLUMNS, record_schema
from tidegate.model.quantity import DecimalSign

if TYPE_CHECKING:
    import pyarrow as pa

_TOTAL = re.compile(
    r"^\W*(?:grand\s*total|sub\s*-?\s*totals?|totals?|total\s+general|gran\s+total|suma(?:\s+total)?|sum|"
    r"totales|subtotales|合\s*计|合\s*計|总\s*计|總\s*計|小\s*计|小\s*計|共\s*计|共\s*計|总\s*和)\W*$",
    re.IGNORECASE,
)
_TOTAL_HINT = r"(?i)^\W*(?:grand|sub|gran|tot|sum|suma)|计|計|总|總"
_In = TypeVar("_In")
_Out = TypeVar("_Out")
_MANY_ROWS = 200_000
_TAIL = 50


def read_table(file: str, grid: Grid, kind: str | None, mapping: Mapping | None) -> TableRead | None:
    """Return the records of `grid`, or None if no row of it heads known columns.

    Raises InputUnreadable if `mapping` names a header that the sheet has not.
    """
    found = find_layout(file, grid, kind or (mapping.kind if mapping else None) or None, mapping)
    if found is None:
        return None
    body = grid.table.slice(found.last + 1)
    texts = _side_by_side(clean_text, body.columns)
    rows = _rows_without_blank_end([text.column for text in texts])
    return _Builder(file, grid, found, mapping or Mapping(), [_cut(text, rows) for text in texts], rows).build()


class _Builder:
    """The steps from clean text columns to a batch; each adds its problems and notes."""

    def __init__(
        self, file: str, grid: Grid, found: HeaderFound, mapping: Mapping, texts: list[Cleaned], rows: int
    ) -> None:
        self.file = file
        self.grid = grid
        self.found = found
        self.mapping = mapping
        self.texts = texts
        self.rows = rows
        self.first = grid.first_row + found.last + 1
        self.problems: list[CellProblem] = []
        self.notes: list[Note] = list(grid.notes)
        self.labels = {match.place: match for match in (*found.matches, *found.duplicates)}

    def build(self) -> TableRead:
        import pyarrow as pa

        totals = self._no_records()
        columns = self._clean_columns()
        for match in self.found.matches:
            self._name(self.texts[match.place], match)
        self._name_grid_problems()
        self._name_cells_without_header()
        arrays = self._arrays(columns, totals)
        schema = record_schema(self.found.kind)
        batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
        self._note_headers()
        skipped = set(totals)
        problems = [problem for problem in self.problems if problem.index not in skipped]
        problems += [self._problem(row, "", value, code) for row, (value, code) in totals.items()]
        problems.sort(key=lambda problem: problem.index)
        rows = tuple(range(self.grid.first_row + self.found.first, self.grid.first_row + self.found.last + 1))
        return TableRead(
            self.file,
            self.grid.sheet,
            self.found.kind,
            self.first - 1,
            {match.canonical: " ".join(match.header.split()) for match in self.found.matches},
            batch,
            problems,
            self.notes,
            self.rows,
            tuple(header for _, header in self.found.unrecognised),
            self.grid.encoding,
            rows,
            self.grid.hidden,
            self._as_written(),
        )

    def _as_written(self) -> AsWritten:
        """Return headers and cells of every column, recognised or not; the cells share the reader's memory."""
        width = self.grid.table.num_columns
        headers = (*(" ".join(header.split()) for header in self.found.headers), *([""] * width))[:width]
        cells = self.grid.table.slice(self.found.last + 1, self.rows) if self.rows <= MOST_WRITTEN else None
        return AsWritten(headers, cells, self.grid.numeric)

    def _clean_columns(self) -> dict[str, Cleaned]:
        styles, plain = self._decimal_signs()
        agreed = set(styles.values()) - {None}
        common = agreed.pop() if len(agreed) == 1 else None

        def clean(match: HeaderMatch) -> Cleaned:
            column = self.texts[match.place].column
            told: DecimalSign | None = "." if match.place in self.grid.numeric else self.mapping.decimal
            decimal = told or styles.get(match.canonical) or common
            unit = match.unit or self.mapping.mass_unit
            if match.canonical in DAY_COLUMNS | LOOSE_DAY_COLUMNS:
                order = self.mapping.date_order or sample_order(column)
                return clean_days(column, Conventions(None, order), loose=match.canonical in LOOSE_DAY_COLUMNS)
            scale = header_scale(match.header)
            conventions = Conventions(decimal, None, unit, plain.get(match.canonical, PlainNumbers(plain=False)), scale)
            if match.canonical in MASS_COLUMNS:
                return clean_mass(column, conventions)
            if match.canonical in MONEY_COLUMNS:
                return clean_money(column, conventions)
            if match.canonical == "quantity":
                return clean_quantity(column, conventions)
            if match.canonical == "currency":
                return clean_currency(column)
            if match.canonical in CODE_COLUMNS:
                return clean_codes(column, match.canonical)
            return Cleaned(column, [])

        cleaned = dict(
            zip((m.canonical for m in self.found.matches), _side_by_side(clean, self.found.matches), strict=True)
        )
        for match in self.found.matches:
            self._name(cleaned[match.canonical], match)
            if match.canonical in MASS_COLUMNS and not match.unit and not self.mapping.mass_unit:
                self.notes.append(Note("files.kg-assumed", {"column": match.header}))
            if match.canonical in MASS_COLUMNS | MONEY_COLUMNS and header_scale(match.header) != 1:
                scale = {"column": match.header, "scale": str(header_scale(match.header))}
                self.notes.append(Note("files.column-scaled", scale))
        return cleaned

    def _decimal_signs(self) -> tuple[dict[str, DecimalSign | None], dict[str, PlainNumbers]]:
        """Return the decimal sign and what Arrow can tell of each number column; values are sampled only in doubt."""
        places = {m.canonical: m.place for m in self.found.matches if m.canonical in NUMBER_COLUMNS}
        found = _side_by_side(lambda place: plain_numbers(self.texts[place].column), list(places.values()))
        plain = dict(zip(places, found, strict=True))
        styles: dict[str, DecimalSign | None] = {}
        for canonical, place in places.items():
            if not plain[canonical].plain:
                styles[canonical] = sample_style(self.texts[place].column)
            else:
                styles[canonical] = "." if plain[canonical].fractions else None
        return styles, plain

    def _arrays(self, columns: dict[str, Cleaned], totals: dict[int, tuple[str, str]]) -> list[pa.Array]:
        import numpy
        import pyarrow as pa
        import pyarrow.compute as pc

        made = {canonical: cleaned.column for canonical, cleaned in columns.items()}
        for number, beside in (("value", "currency"), ("amount", "currency"), ("quantity", "unit")):
            extra = columns[number].extra if number in columns else None
            if extra is not None and beside in COLUMNS[self.found.kind]:
                made[beside] = pc.coalesce(made[beside], extra) if beside in made else extra
        if "wallet" in COLUMNS[self.found.kind] and "wallet" not in made:
            for party in ("payee", "payee_account"):
                addresses = wallets_of(made[party]) if party in made else None
                if addresses is not None and "wallet" not in made:
                    made["wallet"] = addresses
        for match in self.found.matches:
            if match.currency and match.canonical in MONEY_COLUMNS:
                told = pa.scalar(match.currency, pa.string())
                present = pc.is_valid(made[match.canonical])
                filled = pc.if_else(present, told, pa.scalar(None, pa.string()))
                made["currency"] = pc.coalesce(made["currency"], filled) if "currency" in made else filled
        keep = None
        if totals:
            keep = pa.array([row not in totals for row in range(self.rows)])
        numbers = pa.array(numpy.arange(self.first, self.first + self.rows, dtype=numpy.int64))
        arrays = [
            pa.repeat(pa.scalar(self.file, pa.string()), self.rows),
            pa.repeat(pa.scalar(self.grid.sheet, pa.string()), self.rows),
            pc.cast(numbers, pa.string()),
        ]

        def whole(canonical: str) -> pa.Array:
            column = made.get(canonical)
            if column is None:
                return pa.nulls(self.rows, pa.string())
            array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
            if isinstance(array, pa.ChunkedArray):
                array = array.chunk(0) if array.num_chunks == 1 else self._refuse_size(canonical)
            return array if keep is None else pc.if_else(keep, array, pa.scalar(None, pa.string()))

        return [*arrays, *_side_by_side(whole, COLUMNS[self.found.kind])]

    def _refuse_size(self, canonical: str) -> pa.Array:
        raise InputUnreadable(
            f"{self.file}: column {canonical} holds more text than is read at once. Split the file",
            code="files.too-large",
            sheet=self.grid.sheet,
            rows=self.rows,
            columns=len(self.texts),
        )

    def _no_records(self) -> dict[int, tuple[str, str]]:
        """Return the rows that stand among the records and are none, with the text that says so and its wording code."""
        found = {row: (label, "files.totals-row") for row, label in self._totals().items()}
        found.update({row: (label, "files.header-row-again") for row, label in self._headers_again().items()})
        return found

    def _headers_again(self) -> dict[int, str]:
        """Return the rows that repeat the header, as printed pages do: the first columns hold their own headers."""
        import pyarrow.compute as pc

        again = None
        for match in self.found.matches[:3]:
            same = pc.equal(self.texts[match.place].column, self._lowest_header(match))
            again = same if again is None else pc.and_(again, same)
        rows = [] if again is None else pc.indices_nonzero(pc.fill_null(again, False)).to_pylist()
        return {row: self._lowest_header(self.found.matches[0]) for row in rows}

    def _lowest_header(self, match: HeaderMatch) -> str:
        return match.header.rpartition("\n")[2].strip()

    def _totals(self) -> dict[int, str]:
        """Return the rows that add up other rows: a cell says so, and no name column holds a name."""
        import pyarrow.compute as pc

        names = set(NAME_COLUMNS[self.found.kind])
        named = [match.place for match in self.found.matches if match.canonical in names]
        columns = [text.column for text in self.texts]
        if self.rows > _MANY_ROWS:
            # In a long export the sum stands at the end, or where every name is missing.
            candidates = {*range(self.rows - _TAIL, self.rows), *_rows_without_names(columns, named)}
        else:
            candidates = set()
            for column in columns:
                hint = pc.match_substring_regex(column, _TOTAL_HINT)
                candidates.update(pc.indices_nonzero(pc.fill_null(hint, False)).to_pylist())
        found = {}
        for row in sorted(candidates):
            cells = [(place, str(column[row].as_py() or "")) for place, column in enumerate(columns)]
            label = next((cell for _, cell in cells if cell and len(cell) < 40 and _TOTAL.match(cell)), "")
            if label and all(not cell or _TOTAL.match(cell) for place, cell in cells if place in named):
                found[row] = label
        return found

    def _name(self, cleaned: Cleaned, match: HeaderMatch) -> None:
        for doubt in cleaned.doubts:
            if doubt.row < self.rows:
                self.problems.append(
                    CellProblem(
                        self.grid.sheet,
                        str(self.first + doubt.row),
                        self._label(match.place),
                        doubt.value,
                        doubt.code,
                        doubt.details,
                        doubt.row,
                        match.canonical,
                    )
                )

    def _name_grid_problems(self) -> None:
        for problem in self.grid.problems:
            row = problem.row - self.found.last - 1
            if 0 <= row < self.rows:
                match = self.labels.get(problem.column)
                label = self._label(problem.column) if problem.column >= 0 else ""
                canonical = match.canonical if match else WHOLE_ROW
                self.problems.append(self._problem(row, label, problem.value, problem.code, canonical))

    def _name_cells_without_header(self) -> None:
        """Name the cells to the right of the last header where few rows have one: a separator stood inside a text."""
        import pyarrow.compute as pc

        last = max((place for place, header in enumerate(self.found.headers) if header), default=-1)
        for place in range(last + 1, len(self.texts)) if last >= 0 else ():
            column = self.texts[place].column
            filled = pc.indices_nonzero(pc.is_valid(column)).to_pylist()
            if len(filled) * 2 <= self.rows:
                for row in filled:
                    value = shorten(column[row].as_py())
                    self.problems.append(self._problem(row, self._label(place), value, "files.row-too-wide"))

    def _problem(self, row: int, label: str, value: str, code: str, canonical: str = WHOLE_ROW) -> CellProblem:
        return CellProblem(self.grid.sheet, str(self.first + row), label, value, code, {}, row, canonical)

    def _label(self, place: int) -> str:
        header = self.found.headers[place] if 0 <= place < len(self.found.headers) else ""
        return f"{column_letter(place)} ({' '.join(header.split())})" if header else column_letter(place)

    def _note_headers(self) -> None:
        for match in self.found.duplicates:
            self.notes.append(
                Note("files.header-twice", {"header": match.header, "column": column_letter(match.place),
                                            "canonical": match.canonical})
            )  # fmt: skip
        if self.grid.hidden:
            self.notes.append(Note("files.sheet-hidden", {"sheet": self.grid.sheet}))


def _side_by_side(work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
    """Return the result for each item, in order; Arrow's functions leave other threads free meanwhile."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(work, items))


def _rows_without_blank_end(columns: list[pa.ChunkedArray]) -> int:
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


def _rows_without_names(columns: list[pa.ChunkedArray], named: list[int]) -> list[int]:
    import pyarrow.compute as pc

    if not named:
        return []
    empty = pc.is_null(columns[named[0]])
    for place in named[1:]:
        empty = pc.and_(empty, pc.is_null(columns[place]))
    rows: list[int] = pc.indices_nonzero(empty).to_pylist()
    return rows[:_MANY_ROWS]


def _cut(text: Cleaned, rows: int) -> Cleaned:
    return Cleaned(text.column.slice(0, rows), [doubt for doubt in text.doubts if doubt.row < rows])
