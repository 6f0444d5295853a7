"""Act: what was done, on which days, counted by whom; its standing and the pledges it serves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tidegate.talks.reading import (
    as_object,
    day_text,
    maybe_day,
    maybe_number,
    need,
    need_choice,
    need_int,
    need_list,
    need_some,
    need_text,
    need_texts,
    number_text,
)
from tidegate.talks.standing import COVERAGES, Standing, judge_standing
from tidegate.talks.tongues import Tongues, read_tongues

ATTRIBUTIONS = ("official-on-record", "anonymous-official", "press")


@dataclass(frozen=True, slots=True)
class Count:
    """One side's count. number None means "number not given": never 0, 1 or a dash."""

    by: str
    number: Decimal | None
    unit: Tongues

    def to_json(self) -> dict[str, object]:
        """Return the count with its number as text, or null."""
        return {"by": self.by, "number": number_text(self.number), "unit": self.unit.to_json()}


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """How far an act covers the pledge with this number: full, part or unclear, by a person's judgement, and why."""

    pledge: int
    coverage: str
    why: Tongues

    def __post_init__(self) -> None:
        if self.coverage not in COVERAGES[:3]:
            raise ValueError(f"coverage {self.coverage!r} is not full, part or unclear")

    def to_json(self) -> dict[str, object]:
        """Return the judgement as plain data."""
        return {"pledge": self.pledge, "coverage": self.coverage, "why": self.why.to_json()}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done by one or more sides.

    The three days are civil days; None means not known. claimed_by: who says that it happened; confirmed_by: who
    else takes it as fact; disputed_by: whose text differs. attribution: one of ATTRIBUTIONS; no grade carries a name.
    """

    id: str
    by: tuple[str, ...]
    pillar: str
    text: Tongues
    announced: date | None = None
    in_force: date | None = None
    effect_seen: date | None = None
    counts: tuple[Count, ...] = ()
    fulfils: tuple[Fulfilment, ...] = ()
    claimed_by: tuple[str, ...] = ()
    confirmed_by: tuple[str, ...] = ()
    disputed_by: tuple[str, ...] = ()
    attribution: str = "official-on-record"

    def __post_init__(self) -> None:
        if not self.by or not self.claimed_by:
            raise ValueError("an act needs who did it and who says so")
        if self.attribution not in ATTRIBUTIONS:
            raise ValueError(f"attribution {self.attribution!r} is not one of {', '.join(ATTRIBUTIONS)}")

    def to_json(self) -> dict[str, object]:
        """Return the act as plain data for the canonical form."""
        return {
            "id": self.id,
            "by": list(self.by),
            "pillar": self.pillar,
            "text": self.text.to_json(),
            "announced": day_text(self.announced),
            "in_force": day_text(self.in_force),
            "effect_seen": day_text(self.effect_seen),
            "counts": [count.to_json() for count in self.counts],
            "fulfils": [fulfilment.to_json() for fulfilment in self.fulfils],
            "claimed_by": list(self.claimed_by),
            "confirmed_by": list(self.confirmed_by),
            "disputed_by": list(self.disputed_by),
            "attribution": self.attribution,
        }


def standing(act: Act) -> Standing:
    """Return the act's standing: claimed (by whom), confirmed or disputed."""
    return judge_standing(claimed_by=act.claimed_by, confirmed_by=act.confirmed_by, disputed_by=act.disputed_by)


def confirm_act(act: Act, side: str, count: Count | None = None) -> Act:
    """Return the act with `side` taking it as fact, with that side's own count if it gives one.

    A side that disputed the act and now confirms it no longer disputes it. Its earlier count is replaced.
    """
    counts = act.counts if count is None else _with_count(act.counts, side, count)
    return replace(
        act,
        counts=counts,
        confirmed_by=_with_side(act.confirmed_by, side),
        disputed_by=tuple(other for other in act.disputed_by if other != side),
    )


def dispute_act(act: Act, side: str, count: Count | None = None) -> Act:
    """Return the act with `side` saying that its own text or count differs."""
    counts = act.counts if count is None else _with_count(act.counts, side, count)
    return replace(
        act,
        counts=counts,
        confirmed_by=tuple(other for other in act.confirmed_by if other != side),
        disputed_by=_with_side(act.disputed_by, side),
    )


def read_act(value: object) -> Act:
    """Return the act that `value` (plain JSON data) holds. Raises DocumentUnreadable, naming the field."""
    document = as_object(value, "act")
    return Act(
        id=need_text(document, "id"),
        by=need_some(document, "by"),
        pillar=need_text(document, "pillar"),
        text=read_tongues(need(document, "text"), "text"),
        announced=maybe_day(document, "announced"),
        in_force=maybe_day(document, "in_force"),
        effect_seen=maybe_day(document, "effect_seen"),
        counts=tuple(_read_count(item) for item in need_list(document, "counts")),
        fulfils=tuple(_read_fulfilment(item) for item in need_list(document, "fulfils")),
        claimed_by=need_some(document, "claimed_by"),
        confirmed_by=need_texts(document, "confirmed_by"),
        disputed_by=need_texts(document, "disputed_by"),
        attribution=need_choice(document, "attribution", ATTRIBUTIONS),
    )


def _read_count(value: object) -> Count:
    document = as_object(value, "count")
    unit = read_tongues(need(document, "unit"), "unit")
    return Count(by=need_text(document, "by"), number=maybe_number(document, "number"), unit=unit)


def _read_fulfilment(value: object) -> Fulfilment:
    document = as_object(value, "judgement of coverage")
    return Fulfilment(
        pledge=need_int(document, "pledge"),
        coverage=need_choice(document, "coverage", COVERAGES[:3]),
        why=read_tongues(need(document, "why"), "why"),
    )


def _with_side(sides: tuple[str, ...], side: str) -> tuple[str, ...]:
    return sides if side in sides else (*sides, side)


def _with_count(counts: tuple[Count, ...], side: str, count: Count) -> tuple[Count, ...]:
    if count.by != side:
        raise ValueError(f"{side} cannot give a count for {count.by}")
    return (*(held for held in counts if held.by != side), count)
