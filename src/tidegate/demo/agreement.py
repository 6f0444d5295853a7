"""The agreement between the two invented sides of the story, in the form any two real sides could use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.gate.agreement import Agreement, Party
from tidegate.gate.terms import KindTerms, LawClock, SilenceRule, Window
from tidegate.model.agency import Agency

AGREEMENT_ID = "agr-story-1"
IMPORTING = Agency("importing-side", "Importing side", "进口方", "Parte importadora", "XA")
EXPORTING = Agency("exporting-side", "Exporting side", "出口方", "Parte exportadora", "XB")

CALENDAR = "monday-friday"
REPLY_DAYS = 10
# 21 CFR 1313.12 and 1313.21: listed chemicals, 15 calendar days before the movement.
LAW = LawClock(15, "calendar", CALENDAR, "21 CFR 1313.12(a), 1313.21(a)")

CASE_PURPOSE = "prevent-diversion"
TALKS_PURPOSE = "talks"


def story_agreement() -> Agreement:
    """Return the agreement that scene 2 proposes and countersigns."""
    return Agreement(
        id=AGREEMENT_ID,
        version=1,
        title={
            "en": "Agreement on coordination against diversion, between two invented sides",
            "zh": "关于防止转移用途的协作协议（双方均为虚构）",
            "es": "Acuerdo de coordinación contra el desvío, entre dos partes inventadas",
        },
        parties=(Party(IMPORTING.id, IMPORTING), Party(EXPORTING.id, EXPORTING)),
        suite=1,
        pillars={
            "distribution": _kinds(
                {
                    "pre_export_notification": 1,
                    "pre_export_answer": 1,
                    "information_request": 1,
                    "information_answer": 1,
                    "consignment_data": 1,
                    "seizure_record": 1,
                    "act_report": 1,
                    "act_confirmation": 1,
                    "feedback": 1,
                    "recall": 1,
                }
            ),
            "production": _kinds(
                {"company_notice": 1, "act_report": 1, "act_confirmation": 1, "feedback": 1, "recall": 1}
            ),
            "financing": _kinds(
                {"payment_block_request": 1, "act_report": 1, "act_confirmation": 1, "feedback": 1, "recall": 1}
            ),
            "information": _kinds(
                {
                    "meeting_invitation": 1,
                    "meeting_delegation": 1,
                    "meeting_agenda": 1,
                    "minutes_text": 1,
                    "minutes_countersignature": 1,
                    "pledge_text": 1,
                    "act_report": 1,
                    "act_confirmation": 1,
                },
                purpose=TALKS_PURPOSE,
            ),
        },
        calendar_id=CALENDAR,
        valid_from=date(2022, 6, 1),
        valid_until=date(2027, 5, 31),
        emergency_kinds=frozenset({"recall"}),
        third_party_rule=True,
        notes={"en": "Invented, for the story. No real side has agreed to anything here."},
    )


def _kinds(wanted: Mapping[str, int], *, purpose: str = CASE_PURPOSE) -> dict[str, KindTerms]:
    return {kind: _terms(kind, approvals, purpose) for kind, approvals in wanted.items()}


def _terms(kind: str, approvals: int, purpose: str) -> KindTerms:
    known = KINDS[kind]
    notified = kind == "pre_export_notification"
    silence: SilenceRule = "none"
    return KindTerms(
        kind=kind,
        fields=frozenset(known.fields),
        required=known.must,
        purposes=frozenset({purpose}),
        reply=Window(REPLY_DAYS, "working", CALENDAR) if known.starts_clocks else None,
        law=LAW if notified else None,
        silence_rule=silence,
        approvals=approvals,
        labels=("trade-secret",) if notified else (),
    )
