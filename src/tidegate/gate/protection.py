"""Protection: why one statement must stay, judged against one recipient, purpose and instant.

Every rule is asked; a statement that breaks several says so several times. Anything the rules do not know stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tidegate.gate.agreement import Agreement
from tidegate.gate.consent import Consent
from tidegate.gate.terms import KindTerms
from tidegate.model.columns import COLUMNS
from tidegate.model.instants import format_instant
from tidegate.model.statement import Statement
from tidegate.screening.finding import Reason

CANONICAL_COLUMNS = frozenset(name for names in COLUMNS.values() for name in names)
# The partner must not learn even that a statement exists when one of these holds it back.
SILENT = frozenset({"protected-source", "embargo"})


@dataclass(frozen=True, slots=True)
class Passage:
    """One way out: from `sender` to `recipient` under `terms` of `agreement`, for `purpose`, at `now` (`today`)."""

    agreement: Agreement
    terms: KindTerms
    sender: str
    recipient: str
    purpose: str
    now: datetime
    today: date
    consents: Sequence[Consent] = ()


def reasons_to_stay(statement: Statement, passage: Passage) -> tuple[Reason, ...]:
    """Return every reason why `statement` may not go through `passage`; none means that it may go."""
    found = [*_reach(statement, passage), *_handling(statement, passage), *_onward(statement, passage)]
    return tuple(sorted(found, key=lambda reason: reason.code))


def stays_unseen(reasons: Sequence[Reason]) -> bool:
    """Tell whether the partner must not even learn that something was held back."""
    return any(reason.code in SILENT for reason in reasons)


def _reach(statement: Statement, passage: Passage) -> Iterator[Reason]:
    """What the agreement reaches: fields and purposes."""
    name = statement.property
    if name not in passage.terms.fields:
        known = name in CANONICAL_COLUMNS or name in passage.agreement.known_fields()
        yield Reason(
            "field-not-in-agreement" if known else "unknown-property", {"field": name, "kind": passage.terms.kind}
        )
    purposes = statement.handling.purposes
    if purposes and passage.purpose not in purposes:
        yield Reason("purpose-not-allowed", {"purpose": passage.purpose})


def _handling(statement: Statement, passage: Passage) -> Iterator[Reason]:
    """What the statement's own label forbids."""
    handling = statement.handling
    if handling.protected_source:
        yield Reason("protected-source")
    if handling.embargo_until is not None and passage.now < handling.embargo_until:
        yield Reason("embargo", {"until": format_instant(handling.embargo_until)})
    if handling.tlp == "RED":
        yield Reason("tlp-red")
    if handling.release_to and passage.recipient not in handling.release_to:
        yield Reason("release-to-other", {"recipient": passage.recipient})
    if handling.retain_until is not None and handling.retain_until < passage.today:
        yield Reason("retain-until-past", {"day": handling.retain_until.isoformat()})


def _onward(statement: Statement, passage: Passage) -> Iterator[Reason]:
    """What others said stays with us unless they consent: originator control and the third-party rule."""
    handling = statement.handling
    originator = handling.originator
    sender, recipient = passage.agreement.party(passage.sender), passage.agreement.party(passage.recipient)
    if sender is not None and sender.is_named(originator):
        return
    if recipient is not None and recipient.is_named(originator):
        return  # giving back to the originator what it said itself tells it nothing new
    where = {"recipient": passage.recipient, "purpose": passage.purpose}
    if any(consent.covers(statement, today=passage.today, **where) for consent in passage.consents):
        return
    if handling.originator_control:
        yield Reason("originator-control", {"originator": originator})
    # TLP 2.0: AMBER stays with the organisation that got it and its clients; AMBER+STRICT with the organisation.
    if handling.third_party_rule or handling.tlp in ("AMBER", "AMBER+STRICT"):
        yield Reason("third-party-rule", {"originator": originator})
