"""Scenes 3 to 5: suspension on 5 August 2022, 467 days, resumption on 15 November 2023. The days are real."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tidegate.demo.agreement import AGREEMENT_ID, CASE_PURPOSE, EXPORTING, IMPORTING
from tidegate.demo.scenes_summer import LIAISON, SECOND
from tidegate.demo.stage import WITNESS, Stage
from tidegate.demo.stage_checks import Scene, granted
from tidegate.errors import TidegateError
from tidegate.exchange.affairs import affairs_bytes, affairs_digest, render_affairs
from tidegate.gate.refusal import Refusal
from tidegate.node import agreements, cases, courier, links, messages, witnessing
from tidegate.node.keys import renew_keys
from tidegate.node.reading import received_messages
from tidegate.node.verify import verify_node
from tidegate.store import documents, outgoing, witnessed
from tidegate.store.connect import connect
from tidegate.wording.problems import problem

SUSPENDED = datetime(2022, 8, 5, 13, 5, tzinfo=UTC)
RESUMED = datetime(2023, 11, 15, 16, 0, tzinfo=UTC)
DAYS_BETWEEN = (RESUMED.date() - SUSPENDED.date()).days
STAMPS_IN_THE_FREEZE = 5


def suspension(stage: Stage, scene: Scene) -> None:
    """Scene 3: the exporting side suspends everything. What is new is refused in words; both print one statement."""
    stage.set_time(SUSPENDED)
    a, b = stage.importing, stage.exporting
    granted(agreements.suspend(b, AGREEMENT_ID, officer=LIAISON))
    stage.wait_quiet()
    answer = _draft_answer(stage)
    refused = cases.approve_proposal(a, answer, officer=SECOND)
    scene.check(isinstance(refused, Refusal) and refused.code == "agreement-suspended", "refused-in-words")
    if isinstance(refused, Refusal):
        scene.note(refused.sentence(scene.lang))
    statements = []
    for node in (a, b):
        with node.transaction() as tx:
            statements.append(links.affairs(tx, agreements.load(tx, AGREEMENT_ID)))
    scene.check(
        affairs_bytes(statements[0]) == affairs_bytes(statements[1]),
        "same-statement",
        digest=affairs_digest(statements[0])[:16],
        lines=len(render_affairs(statements[0], scene.lang)),
    )
    stage.set_time(SUSPENDED + timedelta(days=4))
    states = clock_states(stage)
    scene.check(states == {"agreement": "stopped", "law": "running"}, "one-clock-stops")


def frozen(stage: Stage, scene: Scene) -> None:
    """Scene 4: 467 days in one step. Keys end and are renewed, the witness goes on, a changed row is named."""
    gap = (RESUMED - SUSPENDED) / (STAMPS_IN_THE_FREEZE + 1)
    renewed = stamped = 0
    with connect(stage.server(WITNESS).dsn("owner")) as conn:
        before = witnessed.signed_count(conn)
    for step in range(1, STAMPS_IN_THE_FREEZE + 1):
        stage.set_time(SUSPENDED + gap * step)
        for name in (IMPORTING.id, EXPORTING.id):
            renewed += renew_keys(stage.folder / name, stage.passphrase(name), only_if_ending=True)
            stamped += witnessing.stamp_with_witness(stage.node(name))
    stage.set_time(RESUMED - timedelta(hours=2))
    scene.check(renewed >= 2, "keys-renewed", days=DAYS_BETWEEN, times=renewed)
    with connect(stage.server(WITNESS).dsn("owner")) as conn:
        after = witnessed.signed_count(conn)
    scene.check(after - before >= stamped > 0, "witness-goes-on", times=after - before)
    folder = stage.folder / EXPORTING.id
    scene.check(not verify_node(folder), "verified")
    with connect(stage.server(EXPORTING.id).dsn("owner")) as conn:
        key, body = next((k, b) for k, b in documents.find(conn, "statement", property="consignee"))
        documents.put(conn, "statement", key, {**body, "value": "Somebody Else SA de CV"})
        conn.commit()
        problems = verify_node(folder)
        scene.check(any(key in str(each.params) for each in problems), "tamper-named", row=f"node.statement/{key[:9]}…")
        if problems:
            scene.note(problems[0].say(scene.lang))
        documents.put(conn, "statement", key, body)
        conn.commit()
    scene.check(not verify_node(folder), "restored")


def resumption(stage: Stage, scene: Scene) -> None:
    """Scene 5: words and heads are compared, what waited is delivered in order, the old query is answered."""
    stage.set_time(RESUMED)
    a, b = stage.importing, stage.exporting
    for name in (IMPORTING.id, EXPORTING.id):
        renew_keys(stage.folder / name, stage.passphrase(name), only_if_ending=True)
    words = []
    for node, partner in ((a, EXPORTING.id), (b, IMPORTING.id)):
        with node.transaction() as tx:
            words.append(tx.get("partner", partner)["words"])
    scene.check(words[0] == words[1], "words-compared")
    courier.trade_key_notices(a, EXPORTING.id)
    scene.check(courier.greet(a, EXPORTING.id) == "in-step", "heads-compared")
    granted(agreements.propose_resumption(b, AGREEMENT_ID, officer=LIAISON))
    stage.wait_quiet()
    granted(agreements.agree_resumption(a, AGREEMENT_ID, officer=LIAISON))
    stage.wait_quiet()
    held = _draft_answer(stage)
    granted(cases.approve_proposal(a, held, officer=SECOND))
    ask = _draft_question(stage)
    granted(cases.approve_proposal(a, ask, officer=SECOND))
    stage.wait_quiet()
    with a.transaction() as tx:
        numbers = [(each.sequence, each.kind) for each in outgoing.all_sent(tx.conn, EXPORTING.id)]
    kinds = [kind for _, kind in numbers]
    scene.check(
        numbers == sorted(numbers) and kinds[-2:] == ["pre_export_answer", "information_request"], "backlog-in-order"
    )
    with b.transaction() as tx:
        answers = [each for each in received_messages(tx) if each.kind == "pre_export_answer"]
        thread = messages.threads(tx)[0][0]
    scene.check(
        len(answers) == 1 and answers[0].value("decision") == "objection" and thread.state == "answered", "objection"
    )


def clock_states(stage: Stage) -> dict[str, str]:
    """Return the state of each clock on the old query, equal on both sides."""
    found = []
    for node in (stage.importing, stage.exporting):
        with node.transaction() as tx:
            thread, _ = messages.threads(tx)[0]
            found.append({str(each.kind): str(each.state) for each in messages.clocks(tx, thread)})
    if found[0] != found[1]:
        raise problem(TidegateError, "story.clocks-differ", found=found)
    return found[0]


def _draft_answer(stage: Stage) -> str:
    """Draft the importing side's objection to the notification it received."""
    node = stage.importing
    with node.transaction() as tx:
        query = next(each for each in received_messages(tx) if each.kind == "pre_export_notification")
        day = tx.now.date().isoformat()
        known = [key for key, body in tx.find("case_file") if body["title"] == query.id]
    case_id = known[0] if known else cases.open_new_case(node, title=query.id, pillar="distribution", officer=LIAISON)
    return cases.compose(
        node,
        case_id,
        agreement_id=AGREEMENT_ID,
        recipient=EXPORTING.id,
        pillar="distribution",
        kind="pre_export_answer",
        purpose=CASE_PURPOSE,
        values=[("decision", "objection"), ("decision_day", day), ("reason_code", "unknown_company")],
        officer=LIAISON,
        in_reply_to=query.id,
    )


def _draft_question(stage: Stage) -> str:
    """Draft the importing side's own question about the consignor, which had waited as well."""
    node = stage.importing
    case_id = cases.open_new_case(node, title="consignor", pillar="distribution", officer=LIAISON)
    return cases.compose(
        node,
        case_id,
        agreement_id=AGREEMENT_ID,
        recipient=EXPORTING.id,
        pillar="distribution",
        kind="information_request",
        purpose=CASE_PURPOSE,
        values=[
            ("subject_name", "青螺薄荷糖香料有限公司"),
            ("question", "is_the_party_licensed"),
            ("use", "regulatory"),
        ],
        officer=LIAISON,
    )
