"""What is not whole, not new, not next, not from a partner or not allowed is refused, and only the refusal stays."""

from __future__ import annotations

import pytest

from tidegate.demo.agreement import AGREEMENT_ID
from tidegate.node import agreements, courier, inbox, links, outbox
from tidegate.node.inbox import DoorAnswer, take_item
from tidegate.store import incoming, outgoing
from tidegate.store.audit_log import head
from tidegate.trust.canonical import dump_canonical
from tidegate.trust.envelope import seal
from tidegate.trust.keys import generate_working_keys
from tidegate.wording.sentences import knows

pytestmark = pytest.mark.postgres


def snapshot(node, partner: str) -> tuple[object, ...]:
    """Everything that taking an item would change."""
    with node.transaction() as tx:
        return (
            len(incoming.all_received(tx.conn, partner)),
            links.load_link(tx, partner),
            head(tx.conn, links.log_of(partner, "in")),
            len(tx.find("correspondence")),
            len(tx.find("act")),
        )


def refusals(node) -> list[str]:
    with node.transaction() as tx:
        return [body["code"] for _, body in tx.find("refusal")]


def ready_envelope(pair) -> bytes:
    """An item of b, sealed and never sent."""
    ready = outbox.prepare_next(pair.b, pair.a.node_id, judge=courier.judge)
    assert ready is not None
    return ready.envelope


def refused(pair, data: bytes) -> DoorAnswer:
    before, known = snapshot(pair.a, pair.b.node_id), len(refusals(pair.a))
    answer = take_item(pair.a, data)
    assert answer.status != 200
    assert snapshot(pair.a, pair.b.node_id) == before
    assert len(refusals(pair.a)) == known + 1
    assert knows(f"refusal.{refusals(pair.a)[-1]}")
    return answer


def test_one_altered_bit_anywhere_is_refused(pair) -> None:
    pair.agree()
    pair.notify()
    envelope = ready_envelope(pair)
    for place in range(0, len(envelope), max(1, len(envelope) // 40)):
        changed = bytearray(envelope)
        changed[place] ^= 1 << (place % 8)
        refused(pair, bytes(changed))
    assert take_item(pair.a, envelope).status == 200


def test_a_replay_is_refused_and_answered_with_the_receipt_kept(pair) -> None:
    pair.agree()
    pair.notify()
    envelope = ready_envelope(pair)
    first = take_item(pair.a, envelope)
    again = refused(pair, envelope)
    assert (first.status, again.status) == (200, 208)
    assert again.body == first.body
    assert refusals(pair.a)[-1] == "link-replayed"


def test_out_of_order_is_refused_with_the_number_awaited(pair) -> None:
    pair.agree()
    pair.notify()
    envelope = ready_envelope(pair)
    with pair.b.transaction() as tx:
        state = links.load_link(tx, pair.a.node_id)
        item = outbox.open_sent(tx, envelope)
        notice = outbox.partner_notices(tx, pair.a.node_id)[-1][0]
        working, _ = pair.b.keys.current(tx.now)
    document = {**item.to_document(), "sequence": state.next_out + 5}
    ahead = seal(dump_canonical(document), sender=working, recipients=[notice], message_id="tgd-ahead")
    refused(pair, ahead)
    assert refusals(pair.a)[-1] == "link-out-of-order"


def test_an_unknown_sender_is_refused(pair) -> None:
    pair.agree()
    with pair.b.transaction() as tx:
        notice = outbox.partner_notices(tx, pair.a.node_id)[-1][0]
    stranger = generate_working_keys(1)
    answer = refused(pair, seal(b"{}", sender=stranger, recipients=[notice], message_id="tgd-stranger"))
    assert answer.status == 403
    assert refusals(pair.a)[-1] == "sender-unknown"


@pytest.mark.parametrize("data", [b"", b"TGD", b"\x00" * 500, b"{}"])
def test_junk_is_refused(pair, data: bytes) -> None:
    refused(pair, data)


def test_under_a_suspended_agreement_only_the_refusal_stays_and_the_message_waits(pair) -> None:
    pair.agree()
    # a suspends; b has not heard of it and sends a message: a's gate refuses, b's queue keeps it.
    agreements.suspend(pair.a, AGREEMENT_ID, officer="liaison")
    pair.notify()
    done = courier.visit(pair.b, pair.a.node_id)
    assert done.refused == 1
    assert refusals(pair.a) == ["agreement-suspended"]
    with pair.a.transaction() as tx:
        kept = incoming.all_received(tx.conn, pair.b.node_id)[-1]
        assert (kept.envelope, kept.item, kept.outcome) == (b"", b"", "agreement-suspended")
        assert tx.find("correspondence") == []
    pair.carry()
    with pair.b.transaction() as tx:
        waiting = outgoing.waiting(tx.conn, pair.a.node_id)
        assert [(each.state, each.held_because) for each in waiting] == [("queued", "agreement-suspended")]
    agreements.propose_resumption(pair.a, AGREEMENT_ID, officer="liaison")
    pair.carry()
    agreements.agree_resumption(pair.b, AGREEMENT_ID, officer="liaison")
    pair.carry()
    with pair.a.transaction() as tx:
        assert len(tx.find("correspondence")) == 1


def test_a_key_notice_of_another_root_teaches_nothing(pair) -> None:
    assert inbox.take_key_notice(pair.a, pair.a.keys.newest_notice).status == 403
    assert inbox.take_key_notice(pair.a, b"junk").status == 403
    assert inbox.take_key_notice(pair.a, pair.b.keys.newest_notice).status == 200
