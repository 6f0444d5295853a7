from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.errors import InputUnreadable
from tidegate.publication.days import day_of, first_day, last_day


def test_a_month_and_a_year_are_public_by_their_end():
    assert last_day("2024-02") == date(2024, 2, 29)
    assert (first_day("2019"), last_day("2019")) == (date(2019, 1, 1), date(2019, 12, 31))


@pytest.mark.parametrize("text", ["", "20240128", "2024-13", "2024-02-30", "24-01-28", "2024-1", "x"])
def test_anything_else_is_refused(text):
    with pytest.raises(InputUnreadable):
        day_of(text)


@settings(max_examples=50, deadline=None)
@given(st.dates())
def test_a_whole_day_is_itself(day):
    assert first_day(day_of(day)) == last_day(day_of(day)) == day
