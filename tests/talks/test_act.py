from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.talks.factories import act, any_act, tongues
from tidegate.talks.act import Count, confirm_act, dispute_act, read_act, standing
from tidegate.talks.reading import DocumentUnreadable
from tidegate.talks.standing import COVERAGES, join_coverage, judge_standing
from tidegate.trust.canonical import dump_canonical, load_canonical


@settings(max_examples=60, deadline=None)
@given(any_act)
def test_an_act_survives_its_canonical_bytes(one):
    assert read_act(load_canonical(dump_canonical(one.to_json()))) == one


def test_an_act_told_by_one_side_is_claimed_and_names_who_says_so():
    assert standing(act()) == judge_standing(claimed_by=["exporting-side"], confirmed_by=[])
    assert standing(act()).by == ("exporting-side",)


def test_the_other_side_confirms_with_its_own_count():
    confirmed = confirm_act(act(), "importing-side", Count("importing-side", Decimal(2), tongues("companies")))
    assert standing(confirmed).kind == "confirmed"
    assert [count.number for count in confirmed.counts] == [Decimal(1), Decimal(2)]


def test_a_dispute_outweighs_and_can_be_taken_back():
    disputed = dispute_act(confirm_act(act(), "importing-side"), "importing-side")
    assert standing(disputed).kind == "disputed"
    assert standing(confirm_act(disputed, "importing-side")).kind == "confirmed"


def test_the_press_claims_and_never_confirms():
    assert judge_standing(claimed_by=["press"], confirmed_by=[]).kind == "claimed"
    assert judge_standing(claimed_by=["US", "press"], confirmed_by=["press"]).kind == "claimed"


def test_a_count_for_another_side_is_refused():
    with pytest.raises(ValueError, match="cannot give a count"):
        confirm_act(act(), "importing-side", Count("exporting-side", None, tongues()))


def test_number_not_given_stays_null():
    one = act(counts=(Count("exporting-side", None, tongues("payments")),))
    document = one.to_json()
    assert document["counts"][0]["number"] is None
    assert read_act(document).counts[0].number is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(COVERAGES)))
def test_coverage_is_the_best_judgement_and_none_for_no_act(judgements):
    joined = join_coverage(judgements)
    assert joined == "none" if not judgements else joined in judgements
    assert all(COVERAGES.index(joined) <= COVERAGES.index(one) for one in judgements)


@pytest.mark.parametrize(
    ("field", "value"), [("by", []), ("text", {"fr": "x"}), ("announced", "28.1.2024"), ("attribution", "rumour")]
)
def test_a_wrong_field_is_named(field, value):
    with pytest.raises(Exception, match=field if field != "announced" else "2022-08-05") as caught:
        read_act({**act().to_json(), field: value})
    assert caught.type.__mro__[1].__name__ in ("InputUnreadable", "TidegateError")


def test_something_that_is_no_object_is_refused():
    with pytest.raises(DocumentUnreadable):
        read_act([1, 2])
