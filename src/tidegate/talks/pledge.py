"""Pledge: what was promised, by whom, and whose words we have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tidegate.talks.reading import (
    as_object,
    day_text,
    maybe_day,
    maybe_text,
    need,
    need_day,
    need_int,
    need_some,
    need_text,
    need_texts,
)
from tidegate.talks.tongues import Tongues, read_tongues


@dataclass(frozen=True, slots=True)
class Pledge:
    """One promise.

    number: counts up inside one link, printed as P-7. by: sides that promise. told_by: whose words we have; a pledge
    told only by the other side is marked so. day: civil day of the promise. due: civil day, or None for a standing
    one. level: wording code suffix such as "working-group". meeting: id of the meeting it was made at, or None.
    """

    number: int
    by: tuple[str, ...]
    title: Tongues
    scope: Tongues
    told_by: tuple[str, ...]
    day: date
    level: str = "working-group"
    due: date | None = None
    condition: Tongues | None = None
    pillars: tuple[str, ...] = ()
    meeting: str | None = None

    def __post_init__(self) -> None:
        if self.number < 1 or not self.by or not self.told_by:
            raise ValueError("a pledge needs a number from 1, a side that promises and a side that tells")

    @property
    def id(self) -> str:
        """The printed number, e.g. P-7."""
        return f"P-{self.number}"

    def told_only_by_others(self) -> bool:
        """Tell whether none of the promising sides is among those whose words we have."""
        return not set(self.by) & set(self.told_by)

    def to_json(self) -> dict[str, object]:
        """Return the pledge as plain data for the canonical form."""
        return {
            "number": self.number,
            "by": list(self.by),
            "title": self.title.to_json(),
            "scope": self.scope.to_json(),
            "told_by": list(self.told_by),
            "day": self.day.isoformat(),
            "level": self.level,
            "due": day_text(self.due),
            "condition": None if self.condition is None else self.condition.to_json(),
            "pillars": list(self.pillars),
            "meeting": self.meeting,
        }


def read_pledge(value: object) -> Pledge:
    """Return the pledge that `value` (plain JSON data) holds. Raises DocumentUnreadable, naming the field."""
    document = as_object(value, "pledge")
    condition = document.get("condition")
    return Pledge(
        number=need_int(document, "number"),
        by=need_some(document, "by"),
        title=read_tongues(need(document, "title"), "title"),
        scope=read_tongues(need(document, "scope"), "scope"),
        told_by=need_some(document, "told_by"),
        day=need_day(document, "day"),
        level=need_text(document, "level"),
        due=maybe_day(document, "due"),
        condition=None if condition is None else read_tongues(condition, "condition"),
        pillars=need_texts(document, "pillars"),
        meeting=maybe_text(document, "meeting"),
    )
