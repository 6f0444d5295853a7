"""Translations of the record's texts into Chinese and Spanish: packaged files keyed by kind, id and field.

A file holds `words` (short phrases, keyed by the English one) and one block for each kind of item, each item a table
of field to text. A dated version of a text (see asof.yaml) has the key `field@2024-01-28`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tidegate.talks.tongues import Tongues


@dataclass(frozen=True, slots=True)
class Translations:
    """The two packaged translation files, as read."""

    zh: Mapping[str, Mapping[str, object]]
    es: Mapping[str, Mapping[str, object]]

    def text(self, kind: str, item: str, field: str, english: str) -> Tongues:
        """Return `english` with the translations of kind/item/field; one that is not held is None."""
        return Tongues(en=english, zh=_look(self.zh, kind, item, field), es=_look(self.es, kind, item, field))

    def word(self, english: str) -> Tongues:
        """Return a short phrase that means the same wherever it stands (an office, a unit, a place)."""
        if not any(letter.isalpha() for letter in english):
            return Tongues(english, english, english)  # a year or a span of months reads the same everywhere
        return Tongues(en=english, zh=_word(self.zh, english), es=_word(self.es, english))


def _look(held: Mapping[str, Mapping[str, object]], kind: str, item: str, field: str) -> str | None:
    fields = held.get(kind, {}).get(item)
    text = fields.get(field) if isinstance(fields, Mapping) else None
    return text if isinstance(text, str) else None


def _word(held: Mapping[str, Mapping[str, object]], english: str) -> str | None:
    text = held.get("words", {}).get(english)
    return text if isinstance(text, str) else None
