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
from tidegate.exchange.message import message_from_document
from tidegate.gate.disclosure import Disclosure
from tidegate.model.agency import Agency
from tidegate.model.handling import Handling
from tidegate.node import agreements, cases, courier, effects, enrolment, messages
from tidegate.node.node import Node, open_node
from tidegate.node.settings import Settings
from tidegate.node.setup import NewOfficer, make_node
from tidegate.store.connect import connect
from tidegate.web.desk import desk_app
from tidegate.web.desk_sign_in import WrongCodes
from tidegate.web.exchange_door import exchange_app
from tidegate.wording.sentences import LANGUAGES

TEMPLATE = "tidegate_template"  # made by the fixture `_template`
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


def tell(
    sides: Sides,
    side: Side,
    kind: str,
    facts: dict[str, str],
    *,
    pillar: str = "information",
    to: str = "",
    tlp: str = "CLEAR",
) -> str:
    """Have `side` tell the other a message of `kind` and carry it across. Returns the message's id."""
    node, other = side.node, sides.b if side is sides.a else sides.a
    case_id = cases.open_new_case(node, title=kind, pillar=pillar, officer="liaison")
    handling = Handling(originator=node.node_id, tlp=tlp, source_grade="A", info_grade="1")
    for name, told in facts.items():
        for value in told.split(" | "):
            cases.add_statement(
                node, case_id, name=name, value=value, handling=handling, source="talks", officer="liaison"
            )
    proposal_id = cases.draft_proposal(
        node, case_id, agreement_id=AGREEMENT_ID, recipient=other.id, pillar=pillar, kind=kind, officer="liaison",
        purpose="talks" if pillar == "information" else CASE_PURPOSE, in_reply_to=to,
    )  # fmt: skip
    made = cases.approve_proposal(node, proposal_id, officer="second")
    assert isinstance(made, Disclosure), made
    sides.carry()
    with node.transaction() as tx:
        return next(
            turn.message_id
            for thread, body in messages.threads(tx)
            if body["case_id"] == case_id or to in {turn.message_id for turn in thread.turns}
            for turn in reversed(thread.turns)
        )


def hold_talks(sides: Sides) -> None:
    """Fill both sides with a meeting, countersigned minutes in two languages, a pledge, and acts of each standing."""
    invitation = tell(
        sides, sides.a, "meeting_invitation",
        {"meeting": "M-1", "day": "2022-08-30", "place": "Lantern Quay", "title": "First meeting of the working group"},
    )  # fmt: skip
    tell(
        sides, sides.b, "meeting_agenda",
        {"meeting": "M-1", "item": "plan | notices", "text_en": "Work plan | Notices before export",
         "text_zh": "工作计划 | 出口前通知", "text_es": "Plan de trabajo | Avisos previos"}, to=invitation,
    )  # fmt: skip
    tell(
        sides, sides.a, "meeting_delegation",
        {"meeting": "M-1", "announced": "before_meeting", "head_role": "head of the national office",
         "member_role": "Trade Office | Port Office"},
    )  # fmt: skip
    minutes = tell(
        sides, sides.a, "minutes_text",
        {"meeting": "M-1", "day": "2022-08-30", "edition": "1",
         "text_en": "The two sides launch the working group.\n\nEach side answers a query within ten working days.",
         "text_zh": "双方启动工作组。\n\n一方应在十个工作日内答复查询。"},
    )  # fmt: skip
    with sides.b.node.transaction() as tx:
        item = courier.received_item(tx, minutes)
        digest = effects.minutes_of(message_from_document(item.body["message"])).digest()
    tell(
        sides, sides.b, "minutes_countersignature", {"meeting": "M-1", "minutes_digest": digest, "language": "zh"},
        to=minutes,
    )  # fmt: skip
    tell(
        sides, sides.b, "pledge_text",
        {"pledge": "P-1", "number": "1", "pledged_by": sides.b.id, "meeting": "M-1", "due": "2022-12-01",
         "text_en": "Report blocked payments every month", "text_zh": "每月报告止付情况",
         "text_es": "Informar cada mes de los pagos bloqueados"},
    )  # fmt: skip
    claimed = {"act": "company_closed", "attribution": "official", "in_force_day": "2022-08-01", "count": "12",
               "unit": "company"}  # fmt: skip
    first = tell(sides, sides.b, "act_report", claimed, pillar="production")
    tell(sides, sides.a, "act_confirmation", {"about": first, "standing": "confirmed"}, pillar="production", to=first)
    second = tell(sides, sides.b, "act_report", {**claimed, "count": "9"}, pillar="production")
    tell(
        sides, sides.a, "act_confirmation",
        {"about": second, "standing": "disputed", "disputed_point": "the count", "count": "4", "unit": "company"},
        pillar="production", to=second,
    )  # fmt: skip
    third = {"act": "payment_held", "attribution": "anonymous_official", "announced_day": "2022-07-20"}
    tell(sides, sides.b, "act_report", third, pillar="financing", tlp="AMBER")


def finding(side, value: str = "月兔银帆精细化工有限公司") -> str:
    """Keep one finding as screening would, and return its id."""
    one = {
        "id": "f-1", "record": {"file": "sample.xlsx", "sheet": "Manifest", "row": 17}, "screen": "party",
        "rule": "listed-party", "level": "hold", "score": 0.94, "subject": {"column": "consignor", "value": value},
        "against": {"kind": "listed-party", "id": "I-1", "name": "Moon Rabbit Silver Sail", "list": "invented",
                    "list_date": "2022-07-01"},
        "reasons": [{"code": "name.equal", "params": {}, "text": "the names are equal"}], "benign": "a namesake",
        "duties": [], "decision_key": "ab" * 32,
    }  # fmt: skip
    with side.node.transaction() as tx:
        tx.put(
            "finding", f"run-1/{value}",
            {"run": "run-1", "state": "open", "finding": dict.fromkeys(LANGUAGES, one), "level": "hold",
             "decision_key": one["decision_key"], "record": RECORD, "source": "sample.xlsx, Manifest, row 17",
             "found_at": "2022-07-25T08:00:00Z"},
        )  # fmt: skip
    return f"run-1/{value}"


def make_side(server, base: Path, agency: Agency, name: str) -> Side:
    database = f"desk_{next(_numbers)}_{agency.id.replace('-', '_')}"
    with connect(server.dsn("owner", "postgres"), autocommit=True) as conn:
        conn.execute(f"create database {database} template {TEMPLATE} strategy file_copy")
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
    secure = (
        {"ssl_certfile": str(folder / "exchange.crt"), "ssl_keyfile": str(folder / "exchange.key")} if folder else {}
    )
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
    sides = Sides(make_side(server, base, IMPORTING, "a.localhost"), make_side(server, base, EXPORTING, "b.localhost"))
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
