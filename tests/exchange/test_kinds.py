from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.exchange import values as v
from tidegate.exchange.kinds.catalogue import KINDS, find_kind, may_answer
from tidegate.gate.refusal import Refusal
from tidegate.wording.sentences import catalogue, knows


def codes(kind: str, **told: object) -> list[str]:
    values = {name: value if isinstance(value, list) else [value] for name, value in told.items()}
    faults = KINDS[kind].check(values)
    for fault in faults:
        assert all("{" not in fault.sentence(lang) for lang in ("en", "zh", "es"))
    return [fault.code for fault in faults]


PEN = {
    "consignor": "北极兔化工",
    "consignee": "Lantern Quay Trading",
    "cas": "79-03-8",
    "net_mass_kg": "25",
    "date": "2022-08-20",
}
COMPANY = {"name": "Lantern Quay Trading", "state": "cleared", "authority": "Invented Registry", "address": "1 Quay"}
BLOCK = {
    "holder": "Lantern Quay Trading", "legal_ground": "invented act 1", "authority": "Invented Court",
    "starts": "2023-12-01", "ends": "2024-06-01", "act_wanted": "freeze", "order_number": "7", "account": "0011 2233",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "told", "expected"),
    [
        ("pre_export_notification", PEN, []),
        ("pre_export_notification", {**PEN, "cas": "79-03-9"}, ["value-unreadable"]),
        ("pre_export_notification", {**PEN, "net_mass_kg": "25.0001"}, ["value-unreadable"]),
        ("pre_export_notification", {**PEN, "net_mass_kg": "0"}, ["value-unreadable"]),
        ("pre_export_notification", {**PEN, "date": "20/08/2022"}, ["value-unreadable"]),
        ("pre_export_notification", {k: x for k, x in PEN.items() if k != "cas"}, ["kind-field-missing"]),
        ("pre_export_notification", {k: x for k, x in PEN.items() if k != "date"}, ["kind-field-missing"]),
        ("pre_export_notification", {**PEN, "gross_mass_kg": "20"}, ["net-above-gross"]),
        ("pre_export_notification", {**PEN, "anhydrous_base_kg": "26"}, ["base-above-net", "base-without-factor"]),
        ("pre_export_answer", {"decision": "no_objection", "decision_day": "2022-08-19"}, []),
        ("pre_export_answer", {"decision": "objection", "decision_day": "2022-08-19"}, ["objection-without-reason"]),
        ("pre_export_answer", {"decision": "hold", "decision_day": "2022-08-19"}, ["hold-without-day"]),
        ("pre_export_answer", {"decision": "partial", "decision_day": "2022-08-19"}, ["partial-without-kg"]),
        (
            "pre_export_answer",
            {"decision": "objection", "decision_day": "2022-08-19", "reason_code": "under_investigation"},
            ["investigation-without-silence"],
        ),
        ("information_request", {"question": "who_paid", "use": "evidence", "payer": "x"}, []),
        ("information_request", {"question": "who_paid", "use": "evidence"}, ["kind-field-missing"]),
        (
            "information_request",
            {"question": "who_paid", "use": "evidence", "payer": "x", "urgency": "urgent"},
            ["urgency-without-reason"],
        ),
        ("information_answer", {"question": ["who_paid"] * 2, "answer_code": "answer"}, ["question-unanswered"]),
        ("information_answer", {"question": "who_paid", "answer_code": "refused"}, ["refusal-without-ground"]),
        ("information_answer", {"question": "who_paid", "answer_code": "later"}, ["later-without-day"]),
        ("company_notice", COMPANY, []),
        ("company_notice", {**COMPANY, "state": "closed"}, ["closed-without-day"]),
        ("company_notice", {k: x for k, x in COMPANY.items() if k != "address"}, ["company-without-identity"]),
        ("payment_block_request", BLOCK, []),
        ("payment_block_request", {**BLOCK, "ends": "2023-12-01"}, ["ends-before-start"]),
        ("payment_block_request", {k: x for k, x in BLOCK.items() if k != "order_number"}, ["freeze-without-order"]),
        ("payment_block_request", {**BLOCK, "wallet": "w1"}, ["wallet-without-chain"]),
        ("payment_block_request", {**BLOCK, "account": "DE89370400440532013000"}, []),
        ("payment_block_request", {**BLOCK, "account": "DE89370400440532013001"}, ["value-unreadable"]),
        ("act_report", {"act": "company_closed", "attribution": "official", "in_force_day": "2023-12-04"}, []),
        (
            "act_report",
            {"act": "payment_held", "attribution": "official", "in_force_day": "2023-12-04", "count": "1"},
            ["count-without-unit"],
        ),
        (
            "act_report",
            {"act": "arrest", "attribution": "press", "in_force_day": "2023-12-04", "effect_day": "2023-12-03"},
            ["effect-before-force"],
        ),
        ("act_confirmation", {"about": "m-1", "standing": "disputed"}, ["dispute-without-point"]),
        ("feedback", {"about": "m-1", "useful": "partly"}, []),
        ("recall", {"about": "m-1", "scope": "statements", "reason": "wrong", "do": "delete"}, ["recall-without-statements"]),
        ("recall", {"about": "m-1", "scope": "whole", "reason": "wrong", "do": "replace"}, ["recall-without-replacement"]),
        (
            "seizure_record",
            {"agency": "a", "national_reference": "1", "date": "2024-01-02", "place": "p", "commodity": "tablets",
             "tablet_count": "400"},
            ["tablets-without-kg"],
        ),
        ("meeting_delegation", {"meeting": "1", "announced": "at_meeting"}, []),
        ("meeting_delegation", {"meeting": "1", "announced": "before_meeting"}, ["delegation-empty"]),
        ("minutes_text", {"meeting": "1", "day": "2024-01-30", "text_en": "x"}, ["minutes-one-language"]),
        ("minutes_text", {"meeting": "1", "day": "2024-01-30", "text_en": "x", "text_zh": "文"}, []),
        ("minutes_countersignature", {"meeting": "1", "minutes_digest": "xyz"}, ["value-unreadable"]),
        ("pledge_text", {"pledge": "P1", "pledged_by": "node-a"}, ["kind-field-missing"]),
        ("consignment_data", {"date": "2024-01-02", "origin_country": "XA", "destination_country": "xb",
                              "hs_code": "293336"}, ["value-unreadable"]),
    ],
)  # fmt: skip
def test_each_kind_checks_its_own(kind, told, expected):
    assert codes(kind, **told) == expected


def test_a_credit_code_must_have_its_check_character():
    assert v.registration("91350100M000100Y43") is None
    assert v.registration("91350100M000100Y44") == "value.uscc"


def test_who_answers_whom():
    assert may_answer("pre_export_answer", "pre_export_notification")
    assert not may_answer("feedback", "pre_export_notification")
    assert not may_answer("feedback", "gossip")


@pytest.mark.parametrize("version", ["", "1", "2.0", "1.x", "-1.0", "１.０", "1.0.0"])
def test_a_version_that_is_none_is_refused(version):
    assert isinstance(find_kind("feedback", version), Refusal)


CHECKS = [check for kind in KINDS.values() for check in kind.fields.values()]


@settings(max_examples=200)
@given(st.sampled_from(CHECKS), st.text(max_size=40))
def test_any_text_is_judged_and_never_breaks_a_check(check, text):
    expected = check(text)
    assert expected is None or knows(expected)


def test_every_kind_form_and_refusal_has_its_sentence_in_three_languages():
    for kind in KINDS:
        assert knows(f"kind.{kind}")
    for code, sentences in catalogue().items():
        if code.startswith(("refusal.", "kind.", "value.", "clock.", "affairs.", "silence.")):
            names = [
                {name for _, name, _, _ in string.Formatter().parse(sentences[lang]) if name}
                for lang in ("en", "zh", "es")
            ]
            assert names[0] == names[1] == names[2], code
