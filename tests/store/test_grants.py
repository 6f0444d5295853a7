from __future__ import annotations

import pytest

from tidegate.store.connect import translated
from tidegate.store.faults import StoreForbidden

pytestmark = pytest.mark.postgres
TABLES = """
select table_schema || '.' || table_name from information_schema.tables
where table_schema in ('node', 'audit', 'published', 'witness')
"""


def test_the_public_role_reads_only_what_is_published(database):
    with database.connect() as owner:
        tables = sorted(row[0] for row in owner.execute(TABLES).fetchall())
    assert any(name.startswith("node.") for name in tables)
    with database.connect("public", autocommit=True) as conn:
        for table in tables:
            schema = table.partition(".")[0]
            if schema == "published":
                continue
            with pytest.raises(StoreForbidden), translated():
                conn.execute(f"select 1 from {table}")


def test_the_witness_role_sees_nothing_of_the_node(database):
    with database.connect("witness", autocommit=True) as conn:
        for table in ("audit.schema_version", "audit.entry", "audit.checkpoint"):
            with pytest.raises(StoreForbidden), translated():
                conn.execute(f"select 1 from {table}")


@pytest.mark.parametrize("role", ["desk", "exchange", "public", "witness"])
def test_no_working_role_escapes(database, role):
    with database.connect(role, autocommit=True) as conn:
        for statement in (
            "create extension file_fdw schema published",
            "create schema mine",
            "create table public.mine (n int)",
            "copy (select 1) to '/tmp/out'",
            "select pg_read_file('/etc/passwd')",
            "create role mine",
            "alter system set log_statement = 'all'",
        ):
            with pytest.raises(StoreForbidden), translated():
                conn.execute(statement)


def test_row_security_binds_the_working_roles(database):
    with database.connect() as owner:
        owner.execute("create table node.kept (clearance text, n int)")
        owner.execute("insert into node.kept values ('open', 1), ('closed', 2)")
        owner.execute("alter table node.kept enable row level security")
        owner.execute("create policy seen on node.kept to tidegate_desk using (clearance = 'open')")
        owner.execute("grant select on node.kept to tidegate_desk")
    with database.connect("desk") as conn:
        assert conn.execute("select n from node.kept").fetchall() == [(1,)]
