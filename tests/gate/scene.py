"""Two invented agencies and their agreement, for the tests of gate and exchange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tidegate.gate.agreement import Agreement, Party
from tidegate.gate.agreement_state import AgreementEvent, AgreementState, Scope, advance
from tidegate.gate.disclosure import Disclosure, check_disclosure
from tidegate.gate.proposal import Approval, Proposal, approve
from tidegate.gate.refusal import Refusal
from tidegate.gate.terms import KindTerms, LawClock, Window
from tidegate.model.agency import Agency
from tidegate.model.handling import Handling
from tidegate.model.statement import Statement

NOON = datetime(2022, 7, 18, 12, tzinfo=UTC)
IMPORTING = Party("node-a", Agency("importing-side", "Importing side", "进口方", "Parte importadora"))
EXPORTING = Party("node-b", Agency("exporting-side", "Exporting side", "出口方", "Parte exportadora"))
PEN_FIELDS = frozenset({"consignor", "consignee", "goods_description", "cas", "net_mass_kg", "date"})
PEN = KindTerms(
    kind="pre_export_notification",
    fields=PEN_FIELDS,
    required=frozenset({"consignor", "consignee", "net_mass_kg", "date"}),
    purposes=frozenset({"precursor-control"}),
    reply=Window(15, "working", "cn-state-council"),
    law=LawClock(15, "calendar", "every-day", "21 CFR 1313.12"),
    silence_rule="none",
    labels=("trade-secret",),
)
ANSWER = KindTerms(
    kind="pre_export_answer",
    fields=frozenset({"decision", "decision_day", "reason_code", "no_notice_to_subject", "hold_until", "allowed_kg"}),
    required=frozenset({"decision"}),
    purposes=frozenset({"precursor-control"}),
)
REQUEST = KindTerms(
    kind="information_request",
    fields=frozenset({"question", "use", "subject_name", "consignor"}),
    purposes=frozenset({"precursor-control", "criminal-inquiry"}),
    reply=Window(7, "calendar", "every-day"),
    silence_rule="counts_as_no_objection",
    approvals=2,
    text_allowed=True,
)
CONSIGNMENTS = KindTerms(
    kind="consignment_data",
    fields=frozenset({"date", "consignor", "goods_description", "origin_country", "destination_country"}),
    purposes=frozenset({"precursor-control"}),
)
AGREEMENT = Agreement(
    id="tg-2022-1",
    version=1,
    title={"en": "Invented agreement", "zh": "虚构协议", "es": "Acuerdo inventado"},
    parties=(IMPORTING, EXPORTING),
    suite=1,
    pillars={
        "production": {"pre_export_notification": PEN, "pre_export_answer": ANSWER, "information_request": REQUEST},
        "information": {"consignment_data": CONSIGNMENTS},
    },
    calendar_id="cn-state-council",
    valid_from=date(2022, 7, 1),
    valid_until=date(2026, 12, 31),
    emergency_kinds=frozenset({"information_request"}),
)
HANDLING = Handling(originator="importing-side", tlp="GREEN", source_grade="A", info_grade="1")


def said(kind: str, by: str, at: datetime = NOON, **more: object) -> AgreementEvent:
    """Return one word about the agreement, with an id made of kind, speaker and instant."""
    fields: dict[str, object] = {"id": f"{kind}-{by}-{at:%Y%m%d%H%M}", "kind": kind, "by": by, "at": at, **more}
    if kind in ("proposed", "countersigned"):
        fields.setdefault("digest", AGREEMENT.digest())
    return AgreementEvent(**fields)  # type: ignore[arg-type]


def after(state: AgreementState, *events: AgreementEvent) -> AgreementState:
    """Return the state after `events`, each of which must be taken."""
    for event in events:
        state_or_refusal = advance(state, event)
        assert isinstance(state_or_refusal, AgreementState), state_or_refusal
        state = state_or_refusal
    return state


IN_FORCE = after(
    AgreementState(AGREEMENT),
    said("proposed", "node-a", NOON - timedelta(days=2)),
    said("countersigned", "node-b", NOON - timedelta(days=1)),
)
SUSPENSION = said("suspended", "node-b", datetime(2022, 8, 5, 13, tzinfo=UTC))
SUSPENDED = after(IN_FORCE, SUSPENSION)


def suspended_only(*kinds: str) -> AgreementState:
    """Return the agreement with `kinds` suspended by node-b."""
    return after(IN_FORCE, said("suspended", "node-b", scope=Scope(kinds=frozenset(kinds))))


def statement(property_name: str, value: str = "x", *, id: str = "", **handling: object) -> Statement:
    """Return a statement of ours, with `handling` changed as asked."""
    return Statement(
        id or f"s-{property_name}", "consignment-1", property_name, value, replace(HANDLING, **handling),  # type: ignore[arg-type]
        "consignments.xlsx, Sheet1, row 17", "2022-07-18T09:00:00Z",
    )  # fmt: skip


SIX = (
    statement("consignor", "北极兔化工有限公司"),
    statement("consignee", "Lantern Quay Trading"),
    statement("goods_description", "invented pigment intermediate"),
    statement("cas", "64-17-5"),
    statement("net_mass_kg", "25"),
    statement("date", "2022-08-20"),
)


def proposal(statements: Sequence[Statement], **more: object) -> Proposal:
    """Return node-a's proposal to tell node-b `statements` in a pre-export notification."""
    fields: dict[str, object] = {
        "id": "p-1", "case_id": "c-1", "agreement_id": AGREEMENT.id, "recipient": "node-b", "pillar": "production",
        "kind": "pre_export_notification", "purpose": "precursor-control",
        "statement_ids": tuple(each.id for each in statements), "drafted_by": "officer-li", "drafted_at": NOON,
        **more,
    }  # fmt: skip
    return Proposal(**fields)  # type: ignore[arg-type]


def approvals(wish: Proposal, statements: Sequence[Statement], *officers: str) -> list[Approval]:
    """Return the approvals of `officers` to the proposal as it stands."""
    return [approve(wish, statements, approver=officer, now=NOON) for officer in officers or ("officer-vega",)]


def decide(
    statements: Sequence[Statement], state: AgreementState = IN_FORCE, now: datetime = NOON, **more: object
) -> Disclosure | Refusal:
    """Return the gate's decision on a proposal that officer-vega approved."""
    wish = proposal(statements, **more)
    return check_disclosure(wish, statements, state, approvals(wish, statements), now=now)


def granted(statements: Sequence[Statement] = SIX, state: AgreementState = IN_FORCE, **more: object) -> Disclosure:
    """Return the disclosure of `statements`; the test fails if the gate refuses."""
    disclosure = decide(statements, state, **more)
    assert isinstance(disclosure, Disclosure), disclosure
    return disclosure
