"""The exchange: two real nodes on one PostgreSQL, real doors over TLS on loopback, real seals and signatures.

    python bench/exchange.py [--backlog 300] [--single 40]

Writes bench/results/exchange.json. `backlog_s` is from the moment the way is open again until the last signed receipt
of a queue of `backlog_messages` is kept; `message_p95_ms` is one message from its draft in the queue to its receipt;
`growth` tells what one message of the backlog cost at each length of the log. Both nodes share this machine and one
process, so sender and receiver together are what is measured.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.node.conftest import Pair, make, serve  # noqa: E402

from tidegate.demo.agreement import EXPORTING, IMPORTING  # noqa: E402
from tidegate.node import bundles, courier, enrolment, links  # noqa: E402
from tidegate.store.audit_log import head  # noqa: E402
from tidegate.store.binaries import find_binaries  # noqa: E402
from tidegate.store.server import PostgresServer  # noqa: E402

CHUNKS = 6


def main() -> None:
    """Measure and write bench/results/exchange.json."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--backlog", type=int, default=300)
    options.add_argument("--single", type=int, default=40)
    chosen = options.parse_args()
    with two_nodes() as (pair, server_version):
        told = _about(server_version)
        told |= backlog(pair, chosen.backlog)
        told |= single(pair, chosen.single)
        told |= by_hand(pair, chosen.single)
        told |= equal(pair)
    target = HERE / "results" / "exchange.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told, ensure_ascii=False, indent=1))


@contextmanager
def two_nodes() -> Iterator[tuple[Pair, str]]:
    """Two enrolled nodes with an agreement in force. PostgreSQL writes to disk as in earnest (fsync on)."""
    base = Path(tempfile.mkdtemp(prefix="tidegate-bench-"))
    base.chmod(0o711)
    binaries = find_binaries()
    try:
        with PostgresServer(base / "postgres", binaries=binaries) as server:
            nodes = [
                make(server, base, agency, name)
                for agency, name in ((IMPORTING, "a.localhost"), (EXPORTING, "b.localhost"))
            ]
            doors = {node.node_id: serve(node) for node in nodes}
            invites = [enrolment.make_invite(node) for node in nodes]
            _, words = enrolment.accept_invite(nodes[1], invites[0], officer="liaison")
            enrolment.accept_invite(nodes[0], invites[1], officer="liaison")
            for node, partner in (nodes, nodes[::-1]):
                for officer in ("liaison", "second"):
                    enrolment.confirm_partner(node, partner.node_id, " ".join(words), officer=officer)
            pair = Pair(nodes[0], nodes[1], doors)
            pair.agree()
            yield pair, binaries.version
            for close in doors.values():
                close()
            for node in nodes:
                node.close()
    finally:
        shutil.rmtree(base, ignore_errors=True)


def backlog(pair: Pair, messages: int) -> dict[str, object]:
    """Queue messages while the way is closed, open it, and carry all."""
    start = time.monotonic()
    for _ in range(messages):
        pair.notify()
    queued_s = time.monotonic() - start
    growth, total, sizes = [], 0.0, []
    most = courier.MOST_AT_ONCE
    try:
        courier.MOST_AT_ONCE = max(1, messages // CHUNKS)
        left = messages
        while left > 0:
            before = time.monotonic()
            done = courier.visit(pair.b, pair.a.node_id)
            seconds = time.monotonic() - before
            if done.stopped or not done.delivered:
                raise RuntimeError(f"the backlog stopped at {left}: {done}")
            growth.append(
                {
                    "held_before": sum(sizes),
                    "messages": done.delivered,
                    "ms_per_message": round(seconds / done.delivered * 1000, 1),
                }
            )
            sizes.append(done.delivered)
            total, left = total + seconds, left - done.delivered
    finally:
        courier.MOST_AT_ONCE = most
    return {
        "backlog_messages": messages, "backlog_s": round(total, 2), "messages_per_s": round(messages / total, 1),
        "growth": growth, "drafting_s": round(queued_s, 2),
    }  # fmt: skip


def single(pair: Pair, messages: int) -> dict[str, object]:
    """One message at a time: from the draft in the queue to the signed receipt, its cosigned checkpoint included."""
    times = []
    for _ in range(messages):
        pair.notify()
        start = time.monotonic()
        done = courier.visit(pair.b, pair.a.node_id)
        times.append((time.monotonic() - start) * 1000)
        if done.delivered != 1:
            raise RuntimeError(f"a message stayed: {done}")
    return {
        "single_messages": messages, "message_median_ms": round(statistics.median(times), 1),
        "message_p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
    }  # fmt: skip


def by_hand(pair: Pair, messages: int) -> dict[str, object]:
    """The same road on a stick: export, import, import again, receipts."""
    for _ in range(messages):
        pair.notify()
    with tempfile.TemporaryDirectory() as folder:
        stick = Path(folder) / "stick"
        steps = {
            "export": lambda: bundles.export(pair.b, pair.a.node_id, stick).items,
            "import": lambda: bundles.take(pair.a, stick).taken,
            "import_again": lambda: bundles.take(pair.a, stick).known,
            "receipts": lambda: bundles.take_receipts(pair.b, stick).delivered,
        }
        told: dict[str, object] = {"bundle_messages": messages}
        for name, step in steps.items():
            start = time.monotonic()
            count = step()
            told[f"bundle_{name}_s"] = round(time.monotonic() - start, 2)
            if count != messages:
                raise RuntimeError(f"{name}: {count} of {messages}")
    return told


def equal(pair: Pair) -> dict[str, object]:
    """Both ends hold one log of what b sent a."""
    with pair.b.transaction() as tx:
        out = head(tx.conn, links.log_of(pair.a.node_id, "out"))
    with pair.a.transaction() as tx:
        into = head(tx.conn, links.log_of(pair.b.node_id, "in"))
    return {"log_size": out.size, "logs_equal": (out.size, out.root) == (into.size, into.root)}


def _about(server_version: str) -> dict[str, object]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False
    ).stdout.strip()
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    versions = {name: version(name) for name in ("cryptography", "psycopg", "httpx2", "uvicorn")}
    return {
        "commit": commit, "date": datetime.now(UTC).isoformat(timespec="seconds"), "cpu": cpu,
        "python": platform.python_version(), "versions": {**versions, "postgresql": server_version},
    }  # fmt: skip


if __name__ == "__main__":
    main()
