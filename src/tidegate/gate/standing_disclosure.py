"""Standing disclosure: leave given once for a lane, record by record, up to a cap, until a day.

Two officers agree to the standing disclosure itself; each record is then judged by the same rules as a proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tidegate.gate.agreement_state import AgreementState
from tidegate.gate.consent import Consent
from tidegate.gate.disclosure import _GRANT, Disclosure, sort_statements
from tidegate.gate.protection import Passage
from tidegate.gate.refusal import Refusal, refuse
from tidegate.model.statement import Statement
from tidegate.registers.calendars import find_calendar
from tidegate.trust.canonical import digest_hex, dump_canonical

_LANE = ("origin_country", "destination_country")


@dataclass(frozen=True, slots=True)
class StandingDisclosure:
    """Leave to send `fields` of every record from `origin` to `destination` (ISO 3166-1 alpha-2) to `recipient`.

    cap: records in one period of `period_days`, counted from `valid_from`. approvers: the officers who agreed, the
    drafter not among them. fields: a part of what the agreement allows for the kind; the smaller of the two rules.
    """

    id: str
    agreement_id: str
    recipient: str
    pillar: str
    kind: str
    purpose: str
    fields: frozenset[str]
    origin: str
    destination: str
    cap: int
    period_days: int
    valid_from: date
    valid_until: date
    drafted_by: str
    approvers: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.cap < 1 or self.period_days < 1:
            raise ValueError("a standing disclosure needs a cap and a period of at least one")

    def period_of(self, day: date) -> int:
        """Return the number of the period that `day` lies in, from 0: sent records are counted by it."""
        return (day - self.valid_from).days // self.period_days

    def to_document(self) -> dict[str, Any]:
        """Return the standing disclosure as plain data."""
        return {
            "agreement": self.agreement_id,
            "approvers": sorted(self.approvers),
            "cap": self.cap,
            "destination": self.destination,
            "drafted_by": self.drafted_by,
            "fields": sorted(self.fields),
            "id": self.id,
            "kind": self.kind,
            "origin": self.origin,
            "period_days": self.period_days,
            "pillar": self.pillar,
            "purpose": self.purpose,
            "recipient": self.recipient,
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat(),
        }


def standing_from_document(document: dict[str, Any]) -> StandingDisclosure:
    """Return the standing disclosure in `document`, as written by `to_document`."""
    return StandingDisclosure(
        id=document["id"],
        agreement_id=document["agreement"],
        recipient=document["recipient"],
        pillar=document["pillar"],
        kind=document["kind"],
        purpose=document["purpose"],
        fields=frozenset(document["fields"]),
        origin=document["origin"],
        destination=document["destination"],
        cap=document["cap"],
        period_days=document["period_days"],
        valid_from=date.fromisoformat(document["valid_from"]),
        valid_until=date.fromisoformat(document["valid_until"]),
        drafted_by=document["drafted_by"],
        approvers=tuple(document["approvers"]),
    )


@dataclass(frozen=True, slots=True)
class StandingGrant:
    """Leave for one record, and how many records are left in the period after it."""

    disclosure: Disclosure
    left: int


def check_standing(
    standing: StandingDisclosure,
    statements: Sequence[Statement],
    state: AgreementState,
    *,
    sent_in_period: int,
    now: datetime,
    case_id: str = "",
    consents: Sequence[Consent] = (),
) -> StandingGrant | Refusal:
    """Decide on one record: its statements, of which `origin_country` and `destination_country` name the lane.

    sent_in_period: records already sent in the period of today (see `StandingDisclosure.period_of`).
    """
    agreement = state.agreement
    if standing.agreement_id != agreement.id:
        raise ValueError(f"standing disclosure {standing.id} is under another agreement")
    if agreement.party(standing.recipient) is None:
        return refuse("recipient-not-party", recipient=standing.recipient, agreement=agreement.id)
    stopped = state.refusal_for(standing.pillar, standing.kind, now)
    if stopped is not None:
        return stopped
    terms = state.terms(standing.pillar, standing.kind)
    if terms is None or standing.purpose not in terms.purposes:
        return refuse("purpose-not-allowed", purpose=standing.purpose)
    counted = sorted(set(standing.approvers) - {standing.drafted_by})
    if len(counted) < terms.approvals:
        return refuse("approval-missing", needed=terms.approvals, given=len(counted))
    today = find_calendar(agreement.calendar_id).day_of(now)
    if not standing.valid_from <= today <= standing.valid_until:
        return refuse("standing-out-of-time", until=standing.valid_until)
    if sent_in_period >= standing.cap:
        return refuse("standing-cap-reached", cap=standing.cap, days=standing.period_days)
    lane = {name: {s.value for s in statements if s.property == name} for name in _LANE}
    if lane["origin_country"] != {standing.origin} or lane["destination_country"] != {standing.destination}:
        return refuse("standing-other-lane", origin=standing.origin, destination=standing.destination)
    sender = agreement.other(standing.recipient).node_id
    # Lane and record are judged by the smaller of two field lists: the agreement's and the standing disclosure's.
    narrowed = replace(terms, fields=terms.fields & standing.fields, required=frozenset())
    passage = Passage(agreement, narrowed, sender, standing.recipient, standing.purpose, now, today, tuple(consents))
    goes, stays = sort_statements(statements, passage)
    missing = terms.required - {each.property for each in goes}
    if missing:
        return refuse("required-field-missing", fields=", ".join(sorted(missing)), kind=standing.kind)
    if not goes:
        return refuse("nothing-goes", proposal=standing.id)
    disclosure = Disclosure(
        proposal_id=standing.id,
        proposal_digest=digest_hex(dump_canonical(standing.to_document())),
        agreement_id=agreement.id,
        sender=sender,
        recipient=standing.recipient,
        pillar=standing.pillar,
        kind=standing.kind,
        purpose=standing.purpose,
        case_id=case_id,
        text="",
        in_reply_to="",
        goes=goes,
        withheld=stays,
        terms=terms,
        approvers=tuple(counted),
        decided_at=now,
        basis="standing",
        grant=_GRANT,
    )
    return StandingGrant(disclosure, standing.cap - sent_in_period - 1)
