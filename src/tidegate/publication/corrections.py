"""Corrections: an old value struck, the new one beside it, with day, reason and by whom. None is ever removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tidegate.publication.days import day_of, last_day
from tidegate.publication.record import Item, Record
from tidegate.publication.shown import ShownCorrection, ShownIndicator


def shown_corrections(
    record: Record, on: date, visible: Mapping[str, set[str]], indicators: tuple[ShownIndicator, ...]
) -> tuple[ShownCorrection, ...]:
    """Return the corrections that touch something shown on `on`, latest first, those made later marked so.

    visible: ids shown, by "act", "pledge" and "event". A correction touches the page when its subject shows and what
    it corrects could be read by then.
    """
    shown = [
        shown_correction(record, item, on)
        for item in record.items["corrections"]
        if item.settled <= on and _touches(item, visible, indicators)
    ]
    return tuple(sorted(shown, key=lambda correction: correction.corrected_on, reverse=True))


def all_corrections(record: Record) -> tuple[ShownCorrection, ...]:
    """Return every correction of the record, latest first, as on the day it was compiled."""
    shown = [shown_correction(record, item, record.as_of) for item in record.items["corrections"]]
    return tuple(sorted(shown, key=lambda correction: correction.corrected_on, reverse=True))


def shown_correction(record: Record, item: Item, on: date) -> ShownCorrection:
    """Return one correction as a reader of `on` sees it; its words may speak of later days, so it is marked."""
    raw = item.fields
    kind, subject = next((key, value) for key, value in raw["subject"].items() if key != "period")
    corrected_on = day_of(raw["corrected_on"])
    text = record.translations.text
    return ShownCorrection(
        id=item.id,
        subject_kind=kind,
        subject=subject,
        old=text("corrections", item.id, "old", raw["old"]),
        new=item.versions["new"][-1].text,
        why=text("corrections", item.id, "why", raw["why"]),
        corrected_on=corrected_on,
        corrected_by=record.translations.word(raw["corrected_by"]),
        later=last_day(corrected_on) > on,
        sources=tuple(name for name in item.sources if record.sources[name].readable <= on),
    )


def _touches(item: Item, visible: Mapping[str, set[str]], indicators: tuple[ShownIndicator, ...]) -> bool:
    subject = item.fields["subject"]
    if "indicator" not in subject:
        kind, name = next(iter(subject.items()))
        return name in visible[kind]
    periods = {
        value.period.en
        for indicator in indicators
        if indicator.id == subject["indicator"]
        for value in indicator.values
    }
    return bool(periods) and subject.get("period", next(iter(periods), None)) in periods
