"""IMO ship identification numbers, seven digits of which the last checks. Source: IMO resolution A.1117(30)."""

from __future__ import annotations

import re
import unicodedata

_SHAPE = re.compile(r"(?:IMO)?[\s:.-]*(\d{7})", re.IGNORECASE)


def parse_imo(text: str) -> str | None:
    """Return the seven digits of the IMO number in `text`, or None if it is none (shape or check digit wrong)."""
    found = _SHAPE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    digits = found[1]
    total = sum(int(digit) * weight for digit, weight in zip(digits[:6], range(7, 1, -1), strict=True))
    return digits if total % 10 == int(digits[6]) else None
