"""Equipment: machines, parts and supplies that the law or practice watches, with the words that mark another thing."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.registers.controls import split_cell


@dataclass(frozen=True, slots=True)
class Equipment:
    """One kind of machine, part or supply."""

    id: str
    name: str
    name_zh: str
    name_es: str
    synonyms: tuple[str, ...]
    kind: str
    hs: tuple[str, ...]
    hs_note: str
    us_duty: str
    innocent_uses: str
    look_alikes: tuple[str, ...]
    source: str
    certainty: str

    def name_in(self, lang: str) -> str:
        """Return the name in en, zh or es; the English one where the language has none."""
        return {"zh": self.name_zh, "es": self.name_es}.get(lang, self.name) or self.name

    @property
    def is_regulated(self) -> bool:
        """Tell whether US law names it a regulated machine (record, report, notice on Form 452)."""
        return self.us_duty.startswith("regulated machine")

    @property
    def is_watched(self) -> bool:
        """Tell whether it stands on the public US special surveillance list."""
        return "special surveillance list" in self.us_duty

    @property
    def is_context(self) -> bool:
        """Tell whether no duty is known: it never weighs more than a look."""
        return self.us_duty.startswith("none known")


def read_equipment(row: dict[str, str]) -> Equipment:
    """Return the equipment a row of equipment.csv states."""
    return Equipment(
        row["id"], row["name"], row["name_zh"], row["name_es"], split_cell(row["synonyms"]), row["kind"],
        split_cell(row["hs2022"]), row["hs_note"], row["us_duty"], row["innocent_uses"], split_cell(row["look_alikes"]),
        row["source"], row["certainty"],
    )  # fmt: skip
