"""Legal entity identifiers, 20 signs with two check digits. Source: ISO 17442 and ISO 7064 (MOD 97-10)."""

from __future__ import annotations

import re
import unicodedata

_SHAPE = re.compile(r"[0-9A-Z]{18}[0-9]{2}")


def parse_lei(text: str) -> str | None:
    """Return the LEI in `text` in capitals without blanks, or None if it is none (shape or check digits wrong)."""
    code = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).upper().removeprefix("LEI:").removeprefix("LEI")
    return code if _SHAPE.fullmatch(code) and int("".join(str(int(sign, 36)) for sign in code)) % 97 == 1 else None


def lei_check_digits(head: str) -> str:
    """Return the two check digits for the first 18 signs. Raises ValueError for a sign outside A-Z and 0-9."""
    if not re.fullmatch(r"[0-9A-Z]{18}", head):
        raise ValueError(f"{head!r} is not 18 signs of A-Z and 0-9")
    return f"{98 - int(''.join(str(int(sign, 36)) for sign in head + '00')) % 97:02d}"
