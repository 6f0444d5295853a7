from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gate.scene import AGREEMENT, EXPORTING, IMPORTING, PEN
from tidegate.gate.agreement import Agreement, agreement_from_document
from tidegate.gate.terms import SILENCE_RULES, AgreementUnreadable, KindTerms, Window
from tidegate.trust.canonical import load_canonical

NAMES = st.sampled_from(["consignor", "consignee", "cas", "date", "value"])
TERMS = st.builds(
    KindTerms,
    kind=st.just("pre_export_notification"),
    fields=st.frozensets(NAMES).map(lambda names: names | {"date"}),
    required=st.sampled_from([frozenset(), frozenset({"date"})]),
    purposes=st.frozensets(st.sampled_from(["precursor-control", "criminal-inquiry"])),
    reply=st.none()
    | st.builds(Window, st.integers(0, 366), st.sampled_from(["working", "calendar"]), st.just("every-day")),
    silence_rule=st.sampled_from(SILENCE_RULES),
    approvals=st.sampled_from([1, 2]),
    text_allowed=st.booleans(),
)


def test_the_document_comes_back_as_the_same_agreement():
    assert agreement_from_document(load_canonical(AGREEMENT.to_bytes())) == AGREEMENT


@settings(max_examples=50)
@given(TERMS)
def test_any_terms_survive_the_document(terms):
    agreement = replace(AGREEMENT, pillars={"production": {terms.kind: terms}})
    again = agreement_from_document(load_canonical(agreement.to_bytes()))
    assert again == agreement
    assert again.digest() == agreement.digest()


def test_one_changed_word_changes_the_digest():
    longer = replace(PEN, reply=Window(16, "working", "cn-state-council"))
    other = replace(AGREEMENT, pillars={"production": {"pre_export_notification": longer}})
    assert other.digest() != AGREEMENT.digest()


@pytest.mark.parametrize("name", sorted(AGREEMENT.to_document()))
def test_a_document_without_one_field_is_refused_by_name(name):
    document = copy.deepcopy(AGREEMENT.to_document())
    del document[name]
    with pytest.raises(AgreementUnreadable, match=name):
        agreement_from_document(document)


@pytest.mark.parametrize(
    "change",
    [
        {"parties": (IMPORTING, IMPORTING)},
        {"title": {"en": "only"}},
        {"pillars": {"demand": {}}},
        {"calendar_id": "atlantis"},
        {"valid_until": date(2020, 1, 1)},
        {"pillars": {"production": {"x": replace(PEN, reply=Window(5, "working", "atlantis"))}}},
    ],
)
def test_an_agreement_that_cannot_hold_is_not_made(change):
    with pytest.raises(AgreementUnreadable):
        replace(AGREEMENT, **change)


def test_required_fields_must_be_allowed_ones():
    with pytest.raises(AgreementUnreadable, match="required"):
        KindTerms("x", frozenset({"a"}), frozenset({"b"}))


def test_the_other_party_is_the_one_facing_us():
    assert AGREEMENT.other("node-a") == EXPORTING
    assert isinstance(AGREEMENT, Agreement)
