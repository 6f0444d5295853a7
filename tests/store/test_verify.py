from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from tidegate.errors import InputUnreadable
from tidegate.model.event import Event
from tidegate.store import audit_log, documents
from tidegate.store.audit_log import append, append_event, head, keep_checkpoint
from tidegate.store.seals import read_rows, reseal_table, row_digest, seal_removed, seal_row, seal_rows
from tidegate.store.verify import verify_database
from tidegate.wording.sentences import say

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 8, 5, 12, 0, tzinfo=UTC)
STATEMENT = "node.statement"


@pytest.fixture
def desk(database):
    """A desk that wrote three statements and a case, all sealed, and an event."""
    with database.connect("desk", autocommit=True) as conn:
        with conn.transaction():
            for n in range(3):
                documents.put(conn, "statement", f"st-{n}", {"value": "25.00 kg", "n": n, "who": "北极兔化工有限公司"})
            seal_rows(conn, STATEMENT, [f"st-{n}" for n in range(3)], at=NOON)
            documents.put(conn, "case_file", "case/1", {"state": "open"})
            seal_row(conn, "node.case_file", "case/1", at=NOON, actor="officer-1")
            append_event(conn, Event("case.opened", NOON, "officer-1", "case/1"))
        yield conn


@pytest.fixture
def owner(database, desk):
    """Somebody with every right on the database, working behind Tidegate's back."""
    with database.connect("owner", autocommit=True) as conn:
        yield conn


def found(conn, **options):
    problems = verify_database(conn, **options)
    for problem in problems:
        for lang in ("en", "zh", "es"):
            assert problem.say(lang)
    return [(problem.code.removeprefix("verify."), *problem.params.values()) for problem in problems]


def test_an_untouched_database_is_whole(desk, owner):
    append(desk, "log/p1", [b"x" * 32] * 5)
    keep_checkpoint(desk, "node", head(desk, "node").size, head(desk, "node").root, "note", at=NOON)
    append_event(desk, Event("case.closed", NOON, "officer-1", "case/1"))
    assert found(desk) == []
    assert found(owner) == []


def test_a_row_changed_by_a_superuser_is_named_and_its_return_makes_it_whole(desk, owner):
    before = owner.execute("select body from node.statement where id = 'st-1'").fetchone()[0]
    owner.execute("update node.statement set body = body || '{\"value\": \"2.500 kg\"}' where id = 'st-1'")
    assert found(desk) == [("row-changed", STATEMENT, "st-1", 1)]
    assert "st-1" in verify_database(desk)[0].say("en")
    assert "2.500" not in verify_database(desk)[0].say("en")
    owner.execute("update node.statement set body = %s where id = 'st-1'", (before,))
    assert found(desk) == []


@pytest.mark.parametrize("body", ['{"n": 1.0}', '{"n": "1"}', '{"n": true}', '{"n": 2}', '{"n": 1, "m": null}', "[]"])
def test_no_small_difference_passes(desk, owner, body):
    documents.put(desk, "statement", "st-9", {"n": 1})
    seal_row(desk, STATEMENT, "st-9", at=NOON)
    assert found(desk) == []
    owner.execute("update node.statement set body = %s::jsonb where id = 'st-9'", (body,))
    assert [problem[0] for problem in found(desk)] == ["row-changed"]


def test_a_column_beside_the_body_counts_too(desk, owner):
    owner.execute("alter table node.statement alter column made drop identity")
    owner.execute("update node.statement set made = made + 100 where id = 'st-0'")
    assert found(desk) == [("row-changed", STATEMENT, "st-0", 0)]


def test_missing_added_and_returned_rows_are_named(desk, owner):
    owner.execute("delete from node.statement where id = 'st-2'")
    owner.execute("insert into node.statement (id, body) values ('st-7', '{}')")
    assert found(desk) == [("row-unsealed", STATEMENT, "st-7"), ("row-missing", STATEMENT, "st-2", 2)]


def test_a_change_by_tidegate_is_sealed_anew(desk):
    with desk.transaction():
        documents.put(desk, "statement", "st-1", {"value": "30.00 kg"})
        seal_row(desk, STATEMENT, "st-1", at=NOON)
    assert found(desk) == []


def test_a_row_removed_by_right_leaves_no_digest_to_guess_at(desk, owner):
    with owner.transaction():
        owner.execute("delete from node.statement where id = 'st-1'")
        seal_removed(owner, STATEMENT, ["st-1"], at=NOON)
    assert found(desk) == []
    assert "st-1" not in "".join(
        str(event) for _, event in audit_log.read_events(desk) if event["kind"] == "row.sealed"
    )
    owner.execute("insert into node.statement (id, body) values ('st-1', '{}')")
    assert found(desk) == [("row-returned", STATEMENT, "st-1", 5)]
    owner.execute("delete from node.statement where id = 'st-1'")


def test_a_forgotten_event_needs_an_event_that_says_so(desk, owner):
    audit_log.forget_event(desk, 4, actor="officer-1", at=NOON)
    assert found(desk) == []
    owner.execute("update audit.entry set body = null, salt = null where index = 0")
    assert ("entry-forgotten", "node", 0) in found(desk)


def test_rows_and_seals_changed_together_are_still_named(desk, owner):
    """The table of seals is only an index: whoever mends it to fit a changed row differs from the log."""
    owner.execute("update node.statement set body = '{}' where id = 'st-1'")
    row = dict(read_rows(owner, STATEMENT, ["st-1"]))["st-1"]
    owner.execute("update audit.row_seal set digest = %s where row_key = 'st-1'", (row_digest(STATEMENT, "", row),))
    assert found(desk) == [("seal-differs", STATEMENT, "st-1", 1), ("row-changed", STATEMENT, "st-1", 1)]
    owner.execute("delete from audit.row_seal where row_key = 'st-1'")
    assert ("seal-differs", STATEMENT, "st-1", 1) in found(desk)


def test_a_rewritten_event_is_named(desk, owner):
    owner.execute("update audit.entry set body = replace(body, 'officer-1', 'officer-2') where index = 4")
    assert found(desk) == [("entry-changed", "node", 4)]


def test_a_rewritten_log_differs_from_its_signed_checkpoint(desk, owner):
    size, root = head(desk, "node").size, head(desk, "node").root
    keep_checkpoint(desk, "node", size, root, "note", at=NOON)
    owner.execute("update audit.entry set digest = sha256('other'), salt = null, body = null where index = 4")
    codes = {problem[0] for problem in found(desk)}
    assert {"checkpoint-differs", "node-differs", "head-differs", "entry-forgotten"} <= codes


def test_a_log_cut_short_is_named(desk, owner):
    append(desk, "log/p1", [bytes([n]) * 32 for n in range(4)])
    keep_checkpoint(desk, "log/p1", 4, head(desk, "log/p1").root, "note", at=NOON)
    owner.execute("delete from audit.entry where log_id = 'log/p1' and index = 3")
    codes = [problem[0] for problem in found(desk)]
    assert codes == ["head-differs", "node-surplus", "log-cut"]
    owner.execute("delete from audit.entry where log_id = 'log/p1' and index = 1")
    assert ("entry-missing", "log/p1", 1) in found(desk)
    owner.execute("delete from audit.node where log_id = 'log/p1'")
    owner.execute("delete from audit.entry where log_id = 'log/p1'")
    owner.execute("delete from audit.head where log_id = 'log/p1'")
    assert found(desk) == [("log-cut", "log/p1", 0, 4)]


def test_two_faces_of_a_log_are_a_fork(desk):
    keep_checkpoint(desk, "node", head(desk, "node").size, head(desk, "node").root, "one", at=NOON)
    keep_checkpoint(desk, "node", head(desk, "node").size, b"\x07" * 32, "two", at=NOON)
    assert ("fork", "node", 5) in found(desk)


def test_a_note_is_opened_with_the_keys_of_its_reader(desk):
    size, root = head(desk, "node").size, head(desk, "node").root
    keep_checkpoint(desk, "node", size, root, "note", at=NOON)

    def broken(_):
        raise InputUnreadable("no key here made this line")

    assert found(desk, open_note=lambda one: (one.size, one.root)) == []
    assert found(desk, open_note=lambda one: (one.size + 1, one.root)) == [("note-other", "node", size)]
    assert found(desk, open_note=broken) == [("note-broken", "node", size, "no key here made this line")]


def test_a_lost_table_is_named(desk, owner):
    owner.execute("drop table node.pledge")
    assert found(desk) == [("table-missing", "node.pledge")]


def test_after_a_new_column_the_table_is_sealed_anew(desk, owner):
    owner.execute("alter table node.statement add column grade text not null default 'a'")
    assert len(found(desk)) == 3
    assert reseal_table(owner, STATEMENT, at=NOON) == 3
    assert found(desk) == []


def test_only_rows_that_are_there_can_be_sealed(desk):
    with pytest.raises(LookupError, match="st-77"):
        seal_row(desk, STATEMENT, "st-77", at=NOON)
    with pytest.raises(KeyError):
        seal_row(desk, "node.story_clock", "x", at=NOON)
    with pytest.raises(ValueError, match="remove it first"):
        seal_removed(desk, STATEMENT, ["st-1"], at=NOON)


def test_every_sentence_of_a_problem_exists_in_three_languages():
    assert say("verify.row-missing", "zh", table="t", key="k", event=1)


def test_a_row_that_may_be_sealed_is_checked_once_it_was(desk, owner):
    add = "insert into node.officer (id, name, role, code_hash) values (%s, 'Lamplighter', %s, 'x')"
    owner.execute(add, ("o-1", "liaison"))
    owner.execute(add, ("o-2", "liaison"))
    assert found(desk) == []
    seal_row(desk, "node.officer", "o-1", at=NOON)
    owner.execute("update node.officer set role = 'second'")
    assert found(desk) == [("row-changed", "node.officer", "o-1", 5)]


def receive(conn, n):
    envelope = f"envelope {n}".encode()
    append(conn, "link/p1/in", [hashlib.sha256(envelope).digest()])
    conn.execute(
        "insert into node.incoming (partner_id, generation, sequence, item_id, kind, envelope, envelope_digest, item,"
        " received_at, receipt) values ('p1', 1, %s, %s, 'message', %s, %s, '', %s, '')",
        (n, f"item-{n}", envelope, hashlib.sha256(envelope).hexdigest(), NOON),
    )


def test_a_message_is_held_to_the_log_of_its_link(desk, owner):
    for n in range(3):
        receive(desk, n)
    assert found(desk) == []
    owner.execute("update node.incoming set envelope = 'another' where item_id = 'item-1'")
    assert found(desk)[0] == ("message-changed", "node.incoming", "item-1")
    digest = hashlib.sha256(b"another").hexdigest()
    owner.execute("update node.incoming set envelope_digest = %s where item_id = 'item-1'", (digest,))
    assert found(desk)[0] == ("message-unlogged", "node.incoming", "item-1", "link/p1/in")
    owner.execute("delete from node.incoming where item_id = 'item-1'")
    assert found(desk) == [("message-missing", "link/p1/in", hashlib.sha256(b"envelope 1").hexdigest())]
