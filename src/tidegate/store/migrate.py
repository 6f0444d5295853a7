"""Migrations: numbered .sql files that only go forward, each kept with its digest in audit.schema_version.

A later release may add a step with a number below the highest one applied; what is missing is applied in order.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from tidegate.errors import SettingsWrong
from tidegate.store.connect import Connection, translated
from tidegate.store.faults import StoreDamaged
from tidegate.wording.problems import problem

ADVISORY_LOCK = 7_364_201
"""Two processes that start at once must not migrate at once."""

_FIRST = """
create schema if not exists audit;
create table if not exists audit.schema_version (
    number integer primary key,
    name text not null,
    digest text not null,
    applied_at timestamptz not null default now()
);
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: `number` from the file name, `name`, the SQL, and its SHA-256 in hex."""

    number: int
    name: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the file in hex; line ends do not count."""
        return hashlib.sha256(self.text.replace("\r\n", "\n").encode()).hexdigest()


@lru_cache(maxsize=1)
def packaged_migrations() -> tuple[Migration, ...]:
    """Return the migrations of this release in order. Raises ValueError if two have one number."""
    found: dict[int, Migration] = {}
    for file in resources.files("tidegate.store").joinpath("sql").iterdir():
        named = re.fullmatch(r"(\d{4})_(\w+)\.sql", file.name)
        if not named:
            continue
        step = Migration(int(named[1]), named[2], file.read_text(encoding="utf-8"))
        if step.number in found:
            raise ValueError(f"two migrations have the number {step.number}: {found[step.number].name}, {step.name}")
        found[step.number] = step
    return tuple(found[number] for number in sorted(found))


def migrate(conn: Connection, migrations: Sequence[Migration] | None = None) -> list[int]:
    """Apply what is missing, as owner, each step in a transaction of its own; return the numbers applied.

    `conn` must be outside a transaction. Raises StoreDamaged if an applied step has changed since, SettingsWrong
    if the database holds a step that this release does not know (a newer release made it).
    """
    steps = packaged_migrations() if migrations is None else migrations
    applied = []
    with translated():
        conn.execute("select pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        conn.commit()
        try:
            prepare(conn)
            with conn.transaction():
                conn.execute("set local client_min_messages = warning")
                conn.execute(_FIRST)
            _compare(conn, steps)
            held = _held(conn)
            for step in steps:
                if step.number in held:
                    continue
                with conn.transaction():
                    # Sent without parameters, a file of many statements runs as one and percent signs stay.
                    conn.execute(step.text.encode())
                    conn.execute(
                        "insert into audit.schema_version (number, name, digest) values (%s, %s, %s)",
                        (step.number, step.name, step.digest),
                    )
                applied.append(step.number)
        finally:
            if not conn.broken:
                conn.rollback()
                conn.execute("select pg_advisory_unlock(%s)", (ADVISORY_LOCK,))
                conn.commit()
    return applied


def prepare(conn: Connection) -> None:
    """Make the working roles where they are missing and close the database to all others. As owner; safe to repeat."""
    text = resources.files("tidegate.store").joinpath("sql", "prepare.sql").read_text(encoding="utf-8")
    with translated(), conn.transaction():
        conn.execute(text.encode())


def schema_number(conn: Connection) -> int:
    """Return the highest step applied, 0 for an empty database."""
    with translated(), conn.transaction():
        row = conn.execute("select to_regclass('audit.schema_version') is not null").fetchone()
        if not row or not row[0]:
            return 0
    return max(_held(conn), default=0)


def missing_steps(conn: Connection, migrations: Sequence[Migration] | None = None) -> list[int]:
    """Return the numbers of the steps not yet applied. Raises as migrate() does for changed or newer ones."""
    steps = packaged_migrations() if migrations is None else migrations
    if schema_number(conn) == 0:
        return [step.number for step in steps]
    _compare(conn, steps)
    held = _held(conn)
    return [step.number for step in steps if step.number not in held]


def check_schema(conn: Connection, migrations: Sequence[Migration] | None = None) -> None:
    """Raise SettingsWrong if the database lacks a step of this release or holds a later one; see migrate()."""
    missing = missing_steps(conn, migrations)
    if missing:
        raise problem(SettingsWrong, "store.schema-behind", held=schema_number(conn), ours=max(missing))


def _compare(conn: Connection, steps: Sequence[Migration]) -> None:
    known = {step.number: step for step in steps}
    for number, digest in _held(conn).items():
        if number not in known:
            raise problem(SettingsWrong, "store.schema-newer", held=number, ours=max(known, default=0))
        if digest != known[number].digest:
            raise problem(StoreDamaged, "store.migration-changed", number=number, name=known[number].name)


def _held(conn: Connection) -> dict[int, str]:
    with translated(), conn.transaction():
        rows = conn.execute("select number, digest from audit.schema_version order by number").fetchall()
    return dict(rows)
