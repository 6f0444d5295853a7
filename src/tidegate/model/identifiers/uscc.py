"""Unified social credit codes of Chinese firms, 18 characters with a check character. Source: GB 32100-2015."""

from __future__ import annotations

import unicodedata

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # 31 signs: I, O, S, V and Z are left out
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def is_valid_uscc(text: str) -> bool:
    """Tell whether `text` has 18 signs of the code's alphabet and the last is the check character of the others."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    return len(code) == 18 and all(sign in _SIGNS for sign in code) and code[17] == uscc_check_character(code[:17])


def uscc_check_character(head: str) -> str:
    """Return the check character for the first 17 signs. Raises ValueError for a sign outside the alphabet."""
    total = sum(weight * _SIGNS.index(sign) for weight, sign in zip(_WEIGHTS, head, strict=True))
    return _SIGNS[(31 - total % 31) % 31]
