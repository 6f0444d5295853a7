"""Reading documents of the talks: small checks that name the field, what was expected and what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from tidegate.errors import InputUnreadable
from tidegate.wording.problems import problem


class DocumentUnreadable(InputUnreadable):
    """A document of the talks lacks a field or holds one of the wrong kind. Ask its author for a mended one."""

    code = "talks-document-unreadable"


def need(document: object, field: str) -> object:
    """Return `document[field]`. Raises DocumentUnreadable if it is no object or the field is missing."""
    if not isinstance(document, Mapping):
        raise problem(DocumentUnreadable, "talks.no-object", field=field, value=_shown(document))
    if field not in document:
        raise problem(DocumentUnreadable, "talks.field-missing", field=field)
    return document[field]


def need_text(document: object, field: str) -> str:
    """Return a field that must be non-empty text."""
    value = need(document, field)
    if not isinstance(value, str) or not value.strip():
        raise problem(DocumentUnreadable, "talks.no-words", field=field, value=_shown(value))
    return value


def need_int(document: object, field: str) -> int:
    """Return a field that must be a whole number of 1 or more."""
    value = need(document, field)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise problem(DocumentUnreadable, "talks.no-number", field=field, value=_shown(value))
    return value


def need_list(document: object, field: str) -> Sequence[object]:
    """Return a field that must be a list (it may be empty)."""
    value = need(document, field)
    if not isinstance(value, list | tuple):
        raise problem(DocumentUnreadable, "talks.no-list", field=field, value=_shown(value))
    return value


def need_texts(document: object, field: str) -> tuple[str, ...]:
    """Return a field that must be a list of non-empty texts."""
    values = need_list(document, field)
    if not all(isinstance(value, str) and value for value in values):
        raise problem(DocumentUnreadable, "talks.no-word-list", field=field, value=_shown(values))
    return tuple(str(value) for value in values)


def need_some(document: object, field: str) -> tuple[str, ...]:
    """Return a field that must be a list of at least one non-empty text."""
    values = need_texts(document, field)
    if not values:
        raise problem(DocumentUnreadable, "talks.field-empty", field=field)
    return values


def as_object(document: object, what: str) -> Mapping[str, object]:
    """Return `document` if it is a JSON object. Raises DocumentUnreadable, naming `what` was looked for."""
    if not isinstance(document, Mapping):
        raise problem(DocumentUnreadable, "talks.not-object", field=what, value=_shown(document))
    return document


def need_choice(document: object, field: str, choices: Sequence[str]) -> str:
    """Return a field that must be one of `choices`."""
    value = need_text(document, field)
    if value not in choices:
        raise problem(
            DocumentUnreadable, "talks.no-choice", field=field, value=_shown(value), allowed=", ".join(choices)
        )
    return value


def maybe_text(document: Mapping[str, object], field: str) -> str | None:
    """Return a text field, or None where it is missing or null."""
    return None if document.get(field) is None else need_text(document, field)


def maybe_day(document: Mapping[str, object], field: str) -> date | None:
    """Return a civil day, or None where it is missing or null. Raises DocumentUnreadable for anything else."""
    text = maybe_text(document, field)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise problem(DocumentUnreadable, "talks.no-day", field=field, value=_shown(text)) from exc


def need_day(document: Mapping[str, object], field: str) -> date:
    """Return a civil day that must be there."""
    day = maybe_day(document, field)
    if day is None:
        raise problem(DocumentUnreadable, "talks.day-missing", field=field)
    return day


def maybe_number(document: Mapping[str, object], field: str) -> Decimal | None:
    """Return a number kept as text ("4973.4"), or None, which means: number not given."""
    value = document.get(field)
    if value is None:
        return None
    try:
        number = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or number < 0:
        raise problem(DocumentUnreadable, "talks.no-count", field=field, value=_shown(value))
    return number


def day_text(day: date | None) -> str | None:
    """Return the day as 2022-08-05, or None."""
    return None if day is None else day.isoformat()


def number_text(number: Decimal | None) -> str | None:
    """Return the number as plain text without exponent or trailing zeros ("4973.4", "1000"), or None."""
    if number is None:
        return None
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(value: object) -> str:
    """Return a value as an error shows it: its spelling, cut where it is long."""
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."
