"""A partner is enrolled by a file that agrees with itself, eight words that agree with ours, and two officers."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidegate.errors import TidegateError
from tidegate.node import enrolment
from tidegate.node.enrolment import WordsDiffer

pytestmark = pytest.mark.postgres


def test_other_words_are_refused_and_leave_nothing(pair) -> None:
    with pytest.raises(WordsDiffer):
        enrolment.confirm_partner(
            pair.a, pair.b.node_id, "eight words of somebody else altogether now here", officer="x"
        )
    with pair.a.transaction() as tx:
        assert tx.get("partner", pair.b.node_id)["confirmed_by"] == ["liaison", "second"]


def test_one_officer_twice_is_one_officer(pair) -> None:
    with pair.a.transaction() as tx:
        body = tx.get("partner", pair.b.node_id)
        tx.put("partner", pair.b.node_id, {**body, "state": "accepted", "confirmed_by": []})
    words = body["words"]
    assert not enrolment.confirm_partner(pair.a, pair.b.node_id, words, officer="liaison")
    assert not enrolment.confirm_partner(pair.a, pair.b.node_id, words, officer="liaison")
    assert enrolment.confirm_partner(pair.a, pair.b.node_id, words, officer="second")


def test_our_own_invite_is_not_a_partner(pair) -> None:
    with pytest.raises(TidegateError, match="our own"):
        enrolment.accept_invite(pair.a, enrolment.make_invite(pair.a), officer="liaison")


def test_a_changed_invite_is_refused(pair) -> None:
    invite = json.loads(enrolment.make_invite(pair.b))
    invite["payload"] = invite["payload"][:-8] + "AAAAAAAA"
    with pytest.raises(TidegateError):
        enrolment.accept_invite(pair.a, json.dumps(invite).encode(), officer="liaison")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_file_gets_a_sentence(pair, data: bytes) -> None:
    with pytest.raises(TidegateError):
        enrolment.accept_invite(pair.a, data, officer="liaison")
