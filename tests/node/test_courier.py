"""Carrying: in order, once, with receipts; both ends hold equal logs and print one statement of affairs."""

from __future__ import annotations

import pytest

from tidegate.demo.agreement import AGREEMENT_ID
from tidegate.exchange.affairs import affairs_bytes
from tidegate.node import agreements, cases, courier, links, outbox
from tidegate.node.reading import received_messages, sent_messages
from tidegate.store.audit_log import head, latest_checkpoint

pytestmark = pytest.mark.postgres


def test_both_ends_hold_the_same_logs_and_affairs(pair) -> None:
    pair.agree()
    pair.notify()
    pair.carry()
    heads, statements = [], []
    for node, partner in ((pair.a, pair.b), (pair.b, pair.a)):
        with node.transaction() as tx:
            heads.append(
                {
                    way: (
                        head(tx.conn, links.log_of(partner.node_id, way)).size,
                        head(tx.conn, links.log_of(partner.node_id, way)).root,
                    )
                    for way in ("in", "out")
                }
            )
            statements.append(affairs_bytes(links.affairs(tx, agreements.load(tx, AGREEMENT_ID))))
    assert heads[0]["in"] == heads[1]["out"]
    assert heads[0]["out"] == heads[1]["in"]
    assert statements[0] == statements[1]


def test_the_partner_cosigns_what_it_holds(pair) -> None:
    pair.agree()
    with pair.b.transaction() as tx:
        kept = latest_checkpoint(tx.conn, links.log_of(pair.a.node_id, "out"), cosigned=True)
    assert kept is not None
    assert [line.split(" ")[1] for line in kept.cosignatures] == [pair.a.node_id]


def test_a_lost_answer_costs_nothing(pair) -> None:
    from tidegate.node.inbox import take_item

    pair.agree()
    pair.notify()
    ready = outbox.prepare_next(pair.b, pair.a.node_id, judge=courier.judge)
    assert ready is not None
    assert take_item(pair.a, ready.envelope).status == 200  # the answer is lost on the way
    assert courier.visit(pair.b, pair.a.node_id).delivered == 1
    with pair.a.transaction() as tx:
        assert len(received_messages(tx)) == 1


def test_what_was_told_is_what_was_approved(pair) -> None:
    pair.agree()
    proposal_id = pair.notify()
    pair.carry()
    _, shown = cases.preview_proposal(pair.b, proposal_id)
    with pair.a.transaction() as tx:
        (message,) = received_messages(tx)
    with pair.b.transaction() as tx:
        (sent,) = sent_messages(tx, pair.a.node_id)
    assert sorted(each.value for each in message.statements) == sorted(each.value for each in shown.goes)
    assert message == sent
    ours = {each.id for each in shown.goes}
    assert not ours & {each.id for each in message.statements}


def test_hello_finds_both_ends_in_step(pair) -> None:
    pair.agree()
    assert courier.greet(pair.a, pair.b.node_id) == "in-step"
