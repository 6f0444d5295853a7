from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.model.days import DayAmbiguous, DayUnreadable, decide_date_order, parse_civil_day

FIFTH = date(2024, 1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05", "2024/1/5", "2024.1.5", "20240105", "20240105.0", "2024-01-05T10:11:12Z", "2024-01-05 10:11:12",
        "2024年1月5日", "二〇二四年一月五日", "民国113年1月5日", "113/01/05", "5 de enero de 2024", "5-ene-2024",
        "Jan 5, 2024", "5th January 2024", "05JAN2024", "05-Jan-24", "45296", "45296.5", "２０２４－０１－０５",
        "Fri, 5 Jan 2024", "2024-Jan-05",
    ],
)  # fmt: skip
def test_day_is_read_however_it_is_written(text: str) -> None:
    assert parse_civil_day(text) == FIFTH


def test_order_settles_a_day_of_two_readings() -> None:
    with pytest.raises(DayAmbiguous):
        parse_civil_day("5/1/2024")
    assert parse_civil_day("5/1/2024", "dmy") == FIFTH
    assert parse_civil_day("5/1/2024", "mdy") == date(2024, 5, 1)
    assert parse_civil_day("24-01-05", "ymd") == FIFTH


def test_day_with_one_reading_needs_no_order() -> None:
    assert parse_civil_day("13/1/2024", "mdy") == date(2024, 1, 13)
    assert parse_civil_day("5/5/2024") == date(2024, 5, 5)


@pytest.mark.parametrize("text", ["", "2024", "2024-13-01", "30/02/2024", "someday", "3017-08-22", "9" * 70])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(DayUnreadable):
        parse_civil_day(text)


def test_order_of_a_column_comes_from_its_clear_days_only() -> None:
    assert decide_date_order(["03/04/2024", "16/01/2024"]) == "dmy"
    assert decide_date_order(["03/04/2024", "01/16/2024", None]) == "mdy"
    assert decide_date_order(["03/04/2024"]) is None
    assert decide_date_order(["05/05/2024"]) is None
    assert decide_date_order(["03/04/24", "25/04/24"]) == "dmy"
    assert decide_date_order(["24-03-04", "24-04-25"]) == "ymd"
    assert decide_date_order(["2024-03-04", "04/25/2024"]) == "mdy"
    assert decide_date_order(["16/01/2024", "01/16/2024"]) is None


@given(st.dates(date(1930, 1, 1), date(2060, 12, 31)))
@settings(max_examples=150)
def test_every_form_of_a_day_comes_back(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms = [day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%d %B %Y}", str(serial)]
    assert {parse_civil_day(form) for form in forms} == {day}
    assert parse_civil_day(f"{day:%d/%m/%Y}", "dmy") == day
    assert parse_civil_day(f"{day:%m/%d/%Y}", "mdy") == day


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_any_text_is_a_day_or_refused(text: str) -> None:
    with suppress(DayUnreadable):
        assert parse_civil_day(text, "dmy").year >= 1900


def test_days_of_other_calendars_and_tongues_are_read() -> None:
    for text in ("5. März 2024", "5 mars 2024", "5 марта 2024", "martes 5 de marzo de 2024", "Mar. 5th 2024", "5 มีนาคม 2567",
                 "05/03/2567", "1130305", "中華民國113年3月5日", "贰零贰肆年叁月伍日", "二千零二十四年三月五日", "令和6年3月5日", "R6.3.5",
                 "2024年3月5日10时30分", "2024年3月5日星期二", "2024/03/05 下午 3:00", "2024-W10-2", "2024-065", "1709632800",
                 "1709632800000"):  # fmt: skip
        assert parse_civil_day(text, "dmy") == date(2024, 3, 5), text


def test_serials_of_1904_count_from_there() -> None:
    assert parse_civil_day("43894", from_1904=True) == date(2024, 3, 5)
