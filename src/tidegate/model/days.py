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
from tidegate.model.chinese_numerals import NUMERALS, parse_chinese_number
from tidegate.model.quantity import fold_digits

DateOrder = Literal["ymd", "dmy", "mdy"]
DATE_ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")

# Day 0 of spreadsheets. The false 29 February 1900 lies before every serial accepted here (10000 is 1927-05-18).
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_MAC_EPOCH = date(1904, 1, 1)
_SERIALS = range(10000, 73051)
_ROC_OFFSET = 1911  # year 1 of the Minguo calendar is 1912
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_CENTURY_PIVOT = 69  # POSIX strptime %y: 69-99 are 1969-1999

# English, Spanish, French, German, Portuguese, Italian, Russian and Thai, with the usual short forms.
_MONTHS = (
    "jan january ene enero janv janvier jän januar janeiro gen gennaio января янв มกราคม",
    "feb february febrero fév févr février fevrier februar fev fevereiro febbraio февраля фев กุมภาพันธ์",
    "mar march marzo mars mär mrz märz março марта มีนาคม",
    "apr april abr abril avr avril aprile апреля апр เมษายน",
    "may mayo mai maio mag maggio мая พฤษภาคม",
    "jun june junio juin juni junho giu giugno июня июн มิถุนายน",
    "jul july julio juil juillet juli julho lug luglio июля июл กรกฎาคม",
    "aug august ago agosto août aout агуста августа авг สิงหาคม",
    "sep sept september septiembre setiembre set septembre setembro settembre сентября сен กันยายน",
    "oct october octubre octobre okt oktober out outubro ott ottobre октября окт ตุลาคม",
    "nov november noviembre novembre novembro ноября ноя พฤศจิกายน",
    "dec december dic diciembre déc décembre decembre dez dezember dezembro dicembre декабря дек ธันวาคม",
)
_MONTH_NAMES = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "s": 1925}
_BUDDHIST = range(2443, 2644)  # year 2443 of the Buddhist era is 1900: no date of these papers lies so far ahead
_BUDDHIST_OFFSET = 543
_EPOCH_SECONDS = range(10**9, 4 * 10**9)  # 2001 to 2096
_TIME = re.compile(
    r"(?:[T\s]+(?:上午|下午|凌晨|中午|晚上|午前|午後)?\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\.?)?\s*(?:Z|UTC|[+\-]\d{2}:?\d{2})?|"
    r"(?<=[日号號])\s*(?:(?:上午|下午|凌晨|中午|晚上)?\s*\d{1,2}[时時点點:]\d{0,2}分?(?:\d{1,2}秒|:\d{2})?|[(]?(?:星期|周|週)[一二三四五六日天][)]?))$",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_COMPACT_MINGUO = re.compile(
    r"^(1[0-4]\d)(0[1-9]|1[0-2])([0-3]\d)$"
)  # 1130305: no other way of writing days has 7 digits
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_TRIPLE = re.compile(r"^(\d{1,4})\s*[-/.\s]\s*(\d{1,2})\s*[-/.\s]\s*(\d{1,4})\.?$")
_CHINESE = re.compile(
    rf"^(公元|西元|(?:中[華华])?民[国國]|令和|平成|昭和)?\s*([\d{(n := ''.join(sorted(NUMERALS)))}元]{{1,7}})\s*年\s*([\d{n}]{{1,3}})\s*月\s*([\d{n}]{{1,3}})\s*[日号號]?$"
)
_ERA_DOTTED = re.compile(r"^([rhs])(\d{1,2})[./\-](\d{1,2})[./\-](\d{1,2})$")
_WEEK_DAY = re.compile(r"^(\d{4})-?w(\d{2})-?([1-7])$")
_DAY_OF_YEAR = re.compile(r"^(\d{4})-(\d{3})$")
_EPOCH = re.compile(r"^(\d{10})(?:\.\d+|\d{3})?$")
_DAY_NAME_YEAR = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th|º|o)?[\s\-/.]*(?:de\s+|of\s+)?([^\d\s\-/.,]{3,14})\.?,?[\s\-/.]*(?:de\s+|del\s+)?(\d{4}|\d{2})$"
)
_NAME_DAY_YEAR = re.compile(r"^([^\d\s\-/.,]{3,14})\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?,?[\s\-/]+(\d{4}|\d{2})$")
_YEAR_NAME_DAY = re.compile(r"^(\d{4})[\s\-/]*([^\d\s\-/.,]{3,14})\.?[\s\-/]*(\d{1,2})$")
_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mié|mie|jue|vie|sáb|sab|dom)[a-zéáo]*(?:[.,]\s*|\s+(?=\d))|^(?:星期|周|週)[一二三四五六日天]\s*"
)
_LONGEST = 60


def month_number(word: str) -> int:
    """Return the number of the month that `word` names in small letters, whole or short; 0 where it names none."""
    return _MONTH_NAMES.get(word.rstrip("."), 0)


class DayUnreadable(InputUnreadable):
    """No civil day can be read. Write year, month and day, e.g. 2024-01-05."""

    code = "day.unreadable"


class DayAmbiguous(DayUnreadable):
    """Day and month could be the other way round. Say the order of the column in the mapping."""

    code = "day.ambiguous"


def parse_civil_day(text: str, order: DateOrder | None = None, *, from_1904: bool = False) -> date:
    """Return the day that `text` names; a time of day behind it is left out.

    order: the order of the column, used only where the text alone leaves two readings. Raises DayAmbiguous or
    DayUnreadable. from_1904: serial numbers count from 1904, as in workbooks of old Macintosh programs. Two-digit years 69-99 are 1969-1999, 00-68 are 2000-2068; three-digit years are Minguo years; 2443-2643 are years of the Buddhist era.
    """
    cleaned = fold_digits(text)
    if not cleaned or len(cleaned) > _LONGEST:
        raise _unreadable(text)
    cleaned = _TIME.sub("", _without_weekday(cleaned.casefold())).strip(" ,")
    compact = _COMPACT.match(cleaned.removesuffix(".0"))
    if compact:
        return _day(int(compact[1]), int(compact[2]), int(compact[3]), text)
    minguo = _COMPACT_MINGUO.match(cleaned)
    if minguo:
        return _day(int(minguo[1]) + _ROC_OFFSET, int(minguo[2]), int(minguo[3]), text)
    serial = _SERIAL.match(cleaned)
    if serial and int(serial[1]) in _SERIALS:
        return (_MAC_EPOCH if from_1904 else _SPREADSHEET_EPOCH) + timedelta(days=int(serial[1]))
    chinese = _CHINESE.match(cleaned)
    if chinese:
        return _day(_chinese_year(chinese[2], chinese[1] or ""), _small(chinese[3]), _small(chinese[4]), text)
    counted = _counted_day(cleaned)
    if counted is not None:
        return counted
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


def _counted_day(cleaned: str) -> date | None:
    """Return the day of a week date, a day of the year, a Japanese era or seconds since 1970 (UTC); else None."""
    try:
        if found := _WEEK_DAY.match(cleaned):
            return date.fromisocalendar(int(found[1]), int(found[2]), int(found[3]))
        if (found := _DAY_OF_YEAR.match(cleaned)) and 1 <= int(found[2]) <= 366:
            day = date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
            return day if day.year == int(found[1]) else None
        if found := _ERA_DOTTED.match(cleaned):
            return date(_ERAS[found[1]] + int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return None
    found = _EPOCH.match(cleaned)
    if found and int(found[1]) in _EPOCH_SECONDS:
        return date(1970, 1, 1) + timedelta(seconds=int(found[1]))
    return None


def _without_weekday(cleaned: str) -> str:
    """Return the text without a weekday in front; "mar. 5th" keeps its month, which is a Tuesday in Spanish too."""
    rest = _WEEKDAY.sub("", cleaned)
    return cleaned if rest != cleaned and not re.search(r"[^\W\d]{3}|[年\-/.].*\d", rest) else rest


def _named_day(cleaned: str, text: str) -> date:
    for pattern, places in ((_DAY_NAME_YEAR, (3, 2, 1)), (_NAME_DAY_YEAR, (3, 1, 2)), (_YEAR_NAME_DAY, (1, 2, 3))):
        found = pattern.match(cleaned.casefold())
        month = month_number(found[places[1]]) if found else 0
        if found and month:
            return _day(_year(found[places[0]]), month, int(found[places[2]]), text)
    raise _unreadable(text)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 3:
        return year + _ROC_OFFSET
    if year in _BUDDHIST:
        return year - _BUDDHIST_OFFSET
    if len(digits) <= 2:
        return year + (1900 if year >= _CENTURY_PIVOT else 2000)
    return year


def _chinese_year(digits: str, era: str) -> int:
    """Return the year of 二〇二四, 二千零二十四, 113 under 民国 or 6 under 令和; 元 is the first year of an era."""
    plain = "1" if digits == "元" else digits
    number = int(plain) if plain.isdecimal() else parse_chinese_number(plain)
    if number is None:
        return 0
    if era.endswith(("民国", "民國")):
        return number + _ROC_OFFSET
    if era in _ERAS:
        return number + _ERAS[era]
    return _year(str(number)) if len(plain) > 1 else 0


def _small(digits: str) -> int:
    """Return a month or day written 5, 05, 五, 十五, 二十五 or 廿五; 0 if it is none."""
    return int(digits) if digits.isdecimal() else parse_chinese_number(digits) or 0


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
