"""Cases and what may be told of them: open, add facts, propose, look at the preview, approve, queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tidegate.casework.case import Case, move_case, open_case, statements_from_record
from tidegate.errors import SettingsWrong
from tidegate.gate.disclosure import Disclosure, Preview, check_disclosure, preview
from tidegate.gate.proposal import Proposal, approve
from tidegate.gate.refusal import Refusal
from tidegate.model.handling import Handling
from tidegate.model.instants import format_instant
from tidegate.model.statement import Statement
from tidegate.node import agreements, documents, messages
from tidegate.node.node import Node, Transaction
from tidegate.trust.ids import new_id
from tidegate.wording.problems import problem


def open_new_case(
    node: Node,
    *,
    title: str,
    pillar: str,
    officer: str,
    record: Mapping[str, str | None] | None = None,
    columns: Sequence[str] | None = None,
    source: str = "",
    finding_ids: Sequence[str] = (),
    kind: str = "consignments",
) -> str:
    """Open a case, with one statement for each filled column of the record it began with. Returns its id."""
    with node.transaction() as tx:
        case_id = new_id("case")
        number = len(tx.find("case_file")) + 1
        own = Handling(originator=node.node_id, tlp="AMBER", source_grade="A", info_grade="2")
        made = statements_from_record(
            record or {},
            subject=case_id,
            handling=own,
            source=source,
            now=tx.now,
            new_id=lambda _: new_id("st"),
            kind=kind,
            columns=columns,
        )
        case, event = open_case(
            case_id=case_id,
            ref=f"{tx.now.year}-{number:04d}",
            title=title,
            pillar=pillar,
            officer=officer,
            now=tx.now,
            statements=made,
        )
        body = documents.case_document(case)
        body["findings"] = list(finding_ids)
        tx.put("case_file", case_id, body)
        for statement in made:
            _put_statement(tx, statement, case_id)
        for finding_id in finding_ids:
            found = tx.get("finding", finding_id, lock=True)
            tx.put("finding", finding_id, {**found, "state": "case", "case_id": case_id})
        tx.event(event.kind, event.actor, event.subject, **dict(event.facts))
        return case_id


def add_statement(
    node: Node,
    case_id: str,
    *,
    name: str,
    value: str,
    handling: Handling,
    source: str,
    officer: str,
    language: str = "und",
) -> str:
    """Add one fact to a case. name: canonical column or a field of a message kind. Returns the statement's id."""
    with node.transaction() as tx:
        tx.get("case_file", case_id)
        statement = Statement(new_id("st"), case_id, name, value, handling, source, format_instant(tx.now), language)
        _put_statement(tx, statement, case_id)
        if not handling.protected_source:
            # Not even the time of a protected statement goes anywhere but into its own sealed row.
            tx.event("statement.added", officer, case_id, statement=statement.id, property=name)
        return statement.id


def load_case(tx: Transaction, case_id: str) -> Case:
    """Return a case with all its statements."""
    body = tx.get("case_file", case_id)
    return documents.case_from_document(case_id, body, tuple(statements_of(tx, case_id)))


def statements_of(tx: Transaction, case_id: str) -> list[Statement]:
    """Return the statements of a case, in order of making."""
    found = tx.find("statement", case_id=case_id)
    return [documents.statement_from_document(key, body, tx.node.keys) for key, body in found]


def close_case(node: Node, case_id: str, *, officer: str) -> None:
    """Close a case. Its statements stay until retention ends."""
    with node.transaction() as tx:
        case, event = move_case(load_case(tx, case_id), "closed", officer=officer, now=tx.now)
        tx.put("case_file", case_id, documents.case_document(case))
        tx.event(event.kind, event.actor, event.subject, **dict(event.facts))


def draft_proposal(
    node: Node,
    case_id: str,
    *,
    agreement_id: str,
    recipient: str,
    pillar: str,
    kind: str,
    purpose: str,
    officer: str,
    statement_ids: Sequence[str] | None = None,
    text: str = "",
    in_reply_to: str = "",
) -> str:
    """Draft what to tell a partner of a case; all its statements unless some are named. Returns the proposal's id."""
    with node.transaction() as tx:
        held = [statement.id for statement in statements_of(tx, case_id)]
        wanted = tuple(held if statement_ids is None else statement_ids)
        strange = set(wanted) - set(held)
        if strange:
            raise problem(SettingsWrong, "case.no-statement", case=case_id, statement=sorted(strange)[0])
        proposal = Proposal(
            new_id("prop"),
            case_id,
            agreement_id,
            recipient,
            pillar,
            kind,
            purpose,
            wanted,
            officer,
            tx.now.replace(microsecond=0),
            text,
            in_reply_to,
        )
        tx.put("proposal", proposal.id, documents.proposal_document(proposal, "drafted"))
        tx.event("proposal.drafted", officer, proposal.id, case=case_id, kind=kind, recipient=recipient)
        return proposal.id


def compose(
    node: Node,
    case_id: str,
    *,
    agreement_id: str,
    recipient: str,
    pillar: str,
    kind: str,
    purpose: str,
    values: Sequence[tuple[str, str]],
    officer: str,
    tlp: str = "AMBER",
    in_reply_to: str = "",
    source: str = "",
) -> str:
    """Write values (field of the kind, text) into a case as facts of our own and propose exactly those.

    Returns the proposal's id. tlp: AMBER by default; only CLEAR may be published later.
    """
    own = Handling(originator=node.node_id, tlp=tlp, source_grade="A", info_grade="1")
    ids = [
        add_statement(
            node, case_id, name=name, value=value, handling=own, source=source or "this node", officer=officer
        )
        for name, value in values
    ]
    return draft_proposal(
        node,
        case_id,
        agreement_id=agreement_id,
        recipient=recipient,
        pillar=pillar,
        kind=kind,
        purpose=purpose,
        officer=officer,
        statement_ids=ids,
        in_reply_to=in_reply_to,
    )


def preview_proposal(node: Node, proposal_id: str) -> tuple[Proposal, Preview]:
    """Return a proposal with what would go and what would stay, now."""
    with node.transaction() as tx:
        proposal, statements = load_proposal(tx, proposal_id)
        return proposal, preview(proposal, statements, agreements.load(tx, proposal.agreement_id), tx.now)


def approve_proposal(node: Node, proposal_id: str, *, officer: str) -> Disclosure | Refusal:
    """Record a second officer's Yes. When enough have agreed, the message is drafted and queued.

    A Refusal says what is missing or wrong; the approval given stays recorded where it counts later.
    """
    with node.transaction() as tx:
        body = tx.get("proposal", proposal_id, lock=True)
        if body["state"] != "drafted":
            return Refusal("proposal-not-open", {"state": body["state"]})
        proposal, statements = load_proposal(tx, proposal_id)
        if officer == proposal.drafted_by:
            return Refusal("approver-is-drafter", {"officer": officer})
        given = approve(proposal, statements, approver=officer, now=tx.now.replace(microsecond=0))
        tx.put("approval", f"{proposal_id}/{officer}", documents.approval_document(given))
        tx.event("proposal.approved", officer, proposal_id, digest=given.proposal_digest)
        decision = judge_again(tx, proposal_id)
        if isinstance(decision, Refusal):
            return decision
        tx.put("proposal", proposal_id, {**body, "state": "approved"})
        messages.queue_disclosure(tx, decision, actor=officer)
        return decision


def judge_again(tx: Transaction, proposal_id: str) -> Disclosure | Refusal:
    """Ask the gate about a proposal as things stand now: at approval, and again at the moment of sending."""
    proposal, statements = load_proposal(tx, proposal_id)
    approvals = [documents.approval_from_document(body) for _, body in tx.find("approval", proposal_id=proposal_id)]
    state = agreements.load(tx, proposal.agreement_id)
    return check_disclosure(proposal, statements, state, approvals, now=tx.now)


def refuse_proposal(node: Node, proposal_id: str, *, officer: str, reason: str) -> None:
    """Record that a second officer said No; nothing goes."""
    with node.transaction() as tx:
        body = tx.get("proposal", proposal_id, lock=True)
        tx.put("proposal", proposal_id, {**body, "state": "refused", "refused_by": officer, "refused_because": reason})
        tx.event("proposal.refused", officer, proposal_id)


def load_proposal(tx: Transaction, proposal_id: str) -> tuple[Proposal, list[Statement]]:
    """Return a proposal and exactly the statements it names."""
    proposal = documents.proposal_from_document(proposal_id, tx.get("proposal", proposal_id))
    wanted = set(proposal.statement_ids)
    return proposal, [each for each in statements_of(tx, proposal.case_id) if each.id in wanted]


def _put_statement(tx: Transaction, statement: Statement, case_id: str) -> None:
    working, _ = tx.node.keys.current(tx.now)
    tx.put("statement", statement.id, documents.statement_document(statement, case_id, working))


def finding_list(tx: Transaction, **equal: str) -> list[tuple[str, dict[str, Any]]]:
    """Return stored findings, e.g. state="open"."""
    return tx.find("finding", **equal)
