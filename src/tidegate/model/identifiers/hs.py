"""Harmonized System codes, e.g. 2933.36: two digits a chapter, four a heading, six a subheading; nations add more."""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

HsCode = NewType("HsCode", str)

_SHAPE = re.compile(r"(\d{2}(?:\d{2}(?:\d{2}(?:\d{1,4})?)?)?)")
_BETWEEN = re.compile(r"(?<=\d)[\s.\-·‧,]+(?=\d)")


def parse_hs_code(text: str) -> HsCode | None:
    """Return the digits of the code in `text` (2, 4, 6, or 8 to 10 of them), or None if it holds none.

    Accepts dots, blanks and full-width digits. A spreadsheet that dropped the leading zero cannot be told from a
    heading of other length, so an odd number of digits is read with the zero back in front.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).strip()
    match = re.search(r"\d+", plain)
    if match is None:
        return None
    digits = match.group()
    if len(digits) in (1, 3, 5, 7, 9) and len(digits) < 10:
        digits = "0" + digits
    return HsCode(digits) if 2 <= len(digits) <= 10 and _SHAPE.fullmatch(digits) else None


def subheading(code: str) -> str:
    """Return the first six digits of `code`, or '' where it has fewer."""
    return code[:6] if len(code) >= 6 else ""


def chapter(code: str) -> str:
    """Return the first two digits of `code`."""
    return code[:2]


def heading(code: str) -> str:
    """Return the first four digits of `code`, or '' where it has fewer."""
    return code[:4] if len(code) >= 4 else ""
