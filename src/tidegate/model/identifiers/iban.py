"""International Bank Account Numbers, e.g. GB82 WEST 1234 5698 7654 32. Format and check digits: ISO 13616, ISO 7064 mod 97-10."""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

Iban = NewType("Iban", str)

_SHAPE = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$")


def parse_iban(text: str) -> Iban | None:
    """Return the number without blanks and in capitals, or None if `text` holds none.

    Accepts blanks, hyphens, full-width digits and a leading "IBAN". Checks the shape and mod 97, not the country's length.
    """
    plain = fold_iban(text)
    return Iban(plain) if _SHAPE.match(plain) and _remainder(plain) == 1 else None


def looks_like_iban(text: str) -> bool:
    """Tell whether `text` has the shape of an IBAN, right or wrong, so that a wrong one can be named."""
    plain = fold_iban(text)
    return bool(_SHAPE.match(plain)) and len(plain) >= 15


def iban_country(iban: Iban) -> str:
    """Return the country code of the bank that keeps the account (ISO 3166-1 alpha-2)."""
    return iban[:2]


def fold_iban(text: str) -> str:
    """Return `text` in capitals without blanks, hyphens and a leading "IBAN"."""
    plain = re.sub(r"[\s\-.:]", "", unicodedata.normalize("NFKC", text)).upper()
    return plain.removeprefix("IBAN")


def _remainder(plain: str) -> int:
    rearranged = plain[4:] + plain[:4]
    return int("".join(str(int(sign, 36)) for sign in rearranged)) % 97
