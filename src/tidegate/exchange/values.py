"""Values: what one told value must look like on the wire. Each check returns what it expected, or None if it is met.

Forms: ISO 3166-1 alpha-2, UN/LOCODE, ISO 8601, ISO 4217, CAS check digit, HS six digits, IBAN modulo 97 (ISO 13616),
BIC (ISO 9362), Chinese unified social credit code (GB 32100-2015).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tidegate.errors import InputUnreadable
from tidegate.model.identifiers.bic import parse_bic
from tidegate.model.identifiers.cas import parse_cas
from tidegate.model.identifiers.iban import parse_iban
from tidegate.model.identifiers.uscc import is_valid_uscc
from tidegate.model.instants import parse_instant

Check = Callable[[str], str | None]

LONGEST_NAME = 500
LONGEST_TEXT = 20_000
_USCC_SHAPE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")


def _shape(pattern: str, expected: str) -> Check:
    compiled = re.compile(pattern)

    def check(value: str) -> str | None:
        return None if compiled.fullmatch(value) else expected

    return check


country = _shape(r"[A-Z]{2}", "value.country")
port = _shape(r"[A-Z]{2}[A-Z2-9]{3}|[^\x00-\x1f]{2,200}", "value.port")
hs_code = _shape(r"[0-9]{6}(?:[0-9]{2}){0,2}", "value.hs")
currency = _shape(r"[A-Z]{3}", "value.currency")
digest = _shape(r"[0-9a-f]{64}", "value.digest")
reference = _shape(r"[^\x00-\x1f]{1,120}", "value.reference")
year_month = _shape(r"[0-9]{4}-(?:0[1-9]|1[0-2])", "value.month")
count = _shape(r"0|[1-9][0-9]{0,11}", "value.count")
language = _shape(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", "value.language")


def name(value: str) -> str | None:
    """A name or one line of text, in its own script."""
    fits = bool(value.strip()) and len(value) <= LONGEST_NAME and not any(ord(sign) < 32 for sign in value)
    return None if fits else "value.name"


def text(value: str) -> str | None:
    """Words in whole sentences, several lines allowed."""
    fits = (
        bool(value.strip())
        and len(value) <= LONGEST_TEXT
        and not any(ord(sign) < 32 and sign not in "\n\t" for sign in value)
    )
    return None if fits else "value.text"


def day(value: str) -> str | None:
    """A civil day, 2022-08-05."""
    try:
        return None if date.fromisoformat(value).isoformat() == value else "value.day"
    except ValueError:
        return "value.day"


def instant(value: str) -> str | None:
    """An instant, 2022-08-05T13:05:00Z."""
    try:
        parse_instant(value)
    except InputUnreadable:
        return "value.instant"
    return None


def kg(value: str) -> str | None:
    """A mass in kg: decimal above 0, at most 3 decimals, no exponent."""
    number = _decimal(value)
    return None if number is not None and 0 < number < 10**12 and _decimals(number) <= 3 else "value.kg"


def percent(value: str) -> str | None:
    """A share from 0 to 100."""
    number = _decimal(value)
    return None if number is not None and 0 <= number <= 100 else "value.percent"


def number(value: str) -> str | None:
    """A plain decimal number, not below 0."""
    found = _decimal(value)
    return None if found is not None and found >= 0 else "value.number"


def money(value: str) -> str | None:
    """An amount and its currency, 1200.50 USD."""
    amount, _, code = value.partition(" ")
    found = _decimal(amount)
    return None if found is not None and found >= 0 and currency(code) is None else "value.money"


def cas(value: str) -> str | None:
    """A CAS Registry Number with a right check digit, in canonical form."""
    return None if parse_cas(value) == value else "value.cas"


def iban(value: str) -> str | None:
    """An IBAN without blanks, whose check digits hold."""
    return None if parse_iban(value) == value else "value.iban"


def bic(value: str) -> str | None:
    """A BIC of 8 or 11 signs."""
    return None if parse_bic(value) == value else "value.bic"


def account(value: str) -> str | None:
    """An account: an IBAN where it looks like one, else a local number."""
    if re.match(r"[A-Z]{2}[0-9]{2}", value):
        return iban(value)
    return None if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ./-]{3,59}", value) else "value.account"


def registration(value: str) -> str | None:
    """A registration number; 18 signs in the form of a Chinese credit code must have its check character."""
    if _USCC_SHAPE.fullmatch(value):
        return None if is_valid_uscc(value) else "value.uscc"
    return reference(value)


def one_of(*codes: str) -> Check:
    """Return the check that a value is one of `codes`."""
    allowed = frozenset(codes)

    def check(value: str) -> str | None:
        return None if value in allowed else "value.code"

    return check


def countries(value: str) -> str | None:
    """Countries, separated by blanks or commas: CN, MX."""
    parts = [part for part in re.split(r"[ ,;]+", value) if part]
    return None if parts and all(country(part) is None for part in parts) else "value.country"


def _decimal(value: str) -> Decimal | None:
    if not re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", value, re.ASCII):
        return None
    return Decimal(value)


def _decimals(found: Decimal) -> int:
    exponent = found.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
