"""CAS Registry Numbers, e.g. 79-03-8. Format and check digit: CAS, "Check Digit Verification of CAS Registry Numbers"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NewType

Cas = NewType("Cas", str)

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－ー", "-") | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_PLAIN = re.compile(r"[\x00-\x7f\u00c0-\u024f\u4e00-\u9fff]*")  # nothing in these is a figure or a dash in disguise
# A number with a letter or two joined to it, or a short tail, is a part's: "A108-88-3", "108-88-3-RED".
_SHAPE = re.compile(
    r"(?<![\d-])(?<![^A-Za-z][A-MO-QS-Z])(?<!^[A-MO-QS-Z])0{0,3}([1-9]\d{1,6})\s?-\s?(\d\d)\s?-\s?(\d)(?!\d|-\d|\s?-\s?\d|-?[A-Za-z]{1,2}(?![A-Za-z])|-[A-Z]{3,4}(?![A-Za-z]))"
)
_MIDDLE = re.compile(r"-\s?\d\d\s?-\s?\d")  # quickly found, and part of every number
_FIGURES_BEFORE = 12  # at most so many characters stand before the first dash of a number
_BARE = re.compile(
    r"(?:cas|c\.a\.s\.?)(?:\s*(?:no|nr|num|number|号|號|登记号|编号|rn|#)\b\.?)?\s*[:：.#]*\s*"
    r"(?:([1-9]\d{4,9})(?![\d-]|[._/*·]\d)|([1-9]\d{1,6})[ ._/*·]{1,2}(\d\d)[ ._/*·]{1,2}(\d)(?!\d))",
    re.I,
)


def parse_cas(text: str) -> Cas | None:
    """Return the number in canonical form, or None if `text` holds no number whose check digit is right.

    Accepts full-width digits, blanks round the dashes and any dash, as found in Chinese invoices.
    """
    for number in find_cas(text):
        if check_digit_holds(number):
            return Cas(number)
    return None


def find_cas(text: str) -> list[str]:
    """Return every number of CAS shape in `text`, in order, canonical form, check digit not yet judged.

    A number without dashes, or with other marks in their place, counts only behind the word CAS.
    """
    plain = plain_digits(text)
    first = _MIDDLE.search(plain)
    found = (
        [f"{a}-{b}-{c}" for a, b, c in _SHAPE.findall(plain, max(0, first.start() - _FIGURES_BEFORE))] if first else []
    )
    if not found:
        found = [
            f"{run[:-3]}-{run[-3:-1]}-{run[-1]}" if run else f"{a}-{b}-{c}" for run, a, b, c in _BARE.findall(plain)
        ]
    return found


def plain_digits(text: str) -> str:
    """Return `text` with full-width characters made plain and every dash written '-'."""
    return (
        text
        if text.isascii() or _PLAIN.fullmatch(text)
        else unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES)
    )


def check_digit_holds(number: str) -> bool:
    """Tell whether the last digit of a canonical `number` is the sum of the others, weighted from the right, modulo 10."""
    return check_digit(number[:-2]) == number[-1]


def check_digit(head: str) -> str:
    """Return the check digit for `head`, the number without its last dash and digit, e.g. '79-03' gives '8'."""
    digits = head.replace("-", "")
    return str(sum(weight * int(digit) for weight, digit in enumerate(reversed(digits), 1)) % 10)


def nearest_cas(number: str, known: Iterable[str]) -> Cas | None:
    """Return the number of `known` that one slip (a digit changed, two neighbours swapped, one lost or added) explains.

    None if no known number, or more than one, is that near.
    """
    near = {other for other in known if other != number and _one_slip(number.replace("-", ""), other.replace("-", ""))}
    return Cas(near.pop()) if len(near) == 1 else None


def _one_slip(ours: str, other: str) -> bool:
    if len(ours) == len(other):
        wrong = [i for i, (a, b) in enumerate(zip(ours, other, strict=True)) if a != b]
        if len(wrong) == 1:
            return True
        return (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and ours[wrong[0]] == other[wrong[1]]
            and ours[wrong[1]] == other[wrong[0]]
        )
    longer, shorter = (ours, other) if len(ours) > len(other) else (other, ours)
    if len(longer) != len(shorter) + 1:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
