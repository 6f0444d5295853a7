"""Connections to the node's database: how they are opened, bounded, and how their errors become sentences.

Rows come as tuples. jsonb comes and goes as plain data, bytea as bytes, numeric as Decimal, timestamptz as an aware
datetime in UTC.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow
from psycopg.types.json import JsonbDumper, set_json_dumps
from psycopg_pool import ConnectionPool, PoolTimeout

from tidegate.store.faults import (
    StoreBusy,
    StoreConflict,
    StoreDamaged,
    StoreError,
    StoreForbidden,
    StoreTimeout,
    StoreUnreachable,
)
from tidegate.wording.problems import problem

Connection: TypeAlias = psycopg.Connection[TupleRow]
Pool: TypeAlias = ConnectionPool[Connection]

STATEMENT_SECONDS = 30.0
LOCK_SECONDS = 10.0
IDLE_SECONDS = 60.0
"""An open transaction that does nothing for this long is ended: it would hold locks and old row versions."""


def connect(dsn: str, *, statement_s: float = STATEMENT_SECONDS, autocommit: bool = False) -> Connection:
    """Return a connection for `dsn`. Raises StoreUnreachable if there is no server or it does not let us in.

    statement_s: longest time for one statement in seconds, 0 for no bound (migrations, verification).
    """
    with translated():
        conn = psycopg.connect(_bounded(dsn, statement_s), autocommit=autocommit, connect_timeout=5)
    _adapt(conn)
    return conn


def open_pool(dsn: str, *, size: int = 4, statement_s: float = STATEMENT_SECONDS) -> Pool:
    """Return an open pool of up to `size` connections; close it with `.close()` or use it in a `with`.

    Each connection is tried before it is handed out, so a restart of the server costs no failed request.
    """
    return ConnectionPool(
        _bounded(dsn, statement_s),
        connection_class=psycopg.Connection[TupleRow],
        kwargs={"connect_timeout": 5},
        min_size=min(1, size), max_size=size, configure=_adapt, check=ConnectionPool.check_connection,
        timeout=10, open=True, name="tidegate",
    )  # fmt: skip


@contextmanager
def transaction(source: Pool | Connection) -> Iterator[Connection]:
    """Run the block in one transaction on a connection of `source`: kept whole at its end, undone on any error.

    On a connection that is already in a transaction the block is a savepoint. Raises the store's own faults.
    """
    with translated():
        if isinstance(source, psycopg.Connection):
            with source.transaction():
                yield source
        else:
            with source.connection() as conn, conn.transaction():
                yield conn


@contextmanager
def translated() -> Iterator[None]:
    """Turn psycopg's errors in the block into the store's faults, each with a sentence; the cause is kept."""
    try:
        yield
    except (psycopg.Error, PoolTimeout) as exc:
        raise explain(exc) from exc


def explain(exc: Exception) -> StoreError:
    """Return the fault that says what `exc` of psycopg means for the person at the desk.

    Names of tables and constraints are said; values of rows never are.
    """
    diag = exc.diag if isinstance(exc, psycopg.Error) else None
    constraint = (diag.constraint_name if diag else None) or "?"
    table = (diag.table_name if diag else None) or "?"
    primary = ((diag.message_primary if diag else None) or type(exc).__name__).splitlines()[0]
    if isinstance(exc, errors.SerializationFailure | errors.DeadlockDetected | errors.LockNotAvailable):
        return problem(StoreBusy, "store.busy")
    if isinstance(exc, errors.QueryCanceled | errors.IdleInTransactionSessionTimeout):
        return problem(StoreTimeout, "store.timeout")
    if isinstance(exc, errors.InsufficientPrivilege):
        return problem(StoreForbidden, "store.forbidden", words=primary)
    if isinstance(exc, errors.UniqueViolation):
        return problem(StoreConflict, "store.conflict", table=table, constraint=constraint)
    if isinstance(exc, errors.IntegrityError):
        return problem(StoreConflict, "store.rule-broken", table=table, constraint=constraint)
    if isinstance(exc, errors.DataCorrupted | errors.IndexCorrupted):
        return problem(StoreDamaged, "store.damaged", words=primary)
    if isinstance(exc, psycopg.OperationalError | PoolTimeout):
        words = str(exc).strip().splitlines()
        return problem(StoreUnreachable, "store.connection-lost", words=words[-1] if words else primary)
    return problem(StoreError, "store.failed", words=primary)


def _bounded(dsn: str, statement_s: float) -> str:
    bounds = {
        "statement_timeout": f"{int(statement_s * 1000)}ms",
        "lock_timeout": f"{int(LOCK_SECONDS * 1000)}ms" if statement_s else "0",
        "idle_in_transaction_session_timeout": f"{int(IDLE_SECONDS * 1000)}ms" if statement_s else "0",
        "timezone": "UTC",
        "client_encoding": "UTF8",
    }
    given = str(conninfo_to_dict(dsn).get("options") or "")
    options = " ".join([*(f"-c {name}={value}" for name, value in bounds.items()), given]).strip()
    return make_conninfo(dsn, options=options, application_name="tidegate")


def _adapt(conn: psycopg.Connection[Any]) -> None:
    conn.adapters.register_dumper(dict, JsonbDumper)
    set_json_dumps(_dumps, conn)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
