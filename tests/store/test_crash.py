"""Crashes on real processes: the server or the writer is killed at random moments, and nothing is lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import UTC, datetime

import pytest

from tidegate.model.event import Event
from tidegate.store import documents
from tidegate.store.audit_log import append_event, head
from tidegate.store.connect import connect, transaction
from tidegate.store.faults import StoreError
from tidegate.store.migrate import migrate
from tidegate.store.seals import seal_row
from tidegate.store.server import PostgresServer
from tidegate.store.verify import verify_database

from .helpers import open_folder

pytestmark = pytest.mark.postgres
NOON = datetime(2026, 8, 5, 12, 0, tzinfo=UTC)
KILLS = int(os.environ.get("TIDEGATE_CRASHES", "4"))

WRITER = textwrap.dedent("""
    import itertools, sys
    from datetime import UTC, datetime
    from tidegate.store import documents
    from tidegate.store.connect import connect, transaction
    from tidegate.store.seals import seal_row
    with connect(sys.argv[1]) as conn:
        for n in itertools.count(int(sys.argv[2])):
            with transaction(conn):
                documents.put(conn, "statement", f"st-{n}", {"n": n})
                seal_row(conn, "node.statement", f"st-{n}", at=datetime(2026, 8, 5, tzinfo=UTC))
            print(n, flush=True)
""")


def write(conn, n):
    with transaction(conn):
        documents.put(conn, "statement", f"st-{n}", {"n": n})
        seal_row(conn, "node.statement", f"st-{n}", at=NOON)
        append_event(conn, Event("statement.recorded", NOON, "node", f"st-{n}"))


def held(conn):
    """Numbers of the statements, after seeing that database and log agree."""
    assert verify_database(conn) == []
    return [body["n"] for _, body in documents.find(conn, "statement")]


def test_what_was_acknowledged_outlives_every_crash_of_the_server():
    chance = random.Random(7)
    with open_folder() as folder, PostgresServer(folder / "pg") as server:
        with connect(server.dsn("owner"), statement_s=0) as conn:
            migrate(conn)
        acknowledged = []

        def keep_writing():
            try:
                with connect(server.dsn("desk")) as conn:
                    while True:
                        n = len(acknowledged)
                        write(conn, n)
                        acknowledged.append(n)
            except StoreError:
                return

        for _ in range(KILLS):
            with connect(server.dsn("owner"), autocommit=True) as conn:
                kept = held(conn)
                # At most the one transaction whose answer was lost may be there beyond what was acknowledged.
                assert kept[: len(acknowledged)] == acknowledged
                assert len(kept) <= len(acknowledged) + 1
                assert head(conn, "node").size == 2 * len(kept)
                acknowledged[:] = kept
            thread = threading.Thread(target=keep_writing)
            thread.start()
            time.sleep(chance.uniform(0.05, 0.3))
            os.kill(server.status().pid, signal.SIGKILL)
            thread.join()
            server.start()
        with connect(server.dsn("owner"), autocommit=True) as conn:
            assert held(conn)[: len(acknowledged)] == acknowledged
            assert len(acknowledged) > KILLS


def test_a_writer_killed_at_any_moment_leaves_whole_transactions(database):
    chance = random.Random(11)
    with database.connect("owner", autocommit=True) as conn:
        last = -1
        for _ in range(KILLS):
            command = [sys.executable, "-c", WRITER, database.dsn("desk"), str(last + 1)]
            writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            first = writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.1))
            writer.kill()
            said = [int(line) for line in [first, *writer.stdout.read().split()] if line.strip()]
            writer.stdout.close()
            writer.wait()
            # The server needs a moment to see that its client is gone; an append waits for the lock meanwhile.
            conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tidegate_desk'")
            deadline = time.monotonic() + 5
            while conn.execute("select 1 from pg_stat_activity where usename = 'tidegate_desk'").fetchone():
                assert time.monotonic() < deadline
                time.sleep(0.01)
            kept = held(conn)
            assert kept == list(range(len(kept)))
            assert said[-1] <= kept[-1] <= said[-1] + 1
            last = kept[-1]
