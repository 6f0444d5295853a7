"""Quantities: numbers as strangers write them, and masses in kilograms, e.g. "1.200,50 kg", "１２００公斤", "3 lbs".

A number whose separator can be read in two ways ("1.234") is not guessed: it raises QuantityAmbiguous
unless the caller says which sign is the decimal one, as `decimal_style` finds it from a whole column.
"""

from __future__ import annotations

import re
from decimal import Decimal

from tidegate.model.chinese_numerals import NUMERALS, parse_chinese_number
from tidegate.model.mass_phrases import phrase_kg
from tidegate.model.mass_units import MASS_UNITS, UNSURE_UNITS, fold_unit, is_mass_unit
from tidegate.model.numbers import (
    LONGEST,
    DecimalSign,
    QuantityAmbiguous,
    QuantityUnreadable,
    canonical_decimal,
    decimal_style,
    fold_digits,
    format_number,
    parse_number,
    unreadable,
)

__all__ = [
    "MASS_UNITS",
    "DecimalSign",
    "QuantityAmbiguous",
    "QuantityUnreadable",
    "canonical_decimal",
    "decimal_style",
    "fold_digits",
    "fold_unit",
    "format_number",
    "is_mass_unit",
    "parse_mass_kg",
    "parse_number",
    "split_quantity",
    "unit_factor",
]

_APPROXIMATE = re.compile(
    r"^(?:approximately|approx\.?|about|abt\.?|circa|ca\.?|aprox(?:imadamente)?\.?|约|約|大约|大約|~|≈|±)\s*|"
    r"\s*(?:\(?approx\.?\)?|\(?aprox\.?\)?|左右|上下|\+/-\s*\d+\s*%|±\s*\d+\s*%|\[[^\]\d]*\]|[;*†‡])$",
    re.IGNORECASE,
)
# A cell may say again what its column says: "N.W. 500 KGS", "Net: 500 kg".
_LABEL = re.compile(
    r"^(?:n\.?\s?w\.?|g\.?\s?w\.?|net(?:t|o)?|gross|bruto|total|peso|weight|wt|净重|毛重|共|计)\.?\s*[:：]?\s*(?=[\d.,])",
    re.IGNORECASE,
)
_DOTTED_UNIT = re.compile(r"^([^\W\d]{1,4})\.\s*(?=\d)")  # "kg. 1.200,50"
_CHINESE_QUANTITY = re.compile(rf"^([{''.join(sorted(NUMERALS))}]+)\s*([^\d]*?)整?$")
_LEADING = re.compile(r"^([^\d.,+\-(]+?)[:：]?\s*([+\-]?[\d.,].*)$")
_NUMBER_THEN_UNIT = re.compile(
    r"^([+\-]?[\d.,](?:[\d.,' ]*\d)?[.,]?(?:[eE][+\-]?\d{1,2})?)\s*(万|萬|千(?=公斤)|百万|亿|億|)\s*(.*?)\.?$"
)
_RANGE = re.compile(r"\d\s*[^\W\d_]*\s*(?:-|–|—|~|～|to|至|到|a)\s*\d", re.IGNORECASE)
_MULTIPLES = {"千": 1000, "万": 10**4, "萬": 10**4, "百万": 10**6, "亿": 10**8, "億": 10**8}
_TWICE_TOLD = re.compile(r"^([\d.,]+\s*[^\d\W]+)\.?\s*(?:/|=|\()\s*([\d.,]+\s*[^\d\W]+)\.?\)?$")
_SAME_MASS = Decimal("0.01")  # "1200KG/2645LBS": rounded to whole units by whoever wrote it


def parse_mass_kg(text: str, *, unit: str | None = None, decimal: DecimalSign | None = None) -> Decimal:
    """Return the mass in kilograms that `text` states.

    unit: the unit of the column, used when the cell has none. decimal: the decimal sign of the column, if known.
    Zero is a legal answer. Raises QuantityAmbiguous for "1,234 kg" with `decimal` unknown and for a bare "ton";
    QuantityUnreadable for no number, no unit, an unknown unit, a range, or a mass below zero.
    """
    told = phrase_kg(_LABEL.sub("", _APPROXIMATE.sub("", text.strip()).strip()), decimal)
    if told is not None:
        return told
    number, written_unit = split_quantity(text, decimal=decimal)
    factor = unit_factor(written_unit or unit or "", text)
    if number < 0:
        raise QuantityUnreadable(
            f"{text!r} is below zero; expected a mass of zero or more", code="quantity.negative", value=text
        )
    return number * factor


def unit_factor(unit: str, text: str = "") -> Decimal:
    """Return how many kilograms one `unit` is. Raises QuantityUnreadable if there is none, or no such mass unit."""
    folded = fold_unit(unit)
    if folded in UNSURE_UNITS:
        raise QuantityAmbiguous(
            f"{text or unit!r}: a bare 'ton' is 1000, 907.18 or 1016.05 kg; expected t (metric), kg or lb",
            code="quantity.ton",
            value=text or unit,
        )
    factor = MASS_UNITS.get(folded)
    if factor is None:
        code = "quantity.unit-unknown" if folded else "quantity.no-unit"
        came = f"has the unit {unit!r}" if folded else "has no unit"
        raise QuantityUnreadable(f"{text!r} {came}; expected kg, g, t or lb", code=code, value=text, unit=unit)
    return factor


def split_quantity(text: str, *, decimal: DecimalSign | None = None) -> tuple[Decimal, str]:
    """Return the number and the unit as written ("" if none). Raises QuantityUnreadable or QuantityAmbiguous."""
    cleaned = _LABEL.sub("", _APPROXIMATE.sub("", fold_digits(text)).strip())
    if not cleaned or len(cleaned) > LONGEST:
        raise unreadable(text)
    written = None if cleaned.isascii() else _CHINESE_QUANTITY.match(cleaned)
    spelled = _spelled(written[1], written[2].strip()) if written and cleaned not in MASS_UNITS else None
    if spelled is not None:
        return spelled
    cleaned = _DOTTED_UNIT.sub(r"\1 ", _settle_twice_told(cleaned, decimal))
    cleaned = re.sub(r"\s*\([^()]*\)$", "", cleaned) or cleaned
    if _RANGE.search(cleaned) and not re.search(r"\d[eE]-\d", cleaned):
        raise QuantityUnreadable(f"{text!r} is a range; expected one quantity", code="quantity.range", value=text)
    before = ""
    leading = _LEADING.match(cleaned)
    if leading:
        before, cleaned = leading[1].strip(), leading[2]
    found = _NUMBER_THEN_UNIT.match(cleaned)
    if not found or (before and found[3]):
        raise unreadable(text)
    number = parse_number(found[1], decimal=decimal)
    number *= _MULTIPLES.get(found[2], 1)
    unit = (found[3] or before).strip()
    if any(sign.isdigit() for sign in unit):
        raise unreadable(text)
    return number, unit


def _spelled(number: str, unit: str) -> tuple[Decimal, str] | None:
    """Return a number in Chinese numerals and its unit; the last sign goes to the unit where it is one: 二十千克, 三两."""
    if len(number) > 1 and ((unit == "克" and number[-1] == "千") or (not unit and number[-1] in "两兩")):
        number, unit = number[:-1], number[-1] + unit
    value = parse_chinese_number(number)
    return None if value is None else (Decimal(value), unit)


def _settle_twice_told(cleaned: str, decimal: DecimalSign | None) -> str:
    """Return the first mass of "1200KG/2645LBS" or "500 kg (1102 lb)" if both say the same, else the text as it is."""
    told = _TWICE_TOLD.match(cleaned)
    if told:
        try:
            first, second = (_plain_mass(part, decimal) for part in told.groups())
        except QuantityUnreadable:
            return cleaned
        if abs(first - second) <= _SAME_MASS * max(first, second):
            return told[1]
    return cleaned


def _plain_mass(text: str, decimal: DecimalSign | None) -> Decimal:
    found = _NUMBER_THEN_UNIT.match(text.strip())
    if not found:
        raise unreadable(text)
    return parse_number(found[1], decimal=decimal) * unit_factor(found[3], text)
