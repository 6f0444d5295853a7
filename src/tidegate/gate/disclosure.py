"""Disclosure: the decision which statements of a proposal may leave; the only value a message is drafted from.

The decision is asked twice: when the officers agree, and again by the node at the moment of sending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tidegate.gate.agreement_state import AgreementState
from tidegate.gate.consent import Consent
from tidegate.gate.proposal import Approval, Proposal, proposal_digest
from tidegate.gate.protection import Passage, reasons_to_stay, stays_unseen
from tidegate.gate.refusal import Refusal, refuse
from tidegate.gate.terms import KindTerms
from tidegate.model.event import Event, Scalar
from tidegate.model.statement import Statement
from tidegate.registers.calendars import find_calendar
from tidegate.screening.finding import Reason
from tidegate.wording.refusals import say_refusal
from tidegate.wording.sentences import say

_GRANT = object()  # held by this package alone: whoever has it may make a Disclosure


@dataclass(frozen=True, slots=True)
class Withheld:
    """A statement that stays, every reason why, and whether the partner learns that something stayed."""

    statement: Statement
    reasons: tuple[Reason, ...]
    partner_will_know: bool

    def sentences(self, lang: str) -> list[str]:
        """Return every reason as a sentence in `lang`, then whether the partner learns that something stayed."""
        told = "gate.partner-will-know" if self.partner_will_know else "gate.partner-will-not-know"
        return [*(say_refusal(each.code, each.params, lang) for each in self.reasons), say(told, lang)]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go and what would stay, before anyone approves. `refusal`: why nothing at all would go."""

    goes: tuple[Statement, ...]
    stays: tuple[Withheld, ...]
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Leave to tell `recipient` the statements in `goes`. Made only by the checks of this package.

    basis: "proposal" (officers agreed) or "standing" (a standing disclosure's id is `proposal_id`).
    """

    proposal_id: str
    proposal_digest: str
    agreement_id: str
    sender: str
    recipient: str
    pillar: str
    kind: str
    purpose: str
    case_id: str
    text: str
    in_reply_to: str
    goes: tuple[Statement, ...]
    withheld: tuple[Withheld, ...]
    terms: KindTerms
    approvers: tuple[str, ...]
    decided_at: datetime
    basis: Literal["proposal", "standing"]
    grant: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.grant is not _GRANT:
            raise TypeError("a Disclosure is made by check_disclosure or check_standing, nowhere else")

    @property
    def withheld_known(self) -> int:
        """Return how many statements stay of which the partner may learn that something stayed."""
        return sum(each.partner_will_know for each in self.withheld)

    def to_event(self, actor: str) -> Event:
        """Return the decision as an event: counts and digests, no content, nothing on what stays unseen."""
        facts: dict[str, Scalar] = {
            "proposal_digest": self.proposal_digest,
            "agreement": self.agreement_id,
            "recipient": self.recipient,
            "kind": self.kind,
            "goes": len(self.goes),
            "withheld": self.withheld_known,
            "approvals": len(self.approvers),
            "basis": self.basis,
        }
        return Event("disclosure.decided", self.decided_at, actor, self.proposal_id, facts)


def preview(
    proposal: Proposal,
    statements: Sequence[Statement],
    state: AgreementState,
    now: datetime,
    *,
    consents: Sequence[Consent] = (),
) -> Preview:
    """Return what of `proposal` would go and what would stay at `now`, each with its reasons, sorted by id."""
    passage = _passage(proposal, statements, state, now, consents)
    if isinstance(passage, Refusal):
        stay = tuple(
            Withheld(each, (Reason(passage.code, passage.params),), partner_will_know=False)
            for each in sorted(statements, key=lambda each: each.id)
        )
        return Preview((), stay, passage)
    goes, stays = sort_statements(statements, passage)
    return Preview(goes, stays, _what_is_missing(proposal, goes, passage.terms))


def check_disclosure(
    proposal: Proposal,
    statements: Sequence[Statement],
    state: AgreementState,
    approvals: Sequence[Approval],
    *,
    now: datetime,
    consents: Sequence[Consent] = (),
) -> Disclosure | Refusal:
    """Decide which of `statements` may leave under the agreement at `now`, and whether enough officers agreed.

    statements: exactly those the proposal names, in any order; ValueError otherwise (a programmer's slip).
    Rules: handling of each statement (DOMAIN section 1), fields, purposes and approvals of the agreement.
    """
    passage = _passage(proposal, statements, state, now, consents)
    if isinstance(passage, Refusal):
        return passage
    goes, stays = sort_statements(statements, passage)
    missing = _what_is_missing(proposal, goes, passage.terms)
    if missing is not None:
        return missing
    digest = proposal_digest(proposal, statements)
    approvers = _approvers(proposal, digest, approvals, passage.terms)
    if isinstance(approvers, Refusal):
        return approvers
    return Disclosure(
        proposal_id=proposal.id,
        proposal_digest=digest,
        agreement_id=proposal.agreement_id,
        sender=passage.sender,
        recipient=proposal.recipient,
        pillar=proposal.pillar,
        kind=proposal.kind,
        purpose=proposal.purpose,
        case_id=proposal.case_id,
        text=proposal.text,
        in_reply_to=proposal.in_reply_to,
        goes=goes,
        withheld=stays,
        terms=passage.terms,
        approvers=approvers,
        decided_at=now,
        basis="proposal",
        grant=_GRANT,
    )


def _passage(
    proposal: Proposal,
    statements: Sequence[Statement],
    state: AgreementState,
    now: datetime,
    consents: Sequence[Consent],
) -> Passage | Refusal:
    given = [each.id for each in statements]
    if sorted(given) != sorted(set(proposal.statement_ids)):
        raise ValueError(f"proposal {proposal.id} names other statements than those given")
    agreement = state.agreement
    if proposal.agreement_id != agreement.id:
        raise ValueError(f"proposal {proposal.id} is under {proposal.agreement_id}, not {agreement.id}")
    if agreement.party(proposal.recipient) is None:
        return refuse("recipient-not-party", recipient=proposal.recipient, agreement=agreement.id)
    stopped = state.refusal_for(proposal.pillar, proposal.kind, now)
    if stopped is not None:
        return stopped
    terms = state.terms(proposal.pillar, proposal.kind)
    if terms is None:
        return refuse("kind-not-in-agreement", kind=proposal.kind, pillar=proposal.pillar, agreement=agreement.id)
    if proposal.purpose not in terms.purposes:
        return refuse("purpose-not-allowed", purpose=proposal.purpose)
    if proposal.text and not terms.text_allowed:
        return refuse("text-not-allowed", kind=proposal.kind)
    today = find_calendar(agreement.calendar_id).day_of(now)
    sender = agreement.other(proposal.recipient).node_id
    return Passage(agreement, terms, sender, proposal.recipient, proposal.purpose, now, today, tuple(consents))


def sort_statements(
    statements: Sequence[Statement], passage: Passage
) -> tuple[tuple[Statement, ...], tuple[Withheld, ...]]:
    """Return what of `statements` may go through `passage` and what stays, each sorted by id."""
    goes: list[Statement] = []
    stays: list[Withheld] = []
    for statement in sorted(statements, key=lambda each: each.id):
        reasons = reasons_to_stay(statement, passage)
        if reasons:
            stays.append(Withheld(statement, reasons, partner_will_know=not stays_unseen(reasons)))
        else:
            goes.append(statement)
    return tuple(goes), tuple(stays)


def _what_is_missing(proposal: Proposal, goes: tuple[Statement, ...], terms: KindTerms) -> Refusal | None:
    missing = terms.required - {statement.property for statement in goes}
    if missing:
        return refuse("required-field-missing", fields=", ".join(sorted(missing)), kind=proposal.kind)
    if not goes and not proposal.text:
        return refuse("nothing-goes", proposal=proposal.id)
    return None


def _approvers(
    proposal: Proposal, digest: str, approvals: Sequence[Approval], terms: KindTerms
) -> tuple[str, ...] | Refusal:
    """Return the officers whose approval counts, or why there are too few. The drafter's own never counts."""
    ours = [each for each in approvals if each.proposal_id == proposal.id]
    current = {each.approver for each in ours if each.proposal_digest == digest}
    counted = sorted(current - {proposal.drafted_by})
    if len(counted) >= terms.approvals:
        return tuple(counted)
    if proposal.drafted_by in current:
        return refuse("approver-is-drafter", officer=proposal.drafted_by)
    if any(each.proposal_digest != digest for each in ours):
        return refuse("approval-of-other-text", proposal=proposal.id)
    return refuse("approval-missing", needed=terms.approvals, given=len(counted))
