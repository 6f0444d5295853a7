"""Birth dates as lists write them, in one form: 1970-05-12, 1970-05, 1970, "~1970" for about, "1965/1969" for a span."""

from __future__ import annotations

import re

from tidegate.model.days import month_number

MOST_LETTERS = 200  # a longer text is no date, and looking for one in it would take for ever
_YEAR = r"(?:1[89]\d\d|20\d\d)"
_ISO = re.compile(rf"({_YEAR})[-/.](\d{{1,2}})(?:[-/.](\d{{1,2}}))?(?!\d)")
_SPAN = re.compile(
    rf"(?<!\d)({_YEAR})(?:年)?\s*(?:to|or|and|a|y|o|et|ou|au|至|到|或|[-–—/~])\s*(?:[a-z]+\s+)?({_YEAR})(?!\d)"
)
_WORDED_SPAN = re.compile(rf"({_YEAR})\D+\bto\b.*?({_YEAR})")
_HAN = re.compile(rf"({_YEAR})\s*年(?:\s*(\d{{1,2}})\s*月)?(?:\s*(\d{{1,2}})\s*[日号])?")
_USUAL = re.compile(rf"(\d\d?) ([a-z]{{3}}) ({_YEAR})")  # OFAC's own form, before all others are tried
_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s.-]*(?:de\s+)?([a-zéûô]{{3,}})\.?[\s.,-]*(?:de\s+)?({_YEAR})")
_MONTH_DAY = re.compile(rf"([a-zéûô]{{3,}})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+({_YEAR})")
_MONTH = re.compile(rf"([a-zéûô]{{3,}})\.?[\s,-]*(?:de\s+)?({_YEAR})")
_SLASHED = re.compile(rf"(?<!\d)(\d{{1,2}})[/.-](\d{{1,2}})[/.-]({_YEAR})(?!\d)")
_SOLID = re.compile(rf"(?<!\d)({_YEAR})(\d\d)(\d\d)(?!\d)")
_LONE = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_ABOUT = re.compile(
    r"~|\bcirca\b|\bca?\.|\bapprox|\babout\b|\baround\b|\bestimated\b|\bbefore\b|\bafter\b|\bhacia\b|\balrededor\b|\baprox|\bvers\b|\benviron\b|约|大约|左右"
)


def read_birth(text: str) -> str:
    """Return the birth date in `text` in the one form, "" if no year stands in it.

    A day that may be read in two orders (05/06/1970) gives its year alone: a wrong day would speak against a true match.
    """
    low = text.strip()[:MOST_LETTERS].lower()
    if len(low) == 10 and low[4] == low[7] == "-" and low[:4].isdigit() and "00" < low[5:7] < "13":
        return _whole(low[:4], low[5:7], low[8:])
    if usual := _USUAL.fullmatch(low):
        return _whole(usual[3], _month(usual[2]), usual[1])
    span = _SPAN.search(low) or _WORDED_SPAN.search(low)
    if span and not _ISO.fullmatch(low):
        one, other = sorted((span[1], span[2]))
        return one if one == other else f"{one}/{other}"
    found = _dated(low)
    return f"~{found}" if found and _ABOUT.search(low) else found


def births(texts: list[str]) -> tuple[str, ...]:
    """Return the birth dates in `texts`, each once. One that has digits but no year stays as it is written."""
    texts = [text for text in texts if len(text) <= MOST_LETTERS]
    read = ((read_birth(text) or (text.strip() if any(char.isdigit() for char in text) else "")) for text in texts)
    return tuple(dict.fromkeys(one for one in read if one))


def _dated(low: str) -> str:
    if found := _HAN.search(low) or _ISO.search(low):
        return _whole(found[1], found[2] or "", found[3] or "")
    if found := _DAY_MONTH.search(low):
        return _whole(found[3], _month(found[2]), found[1])
    if found := _MONTH_DAY.search(low):
        return _whole(found[3], _month(found[1]), found[2])
    if found := _SLASHED.search(low):
        one, other = int(found[1]), int(found[2])
        if one == other or other > 12 >= one:
            return _whole(found[3], found[1], found[2])
        return _whole(found[3], found[2], found[1]) if one > 12 >= other else found[3]
    if found := _SOLID.search(low):
        return _whole(found[1], found[2], found[3])
    if found := _MONTH.search(low):
        return _whole(found[2], _month(found[1]), "")
    lone = _LONE.search(low)
    return lone.group() if lone else ""


def _whole(year: str, month: str, day: str) -> str:
    """Return as much of a date as can be: a month 13 or a day 00 is left out."""
    if not month.isdigit() or not 1 <= int(month) <= 12:
        return year
    if not day.isdigit() or not 1 <= int(day) <= 31:
        return f"{year}-{int(month):02d}"
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _month(word: str) -> str:
    return str(month_number(word) or "")
