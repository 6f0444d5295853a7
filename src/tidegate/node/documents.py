"""How the core's frozen values are written into the node's documents and read back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date
from typing import Any

from tidegate.casework.case import Case
from tidegate.gate.proposal import Approval, Proposal, handling_document
from tidegate.model.handling import Handling
from tidegate.model.instants import format_instant, parse_instant
from tidegate.model.statement import Statement
from tidegate.node.keyring import OwnKeys
from tidegate.trust.envelope import seal_to_self
from tidegate.trust.keys import WorkingKeys


def handling_from_document(document: Mapping[str, Any]) -> Handling:
    """Return the handling that `gate.proposal.handling_document` wrote."""
    return Handling(
        originator=document["originator"],
        tlp=document["tlp"],
        source_grade=document["source_grade"],
        info_grade=document["info_grade"],
        purposes=frozenset(document["purposes"]),
        release_to=frozenset(document["release_to"]),
        originator_control=document["originator_control"],
        third_party_rule=document["third_party_rule"],
        protected_source=document["protected_source"],
        do_not_tell_subject=document["do_not_tell_subject"],
        embargo_until=parse_instant(document["embargo_until"]) if document["embargo_until"] else None,
        retain_until=date.fromisoformat(document["retain_until"]) if document["retain_until"] else None,
    )


def statement_document(statement: Statement, case_id: str, working: WorkingKeys) -> dict[str, Any]:
    """Return a statement for the store. Who a protected source is lies sealed: the database alone does not tell."""
    document: dict[str, Any] = {
        "case_id": case_id,
        "subject": statement.subject,
        "property": statement.property,
        "handling": handling_document(statement.handling),
        "seen": statement.seen,
        "language": statement.language,
    }
    if statement.handling.protected_source:
        sealed = seal_to_self(f"{statement.source}\n{statement.value}".encode(), working)
        document["sealed"] = base64.b64encode(sealed).decode()
    else:
        document["source"], document["value"] = statement.source, statement.value
    return document


def statement_from_document(key: str, document: Mapping[str, Any], own: OwnKeys) -> Statement:
    """Return the statement; a protected one is opened with our working keys."""
    if "sealed" in document:
        opened = own.open_own(base64.b64decode(document["sealed"])).decode()
        source, _, value = opened.partition("\n")
    else:
        source, value = document["source"], document["value"]
    return Statement(
        key,
        document["subject"],
        document["property"],
        value,
        handling_from_document(document["handling"]),
        source,
        document["seen"],
        document["language"],
    )


def case_document(case: Case) -> dict[str, Any]:
    """Return a case without its statements, which have rows of their own."""
    return {
        "ref": case.ref,
        "title": case.title,
        "pillar": case.pillar,
        "state": case.state,
        "opened_at": format_instant(case.opened_at),
        "opened_by": case.opened_by,
        "findings": list(case.findings),
    }


def case_from_document(key: str, document: Mapping[str, Any], statements: tuple[Statement, ...] = ()) -> Case:
    """Return the case that `case_document` wrote, with the statements given."""
    return Case(
        key,
        document["ref"],
        document["title"],
        document["pillar"],
        document["state"],
        parse_instant(document["opened_at"]),
        document["opened_by"],
        statements,
        tuple(document["findings"]),
    )


def proposal_document(proposal: Proposal, state: str) -> dict[str, Any]:
    """Return a proposal for the store. state: drafted, approved, refused or withdrawn."""
    return {
        "case_id": proposal.case_id,
        "agreement_id": proposal.agreement_id,
        "recipient": proposal.recipient,
        "pillar": proposal.pillar,
        "kind": proposal.kind,
        "purpose": proposal.purpose,
        "statement_ids": list(proposal.statement_ids),
        "drafted_by": proposal.drafted_by,
        "drafted_at": format_instant(proposal.drafted_at),
        "text": proposal.text,
        "in_reply_to": proposal.in_reply_to,
        "state": state,
    }


def proposal_from_document(key: str, document: Mapping[str, Any]) -> Proposal:
    """Return the proposal that `proposal_document` wrote."""
    return Proposal(
        key,
        document["case_id"],
        document["agreement_id"],
        document["recipient"],
        document["pillar"],
        document["kind"],
        document["purpose"],
        tuple(document["statement_ids"]),
        document["drafted_by"],
        parse_instant(document["drafted_at"]),
        document["text"],
        document["in_reply_to"],
    )


def approval_document(approval: Approval) -> dict[str, Any]:
    """Return an approval for the store."""
    return {
        "proposal_id": approval.proposal_id,
        "proposal_digest": approval.proposal_digest,
        "approver": approval.approver,
        "approved_at": format_instant(approval.approved_at),
    }


def approval_from_document(document: Mapping[str, Any]) -> Approval:
    """Return the approval that `approval_document` wrote."""
    return Approval(
        document["proposal_id"],
        document["proposal_digest"],
        document["approver"],
        parse_instant(document["approved_at"]),
    )
