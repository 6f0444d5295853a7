"""Consent: an originator's signed leave to pass on what it said, for one recipient and purpose, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tidegate.model.statement import Statement


@dataclass(frozen=True, slots=True)
class Consent:
    """Leave by `originator` to pass `statement_ids` on to `recipient` for `purpose`, up to and including `until`.

    signed_digest: digest (hexadecimal) of the signed message that holds the consent; node files none without it.
    statement_ids: our own ids of the statements, resolved when the consent was filed.
    """

    id: str
    originator: str
    statement_ids: frozenset[str]
    recipient: str
    purpose: str
    until: date
    signed_digest: str

    def __post_init__(self) -> None:
        if not self.signed_digest:
            raise ValueError("a consent without the digest of its signed message is no consent")

    def covers(self, statement: Statement, *, recipient: str, purpose: str, today: date) -> bool:
        """Tell whether `statement` may go to `recipient` for `purpose` today by this consent."""
        return (
            statement.handling.originator == self.originator
            and statement.id in self.statement_ids
            and recipient == self.recipient
            and purpose == self.purpose
            and today <= self.until
        )
