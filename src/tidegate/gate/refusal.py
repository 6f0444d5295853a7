"""Refusal: the expected answer No, as a value with a code and the values it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tidegate.model.event import Event
from tidegate.wording.refusals import refusal_text


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not pass. code: stable; its sentence is the wording code "refusal.<code>"."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def wording(self) -> str:
        """Return the wording code of the sentence."""
        return f"refusal.{self.code}"

    def sentence(self, lang: str) -> str:
        """Return the whole sentence in `lang` (en, zh or es)."""
        return refusal_text(self.code, self.params, lang)

    def to_event(self, kind: str, *, actor: str, subject: str, at: datetime) -> Event:
        """Return the refusal as an event: its code only, because params may hold a name or a value."""
        return Event(kind, at, actor, subject, {"code": self.code})


def refuse(code: str, /, **params: object) -> Refusal:
    """Return the refusal `code`, each parameter as text."""
    return Refusal(code, {name: str(value) for name, value in params.items()})
