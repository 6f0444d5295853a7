"""Calendars: which days are worked in which place, as packaged data with source and certainty."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from tidegate.errors import TidegateError
from tidegate.model.deadline import EVERY_DAY, Calendar
from tidegate.wording.problems import problem


class CalendarUnknown(TidegateError):
    """An agreement names a calendar that this register does not hold. Take one of those named."""

    code = "calendar-unknown"


@lru_cache(maxsize=1)
def load_calendars() -> Mapping[str, Calendar]:
    """Return every calendar by id, with "every-day" among them, which has no weekend."""
    file = resources.files("tidegate.registers").joinpath("data", "calendars.toml")
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["calendar"]
    return {EVERY_DAY.id: EVERY_DAY, **{row["id"]: _calendar(row) for row in rows}}


def find_calendar(calendar_id: str) -> Calendar:
    """Return the calendar named `calendar_id`. Raises CalendarUnknown, naming those held."""
    calendars = load_calendars()
    if calendar_id not in calendars:
        held = ", ".join(sorted(calendars))
        raise problem(CalendarUnknown, "calendar-unknown", calendar=calendar_id, held=held)
    return calendars[calendar_id]


def _calendar(row: Mapping[str, Any]) -> Calendar:
    sign, clock = row["utc_offset"][0], row["utc_offset"][1:]
    hours, minutes = clock.split(":")
    offset = int(hours) * 60 + int(minutes)
    held_from: date | None = row.get("held_from")
    return Calendar(
        id=row["id"],
        weekend=frozenset(row["weekend"]),
        holidays=frozenset(row["holidays"]),
        place=row["place"],
        extra_workdays=frozenset(row["extra_workdays"]),
        utc_offset_minutes=-offset if sign == "-" else offset,
        held_from=held_from,
        held_until=row.get("held_until"),
        source=row["source"],
        certainty=row["certainty"],
    )
