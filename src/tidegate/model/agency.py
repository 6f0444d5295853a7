"""Agency: one legal holder of data, with its name in three languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """id: stable, e.g. "importing-side". country: ISO 3166-1 alpha-2, or "XX" for invented ones (user-assigned)."""

    id: str
    name_en: str
    name_zh: str
    name_es: str
    country: str = "XX"

    def name(self, lang: str) -> str:
        """Return the agency's name in `lang` (en, zh or es)."""
        return {"en": self.name_en, "zh": self.name_zh, "es": self.name_es}[lang]
