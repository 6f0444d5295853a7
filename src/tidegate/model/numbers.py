"""Numbers as strangers write them, e.g. "1.200,50", "1 200,5", "１２００", and which sign of a column is the decimal one.

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

DecimalSign = Literal[".", ","]
LONGEST = 80
FOOTNOTE_SIGNS = str.maketrans("", "", "¹²³⁰⁴⁵⁶⁷⁸⁹")
_PLAIN = re.compile(r"^\d+$")
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE][+\-]?\d{1,2}$")
_SPACED = re.compile(r"^\d{1,3}(?:[ '_]\d{3})+(?:[.,]\d+)?$")
_GROUPS = {sign: re.compile(rf"^\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+$") for sign in ".,"}
_INDIAN_GROUPS = re.compile(r"^\d{1,2}(?:,\d{2})+,\d{3}$")
_PLAIN_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "−": "-", "、": ",", "。": ".", "٬": "'", "،": ",", "٫": "."}
)
_NUMBER_IN_TEXT = re.compile(r"\d[\d.,' ]*\d|\d")


class QuantityUnreadable(InputUnreadable):
    """No quantity can be read. Write one number and its unit in the cell, e.g. 1200.5 kg."""

    code = "quantity.unreadable"


class QuantityAmbiguous(QuantityUnreadable):
    """Two quantities can be read. Say which sign is the decimal one, or which ton is meant."""

    code = "quantity.ambiguous"


def parse_number(text: str, *, decimal: DecimalSign | None = None) -> Decimal:
    """Return the number in `text`, grouped or not. Raises QuantityUnreadable or QuantityAmbiguous.

    Reads 1200.5, 1,200.50, 1.200,50, 1 200,5, 1'200, 1,00,000 and 1.2E+3, with digits of any script.
    """
    cleaned = fold_digits(text)
    sign = Decimal(1)
    if cleaned[:1] in {"+", "-"}:
        sign = Decimal(-1) if cleaned[0] == "-" else sign
        cleaned = cleaned[1:].strip()
    if not cleaned or len(cleaned) > LONGEST:
        raise unreadable(text)
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
    folded = unicodedata.normalize("NFKC", text.replace("´", "'").translate(FOOTNOTE_SIGNS))
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
            raise unreadable(text)
        return f"{whole.replace(other, '')}.{fraction}"
    only: DecimalSign = "." if dots else ","
    if dots + commas > 1:
        if _GROUPS[only].match(cleaned) or (only == "," and _INDIAN_GROUPS.match(cleaned)):
            return cleaned.replace(only, "")
        raise unreadable(text)
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
        raise unreadable(text)
    try:
        return Decimal(cleaned)
    except InvalidOperation as exc:
        raise unreadable(text) from exc


def unreadable(text: str) -> QuantityUnreadable:
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return QuantityUnreadable(f"{shown!r} holds no quantity; expected one number, e.g. 1200.5 kg", value=shown)
