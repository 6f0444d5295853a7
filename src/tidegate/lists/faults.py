"""What can be wrong with a list, a pack or a shelf. Each fault is a sentence of the catalogue, said in three languages."""

from __future__ import annotations

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.wording.sentences import knows, say


class ListUnreadable(InputUnreadable):
    """A list, or a pack that carries one, was not taken. The one held stays as it was."""

    code = "lists.error.unreadable"


class ListRefused(ListUnreadable):
    """A list that can be read but would be a bad bargain: far fewer parties, an older day, another source."""

    code = "lists.error.refused"


class PackRefused(ListUnreadable):
    """A signed pack that is cut, changed, signed by nobody we trust, or says what cannot be."""

    code = "lists.error.pack-refused"


class ShelfWrong(SettingsWrong):
    """A name, a key or an option is not as the shelf needs it."""

    code = "lists.error.shelf"


def list_unreadable(code: str, **params: object) -> ListUnreadable:
    """Return the fault `lists.error.CODE` with its English sentence."""
    return ListUnreadable(_english(code, params), code=f"lists.error.{code}", **params)


def list_refused(code: str, **params: object) -> ListRefused:
    """Return the refusal `lists.error.CODE` with its English sentence."""
    return ListRefused(_english(code, params), code=f"lists.error.{code}", **params)


def pack_refused(code: str, **params: object) -> PackRefused:
    """Return the refusal `lists.error.CODE` with its English sentence."""
    return PackRefused(_english(code, params), code=f"lists.error.{code}", **params)


def shelf_wrong(code: str, **params: object) -> ShelfWrong:
    """Return the fault `lists.error.CODE` with its English sentence."""
    return ShelfWrong(_english(code, params), code=f"lists.error.{code}", **params)


def said_in(problem: Exception, lang: str) -> str:
    """Return the sentence of a fault in `lang`, or its own text where the catalogue holds none for it."""
    code, params = getattr(problem, "code", ""), getattr(problem, "params", {})
    if code.startswith("lists.error.") and knows(code):
        return say(code, lang, **params)
    return str(problem)


def _english(code: str, params: dict[str, object]) -> str:
    return say(f"lists.error.{code}", "en", **params)
