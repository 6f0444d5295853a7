from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tidegate.store import documents
from tidegate.store.connect import transaction
from tidegate.store.faults import StoreDamaged
from tidegate.store.migrate import Migration, packaged_migrations
from tidegate.store.seals import seal_row
from tidegate.store.upgrade import upgrade
from tidegate.store.verify import verify_database

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 8, 5, 12, 0, tzinfo=UTC)
GRADE = Migration(9001, "grade", "alter table node.statement add column grade text not null default 'a'")


@pytest.fixture
def owner(database):
    with database.connect("owner", statement_s=0) as conn:
        with transaction(conn):
            for n in range(3):
                documents.put(conn, "statement", f"st-{n}", {"n": n})
                seal_row(conn, "node.statement", f"st-{n}", at=NOON)
        yield conn


def test_a_new_column_is_sealed_with_the_upgrade(owner):
    done = upgrade(owner, at=NOON, migrations=[*packaged_migrations(), GRADE])
    assert (done.applied, done.resealed) == ((9001,), (("node.statement", 3),))
    assert verify_database(owner) == []


def test_what_was_changed_behind_our_back_is_not_sealed_by_an_upgrade(owner):
    owner.execute("update node.statement set body = '{}' where id = 'st-1'")
    owner.commit()
    with pytest.raises(StoreDamaged, match="st-1"):
        upgrade(owner, at=NOON, migrations=[*packaged_migrations(), GRADE])
    assert [one.params["key"] for one in verify_database(owner)] == ["st-1"]


def test_an_upgrade_with_nothing_missing_does_nothing(owner):
    assert upgrade(owner, at=NOON).applied == ()


def test_an_empty_database_is_brought_to_this_release(empty_database):
    with empty_database.connect(statement_s=0) as conn:
        numbers = tuple(step.number for step in packaged_migrations())
        assert upgrade(conn, at=NOON).applied == numbers


def test_a_table_that_this_release_adds_does_not_stand_against_the_upgrade(owner):
    owner.execute("drop table node.pledge")
    owner.commit()
    assert [one.code for one in verify_database(owner)] == ["verify.table-missing"]
    assert upgrade(owner, at=NOON, migrations=[*packaged_migrations(), GRADE]).applied == (9001,)


def test_a_dropped_table_with_sealed_rows_does(owner):
    owner.execute("drop table node.statement")
    owner.commit()
    with pytest.raises(StoreDamaged, match="3 problems"):
        upgrade(owner, at=NOON, migrations=[*packaged_migrations(), GRADE])
