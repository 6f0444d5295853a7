"""Base64 and instants as they stand in signed texts: one spelling each, anything else refused."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime

from tidegate.trust.faults import NotCanonical

INSTANT = "%Y-%m-%dT%H:%M:%SZ"


def to_base64(data: bytes) -> str:
    """Return `data` in standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: object) -> bytes:
    """Return the bytes `text` stands for. Raises NotCanonical for any but the one proper spelling."""
    if not isinstance(text, str):
        raise NotCanonical(
            f"expected base64 text, found {type(text).__name__}",
            code="trust.base64-type",
            reason="base64",
            type=type(text).__name__,
        )
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as exc:
        raise NotCanonical(f"this is no base64: {exc}", code="trust.base64-form", reason="base64", why=exc) from exc
    # Spare bits in the last character would give one signature several spellings (RFC 4648 section 3.5).
    if to_base64(data) != text:
        raise NotCanonical("the base64 has stray bits at its end", code="trust.base64-stray", reason="base64")
    return data


def to_instant(moment: datetime) -> str:
    """Return `moment` in UTC with whole seconds, e.g. 2022-08-05T13:05:00Z."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(UTC).strftime(INSTANT)


def from_instant(text: object) -> datetime:
    """Return the instant `text` names. Raises NotCanonical for any but the form 2022-08-05T13:05:00Z."""
    try:
        moment = datetime.strptime(str(text), INSTANT).replace(tzinfo=UTC)
    except ValueError as exc:
        raise NotCanonical(
            f"{text!r} is no instant; expected 2022-08-05T13:05:00Z",
            code="trust.no-instant",
            reason="instant",
            value=text,
        ) from exc
    if not isinstance(text, str) or to_instant(moment) != text:
        raise NotCanonical(
            f"{text!r} is no instant; expected 2022-08-05T13:05:00Z",
            code="trust.no-instant",
            reason="instant",
            value=text,
        )
    return moment
