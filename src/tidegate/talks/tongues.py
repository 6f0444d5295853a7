"""Tongues: one text in English, Chinese and Spanish, where a missing one is said to be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tidegate.errors import InputUnreadable
from tidegate.wording.problems import problem
from tidegate.wording.sentences import LANGUAGES


@dataclass(frozen=True, slots=True)
class Tongues:
    """One text in up to three languages; at least one is there. None means: not held in that language."""

    en: str | None = None
    zh: str | None = None
    es: str | None = None

    def __post_init__(self) -> None:
        if not (self.en or self.zh or self.es):
            raise ValueError("a text needs at least one language")

    def say(self, lang: str) -> tuple[str, str]:
        """Return the text and the language it is in: `lang` if held, else the first held of en, zh, es."""
        for candidate in (lang, *LANGUAGES):
            text = self.get(candidate)
            if text:
                return text, candidate
        raise AssertionError("unreachable: a text holds at least one language")

    def get(self, lang: str) -> str | None:
        """Return the text in `lang` (en, zh or es), or None."""
        return {"en": self.en, "zh": self.zh, "es": self.es}[lang]

    def to_json(self) -> dict[str, str]:
        """Return only the languages that are held."""
        return {lang: text for lang in LANGUAGES if (text := self.get(lang))}


def read_tongues(value: object, where: str) -> Tongues:
    """Return the text of a JSON object with keys en, zh, es. Raises InputUnreadable, naming `where`."""
    if not isinstance(value, Mapping) or not value or not set(value) <= set(LANGUAGES):
        raise problem(InputUnreadable, "talks-text-unreadable", where=where)
    for lang, text in value.items():
        if not isinstance(text, str) or not text.strip():
            raise problem(InputUnreadable, "talks-text-empty", where=where, lang=lang)
    return Tongues(**{str(lang): str(text) for lang, text in value.items()})
