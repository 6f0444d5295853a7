"""Problems: errors made of a wording code and its values, and told in the reader's language."""

from __future__ import annotations

import errno
from typing import TypeVar

from tidegate.errors import TidegateError
from tidegate.wording.refusals import refusal_text
from tidegate.wording.sentences import knows, say

_ERROR = TypeVar("_ERROR", bound=TidegateError)


def problem(kind: type[_ERROR], code: str, /, **params: object) -> _ERROR:
    """Return an error of `kind` whose English text is the sentence of `code`. Raises KeyError for an unknown code.

    params: the sentence's values; an OSError among them is told as the system's reason, an error of ours as its own
    sentence, and a tuple of either one after the other.
    """
    return kind(say(code, "en", **_told(params, "en")), code=code, **params)


def problem_sentences(told: TidegateError, lang: str) -> list[str]:
    """Return what an error says in `lang`: a sentence for each refusal that it carries, else its own sentence.

    An error whose code has no sentence is told by the code of its class; in English it stays as it was raised.
    """
    refusals = getattr(told, "refusals", ())
    if refusals:
        return [refusal_text(each.code, each.params, lang) for each in refusals]
    if lang != "en":
        for code in (told.code, told.family):
            if knows(code):
                try:
                    return [say(code, lang, **_told(told.params, lang))]
                except KeyError:
                    continue
    return [str(told)]


def problem_text(told: TidegateError, lang: str) -> str:
    """Return what an error says in `lang`, as one text."""
    return " ".join(problem_sentences(told, lang))


def system_problem(refused: OSError, lang: str) -> str:
    """Return what the operating system refused and why, in `lang`."""
    reason = system_reason(refused, lang)
    return say("shell.system-refused", lang, file=refused.filename, why=reason) if refused.filename else reason


def system_reason(reason: OSError, lang: str) -> str:
    """Return why the operating system refused, in `lang`; a rare reason stays in the system's own words."""
    name = errno.errorcode.get(reason.errno or 0, "")
    return say(f"system.{name}", lang) if knows(f"system.{name}") else str(reason.strerror or reason)


def _told(params: dict[str, object], lang: str) -> dict[str, object]:
    return {name: _in_words(one, lang) for name, one in params.items()}


def _in_words(one: object, lang: str) -> object:
    if isinstance(one, TidegateError):
        return problem_text(one, lang)
    if isinstance(one, UnicodeDecodeError):
        return say("text.no-utf-8", lang, byte=one.start)
    if isinstance(one, tuple):
        return "; ".join(str(_in_words(each, lang)) for each in one)
    return system_reason(one, lang) if isinstance(one, OSError) else one
