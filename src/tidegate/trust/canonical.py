"""Canonical JSON: one value, one sequence of bytes, so that a digest or signature means the value (RFC 8785).

A subset of RFC 8785: objects, arrays, strings, whole numbers within 2^53-1 either way, true, false, null. There are no
fractions: a mass or an amount is written as text, so no machine rounds it. Names are sorted by UTF-16 code units.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from tidegate.trust.faults import NotCanonical

MAX_INTEGER = 2**53 - 1  # RFC 7493 section 2.2: beyond it other readers lose digits
MAX_DEPTH = 64

JsonValue = dict[str, "JsonValue"] | list["JsonValue"] | str | int | bool | None


def dump_canonical(value: object) -> bytes:
    """Return the canonical bytes of `value`: mappings with text names, lists or tuples, str, int, bool, None.

    Raises NotCanonical for anything else, for a number beyond 2^53-1, a lone surrogate, or nesting over 64 deep.
    """
    ordered = _ordered(value, 0)
    text = json.dumps(ordered, ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise NotCanonical(
            "a text holds half of a surrogate pair, which is no character",
            code="trust.text-surrogate",
            reason="surrogate",
        ) from exc


def load_canonical(data: bytes) -> JsonValue:
    """Return the value that `data` spells. Raises NotCanonical unless `data` is exactly its canonical form.

    A second spelling of the same value (spaces, another order, a repeated name, 1.0 for 1) is refused, so that two
    readers can never see two values in one signed text.
    """
    try:
        value: JsonValue = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except UnicodeDecodeError as exc:
        raise NotCanonical(
            f"the text is not UTF-8 at byte {exc.start}", code="trust.text-utf-8", reason="utf-8", byte=exc.start
        ) from exc
    except RecursionError as exc:
        raise NotCanonical(
            f"the text is nested more than {MAX_DEPTH} deep", code="trust.text-depth", reason="depth", most=MAX_DEPTH
        ) from exc
    except ValueError as exc:
        raise NotCanonical(f"the text is no JSON: {exc}", code="trust.text-json", reason="json", why=exc) from exc
    if dump_canonical(value) != data:
        raise NotCanonical(
            "the text is JSON but not in its canonical form (RFC 8785); it was changed after it was made",
            code="trust.text-spelling",
            reason="spelling",
        )
    return value


def digest_hex(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 hexadecimal characters."""
    return hashlib.sha256(data).hexdigest()


def _ordered(value: object, depth: int) -> object:
    """Return `value` with every object's names in order, checking each part on the way down."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise NotCanonical(
                f"the number {value} is beyond 2^53-1; write it as text",
                code="trust.text-large-number",
                reason="number",
                value=value,
            )
        return value
    if depth >= MAX_DEPTH:
        raise NotCanonical(
            f"the value is nested more than {MAX_DEPTH} deep", code="trust.text-depth", reason="depth", most=MAX_DEPTH
        )
    if isinstance(value, Mapping):
        return {name: _ordered(value[name], depth + 1) for name in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_ordered(item, depth + 1) for item in value]
    raise NotCanonical(
        f"{type(value).__name__} has no canonical form; expected object, array, text, whole number, true, false or null",
        code="trust.text-type",
        reason="type",
        type=type(value).__name__,
    )


def _utf16(name: object) -> bytes:
    if not isinstance(name, str):
        raise NotCanonical(
            f"an object's names are texts, not {type(name).__name__}",
            code="trust.text-name-type",
            reason="type",
            type=type(name).__name__,
        )
    try:
        return name.encode("utf-16-be")
    except UnicodeEncodeError as exc:
        raise NotCanonical(
            "a name holds half of a surrogate pair", code="trust.text-surrogate", reason="surrogate"
        ) from exc


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotCanonical("a name stands twice in one object", code="trust.text-name-twice", reason="repeated-name")
    return made


def _no_fraction(text: str) -> int:
    raise NotCanonical(
        f"{text} is no whole number; write fractions as text", code="trust.text-fraction", reason="number", value=text
    )
