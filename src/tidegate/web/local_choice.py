"""Which findings of a run are listed: by level, screen, words and page, as the address of the page says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tidegate.files.screened import PlacedFinding, against_name, rule_title

SHOWN = 50
LEVELS = ("hold", "ask", "look")
SCREENS = ("party", "goods", "red-flag")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose to see. first: the number of the first finding of the page, from 0."""

    level: str = ""
    screen: str = ""
    words: str = ""
    first: int = 0

    @property
    def any(self) -> bool:
        """Tell whether anything was chosen."""
        return bool(self.level or self.screen or self.words)

    def query(self, **other: object) -> str:
        """Return the choice as the query of an address, with `other` values in place of its own."""
        values = {"level": self.level, "screen": self.screen, "q": self.words, "from": self.first or "", **other}
        kept = {name: str(value) for name, value in values.items() if value not in ("", None, 0)}
        return f"?{urlencode(kept)}" if kept else ""

    def wants(self, lang: str) -> _Wanted | None:
        """Return which findings are wanted, None for all of them."""
        return _Wanted(self, lang) if self.any else None


@dataclass(frozen=True, slots=True)
class _Wanted:
    choice: Choice
    lang: str

    def __call__(self, placed: PlacedFinding) -> bool:
        one, choice = placed.finding, self.choice
        if (choice.level and one.level != choice.level) or (choice.screen and one.screen != choice.screen):
            return False
        if not choice.words:
            return True
        text = " ".join(
            (one.value, against_name(one, self.lang), rule_title(one.rule, self.lang), placed.place, placed.file)
        )
        return all(word in text.casefold() for word in choice.words.casefold().split())


def choice_of(query: Mapping[str, str]) -> Choice:
    """Return the choice that a query or form tells; what is none counts as not chosen."""
    first = query.get("from", "")
    return Choice(
        query.get("level", "") if query.get("level") in LEVELS else "",
        query.get("screen", "") if query.get("screen") in SCREENS else "",
        query.get("q", "").strip()[:200],
        int(first) if first.isdecimal() and len(first) < 8 else 0,
    )


def listed(ordered: Sequence[PlacedFinding], choice: Choice, lang: str) -> Sequence[PlacedFinding]:
    """Return the findings of a choice out of `ordered`, all pages of them."""
    wanted = choice.wants(lang)
    shown = (one for one in ordered if one.finding.screen != "quality")
    return [one for one in shown if wanted is None or wanted(one)]
