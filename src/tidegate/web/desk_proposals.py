"""Proposals: what goes and what stays, as they will read it, what the gate asks, and the second officer's word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from tidegate.gate.agreement_state import AgreementState
from tidegate.gate.disclosure import Preview, preview
from tidegate.gate.proposal import Proposal, proposal_digest
from tidegate.gate.refusal import Refusal
from tidegate.model.deadline import deadline_day
from tidegate.model.instants import format_instant
from tidegate.node import agreements, cases
from tidegate.node.node import Transaction
from tidegate.registers.calendars import find_calendar
from tidegate.store import outgoing
from tidegate.web.desk_cases import case_officers
from tidegate.web.desk_visit import APPROVERS, DeskRefused, Visit
from tidegate.web.desk_words import actor_names, refusal_sentence

MORE_NEEDED = "approval-missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the gate asked. code: of the question. fine: whether the answer lets pass. detail: in words."""

    code: str
    fine: bool
    detail: str


def show_proposals(visit: Visit) -> Response:
    """Show every proposal, those that wait for approval first."""
    with visit.node.transaction() as tx:
        rows = tx.find("proposal")
        rows.reverse()
        rows.sort(key=lambda each: each[1]["state"] != "drafted")
        refs = {key: body["ref"] for key, body in tx.find("case_file")}
        who = actor_names(tx, visit.lang)
        drafters = {body["drafted_by"]: who(body["drafted_by"]) for _, body in rows}
    return visit.page("proposals.html", rows=rows, refs=refs, drafters=drafters)


def show_proposal(visit: Visit) -> Response:
    """Show one proposal as a dry run: nothing has been sent."""
    proposal_id = visit.path["id"]
    with visit.node.transaction() as tx:
        body = tx.get("proposal", proposal_id)
        proposal, statements = cases.load_proposal(tx, proposal_id)
        state = agreements.load(tx, proposal.agreement_id)
        shown = preview(proposal, statements, state, tx.now)
        case = tx.get("case_file", proposal.case_id)
        ours = visit.officer.id in case_officers(tx, proposal.case_id, case)
        who = actor_names(tx, visit.lang)
        given = [each for _, each in tx.find("approval", proposal_id=proposal_id)]
        digest = proposal_digest(proposal, statements)
        approvals = [
            {"who": who(each["approver"]), "at": each["approved_at"], "counts": each["proposal_digest"] == digest}
            for each in given
        ]
        terms = state.terms(proposal.pillar, proposal.kind)
        today = find_calendar(state.agreement.calendar_id).day_of(tx.now)
        windows = []
        for name, window in (("agreement", terms.reply if terms else None), ("law", terms.law if terms else None)):
            if window is not None:
                calendar = find_calendar(window.calendar_id)
                ends = deadline_day(today, window.days, window.unit, calendar)
                windows.append({"kind": name, "days": window.days, "unit": window.unit, "ends": ends.isoformat(),
                                "source": getattr(window, "source", "")})  # fmt: skip
        sent = _sent(tx, proposal_id)
    can = body["state"] == "drafted" and visit.officer.role in APPROVERS and visit.officer.id != proposal.drafted_by
    return visit.page(
        "proposal.html", id=proposal_id, p=proposal, body=body, shown=shown, case=case, ours=ours, sent=sent,
        drafter=who(proposal.drafted_by), drafted_at=format_instant(proposal.drafted_at), approvals=approvals,
        needed=terms.approvals if terms else 1, digest=digest, windows=windows, can=can,
        checks=gate_checks(proposal, shown, state, visit, tx), labels=terms.labels if terms else (),
        silence=terms.silence_rule if terms else "none", refused_by=who(body.get("refused_by", "")),
    )  # fmt: skip


def gate_checks(
    proposal: Proposal, shown: Preview, state: AgreementState, visit: Visit, tx: Transaction
) -> list[Check]:
    """Return what the gate asks before anything leaves, each with its answer."""
    stopped = state.refusal_for(proposal.pillar, proposal.kind, tx.now)
    terms = state.terms(proposal.pillar, proposal.kind)
    purpose_fits = terms is not None and proposal.purpose in terms.purposes
    others = [
        each for each in shown.stays if any(r.code in ("originator-control", "third-party-rule") for r in each.reasons)
    ]
    hidden = [each for each in shown.stays if not each.partner_will_know]
    lang = visit.lang
    return [
        Check("in-force", stopped is None, refusal_sentence(stopped, lang) if stopped else state.agreement.title[lang]),
        Check("purpose", purpose_fits, visit.say("desk.check.purpose.detail", goes=len(shown.goes))),
        Check("originator", not others, visit.say("desk.check.originator.detail", count=len(others))),
        Check("unseen", True, visit.say("desk.check.unseen.detail", count=len(hidden))),
        Check("required", shown.refusal is None, refusal_sentence(shown.refusal, lang) if shown.refusal else ""),
        Check("again", True, visit.say("desk.check.again.detail")),
    ]


def _sent(tx: Transaction, proposal_id: str) -> dict[str, Any] | None:
    """Return the message that came of a proposal: its thread and where it is on its way, or None."""
    from tidegate.exchange.correspondence import correspondence_from_document
    from tidegate.node.outbox import open_draft

    case_id = tx.get("proposal", proposal_id)["case_id"]
    for _, held in tx.find("correspondence", case_id=case_id):
        thread = correspondence_from_document(held["thread"])
        for turn in thread.turns:
            entry = outgoing.get(tx.conn, turn.message_id) if turn.by == tx.node.node_id else None
            if entry is not None and open_draft(tx, entry.draft)["body"].get("proposal_id") == proposal_id:
                return {"thread": thread.id, "entry": entry, "message": turn.message_id}
    return None


def decide_proposal(visit: Visit) -> Response:
    """Take a second officer's word. Raises DeskRefused when the gate, or the rule of two officers, says No."""
    visit.allow(APPROVERS)
    proposal_id = visit.path["id"]
    with visit.node.transaction() as tx:
        body = tx.get("proposal", proposal_id)
    if body["drafted_by"] == visit.officer.id:
        raise DeskRefused(Refusal("approver-is-drafter", {"officer": visit.officer.name}))
    if visit.said("decision") == "refuse":
        if body["state"] != "drafted":
            raise DeskRefused(Refusal("proposal-not-open", {"state": visit.say(f"desk.proposal.{body['state']}")}))
        cases.refuse_proposal(visit.node, proposal_id, officer=visit.officer.id, reason=visit.need("reason"))
        return visit.go(f"/proposal/{proposal_id}", "refused")
    visit.need("read")
    decision = cases.approve_proposal(visit.node, proposal_id, officer=visit.officer.id)
    if isinstance(decision, Refusal):
        if decision.code == MORE_NEEDED:
            return visit.go(f"/proposal/{proposal_id}", "approval-kept")
        raise DeskRefused(decision)
    return visit.go(f"/proposal/{proposal_id}", "queued")


PAGES: Mapping[str, Callable[[Visit], Response]] = {"/proposals": show_proposals, "/proposal/{id}": show_proposal}
FORMS: Mapping[str, Callable[[Visit], Response]] = {"/proposal/{id}/decide": decide_proposal}
