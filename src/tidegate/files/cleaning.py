"""Cleaning: one column of text as read, made canonical where its meaning is certain, each doubt named by row.

Whole columns go through Arrow; only distinct values that need thought are read one by one. Masses become kilograms as
plain decimals, days ISO days, amounts plain decimals. What cannot be read stays as written, with its problem.
A decimal that could look like thousands (1.234) gets one zero more (1.2340), so that its doubt does not come back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tidegate.errors import TidegateError
from tidegate.files.distinct import Encoded, encode, with_values
from tidegate.files.grid import shorten
from tidegate.files.workbooks import ERROR_VALUES
from tidegate.model.days import DateOrder, decide_date_order, parse_civil_day
from tidegate.model.money import parse_money
from tidegate.model.quantity import (
    DecimalSign,
    canonical_decimal,
    decimal_style,
    format_number,
    parse_mass_kg,
    split_quantity,
)

if TYPE_CHECKING:
    import pyarrow as pa

MASS_COLUMNS = frozenset({"net_mass_kg", "gross_mass_kg"})
MONEY_COLUMNS = frozenset({"value", "amount", "debit", "credit"})
DAY_COLUMNS = frozenset({"date"})
LOOSE_DAY_COLUMNS = frozenset({"birth_date", "founded"})  # a year or a month alone says something here
NUMBER_COLUMNS = MASS_COLUMNS | MONEY_COLUMNS | {"quantity"}
COUNTRY_COLUMNS = frozenset(
    {
        "consignor_country",
        "consignee_country",
        "origin_country",
        "destination_country",
        "payer_country",
        "payee_country",
        "country",
    }
)
CODE_COLUMNS = frozenset(
    {"hs_code", "cas", "container", "document_number", "licence", "payer_account", "payee_account", "wallet",
     "registration_number", "phone", "consignment_id", "payment_id", "party_id", "payer_registration_number",
     "payee_registration_number"}
)  # fmt: skip
# Cells that say "nothing here"; "NA" is not among them, it is Namibia.
_NOTHING = ("-", "--", "---", "—", "——", "–", "/", "\\", "\\N", "N/A", "n/a", "NULL", "null", "None", "none", "nil", "NIL",
            "\x1a", "无", "無", "暂无", "空", "ninguno", "ninguna", "s/n", "S/N", "n/d", "N/D", "s/d", "S/D", "n.d.", "N.D.", "s.d.", "S.D.", "?", "n.a.", "N.A.", ".")  # fmt: skip
_SAMPLE = 20_000

_MOST = 1e30
_TWO_FACED = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"
_TWO_FACED_DOT = r"^([+-]?[1-9]\d{0,2}\.\d{3})$"
_ISO_DAY = r"^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"
_PARTIAL_DAY = re.compile(r"^(?:1[89]|20)\d{2}(?:[-/.](?:0?[1-9]|1[0-2]))?(?:年(?:\d{1,2}月)?)?$")


_PROTECTED = re.compile(r'^="([^"]*)"$')
_ODD_START = r"^(?:[=#@\x{FEFF}]|'[\d=+@-]|[+-][^|]*\|)"
# A function, or a call of another program (DDE): +cmd|'/c calc'!A0.
_FORMULA_START = re.compile(r"^(?:=.|[@+\-][A-Za-z]\w*\(|[@+\-][^|]*\|.*!)")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value of a column that could not be read: row from 0, value as read, wording code, details."""

    row: int
    value: str
    code: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlainNumbers:
    """What is known of a column of numbers: all plain decimals; some of the form 1.234; some with clear fractions."""

    plain: bool
    two_faced: bool = False
    fractions: bool = False
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Conventions:
    """How one column writes numbers and days, found from the column or told by a mapping; None: unknown."""

    decimal: DecimalSign | None = None
    date_order: DateOrder | None = None
    mass_unit: str = ""
    plain: PlainNumbers = PlainNumbers(plain=False)
    scale: int = 1
    currency_known: bool = False
    from_1904: bool = False


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean column of the same length; `extra` is what stood beside the number: the currency or unit of each row."""

    column: pa.ChunkedArray
    doubts: list[Doubt]
    extra: pa.ChunkedArray | None = None
    encoded: Encoded | None = None

    @property
    def by_value(self) -> Encoded | None:
        """Return the very column by its distinct values, where that is known."""
        return self.encoded if self.encoded is not None and self.encoded.column is self.column else None

    def head(self, rows: int) -> Cleaned:
        """Return the first `rows` rows, without what stood beside them."""
        if rows == len(self.column):
            return self
        return Cleaned(self.column.slice(0, rows), [doubt for doubt in self.doubts if doubt.row < rows])


def clean_text(column: pa.ChunkedArray) -> Cleaned:
    """Return `column` trimmed, with cells that say nothing as null, spreadsheet errors as null and named."""
    import pyarrow.compute as pc

    encoded = encode(column)
    if encoded is not None:
        values = _without_nothing(encoded.array.dictionary)
        if not pc.any(_odd_signs(values)).as_py():
            if not values.null_count and pc.all(pc.equal(values, encoded.array.dictionary)).as_py() is not False:
                joined = _joined(column)
                return Cleaned(joined, [], encoded=Encoded(joined, encoded.array))
            encoded = with_values(encoded, values)
            return Cleaned(encoded.column, [], encoded=encoded)
    trimmed = _without_nothing(column)
    doubts: list[Doubt] = []
    odd = _odd_signs(trimmed)
    if pc.any(odd).as_py():
        trimmed = _settle_odd(trimmed, odd, doubts)
    return Cleaned(_joined(trimmed), doubts)


def _without_nothing(values: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return the values trimmed, null where they say nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(values)
    nothing = pc.is_in(trimmed, value_set=pa.array(["", *_NOTHING]))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), trimmed) if pc.any(nothing).as_py() else trimmed


def _odd_signs(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    import pyarrow.compute as pc

    return pc.match_substring_regex(column, _ODD_START)


def known_values(column: pa.ChunkedArray, known: Encoded | None) -> pa.ChunkedArray | pa.Array:
    """Return the distinct values of the column where they are known, else the column: what any value shows, they show."""
    return column if known is None else known.array.dictionary


def _joined(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Join the chunks now, while the next column is still to come, so that a long file is held twice at most."""
    import pyarrow as pa

    whole = column.combine_chunks() if column.num_chunks != 1 else column
    return whole if isinstance(whole, pa.ChunkedArray) else pa.chunked_array([whole])


def clean_mass(column: pa.ChunkedArray, conventions: Conventions, known: Encoded | None = None) -> Cleaned:
    """Return masses in kilograms as plain decimals. A cell without unit has the column's, or kg."""
    unit = conventions.mass_unit or "kg"
    plain = unit == "kg"

    def read(value: str) -> tuple[str, str | None]:
        return _canonical(parse_mass_kg(value, unit=unit, decimal=conventions.decimal) * conventions.scale), None

    return _clean_numbers(column, conventions, known, read, plain_is_clean=plain, negative_is_clean=False)


def clean_money(column: pa.ChunkedArray, conventions: Conventions, known: Encoded | None = None) -> Cleaned:
    """Return amounts as plain decimals, and the currency where the cell says it."""

    def read(value: str) -> tuple[str, str | None]:
        money = parse_money(value, decimal=conventions.decimal, currency_known=conventions.currency_known)
        return _canonical(money.amount * conventions.scale), money.currency

    return _clean_numbers(column, conventions, known, read, plain_is_clean=True, negative_is_clean=True)


def clean_quantity(column: pa.ChunkedArray, conventions: Conventions, known: Encoded | None = None) -> Cleaned:
    """Return quantities as plain decimals, and the unit where the cell says it."""

    def read(value: str) -> tuple[str, str | None]:
        number, unit = split_quantity(value, decimal=conventions.decimal)
        return _canonical(number), unit or None

    return _clean_numbers(column, conventions, known, read, plain_is_clean=True, negative_is_clean=False)


def clean_days(
    column: pa.ChunkedArray, conventions: Conventions, known: Encoded | None = None, *, loose: bool = False
) -> Cleaned:
    """Return ISO days. loose: a year or a month alone stays as it is, without a problem."""
    import pyarrow.compute as pc

    clear = pc.match_substring_regex(known_values(column, known), _ISO_DAY)
    if pc.all(clear).as_py():
        return Cleaned(column, [], encoded=known)

    def read(value: str) -> tuple[str, str | None]:
        if loose and _PARTIAL_DAY.match(value):
            return value, None
        return parse_civil_day(value, conventions.date_order, from_1904=conventions.from_1904).isoformat(), None

    return by_distinct(column, known, read)


def sample_style(column: pa.ChunkedArray) -> DecimalSign | None:
    """Return the decimal sign the clear values of a column agree on."""
    return decimal_style(_sample(column))


def sample_order(column: pa.ChunkedArray) -> DateOrder | None:
    """Return the date order the clear days of a column agree on."""
    return decide_date_order(_sample(column))


def _sample(column: pa.ChunkedArray) -> list[str | None]:
    import pyarrow.compute as pc

    distinct: list[str | None] = pc.unique(column.slice(0, _SAMPLE * 10)).slice(0, _SAMPLE).to_pylist()
    return distinct


def plain_numbers(column: pa.ChunkedArray | pa.Array, known: Encoded | None = None) -> PlainNumbers:
    """Return what Arrow alone can tell of a column of numbers, at the speed of a cast."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = known_values(column, known)
    try:
        numbers = pc.cast(column, pa.float64())
    except pa.ArrowInvalid:
        return PlainNumbers(plain=False)
    if pc.all(pc.match_substring_regex(column, r"^-?\d+(?:\.\d+)?$")).as_py() is False:
        return PlainNumbers(plain=False)
    edges = pc.min_max(numbers).as_py()
    lowest, highest = edges["min"], edges["max"]
    if highest is not None and highest > _MOST:
        return PlainNumbers(plain=False)  # such a number is read by itself, and named
    two_faced = pc.any(pc.match_substring_regex(column, _TWO_FACED)).as_py() is True
    # A dot behind four digits or a lone zero groups nothing either: 1000.500.
    fractions = pc.any(pc.match_substring_regex(column, r"(?:\d{4}|^0)\.\d|\.(?:\d{1,2}|\d{4,})$")).as_py() is True
    return PlainNumbers(True, two_faced, fractions, lowest is not None and lowest < 0)


def _clean_numbers(
    column: pa.ChunkedArray,
    conventions: Conventions,
    known: Encoded | None,
    read: Callable[[str], tuple[str, str | None]],
    *,
    plain_is_clean: bool,
    negative_is_clean: bool,
) -> Cleaned:
    """Return the column as it is where every value is a plain decimal without doubt, else read by distinct value."""
    import pyarrow.compute as pc

    found = conventions.plain
    if plain_is_clean and conventions.scale == 1 and found.plain and conventions.decimal != ",":
        settled = not found.two_faced or conventions.decimal == "."
        if settled and (negative_is_clean or not found.negative):
            if found.two_faced:
                column = pc.replace_substring_regex(column, _TWO_FACED_DOT, r"\10")
            return Cleaned(column, [], encoded=known)
    return by_distinct(column, known, read)


def _canonical(number: Decimal) -> str:
    return canonical_decimal(format_number(number))


def by_distinct(
    column: pa.ChunkedArray, known: Encoded | None, read: Callable[[str], tuple[str, str | None]]
) -> Cleaned:
    """Return the column with each distinct value read once; a value that cannot be read stays, and its rows are named."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(column.combine_chunks()) if known is None else known.array
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    values: list[str] = encoded.dictionary.to_pylist()
    clean: list[str] = []
    extra: list[str | None] = []
    failed: dict[int, TidegateError] = {}
    for place, value in enumerate(values):
        try:
            text, more = read(value)
        except TidegateError as exc:
            failed[place] = exc
            text, more = value, None
        clean.append(text)
        extra.append(more)
    doubts: list[Doubt] = []
    if failed:
        wrong = pc.is_in(encoded.indices, value_set=pa.array(list(failed), encoded.indices.type))
        for row in pc.indices_nonzero(wrong).to_pylist():
            error = failed[encoded.indices[row].as_py()]
            details = {name: str(told) for name, told in error.params.items() if name != "value"}
            doubts.append(Doubt(row, shorten(column[row].as_py()), error.code, details))
    done = with_values(Encoded(column, encoded), pa.array(clean, pa.string()))
    beside = pa.chunked_array([pc.take(pa.array(extra, pa.string()), encoded.indices)]) if any(extra) else None
    return Cleaned(done.column, doubts, beside, done)


def _settle_odd(column: pa.ChunkedArray, odd: pa.ChunkedArray, doubts: list[Doubt]) -> pa.ChunkedArray:
    """Name formulas written as text and error values; ="00123" is the usual way to keep zeros, and becomes 00123."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values: list[Any] = column.to_pylist()
    for row in pc.indices_nonzero(pc.fill_null(odd, False)).to_pylist():
        value = values[row]
        if value.startswith("\ufeff"):  # a mark of the byte order, where files were put behind each other
            values[row] = value = value.lstrip("\ufeff")
            if not value or not _FORMULA_START.match(value):
                values[row] = value or None
                continue
        if value.startswith("'"):
            # The sign by which a spreadsheet keeps a number as text.
            values[row] = value = value[1:]
            if not _FORMULA_START.match(value):
                continue
        protected = _PROTECTED.match(value)
        if protected:
            values[row] = protected[1].strip() or None
        elif value in ERROR_VALUES:
            doubts.append(Doubt(row, value, "files.error-value"))
            values[row] = None
        elif re.fullmatch(r"#{3,}", value):
            doubts.append(Doubt(row, value, "files.column-was-narrow"))
            values[row] = None
        elif _FORMULA_START.match(value):
            doubts.append(Doubt(row, shorten(value), "files.formula-as-text"))
    return pa.chunked_array([pa.array(values, pa.string())])


def name_rows(column: pa.ChunkedArray, mask: pa.ChunkedArray, code: str, doubts: list[Doubt]) -> None:
    import pyarrow.compute as pc

    if pc.any(mask).as_py():
        for row in pc.indices_nonzero(pc.fill_null(mask, False)).to_pylist():
            doubts.append(Doubt(row, shorten(column[row].as_py()), code))
