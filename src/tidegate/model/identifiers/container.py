"""Freight container numbers, e.g. CSQU3054383. Format and check digit: ISO 6346."""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

ContainerNumber = NewType("ContainerNumber", str)

_SHAPE = re.compile(r"^[A-Z]{3}[UJZR]\d{7}$")
_INSIDE = re.compile(r"(?<![A-Z0-9])([A-Z]{3}[UJZR])[\s\-]*(\d{6})[\s\-/]*(\d)(?!\d)")
# Letters count 10 to 38, with 11, 22 and 33 left out (ISO 6346, annex A).
_VALUES = dict(zip(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    [value for value in range(10, 39) if value % 11],
    strict=True,
)) | {str(digit): digit for digit in range(10)}  # fmt: skip


def parse_container(text: str) -> ContainerNumber | None:
    """Return the number as four letters and seven digits, or None if `text` holds none or its check digit fails."""
    plain = fold_container(text)
    return ContainerNumber(plain) if _SHAPE.match(plain) and check_digit(plain) == int(plain[10]) else None


def looks_like_container(text: str) -> bool:
    """Tell whether `text` has the shape of a container number, right or wrong, so that a wrong one can be named."""
    return bool(_SHAPE.match(fold_container(text)))


def find_containers(text: str) -> tuple[ContainerNumber, ...]:
    """Return every right container number in `text`, in order, each once."""
    plain = unicodedata.normalize("NFKC", text).upper()
    found = [parse_container("".join(parts)) for parts in _INSIDE.findall(plain)]
    return tuple(dict.fromkeys(number for number in found if number))


def check_digit(number: str) -> int:
    """Return the check digit of the first ten signs: their values times powers of two, modulo 11, then 10 as 0."""
    total = sum(_VALUES[sign] << place for place, sign in enumerate(number[:10]))
    return total % 11 % 10


def fold_container(text: str) -> str:
    """Return `text` in capitals without blanks, hyphens and slashes."""
    return re.sub(r"[\s\-/.]", "", unicodedata.normalize("NFKC", text)).upper()
