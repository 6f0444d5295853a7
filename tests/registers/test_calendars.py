from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tidegate.registers.calendars import CalendarUnknown, find_calendar, load_calendars


def test_every_calendar_is_named_by_its_id():
    assert {"every-day", "monday-friday", "us-federal", "cn-state-council"} <= set(load_calendars())
    assert all(calendar.id == key for key, calendar in load_calendars().items())


def test_make_up_days_are_weekend_days_and_no_holidays():
    for calendar in load_calendars().values():
        assert all(day.weekday() in calendar.weekend for day in calendar.extra_workdays)
        assert not calendar.extra_workdays & calendar.holidays


def test_every_packaged_calendar_names_its_source_and_how_sure_it_is():
    for calendar in load_calendars().values():
        assert calendar.id == "every-day" or (calendar.source and calendar.certainty in ("checked", "memory"))


@pytest.mark.parametrize(
    ("calendar_id", "day", "working"),
    [
        ("us-federal", date(2022, 7, 4), False),
        ("us-federal", date(2023, 11, 10), False),  # Veterans Day fell on a Saturday
        ("us-federal", date(2024, 1, 15), False),
        ("us-federal", date(2024, 1, 30), True),
        ("cn-state-council", date(2022, 10, 8), True),
        ("cn-state-council", date(2023, 10, 6), False),
        ("cn-state-council", date(2024, 2, 12), False),
        ("every-day", date(2024, 1, 28), True),
    ],
)
def test_known_days(calendar_id, day, working):
    assert find_calendar(calendar_id).is_working(day) is working


def test_one_instant_is_two_civil_days():
    moment = datetime(2022, 8, 5, 17, tzinfo=UTC)
    assert find_calendar("cn-state-council").day_of(moment) == date(2022, 8, 6)
    assert find_calendar("us-federal").day_of(moment) == date(2022, 8, 5)


def test_an_unknown_calendar_names_those_held():
    with pytest.raises(CalendarUnknown, match="us-federal"):
        find_calendar("atlantis")
