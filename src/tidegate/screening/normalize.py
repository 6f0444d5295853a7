"""RecordView: one batch of records with its columns cleaned and its masses, days and amounts read once.

Conditions are asked of distinct values and mapped back to rows, so that a million rows cost what their distinct
values cost. A value that cannot be read is kept as a `Problem`; nothing is guessed and nothing is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.errors import InputUnreadable
from tidegate.model.columns import COLUMNS
from tidegate.model.days import DateOrder, decide_date_order, parse_civil_day
from tidegate.model.money import parse_money
from tidegate.model.quantity import DecimalSign, decimal_style, parse_mass_kg, parse_number

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Numbers that can be read in one way only: no separator, or one dot that cannot group thousands.
_PLAIN_NUMBER = r"^\d+$|^\d*\.\d{1,2}$|^\d*\.\d{4,}$|^\d{4,}\.\d+$|^0\.\d+$"
_SAMPLE = 2000  # enough distinct values to tell how a column writes its decimals and days
_NO_DAY = -1
_AT_ONCE = 500
_LOOSE = ("  ", " \x00", "\x00 ", *"\t\n\v\f\r\x1c\x1d\x1e\x1f")  # blanks that fold_text joins or leaves out


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that could not be read: code and params of the error that names the mend."""

    row: int
    column: str
    value: str
    code: str
    params: tuple[tuple[str, str], ...] = ()


class RecordView:
    """A batch of `kind` records, read lazily and once. Columns that the batch lacks are empty."""

    def __init__(self, batch: pa.RecordBatch, kind: str) -> None:
        self.batch = batch
        self.kind = kind
        self.rows: int = batch.num_rows
        self._present: frozenset[str] | None = None
        self._columns: dict[str, pa.Array] = {}
        self._encoded: dict[str, pa.DictionaryArray] = {}
        self._distinct: dict[str, tuple[list[str | None], Ints]] = {}
        self._numbers: dict[str, tuple[Floats, list[Problem]]] = {}
        self._days: dict[str, tuple[Ints, list[Problem]]] = {}
        self._words: dict[str, int] = {}
        self._folded_values: dict[str, Ints] = {}
        self._folded: dict[str, Ints] = {}

    def present(self) -> frozenset[str]:
        """Return the canonical columns that hold at least one value.

        The columns of licences and end uses count where the sheet has their header: there, an empty cell says that no
        paper is shown and no use is told.
        """
        if self._present is None:
            names = self.batch.schema.names
            held = {n for n in COLUMNS[self.kind] if n in names and self.batch.column(n).null_count < self.rows}
            told = (self.batch.schema.metadata or {}).get(b"tidegate.columns", b"").decode().split(",")
            self._present = frozenset(held | ({"licence", "end_use"} & set(told)))
        return self._present

    def has(self, name: str) -> bool:
        """Tell whether column `name` stands in the batch, empty or not."""
        return name in self.batch.schema.names

    def header_seen(self, name: str) -> bool:
        """Tell whether the sheet had a header for `name`, though all its cells may be empty.

        A reader says so in the batch's metadata (`tidegate.columns`); without it only values show a column.
        """
        told = (self.batch.schema.metadata or {}).get(b"tidegate.columns", b"").decode().split(",")
        return name in told or name in self.present()

    def column(self, name: str) -> pa.Array:
        """Return column `name` as text."""
        if name not in self._columns:
            held = self.batch.column(name) if self.has(name) else pa.nulls(self.rows, pa.string())
            by_value = isinstance(held, pa.DictionaryArray)
            self._columns[name] = pc.take(held.dictionary, held.indices) if by_value else held
        return self._columns[name]

    def _by_value(self, name: str) -> pa.DictionaryArray | None:
        """Return the column by its distinct values where it came so, or was asked for so before."""
        column = self.batch.column(name) if self.has(name) else None
        return column if isinstance(column, pa.DictionaryArray) else self._encoded.get(name)

    def distinct(self, name: str) -> tuple[list[str | None], Ints]:
        """Return the distinct values of `name` (blank as None) and, for each row, the index of its value."""
        if name not in self._distinct and not self.has(name):
            self._distinct[name] = ([None] if self.rows else [], np.zeros(self.rows, dtype=np.int64))
        if name not in self._distinct:
            encoded = self._by_value(name)
            if encoded is None:
                encoded = self._encoded[name] = self.column(name).dictionary_encode()
            values = encoded.dictionary.to_pylist()
            if pc.any(pc.equal(pc.utf8_trim_whitespace(encoded.dictionary), "")).as_py():
                values = [value if value is not None and value.strip() else None for value in values]
            indices = encoded.indices
            if indices.null_count:
                indices = pc.fill_null(indices, len(values))
                values.append(None)
            self._distinct[name] = (values, indices.to_numpy(zero_copy_only=False).astype(np.int64))
        return self._distinct[name]

    def folded_values(self, name: str) -> Ints:
        """Return for each distinct value a number of its folded text, the same number for it in every column; -1 blank."""
        if name not in self._folded_values:
            held = self._words
            folded = fold_texts([value or "" for value in self.distinct(name)[0]])
            numbers = [held.setdefault(text, len(held)) if text else -1 for text in folded]
            self._folded_values[name] = np.array(numbers, dtype=np.int64)
        return self._folded_values[name]

    def folded(self, name: str) -> Ints:
        """Return for each row the number of its folded text, as folded_values gives it."""
        if name not in self._folded:
            numbers, index = self.folded_values(name), self.distinct(name)[1]
            self._folded[name] = numbers[index] if len(numbers) else np.empty(0, dtype=np.int64)
        return self._folded[name]

    def text(self, name: str, row: int) -> str:
        """Return the text of one cell, "" where it is blank."""
        if not self.rows:
            return ""
        if name in self._distinct:
            values, index = self._distinct[name]
            return values[index[row]] or ""
        column = self.batch.column(name) if self.has(name) else self.column(name)
        text = column[row].as_py() or ""  # one cell needs no reading of the column
        return text if text.strip() else ""

    def rows_where(self, name: str, holds: Callable[[str], bool]) -> Ints:
        """Return the rows whose value in `name` is not blank and for which `holds`, in order."""
        values, index = self.distinct(name)
        chosen = np.fromiter((value is not None and holds(value) for value in values), dtype=bool, count=len(values))
        return np.flatnonzero(chosen[index]) if len(values) else np.empty(0, dtype=np.int64)

    def rows_matching(self, name: str, pattern: str) -> Ints:
        """Return the rows whose text in `name` matches the regular expression (RE2, any case)."""
        if not self.has(name) or not pattern:
            return np.empty(0, dtype=np.int64)
        held = self._by_value(name)
        column = self.column(name) if held is None else held.dictionary
        mask = pc.fill_null(pc.match_substring_regex(column, pattern, ignore_case=True), False)
        mask = mask if held is None else pc.fill_null(pc.take(mask, held.indices), False)
        return np.flatnonzero(mask.to_numpy(zero_copy_only=False))

    def masses(self, name: str) -> Floats:
        """Return the masses of `name` in kg, NaN where blank or unreadable."""
        return self._read_numbers(name, "mass")[0]

    def amounts(self, name: str) -> Floats:
        """Return the plain amounts of `name` (money or counts), NaN where blank or unreadable."""
        return self._read_numbers(name, "amount")[0]

    def days(self, name: str) -> Ints:
        """Return the days of `name` as proleptic ordinals, -1 where blank or unreadable."""
        return self._read_days(name)[0]

    def day(self, name: str, row: int) -> date | None:
        """Return one day, or None."""
        ordinal = int(self.days(name)[row])
        return date.fromordinal(ordinal) if ordinal != _NO_DAY else None

    def problems(self) -> list[Problem]:
        """Return every mass, amount and day that could not be read, by row and column."""
        found: list[Problem] = []
        for name, kind in NUMBER_COLUMNS[self.kind].items():
            if self.has(name):
                found += self._read_numbers(name, kind)[1]
        for name in DAY_COLUMNS[self.kind]:
            if self.has(name):
                found += self._read_days(name)[1]
        return sorted(found, key=lambda problem: (problem.row, problem.column))

    def _read_numbers(self, name: str, kind: str) -> tuple[Floats, list[Problem]]:
        if name not in self._numbers:
            self._numbers[name] = self._parse_numbers(name, kind)
        return self._numbers[name]

    def _parse_numbers(self, name: str, kind: str) -> tuple[Floats, list[Problem]]:
        if not self.has(name):
            return np.full(self.rows, np.nan), []
        held = self._by_value(name)
        column = pc.utf8_trim_whitespace(self.column(name) if held is None else held.dictionary)
        plain = pc.match_substring_regex(column, _PLAIN_NUMBER)
        read = pc.cast(pc.if_else(plain, column, pa.scalar(None, pa.string())), pa.float64())
        numbers = read.to_numpy(zero_copy_only=False).astype(np.float64, copy=True)
        is_open = pc.fill_null(pc.invert(plain), False).to_numpy(zero_copy_only=False)
        if held is not None:  # a blank row points behind the last value
            at = pc.fill_null(held.indices, len(numbers)).to_numpy(zero_copy_only=False)
            numbers, is_open = np.append(numbers, np.nan)[at], is_open.any() and np.append(is_open, False)[at]
        problems: list[Problem] = []
        open_rows = np.flatnonzero(is_open) if np.any(is_open) else ()
        if not len(open_rows):
            return numbers, problems
        values, index = self.distinct(name)
        style = decimal_style(values[:_SAMPLE])
        unit = "kg" if name.endswith("_kg") else None
        results: dict[int, float | InputUnreadable] = {}
        for row in map(int, open_rows):
            code = int(index[row])
            value = values[code]
            if value is None:
                continue
            if code not in results:
                results[code] = _read_number(value, kind, style, unit)
            outcome = results[code]
            if isinstance(outcome, InputUnreadable):
                problems.append(_problem(row, name, value, outcome))
            else:
                numbers[row] = outcome
        return numbers, problems

    def _read_days(self, name: str) -> tuple[Ints, list[Problem]]:
        if name not in self._days:
            values, index = self.distinct(name)
            order = decide_date_order(values[:_SAMPLE])
            outcomes = [_read_day(value, order) for value in values]
            ordinals = np.array([out if isinstance(out, int) else _NO_DAY for out in outcomes], dtype=np.int64)
            wrong = np.array([isinstance(out, InputUnreadable) for out in outcomes], dtype=bool)
            problems: list[Problem] = []
            if wrong.any():
                for row in np.flatnonzero(wrong[index]).tolist():
                    outcome = outcomes[index[row]]
                    if isinstance(outcome, InputUnreadable):
                        problems.append(_problem(row, name, values[index[row]] or "", outcome))
            days = ordinals[index] if len(values) else np.empty(0, dtype=np.int64)
            self._days[name] = (days, problems)
        return self._days[name]


NUMBER_COLUMNS = {
    "consignments": {"net_mass_kg": "mass", "gross_mass_kg": "mass", "packages": "amount", "value": "amount"},
    "payments": {"amount": "amount"},
    "parties": {},
}
DAY_COLUMNS: dict[str, tuple[str, ...]] = {"consignments": ("date",), "payments": ("date",), "parties": ()}


def fold_text(text: str) -> str:
    """Return `text` for comparing: compatibility form, case folded, one blank between words."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold_texts(texts: Sequence[str]) -> list[str]:
    """Return each of `texts` as fold_text gives it; many plain ones at once."""
    folded: list[str] = []
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        joined = "\x00".join(["", *some, ""])
        if joined.isascii() and joined.count("\x00") == len(some) + 1 and not any(map(joined.__contains__, _LOOSE)):
            folded += joined.lower().split("\x00")[1:-1]
        else:
            folded += map(fold_text, some)
    return folded


def fold_identifier(text: str) -> str:
    """Return letters and digits only, upper case: phones, registration numbers, document numbers."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


_TIME_OF_DAY = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)")


def minute_of_day(text: str) -> int | None:
    """Return the minute within the day that `text` states (13:05 is 785), or None where it states no time."""
    found = _TIME_OF_DAY.search(text)
    return int(found[1]) * 60 + int(found[2]) if found else None


def _read_number(value: str, kind: str, style: DecimalSign | None, unit: str | None) -> float | InputUnreadable:
    try:
        if kind == "mass":
            return float(parse_mass_kg(value, unit=unit, decimal=style))
        try:
            return float(parse_number(value, decimal=style))
        except InputUnreadable:
            return float(parse_money(value, decimal=style).amount)
    except InputUnreadable as problem:
        return problem


def _read_day(value: str | None, order: DateOrder | None) -> int | InputUnreadable | None:
    if value is None:
        return None
    try:
        return parse_civil_day(value, order).toordinal()
    except InputUnreadable as problem:
        return problem


def _problem(row: int, column: str, value: str, error: InputUnreadable) -> Problem:
    params = tuple(sorted((name, str(param)) for name, param in error.params.items() if name != "value"))
    return Problem(row, column, value, error.code, params)
