from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tidegate.store.connect import connect, open_pool, transaction, translated
from tidegate.store.faults import StoreBusy, StoreConflict, StoreError, StoreForbidden, StoreTimeout, StoreUnreachable

pytestmark = pytest.mark.postgres


@pytest.fixture
def conn(empty_database):
    with empty_database.connect() as conn:
        yield conn


def test_plain_data_goes_and_comes_back(conn):
    value = {"name": "北极兔化工有限公司", "count": 3, "parts": ["ñ", None, True]}
    noon = datetime(2026, 8, 5, 12, 0, tzinfo=UTC)
    row = conn.execute("select %s::jsonb, %s, %s::numeric, %s", (value, b"\x00\xff", Decimal("1.50"), noon)).fetchone()
    assert row == (value, b"\x00\xff", Decimal("1.50"), noon)
    assert row[3].utcoffset().total_seconds() == 0


def test_a_transaction_is_kept_whole_or_undone(empty_database):
    with open_pool(empty_database.dsn(), size=2) as pool:
        with transaction(pool) as conn:
            conn.execute("create table t (n int primary key)")
        with pytest.raises(StoreError), transaction(pool) as conn:
            conn.execute("insert into t select 1 / %s", (0,))
        with transaction(pool) as conn:
            assert conn.execute("select count(*) from t").fetchone() == (0,)
            with pytest.raises(StoreConflict, match="t_pkey"), transaction(conn):
                conn.execute("insert into t values (1), (1)")
            conn.execute("insert into t values (2)")
        with transaction(pool) as conn:
            assert conn.execute("select n from t").fetchall() == [(2,)]


def test_a_conflict_names_the_rule_and_not_the_value(conn):
    conn.execute("create table t (n text primary key)")
    with pytest.raises(StoreConflict) as caught, translated():
        conn.execute("insert into t values ('informant 7'), ('informant 7')")
    assert "informant" not in str(caught.value)
    assert caught.value.params["constraint"] == "t_pkey"
    assert not caught.value.retry


def test_a_slow_statement_is_stopped(empty_database):
    with connect(empty_database.dsn(), statement_s=0.1) as conn, pytest.raises(StoreTimeout), translated():
        conn.execute("select pg_sleep(5)")


def test_a_lock_held_by_another_is_busy_and_may_be_tried_again(empty_database):
    with empty_database.connect(autocommit=True) as one, empty_database.connect() as two:
        one.execute("create table t (n int)")
        with one.transaction():
            one.execute("lock table t")
            two.execute("set lock_timeout = '50ms'")
            with pytest.raises(StoreBusy) as caught, translated():
                two.execute("select * from t")
        assert caught.value.retry


def test_what_a_role_may_not_do_is_said(empty_database):
    with empty_database.connect(autocommit=True) as owner:
        owner.execute("grant connect on database " + empty_database.name + " to tidegate_public")
        owner.execute("create table kept (n int)")
    with empty_database.connect("public") as conn, pytest.raises(StoreForbidden), translated():
        conn.execute("select * from kept")


def test_no_server_is_unreachable(tmp_path):
    with pytest.raises(StoreUnreachable, match="node status"):
        connect(f"host={tmp_path} user=tidegate_desk dbname=tidegate")


def test_a_pool_outlives_a_lost_connection(empty_database):
    with open_pool(empty_database.dsn(), size=1) as pool, empty_database.connect(autocommit=True) as other:
        with pool.connection() as conn:
            pid = conn.info.backend_pid
        other.execute("select pg_terminate_backend(%s)", (pid,))
        with transaction(pool) as conn:
            assert conn.execute("select 1").fetchone() == (1,)
