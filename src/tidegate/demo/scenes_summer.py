"""Scenes 1 and 2: summer 2022. A manifest is screened; two sides enrol each other, agree, and one asks the other."""

from __future__ import annotations

from datetime import date

from tidegate.demo.agreement import AGREEMENT_ID, CASE_PURPOSE, EXPORTING, IMPORTING, story_agreement
from tidegate.demo.stage import Stage
from tidegate.demo.stage_checks import Scene, granted
from tidegate.demo.world import write_invented_list, write_sample
from tidegate.model.handling import Handling
from tidegate.node import agreements, cases, intake, messages
from tidegate.node import enrolment as enrolling
from tidegate.node.reading import received_messages
from tidegate.store import outgoing

LIAISON, SECOND = "liaison", "second"
CASE_COLUMNS = ("consignor", "consignee", "goods_description", "cas", "net_mass_kg", "date")


def screening(stage: Stage, scene: Scene) -> None:
    """Scene 1: 2,000 consignments, one firm written five ways, a trade name that hides a listed precursor."""
    manifest, listed = stage.folder / "consignments.xlsx", stage.folder / "invented_list.csv"
    write_sample(manifest, stage.seed)
    write_invented_list(listed)
    node = stage.exporting
    screened = intake.screen_into_node(node, [manifest], [listed], officer=LIAISON)
    scene.check(screened.rows() == 2_000, "screened", rows=screened.rows())
    findings = screened.findings()
    party = [one for one in findings if one.finding.rule == "listed-party"]
    scene.check(
        len(party) == 5
        and len({one.finding.against.id for one in party}) == 1
        and len({one.finding.value for one in party}) == 5,
        "five-ways",
        names=" / ".join(one.finding.value for one in party),
    )
    goods = [one for one in findings if one.finding.screen == "goods"]
    scene.check(
        len(goods) == 1 and goods[0].finding.level == "hold",
        "trade-name",
        text=goods[0].finding.value if goods else "-",
        name=goods[0].finding.against.name if goods else "-",
    )
    unreadable = [one for one in findings if one.finding.screen == "quality"]
    scene.check(
        len(unreadable) == 1,
        "unreadable",
        row=unreadable[0].place if unreadable else "-",
        column=unreadable[0].finding.column if unreadable else "-",
    )
    scene.check(screened.rows_above_look() <= 10, "few", rows=screened.rows_above_look())
    with node.transaction() as tx:
        held = cases.finding_list(tx, state="open")
    doubtful = [key for key, body in held if body["finding"]["en"]["rule"] == "RF58"]
    namesake = [key for key, body in held if body["finding"]["en"]["rule"] == "listed-party"][-1:]
    for key, reason in [*((key, "data-error") for key in doubtful), *((key, "namesake") for key in namesake)]:
        intake.set_finding_aside(node, key, reason=reason, until=date(2022, 12, 31), officer=LIAISON)
    with node.transaction() as tx:
        aside = cases.finding_list(tx, state="set-aside")
    scene.check(len(aside) == 2, "set-aside", count=len(aside))


def enrolment_words(stage: Stage, scene: Scene) -> None:
    """Enrol both sides: two files, eight words read aloud, two officers on each side."""
    a, b = stage.importing, stage.exporting
    invite, answer = enrolling.make_invite(a), enrolling.make_invite(b)
    _, heard_b = enrolling.accept_invite(b, invite, officer=LIAISON)
    _, heard_a = enrolling.accept_invite(a, answer, officer=LIAISON)
    scene.check(heard_a == heard_b and len(heard_a) == 8, "eight-words")
    opened = []
    for node, partner in ((a, b), (b, a)):
        for officer in (LIAISON, SECOND):
            opened.append(enrolling.confirm_partner(node, partner.node_id, " ".join(heard_a), officer=officer))
    scene.check(opened == [False, True, False, True], "two-officers")


def enrolment(stage: Stage, scene: Scene) -> None:
    """Scene 2: enrolment, agreement, a case, a preview, a second officer, a receipt, two clocks."""
    enrolment_words(stage, scene)
    a, b = stage.importing, stage.exporting
    granted(agreements.propose(b, story_agreement(), officer=LIAISON))
    stage.wait_quiet()
    granted(agreements.countersign(a, AGREEMENT_ID, officer=LIAISON))
    stage.wait_quiet()
    states = []
    for node in (a, b):
        with node.transaction() as tx:
            states.append(agreements.load(tx, AGREEMENT_ID).lifecycle)
    scene.check(states == ["in-force", "in-force"], "agreement")
    case_id = _open_the_case(stage)
    proposal_id = cases.draft_proposal(
        b,
        case_id,
        agreement_id=AGREEMENT_ID,
        recipient=IMPORTING.id,
        pillar="distribution",
        kind="pre_export_notification",
        purpose=CASE_PURPOSE,
        officer=LIAISON,
    )
    _, shown = cases.preview_proposal(b, proposal_id)
    tip = next((each for each in shown.stays if each.statement.property == "tip_off"), None)
    scene.check(len(shown.goes) == 6 and tip is not None and not tip.partner_will_know, "preview", goes=len(shown.goes))
    own = cases.approve_proposal(b, proposal_id, officer=LIAISON)
    scene.check(getattr(own, "code", "") == "approver-is-drafter", "not-the-drafter")
    granted(cases.approve_proposal(b, proposal_id, officer=SECOND))
    stage.wait_quiet()
    with b.transaction() as tx:
        sent = [each for each in outgoing.all_sent(tx.conn, IMPORTING.id) if each.kind == "pre_export_notification"]
    scene.check(len(sent) == 1 and sent[0].state == "acknowledged" and sent[0].receipt, "receipt")
    with a.transaction() as tx:
        thread, _ = messages.threads(tx)[0]
        readings = {each.kind: each for each in messages.clocks(tx, thread)}
    scene.check(
        {"agreement", "law"} == set(readings) and all(each.state == "running" for each in readings.values()),
        "two-clocks",
        agreement=readings["agreement"].days_left,
        law=readings["law"].days_left,
    )
    scene.check(b"informant" not in (sent[0].envelope or b"") and _told(stage) == 6, "nothing-of-the-source")


def _open_the_case(stage: Stage) -> str:
    """Open the exporting side's case from the finding on the hidden precursor, with a tip from a protected source."""
    node = stage.exporting
    with node.transaction() as tx:
        found = [
            (key, body)
            for key, body in cases.finding_list(tx, state="open")
            if body["finding"]["en"]["screen"] == "goods"
        ]
    key, body = found[0]
    record = {**body["record"], "cas": body["finding"]["en"]["against"]["id"], "date": "2022-08-22"}
    case_id = cases.open_new_case(
        node,
        title=f"{record['goods_description']} – {record['consignee']}",
        pillar="distribution",
        officer=LIAISON,
        record=record,
        columns=CASE_COLUMNS,
        source=body["source"],
        finding_ids=[key],
    )
    cases.add_statement(
        node,
        case_id,
        name="tip_off",
        value="The buyer has no perfume works.",
        handling=Handling(EXPORTING.id, tlp="RED", source_grade="B", info_grade="2", protected_source=True),
        source="informant 7",
        officer=LIAISON,
    )
    return case_id


def _told(stage: Stage) -> int:
    """Return how many facts the importing side read in the notification."""
    with stage.importing.transaction() as tx:
        found = [each for each in received_messages(tx) if each.kind == "pre_export_notification"]
    return len(found[0].statements) if found else 0
