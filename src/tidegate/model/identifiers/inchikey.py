"""InChIKeys, e.g. RZWZRACFZGVKFM-UHFFFAOYSA-N. Form: InChI Trust, "InChI Technical Manual", 14-10-1 capital letters.

The first block is the skeleton: salts, isomers and tautomers differ after it.
"""

from __future__ import annotations

import re
from typing import NewType

from tidegate.model.identifiers.cas import plain_digits

InchiKey = NewType("InchiKey", str)

_SHAPE = re.compile(r"(?<![A-Za-z])([A-Za-z]{14})-([A-Za-z]{8}[SNsn][ABab])-([A-Za-z])(?![A-Za-z-])")


def find_inchikeys(text: str) -> list[tuple[InchiKey, tuple[int, int]]]:
    """Return every InChIKey in `text` in canonical form, with where it stands (start, end)."""
    plain = plain_digits(text)
    if len(plain) != len(text):  # a width-changing character: the place can no longer be told exactly
        return [(InchiKey(m.group().upper()), (0, len(text))) for m in _SHAPE.finditer(plain)]
    return [(InchiKey(m.group().upper()), m.span()) for m in _SHAPE.finditer(plain)]


def parse_inchikey(text: str) -> InchiKey | None:
    """Return the first InChIKey in `text`, or None."""
    found = find_inchikeys(text)
    return found[0][0] if found else None


def skeleton(key: str) -> str:
    """Return the first block of `key`, 14 letters: the same for a substance, its isomers and many of its salts."""
    return key[:14]
