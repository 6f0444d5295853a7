"""Two real nodes on one PostgreSQL, enrolled with each other, with real exchange doors on loopback."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tidegate.demo.agreement import AGREEMENT_ID, CASE_PURPOSE, EXPORTING, IMPORTING, story_agreement
from tidegate.node import agreements, cases, courier, enrolment
from tidegate.node.node import Node, open_node
from tidegate.node.settings import Settings
from tidegate.node.setup import NewOfficer, make_node
from tidegate.trust.locked_secret import LockCost, lock_secret

START = datetime(2022, 7, 25, 8, 0, tzinfo=UTC)
_numbers = itertools.count()
RECORD = {
    "consignor": "青螺薄荷糖香料有限公司",
    "consignee": "Aromas Cometa de Lino SA de CV",
    "goods_description": "Heliotropin crystals",
    "cas": "120-57-0",
    "net_mass_kg": "200",
    "date": "2022-08-22",
}


@pytest.fixture(autouse=True)
def quick_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lock the keys and codes of test nodes with the least work: what locking is worth is tested in tests/trust."""
    defaults = lock_secret.__kwdefaults__ or {}
    monkeypatch.setattr(lock_secret, "__kwdefaults__", {**defaults, "cost": LockCost(memory_kib=64, passes=1, lanes=1)})
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr("tidegate.node.setup.PasswordHasher", lambda: cheap)


@dataclass
class Pair:
    """Both sides. `a` imports, `b` exports."""

    a: Node
    b: Node
    doors: dict[str, Callable[[], None]] = field(default_factory=dict)

    def carry(self) -> None:
        """Deliver whatever may go, both ways, until nothing moves."""
        for _ in range(6):
            moved = courier.visit(self.a, self.b.node_id).delivered + courier.visit(self.b, self.a.node_id).delivered
            if not moved:
                return

    def agree(self) -> None:
        """Bring the story's agreement in force."""
        agreements.propose(self.b, story_agreement(), officer="liaison")
        self.carry()
        agreements.countersign(self.a, AGREEMENT_ID, officer="liaison")
        self.carry()

    def notify(self) -> str:
        """Queue a pre-export notification from b to a. Returns the proposal's id."""
        case_id = cases.open_new_case(
            self.b, title="test", pillar="distribution", officer="liaison", record=RECORD, source="sheet, row 2"
        )
        proposal_id = cases.draft_proposal(
            self.b, case_id, agreement_id=AGREEMENT_ID, recipient=self.a.node_id, pillar="distribution",
            kind="pre_export_notification", purpose=CASE_PURPOSE, officer="liaison",
        )  # fmt: skip
        decision = cases.approve_proposal(self.b, proposal_id, officer="second")
        assert decision.__class__.__name__ == "Disclosure", decision
        return proposal_id


def serve(node: Node) -> Callable[[], None]:
    """Open the exchange door of a node in a thread of this process, over TLS. Returns what closes it."""
    import uvicorn

    from tidegate.web.exchange_door import exchange_app

    config = uvicorn.Config(
        exchange_app(node), host="127.0.0.1", port=node.settings.exchange_port, log_level="error", lifespan="off",
        ssl_certfile=str(node.folder / "exchange.crt"), ssl_keyfile=str(node.folder / "exchange.key"),
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def close() -> None:
        server.should_exit = True
        thread.join(10)

    for _ in range(200):
        if server.started:
            return close
        time.sleep(0.02)
    raise RuntimeError("the exchange door did not open")


def make(server, base: Path, agency, name: str) -> Node:
    from tidegate.store.connect import connect

    database = f"node_{next(_numbers)}_{agency.id.replace('-', '_')}"
    with connect(server.dsn("owner", "postgres"), autocommit=True) as conn:
        conn.execute(f"create database {database} strategy file_copy")
    officers = [NewOfficer(role, role, role) for role in ("liaison", "second", "secretariat")]
    make_node(
        base / agency.id, settings=Settings(node_id=agency.id, name=name, database_url=server.dsn("owner", database)),
        agency=agency, passphrase="a test passphrase", officers_wanted=officers, invented=True, story_start=START,
    )  # fmt: skip
    return open_node(base / agency.id, "exchange", passphrase="a test passphrase")


@pytest.fixture
def pair(postgres_server) -> Iterator[Pair]:
    """Two enrolled nodes whose doors are open."""
    base = Path(tempfile.mkdtemp(prefix="tidegate-pair-"))
    base.chmod(0o711)
    a, b = make(postgres_server, base, IMPORTING, "a.localhost"), make(postgres_server, base, EXPORTING, "b.localhost")
    doors = {node.node_id: serve(node) for node in (a, b)}
    invites = enrolment.make_invite(a), enrolment.make_invite(b)
    _, words = enrolment.accept_invite(b, invites[0], officer="liaison")
    enrolment.accept_invite(a, invites[1], officer="liaison")
    for node, partner in ((a, b), (b, a)):
        for officer in ("liaison", "second"):
            enrolment.confirm_partner(node, partner.node_id, " ".join(words), officer=officer)
    both = Pair(a, b, doors)
    yield both
    for close in both.doors.values():
        close()
    both.a.close()
    both.b.close()
    shutil.rmtree(base, ignore_errors=True)
