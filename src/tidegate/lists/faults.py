"""What can be wrong with a list, a pack or a shelf. Each fault is a sentence of the catalogue, said in three languages."""

from __future__ import annotations

from tidegate.errors import InputUnreadable, SettingsWrong
from tidegate.wording.problems import problem


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
    return problem(ListUnreadable, f"lists.error.{code}", **params)


def list_refused(code: str, **params: object) -> ListRefused:
    """Return the refusal `lists.error.CODE` with its English sentence."""
    return problem(ListRefused, f"lists.error.{code}", **params)


def pack_refused(code: str, **params: object) -> PackRefused:
    """Return the refusal `lists.error.CODE` with its English sentence."""
    return problem(PackRefused, f"lists.error.{code}", **params)


def shelf_wrong(code: str, **params: object) -> ShelfWrong:
    """Return the fault `lists.error.CODE` with its English sentence."""
    return problem(ShelfWrong, f"lists.error.{code}", **params)
