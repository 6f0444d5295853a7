from __future__ import annotations

import hashlib
import itertools
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidegate.model.event import Event
from tidegate.store import audit_log
from tidegate.store.audit_log import append, append_event, append_events, consistency, head, inclusion
from tidegate.store.connect import transaction, translated
from tidegate.store.faults import StoreForbidden
from tidegate.trust.audit_tree import (
    EMPTY_ROOT,
    frontier_of,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 8, 5, 12, 0, tzinfo=UTC)
NUMBERS = itertools.count()
FORBIDDEN = [
    "update audit.entry set digest = digest",
    "update audit.entry set body = null, salt = null",
    "delete from audit.entry",
    "truncate audit.entry",
    "update audit.node set hash = hash",
    "delete from audit.head",
    "update audit.head set log_id = 'other'",
    "update audit.head set size = size - 1, frontier = '{}'",
    "update audit.checkpoint set note = 'other'",
    "update audit.checkpoint set cosignatures = '[]'",
    "delete from audit.checkpoint",
    "update audit.row_seal set digest = digest",
    "delete from audit.row_seal",
    "alter table audit.head disable trigger all",
    "update audit.schema_version set digest = ''",
    "set role tidegate_owner",
    "create table node.mine (n int)",
]


def digests(count, start=0):
    return [hashlib.sha256(b"%d" % n).digest() for n in range(start, start + count)]


def event(kind="case.opened", **facts):
    return Event(kind, NOON, "officer-1", "case-1", facts)


@pytest.fixture
def conn(database):
    with database.connect("desk") as conn:
        yield conn


def test_a_log_that_was_never_written_is_empty(conn):
    assert (head(conn, "node").size, head(conn, "node").root) == (0, EMPTY_ROOT)
    assert append(conn, "node", []) == (0, 0, EMPTY_ROOT)


def test_logs_of_one_database_do_not_mix(conn):
    assert append(conn, "link/p1/out", digests(3))[:2] == (0, 3)
    assert append(conn, "link/p2/out", digests(1))[:2] == (0, 1)
    assert append(conn, "link/p1/out", digests(1, 3))[:2] == (3, 4)
    assert head(conn, "link/p1/out").root == root_of(frontier_of([leaf_hash(d) for d in digests(4)]))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5), data=st.data())
def test_roots_and_proofs_are_those_of_the_pure_tree(conn, sizes, data):
    with transaction(conn):
        log, leaves, seen = f"log-{next(NUMBERS)}", [], []
        for size in sizes:
            batch = digests(size, len(leaves))
            first, total, root = append(conn, log, batch)
            assert first == len(leaves)
            leaves += [leaf_hash(digest) for digest in batch]
            assert (total, root) == (len(leaves), root_of(frontier_of(leaves)))
            assert head(conn, log) == audit_log.Head(log, total, root)
            seen.append((total, root))
        index = data.draw(st.integers(0, len(leaves) - 1))
        verify_inclusion(leaves[index], index, len(leaves), inclusion(conn, log, index, len(leaves)), seen[-1][1])
        old, old_root = data.draw(st.sampled_from(seen))
        verify_consistency(old, old_root, *seen[-1], consistency(conn, log, old, len(leaves)))
        assert audit_log.root_at(conn, log, old) == old_root


def test_an_append_that_is_rolled_back_leaves_no_trace(conn):
    append(conn, "node", digests(2))
    conn.commit()

    def use_case_that_fails():
        with transaction(conn):
            append(conn, "node", digests(5, 2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use_case_that_fails()
    assert head(conn, "node").root == root_of(frontier_of([leaf_hash(d) for d in digests(2)]))


def test_two_connections_that_append_at_once_take_turns(database):
    def work(role):
        with database.connect(role) as conn:
            for _ in range(30):
                with transaction(conn):
                    append_event(conn, event())

    threads = [threading.Thread(target=work, args=(role,)) for role in ("desk", "exchange")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.connect() as conn:
        leaves = [leaf_hash(row[0]) for row in conn.execute("select digest from audit.entry order by index").fetchall()]
        assert len(leaves) == 60
        assert head(conn, "node").root == root_of(frontier_of(leaves))


def test_an_event_is_kept_and_read_back(conn):
    assert append_event(conn, event(count=2)) == 0
    assert append_events(conn, [event(), event("case.closed")]) == 1
    assert [index for index, _ in audit_log.read_events(conn)] == [0, 1, 2]
    assert audit_log.read_events(conn, start=2)[0][1]["kind"] == "case.closed"
    assert audit_log.read_events(conn)[0][1] == event(count=2).to_json()


def test_equal_events_have_different_leaves(conn):
    append_events(conn, [event(), event()])
    assert audit_log.leaf(conn, "node", 0) != audit_log.leaf(conn, "node", 1)
    assert audit_log.leaf(conn, "node", 2) is None


def test_what_an_event_said_can_be_forgotten_and_the_tree_stays(conn):
    append_event(conn, event())
    before = audit_log.leaf(conn, "node", 0)
    assert audit_log.forget_event(conn, 0, actor="officer-1", at=NOON)
    assert not audit_log.forget_event(conn, 0, actor="officer-1", at=NOON)
    assert audit_log.leaf(conn, "node", 0) == before
    assert [index for index, _ in audit_log.read_events(conn)] == [1]


def test_a_checkpoint_gains_witnesses_and_a_fork_is_kept_too(conn):
    root, other = digests(2)
    audit_log.keep_checkpoint(conn, "node", 5, root, "note", at=NOON)
    audit_log.keep_checkpoint(conn, "node", 5, root, "note", at=NOON, cosignatures=["— w1 a", "— w2 b"])
    audit_log.add_cosignature(conn, "node", 5, root, "— w1 a")
    assert audit_log.latest_checkpoint(conn, "node").cosignatures == ("— w1 a", "— w2 b")
    audit_log.keep_checkpoint(conn, "node", 5, other, "second note", at=NOON)
    audit_log.keep_checkpoint(conn, "node", 7, other, "third note", at=NOON)
    assert [one.size for one in audit_log.checkpoints(conn, "node")] == [5, 5, 7]
    assert audit_log.latest_checkpoint(conn, "node").size == 7
    assert audit_log.latest_checkpoint(conn, "node", cosigned=True).size == 5


@pytest.mark.parametrize("role", ["desk", "exchange"])
def test_a_working_role_only_adds(database, role):
    with database.connect() as owner:
        append_event(owner, event())
        audit_log.keep_checkpoint(owner, "node", 1, digests(1)[0], "note", at=NOON, cosignatures=["— w"])
    with database.connect(role, autocommit=True) as conn:
        for statement in FORBIDDEN:
            with pytest.raises(StoreForbidden), translated():
                conn.execute(statement)
