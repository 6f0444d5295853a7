"""Entries: what a node has published, numbered, and the edition made of them for one civil day.

A node publishes documents of the talks (meetings, minutes, pledges, acts) and figures. Each goes through the gate as
a disclosure to the public before it becomes an entry; nothing here decides that. A later entry for the same document
replaces the earlier one; one that says `corrects` is shown as a correction, old beside new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from tidegate.publication.shown import Cover, ShownAct, ShownCount, ShownPledge, to_plain
from tidegate.talks.act import Act, read_act, standing
from tidegate.talks.meeting import Meeting, read_meeting
from tidegate.talks.minutes import Minutes, read_minutes
from tidegate.talks.pledge import Pledge, read_pledge
from tidegate.talks.reading import (
    DocumentUnreadable,
    as_object,
    day_text,
    maybe_number,
    need,
    need_choice,
    need_day,
    need_int,
    need_text,
    number_text,
)
from tidegate.talks.standing import join_coverage
from tidegate.talks.tongues import Tongues, read_tongues
from tidegate.trust.canonical import JsonValue, digest_hex, dump_canonical
from tidegate.wording.problems import problem

ENTRY_KINDS = ("act", "pledge", "meeting", "minutes", "figure")
FIGURE_STATES = ("provisional", "final")


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """One number a node tells the public. value None means: below the floor or not given, said in words."""

    id: str
    title: Tongues
    value: Decimal | None
    unit: Tongues
    period: str
    status: str = "provisional"

    def to_json(self) -> dict[str, object]:
        """Return the figure as plain data."""
        return {
            "id": self.id,
            "title": self.title.to_json(),
            "value": number_text(self.value),
            "unit": self.unit.to_json(),
            "period": self.period,
            "status": self.status,
        }


Published = Act | Pledge | Meeting | Minutes | PublicFigure


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """One published document.

    number: counts up from 1 inside one node's publication. published: civil day at the node. by: the side that
    publishes. sides: names of the sides in words. invented: true for made-up data, which is marked on every face.
    corrects: number of the entry this one corrects, with why; None for a first word or an ordinary update.
    """

    number: int
    kind: str
    document: Mapping[str, Any]
    published: date
    by: str
    sides: Mapping[str, Tongues]
    invented: bool = False
    corrects: int | None = None
    why: Tongues | None = None

    def __post_init__(self) -> None:
        if self.kind not in ENTRY_KINDS:
            raise ValueError(f"entry kind {self.kind!r} is not one of {', '.join(ENTRY_KINDS)}")
        if (self.corrects is None) != (self.why is None):
            raise ValueError("a correction names the entry it corrects and why")
        object.__setattr__(self, "document", MappingProxyType(dict(self.document)))
        object.__setattr__(self, "sides", MappingProxyType(dict(self.sides)))

    @property
    def subject(self) -> tuple[str, str]:
        """Kind and id of the document; a later entry with the same subject replaces this one."""
        name = {"pledge": "number", "minutes": "meeting"}.get(self.kind, "id")
        return self.kind, str(self.document[name])

    def to_json(self) -> dict[str, object]:
        """Return the entry as plain data for the canonical form."""
        return {
            "number": self.number,
            "kind": self.kind,
            "document": dict(self.document),
            "published": self.published.isoformat(),
            "by": self.by,
            "sides": {side: name.to_json() for side, name in self.sides.items()},
            "invented": self.invented,
            "corrects": self.corrects,
            "why": None if self.why is None else self.why.to_json(),
        }


@dataclass(frozen=True, slots=True)
class EntryCorrection:
    """One correction of a node's publication: what stood, what stands now, why and since when."""

    kind: str
    subject: str
    old: Tongues
    new: Tongues
    why: Tongues
    corrected_on: date


@dataclass(frozen=True, slots=True)
class NodeEdition:
    """What nodes had published by the civil day `on`. invented: true if any entry is made up."""

    on: date
    acts: tuple[ShownAct, ...] = ()
    pledges: tuple[ShownPledge, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    minutes: tuple[Minutes, ...] = ()
    figures: tuple[PublicFigure, ...] = ()
    corrections: tuple[EntryCorrection, ...] = ()
    sides: Mapping[str, Tongues] = field(default_factory=dict)
    invented: bool = False
    entries: tuple[PublishedEntry, ...] = ()

    def to_json(self) -> JsonValue:
        """Return the entries as plain data; these are the bytes that the digest is over."""
        plain: Any = to_plain([entry.to_json() for entry in self.entries])
        return {"format": "tidegate-node-edition@1.0", "on": self.on.isoformat(), "entries": plain}

    def to_bytes(self) -> bytes:
        """Return the canonical bytes of the entries."""
        return dump_canonical(self.to_json())

    def digest(self) -> str:
        """Return the SHA-256 of `to_bytes` as 64 hex digits."""
        return digest_hex(self.to_bytes())


def publish(
    thing: Published,
    *,
    number: int,
    published: date,
    by: str,
    sides: Mapping[str, Tongues],
    invented: bool,
    corrects: int | None = None,
    why: Tongues | None = None,
) -> PublishedEntry:
    """Return the entry for one document of the talks or one figure."""
    kind = {Act: "act", Pledge: "pledge", Meeting: "meeting", Minutes: "minutes", PublicFigure: "figure"}[type(thing)]
    return PublishedEntry(number, kind, thing.to_json(), published, by, sides, invented, corrects, why)


def read_entry(value: object) -> PublishedEntry:
    """Return the entry that `value` (plain JSON data) holds, its document checked too. Raises DocumentUnreadable."""
    raw = as_object(value, "published entry")
    kind = need_choice(raw, "kind", ENTRY_KINDS)
    document = as_object(need(raw, "document"), kind)
    read_document(kind, document)
    invented = need(raw, "invented")
    if not isinstance(invented, bool):
        raise problem(DocumentUnreadable, "talks.no-flag", field="invented", value=repr(invented))
    sides = as_object(need(raw, "sides"), "list of sides")
    why = raw.get("why")
    return PublishedEntry(
        number=need_int(raw, "number"),
        kind=kind,
        document=document,
        published=need_day(raw, "published"),
        by=need_text(raw, "by"),
        sides={str(side): read_tongues(name, "sides") for side, name in sides.items()},
        invented=invented,
        corrects=None if raw.get("corrects") is None else need_int(raw, "corrects"),
        why=None if why is None else read_tongues(why, "why"),
    )


def read_document(kind: str, document: object) -> Published:
    """Return the typed document of an entry of `kind`. Raises DocumentUnreadable, naming the field."""
    if kind == "act":
        return read_act(document)
    if kind == "pledge":
        return read_pledge(document)
    if kind == "meeting":
        return read_meeting(document)
    if kind == "minutes":
        return read_minutes(document)
    return read_figure(document)


def read_figure(value: object) -> PublicFigure:
    """Return the figure that `value` (plain JSON data) holds. Raises DocumentUnreadable, naming the field."""
    raw = as_object(value, "figure")
    return PublicFigure(
        id=need_text(raw, "id"),
        title=read_tongues(need(raw, "title"), "title"),
        value=maybe_number(raw, "value"),
        unit=read_tongues(need(raw, "unit"), "unit"),
        period=need_text(raw, "period"),
        status=need_choice(raw, "status", FIGURE_STATES),
    )


def edition_from_entries(entries: Sequence[PublishedEntry], on: date) -> NodeEdition:
    """Return what the entries tell on the civil day `on`: the latest of each document, corrections beside it."""
    held = sorted((entry for entry in entries if entry.published <= on), key=lambda entry: entry.number)
    by_number = {entry.number: entry for entry in held}
    latest = {entry.subject: entry for entry in held}
    things = [(entry, read_document(entry.kind, entry.document)) for entry in latest.values()]
    acts = [thing for _, thing in things if isinstance(thing, Act)]
    sides: dict[str, Tongues] = {}
    for entry in held:
        sides.update(entry.sides)
    return NodeEdition(
        on=on,
        acts=tuple(_show_act(act) for act in acts),
        pledges=tuple(_show_pledge(thing, acts) for _, thing in things if isinstance(thing, Pledge)),
        meetings=tuple(thing for _, thing in things if isinstance(thing, Meeting)),
        minutes=tuple(thing for _, thing in things if isinstance(thing, Minutes)),
        figures=tuple(thing for _, thing in things if isinstance(thing, PublicFigure)),
        corrections=tuple(
            EntryCorrection(
                entry.kind,
                entry.subject[1],
                _words(by_number[entry.corrects]),
                _words(entry),
                entry.why,
                entry.published,
            )
            for entry in held
            if entry.corrects is not None and entry.why is not None and entry.corrects in by_number
        ),
        sides=sides,
        invented=any(entry.invented for entry in held),
        entries=tuple(held),
    )


def _show_act(act: Act) -> ShownAct:
    return ShownAct(
        id=act.id, by=act.by, pillar=act.pillar, heading=act.text, text=act.text, effect=None, note=None,
        done_from=None, done_to=None, announced=day_text(act.announced), in_force=day_text(act.in_force),
        effect_seen=day_text(act.effect_seen), steps=(),
        counts=tuple(ShownCount(count.by, count.number, count.unit, None) for count in act.counts),
        covers=_covers(act), standing=standing(act), attribution=act.attribution, unverified=False, sources=(),
    )  # fmt: skip


def _covers(act: Act) -> tuple[Cover, ...]:
    return tuple(Cover(act.id, f"P-{item.pledge}", item.coverage, item.why) for item in act.fulfils)


def _show_pledge(pledge: Pledge, acts: Sequence[Act]) -> ShownPledge:
    covers = tuple(cover for act in acts for cover in _covers(act) if cover.pledge == pledge.id)
    return ShownPledge(
        id=pledge.id, by=pledge.by, level=pledge.level, day=pledge.day.isoformat(), title=pledge.title,
        scope=pledge.scope, condition=pledge.condition, note=None, told_by=pledge.told_by, pillars=pledge.pillars,
        attribution="official-on-record", unverified=False, sources=(),
        coverage=join_coverage([cover.coverage or "unclear" for cover in covers]), covers=covers,
    )  # fmt: skip


def _words(entry: PublishedEntry) -> Tongues:
    """Return the entry in a few words: its text or title, with its counts or value where it has any."""
    thing = read_document(entry.kind, entry.document)
    if isinstance(thing, Act):
        return _with_numbers(thing.text, [(count.number, count.unit) for count in thing.counts])
    if isinstance(thing, PublicFigure):
        return _with_numbers(thing.title, [(thing.value, thing.unit)])
    if isinstance(thing, Pledge):
        return thing.title
    label = f"{thing.place} {thing.day}" if isinstance(thing, Meeting) else f"{thing.meeting} v{thing.version}"
    return Tongues(label, label, label)


def _with_numbers(text: Tongues, numbers: Sequence[tuple[Decimal | None, Tongues]]) -> Tongues:
    def one(lang: str) -> str | None:
        words = text.get(lang)
        if words is None:
            return None
        said = [f"{number_text(number)} {unit.say(lang)[0]}" for number, unit in numbers if number is not None]
        return f"{words} ({'; '.join(said)})" if said else words

    return Tongues(one("en"), one("zh"), one("es"))
