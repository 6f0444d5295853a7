"""Finding: a record, the screen that fired, a score, a level, reasons as data, and the benign explanation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["look", "ask", "hold"]
Screen = Literal["party", "goods", "red-flag", "quality"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a comparison counts: a wording code with the very values compared, made where they were compared."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duty:
    """A paper or act that one regime asks for on one leg and day; `found` tells whether the record shows it."""

    regime: str
    list: str
    duty: str
    paper: str
    found: bool
    valid_from: str
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Against:
    """What a record was compared with: kind is listed-party, substance, family, equipment or rule."""

    kind: str
    id: str
    name: str
    list: str = ""
    list_date: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `row` counts records from 0 inside the batch; `benign` is a wording code.

    subject: whose record it is about, where `value` does not say it (see `subjects`). evidence: the values the finding
    rests on. With `value` and `against.id` they make the decision key, so a decision hides nobody else's record,
    survives a new list, and falls when the evidence changes.
    """

    row: int
    screen: Screen
    rule: str
    level: Level
    score: float
    column: str
    value: str
    against: Against
    reasons: Sequence[Reason]
    benign: str
    duties: Sequence[Duty] = ()
    evidence: Sequence[str] = ()
    subject: Sequence[str] = ()

    @property
    def decision_key(self) -> str:
        """Return the key a decision is bound to: our text and whose it is, the listed entity or rule, the evidence."""
        return decision_key(self.value, self.against.kind, self.against.id, self.rule, (*self.subject, *self.evidence))

    @property
    def base_key(self) -> str:
        """Return the decision key without evidence: the same for one text, subject and entity whatever speaks for it."""
        return decision_key(self.value, self.against.kind, self.against.id, self.rule, self.subject)


def decision_key(value: str, against_kind: str, against_id: str, rule: str, evidence: Sequence[str]) -> str:
    """Return 32 hexadecimal characters over our folded text, what it was held against, and the sorted evidence.

    The list's version is left out on purpose (INTERFACE: a decision survives a new list).
    """
    folded = " ".join(value.casefold().split())
    parts = (folded, against_kind, against_id, rule, *sorted(evidence))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
