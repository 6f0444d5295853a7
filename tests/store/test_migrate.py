from __future__ import annotations

import threading

import pytest

from tidegate.errors import SettingsWrong
from tidegate.store.faults import StoreDamaged, StoreError
from tidegate.store.migrate import Migration, check_schema, migrate, packaged_migrations, schema_number

pytestmark = pytest.mark.postgres
ONE = Migration(1, "one", "create table audit.one (n int);\n-- 100% of it; done\ninsert into audit.one values (1);")
TWO = Migration(2, "two", "create table audit.two (n int)")


def test_every_packaged_step_applies_once_and_in_order(empty_database):
    with empty_database.connect(statement_s=0) as conn:
        numbers = [step.number for step in packaged_migrations()]
        assert migrate(conn) == numbers == sorted(numbers)
        assert migrate(conn) == []
        assert schema_number(conn) == numbers[-1]
        check_schema(conn)


def test_an_empty_database_is_behind(empty_database):
    with empty_database.connect() as conn, pytest.raises(SettingsWrong, match="node upgrade"):
        check_schema(conn)


def test_a_step_that_changed_since_is_refused(empty_database):
    with empty_database.connect() as conn:
        migrate(conn, [ONE])
        with pytest.raises(StoreDamaged, match=r"step 1 \(one\)"):
            migrate(conn, [Migration(1, "one", ONE.text + " "), TWO])
        assert schema_number(conn) == 1


def test_a_database_of_a_newer_release_is_refused(empty_database):
    with empty_database.connect() as conn:
        migrate(conn, [ONE, TWO])
        with pytest.raises(SettingsWrong, match="newer release"):
            migrate(conn, [ONE])


def test_a_step_that_fails_leaves_nothing_behind(empty_database):
    broken = Migration(2, "broken", "create table audit.half (n int); select 1 / 0")
    with empty_database.connect() as conn:
        with pytest.raises(StoreError):
            migrate(conn, [ONE, broken])
        assert schema_number(conn) == 1
        assert conn.execute("select to_regclass('audit.half')").fetchone() == (None,)
        conn.rollback()
        assert migrate(conn, [ONE, TWO]) == [2]


def test_two_processes_that_migrate_at_once_apply_each_step_once(empty_database):
    applied = []

    def work():
        with empty_database.connect(statement_s=0) as conn:
            applied.extend(migrate(conn, [ONE, TWO]))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [1, 2]


def test_line_ends_do_not_change_a_digest():
    assert Migration(1, "one", "a\r\nb").digest == Migration(1, "one", "a\nb").digest
