"""The drawing of the deaths series: coordinates only; words come from the page, colours from classes.

Values of different kinds are never one line: the packaged monthly series is drawn as lines, single later values as
marks. A span without a file is an empty field with words in it, and the suspension a band.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tidegate.publication.days import first_day
from tidegate.publication.edition import Edition
from tidegate.publication.figures import SeriesPoint
from tidegate.publication.shown import ShownIndicator

TOP_COUNT = 120_000
PROVISIONAL = "overdose-deaths-cdc-provisional"
FINAL = "overdose-deaths-final"


@dataclass(frozen=True, slots=True)
class Box:
    """The plot's frame in drawing units; `years` is the step of the labels on the lower axis."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    years: int


WIDE = Box("wide", 860, 400, 58, 840, 24, 360, 1)
SLIM = Box("slim", 340, 360, 44, 332, 30, 316, 2)


@dataclass(frozen=True, slots=True)
class Mark:
    """One single value. label_x, label_y, anchor: where its words stand. final: drawn square, else round."""

    x: float
    y: float
    period: str
    value: Decimal
    final: bool
    labelled: bool
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws, in the units of `box`."""

    box: Box
    counts: tuple[tuple[int, float], ...]
    years: tuple[tuple[int, float], ...]
    predicted: str
    reported: str
    synthetic: str
    last_x: float
    last_predicted_y: float
    last_synthetic_y: float
    void: tuple[float, float] | None
    halt: tuple[float, float] | None
    marks: tuple[Mark, ...]


def draw_chart(shown: Edition, series: Sequence[SeriesPoint], box: Box) -> Chart | None:
    """Return the drawing for an edition, or None where no series could be read by its day."""
    if not series:
        return None
    years = max(9, shown.on.year + 1 - 2015)

    def x_of(moment: float) -> float:
        return round(box.left + (moment - 2015) / years * (box.right - box.left), 1)

    def y_of(count: int | Decimal) -> float:
        return round(box.bottom - float(count) / TOP_COUNT * (box.bottom - box.top), 1)

    def path(counts: Sequence[int]) -> str:
        spots = (f"{x_of(_month_end(point.month))},{y_of(count)}" for point, count in zip(series, counts, strict=True))
        return "M" + " ".join(spots)

    last = _month_end(series[-1].month)
    stop, go = shown.suspended_between()
    halt = None
    if stop is not None:
        end = shown.on if go is None else first_day(go)
        halt = (x_of(_year_part(first_day(stop))), x_of(_year_part(end)))
    now = _year_part(shown.on)
    void_end = min(now, 2015 + years) if halt is None else min(now, _year_part(first_day(stop or "2022")))
    return Chart(
        box=box,
        counts=tuple((count, y_of(count)) for count in range(0, TOP_COUNT + 1, 20_000)),
        years=tuple((2015 + step, x_of(2015 + step)) for step in range(0, years, box.years)),
        predicted=path([point.predicted for point in series]),
        reported=path([point.reported for point in series]),
        synthetic=path([point.synthetic for point in series]),
        last_x=x_of(last),
        last_predicted_y=y_of(series[-1].predicted),
        last_synthetic_y=y_of(series[-1].synthetic),
        void=(x_of(last + 1 / 12), x_of(void_end)) if void_end - last > 0.5 else None,
        halt=halt,
        marks=_marks(shown.indicators, last, box, x_of, y_of),
    )


def _marks(indicators: Sequence[ShownIndicator], last: float, box: Box, x_of: object, y_of: object) -> tuple[Mark, ...]:
    assert callable(x_of)
    assert callable(y_of)
    latest: dict[tuple[str, bool], Decimal] = {}
    for indicator in indicators:
        if indicator.id in (PROVISIONAL, FINAL):
            for told in indicator.values:
                latest[(told.period.en or "", indicator.id == FINAL)] = told.value
    spots = sorted(
        (moment, period, value, final)
        for (period, final), value in latest.items()
        for moment in (_period_end(period),)
        if moment > last
    )
    # Words beside every mark would cover one another: on the wide drawing calendar years speak, on the slim the last.
    speaking = [spot for spot in spots if len(spot[1]) == 4 and not spot[3]]
    if box.name == "slim":
        speaking = speaking[-1:]
    marks = []
    for spot in spots:
        moment, period, value, final = spot
        x, y = x_of(moment), y_of(value)
        # The first and the last speak to the left, where no mark is; those between, and final counts, to the right.
        left = bool(speaking) and spot in (speaking[0], speaking[-1])
        words = (round(x - 10, 1), y + 4, "end") if left else (x + 10, y + 4, "start")
        spoken = spot in speaking or (final and box.name == "wide")
        marks.append(Mark(x, y, period, value, final, spoken, *words))
    return tuple(marks)


def _month_end(month: str) -> float:
    return int(month[:4]) + int(month[5:]) / 12


def _year_part(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / (366 if calendar.isleap(day.year) else 365)


def _period_end(period: str) -> float:
    text = period.removeprefix("12 months ending ")
    return _month_end(text) if len(text) == 7 else int(text) + 1.0
