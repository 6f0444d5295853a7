"""Event: what the core decided or a person did. One event becomes one leaf of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tidegate.model.instants import format_instant

Scalar = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: `actor` did `kind` to `subject` at `at`.

    kind: dotted, past tense, e.g. "proposal.approved". actor: officer id, "node" or a partner's id.
    facts: identifiers, codes, counts and digests only; never free text, names of people or protected sources.
    """

    kind: str
    at: datetime
    actor: str
    subject: str
    facts: Mapping[str, Scalar] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """Return the event as plain data for the canonical form."""
        return {
            "kind": self.kind,
            "at": format_instant(self.at),
            "actor": self.actor,
            "subject": self.subject,
            "facts": dict(self.facts),
        }
