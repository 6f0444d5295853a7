"""Shared fixtures: one real PostgreSQL a test process, one fresh database a test."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from tidegate.errors import SettingsWrong

# A busy machine may take long over one example; how quick something is, is measured in bench/ and never here.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
_numbers = itertools.count()
TEMPLATE = "tidegate_template"


def memory_folder() -> str | None:
    """Return a folder in memory where there is one with room, else None: a database has hundreds of small files."""
    shared = "/dev/shm"
    if not os.access(shared, os.W_OK | os.X_OK) or shutil.disk_usage(shared).free < 1_000_000_000:
        return None
    return shared


@dataclass(frozen=True)
class Database:
    """A fresh, migrated database of its own. `dsn(role)` for "owner", "desk", "exchange", "public", "witness"."""

    server: object
    name: str

    def dsn(self, role: str = "owner") -> str:
        return self.server.dsn(role, self.name)

    def connect(self, role: str = "owner", **options):
        from tidegate.store.connect import connect

        return connect(self.dsn(role), **options)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[object]:
    """A running PostgresServer in a folder of its own (one a worker under xdist). Without fsync: it is thrown away."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra `node`)")
    from tidegate.store.binaries import find_binaries
    from tidegate.store.server import PostgresServer

    try:
        binaries = find_binaries()
    except SettingsWrong as exc:
        pytest.skip(f"no PostgreSQL programs: {exc}")
    # pytest's own temporary folders are closed to others, and as root the server runs as another account.
    folder = Path(tempfile.mkdtemp(prefix="tidegate-test-", dir=memory_folder()))
    server = PostgresServer(folder, binaries=binaries, settings={"fsync": "off", "full_page_writes": "off"})
    try:
        with server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _template(postgres_server) -> str:
    from tidegate.store.connect import connect
    from tidegate.store.migrate import migrate

    with connect(postgres_server.dsn("owner", "postgres"), autocommit=True) as conn:
        conn.execute(f"create database {TEMPLATE}")
    with connect(postgres_server.dsn("owner", TEMPLATE), statement_s=0) as conn:
        migrate(conn)
    return TEMPLATE


@pytest.fixture
def database(postgres_server, _template) -> Iterator[Database]:
    """A fresh database with every migration applied; dropped after the test."""
    from tidegate.store.connect import connect

    name = f"test_{next(_numbers)}"
    with connect(postgres_server.dsn("owner", "postgres"), autocommit=True) as conn:
        conn.execute(f"create database {name} template {_template} strategy file_copy")
    yield Database(postgres_server, name)
    with connect(postgres_server.dsn("owner", "postgres"), autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")


@pytest.fixture
def empty_database(postgres_server) -> Iterator[Database]:
    """A database without any migration."""
    from tidegate.store.connect import connect

    name = f"empty_{next(_numbers)}"
    with connect(postgres_server.dsn("owner", "postgres"), autocommit=True) as conn:
        conn.execute(f"create database {name} strategy file_copy")
    yield Database(postgres_server, name)
    with connect(postgres_server.dsn("owner", "postgres"), autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")
