"""Proposal: what an officer would like to tell a partner, and the approvals it gathers.

An approval is bound to the digest of exactly what was shown: change one statement and it must be given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tidegate.model.handling import Handling
from tidegate.model.instants import format_instant
from tidegate.model.statement import Statement
from tidegate.trust.canonical import digest_hex, dump_canonical


@dataclass(frozen=True, slots=True)
class Proposal:
    """A wish to send `statement_ids` of a case to `recipient` (node id) as a message of `kind` under `pillar`.

    text: free words beside the statements, only where the agreement allows text. in_reply_to: message answered.
    """

    id: str
    case_id: str
    agreement_id: str
    recipient: str
    pillar: str
    kind: str
    purpose: str
    statement_ids: tuple[str, ...]
    drafted_by: str
    drafted_at: datetime
    text: str = ""
    in_reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """A second officer's Yes to one proposal as it was shown (`proposal_digest`)."""

    proposal_id: str
    proposal_digest: str
    approver: str
    approved_at: datetime


def proposal_digest(proposal: Proposal, statements: Sequence[Statement]) -> str:
    """Return the digest (hexadecimal) of the proposal with its statements and their handling, in any order."""
    return digest_hex(
        dump_canonical(
            {
                "agreement": proposal.agreement_id,
                "case": proposal.case_id,
                "id": proposal.id,
                "in_reply_to": proposal.in_reply_to,
                "kind": proposal.kind,
                "pillar": proposal.pillar,
                "purpose": proposal.purpose,
                "recipient": proposal.recipient,
                "statements": [_statement(each) for each in sorted(statements, key=lambda each: each.id)],
                "text": proposal.text,
            }
        )
    )


def approve(proposal: Proposal, statements: Sequence[Statement], *, approver: str, now: datetime) -> Approval:
    """Return `approver`'s Yes to the proposal as it stands now. The gate judges whether that Yes counts."""
    return Approval(proposal.id, proposal_digest(proposal, statements), approver, now)


def _statement(statement: Statement) -> dict[str, object]:
    return {
        "handling": handling_document(statement.handling),
        "id": statement.id,
        "language": statement.language,
        "property": statement.property,
        "subject": statement.subject,
        "value": statement.value,
    }


def handling_document(handling: Handling) -> dict[str, object]:
    """Return a handling as plain data. `protected_source` is in it: for our own eyes, never for the wire."""
    return {
        "do_not_tell_subject": handling.do_not_tell_subject,
        "embargo_until": format_instant(handling.embargo_until) if handling.embargo_until else "",
        "info_grade": handling.info_grade,
        "originator": handling.originator,
        "originator_control": handling.originator_control,
        "protected_source": handling.protected_source,
        "purposes": sorted(handling.purposes),
        "release_to": sorted(handling.release_to),
        "retain_until": handling.retain_until.isoformat() if handling.retain_until else "",
        "source_grade": handling.source_grade,
        "third_party_rule": handling.third_party_rule,
        "tlp": handling.tlp,
    }
