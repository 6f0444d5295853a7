"""Instants: moments on a machine, always aware and in UTC, written 2022-08-05T13:05:00Z (ISO 8601)."""

from __future__ import annotations

from datetime import UTC, datetime

from tidegate.errors import InputUnreadable


def format_instant(moment: datetime) -> str:
    """Return `moment` as text in UTC with whole seconds, e.g. 2022-08-05T13:05:00Z."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """Return the instant that `text` names. Raises InputUnreadable for anything but 2022-08-05T13:05:00Z."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as exc:
        raise InputUnreadable(
            f"{text!r} is no instant; expected the form 2022-08-05T13:05:00Z", code="instant-unreadable", text=text
        ) from exc
