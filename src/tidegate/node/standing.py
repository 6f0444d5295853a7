"""Standing disclosures: leave given once, by two officers, for a lane; each record is then judged and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tidegate.gate.disclosure import Disclosure
from tidegate.gate.refusal import Refusal
from tidegate.gate.standing_disclosure import StandingDisclosure, check_standing, standing_from_document
from tidegate.node import agreements, cases, messages
from tidegate.node.node import Node, Transaction
from tidegate.registers.calendars import find_calendar
from tidegate.trust.ids import new_id


def draft_standing(
    node: Node,
    *,
    agreement_id: str,
    recipient: str,
    pillar: str,
    kind: str,
    purpose: str,
    fields: frozenset[str],
    origin: str,
    destination: str,
    cap: int,
    period_days: int,
    valid_from: date,
    valid_until: date,
    officer: str,
) -> str:
    """Draft leave for one lane. It counts for nothing until another officer has approved it. Returns its id."""
    with node.transaction() as tx:
        made = StandingDisclosure(
            id=new_id("stand"),
            agreement_id=agreement_id,
            recipient=recipient,
            pillar=pillar,
            kind=kind,
            purpose=purpose,
            fields=fields,
            origin=origin,
            destination=destination,
            cap=cap,
            period_days=period_days,
            valid_from=valid_from,
            valid_until=valid_until,
            drafted_by=officer,
            approvers=(),
        )
        tx.put("standing_disclosure", made.id, {"standing": made.to_document(), "sent": {}})
        tx.event("standing.drafted", officer, made.id, kind=kind, cap=cap)
        return made.id


def approve_standing(node: Node, standing_id: str, *, officer: str) -> StandingDisclosure | Refusal:
    """Record a second officer's Yes to a standing disclosure."""
    with node.transaction() as tx:
        body = tx.get("standing_disclosure", standing_id, lock=True)
        held = standing_from_document(body["standing"])
        if officer == held.drafted_by:
            return Refusal("approver-is-drafter", {"officer": officer})
        agreed = replace(held, approvers=tuple(sorted({*held.approvers, officer})))
        tx.put("standing_disclosure", standing_id, {**body, "standing": agreed.to_document()})
        tx.event("standing.approved", officer, standing_id)
        return agreed


def share_record(node: Node, standing_id: str, case_id: str) -> tuple[Disclosure, int] | Refusal:
    """Send one record, held as the statements of `case_id`, under a standing disclosure.

    Returns the disclosure and how many records are left in the period, or why this one may not go.
    """
    with node.transaction() as tx:
        body = tx.get("standing_disclosure", standing_id, lock=True)
        held = standing_from_document(body["standing"])
        state = agreements.load(tx, held.agreement_id)
        period = str(held.period_of(find_calendar(state.agreement.calendar_id).day_of(tx.now)))
        sent = int(body["sent"].get(period, 0))
        granted = check_standing(
            held, cases.statements_of(tx, case_id), state, sent_in_period=sent, now=tx.now, case_id=case_id
        )
        if isinstance(granted, Refusal):
            return granted
        tx.put("standing_disclosure", standing_id, {**body, "sent": {**body["sent"], period: sent + 1}})
        messages.queue_disclosure(tx, granted.disclosure, actor="node")
        return granted.disclosure, granted.left


def judge_again(tx: Transaction, draft: Mapping[str, Any]) -> Refusal | None:
    """Ask the gate about a record once more at the moment of sending. Its place under the cap was taken before."""
    held = standing_from_document(tx.get("standing_disclosure", draft["proposal_id"])["standing"])
    state = agreements.load(tx, held.agreement_id)
    stopped = state.refusal_for(held.pillar, held.kind, tx.now)
    if stopped is not None:
        return stopped
    today = find_calendar(state.agreement.calendar_id).day_of(tx.now)
    return (
        None
        if held.valid_from <= today <= held.valid_until
        else Refusal("standing-out-of-time", {"until": str(held.valid_until)})
    )
