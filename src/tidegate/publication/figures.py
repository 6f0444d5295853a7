"""Figures: the indicators' values published by a day, the packaged monthly series, and the tally of pledges.

Values of different kinds (provisional, final, an official's round word) are never one series. Source of the series:
CDC, National Center for Health Statistics, VSRR provisional drug overdose death counts, file of May 2019, rows of
the United States.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from tidegate.publication.days import day_of, last_day
from tidegate.publication.record import Item, Record
from tidegate.publication.shown import ShownIndicator, ShownPledge, ShownValue
from tidegate.talks.standing import COVERAGES

SERIES_SOURCE = "cdc-vsrr-2019-05"
_STATUS = {"provisional": "provisional", "final": "final", "rounded official word": "rounded"}


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """Deaths in the 12 months ending with `month` (2015-01). synthetic: T40.4, opioids other than methadone."""

    month: str
    predicted: int
    reported: int
    synthetic: int


@lru_cache(maxsize=1)
def monthly_series() -> tuple[SeriesPoint, ...]:
    """Return the packaged monthly series, oldest month first."""
    text = resources.files("tidegate.publication").joinpath("data", "deaths.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text))
    return tuple(
        SeriesPoint(row["month"], int(row["predicted"]), int(row["reported"]), int(row["synthetic"])) for row in rows
    )


def series_by(record: Record, on: date) -> tuple[SeriesPoint, ...]:
    """Return the monthly series if its file could be read by `on`, else nothing."""
    return monthly_series() if record.sources[SERIES_SOURCE].readable <= on else ()


def tally_pledges(pledges: Iterable[ShownPledge]) -> tuple[tuple[str, int], ...]:
    """Return (coverage, number of pledges) in the order full, part, unclear, none; kinds without a pledge left out."""
    counted = [pledge.coverage for pledge in pledges]
    return tuple((kind, counted.count(kind)) for kind in COVERAGES if kind in counted)


def shown_indicators(record: Record, on: date) -> tuple[ShownIndicator, ...]:
    """Return the indicators that have a value published by `on`, each with those values only."""
    shown = []
    published: set[tuple[str, Decimal]] = set()
    values_of = {}
    for item in record.items["indicators"]:
        values = tuple(_values(record, item, on))
        values_of[item.id] = values
        published |= {(value.period.en or "", value.value) for value in values}
    for item in record.items["indicators"]:
        definition = item.text("definition", on)
        if not values_of[item.id] or definition is None:
            continue
        word = record.translations.word
        revised = tuple(
            (str(raw["period"]), Decimal(str(raw["old"])), Decimal(str(raw["new"])), word(raw["why"]))
            for raw in item.fields["revisions"]
            if {(str(raw["period"]), Decimal(str(raw[which]))) for which in ("old", "new")} <= published
        )
        shown.append(
            ShownIndicator(
                id=item.id,
                definition=definition,
                unit=word(item.fields["unit"]),
                publisher=word(item.fields["publisher"]),
                values=values_of[item.id],
                revised=revised,
                note=item.text("note", on),
            )
        )
    return tuple(shown)


def _values(record: Record, item: Item, on: date) -> Iterable[ShownValue]:
    for raw in item.fields["values"]:
        if _published(record, raw) > on:
            continue
        words = raw.get("words")
        yield ShownValue(
            period=record.translations.word(str(raw["period"])),
            value=Decimal(str(raw["value"])),
            status=_STATUS[raw["status"]],
            published=day_of(raw["published"]),
            source=raw["source"],
            words=None if words is None else record.translations.word(words),
            reported=None if "reported" not in raw else Decimal(str(raw["reported"])),
            unverified=raw.get("certainty") == "unverified",
        )


def _published(record: Record, raw: dict[str, Any]) -> date:
    """Return the day by which a value could be read: its source's, and its own where that is an exact day."""
    readable = record.sources[raw["source"]].readable
    published = day_of(raw["published"])
    return max(readable, last_day(published)) if len(published) == 10 else readable
