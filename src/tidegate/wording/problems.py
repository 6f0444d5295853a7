"""Problems: errors made of a wording code and its values, and told in the reader's language."""

from __future__ import annotations

import errno
from typing import TypeVar

from tidegate.errors import TidegateError
from tidegate.wording.sentences import knows, say

_ERROR = TypeVar("_ERROR", bound=TidegateError)


def problem(kind: type[_ERROR], code: str, /, **params: object) -> _ERROR:
    """Return an error of `kind` whose English text is the sentence of `code`. Raises KeyError for an unknown code.

    params: the sentence's values; an OSError among them is told as the system's reason.
    """
    return kind(say(code, "en", **_told(params, "en")), code=code, **params)


def problem_text(told: TidegateError, lang: str) -> str:
    """Return an error's sentence in `lang`; one that has no wording code stays as it was raised."""
    try:
        return say(told.code, lang, **_told(told.params, lang)) if knows(told.code) else str(told)
    except KeyError:
        return str(told)


def system_reason(reason: OSError, lang: str) -> str:
    """Return why the operating system refused, in `lang`; a rare reason stays in the system's own words."""
    name = errno.errorcode.get(reason.errno or 0, "")
    return say(f"system.{name}", lang) if knows(f"system.{name}") else str(reason.strerror or reason)


def _told(params: dict[str, object], lang: str) -> dict[str, object]:
    return {name: system_reason(one, lang) if isinstance(one, OSError) else one for name, one in params.items()}
