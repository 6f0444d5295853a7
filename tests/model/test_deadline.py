from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.model.deadline import (
    Calendar,
    Clock,
    Pause,
    deadline_day,
    pauses_from_instants,
    read_clock,
)

HOLIDAY = date(2024, 2, 12)
WEEK = Calendar(
    "week",
    frozenset({5, 6}),
    frozenset({HOLIDAY}),
    "Invented Harbour",
    frozenset({date(2024, 2, 18)}),
    480,
    date(2024, 1, 1),
    date(2024, 12, 31),
)
DAYS = st.dates(date(2024, 1, 1), date(2024, 9, 1))
UNITS = st.sampled_from(["working", "calendar"])


def test_the_first_day_is_not_counted():
    assert deadline_day(date(2024, 1, 30), 15, "calendar", WEEK) == date(2024, 2, 14)


def test_working_days_pass_over_weekends_and_holidays():
    assert deadline_day(date(2024, 2, 9), 1, "working", WEEK) == date(2024, 2, 13)


def test_a_weekend_worked_to_make_up_is_counted():
    assert deadline_day(date(2024, 2, 16), 1, "working", WEEK) == date(2024, 2, 18)


def test_no_days_end_on_the_day_itself():
    assert deadline_day(date(2024, 2, 10), 0, "working", WEEK) == date(2024, 2, 10)


def test_a_negative_window_is_a_slip():
    with pytest.raises(ValueError, match="window"):
        deadline_day(date(2024, 2, 10), -1, "calendar", WEEK)


def test_the_civil_day_is_that_of_the_place():
    assert WEEK.civil_day(datetime(2024, 1, 29, 16, tzinfo=UTC)).day == date(2024, 1, 30)


def test_suspension_stops_the_agreements_clock_and_not_the_laws():
    pauses = (Pause(date(2024, 3, 5)),)
    today = date(2024, 6, 1)
    agreement = read_clock(Clock("agreement", date(2024, 3, 1), 15, "calendar", "week", pauses), today, WEEK)
    law = read_clock(Clock("law", date(2024, 3, 1), 15, "calendar", "week", pauses), today, WEEK)
    assert (agreement.state, agreement.days_left, agreement.ends_on) == ("stopped", 12, None)
    assert (law.state, law.days_left, law.ends_on) == ("over", 0, date(2024, 3, 16))


def test_the_clock_goes_on_where_it_stopped():
    pauses = (Pause(date(2024, 3, 5), date(2024, 6, 1)),)
    reading = read_clock(Clock("agreement", date(2024, 3, 1), 15, "calendar", "week", pauses), date(2024, 6, 1), WEEK)
    assert (reading.state, reading.days_left, reading.ends_on) == ("running", 11, date(2024, 6, 12))


def test_a_late_answer_does_not_undo_the_lateness():
    clock = Clock("agreement", date(2024, 3, 1), 5, "calendar", "week")
    assert read_clock(clock, date(2024, 3, 20), WEEK, met_on=date(2024, 3, 6)).state == "met"
    assert read_clock(clock, date(2024, 3, 20), WEEK, met_on=date(2024, 3, 7)).state == "over"


def test_a_window_beyond_the_known_holidays_says_so():
    clock = Clock("agreement", date(2024, 12, 20), 15, "working", "week")
    assert not read_clock(clock, date(2024, 12, 21), WEEK).calendar_held


@settings(max_examples=100)
@given(DAYS, st.integers(0, 60), UNITS, st.lists(st.tuples(DAYS, st.integers(0, 90)), max_size=4), st.integers(0, 200))
def test_pausing_never_shortens(start, days, unit, spans, later):
    pauses = tuple(Pause(since, since + timedelta(days=length)) for since, length in spans)
    today = start + timedelta(days=later)
    plain = read_clock(Clock("agreement", start, days, unit, "week"), today, WEEK)
    paused = read_clock(Clock("agreement", start, days, unit, "week", pauses), today, WEEK)
    assert plain.ends_on is not None
    assert paused.ends_on is not None
    assert paused.ends_on >= plain.ends_on
    assert paused.days_left >= plain.days_left


@settings(max_examples=60)
@given(DAYS, st.integers(0, 60), UNITS, st.integers(0, 200))
def test_without_a_pause_both_clocks_say_the_same(start, days, unit, later):
    today = start + timedelta(days=later)
    agreement = read_clock(Clock("agreement", start, days, unit, "week"), today, WEEK)
    law = read_clock(Clock("law", start, days, unit, "week"), today, WEEK)
    assert (agreement.days_left, agreement.ends_on, agreement.state) == (law.days_left, law.ends_on, law.state)
    assert agreement.ends_on == deadline_day(start, days, unit, WEEK)


def test_instants_become_pauses_of_civil_days():
    since, until = datetime(2024, 3, 4, 17, tzinfo=UTC), datetime(2024, 3, 9, 2, tzinfo=UTC)
    assert pauses_from_instants([(since, until)], WEEK) == (Pause(date(2024, 3, 5), date(2024, 3, 9)),)
