"""Civil days: dates as written on papers, e.g. 2024-01-05, 5/1/2024, 2024年1月5日, 5 de enero de 2024, 45296.

A day whose order can be read in two ways (03/04/2024) is not guessed: `decide_date_order` finds the order from the
other days of a column, and without it DayAmbiguous is raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from tidegate.errors import InputUnreadable
from tidegate.model.quantity import fold_digits

DateOrder = Literal["ymd", "dmy", "mdy"]
DATE_ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")

# Day 0 of spreadsheets. The false 29 February 1900 lies before every serial accepted here (10000 is 1927-05-18).
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_SERIALS = range(10000, 73051)
_ROC_OFFSET = 1911  # year 1 of the Minguo calendar is 1912
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_CENTURY_PIVOT = 69  # POSIX strptime %y: 69-99 are 1969-1999

_MONTH_NAMES = {
    "jan": 1, "january": 1, "ene": 1, "enero": 1,
    "feb": 2, "february": 2, "febrero": 2,
    "mar": 3, "march": 3, "marzo": 3,
    "apr": 4, "april": 4, "abr": 4, "abril": 4,
    "may": 5, "mayo": 5,
    "jun": 6, "june": 6, "junio": 6,
    "jul": 7, "july": 7, "julio": 7,
    "aug": 8, "august": 8, "ago": 8, "agosto": 8,
    "sep": 9, "sept": 9, "september": 9, "septiembre": 9, "setiembre": 9, "set": 9,
    "oct": 10, "october": 10, "octubre": 10,
    "nov": 11, "november": 11, "noviembre": 11,
    "dec": 12, "december": 12, "dic": 12, "diciembre": 12,
}  # fmt: skip
_CHINESE_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}

_TIME = re.compile(
    r"[T\s]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\.?)?\s*(?:Z|UTC|[+\-]\d{2}:?\d{2})?$", re.I
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_TRIPLE = re.compile(r"^(\d{1,4})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{1,4})\.?$")
_CHINESE = re.compile(
    r"^(民[国國])?\s*([\d零〇○一二三四五六七八九]{2,4})\s*年\s*([\d一二三四五六七八九十]{1,3})\s*月\s*([\d一二三四五六七八九十]{1,3})\s*[日号號]?$"
)
_DAY_NAME_YEAR = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th|º|o)?[\s\-/.]*(?:de\s+|of\s+)?([a-z]{3,10})\.?,?[\s\-/.]*(?:de\s+|del\s+)?(\d{4}|\d{2})$"
)
_NAME_DAY_YEAR = re.compile(r"^([a-z]{3,10})\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?,?[\s\-/]+(\d{4}|\d{2})$")
_YEAR_NAME_DAY = re.compile(r"^(\d{4})[\s\-/]*([a-z]{3,10})\.?[\s\-/]*(\d{1,2})$")
_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mié|mie|jue|vie|sáb|sab|dom)[a-zéáo]*[.,]\s*|^(?:星期|周|週)[一二三四五六日天]\s*"
)
_LONGEST = 60


class DayUnreadable(InputUnreadable):
    """No civil day can be read. Write year, month and day, e.g. 2024-01-05."""

    code = "day.unreadable"


class DayAmbiguous(DayUnreadable):
    """Day and month could be the other way round. Say the order of the column in the mapping."""

    code = "day.ambiguous"


def parse_civil_day(text: str, order: DateOrder | None = None) -> date:
    """Return the day that `text` names; a time of day behind it is left out.

    order: the order of the column, used only where the text alone leaves two readings. Raises DayAmbiguous or
    DayUnreadable. Two-digit years 69-99 are 1969-1999, 00-68 are 2000-2068; three-digit years are Minguo years.
    """
    cleaned = fold_digits(text)
    if not cleaned or len(cleaned) > _LONGEST:
        raise _unreadable(text)
    cleaned = _TIME.sub("", _WEEKDAY.sub("", cleaned.casefold())).strip(" ,")
    compact = _COMPACT.match(cleaned.removesuffix(".0"))
    if compact:
        return _day(int(compact[1]), int(compact[2]), int(compact[3]), text)
    serial = _SERIAL.match(cleaned)
    if serial and int(serial[1]) in _SERIALS:
        return _SPREADSHEET_EPOCH + timedelta(days=int(serial[1]))
    chinese = _CHINESE.match(cleaned)
    if chinese:
        return _day(_chinese_year(chinese[2], bool(chinese[1])), _small(chinese[3]), _small(chinese[4]), text)
    triple = _TRIPLE.match(cleaned)
    if triple:
        return _triple_day(triple[1], triple[2], triple[3], order, text)
    return _named_day(cleaned, text)


def decide_date_order(values: Iterable[str | None]) -> DateOrder | None:
    """Return the one order in which every day of a column can be read; None if there is none, or several are left.

    Where two-digit years leave several, the number that stays the same while the others change is the year.
    """
    possible: set[DateOrder] = set(DATE_ORDERS)
    firsts: set[str] = set()
    lasts: set[str] = set()
    for value in values:
        triple = _TRIPLE.match(_TIME.sub("", fold_digits(value))) if value else None
        readings = _readings(triple[1], triple[2], triple[3]) if triple else []
        # A day that is the same in every order, such as 05/05/2024, and one with its year in front, settle nothing.
        if triple and len(triple[1]) <= 2 and readings:
            possible &= {order for order, _ in readings}
            firsts.add(triple[1])
            lasts.add(triple[3])
    if not firsts:
        return None
    if len(possible) > 1 and "ymd" in possible:
        if len(lasts) == 1 and len(firsts) > 1:
            possible -= {"ymd"}
        elif len(firsts) == 1 and len(lasts) > 1:
            possible = {"ymd"}
    return possible.pop() if len(possible) == 1 else None


def _triple_day(first: str, second: str, third: str, order: DateOrder | None, text: str) -> date:
    readings = _readings(first, second, third)
    if not readings:
        raise _unreadable(text)
    days = {day for _, day in readings}
    if len(days) == 1:
        return days.pop()
    for candidate, day in readings:
        if candidate == order:
            return day
    raise DayAmbiguous(
        f"{text!r} can be {' or '.join(sorted(day.isoformat() for day in days))}; expected the form 2024-01-05, "
        "or `date_order` in the mapping",
        value=text,
        readings=", ".join(sorted(day.isoformat() for day in days)),
    )


def _readings(first: str, second: str, third: str) -> list[tuple[DateOrder, date]]:
    """Return every order in which three numbers are a day. A year of four digits settles where the year stands."""
    places: list[tuple[DateOrder, str, str, str]] = []
    if len(first) >= 3:
        places = [("ymd", first, second, third)]
    elif len(third) >= 3:
        places = [("dmy", third, second, first), ("mdy", third, first, second)]
    elif len(third) == 2:
        places = [("dmy", third, second, first), ("mdy", third, first, second)]
        if len(first) == 2:
            places.append(("ymd", first, second, third))
    found: list[tuple[DateOrder, date]] = []
    for order, year, month, day in places:
        if len(month) <= 2 and len(day) <= 2:
            try:
                candidate = date(_year(year), int(month), int(day))
            except ValueError:
                continue
            if _FIRST_YEAR <= candidate.year <= _LAST_YEAR:
                found.append((order, candidate))
    return found


def _named_day(cleaned: str, text: str) -> date:
    for pattern, places in ((_DAY_NAME_YEAR, (3, 2, 1)), (_NAME_DAY_YEAR, (3, 1, 2)), (_YEAR_NAME_DAY, (1, 2, 3))):
        found = pattern.match(cleaned.casefold())
        month = _MONTH_NAMES.get(found[places[1]]) if found else None
        if found and month:
            return _day(_year(found[places[0]]), month, int(found[places[2]]), text)
    raise _unreadable(text)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 3:
        return year + _ROC_OFFSET
    if len(digits) <= 2:
        return year + (1900 if year >= _CENTURY_PIVOT else 2000)
    return year


def _chinese_year(digits: str, minguo: bool) -> int:
    plain = "".join(str(_CHINESE_DIGITS.get(sign, sign)) for sign in digits)
    if minguo:
        return int(plain) + _ROC_OFFSET
    return _year(plain)


def _small(digits: str) -> int:
    """Return a month or day written 5, 05, 五, 十五 or 二十五."""
    if digits.isdecimal():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    value = (_CHINESE_DIGITS.get(tens, 1) if tens else 1) * 10 if ten else 0
    return value + (_CHINESE_DIGITS.get(ones, 0) if ones else 0)


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError as exc:
        raise _unreadable(text) from exc
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise _unreadable(text)
    return found


def _unreadable(text: str) -> DayUnreadable:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return DayUnreadable(f"{shown!r} names no day; expected year, month and day, e.g. 2024-01-05", value=shown)
