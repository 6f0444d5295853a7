from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gate.scene import (
    ANSWER,
    HANDLING,
    IN_FORCE,
    NOON,
    SIX,
    SUSPENDED,
    approvals,
    decide,
    granted,
    proposal,
    statement,
)
from tidegate.gate.agreement_state import AgreementState
from tidegate.gate.consent import Consent
from tidegate.gate.disclosure import Disclosure, check_disclosure, preview
from tidegate.gate.refusal import Refusal
from tidegate.model.handling import SOURCE_GRADES, TLP_ORDER, Handling, join_handling
from tidegate.model.statement import Statement

TIP = statement("goods_description", "told by informant 7", id="s-tip", protected_source=True)


def reasons_of(one: Statement, **more: object) -> list[str]:
    shown = preview(proposal((*SIX, one), **more), (*SIX, one), IN_FORCE, NOON)
    return [reason.code for each in shown.stays if each.statement == one for reason in each.reasons]


def code_of(decision: object) -> str:
    assert isinstance(decision, Refusal), decision
    for lang in ("en", "zh", "es"):
        assert "{" not in decision.sentence(lang)
    return decision.code


def test_six_facts_go_and_the_tip_stays():
    disclosure = granted((*SIX, TIP))
    assert [each.property for each in disclosure.goes] == sorted(each.property for each in SIX)
    assert [each.statement for each in disclosure.withheld] == [TIP]


def test_the_partner_does_not_learn_that_a_protected_statement_exists():
    disclosure = granted((*SIX, TIP))
    assert disclosure.withheld_known == 0
    assert disclosure.to_event("officer-vega").facts["withheld"] == 0
    assert "not learn" in disclosure.withheld[0].sentences("en")[-1]


@pytest.mark.parametrize(
    ("handling", "code"),
    [
        ({"protected_source": True}, "protected-source"),
        ({"embargo_until": NOON + timedelta(hours=1)}, "embargo"),
        ({"tlp": "RED"}, "tlp-red"),
        ({"release_to": frozenset({"node-c"})}, "release-to-other"),
        ({"retain_until": date(2022, 7, 17)}, "retain-until-past"),
        ({"purposes": frozenset({"criminal-inquiry"})}, "purpose-not-allowed"),
        ({"originator": "third-agency", "originator_control": True, "third_party_rule": False}, "originator-control"),
        ({"originator": "third-agency"}, "third-party-rule"),
        ({"originator": "third-agency", "third_party_rule": False, "tlp": "AMBER"}, "third-party-rule"),
    ],
)
def test_each_label_holds_its_statement_back(handling, code):
    one = statement("goods_description", id="s-one", **handling)
    assert code in reasons_of(one)
    assert one not in granted((*SIX, one)).goes


def test_an_embargo_ends_at_its_instant():
    assert reasons_of(statement("cas", id="s-one", embargo_until=NOON)) == []


def test_what_the_recipient_said_itself_may_go_back():
    assert reasons_of(statement("cas", id="s-one", originator="exporting-side", originator_control=True)) == []


def test_a_field_outside_the_agreement_stays_and_an_unknown_one_says_so():
    assert reasons_of(statement("value", id="s-one")) == ["field-not-in-agreement"]
    assert reasons_of(statement("shoe_size", id="s-one")) == ["unknown-property"]


def test_consent_opens_the_third_party_rule_for_its_recipient_purpose_and_time_only():
    one = statement("cas", id="s-one", originator="third-agency", originator_control=True)
    consent = Consent(
        "k", "third-agency", frozenset({"s-one"}), "node-b", "precursor-control", date(2022, 7, 18), "d" * 64
    )
    wish = proposal((*SIX, one))

    def goes(given: Consent, now: datetime = NOON) -> bool:
        return one in preview(wish, (*SIX, one), IN_FORCE, now, consents=[given]).goes

    assert goes(consent)
    assert not goes(consent, NOON + timedelta(days=1))
    assert not goes(replace(consent, recipient="node-c"))
    assert not goes(replace(consent, purpose="criminal-inquiry"))
    assert not goes(replace(consent, originator="fourth-agency"))


def test_a_required_field_that_stays_stops_the_whole_message():
    held = [
        replace(each, handling=replace(each.handling, tlp="RED")) if each.property == "date" else each for each in SIX
    ]
    assert code_of(decide(held)) == "required-field-missing"


def test_nothing_leaves_under_suspension():
    assert code_of(decide(SIX, SUSPENDED)) == "agreement-suspended"
    shown = preview(proposal(SIX), SIX, SUSPENDED, NOON)
    assert shown.goes == ()
    assert shown.refusal is not None


def test_nothing_leaves_before_both_signed_or_after_the_last_day():
    assert code_of(decide(SIX, AgreementState(IN_FORCE.agreement))) == "agreement-not-in-force"
    assert code_of(decide(SIX, now=datetime(2027, 1, 1, tzinfo=UTC))) == "agreement-out-of-time"


def test_kind_purpose_text_and_recipient_must_be_in_the_agreement():
    assert code_of(decide(SIX, kind="seizure_record")) == "kind-not-in-agreement"
    assert code_of(decide(SIX, purpose="curiosity")) == "purpose-not-allowed"
    assert code_of(decide(SIX, text="hello")) == "text-not-allowed"
    assert code_of(decide(SIX, recipient="node-z")) == "recipient-not-party"


def test_a_second_officer_must_approve_what_is_sent():
    wish = proposal(SIX)
    none = check_disclosure(wish, SIX, IN_FORCE, [], now=NOON)
    own = check_disclosure(wish, SIX, IN_FORCE, approvals(wish, SIX, "officer-li"), now=NOON)
    assert code_of(none) == "approval-missing"
    assert code_of(own) == "approver-is-drafter"
    changed = (*SIX[:-1], replace(SIX[-1], value="2022-08-21"))
    assert (
        code_of(check_disclosure(wish, changed, IN_FORCE, approvals(wish, SIX), now=NOON)) == "approval-of-other-text"
    )


def test_two_approvals_are_two_people():
    request = (statement("question", "who_is_the_party"), statement("use", "intelligence"), statement("subject_name"))
    wish = proposal(request, kind="information_request", purpose="criminal-inquiry", text="Please see to it.")
    twice = approvals(wish, request, "officer-vega", "officer-vega")
    both = approvals(wish, request, "officer-vega", "officer-tang")
    assert code_of(check_disclosure(wish, request, IN_FORCE, twice, now=NOON)) == "approval-missing"
    assert isinstance(check_disclosure(wish, request, IN_FORCE, both, now=NOON), Disclosure)


def test_nobody_else_makes_a_disclosure():
    disclosure = granted()
    with pytest.raises(TypeError, match="check_disclosure"):
        Disclosure(
            "p", "", "a", "node-a", "node-b", "production", "pre_export_notification", "precursor-control", "c", "", "",
            SIX, (), ANSWER, (), NOON, "proposal", object(),
        )  # fmt: skip
    assert "grant" not in repr(disclosure)


def test_other_statements_than_proposed_are_a_slip():
    with pytest.raises(ValueError, match="other statements"):
        check_disclosure(proposal(SIX), SIX[:-1], IN_FORCE, [], now=NOON)


HANDLINGS = st.builds(
    Handling,
    originator=st.just("importing-side"),
    tlp=st.sampled_from(TLP_ORDER),
    source_grade=st.sampled_from(SOURCE_GRADES),
    info_grade=st.sampled_from(("1", "4")),
    purposes=st.sampled_from([frozenset(), frozenset({"precursor-control"}), frozenset({"other"})]),
    release_to=st.sampled_from([frozenset(), frozenset({"node-b"}), frozenset({"node-c"})]),
    originator_control=st.booleans(),
    third_party_rule=st.booleans(),
    protected_source=st.booleans(),
    embargo_until=st.sampled_from([None, NOON - timedelta(days=1), NOON + timedelta(days=1)]),
    retain_until=st.sampled_from([None, date(2022, 7, 1), date(2023, 7, 1)]),
)
PROPERTIES = st.sampled_from(["consignor", "cas", "value", "shoe_size"])


@settings(max_examples=150)
@given(HANDLINGS, HANDLINGS, PROPERTIES, st.sampled_from(["importing-side", "third-agency", "exporting-side"]))
def test_adding_a_restriction_never_releases_more(first, second, name, originator):
    first, second = replace(first, originator=originator), replace(second, originator=originator)
    loose = replace(statement(name, id="s-one"), handling=first)
    tight = replace(loose, handling=join_handling(first, second))
    if not reasons_of(tight):
        assert not reasons_of(loose)


@settings(max_examples=60)
@given(st.lists(st.tuples(PROPERTIES, HANDLINGS), max_size=6), st.randoms(use_true_random=False))
def test_the_decision_does_not_depend_on_the_order(told, order):
    more = [replace(statement(name, id=f"s-{n}"), handling=handling) for n, (name, handling) in enumerate(told)]
    given_order = [*SIX, *more]
    shuffled = list(given_order)
    order.shuffle(shuffled)
    wish = proposal(given_order)
    first = check_disclosure(wish, given_order, IN_FORCE, approvals(wish, given_order), now=NOON)
    second = check_disclosure(wish, shuffled, IN_FORCE, approvals(wish, shuffled), now=NOON)
    assert first == second


@settings(max_examples=80)
@given(HANDLINGS, PROPERTIES)
def test_a_protected_statement_is_never_among_what_goes(handling, name):
    one = replace(statement(name, id="s-one"), handling=replace(handling, protected_source=True))
    disclosure = granted((*SIX, one))
    assert one not in disclosure.goes
    assert not next(each for each in disclosure.withheld if each.statement == one).partner_will_know
    assert HANDLING.protected_source is False
