"""The public is a recipient too: only what was told as TLP:CLEAR, approved by a second person, is published."""

from __future__ import annotations

import pytest

from tidegate.demo.agreement import AGREEMENT_ID, CASE_PURPOSE
from tidegate.gate.refusal import Refusal
from tidegate.node import cases, publishing
from tidegate.node.node import open_node
from tidegate.store import published

pytestmark = pytest.mark.postgres
CLOSED = [
    ("act", "company_closed"),
    ("in_force_day", "2022-07-20"),
    ("count", "1"),
    ("unit", "company"),
    ("attribution", "official"),
]


def desk(pair):
    """The importing side as its desk opens it: the exchange role may not publish."""
    return open_node(pair.a.folder, "desk", passphrase="a test passphrase")


def report(pair, tlp: str) -> str:
    pair.agree()
    case_id = cases.open_new_case(pair.b, title="act", pillar="production", officer="liaison")
    proposal_id = cases.compose(
        pair.b, case_id, agreement_id=AGREEMENT_ID, recipient=pair.a.node_id, pillar="production", kind="act_report",
        purpose=CASE_PURPOSE, values=CLOSED, officer="liaison", tlp=tlp,
    )  # fmt: skip
    cases.approve_proposal(pair.b, proposal_id, officer="second")
    pair.carry()
    with pair.a.transaction() as tx:
        return tx.find("act")[0][0]


def test_what_is_not_clear_is_not_published(pair) -> None:
    act_id = report(pair, "AMBER")
    answer = publishing.publish_act(desk(pair), act_id, officer="secretariat", approver="second")
    assert isinstance(answer, Refusal)
    assert answer.code == "not-released-to-public"
    with desk(pair).transaction() as tx:
        assert published.all_entries(tx.conn) == []


def test_the_drafter_does_not_publish_alone(pair) -> None:
    answer = publishing.publish_act(desk(pair), report(pair, "CLEAR"), officer="secretariat", approver="secretariat")
    assert isinstance(answer, Refusal)
    assert answer.code == "approver-is-drafter"


def test_what_is_clear_is_published_once_with_its_standing(pair) -> None:
    act_id = report(pair, "CLEAR")
    assert publishing.publish_act(desk(pair), act_id, officer="secretariat", approver="second") == 1
    with desk(pair).transaction() as tx:
        (entry,) = published.all_entries(tx.conn)
    assert (entry["kind"], entry["invented"], entry["document"]["claimed_by"]) == ("act", True, [pair.b.node_id])
