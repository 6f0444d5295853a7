"""JSON texts: values out of text that is JSON for the most part: objects in a row, a comma too many, a cut end."""

from __future__ import annotations

import json
import re
from typing import Any

_BETWEEN = re.compile(r"[\s,]*")
_SHOWN = 200
_FEWEST = 2


def loads(told: str) -> Any:
    """Return the value `told` holds; a number of more digits than is counted with comes as its digits.

    Raises ValueError or RecursionError for text that is no JSON.
    """
    try:
        return json.loads(told, object_pairs_hook=_object)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return json.loads(told, object_pairs_hook=_object, parse_int=_digits)


def in_a_row(told: str) -> list[Any]:
    """Return the objects that stand one after the other over any lines, up to a closing bracket or the end.

    A piece that cannot be read comes as its text, cut short. After it, reading goes on at the next line that opens an
    object as the first one was opened. Nothing if it is no row of objects.
    """
    decoder = json.JSONDecoder(object_pairs_hook=_object, parse_int=_digits)
    found: list[Any] = []
    place = _next(told, 0)
    opening = f"\n{told[:place].rpartition(chr(10))[2]}{{" if "\n" in told else ""
    while place < len(told) and told[place] != "]":
        try:
            value, end = decoder.raw_decode(told, place)
        except (ValueError, RecursionError):
            again = told.find(opening, place) if opening else -1
            end = again + 1 if again >= 0 else len(told)
            value = told[place : min(end, place + _SHOWN)].rstrip(", \n")
        found.append(value)
        place = _next(told, end)
    read = sum(1 for each in found if isinstance(each, dict))
    return found if read and (read * 2 >= len(found) or len(found) < _FEWEST) else []


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object in which a key that stands twice holds both values: no name gets lost behind another."""
    made = dict(pairs)
    if len(made) < len(pairs):
        for name in made:
            values = [value for key, value in pairs if key == name]
            made[name] = values if len(values) > 1 else values[0]
    return made


def _digits(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text


def _next(told: str, place: int) -> int:
    between = _BETWEEN.match(told, place)
    return between.end() if between else place
