"""Parts of an edition: the record's events, pledges, acts, differences and sources as they showed on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tidegate.publication.days import day_of, first_day, last_day
from tidegate.publication.record import Expected, Item, Record
from tidegate.publication.shown import (
    Cover,
    ShownAct,
    ShownCorrection,
    ShownCount,
    ShownDelegation,
    ShownDifference,
    ShownEvent,
    ShownIndicator,
    ShownPledge,
    ShownReading,
    ShownSource,
    ShownStep,
)
from tidegate.talks.standing import join_coverage, judge_standing
from tidegate.talks.tongues import Tongues


def readable_sources(record: Record, named: tuple[str, ...], on: date) -> tuple[str, ...]:
    """Return those of the named sources that could be read by the day, in their order."""
    return tuple(name for name in named if record.sources[name].readable <= on)


def shown_events(record: Record, on: date, acts: set[str], pledges: set[str]) -> tuple[ShownEvent, ...]:
    """Return the events told by `on`, oldest first: those that happened, and those expected by then."""
    shown = []
    for item in record.items["events"]:
        expected = record.expected.get(item.id)
        happened = first_day(day_of(item.fields["date"])) <= on
        if item.opens <= on:
            shown.append(_event(record, item, on, acts, pledges))
        elif expected is not None and expected.since <= on and not happened:
            shown.append(_expected(record, item, expected))
    shown.sort(key=lambda event: (first_day(event.day), event.id))
    stops = [event.day for event in shown if event.kind == "suspension"]
    goes = [event.day for event in shown if event.kind == "resumption"]
    marked = []
    for event in shown:
        stop = max((day for day in stops if day <= event.day), default=None)
        go = max((day for day in goes if day <= event.day), default=None)
        still = stop is not None and (go is None or go < stop)
        marked.append(replace(event, suspended=True) if still else event)
    return tuple(marked)


def _event(record: Record, item: Item, on: date, acts: set[str], pledges: set[str]) -> ShownEvent:
    raw = item.fields
    text = item.text("text", on)
    assert text is not None
    end = raw.get("end")
    delegations = [held for since, held in item.delegations if since <= on]
    return ShownEvent(
        id=item.id,
        kind=raw["kind"],
        day=day_of(raw["date"]),
        end=day_of(end) if end is not None and last_day(day_of(end)) <= on else None,
        place=_place(record, raw),
        by=tuple(raw["by"]),
        text=text,
        note=item.text("note", on),
        delegations=_delegations(record, delegations[-1] if delegations else {}),
        pledges=tuple(name for name in raw.get("pledges", ()) if name in pledges),
        acts=tuple(name for name in raw.get("acts", ()) if name in acts),
        attribution=_attribution(raw),
        unverified=raw.get("certainty") == "unverified",
        sources=readable_sources(record, item.sources, on),
    )


def _expected(record: Record, item: Item, expected: Expected) -> ShownEvent:
    raw = item.fields
    return ShownEvent(
        id=item.id, kind=raw["kind"], day=day_of(raw["date"]), end=None, place=_place(record, raw),
        by=tuple(raw["by"]), text=expected.text, note=None,
        delegations=_delegations(record, expected.delegations), pledges=(), acts=(),
        attribution=_attribution(raw), unverified=False, sources=expected.sources, expected=True,
    )  # fmt: skip


def _place(record: Record, raw: Mapping[str, Any]) -> Tongues | None:
    return None if raw.get("place") is None else record.translations.word(raw["place"])


def _delegations(record: Record, held: Mapping[str, Any]) -> tuple[ShownDelegation, ...]:
    word = record.translations.word
    return tuple(
        ShownDelegation(
            side=side,
            state=raw["state"].replace(" ", "_"),
            lead=None if raw.get("lead") is None else word(raw["lead"]),
            offices=tuple(word(name) for name in raw.get("agencies", ())),
            before=raw["state_before"].replace(" ", "_") if "state_before" in raw else None,
        )
        for side, raw in held.items()
        if side in record.parties
    )


def shown_acts(record: Record, on: date) -> tuple[ShownAct, ...]:
    """Return the acts told by `on`, the latest first."""
    open_pledges = {item.id for item in record.items["pledges"] if item.opens <= on}
    shown = [_act(record, item, on, open_pledges) for item in record.items["acts"] if item.opens <= on]
    # The latest first: a reader comes for what is new; unknown days last.
    return tuple(sorted(shown, key=lambda act: first_day(act.announced or "1900"), reverse=True))


def _act(record: Record, item: Item, on: date, pledges: set[str]) -> ShownAct:
    raw = item.fields
    text = item.text("text", on)
    assert text is not None
    claimed = [side for number, side in enumerate(raw["claimed_by"])
               if item.days.get(f"claimed/{side}", item.opens if number == 0 else item.settled) <= on]  # fmt: skip
    confirmed = [side for side in raw["confirmed_by"] if item.shows(f"confirmed/{side}", on)]
    done = raw.get("done")
    if done is not None and last_day(day_of(done["to"])) > on:
        done = None
    return ShownAct(
        id=item.id,
        by=tuple(raw["by"]),
        pillar=raw["pillar"],
        heading=record.headings[item.id],
        text=text,
        effect=item.text("effect", on),
        note=item.text("note", on),
        done_from=None if done is None else day_of(done["from"]),
        done_to=None if done is None else day_of(done["to"]),
        announced=_day_by(item, "announced", on, first=True),
        in_force=_day_by(item, "in_force", on),
        effect_seen=_day_by(item, "effect_seen", on),
        steps=_steps(record, item, on),
        counts=_counts(record, item, on),
        covers=tuple(
            Cover(item.id, raw_cover["pledge"], raw_cover["coverage"] if why is not None else None, why)
            for raw_cover in raw["fulfils"]
            if raw_cover["pledge"] in pledges
            for why in (item.text(f"why/{raw_cover['pledge']}", on),)
        ),
        standing=judge_standing(claimed_by=claimed, confirmed_by=confirmed),
        attribution=_attribution(raw),
        unverified=raw.get("certainty") == "unverified",
        sources=readable_sources(record, item.sources, on),
    )


def _day_by(item: Item, name: str, on: date, *, first: bool = False) -> str | None:
    """Return one of an act's three days if it had come, and could be known, by `on`."""
    value = item.fields["dates"].get(name)
    if value is None or item.days.get(f"dates/{name}", item.opens) > on:
        return None
    day = day_of(value)
    reached = first_day(day) if first else last_day(day)
    return day if reached <= on else None


def _steps(record: Record, item: Item, on: date) -> tuple[ShownStep, ...]:
    return tuple(
        ShownStep(day_of(step["date"]), record.translations.word(step["what"]), step["by"])
        for number, step in enumerate(item.fields.get("steps", ()))
        if last_day(day_of(step["date"])) <= on and item.days.get(f"steps/{number}", item.opens) <= on
    )


def _counts(record: Record, item: Item, on: date) -> tuple[ShownCount, ...]:
    shown = []
    for number, raw in enumerate(item.fields["counts"]):
        if not item.shows(f"counts/{number}", on):
            continue
        unit = raw["unit"].removesuffix("number not given").rstrip(" ,")
        shown.append(
            ShownCount(
                by=raw["by"],
                number=None if raw["number"] is None else Decimal(str(raw["number"])),
                unit=record.translations.word(unit) if unit else None,
                qualifier=raw.get("qualifier"),
            )
        )
    return tuple(shown)


def shown_pledges(record: Record, on: date, acts: tuple[ShownAct, ...]) -> tuple[ShownPledge, ...]:
    """Return the pledges told by `on`, oldest first, each with how far the shown acts cover it."""
    shown = []
    for item in record.items["pledges"]:
        if item.opens > on:
            continue
        raw = item.fields
        scope = item.text("scope", on)
        assert scope is not None
        covers = tuple(cover for act in acts for cover in act.covers if cover.pledge == item.id)
        told = [side for number, side in enumerate(raw["told_by"])
                if item.days.get(f"told/{side}", item.opens if number == 0 else item.settled) <= on]  # fmt: skip
        shown.append(
            ShownPledge(
                id=item.id,
                by=tuple(raw["by"]),
                level=raw["level"].replace(" ", "-"),
                day=day_of(raw["date"]),
                title=Tongues(**raw["title"]),
                scope=scope,
                condition=item.text("condition", on),
                note=item.text("note", on),
                told_by=tuple(told),
                pillars=tuple(raw["pillars"]),
                attribution=_attribution(raw),
                unverified=raw.get("certainty") == "unverified",
                sources=readable_sources(record, item.sources, on),
                # An act that nobody has judged by this day leaves the coverage unclear: it is not "no act found".
                coverage=join_coverage([cover.coverage or "unclear" for cover in covers]),
                covers=covers,
            )
        )
    return tuple(sorted(shown, key=lambda pledge: (first_day(pledge.day), pledge.id)))


def shown_differences(record: Record, on: date) -> tuple[ShownDifference, ...]:
    """Return the differences of which at least two accounts could be read by `on`."""
    shown = []
    for item in record.items["disputes_or_differences"]:
        raw = item.fields
        readings = []
        for number, reading in enumerate(raw["readings"]):
            text = item.text(f"readings/{number}", on)
            if text is None:
                continue
            named = readable_sources(record, tuple(reading["sources"]), on)
            by = reading["by"]
            who = record.parties.get(by) or record.translations.word(by)
            readings.append(ShownReading(who, _grade(record, by, named), text, named))
        question = item.text("question", on)
        if len(readings) < 2 or question is None:
            continue  # one account alone differs from nothing
        state = item.text("state", on)
        shown.append(
            ShownDifference(
                id=item.id,
                about=tuple(name for about in raw["about"] for name in about.values()),
                question=question,
                readings=tuple(readings),
                state="open" if state is None else (state.en or "open").split(":")[0].split()[0],
                why=_after_colon(state),
                note=item.text("note", on),
            )
        )
    return tuple(shown)


def _after_colon(state: Tongues | None) -> Tongues | None:
    """Return the words after "explained:" or the whole of a state without a colon that says more than one word."""
    if state is None or state.en is None or (":" not in state.en and " " not in state.en):
        return None
    english = state.en.split(": ", 1)[-1]
    return Tongues(en=english, zh=state.zh, es=state.es)


def _grade(record: Record, by: str, sources: tuple[str, ...]) -> str:
    """Return the grade of one account: who is not named in it, or only in sources that may not name them."""
    kinds = [record.sources[name].kind for name in sources]
    if "anonymous" in by or "unnamed" in by:
        return "anonymous-official"
    if by.startswith("press") or by.endswith("press"):
        return "press"
    unnamed = bool(kinds) and all("anonymous" in kind or "not named" in kind for kind in kinds)
    return "anonymous-official" if unnamed else "official-on-record"


def _attribution(raw: Mapping[str, Any]) -> str:
    return str(raw["attribution"]).replace(" ", "-")


def shown_sources(
    record: Record,
    on: date,
    parts: tuple[ShownEvent | ShownPledge | ShownAct, ...],
    differences: tuple[ShownDifference, ...],
    indicators: tuple[ShownIndicator, ...],
    corrections: tuple[ShownCorrection, ...],
) -> tuple[ShownSource, ...]:
    """Return the sources that the shown parts name, in the record's order."""
    named = {name for part in parts for name in part.sources}
    named |= {name for difference in differences for reading in difference.readings for name in reading.sources}
    named |= {value.source for indicator in indicators for value in indicator.values}
    named |= {name for correction in corrections for name in correction.sources}
    return tuple(
        ShownSource(
            id=source.id,
            publisher=source.publisher,
            title=source.title,
            published=source.published,
            read=source.read,
            kind=source.kind,
            language=source.language,
            link=None if source.url is None else f"source/{source.id}",
        )
        for source in record.sources.values()
        if source.id in named and source.readable <= on
    )
