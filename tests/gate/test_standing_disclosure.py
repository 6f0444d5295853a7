from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.gate.scene import AGREEMENT, IN_FORCE, NOON, SUSPENDED, statement
from tidegate.gate.refusal import Refusal
from tidegate.gate.standing_disclosure import StandingDisclosure, StandingGrant, check_standing, standing_from_document

STANDING = StandingDisclosure(
    id="sd-1",
    agreement_id=AGREEMENT.id,
    recipient="node-b",
    pillar="information",
    kind="consignment_data",
    purpose="precursor-control",
    fields=frozenset({"date", "consignor", "origin_country", "destination_country"}),
    origin="XA",
    destination="XB",
    cap=3,
    period_days=7,
    valid_from=date(2022, 7, 15),
    valid_until=date(2022, 8, 15),
    drafted_by="officer-li",
    approvers=("officer-vega",),
)
RECORD = (
    statement("date", "2022-07-16"),
    statement("consignor", "Lantern Quay Trading"),
    statement("goods_description", "paint"),
    statement("origin_country", "XA"),
    statement("destination_country", "XB"),
)


def test_a_record_of_the_lane_goes_with_the_agreed_fields_and_the_count_goes_down():
    grant = check_standing(STANDING, RECORD, IN_FORCE, sent_in_period=0, now=NOON)
    assert isinstance(grant, StandingGrant)
    assert {each.property for each in grant.disclosure.goes} == STANDING.fields
    assert [each.statement.property for each in grant.disclosure.withheld] == ["goods_description"]
    assert grant.left == 2
    assert grant.disclosure.basis == "standing"


@pytest.mark.parametrize(
    ("change", "sent", "state", "code"),
    [
        ({}, 3, IN_FORCE, "standing-cap-reached"),
        ({"destination": "XC"}, 0, IN_FORCE, "standing-other-lane"),
        ({"valid_until": date(2022, 7, 17)}, 0, IN_FORCE, "standing-out-of-time"),
        ({"approvers": ("officer-li",)}, 0, IN_FORCE, "approval-missing"),
        ({"purpose": "curiosity"}, 0, IN_FORCE, "purpose-not-allowed"),
        ({"recipient": "node-z"}, 0, IN_FORCE, "recipient-not-party"),
        ({"kind": "seizure_record"}, 0, IN_FORCE, "kind-not-in-agreement"),
        ({}, 0, SUSPENDED, "agreement-suspended"),
    ],
)
def test_outside_its_bounds_nothing_goes(change, sent, state, code):
    refusal = check_standing(replace(STANDING, **change), RECORD, state, sent_in_period=sent, now=NOON)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert refusal.sentence("zh")


def test_a_record_with_no_stated_lane_stays():
    assert isinstance(check_standing(STANDING, RECORD[:3], IN_FORCE, sent_in_period=0, now=NOON), Refusal)


def test_protected_statements_stay_here_too():
    tip = statement("consignor", id="s-tip", protected_source=True)
    grant = check_standing(STANDING, (*RECORD, tip), IN_FORCE, sent_in_period=0, now=NOON)
    assert isinstance(grant, StandingGrant)
    assert tip not in grant.disclosure.goes


def test_periods_follow_each_other():
    assert STANDING.period_of(date(2022, 7, 21)) == 0
    assert STANDING.period_of(date(2022, 7, 21) + timedelta(days=1)) == 1


def test_the_document_comes_back():
    assert standing_from_document(STANDING.to_document()) == STANDING
