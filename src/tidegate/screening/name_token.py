"""Token: one compared word of a name, with its class, weight, sound and readings."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.screening.name_lexicon import BRANCH, CORE, INITIAL, NUMBER, PARTICLE, PLACE, SUFFIX, TRADE

WEIGHT = {CORE: 1.0, INITIAL: 0.4, NUMBER: 0.8, TRADE: 0.45, PLACE: 0.5, PARTICLE: 0.12, SUFFIX: 0.25, BRANCH: 0.1}


@dataclass(frozen=True, slots=True)
class Token:
    """One compared word. text: ASCII. fold: its sound. bones: consonants only. written: as it stood in the name."""

    text: str
    kind: int
    weight: float
    fold: str = ""
    bones: str = ""
    groups: tuple[str, ...] = ()
    pinyin: bool = False
    abjad: bool = False  # written without vowels (Arabic, Hebrew): only bones can be compared
    written: str = ""
    everyday: bool = False  # a word of the language or a usual given name: another such word is no slip of it


def usual_text(token: Token) -> str:
    """Return the text whose 3-grams stand for a token: a nickname's group, so that Bill and William meet."""
    groups = token.groups
    return groups[0][2:] if groups and groups[0].startswith("n:") else token.text
