"""Days of a control, known to the day, the month, the year, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.registers.controls import Control

BASE = Control(
    "ctl-x",
    "sub-x",
    "CN",
    "Category II",
    "2024-09-01",
    "",
    "",
    ("licence",),
    "",
    ("import", "export", "domestic"),
    "notice",
    "read",
)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "on", "standing"),
    [
        ("2024-09-01", "", date(2024, 8, 31), "not-yet"),
        ("2024-09-01", "", date(2024, 9, 1), "in-force"),
        ("2022", "", date(2021, 12, 31), "not-yet"),
        ("2022", "", date(2022, 6, 1), "unknown"),
        ("2022", "", date(2023, 1, 1), "in-force"),
        ("2022-03", "", date(2022, 3, 5), "unknown"),
        ("", "", date(2026, 1, 1), "unknown"),
        ("2022-08-31", "2023-08-30", date(2023, 8, 29), "in-force"),
        ("2022-08-31", "2023-08-30", date(2023, 8, 30), "ended"),
        ("1990-11-11", "2001", date(2001, 5, 1), "unknown"),
        ("1990-11-11", "2001", date(2002, 1, 1), "ended"),
    ],
)
def test_a_control_stands_as_its_days_say_and_unknown_is_never_always(valid_from, valid_to, on, standing):
    assert replace(BASE, valid_from=valid_from, valid_to=valid_to).standing(on) == standing


def test_a_lane_row_needs_both_ends_of_the_lane():
    lane = replace(BASE, legs=("export: CN to US", "export: CN to MX"))
    assert lane.covers("export", "CN", "MX")
    assert not lane.covers("export", "CN", "CA")
    assert not lane.covers("import", "CN", "MX")
    assert lane.lanes == (("CN", "US"), ("CN", "MX"))


@settings(max_examples=60)
@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 3000))
def test_once_in_force_a_control_without_end_stays_in_force(begin, days):
    control = replace(BASE, valid_from=begin.isoformat())
    assert control.standing(begin + timedelta(days=days)) == "in-force"
