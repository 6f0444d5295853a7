"""Two sides with a desk each, on one PostgreSQL, enrolled, with real exchange doors on loopback."""

from __future__ import annotations

import itertools
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import uvicorn
from starlette.testclient import TestClient

from tidegate.demo.agreement import AGREEMENT_ID, CASE_PURPOSE, EXPORTING, IMPORTING, story_agreement
from tidegate.model.agency import Agency
from tidegate.model.handling import Handling
from tidegate.node import agreements, cases, courier, enrolment
from tidegate.node.node import Node, open_node
from tidegate.node.settings import Settings
from tidegate.node.setup import NewOfficer, make_node
from tidegate.store.connect import connect
from tidegate.web.desk import desk_app
from tidegate.web.desk_sign_in import WrongCodes
from tidegate.web.exchange_door import exchange_app

START = datetime(2022, 7, 25, 8, 0, tzinfo=UTC)
PASSPHRASE = "a test passphrase"
ROLES = {"liaison": "liaison", "second": "second", "third": "second", "operator": "operator"}
NAMES = {"liaison": "L. Linterna", "second": "S. Segunda", "third": "T. Tercera", "operator": "O. Muestra"}
RECORD = {
    "consignment_id": "XA-22-0963",
    "consignor": "青螺薄荷糖香料有限公司",
    "consignee": "Aromas Cometa de Lino SA de CV",
    "goods_description": "Heliotropin crystals",
    "cas": "120-57-0",
    "net_mass_kg": "200",
    "date": "2022-08-22",
}
_numbers = itertools.count()


@dataclass
class Side:
    """One node twice: `node` under the desk's role, `door` under the exchange's. codes: by officer id."""

    node: Node
    door: Node
    codes: dict[str, str]
    signed_in: dict[tuple[str, str], Desk] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.node.node_id

    @cached_property
    def desk(self):
        return desk_app(self.node)

    def browser(self, officer: str = "", lang: str = "en", wrong_codes: WrongCodes | None = None) -> Desk:
        """Return a browser at this desk; with an officer's id, the one where that officer signed in before."""
        if (officer, lang) in self.signed_in:
            return self.signed_in[officer, lang]
        client = TestClient(
            desk_app(self.node, wrong_codes=wrong_codes) if wrong_codes else self.desk,
            base_url=f"http://{self.node.settings.name}",
            headers={"Accept-Language": lang},
            follow_redirects=False,
        )
        desk = Desk(client)
        if officer:
            desk.sign_in(officer, self.codes[officer])
            self.signed_in[officer, lang] = desk
        return desk


@dataclass
class Desk:
    """A browser: `page` reads, `send` fills in a form of the page last read."""

    client: TestClient
    token: str = ""

    def sign_in(self, officer: str, code: str):
        self.page("/sign-in")
        answer = self.client.post("/sign-in", data={"token": self.token, "officer": officer, "code": code})
        if answer.status_code == 303:
            self.page("/today")
        return answer

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, words(answer.text))
        found = re.search(r'name="token" value="(\w+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer.text

    def send(self, path: str, *, status: int = 303, files=None, **data):
        answer = self.client.post(path, data={"token": self.token, **data}, files=files)
        assert answer.status_code == status, (path, answer.status_code, words(answer.text))
        return answer


def words(html: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@dataclass
class Sides:
    """Both sides: `a` imports, `b` exports."""

    a: Side
    b: Side

    def carry(self) -> None:
        for _ in range(6):
            if not sum(courier.visit(x.door, y.id).delivered for x, y in ((self.a, self.b), (self.b, self.a))):
                return

    def agree(self) -> None:
        agreements.propose(self.b.door, story_agreement(), officer="liaison")
        self.carry()
        agreements.countersign(self.a.door, AGREEMENT_ID, officer="liaison")
        self.carry()

    def notify(self, *, approve: bool = True) -> str:
        """Draft a pre-export notification from b to a, with one protected fact. Returns the proposal's id."""
        node = self.b.node
        case_id = cases.open_new_case(
            node, title="Heliotropin", pillar="distribution", officer="liaison", record=RECORD, source="sheet, row 964"
        )
        secret = Handling(originator=node.node_id, tlp="RED", protected_source=True)
        cases.add_statement(
            node, case_id, name="tip_off", value="a caller named the warehouse", handling=secret,
            source="informant 7", officer="liaison",
        )  # fmt: skip
        proposal_id = cases.draft_proposal(
            node, case_id, agreement_id=AGREEMENT_ID, recipient=self.a.id, pillar="distribution",
            kind="pre_export_notification", purpose=CASE_PURPOSE, officer="liaison",
        )  # fmt: skip
        if approve:
            cases.approve_proposal(node, proposal_id, officer="second")
        return proposal_id


def make_side(server, base: Path, agency: Agency, name: str) -> Side:
    database = f"desk_{next(_numbers)}_{agency.id.replace('-', '_')}"
    with connect(server.dsn("owner", "postgres"), autocommit=True) as conn:
        conn.execute(f"create database {database} strategy file_copy")
    folder = base / agency.id
    codes = make_node(
        folder, settings=Settings(node_id=agency.id, name=name, database_url=server.dsn("owner", database)),
        agency=agency, passphrase=PASSPHRASE, invented=True, story_start=START,
        officers_wanted=[NewOfficer(officer, NAMES[officer], role) for officer, role in ROLES.items()],
    )  # fmt: skip
    return Side(
        open_node(folder, "desk", passphrase=PASSPHRASE), open_node(folder, "exchange", passphrase=PASSPHRASE), codes
    )


def serve(app, port: int, folder: Path | None = None) -> uvicorn.Server:
    """Serve an app in a thread, over TLS where a folder with a certificate is named."""
    secure = {"ssl_certfile": str(folder / "exchange.crt"), "ssl_keyfile": str(folder / "exchange.key")} if folder else {}
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off", **secure)
    )
    threading.Thread(target=server.run, daemon=True).start()
    for _ in range(200):
        if server.started:
            return server
        time.sleep(0.02)
    raise RuntimeError("the listener did not open")


@contextmanager
def two_sides(server, *, enrol: bool = True) -> Iterator[Sides]:
    """Two sides whose exchange doors are open; enrolled with each other unless `enrol` says no."""
    base = Path(tempfile.mkdtemp(prefix="tidegate-desk-"))
    base.chmod(0o711)
    sides = Sides(
        make_side(server, base, IMPORTING, "a.localhost"), make_side(server, base, EXPORTING, "b.localhost")
    )
    listeners = [
        serve(exchange_app(side.door), side.door.settings.exchange_port, side.door.folder)
        for side in (sides.a, sides.b)
    ]
    if enrol:
        files = {side.id: enrolment.make_invite(side.door) for side in (sides.a, sides.b)}
        for side, other in ((sides.a, sides.b), (sides.b, sides.a)):
            _, heard = enrolment.accept_invite(side.door, files[other.id], officer="liaison")
            for officer in ("liaison", "second"):
                enrolment.confirm_partner(side.door, other.id, " ".join(heard), officer=officer)
    try:
        yield sides
    finally:
        for listener in listeners:
            listener.should_exit = True
        for side in (sides.a, sides.b):
            side.node.close()
            side.door.close()
        shutil.rmtree(base, ignore_errors=True)
