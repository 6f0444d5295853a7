"""Tables: a grid with its header recognised, cut to records and cleaned into canonical columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tidegate.files.batch_arrays import batch_arrays
from tidegate.files.cleaning import (
    CODE_COLUMNS,
    COUNTRY_COLUMNS,
    DAY_COLUMNS,
    LOOSE_DAY_COLUMNS,
    MASS_COLUMNS,
    MONEY_COLUMNS,
    NUMBER_COLUMNS,
    Cleaned,
    Conventions,
    PlainNumbers,
    clean_days,
    clean_mass,
    clean_money,
    clean_quantity,
    clean_text,
    plain_numbers,
    sample_order,
    sample_style,
)
from tidegate.files.code_cells import clean_codes, clean_countries, clean_currency
from tidegate.files.continued import join_continued
from tidegate.files.filling import constant_where_filled, join_texts, mend_texts, times_beside
from tidegate.files.grid import Grid, shorten
from tidegate.files.group_lines import columns_of_lines, find_group_lines
from tidegate.files.header_units import header_scale
from tidegate.files.headers import HeaderFound, HeaderMatch
from tidegate.files.labelled import Labelled, labels_above
from tidegate.files.mapping import Mapping
from tidegate.files.name_parts import join_name_parts
from tidegate.files.nonrecords import find_nonrecords
from tidegate.files.records import MOST_WRITTEN, WHOLE_ROW, AsWritten, CellProblem, Note, TableRead
from tidegate.files.side_by_side import rows_without_blank_end, side_by_side
from tidegate.files.statement_sides import name_sums, settle_sides, take_marks
from tidegate.files.unit_columns import UnitsAbove, apply_units_above, take_units, units_above
from tidegate.model.columns import record_schema
from tidegate.model.money import has_two_decimals, parse_currency
from tidegate.model.quantity import DecimalSign

if TYPE_CHECKING:
    import pyarrow as pa

_JOINED = frozenset({"goods_description", "other_names", "memo"})
_SURE = 0.9
_FEW_ROWS = 3


def read_table(file: str, grid: Grid, found: HeaderFound, mapping: Mapping | None, notes: Sequence[Note]) -> TableRead:
    """Return the records of `grid` below the header `found`. notes: what to say of it first."""
    body = grid.table.slice(found.last + 1)
    texts = side_by_side(clean_text, body.columns)
    if found.kind == "payments":
        found = name_sums(found, texts)
    found = join_name_parts(found, texts)
    # A last row of which nothing could be read is a row all the same.
    named = max((problem.row - found.last for problem in grid.problems), default=0)
    rows = min(max(rows_without_blank_end([text.column for text in texts]), named), body.num_rows)
    builder = _Builder(file, grid, found, mapping or Mapping(), [text.head(rows) for text in texts], rows)
    builder.notes += notes
    return builder.build()


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
        self.settled: frozenset[str] = frozenset()  # masses whose unit stands beside them
        self.above = UnitsAbove()
        self.labels = {match.place: match for match in (*found.matches, *found.duplicates)}

    def build(self) -> TableRead:
        import pyarrow as pa

        self.notes += mend_texts(self.grid, self.found, self.texts)
        titles = self.grid.head(max(self.found.first, 0))
        self._take_units(titles)
        totals = find_nonrecords([text.column for text in self.texts], self.found, self.rows, titles)
        groups = find_group_lines([text.column for text in self.texts], self.found, self.rows, totals)
        totals.update(
            {row: (shorten(f"{line.label}: {line.value}"), "files.group-row") for row, line in groups.items()}
        )
        if continued := join_continued(self.found, self.texts, self.rows, totals):
            shown = ", ".join(self._row(row) for row in continued[:12])
            self.notes.append(Note("files.text-continued", {"count": str(len(continued)), "rows": shown}))
        marks = take_marks(self.found, self.texts)
        for match in self.found.matches:
            self._name(self.texts[match.place], match)
        columns = self._clean_columns()
        if (times := times_beside(self.found, self.texts)) is not None:
            columns.setdefault("time_of_day", Cleaned(times, []))
        self._name_grid_problems()
        self._name_cells_without_header()
        self._join_duplicates(columns)
        self._take_group_lines(columns, groups)
        self._take_labels_above(columns)
        self._settle_sides(columns, marks)
        numbers = range(self.first, self.first + self.rows)
        arrays, encoded = batch_arrays(self.file, self.grid, self.found, columns, numbers, totals)
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
            0 if self.grid.row_names else self.first - 1,
            {match.canonical: " ".join(match.header.split()) for match in self.found.matches},
            batch,
            problems,
            self.notes,
            self.rows,
            tuple(header for _, header in self.found.unrecognised),
            self.grid.encoding,
            () if self.grid.row_names else rows,
            self.grid.hidden,
            self._as_written(),
            encoded,
        )

    def _as_written(self) -> AsWritten:
        """Return headers and cells of every column, recognised or not; the cells share the reader's memory."""
        width = self.grid.table.num_columns
        headers = (*(" ".join(header.split()) for header in self.found.headers), *([""] * width))[:width]
        cells = self.grid.table.slice(self.found.last + 1, self.rows) if self.rows <= MOST_WRITTEN else None
        return AsWritten(headers, cells, self.grid.numeric)

    def _settle_sides(self, columns: dict[str, Cleaned], marks: pa.ChunkedArray | None) -> None:
        if self.found.kind != "payments":
            return
        sides = settle_sides(columns, {match.canonical: match.header for match in self.found.matches}, marks)
        self.notes += sides.notes
        for match in self.found.matches:
            self._name(
                Cleaned(self.texts[match.place].column, list((sides.doubts or {}).get(match.canonical, ()))), match
            )

    def _join_duplicates(self, columns: dict[str, Cleaned]) -> None:
        """Read every column of goods, and every other name, together: what stands in a second one counts too."""
        import pyarrow.compute as pc

        left = []
        for match in self.found.duplicates:
            canonical = "other_names" if match.canonical == "name" else match.canonical
            if canonical not in _JOINED or match.score < _SURE:
                left.append(match)
                if canonical in columns and canonical not in NUMBER_COLUMNS | DAY_COLUMNS | LOOSE_DAY_COLUMNS:
                    column = pc.coalesce(columns[canonical].column, self.texts[match.place].column)
                    columns[canonical] = replace(columns[canonical], column=column)
                continue
            column = self.texts[match.place].column
            held = columns.get(canonical)
            columns[canonical] = Cleaned(join_texts(held.column, column) if held else column, [])
            told = {"column": self.grid.letter(match.place), "header": " ".join(match.header.split())}
            self.notes.append(Note("files.header-joined", {**told, "canonical": canonical}))
        self.found = replace(self.found, duplicates=tuple(left))

    def _take_group_lines(self, columns: dict[str, Cleaned], groups: dict[int, Labelled]) -> None:
        """Take what a line among the records says, such as "Customer: Vega", for the records below it."""
        import pyarrow as pa

        for canonical, values in columns_of_lines(groups, self.rows).items():
            cleaned = Cleaned(pa.chunked_array([pa.array(values, pa.string())]), [])
            if canonical in DAY_COLUMNS:
                cleaned = clean_days(cleaned.column, Conventions(None, self.mapping.date_order))
            elif canonical == "currency":
                cleaned = clean_currency(cleaned.column)
            if canonical not in columns and not cleaned.doubts:
                columns[canonical] = cleaned

    def _take_labels_above(self, columns: dict[str, Cleaned]) -> None:
        """Take what the paper says once above its table, such as the consignee of an invoice, for every record."""
        if self.found.first <= 0 or not columns or self.mapping.header_row < 0:
            return
        told = labels_above(self.grid.head(self.found.first), self.found.kind)
        filled = [cleaned.column for cleaned in columns.values()]
        taken = {canonical: one for canonical, one in told.items() if canonical not in columns}
        for canonical, one in taken.items():
            column = constant_where_filled(one.value, filled)
            if canonical in DAY_COLUMNS:
                days = clean_days(column, Conventions(None, self.mapping.date_order))
                if days.doubts:
                    continue
                column = days.column
            elif canonical == "currency":
                column = clean_currency(column).column
            columns[canonical] = Cleaned(column, [])
            above = {"canonical": canonical, "label": one.label, "value": shorten(one.value)}
            self.notes.append(Note("files.taken-from-above", above))

    def _clean_columns(self) -> dict[str, Cleaned]:
        styles, plain = self._decimal_signs()
        agreed = set(styles.values()) - {None}
        common = agreed.pop() if len(agreed) == 1 else None

        def clean(match: HeaderMatch) -> Cleaned:
            column, known = self.texts[match.place].column, self.texts[match.place].by_value
            told: DecimalSign | None = "." if match.place in self.grid.numeric else self.mapping.decimal
            decimal = told or styles.get(match.canonical) or common
            unit = match.unit or self.mapping.mass_unit
            if match.canonical in DAY_COLUMNS | LOOSE_DAY_COLUMNS:
                order = self.mapping.date_order or sample_order(column)
                return clean_days(
                    column,
                    Conventions(None, order, from_1904=self.grid.from_1904),
                    known,
                    loose=match.canonical in LOOSE_DAY_COLUMNS,
                )
            scale = self._scale(match)
            conventions = Conventions(decimal, None, unit, plain.get(match.canonical, PlainNumbers(plain=False)), scale)
            if match.canonical in MASS_COLUMNS:
                return clean_mass(column, conventions, known)
            if match.canonical in MONEY_COLUMNS:
                conventions = replace(conventions, currency_known=self._has_two_decimals(match))
                return clean_money(column, conventions, known)
            if match.canonical == "quantity":
                return clean_quantity(column, conventions, known)
            if match.canonical == "currency":
                return clean_currency(column, known)
            if match.canonical in CODE_COLUMNS:
                return clean_codes(column, match.canonical, known)
            if match.canonical in COUNTRY_COLUMNS:
                return clean_countries(column, known)
            return Cleaned(column, [], encoded=known)

        cleaned = dict(
            zip((m.canonical for m in self.found.matches), side_by_side(clean, self.found.matches), strict=True)
        )
        for match in self.found.matches:
            self._name(cleaned[match.canonical], match)
            if (
                match.canonical in MASS_COLUMNS
                and not match.unit
                and not self.mapping.mass_unit
                and match.canonical not in self.settled
            ):
                self.notes.append(Note("files.kg-assumed", {"column": " ".join(match.header.split())}))
            if match.canonical in MASS_COLUMNS | MONEY_COLUMNS and self._scale(match) != 1:
                scale = {"column": " ".join(match.header.split()), "scale": str(self._scale(match))}
                self.notes.append(Note("files.column-scaled", scale))
        return cleaned

    def _take_units(self, titles: list[list[str]]) -> None:
        """Settle the units of masses: from columns beside them, else from a line above the table."""
        self.found, self.settled = take_units(self.found, self.texts)
        if titles and not self.mapping.mass_unit:
            self.above = units_above(titles)
            self.found, notes = apply_units_above(self.found, self.above, self.settled)
            self.notes += notes

    def _scale(self, match: HeaderMatch) -> int:
        told = header_scale(match.header)
        return self.above.scale if told == 1 and match.canonical in MONEY_COLUMNS else told

    def _has_two_decimals(self, match: HeaderMatch) -> bool:
        """Tell whether the header, or the column of currencies beside it, says that amounts have two decimals at most."""
        import pyarrow.compute as pc

        if match.currency:
            return has_two_decimals(match.currency)
        place = next((each.place for each in self.found.matches if each.canonical == "currency"), None)
        if place is None:
            return False
        codes = [parse_currency(text) for text in pc.unique(self.texts[place].column).to_pylist()[:50] if text]
        return bool(codes) and all(code is not None and has_two_decimals(code) for code in codes)

    def _decimal_signs(self) -> tuple[dict[str, DecimalSign | None], dict[str, PlainNumbers]]:
        """Return the decimal sign and what Arrow can tell of each number column; values are sampled only in doubt."""
        places = {m.canonical: m.place for m in self.found.matches if m.canonical in NUMBER_COLUMNS}
        found = side_by_side(
            lambda place: plain_numbers(self.texts[place].column, self.texts[place].by_value), list(places.values())
        )
        plain = dict(zip(places, found, strict=True))
        styles: dict[str, DecimalSign | None] = {}
        for canonical, place in places.items():
            if not plain[canonical].plain:
                styles[canonical] = sample_style(self.texts[place].column)
            else:
                styles[canonical] = "." if plain[canonical].fractions else None
        return styles, plain

    def _name(self, cleaned: Cleaned, match: HeaderMatch) -> None:
        told = {(problem.index, problem.field) for problem in self.problems} if cleaned.doubts else set()
        for doubt in cleaned.doubts:
            if doubt.row < self.rows and (doubt.row, match.canonical) not in told:
                self.problems.append(
                    CellProblem(
                        self.grid.sheet,
                        self._row(doubt.row),
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
        """Name the cells to the right of the last header where few rows have one: a separator stood inside a text.

        A column that lacks a header altogether is said once.
        """
        import pyarrow.compute as pc

        last = max((place for place, header in enumerate(self.found.headers) if header), default=-1)
        headless = [
            at for at in range(len(self.texts)) if last >= 0 and not (*self.found.headers, *[""] * len(self.texts))[at]
        ]
        for place in headless:
            column = self.texts[place].column
            count = self.rows - column.null_count
            if not count:
                continue
            if place < last or count * 2 > self.rows > _FEW_ROWS:
                told = {"column": self.grid.letter(place), "count": str(count)}
                self.notes.append(Note("files.column-without-header", told))
            else:
                for row in pc.indices_nonzero(pc.is_valid(column)).to_pylist():
                    value = shorten(column[row].as_py())
                    self.problems.append(self._problem(row, self._label(place), value, "files.row-too-wide"))

    def _problem(self, row: int, label: str, value: str, code: str, canonical: str = WHOLE_ROW) -> CellProblem:
        return CellProblem(self.grid.sheet, self._row(row), label, value, code, {}, row, canonical)

    def _row(self, row: int) -> str:
        return self.grid.row_names[row] if self.grid.row_names else str(self.first + row)

    def _label(self, place: int) -> str:
        header = self.found.headers[place] if 0 <= place < len(self.found.headers) else ""
        if self.grid.row_names:
            return " ".join(header.split())
        return f"{self.grid.letter(place)} ({' '.join(header.split())})" if header else self.grid.letter(place)

    def _note_headers(self) -> None:
        for match in self.found.duplicates:
            self.notes.append(
                Note("files.header-twice", {"header": match.header, "column": self.grid.letter(match.place),
                                            "canonical": match.canonical})
            )  # fmt: skip
        if self.grid.hidden:
            self.notes.append(Note("files.sheet-hidden", {"sheet": self.grid.sheet}))
