"""Refusals told in the reader's language: the code of a refusal and the values it was made of become a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from tidegate.wording.sentences import knows, say


def say_refusal(code: str, params: Mapping[str, object], lang: str) -> str:
    """Return the sentence of a refusal or of a reason to withhold; kinds, pillars, fields and forms are named in `lang`.

    Raises KeyError for an unknown code or a missing value.
    """
    named = {name: _named(name, str(value), lang) for name, value in params.items()}
    return say(f"refusal.{code}", lang, **named)


def refusal_text(code: str, params: Mapping[str, object], lang: str) -> str:
    """Return why something was refused. A refusal whose values are not kept says what it is by its code."""
    try:
        return say_refusal(code, params, lang)
    except KeyError:
        return say("desk.refused-by-code", lang, code=code)


def field_name(name: str, lang: str) -> str:
    """Return what a column or a field of a message is called."""
    code = next((each for each in (f"field.{name}", f"column.{name}") if knows(each)), None)
    return say(code, lang) if code is not None else name.replace("_", " ")


def _named(name: str, value: str, lang: str) -> str:
    if name == "fields":
        return say("page.comma", lang).join(
            field_name(each.strip(), lang) for each in value.replace("/", ",").split(",")
        )
    for word in (f"{name}.{value}", value):
        if knows(word):
            return say(word, lang)
    return value
