"""A node restored from an old backup gets back what it forgot; nothing is lost, doubled or out of order."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.node.conftest import Pair, serve
from tidegate.demo.agreement import AGREEMENT_ID
from tidegate.errors import TidegateError
from tidegate.exchange.affairs import affairs_bytes
from tidegate.node import agreements, copies, courier, inbox, keyring, links, outbox, recovery
from tidegate.node.keeping import backup_node, restore_node
from tidegate.node.node import open_node
from tidegate.node.reading import received_messages, sent_messages
from tidegate.node.verify import verify_node
from tidegate.node.witnessing import node_log_origin
from tidegate.store import outgoing
from tidegate.store.audit_log import head
from tidegate.store.connect import connect
from tidegate.wire.http import certificate_digest

pytestmark = pytest.mark.postgres
PASSPHRASE = "a test passphrase"


def lose_and_restore(pair: Pair, side: str, source: Path) -> None:
    """Destroy one node and make it again from a backup: its database is gone, its folder is new."""
    node = getattr(pair, side)
    pair.doors[node.node_id]()
    url = node.settings.database_url
    node.close()
    name = url.rsplit("dbname=", 1)[1].split()[0].strip("'")
    with connect(url.replace(f"dbname={name}", "dbname=postgres"), autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")
        conn.execute(f"create database {name} strategy file_copy")
    shutil.rmtree(node.folder)
    restored = restore_node(source, node.folder)
    assert restored.problems == ()
    again = open_node(node.folder, "exchange", passphrase=PASSPHRASE)
    setattr(pair, side, again)
    pair.doors[again.node_id] = serve(again)


def numbers(pair: Pair) -> list[dict[str, tuple[int, bytes]]]:
    found = []
    for node, partner in ((pair.a, pair.b), (pair.b, pair.a)):
        with node.transaction() as tx:
            heads = {way: head(tx.conn, links.log_of(partner.node_id, way)) for way in ("in", "out")}
            found.append({way: (one.size, one.root) for way, one in heads.items()})
    return found


def check_equal(pair: Pair) -> None:
    """Both ends hold the same logs, tell the same affairs, have the same messages, and verify."""
    of_a, of_b = numbers(pair)
    assert (of_a["in"], of_a["out"]) == (of_b["out"], of_b["in"])
    told = []
    for node in (pair.a, pair.b):
        with node.transaction() as tx:
            told.append(affairs_bytes(links.affairs(tx, agreements.load(tx, AGREEMENT_ID))))
    assert told[0] == told[1]
    for sender, receiver in ((pair.a, pair.b), (pair.b, pair.a)):
        with sender.transaction() as tx:
            sent = [each.id for each in sent_messages(tx, receiver.node_id)]
        with receiver.transaction() as tx:
            received = [each.id for each in received_messages(tx, sender.node_id)]
        assert sent == received
        assert len(set(sent)) == len(sent)
    for node in (pair.a, pair.b):
        assert verify_node(node.folder) == []


@pytest.mark.parametrize(("side", "page_bytes"), [("a", 1), ("b", copies.PAGE_BYTES)])
def test_a_restored_node_gets_back_what_it_forgot(
    pair: Pair, side: str, page_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "PAGE_BYTES", page_bytes)
    pair.agree()
    pair.notify()
    pair.notify()
    courier.visit(pair.b, pair.a.node_id)
    # In the backup of b: one message still a draft, which then goes out and must not go out twice.
    pair.notify()
    backup_node(getattr(pair, side).folder, tmp_path / "backup")
    pair.carry()
    pair.notify()
    agreements.suspend(pair.a, AGREEMENT_ID, officer="liaison")
    pair.carry()
    agreements.propose_resumption(pair.a, AGREEMENT_ID, officer="liaison")
    pair.carry()
    agreements.agree_resumption(pair.b, AGREEMENT_ID, officer="liaison")
    pair.carry()
    before = numbers(pair)
    lose_and_restore(pair, side, tmp_path / "backup")
    restored = getattr(pair, side)
    other = pair.b if side == "a" else pair.a
    assert recovery.waits(restored, other.node_id)
    assert outbox.prepare_next(restored, other.node_id, judge=courier.judge) is None
    pair.notify() if side == "a" else agreements.suspend(pair.a, AGREEMENT_ID, officer="liaison")
    stopped = courier.visit(other, restored.node_id)
    assert stopped.stopped == "link-restarting"
    courier.visit(restored, other.node_id)
    assert not recovery.waits(restored, other.node_id)
    assert [each["out"][0] for each in numbers(pair)] >= [each["out"][0] for each in before]
    pair.carry()
    assert courier.greet(restored, other.node_id) == "in-step"
    check_equal(pair)
    with restored.transaction() as tx:
        assert links.load_link(tx, other.node_id).generation == 2
        assert outgoing.waiting(tx.conn, other.node_id) == []


def test_a_restored_node_takes_nothing_before_it_was_told_where_it_stands(pair: Pair, tmp_path: Path) -> None:
    pair.agree()
    backup_node(pair.a.folder, tmp_path / "backup")
    pair.notify()
    ready = outbox.prepare_next(pair.b, pair.a.node_id, judge=courier.judge)
    assert ready is not None
    lose_and_restore(pair, "a", tmp_path / "backup")
    assert inbox.take_item(pair.a, ready.envelope).status == 409
    with pair.a.transaction() as tx:
        assert received_messages(tx) == []
    courier.visit(pair.a, pair.b.node_id)
    pair.carry()
    check_equal(pair)


def test_both_nodes_restored_give_each_other_back_what_either_still_holds(pair: Pair, tmp_path: Path) -> None:
    pair.agree()
    backup_node(pair.a.folder, tmp_path / "a")
    pair.notify()
    pair.carry()
    backup_node(pair.b.folder, tmp_path / "b")
    pair.notify()
    pair.carry()
    lose_and_restore(pair, "a", tmp_path / "a")
    lose_and_restore(pair, "b", tmp_path / "b")
    for _ in range(2):
        for node, other in ((pair.a, pair.b), (pair.b, pair.a)):
            courier.visit(node, other.node_id)
    pair.notify()
    pair.carry()
    check_equal(pair)


def test_an_altered_copy_is_refused_and_changes_nothing(pair: Pair, tmp_path: Path) -> None:
    pair.agree()
    backup_node(pair.a.folder, tmp_path / "backup")
    pair.notify()
    pair.carry()
    with pair.b.transaction() as tx:
        place = outgoing.receipted_from(tx.conn, pair.a.node_id, 1)[-1].place
        tx.conn.execute(
            "update node.outgoing set envelope = set_byte(envelope, 300, get_byte(envelope, 300) # 1) where place = %s",
            (place,),
        )
    lose_and_restore(pair, "a", tmp_path / "backup")
    with pytest.raises(TidegateError) as caught:
        courier.visit(pair.a, pair.b.node_id)
    assert caught.value.family in {"trust.signature-invalid", "trust.seal-broken"}
    with pair.a.transaction() as tx:
        assert received_messages(tx) == []
    assert recovery.waits(pair.a, pair.b.node_id)


def test_a_database_put_back_from_outside_notices_it(pair: Pair, tmp_path: Path) -> None:
    pair.agree()
    backup_node(pair.a.folder, tmp_path / "backup")
    pair.notify()
    agreements.suspend(pair.a, AGREEMENT_ID, officer="liaison")
    pair.carry()
    lose_and_restore(pair, "a", tmp_path / "backup")
    with pair.a.transaction() as tx:
        tx.conn.execute("update node.restart set adopted_at = now()")  # as after a copy of the files
    assert courier.greet(pair.a, pair.b.node_id) == "we-are-behind"
    assert recovery.waits(pair.a, pair.b.node_id)
    courier.visit(pair.a, pair.b.node_id)
    pair.carry()
    check_equal(pair)


@pytest.mark.parametrize("side", ["a", "b"])
def test_what_a_gate_refused_before_stays_refused_after(pair: Pair, side: str, tmp_path: Path) -> None:
    pair.agree()
    backup_node(getattr(pair, side).folder, tmp_path / "backup")
    agreements.suspend(pair.a, AGREEMENT_ID, officer="liaison")
    pair.notify()  # b has not heard of the suspension; a's gate refuses the message
    assert courier.visit(pair.b, pair.a.node_id).refused == 1
    pair.carry()
    lose_and_restore(pair, side, tmp_path / "backup")
    restored, other = (pair.a, pair.b) if side == "a" else (pair.b, pair.a)
    courier.visit(restored, other.node_id)
    pair.carry()
    check_equal(pair)
    with pair.a.transaction() as tx:
        assert received_messages(tx) == []
        assert "agreement-suspended" in {body["code"] for _, body in tx.find("refusal")}


def test_a_backup_older_than_the_keys_says_so(pair: Pair, tmp_path: Path) -> None:
    pair.agree()
    backup_node(pair.a.folder, tmp_path / "backup")
    with pair.a.transaction() as tx:
        keyring.rotate(
            tx.conn, node_id=pair.a.node_id, passphrase=PASSPHRASE, now=tx.now,
            certificate_digest=certificate_digest(pair.a.identity.certificate_pem),
        )  # fmt: skip
    courier.trade_key_notices(pair.a, pair.b.node_id)
    pair.notify()
    pair.carry()
    lose_and_restore(pair, "a", tmp_path / "backup")
    with pytest.raises(TidegateError) as caught:
        courier.visit(pair.a, pair.b.node_id)
    assert caught.value.code == "keys-newer-than-backup"


def test_after_a_restore_the_nodes_own_log_is_witnessed_under_a_new_name(pair: Pair, tmp_path: Path) -> None:
    with pair.a.transaction() as tx:
        before = node_log_origin(tx)
    backup_node(pair.a.folder, tmp_path / "backup")
    lose_and_restore(pair, "a", tmp_path / "backup")
    with pair.a.transaction() as tx:
        after = node_log_origin(tx)
    assert before == f"tidegate/node/{pair.a.node_id}"
    assert after.startswith("tidegate/node/restored-")
    assert after.endswith(f"/{pair.a.node_id}")
