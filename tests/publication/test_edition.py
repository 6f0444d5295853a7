"""The record as it could be read by a day: what must show, and that nothing shows before its day."""

from __future__ import annotations

import calendar
import dataclasses
import json
import re
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.publication.days import last_day
from tidegate.publication.edition import Edition, edition, edition_csv
from tidegate.publication.figures import tally_pledges
from tidegate.publication.record import KINDS, load_record
from tidegate.talks.tongues import Tongues

RECORD = load_record()


@cache
def on_day(on: date) -> Edition:
    return edition(RECORD, on)


THE_WEEK = date(2024, 1, 28)
DAYS = tuple(day for day in RECORD.changing_days() if date(2018, 1, 1) <= day <= date(2026, 12, 31))
MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}

SPOKEN_DAY = re.compile(r"\b(?:(\d{1,2}) )?(?:(" + "|".join(MONTHS) + r") )?(20\d\d)\b")

# Words of later facts, and the first day on which they may be read outside a correction.
NOT_BEFORE = {
    "467 days": date(2023, 11, 15),
    "China later names this": date(2022, 8, 13),
    "Counternarcotics Working Group is launched": date(2024, 1, 30),
    "pause over": date(2024, 12, 31),
    "later reports find sales": date(2024, 12, 31),
    "Twenty-five": date(2024, 12, 31),
    "again in 2025": date(2025, 9, 18),
    "substitutes had appeared": date(2025, 6, 20),
    "eleventh was in February": date(2026, 2, 14),
    "no meeting in 2025 or 2026": date(2026, 11, 24),
    "also through the tariff dispute": date(2026, 2, 14),
    "continued in June 2024": date(2024, 6, 20),
    "confirmed by the director on 12 November": date(2025, 11, 12),
    "the summit": date(2023, 11, 14),
}


def test_the_week_of_28_january_2024_says_what_was_said():
    shown = on_day(THE_WEEK)
    acts = {act.id: act for act in shown.acts}
    for name, number in (("company-closed", 1), ("payments-blocked", None), ("information-resumed", None)):
        act = acts[name]
        assert (act.standing.kind, act.standing.by) == ("claimed", ("US",))
        assert act.attribution == "anonymous-official"
        assert act.counts[0].number == number
    assert tally_pledges(shown.pledges) == (("full", 2), ("part", 2), ("none", 5))
    assert {(c.id, c.later) for c in shown.corrections} == {("own-clamp-down-payments", True), ("deaths-2022", True)}


def test_the_delegation_of_china_is_not_announced_before_the_meeting_and_announced_on_the_day():
    def china(on: date):
        meeting = next(event for event in on_day(on).events if event.id == "meeting-2024-01")
        return meeting.expected, next(d for d in meeting.delegations if d.side == "CN")

    expected, before = china(THE_WEEK)
    assert expected
    assert (before.state, before.lead) == ("not_announced", None)
    expected, on_the_day = china(date(2024, 1, 30))
    assert not expected
    assert (on_the_day.state, on_the_day.before) == ("announced_on_the_day", "not_announced")


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_no_later_source_is_used_on_any_day_of_change(on):
    shown = on_day(on)
    for part in (*shown.events, *shown.pledges, *shown.acts):
        assert part.sources, f"{part.id} shows on {on} without a source"
        assert all(RECORD.sources[name].readable <= on for name in part.sources)
    for difference in shown.differences:
        for reading in difference.readings:
            assert reading.sources
            assert all(RECORD.sources[name].readable <= on for name in reading.sources)
    for indicator in shown.indicators:
        assert all(RECORD.sources[value.source].readable <= on for value in indicator.values)
    assert all(RECORD.sources[source.id].readable <= on for source in shown.sources)
    for correction in shown.corrections:
        assert correction.later == (last_day(correction.corrected_on) > on)


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_no_text_speaks_of_a_later_day(on):
    text = _said(on_day(on))
    for words, first in NOT_BEFORE.items():
        assert on >= first or words not in text, f"{words!r} shows on {on}, before {first}"
    for match in SPOKEN_DAY.finditer(text):
        day, month, year = match.groups()
        spoken = date(int(year), MONTHS[month] if month else 1, int(day) if day and month else 1)
        context = text[max(0, match.start() - 60) : match.end() + 40]
        assert spoken <= on, f"{match.group()!r} on {on}: …{context}…"


def test_an_edition_only_grows_but_for_wordings():
    sizes = [len(on_day(day).acts) + len(on_day(day).pledges) for day in DAYS]
    assert all(earlier <= later for earlier, later in pairwise(sizes))


def test_a_text_shows_only_when_all_its_sources_could_be_read_or_a_day_was_set_by_hand():
    for kind, items in RECORD.items.items():
        for item in items:
            if kind == "corrections":
                continue
            opened = [v.since for v in item.versions[KINDS[kind]] if v.since > date.min]
            for since in opened:
                readable = [name for name in item.sources if RECORD.sources[name].readable <= since]
                assert readable, f"{kind}/{item.id} opens on {since} before any of its sources"


def test_the_last_edition_holds_the_whole_record():
    shown = on_day(RECORD.as_of)
    assert len(shown.events) == len(RECORD.items["events"])
    assert len(shown.pledges) == len(RECORD.items["pledges"])
    assert len(shown.acts) == len(RECORD.items["acts"])
    assert len(shown.differences) == len(RECORD.items["disputes_or_differences"])
    assert len(shown.corrections) == len(RECORD.items["corrections"])


def test_every_text_of_events_pledges_acts_differences_and_corrections_stands_in_three_languages():
    for day in DAYS:
        shown = on_day(day)
        for text in _tongues((shown.events, shown.pledges, shown.acts, shown.differences, shown.corrections)):
            assert text.zh, f"no Chinese for {text.en!r}"
            assert text.es, f"no Spanish for {text.en!r}"


def test_every_translation_belongs_to_a_text_of_the_record():
    for held in (RECORD.translations.zh, RECORD.translations.es):
        for kind in KINDS:
            known = {item.id: item for item in RECORD.items[kind]}
            for name, fields in held[kind].items():
                for key in fields:
                    field = key.split("@")[0]
                    assert field in known[name].versions, f"{kind}/{name}/{key} translates nothing"


def test_the_packaged_record_is_the_record_as_it_was_compiled():
    compiled = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "cooperation" / "record.yaml"
    if not compiled.exists():
        pytest.skip("the folder shared/ with the compiled record is not beside this repository")
    packaged = resources.files("tidegate.publication").joinpath("data", "record.yaml")
    assert packaged.read_bytes() == compiled.read_bytes()


def test_the_digest_is_of_the_bytes_that_are_served():
    shown = on_day(THE_WEEK)
    assert sha256(shown.to_bytes()).hexdigest() == shown.digest()
    assert shown.digest() != on_day(date(2024, 1, 30)).digest()


@settings(max_examples=30, deadline=None)
@given(st.dates(date(2017, 1, 1), date(2028, 1, 1)))
def test_any_day_gives_an_edition_whose_bytes_are_stable(on):
    assert edition(RECORD, on).to_bytes() == edition(RECORD, on).to_bytes()
    assert json.loads(edition(RECORD, on).to_bytes())["on"] == on.isoformat()


def test_csv_says_number_not_given_and_never_zero_for_it():
    rows = edition_csv(on_day(THE_WEEK), "en").splitlines()
    blocked = next(row for row in rows if row.startswith("payments-blocked"))
    assert "number not given" in blocked
    assert ",0," not in blocked


def _said(shown: Edition) -> str:
    """Every word of the edition but corrections, sources' own lines, and days that are known to lie ahead."""
    bare = dataclasses.replace(shown, corrections=(), sources=(), record_as_of=shown.on)
    bare = dataclasses.replace(bare, events=tuple(event for event in bare.events if not event.expected))
    return json.dumps([text.en for text in _tongues(bare)], ensure_ascii=False)


def _tongues(value: object) -> list[Tongues]:
    if isinstance(value, Tongues):
        return [value]
    if dataclasses.is_dataclass(value):
        return [text for field in dataclasses.fields(value) for text in _tongues(getattr(value, field.name))]
    if isinstance(value, tuple | list):
        return [text for item in value for text in _tongues(item)]
    return [text for item in value.values() for text in _tongues(item)] if hasattr(value, "values") else []
