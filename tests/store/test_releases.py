"""The same database on every PostgreSQL of this machine, and for an owner who is no superuser."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tidegate.model.event import Event
from tidegate.store import documents
from tidegate.store.audit_log import append_event
from tidegate.store.backup import backup, restore
from tidegate.store.binaries import find_binaries, list_binaries
from tidegate.store.connect import connect, transaction
from tidegate.store.faults import StoreError
from tidegate.store.migrate import migrate
from tidegate.store.seals import seal_row
from tidegate.store.server import PostgresServer
from tidegate.store.verify import verify_database

from .helpers import open_folder

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 8, 5, 12, 0, tzinfo=UTC)
SYSTEM = [one for one in list_binaries() if one.origin == "system"]


def write(conn):
    with transaction(conn):
        documents.put(conn, "statement", "st-1", {"value": "北极兔化工有限公司"})
        seal_row(conn, "node.statement", "st-1", at=NOON)
        append_event(conn, Event("statement.recorded", NOON, "officer-1", "st-1"))


@pytest.mark.skipif(not SYSTEM, reason="the system has no PostgreSQL of its own")
@pytest.mark.parametrize("binaries", SYSTEM, ids=[f"PostgreSQL {one.version}" for one in SYSTEM])
def test_an_older_release_of_the_system_serves_too_and_its_backup_moves_to_the_newest(binaries, tmp_path):
    with open_folder() as folder:
        with PostgresServer(folder / "old", binaries=binaries, settings={"fsync": "off"}) as old:
            with connect(old.dsn("owner"), statement_s=0) as conn:
                migrate(conn)
            with connect(old.dsn("desk"), autocommit=True) as conn:
                assert conn.execute("select upper('ñ')").fetchone() == ("Ñ",)
                write(conn)
                assert verify_database(conn) == []
            backup(old.dsn("owner"), tmp_path / "b", binaries=binaries, at=NOON)
        newest = find_binaries()
        with PostgresServer(folder / "new", binaries=newest, settings={"fsync": "off"}) as new:
            assert restore(tmp_path / "b", new.dsn("owner"), binaries=newest, at=NOON).problems == ()
            if binaries.major < newest.major:
                with pytest.raises(StoreError, match="version mismatch"):
                    backup(new.dsn("owner"), tmp_path / "c", binaries=binaries, at=NOON)


def test_an_owner_who_is_no_superuser_can_migrate_and_step_down(empty_database):
    with empty_database.connect(autocommit=True) as conn:
        conn.execute("create role keeper createrole")
        conn.execute(f"alter database {empty_database.name} owner to keeper")
        # On an operator's server the working roles are the keeper's own to give.
        for role in ("desk", "exchange", "public", "witness"):
            conn.execute(f"grant tidegate_{role} to keeper with admin true, inherit false, set false")
    try:
        with empty_database.connect(statement_s=0) as conn:
            conn.execute("set session authorization keeper")
            conn.commit()
            migrate(conn)
            conn.execute("set role tidegate_desk")
            conn.commit()
            write(conn)
            assert conn.execute("select current_user").fetchone() == ("tidegate_desk",)
            conn.commit()
            assert verify_database(conn) == []
    finally:
        with empty_database.connect(autocommit=True) as conn:
            conn.execute("reassign owned by keeper to tidegate_owner")
            conn.execute("drop owned by keeper")
            conn.execute("drop role keeper")
