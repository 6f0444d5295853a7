"""Codes: columns of currencies, numbers of papers, tariff codes, wallets and countries, each odd cell named by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidegate.files.cleaning import Cleaned, Doubt, by_distinct, known_values, name_rows
from tidegate.files.distinct import Encoded
from tidegate.model.money import CURRENCIES, parse_currency
from tidegate.registers.places import country_told

if TYPE_CHECKING:
    import pyarrow as pa

_SCIENTIFIC = r"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$"
_WALLET_SHAPE = r"^(?:0[xX][0-9a-fA-F]{40}|(?:bc1|BC1)[0-9A-Za-z]{8,87}|[13T][1-9A-HJ-NP-Za-km-z]{25,34})$"
_HIDDEN_DAY = (
    r"(?i)^(?:\d{4}-\d{2}-\d{2}(?: 00:00:00)?|\d{1,2}/\d{1,2}/(?:\d{2}|\d{4})|(?:\d{1,2}-)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-\d{2,4}|"
    r"\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\d{1,2}月\d{1,2}日)$"
)
# Codes of the Harmonized System have an even number of digits; chapters 01 to 09 lose their zero in a number.
_ZERO_LOST = r"^([1-9](?:\d{2}|\d{4}|\d{6}|\d{8}|\d{2}\.\d{2}(?:\.?\d{2}){0,2}))$"
_ODD_CODE = rf"(?i)^\d+\.0$|{_SCIENTIFIC}|{_HIDDEN_DAY.removeprefix('(?i)')}"  # what clean_codes looks for
_MOST_COUNTRIES = 2_000


def clean_currency(column: pa.ChunkedArray, known: Encoded | None = None) -> Cleaned:
    """Return currency codes; a word that settles no currency stays as written."""
    import pyarrow.compute as pc

    if pc.all(pc.is_in(known_values(column, known), value_set=_currency_codes())).as_py():
        return Cleaned(column, [], encoded=known)
    return by_distinct(column, known, lambda value: (parse_currency(value) or value, None))


def clean_codes(column: pa.ChunkedArray, canonical: str, known: Encoded | None = None) -> Cleaned:
    """Return codes as written; "293333.0" loses what a number column added; broken codes are named."""
    import pyarrow.compute as pc

    doubts: list[Doubt] = []
    odd = f"{_ODD_CODE}|{_ZERO_LOST}" if canonical == "hs_code" else _ODD_CODE
    if known is not None and not pc.any(pc.match_substring_regex(known.array.dictionary, odd)).as_py():
        return Cleaned(column, [], encoded=known)
    if pc.any(pc.match_substring_regex(column, r"^\d+\.0$")).as_py():
        column = pc.replace_substring_regex(column, r"^(\d+)\.0$", r"\1")
    broken = pc.match_substring_regex(column, _SCIENTIFIC)
    name_rows(column, broken, "files.code-shortened", doubts)
    if canonical == "cas":
        name_rows(column, pc.match_substring_regex(column, _HIDDEN_DAY), "files.cas-became-day", doubts)
    if canonical == "hs_code":
        name_rows(column, pc.match_substring_regex(column, _HIDDEN_DAY), "files.hs-became-day", doubts)
        lost = pc.match_substring_regex(column, _ZERO_LOST)
        if pc.any(lost).as_py():
            name_rows(column, lost, "files.hs-zero-lost", doubts)
            column = pc.replace_substring_regex(column, _ZERO_LOST, r"0\1")
    return Cleaned(column, doubts)


def clean_countries(column: pa.ChunkedArray, known: Encoded | None = None) -> Cleaned:
    """Return countries as written; in a column that holds countries, a cell that names none is named.

    A column of ports and towns, as "Destination" may be, holds few countries and is left alone.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.unique(known_values(column, known)).drop_null()
    if len(values) > _MOST_COUNTRIES:
        return Cleaned(column, [], encoded=known)
    odd = [value for value in values.to_pylist() if country_told(value) is None]
    doubts: list[Doubt] = []
    if odd and len(odd) * 2 < len(values):
        name_rows(column, pc.is_in(column, value_set=pa.array(odd, pa.string())), "files.country-unknown", doubts)
    return Cleaned(column, doubts, encoded=known)


def wallets_of(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return the cells of a party column that hold a wallet address, the others as null; None if no cell does."""
    import pyarrow as pa
    import pyarrow.compute as pc

    shaped = pc.match_substring_regex(column, _WALLET_SHAPE)
    if not pc.any(shaped).as_py():
        return None
    return pc.if_else(shaped, column, pa.scalar(None, pa.string()))


def _currency_codes() -> pa.Array:
    import pyarrow as pa

    return pa.array([None, *sorted(CURRENCIES)], pa.string())
