"""Passport numbers: folded for comparison, and the check digit of the machine-readable zone. Source: ICAO Doc 9303, part 3."""

from __future__ import annotations

import re
import unicodedata

_SHAPE = re.compile(r"[0-9A-Z]{5,15}")
_WEIGHTS = (7, 3, 1)


def parse_passport(text: str) -> str | None:
    """Return the number in capitals without blanks and dashes, or None if it has no digit or an odd length.

    Issuers differ and no check digit is printed with the number, so this tells only that two may be compared.
    """
    number = re.sub(r"[\s./-]+", "", unicodedata.normalize("NFKC", text)).upper()
    return number if _SHAPE.fullmatch(number) and any(sign.isdigit() for sign in number) else None


def mrz_check_digit(field: str) -> int:
    """Return the check digit of a field of the machine-readable zone ("<" fills). Raises ValueError for other signs."""
    total = 0
    for at, sign in enumerate(field.upper()):
        if sign != "<" and not (sign.isascii() and sign.isalnum()):
            raise ValueError(f"{sign!r} cannot stand in a machine-readable zone")
        total += (0 if sign == "<" else int(sign, 36)) * _WEIGHTS[at % 3]
    return total % 10
