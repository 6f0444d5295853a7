"""Scenes 7 to 9: what the public reads, the meeting in Beijing, and the proofs that nothing was lost or rewritten."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import resources

import httpx2

from tidegate.demo.agreement import AGREEMENT_ID, EXPORTING, IMPORTING, TALKS_PURPOSE
from tidegate.demo.scenes_summer import SECOND
from tidegate.demo.scenes_winter import act_by_pillar, tell
from tidegate.demo.stage import Stage
from tidegate.demo.stage_checks import Scene, granted
from tidegate.node import agreements, evidence, links, publishing, witnessing
from tidegate.node.node import Node
from tidegate.node.reading import received_messages
from tidegate.node.verify import verify_node
from tidegate.store import audit_log, incoming, outgoing
from tidegate.talks.meeting import read_meeting
from tidegate.talks.minutes import read_minutes_record
from tidegate.wording.sentences import LANGUAGES, say

SUNDAY = datetime(2024, 1, 28, 15, 0, tzinfo=UTC)
BEIJING = datetime(2024, 1, 30, 2, 0, tzinfo=UTC)
SECRETARIAT = "secretariat"
MEETING = "wg-2024-01"
_MOST_WITNESSING_S = 30.0
_MINUTES = {
    "en": (
        "The two sides met and named their contact points.",
        "The Exporting side will answer each query within the window of the agreement.",
        "The Importing side will say what came of every notice it received.",
    ),
    "zh": (
        "双方举行会议并指定了联络点。",
        "出口方将在协议期限内答复每一项查询。",
        "进口方将就收到的每一份通知说明结果。",
    ),
}
_PLEDGES = (
    (
        EXPORTING.id,
        "Answer each query within the window",
        "在期限内答复每一项查询",
        "Responder a cada consulta dentro del plazo",
    ),
    (IMPORTING.id, "Say what came of every notice", "就每一份通知说明结果", "Decir qué resultó de cada aviso"),
)


def public_page(stage: Stage, scene: Scene) -> None:
    """Scene 7: the page as of 28 January 2024 says what was said that week, and who says so."""
    stage.set_time(SUNDAY)
    a = stage.importing
    for pillar in ("production", "financing"):
        act_id, _ = act_by_pillar(a, pillar)
        granted(publishing.publish_act(a, act_id, officer=SECRETARIAT, approver=SECOND))
    pages = {lang: _get(a, f"/{lang}/?on=2024-01-28") for lang in LANGUAGES}
    english = _text(pages["en"])
    scene.check("1 company" in english and "shut" in english, "page-company")
    scene.check("number not given" in english and "Payments" in english, "page-payments")
    scene.check("taken up again" in english or "resumed" in english, "page-sharing")
    scene.check(
        "claimed by one side: United States" in english and "official, not named" in english, "page-attribution"
    )
    words = {lang: say("talks.number-not-given", lang) for lang in LANGUAGES}
    scene.check(all(words[lang] in _text(page) for lang, page in pages.items()), "page-languages")
    scene.check(all("http" not in _text(page) for page in pages.values()), "page-no-addresses")
    scene.check(all(say("public.nodes.invented", lang) in _text(page) for lang, page in pages.items()), "page-marks")


def meeting(stage: Stage, scene: Scene) -> None:
    """Scene 8: the invitation, a delegation not announced, an agenda, minutes in two languages, pledges numbered."""
    a, b = stage.importing, stage.exporting
    _talk(
        b,
        IMPORTING.id,
        "meeting_invitation",
        [("meeting", MEETING), ("day", "2024-01-30"), ("place", "Beijing"), ("title", "Working group, first meeting")],
    )
    _talk(
        a,
        EXPORTING.id,
        "meeting_delegation",
        [
            ("meeting", MEETING),
            ("announced", "before_meeting"),
            ("head_role", "Deputy head of the invented agency"),
            ("member_role", "Invented customs office"),
        ],
    )
    _talk(b, IMPORTING.id, "meeting_delegation", [("meeting", MEETING), ("announced", "at_meeting")])
    _talk(
        b,
        IMPORTING.id,
        "meeting_agenda",
        [
            ("meeting", MEETING),
            ("item", "Queries and answers"),
            ("text_en", "Queries and answers"),
            ("text_zh", "查询与答复"),
            ("text_es", "Consultas y respuestas"),
        ],
    )
    stage.wait_quiet()
    with a.transaction() as tx:
        held = read_meeting(tx.get("meeting", MEETING)["meeting"])
    theirs = held.delegations.get(EXPORTING.id)
    scene.check(theirs is None or theirs.state == "not_announced", "not-announced")
    scene.check(len(held.agenda) == 1 and held.delegations[IMPORTING.id].state == "announced", "agenda")
    stage.set_time(BEIJING)
    _talk(
        b,
        IMPORTING.id,
        "minutes_text",
        [
            ("meeting", MEETING),
            ("day", "2024-01-30"),
            ("edition", "1"),
            *((f"text_{lang}", "\n\n".join(lines)) for lang, lines in _MINUTES.items()),
        ],
    )
    stage.wait_quiet()
    with a.transaction() as tx:
        message = next(each for each in received_messages(tx) if each.kind == "minutes_text")
        digest = read_minutes_record(tx.get("meeting", MEETING)["minutes"]).minutes.digest()
    _talk(
        a,
        EXPORTING.id,
        "minutes_countersignature",
        [("meeting", MEETING), ("minutes_digest", digest)],
        in_reply_to=message.id,
    )
    stage.wait_quiet()
    records = []
    for node in (a, b):
        with node.transaction() as tx:
            records.append(read_minutes_record(tx.get("meeting", MEETING)["minutes"]))
    scene.check(
        all(one.state == "countersigned" and len(one.signatures) == 2 for one in records)
        and records[0].minutes.digest() == records[1].minutes.digest(),
        "minutes",
        paragraphs=len(records[0].minutes.paragraphs),
        digest=records[0].minutes.digest()[:16],
    )
    for number, (side, *texts) in enumerate(_PLEDGES, 1):
        teller, hearer = (b, IMPORTING.id) if side == EXPORTING.id else (a, EXPORTING.id)
        _talk(
            teller,
            hearer,
            "pledge_text",
            [
                ("meeting", MEETING),
                ("pledge", f"P-{number}"),
                ("number", str(number)),
                ("pledged_by", side),
                ("pillar", "information"),
                *((f"text_{lang}", text) for lang, text in zip(("en", "zh", "es"), texts, strict=True)),
            ],
        )
        stage.wait_quiet()
    counts = []
    for node in (a, b):
        with node.transaction() as tx:
            counts.append([body["number"] for _, body in tx.find("pledge")])
    scene.check(counts == [[1, 2], [1, 2]], "pledges", count=len(counts[0]))
    granted(publishing.publish_meeting(a, MEETING, officer=SECRETARIAT, approver=SECOND))
    granted(publishing.publish_minutes(a, MEETING, officer=SECRETARIAT, approver=SECOND))
    for number in (1, 2):
        granted(publishing.publish_pledge(a, number, officer=SECRETARIAT, approver=SECOND))
    page = _text(_get(a, "/en/?on=2024-01-30"))
    scene.check("Beijing" in page and _PLEDGES[0][1] in page, "page-meeting")


def proofs(stage: Stage, scene: Scene) -> None:
    """Scene 9: counts, heads, witnesses, and an evidence bundle that a stranger's program checks."""
    a, b = stage.importing, stage.exporting
    stage.wait_quiet()
    ledgers = [_ledger(node, partner) for node, partner in ((a, EXPORTING.id), (b, IMPORTING.id))]
    scene.check(
        ledgers[0]["sent"] == ledgers[1]["received"] and ledgers[1]["sent"] == ledgers[0]["received"]
        and ledgers[0]["pending"] == ledgers[1]["pending"] == 0,
        "counts-equal",
        there=ledgers[0]["sent"],
        back=ledgers[1]["sent"],
    )  # fmt: skip
    scene.check(
        ledgers[0]["lost"] == ledgers[1]["lost"] == 0 and ledgers[0]["doubled"] == ledgers[1]["doubled"] == 0,
        "none-lost",
    )
    heads = [_heads(node, partner) for node, partner in ((a, EXPORTING.id), (b, IMPORTING.id))]
    scene.check(heads[0]["out"] == heads[1]["in"] and heads[1]["out"] == heads[0]["in"], "heads-equal")
    scene.check(_all_witnessed(stage), "witnessed")
    scene.check(
        not verify_node(stage.folder / IMPORTING.id) and not verify_node(stage.folder / EXPORTING.id), "both-verify"
    )
    with b.transaction() as tx:
        theirs, now = evidence.own_checkpoint(tx, IMPORTING.id), tx.now
    target = stage.folder / "evidence"
    evidence.write_bundle(evidence.evidence_files(a, EXPORTING.id, theirs, now), target)
    program = resources.files("tidegate.trust").joinpath("data/verify_evidence.py")
    checker = stage.folder / "verify_evidence.py"
    checker.write_bytes(program.read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", str(checker), str(target)], capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    scene.check(
        done.returncode == 0,
        "bundle",
        files=sum(path.is_file() for path in target.rglob("*")),
        checks=len(lines),
        lines=len(program.read_text(encoding="utf-8").splitlines()),
    )


def _all_witnessed(stage: Stage) -> bool:
    """Wait until the head of each direction bears two lines: the partner stamps a moment after the last receipt."""
    deadline = time.monotonic() + _MOST_WITNESSING_S
    while True:
        for node in (stage.importing, stage.exporting):
            witnessing.stamp_with_witness(node)
        if all(
            _is_witnessed(node, links.log_of(partner, "out"))
            for node, partner in ((stage.importing, EXPORTING.id), (stage.exporting, IMPORTING.id))
        ):
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def _is_witnessed(node: Node, log_id: str) -> bool:
    with node.transaction() as tx:
        kept, head = audit_log.latest_checkpoint(tx.conn, log_id, cosigned=True), audit_log.head(tx.conn, log_id)
    return kept is not None and kept.size == head.size and len({line.split(" ")[1] for line in kept.cosignatures}) == 2


def _talk(node: Node, recipient: str, kind: str, values: list[tuple[str, str]], *, in_reply_to: str = "") -> None:
    tell(
        node,
        recipient,
        pillar="information",
        kind=kind,
        values=values,
        title=MEETING,
        tlp="CLEAR",
        purpose=TALKS_PURPOSE,
        in_reply_to=in_reply_to,
    )


def _ledger(node: Node, partner: str) -> dict[str, int]:
    with node.transaction() as tx:
        sent, got = outgoing.all_sent(tx.conn, partner), incoming.all_received(tx.conn, partner)
        waiting = len(outgoing.waiting(tx.conn, partner))
        agreements.load(tx, AGREEMENT_ID)
    numbers = [each.sequence for each in got]
    return {
        "sent": len(sent),
        "received": len(got),
        "pending": waiting,
        "lost": max(numbers, default=0) - len(set(numbers)),
        "doubled": len(numbers) - len(set(numbers)),
    }


def _heads(node: Node, partner: str) -> dict[str, tuple[int, bytes]]:
    with node.transaction() as tx:
        found = {way: audit_log.head(tx.conn, links.log_of(partner, way)) for way in ("out", "in")}
    return {way: (head.size, head.root) for way, head in found.items()}


def _get(node: Node, path: str) -> str:
    port = node.settings.public_port
    answer = httpx2.get(f"http://127.0.0.1:{port}{path}", trust_env=False, timeout=30, follow_redirects=True)
    return answer.text if answer.status_code == 200 else f"status {answer.status_code}"


def _text(page: str) -> str:
    """Return what a reader of the page sees, without tags."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("&nbsp;", " ").split())
