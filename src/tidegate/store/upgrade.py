"""Upgrade of a database that holds data: verify it, apply what is missing, seal anew the tables whose columns changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tidegate.store.connect import Connection, translated
from tidegate.store.faults import StoreDamaged
from tidegate.store.migrate import Migration, migrate, missing_steps, schema_number
from tidegate.store.seals import reseal_table, sealed_tables
from tidegate.store.verify import verify_database
from tidegate.wording.problems import problem


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did: the migrations applied, and (table, rows) sealed anew."""

    applied: tuple[int, ...]
    resealed: tuple[tuple[str, int], ...]


def upgrade(conn: Connection, *, at: datetime, migrations: Sequence[Migration] | None = None) -> Upgraded:
    """Bring the database to this release, as owner, outside a transaction; a no-op where nothing is missing.

    A seal covers every column of its row, so a new column calls for new seals; they take the rows as they are for
    right. Hence a database that does not verify is not upgraded. Raises StoreDamaged then, naming the first problem.
    """
    if not missing_steps(conn, migrations):
        return Upgraded((), ())
    if schema_number(conn):
        problems = verify_database(conn, whole_schema=False)
        if problems:
            raise problem(
                StoreDamaged, "store.upgrade-unverified", count=len(problems), first=problems[0].say("en")
            )  # fmt: skip
    before = _columns(conn)
    applied = migrate(conn, migrations)
    after = _columns(conn)
    changed = [table for table in sealed_tables if table in before and before[table] != after.get(table)]
    resealed = []
    with translated(), conn.transaction():
        for table in changed:
            resealed.append((table, reseal_table(conn, table, at=at)))
    return Upgraded(tuple(applied), tuple(resealed))


def _columns(conn: Connection) -> dict[str, tuple[str, ...]]:
    """Return the columns of each table of the node, with their types: what a row looks like as JSON."""
    with translated(), conn.transaction():
        rows = conn.execute(
            "select table_schema || '.' || table_name, array_agg(column_name || ' ' || udt_name order by column_name) "
            "from information_schema.columns where table_schema = 'node' group by 1"
        ).fetchall()
    return {table: tuple(columns) for table, columns in rows}
