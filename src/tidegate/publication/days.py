"""Days of the public record: a civil day, a month (2024-04) or a year (2019), as exactly as it is known."""

from __future__ import annotations

import calendar
from datetime import date

from tidegate.errors import InputUnreadable
from tidegate.wording.problems import problem


def day_of(value: object) -> str:
    """Return a day of the record as text: 2024-01-28, 2024-01 or 2024. Raises InputUnreadable for anything else."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    first_day(text)
    return text


def first_day(text: str) -> date:
    """Return the first civil day that `text` can mean."""
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


def last_day(text: str) -> date:
    """Return the last civil day that `text` can mean: what is only known by month is public by its end."""
    year, month, day = _parts(text)
    if month is None:
        return date(year, 12, 31)
    return date(year, month, day or calendar.monthrange(year, month)[1])


def _parts(text: str) -> tuple[int, int | None, int | None]:
    pieces = text.split("-")
    try:
        numbers = [int(piece) for piece in pieces]
        if not 1 <= len(numbers) <= 3 or [len(piece) for piece in pieces] != [4, 2, 2][: len(pieces)]:
            raise ValueError(text)
        date(numbers[0], *[*numbers[1:], 1, 1][:2])
    except ValueError as exc:
        raise problem(InputUnreadable, "day-unreadable", text=text) from exc
    return numbers[0], numbers[1] if len(numbers) > 1 else None, numbers[2] if len(numbers) > 2 else None
