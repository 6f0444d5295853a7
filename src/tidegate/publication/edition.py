"""Edition: the record as it could be read by one civil day, with later corrections marked, and its digest.

Every part obeys the day: an act shows once it was told, a count or a judgement once its source could be read, a
note or a reason once everything it speaks of was public. Only corrections look back from later.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tidegate.publication.corrections import shown_corrections
from tidegate.publication.figures import shown_indicators
from tidegate.publication.parts import (
    shown_acts,
    shown_differences,
    shown_events,
    shown_pledges,
    shown_sources,
)
from tidegate.publication.record import Record
from tidegate.publication.shown import (
    ShownAct,
    ShownCorrection,
    ShownDifference,
    ShownEvent,
    ShownIndicator,
    ShownPledge,
    ShownSource,
    to_plain,
)
from tidegate.talks.reading import number_text
from tidegate.talks.tongues import Tongues
from tidegate.trust.canonical import JsonValue, digest_hex, dump_canonical


@dataclass(frozen=True, slots=True)
class Edition:
    """What could be read by the civil day `on`. record_as_of: the day on which the record itself was compiled."""

    on: date
    record_as_of: date
    parties: Mapping[str, Tongues]
    pillars: Mapping[str, Tongues]
    events: tuple[ShownEvent, ...]
    pledges: tuple[ShownPledge, ...]
    acts: tuple[ShownAct, ...]
    differences: tuple[ShownDifference, ...]
    indicators: tuple[ShownIndicator, ...]
    corrections: tuple[ShownCorrection, ...]
    sources: tuple[ShownSource, ...]

    def to_json(self) -> JsonValue:
        """Return the edition as plain data; these are the bytes that the digest is over."""
        plain: Any = to_plain(self)
        return {"format": "tidegate-edition@1.0", **plain}

    def to_bytes(self) -> bytes:
        """Return the canonical bytes (RFC 8785 form) that report.json serves letter for letter."""
        return dump_canonical(self.to_json())

    def digest(self) -> str:
        """Return the SHA-256 of `to_bytes` as 64 hex digits: the digest at the foot of the page."""
        return digest_hex(self.to_bytes())

    def suspended_between(self) -> tuple[str | None, str | None]:
        """Return the days of the last suspension and of the resumption after it, each None if not yet read."""
        stop = max((event.day for event in self.events if event.kind == "suspension"), default=None)
        go = max((event.day for event in self.events if event.kind == "resumption"), default=None)
        return stop, go if stop is not None and go is not None and go > stop else None


def edition(record: Record, on: date) -> Edition:
    """Return only what could be read of `record` by the civil day `on`."""
    differences = shown_differences(record, on)
    indicators = shown_indicators(record, on)
    acts = shown_acts(record, on)
    pledges = shown_pledges(record, on, acts)
    events = shown_events(record, on, {act.id for act in acts}, {pledge.id for pledge in pledges})
    visible: dict[str, set[str]] = {
        "act": {act.id for act in acts},
        "pledge": {pledge.id for pledge in pledges},
        "event": {event.id for event in events},
    }
    corrections = shown_corrections(record, on, visible, indicators)
    return Edition(
        on=on,
        record_as_of=record.as_of,
        parties=record.parties,
        pillars=record.pillars,
        events=events,
        pledges=pledges,
        acts=acts,
        differences=differences,
        indicators=indicators,
        corrections=corrections,
        sources=shown_sources(record, on, (*events, *pledges, *acts), differences, indicators, corrections),
    )


def edition_csv(shown: Edition, lang: str) -> str:
    """Return the acts of an edition as CSV (RFC 4180), one row per act and count; an empty number is never 0."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["act", "by", "pillar", "text", "announced", "in_force", "effect_seen", "standing", "standing_by",
         "attribution", "unverified", "count_by", "count", "count_qualifier", "count_unit", "pledges", "sources"]
    )  # fmt: skip
    for act in shown.acts:
        for count in act.counts or (None,):
            number = None if count is None else count.number
            unit = None if count is None else count.unit
            writer.writerow(
                [act.id, " ".join(act.by), act.pillar, act.text.say(lang)[0], act.announced or "", act.in_force or "",
                 act.effect_seen or "", act.standing.kind, " ".join(act.standing.by), act.attribution,
                 "yes" if act.unverified else "no", "" if count is None else count.by,
                 number_text(number) or "number not given", "" if count is None else count.qualifier or "",
                 "" if unit is None else unit.say(lang)[0],
                 " ".join(f"{cover.pledge}:{cover.coverage or 'not judged'}" for cover in act.covers),
                 " ".join(act.sources)]
            )  # fmt: skip
    return out.getvalue()
