"""The errors of the house: what was expected, what came, and what to do."""

from __future__ import annotations


class TidegateError(Exception):
    """Base of every error a person may see. Its text is a whole sentence with a mend.

    `code` is stable and machine-readable, and names the sentence; `params` are the values the sentence was made of.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **params: object) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.params = params

    @property
    def family(self) -> str:
        """Return the code of the error's class: all that a partner or a counter is told of it."""
        return type(self).code


class InputUnreadable(TidegateError):
    """A file or value could not be read at all. The text names the place and the mend."""

    code = "input-unreadable"


class SettingsWrong(TidegateError):
    """A setting, option or folder is not as the command needs it."""

    code = "settings-wrong"
