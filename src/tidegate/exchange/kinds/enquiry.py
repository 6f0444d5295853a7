"""Kinds of asking back and forth: information request and answer, feedback, recall."""

from __future__ import annotations

from collections.abc import Sequence

from tidegate.exchange import values as v
from tidegate.exchange.kinds.base import MessageKind, Values, day_of, first
from tidegate.gate.refusal import Refusal, refuse

QUESTIONS = (
    "who_is_the_party", "is_the_party_licensed", "is_the_address_real", "did_the_consignment_arrive",
    "who_paid", "who_owns_the_account", "what_is_the_end_use", "what_is_held_on_the_subject",
)  # fmt: skip
ANSWER_CODES = ("answer", "none_held", "refused", "later")
_ALL_PILLARS = frozenset({"production", "financing", "distribution", "information"})
_SUBJECTS = {
    "subject_name": v.name, "subject_registration": v.registration, "subject_account": v.account,
    "subject_consignment": v.reference, "consignor": v.name, "consignee": v.name, "payer": v.name, "payee": v.name,
}  # fmt: skip


def _check_request(values: Values) -> Sequence[Refusal]:
    faults = []
    if first(values, "urgency") in ("urgent", "immediate") and not values.get("urgency_reason"):
        faults.append(refuse("urgency-without-reason"))
    return faults


def _check_answer(values: Values) -> Sequence[Refusal]:
    faults = []
    questions, codes = values.get("question", ()), values.get("answer_code", ())
    if len(questions) != len(codes):
        faults.append(refuse("question-unanswered", questions=len(questions), answers=len(codes)))
    if "refused" in codes and not values.get("refusal_ground"):
        faults.append(refuse("refusal-without-ground"))
    if "later" in codes and day_of(values, "later_on") is None:
        faults.append(refuse("later-without-day"))
    return faults


def _check_recall(values: Values) -> Sequence[Refusal]:
    if first(values, "scope") == "statements" and not values.get("statement"):
        return (refuse("recall-without-statements"),)
    if first(values, "do") == "replace" and not values.get("replacement"):
        return (refuse("recall-without-replacement"),)
    return ()


INFORMATION_REQUEST = MessageKind(
    id="information_request",
    pillars=_ALL_PILLARS,
    fields={
        **_SUBJECTS,
        "question": v.one_of(*QUESTIONS), "offence": v.name,
        "use": v.one_of("intelligence", "evidence", "regulatory"),
        "urgency": v.one_of("routine", "urgent", "immediate"), "urgency_reason": v.name,
        "no_notice_to_subject": v.one_of("yes", "no"), "already_asked": v.name,
    },
    must=frozenset({"question", "use"}),
    one_of=(frozenset(_SUBJECTS),),
    answered_by=frozenset({"information_answer"}),
    starts_clocks=True,
    asks_back=True,
    own=_check_request,
)  # fmt: skip
INFORMATION_ANSWER = MessageKind(
    id="information_answer",
    pillars=_ALL_PILLARS,
    fields={
        **_SUBJECTS,
        "question": v.one_of(*QUESTIONS), "answer_code": v.one_of(*ANSWER_CODES),
        "refusal_ground": v.one_of("law", "ongoing_case", "not_proportionate", "no_purpose", "sovereignty"),
        "later_on": v.day, "onward": v.one_of("ask", "never", "listed"), "feedback_wished": v.one_of("yes", "no"),
        "licence_state": v.one_of("valid", "none", "expired", "revoked"), "company_state": v.name,
        "arrival_day": v.day, "received_kg": v.kg,
    },
    must=frozenset({"question", "answer_code"}),
    answered_by=frozenset({"feedback"}),
    own=_check_answer,
)  # fmt: skip
FEEDBACK = MessageKind(
    id="feedback",
    pillars=_ALL_PILLARS,
    fields={
        "about": v.reference, "useful": v.one_of("yes", "partly", "no", "too_early"),
        "used_for": v.one_of("none", "inquiry_opened", "consignment_stopped", "payment_held", "licence_action",
                             "prosecution", "closed_without_result"),
        "missing": v.one_of("none", "identifiers", "address", "documents", "dates", "quantities"),
    },
    must=frozenset({"about", "useful"}),
)  # fmt: skip
RECALL = MessageKind(
    id="recall",
    pillars=_ALL_PILLARS,
    fields={
        "about": v.reference, "scope": v.one_of("whole", "statements"), "statement": v.reference,
        "reason": v.one_of("wrong", "other_person", "law", "source_at_risk", "superseded"),
        "do": v.one_of("delete", "stop_using", "replace"), "due": v.day, "replacement": v.reference,
    },
    must=frozenset({"about", "scope", "reason", "do"}),
    answered_by=frozenset({"feedback"}),
    starts_clocks=True,
    own=_check_recall,
)  # fmt: skip
