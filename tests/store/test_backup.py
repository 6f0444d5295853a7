from __future__ import annotations

import json
import stat
import threading
from datetime import UTC, datetime

import pytest

from tidegate.errors import SettingsWrong
from tidegate.model.event import Event
from tidegate.store import documents
from tidegate.store.audit_log import append_event, head
from tidegate.store.backup import backup, read_backup, restore
from tidegate.store.connect import transaction
from tidegate.store.faults import StoreDamaged, StoreError
from tidegate.store.seals import seal_row
from tidegate.store.server import PostgresServer

from .helpers import open_folder

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 8, 5, 12, 0, tzinfo=UTC)


def write(conn, key):
    with transaction(conn):
        documents.put(conn, "statement", key, {"value": "北极兔化工有限公司", "mass": "25.00"})
        seal_row(conn, "node.statement", key, at=NOON)
        append_event(conn, Event("statement.recorded", NOON, "officer-1", key))


@pytest.fixture
def full(database):
    with database.connect("desk") as conn:
        for n in range(3):
            write(conn, f"st-{n}")
    return database


@pytest.fixture
def saved(full, postgres_server, tmp_path):
    settings = tmp_path / "node.toml"
    settings.write_text("invented = true\n")
    target = tmp_path / "backups" / "monday"
    backup(full.dsn(), target, binaries=postgres_server.binaries, at=NOON, extras=[settings])
    return target


def test_a_backup_restored_into_a_new_server_is_whole(full, saved, postgres_server):
    with open_folder() as folder, PostgresServer(folder / "pg", settings={"fsync": "off"}) as other:
        restored = restore(saved, other.dsn("owner"), binaries=postgres_server.binaries, at=NOON)
        assert restored.problems == ()
        assert restored.migrated == ()
        from tidegate.store.connect import connect

        with connect(other.dsn("desk")) as conn, full.connect("desk") as before:
            assert head(conn, "node") == head(before, "node")
            query = "select id, body, made from node.statement order by made"
            assert conn.execute(query).fetchall() == before.execute(query).fetchall()
            write(conn, "st-new")
            with pytest.raises(Exception, match="permission denied"):
                conn.execute("delete from audit.entry")


def test_a_backup_is_readable_by_its_owner_only(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o700
    for name in ("manifest.json", "database.dump", "files/node.toml"):
        assert stat.S_IMODE((saved / name).stat().st_mode) == 0o600


def test_the_manifest_says_what_is_in_it(full, saved):
    manifest = read_backup(saved)
    with full.connect() as conn:
        assert manifest.heads == (("node", 6, head(conn, "node").root.hex()),)
    assert [name for name, _ in manifest.files] == ["database.dump", "files/node.toml"]
    assert manifest.made_at == "2026-08-05T12:00:00Z"


def test_one_changed_byte_is_named(saved, empty_database, postgres_server):
    file = saved / "database.dump"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(StoreDamaged, match=r"database\.dump"):
        restore(saved, empty_database.dsn(), binaries=postgres_server.binaries, at=NOON)


def test_a_full_database_is_not_written_over(saved, full, postgres_server):
    with pytest.raises(SettingsWrong, match="not empty"):
        restore(saved, full.dsn(), binaries=postgres_server.binaries, at=NOON)


def test_a_backup_does_not_replace_another(saved, full, postgres_server):
    with pytest.raises(SettingsWrong, match="new folder"):
        backup(full.dsn(), saved, binaries=postgres_server.binaries, at=NOON)


def test_a_failed_backup_leaves_nothing(full, postgres_server, tmp_path):
    with pytest.raises(FileNotFoundError):
        backup(
            full.dsn(), tmp_path / "b", binaries=postgres_server.binaries, at=NOON, extras=[tmp_path / "missing.toml"]
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', '{"format": 99}'])
def test_what_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(SettingsWrong):
        read_backup(tmp_path)


def test_a_manifest_of_a_newer_schema_is_refused(saved):
    manifest = json.loads((saved / "manifest.json").read_text())
    (saved / "manifest.json").write_text(json.dumps(manifest | {"schema": 9999}))
    with pytest.raises(SettingsWrong, match="newer release"):
        read_backup(saved)


def test_what_was_tampered_with_before_the_backup_is_named_after_it(full, postgres_server, empty_database, tmp_path):
    with full.connect(autocommit=True) as owner:
        owner.execute("update node.statement set body = '{}' where id = 'st-1'")
    backup(full.dsn(), tmp_path / "b", binaries=postgres_server.binaries, at=NOON)
    restored = restore(tmp_path / "b", empty_database.dsn(), binaries=postgres_server.binaries, at=NOON)
    assert [(one.code, one.params["key"]) for one in restored.problems] == [("verify.row-changed", "st-1")]


def test_a_backup_under_writing_is_one_moment_of_it(full, postgres_server, empty_database, tmp_path):
    stop = threading.Event()

    def keep_writing():
        with full.connect("desk") as conn:
            n = 0
            while not stop.is_set():
                write(conn, f"busy-{n}")
                n += 1

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        manifest = backup(full.dsn(), tmp_path / "b", binaries=postgres_server.binaries, at=NOON)
    finally:
        stop.set()
        thread.join()
    restored = restore(tmp_path / "b", empty_database.dsn(), binaries=postgres_server.binaries, at=NOON)
    assert restored.problems == ()
    assert restored.manifest == manifest


def test_a_dump_that_fails_says_why(postgres_server, tmp_path):
    with pytest.raises(StoreError):
        backup(postgres_server.dsn("owner", "postgres"), tmp_path / "b", binaries=postgres_server.binaries, at=NOON)
    assert list(tmp_path.iterdir()) == []
