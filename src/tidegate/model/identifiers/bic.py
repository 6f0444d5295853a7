"""Business Identifier Codes of banks and firms, e.g. DEUTDEFF500. Format: ISO 9362."""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

Bic = NewType("Bic", str)

_SHAPE = re.compile(r"^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$")


def parse_bic(text: str) -> Bic | None:
    """Return the code in capitals, 8 or 11 signs, or None if `text` holds none. ISO 9362 has no check digit."""
    plain = unicodedata.normalize("NFKC", text).strip().upper().replace(" ", "")
    return Bic(plain) if _SHAPE.match(plain) else None


def bic_country(bic: Bic) -> str:
    """Return the country code in the fifth and sixth sign (ISO 3166-1 alpha-2)."""
    return bic[4:6]


def bic_institution(bic: Bic) -> str:
    """Return the first eight signs, which name the institution without its branch."""
    return bic[:8]
