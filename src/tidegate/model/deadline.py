"""Deadlines: civil days, working calendars, and the two clocks that every question runs under.

An instant is when something happened on a machine; a civil day belongs to a place. A deadline names its clock: the
agreement's, which a suspension stops, or the law's, which runs on. Both are always shown.
Source for counting: the day of the event is not counted (Vienna-style "days after receipt", the usual reading of
15 calendar days "after filing" in 21 CFR 1310.05 and 1313.12).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

Unit = Literal["working", "calendar"]
ClockKind = Literal["agreement", "law"]
ClockState = Literal["running", "stopped", "over", "met"]

UNITS: tuple[Unit, ...] = ("working", "calendar")
LONGEST_DAYS = 3660  # ten years: a window longer than that is a slip of the pen


@dataclass(frozen=True, slots=True)
class CivilDay:
    """A day at a place, e.g. 2024-01-30 in Beijing. place: name as people say it, never a time-zone code."""

    day: date
    place: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked at `place`.

    weekend: weekday numbers, Monday 0. holidays: days not worked though in the week. extra_workdays: weekend days
    worked to make up for a holiday (China). held_from, held_until: the span whose holidays are known; None means
    that the calendar has no holidays and so holds for all time. utc_offset_minutes: where the day begins, the same
    all year, so that two nodes always name the same day for the same instant. source, certainty: where the days come
    from, and whether they were "checked" against it or are from "memory".
    """

    id: str
    weekend: frozenset[int]
    holidays: frozenset[date]
    place: str
    extra_workdays: frozenset[date] = frozenset()
    utc_offset_minutes: int = 0
    held_from: date | None = None
    held_until: date | None = None
    source: str = ""
    certainty: str = ""

    def is_working(self, day: date) -> bool:
        """Tell whether `day` is worked. Outside the held span only weekends are known: see `holds`."""
        if day in self.extra_workdays:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def holds(self, first: date, last: date) -> bool:
        """Tell whether the holidays of every day from `first` to `last` are known."""
        after_start = self.held_from is None or first >= self.held_from
        return after_start and (self.held_until is None or last <= self.held_until)

    def day_of(self, moment: datetime) -> date:
        """Return the civil day of `moment` at the calendar's place."""
        if moment.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return moment.astimezone(timezone(timedelta(minutes=self.utc_offset_minutes))).date()

    def civil_day(self, moment: datetime) -> CivilDay:
        """Return the civil day of `moment`, with its place."""
        return CivilDay(self.day_of(moment), self.place)


EVERY_DAY = Calendar("every-day", frozenset(), frozenset(), "UTC")


def deadline_day(start: date, days: int, unit: Unit, calendar: Calendar) -> date:
    """Return the last day of a window of `days` after `start`; `start` itself is not counted.

    unit "calendar" counts every day, "working" only days worked in `calendar`. 0 days end on `start`.
    Raises ValueError for a negative or absurd number of days.
    """
    ends_on, _ = _count(start, days, unit, calendar, (), until=None)
    if ends_on is None:
        raise ValueError(f"calendar {calendar.id} has no working day in ten years")
    return ends_on


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the agreement's clock stands: from `since` up to the day before `until` (None: still)."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether `day` is not counted."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Clock:
    """A window that was opened on `started`. `pauses` stop an agreement's clock and never the law's."""

    kind: ClockKind
    started: date
    days: int
    unit: Unit
    calendar_id: str
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What a clock says on one day.

    days_left: counted days still to come in the window (0 on the last day and after). ends_on: last day, or None
    while a pause with no end stops the clock. why: wording code, its parameters in `params`. calendar_held: False
    when the window passes the holidays known, so that a holiday may still move it.
    """

    kind: ClockKind
    days_left: int
    ends_on: date | None
    state: ClockState
    why: str
    calendar_held: bool = True
    met_on: date | None = None

    def params(self) -> dict[str, str]:
        """Return the parameters of the sentence `why`."""
        return {
            "days": str(self.days_left),
            "day": self.ends_on.isoformat() if self.ends_on else "",
            "met": self.met_on.isoformat() if self.met_on else "",
        }


def read_clock(clock: Clock, today: date, calendar: Calendar, *, met_on: date | None = None) -> ClockReading:
    """Return what `clock` says on `today`; `met_on` is the day the answer was received, if it was.

    A clock that was met after its last day reads "over": a late answer does not undo the lateness.
    Raises ValueError if `calendar` is not the one the clock names.
    """
    if calendar.id != clock.calendar_id:
        raise ValueError(f"clock names calendar {clock.calendar_id!r}, not {calendar.id!r}")
    pauses = clock.pauses if clock.kind == "agreement" else ()
    ends_on, counted = _count(clock.started, clock.days, clock.unit, calendar, pauses, until=today)
    stopped = any(pause.covers(today) for pause in pauses)
    state: ClockState
    if met_on is not None and (ends_on is None or met_on <= ends_on):
        state = "met"
    elif ends_on is not None and today > ends_on:
        state = "over"
    elif stopped:
        state = "stopped"
    else:
        state = "running"
    held = clock.unit == "calendar" or calendar.holds(clock.started, ends_on or today)
    left = clock.days - counted
    return ClockReading(clock.kind, left, ends_on, state, f"clock.{clock.kind}.{state}", held, met_on)


def pauses_from_instants(spans: Iterable[tuple[datetime, datetime | None]], calendar: Calendar) -> tuple[Pause, ...]:
    """Return `spans` of instants as pauses in civil days of `calendar`, in order, without doubles.

    The day on which a suspension arrives is not counted, the day on which work resumes is.
    """
    pauses = {
        Pause(calendar.day_of(since), calendar.day_of(until) if until is not None else None) for since, until in spans
    }
    return tuple(sorted(pauses, key=lambda pause: (pause.since, pause.until or date.max)))


def as_utc(day: date) -> datetime:
    """Return the first instant of `day` in UTC, for tests and for sorting."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _count(
    start: date, days: int, unit: Unit, calendar: Calendar, pauses: tuple[Pause, ...], *, until: date | None
) -> tuple[date | None, int]:
    """Return the last day of the window, or None if it is not reached, and the days counted up to `until`."""
    if not 0 <= days <= LONGEST_DAYS:
        raise ValueError(f"a window of {days} days; expected 0 to {LONGEST_DAYS}")
    if days == 0:
        return start, 0
    counted, counted_until = 0, 0
    for day in _days_after(start):
        if unit == "working" and not calendar.is_working(day):
            continue
        if any(pause.covers(day) for pause in pauses):
            continue
        counted += 1
        if until is not None and day <= until:
            counted_until = counted
        if counted == days:
            return day, counted_until
    return None, counted_until


def _days_after(start: date) -> Iterator[date]:
    # 27 years bound a window of ten years of working days with long pauses; an open pause never ends it.
    for step in range(1, 10_000):
        yield start + timedelta(days=step)
