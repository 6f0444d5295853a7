"""Shown: the parts of one edition, each exactly as a reader of that day sees it. Frozen, and plain data on request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal

from tidegate.talks.reading import number_text
from tidegate.talks.standing import Standing
from tidegate.talks.tongues import Tongues


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source that could be read by the day. link: path of a redirect to its address, or None where none was seen."""

    id: str
    publisher: Tongues
    title: Tongues
    published: str
    read: str
    kind: str
    language: str
    link: str | None


@dataclass(frozen=True, slots=True)
class ShownDelegation:
    """Who comes for one side: a state of talks.meeting, offices in words, never a name."""

    side: str
    state: str
    lead: Tongues | None = None
    offices: tuple[Tongues, ...] = ()
    before: str | None = None


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One event. expected: told before its day, and its day has not come. suspended: cooperation was suspended then."""

    id: str
    kind: str
    day: str
    end: str | None
    place: Tongues | None
    by: tuple[str, ...]
    text: Tongues
    note: Tongues | None
    delegations: tuple[ShownDelegation, ...]
    pledges: tuple[str, ...]
    acts: tuple[str, ...]
    attribution: str
    unverified: bool
    sources: tuple[str, ...]
    expected: bool = False
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Cover:
    """One act that serves a pledge: how far, by a person's judgement, and why. None: not judged by this day."""

    act: str
    pledge: str
    coverage: str | None
    why: Tongues | None


@dataclass(frozen=True, slots=True)
class ShownPledge:
    """One pledge. coverage: the best of its acts' judgements, "none" where no act was found."""

    id: str
    by: tuple[str, ...]
    level: str
    day: str
    title: Tongues
    scope: Tongues
    condition: Tongues | None
    note: Tongues | None
    told_by: tuple[str, ...]
    pillars: tuple[str, ...]
    attribution: str
    unverified: bool
    sources: tuple[str, ...]
    coverage: str
    covers: tuple[Cover, ...]


@dataclass(frozen=True, slots=True)
class ShownCount:
    """One side's count. number None means "number not given"."""

    by: str
    number: Decimal | None
    unit: Tongues | None
    qualifier: str | None


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One finer date of an act."""

    day: str
    what: Tongues
    by: str


@dataclass(frozen=True, slots=True)
class ShownAct:
    """One act. announced, in_force, effect_seen: days as known, None for not known; not_yet: known but to come."""

    id: str
    by: tuple[str, ...]
    pillar: str
    heading: Tongues
    text: Tongues
    effect: Tongues | None
    note: Tongues | None
    done_from: str | None
    done_to: str | None
    announced: str | None
    in_force: str | None
    effect_seen: str | None
    steps: tuple[ShownStep, ...]
    counts: tuple[ShownCount, ...]
    covers: tuple[Cover, ...]
    standing: Standing
    attribution: str
    unverified: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownReading:
    """One account of a difference: who says it, in which grade of attribution."""

    by: Tongues
    grade: str
    reading: Tongues
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """Where accounts differ. state: open, explained, partly or settled; why: the explanation, if it may show."""

    id: str
    about: tuple[str, ...]
    question: Tongues
    readings: tuple[ShownReading, ...]
    state: str
    why: Tongues | None
    note: Tongues | None


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One published value. status: provisional, final or rounded; reported: the lower count beside a predicted one."""

    period: Tongues
    value: Decimal
    status: str
    published: str
    source: str
    words: Tongues | None
    reported: Decimal | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class ShownIndicator:
    """One indicator with the values published by the day. revised: old values that a shown value replaced."""

    id: str
    definition: Tongues
    unit: Tongues
    publisher: Tongues
    values: tuple[ShownValue, ...]
    revised: tuple[tuple[str, Decimal, Decimal, Tongues], ...]
    note: Tongues | None


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """One correction: the old value struck, the new one beside it. later: made after the day of the edition."""

    id: str
    subject_kind: str
    subject: str
    old: Tongues
    new: Tongues
    why: Tongues
    corrected_on: str
    corrected_by: Tongues
    later: bool
    sources: tuple[str, ...]


def to_plain(value: object) -> object:
    """Return the value as canonical JSON data: numbers with a fraction as text, days as 2022-08-05, no float."""
    if isinstance(value, Tongues):
        return value.to_json()
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    return value
