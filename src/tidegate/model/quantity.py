"""Quantities: numbers as strangers write them, and masses in kilograms, e.g. "1.200,50 kg", "１２００公斤", "3 lbs".

A number whose separator can be read in two ways ("1.234") is not guessed: it raises QuantityAmbiguous
unless the caller says which sign is the decimal one, as `decimal_style` finds it from a whole column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Literal

from tidegate.errors import InputUnreadable
from tidegate.model.chinese_numerals import NUMERALS, parse_chinese_number

DecimalSign = Literal[".", ","]

# Exact by definition: pound and ounce by the international yard and pound agreement of 1959; jin (斤), liang (两) and
# dan (担) by the State Council orders on units of 1959-06-25 and 1984-02-27 (市制: 1 市斤 = 10 市两 = 0.5 kg).
# Short ton 2000 lb, long ton 2240 lb: NIST Handbook 44, Appendix C.
# Trade codes KGM, GRM, MGM, TNE, LBR, ONZ: UN/ECE Recommendation 20.
_UNITS: dict[str, tuple[str, ...]] = {
    "1": ("kg", "kgs", "kgm", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes", "kilogramo",
          "kilogramos", "kgr", "kgrs", "quilo", "quilos", "quilograma", "quilogramas", "公斤", "千克", "キロ", "キログラム", "킬로그램",
          "кг"),
    "0.001": ("g", "gr", "grs", "grm", "gram", "grams", "gramme", "grammes", "gramo", "gramos", "克", "公克", "г"),
    "0.000001": ("mg", "mgs", "mgm", "milligram", "milligrams", "miligramo", "miligramos", "毫克"),
    "1000": ("t", "mt", "mts", "tne", "tm", "tonne", "tonnes", "metric ton", "metric tons", "metric tonne",
             "metric tonnes", "tonelada", "toneladas", "tonelada métrica", "toneladas métricas", "吨", "公吨",
             "噸", "公噸", "m/t", "mton", "mtons", "トン", "тонн", "тонны", "т"),
    "907.18474": ("short ton", "short tons", "stn", "us ton", "us tons", "tonelada corta", "toneladas cortas", "短吨",
                  "短噸", "美吨", "美噸"),
    "1016.0469088": ("long ton", "long tons", "ltn", "tonelada larga", "toneladas largas", "长吨", "長噸", "英吨", "英噸"),
    "0.45359237": ("lb", "lbs", "lbr", "pound", "pounds", "libra", "libras", "磅"),
    "0.028349523125": ("oz", "ozs", "onz", "ounce", "ounces", "onza", "onzas", "盎司"),
    "0.5": ("斤", "市斤", "jin"),
    "0.05": ("两", "市两", "兩", "市兩"),
    "50": ("担", "市担", "擔"),
}  # fmt: skip
MASS_UNITS: dict[str, Decimal] = {unit: Decimal(factor) for factor, units in _UNITS.items() for unit in units}
# A bare "ton" is 1000, 907.18474 or 1016.0469088 kg depending on who writes it.
_UNSURE_UNITS = frozenset({"ton", "tons", "tn", "tns"})

# "1200 KGS NET": which of the two masses a cell means, its column says.
_NET_OR_GROSS = frozenset({"net", "nett", "neto", "netos", "gross", "bruto", "brutos", "净", "净重", "毛重"})
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
# "25kg x 40 bags", "40袋×25公斤", "25公斤/桶*10桶": how much one holds, and how many there are.
_PRODUCT = re.compile(
    r"^(?P<a>[\d.,]+)\s*(?P<a_unit>[^\d\W]*)\.?(?P<per>/[^\d\W]+)?\s*[x×*@✕Ｘ]\s*(?P<b>[\d.,]+)\s*(?P<b_unit>[^\d\W]*)\.?"
    r"(?:/[^\d\W]+)?(?:\s*=\s*(?P<product>[\d.,]+\s*[^\d\W]+))?$",
    re.IGNORECASE,
)
_DOTTED_UNIT = re.compile(r"^([^\W\d]{1,4})\.\s*(?=\d)")  # "kg. 1.200,50"
_FOOTNOTE_SIGNS = str.maketrans("", "", "¹²³⁰⁴⁵⁶⁷⁸⁹")
_CHINESE_QUANTITY = re.compile(rf"^([{''.join(sorted(NUMERALS))}]+)\s*([^\d]*?)整?$")
_LEADING = re.compile(r"^([^\d.,+\-(]+?)[:：]?\s*([+\-]?[\d.,].*)$")
_NUMBER_THEN_UNIT = re.compile(
    r"^([+\-]?[\d.,](?:[\d.,' ]*\d)?[.,]?(?:[eE][+\-]?\d{1,2})?)\s*(万|萬|千(?=公斤)|百万|亿|億|)\s*(.*?)\.?$"
)
_RANGE = re.compile(r"\d\s*[^\W\d_]*\s*(?:-|–|—|~|～|to|至|到|a)\s*\d", re.IGNORECASE)
_PLAIN = re.compile(r"^\d+$")
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE][+\-]?\d{1,2}$")
_SPACED = re.compile(r"^\d{1,3}(?:[ '_]\d{3})+(?:[.,]\d+)?$")
_GROUPS = {sign: re.compile(rf"^\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+$") for sign in ".,"}
_INDIAN_GROUPS = re.compile(r"^\d{1,2}(?:,\d{2})+,\d{3}$")
_MULTIPLES = {"千": 1000, "万": 10**4, "萬": 10**4, "百万": 10**6, "亿": 10**8, "億": 10**8}
_TWICE_TOLD = re.compile(r"^([\d.,]+\s*[^\d\W]+)\.?\s*(?:/|=|\()\s*([\d.,]+\s*[^\d\W]+)\.?\)?$")
_SAME_MASS = Decimal("0.01")  # "1200KG/2645LBS": rounded to whole units by whoever wrote it
_LONGEST = 80


class QuantityUnreadable(InputUnreadable):
    """No quantity can be read. Write one number and its unit in the cell, e.g. 1200.5 kg."""

    code = "quantity.unreadable"


class QuantityAmbiguous(QuantityUnreadable):
    """Two quantities can be read. Say which sign is the decimal one, or which ton is meant."""

    code = "quantity.ambiguous"


def parse_mass_kg(text: str, *, unit: str | None = None, decimal: DecimalSign | None = None) -> Decimal:
    """Return the mass in kilograms that `text` states.

    unit: the unit of the column, used when the cell has none. decimal: the decimal sign of the column, if known.
    Zero is a legal answer. Raises QuantityAmbiguous for "1,234 kg" with `decimal` unknown and for a bare "ton";
    QuantityUnreadable for no number, no unit, an unknown unit, a range, or a mass below zero.
    """
    product = _product_kg(text, decimal)
    if product is not None:
        return product
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
    if folded in _UNSURE_UNITS:
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


def is_mass_unit(unit: str) -> bool:
    """Tell whether `unit` names a mass whose size is known."""
    return fold_unit(unit) in MASS_UNITS


def split_quantity(text: str, *, decimal: DecimalSign | None = None) -> tuple[Decimal, str]:
    """Return the number and the unit as written ("" if none). Raises QuantityUnreadable or QuantityAmbiguous."""
    cleaned = _LABEL.sub("", _APPROXIMATE.sub("", fold_digits(text)).strip())
    if not cleaned or len(cleaned) > _LONGEST:
        raise _unreadable(text)
    written = None if cleaned.isascii() else _CHINESE_QUANTITY.match(cleaned)
    spelled = parse_chinese_number(written[1]) if written and cleaned not in MASS_UNITS else None
    if written and spelled is not None:
        return Decimal(spelled), written[2].strip()
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
        raise _unreadable(text)
    number = parse_number(found[1], decimal=decimal)
    number *= _MULTIPLES.get(found[2], 1)
    unit = (found[3] or before).strip()
    if any(sign.isdigit() for sign in unit):
        raise _unreadable(text)
    return number, unit


def parse_number(text: str, *, decimal: DecimalSign | None = None) -> Decimal:
    """Return the number in `text`, grouped or not. Raises QuantityUnreadable or QuantityAmbiguous.

    Reads 1200.5, 1,200.50, 1.200,50, 1 200,5, 1'200, 1,00,000 and 1.2E+3, with digits of any script.
    """
    cleaned = fold_digits(text)
    sign = Decimal(1)
    if cleaned[:1] in {"+", "-"}:
        sign = Decimal(-1) if cleaned[0] == "-" else sign
        cleaned = cleaned[1:].strip()
    if not cleaned or len(cleaned) > _LONGEST:
        raise _unreadable(text)
    if _SCIENTIFIC.match(cleaned):
        return sign * Decimal(cleaned.replace(",", "."))
    if _SPACED.match(cleaned):
        cleaned = re.sub(r"[ '_]", "", cleaned)
        # A blank already groups the thousands, so the one other sign left must be the decimal one.
        return sign * _decimal(cleaned.replace(",", "."), text)
    return sign * _decimal(_resolve_separators(cleaned, decimal, text), text)


def decimal_style(values: Iterable[str | None]) -> DecimalSign | None:
    """Return the decimal sign that the clear values of one column agree on; None if none is clear, or they disagree."""
    seen: set[DecimalSign] = set()
    for value in values:
        found = _NUMBER_IN_TEXT.search(fold_digits(value)) if value else None
        if found:
            style = _clear_style(found[0])
            if style:
                seen.add(style)
    return seen.pop() if len(seen) == 1 else None


def fold_digits(text: str) -> str:
    """Return `text` in compatibility form (NFKC), digits of every script as 0-9, and apostrophes and minus made plain."""
    if text.isascii():
        return text.strip()
    # A raised figure behind a number is a footnote, not a digit of it.
    folded = unicodedata.normalize("NFKC", text.replace("´", "'").translate(_FOOTNOTE_SIGNS))
    digits = [str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in folded]
    return "".join(digits).translate(_PLAIN_SIGNS).strip()


def format_number(number: Decimal) -> str:
    """Return `number` without exponent and without zeros after the last decimal that counts."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def canonical_decimal(text: str) -> str:
    """Return a plain decimal such that no reader can take its dot for a thousands sign: 1.234 becomes 1.2340."""
    whole, _, fraction = text.partition(".")
    return f"{text}0" if _is_two_faced(whole.lstrip("-"), fraction) else text


def fold_unit(unit: str) -> str:
    """Return `unit` as the unit table writes it: folded, without dots, brackets and double blanks."""
    plain = unicodedata.normalize("NFKC", unit).casefold().strip(" .()[]:/")
    words = plain.replace(".", "").split()
    if len(words) == 1 and "." in plain:
        spaced = plain.replace(".", " ").split()
        words = spaced if spaced[-1] in _NET_OR_GROSS else words
    while len(words) > 1 and words[-1] in _NET_OR_GROSS:
        words.pop()
    return " ".join(words)


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


def _product_kg(text: str, decimal: DecimalSign | None) -> Decimal | None:
    """Return the kilograms of "25kg x 40 bags"; None if the text is no such product, or its own result differs."""
    found = _PRODUCT.match(_LABEL.sub("", fold_digits(text)))
    if not found or any(ord(sign) in _FOOTNOTE_SIGNS for sign in text):  # 1.5 × 10³ is no product of two counts
        return None
    masses = [side for side in ("a", "b") if is_mass_unit(found[f"{side}_unit"])]
    if len(masses) != 1:
        return None
    each = parse_number(found[masses[0]], decimal=decimal) * unit_factor(found[f"{masses[0]}_unit"])
    mass = each * parse_number(found["b" if masses[0] == "a" else "a"], decimal=decimal)
    if found["product"] and _plain_mass(found["product"], decimal) != mass:
        return None
    return mass


def _plain_mass(text: str, decimal: DecimalSign | None) -> Decimal:
    found = _NUMBER_THEN_UNIT.match(text.strip())
    if not found:
        raise _unreadable(text)
    return parse_number(found[1], decimal=decimal) * unit_factor(found[3], text)


_PLAIN_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "−": "-", "、": ",", "。": ".", "٬": "'", "،": ",", "٫": "."}
)
_NUMBER_IN_TEXT = re.compile(r"\d[\d.,' ]*\d|\d")


def _resolve_separators(cleaned: str, decimal: DecimalSign | None, text: str) -> str:
    """Return `cleaned` with thousands left out and the decimal sign as a dot."""
    if _PLAIN.match(cleaned):
        return cleaned
    dots, commas = cleaned.count("."), cleaned.count(",")
    if dots and commas:
        last: DecimalSign = "." if cleaned.rfind(".") > cleaned.rfind(",") else ","
        other: DecimalSign = "," if last == "." else "."
        whole, _, fraction = cleaned.rpartition(last)
        if not (_GROUPS[other].match(whole) or (other == "," and _INDIAN_GROUPS.match(whole))) or not fraction:
            raise _unreadable(text)
        return f"{whole.replace(other, '')}.{fraction}"
    only: DecimalSign = "." if dots else ","
    if dots + commas > 1:
        if _GROUPS[only].match(cleaned) or (only == "," and _INDIAN_GROUPS.match(cleaned)):
            return cleaned.replace(only, "")
        raise _unreadable(text)
    whole, _, fraction = cleaned.partition(only)
    if _is_two_faced(whole, fraction):
        if decimal is None:
            raise QuantityAmbiguous(
                f"{text!r} can be {whole}{fraction} or {whole}.{fraction}; expected a decimal sign that is clear, "
                "or `decimal` in the mapping",
                value=text,
                large=whole + fraction,
                small=f"{whole}.{fraction}",
            )
        return f"{whole}.{fraction}" if decimal == only else whole + fraction
    return f"{whole or '0'}.{fraction or '0'}"


def _is_two_faced(whole: str, fraction: str) -> bool:
    """Tell whether one separator may group thousands or start decimals: 1.234 may, 0.234 and 1234.567 may not."""
    return len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")


def _clear_style(number: str) -> DecimalSign | None:
    squeezed = re.sub(r"(?<=\d)[ '](?=\d{3})", "", number).rstrip(".,")
    dots, commas = squeezed.count("."), squeezed.count(",")
    if dots and commas:
        return "." if squeezed.rfind(".") > squeezed.rfind(",") else ","
    if dots + commas == 0:
        return None
    only: DecimalSign = "." if dots else ","
    if dots + commas > 1:
        return "," if only == "." else "."
    whole, _, fraction = squeezed.partition(only)
    return None if _is_two_faced(whole, fraction) else only


def _decimal(cleaned: str, text: str) -> Decimal:
    if not re.fullmatch(r"\d+(?:\.\d+)?", cleaned):
        raise _unreadable(text)
    try:
        return Decimal(cleaned)
    except InvalidOperation as exc:
        raise _unreadable(text) from exc


def _unreadable(text: str) -> QuantityUnreadable:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return QuantityUnreadable(f"{shown!r} holds no quantity; expected one number, e.g. 1200.5 kg", value=shown)
