"""From enrolment to publication by commands alone, on two real nodes whose doors are open."""

from __future__ import annotations

import pytest

from tidegate.cli.agreement_file import write_agreement
from tidegate.demo.agreement import AGREEMENT_ID, story_agreement

pytestmark = pytest.mark.postgres
LIAISON, SECOND = ("--officer", "liaison"), ("--officer", "second")
FACTS = {
    "consignor": "青螺薄荷糖香料有限公司",
    "consignee": "Aromas Cometa de Lino SA de CV",
    "goods_description": "Heliotropin crystals",
    "net_mass_kg": "200",
    "date": "2022-08-22",
}


def agree(shells, tmp_path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text(write_agreement(story_agreement()), encoding="utf-8")
    assert shells.b("agreement", "propose", file, *LIAISON)[0]["state"] == "proposed"
    shells.pair.carry()
    assert shells.a("agreement", "countersign", AGREEMENT_ID, *LIAISON)[0]["state"] == "in-force"
    shells.pair.carry()


def notify(shells) -> tuple[str, str]:
    """Draft a pre-export notification at b. Returns (case, proposal)."""
    case = shells.b("case", "open", "--pillar", "distribution", "--title", "test", *LIAISON)[0]["id"]
    for name, value in FACTS.items():
        shells.b(
            "case", "add", case, "--name", name, "--value", value, "--source", "sheet, row 2", "--grade", "A2", *LIAISON
        )
    shells.b(
        "case", "add", case, "--name", "tip_off", "--value", "no perfume works", "--source", "informant 7", "--tlp",
        "RED", "--protected", *LIAISON,
    )  # fmt: skip
    return case, shells.b("case", "propose", case, "--kind", "pre_export_notification", *LIAISON)[0]["id"]


def said(rows):
    """The messages of a thread: words about the agreement that fell in the same second may stand among them."""
    return [row for row in rows if "values" in row]


def test_a_question_is_asked_suspended_resumed_and_answered(shells, tmp_path) -> None:
    agree(shells, tmp_path)
    case, proposal = notify(shells)

    # What goes and what stays is shown, and a protected fact only to the case's own officers.
    shown = shells.b("case", "preview", proposal)[0]
    assert {fact["property"] for fact in shown["goes"]} == set(FACTS)
    assert [(fact["property"], fact["value"], fact["partner_will_know"]) for fact in shown["stays"]] == [
        ("tip_off", "", False)
    ]
    assert "informant" not in shells.b.prose("case", "show", case)[0]
    assert "no perfume works" in shells.b.prose("case", "show", case, *LIAISON)[0]

    # Neither the drafter nor a role that may not approve, nor a stranger, says Yes.
    assert "liaison" in shells.b.prose("case", "approve", proposal, *LIAISON, code=2)[1]
    shells.b.prose("case", "approve", proposal, "--officer", "nobody", code=2)
    assert "second" in shells.b.prose("case", "approve", proposal, *LIAISON, "--lang", "zh", code=2)[1]

    # Suspended in part: the gate refuses in words; resumed, it goes.
    shells.a("agreement", "suspend", AGREEMENT_ID, "--pillar", "distribution", *LIAISON)
    shells.pair.carry()
    state = shells.b("agreement", "show", AGREEMENT_ID)[0]
    assert {pillar for pillar, _ in state["suspended"]} == {"distribution"}
    assert state["affairs"] == shells.a("agreement", "show", AGREEMENT_ID)[0]["affairs"]
    assert shells.b("case", "approve", proposal, *SECOND, code=1)[0]["refused"] == "agreement-suspended"
    assert shells.a("agreement", "resume", AGREEMENT_ID, *LIAISON)[0]["offer_by"] == "importing-side"
    shells.pair.carry()
    assert shells.b("agreement", "resume", AGREEMENT_ID, *LIAISON)[0]["suspended"] == []
    shells.pair.carry()

    assert shells.b("case", "approve", proposal, *SECOND)[0]["goes"] == len(FACTS)
    assert shells.b("message", "why-not-sent")[0]["kind"] == "pre_export_notification"
    shells.pair.carry()
    assert shells.b("message", "why-not-sent") == [{"waiting": 0}]

    # The other side reads it, both clocks run, and its answer comes back.
    thread = shells.a("message", "list")[0]
    assert thread["our_turn"]
    assert {each["clock"] for each in thread["clocks"]} == {"agreement", "law"}
    asked = said(shells.a("message", "show", thread["id"]))[0]
    assert asked["values"]["consignor"] == [FACTS["consignor"]]
    assert "tip_off" not in asked["values"]
    answer = (
        "message",
        "answer",
        asked["id"],
        "--kind",
        "pre_export_answer",
        *LIAISON,
        "--value",
        "decision=objection",
    )
    shells.a(*answer, "--value", "decision_day=2022-07-26", code=1)  # an objection needs its reason
    draft = shells.a(*answer, "--value", "decision_day=2022-07-26", "--value", "reason_code=unknown_company")[0]["id"]
    shells.a("case", "approve", draft, *SECOND)
    shells.pair.carry()
    told = said(shells.b("message", "show", asked["id"]))[-1]
    assert told["values"]["decision"] == ["objection"]
    assert shells.b("message", "list")[0]["state"] == "answered"
    for lang in ("en", "zh", "es"):
        for command in (("case", "list"), ("case", "proposals"), ("message", "list"), ("message", "show", asked["id"]),
                        ("agreement", "show"), ("case", "preview", proposal)):  # fmt: skip
            assert shells.b.prose(*command, "--lang", lang)[0]


def test_what_our_gate_holds_says_why(shells, tmp_path) -> None:
    agree(shells, tmp_path)
    _, proposal = notify(shells)
    shells.b("case", "approve", proposal, *SECOND)
    shells.b("agreement", "suspend", AGREEMENT_ID, *LIAISON)
    shells.pair.carry()
    (held,) = shells.b("message", "send")
    assert held["held_because"] == "agreement-suspended"
    assert AGREEMENT_ID in held["text"]
    assert AGREEMENT_ID in shells.b.prose("message", "why-not-sent", "--lang", "es")[0]
    refused = shells.b("case", "refuse", proposal, "--reason", "late", *SECOND, code=1)[0]
    assert refused["refused"] == "proposal-not-open"


def say(shells, side: str, pillar: str, kind: str, *values: str) -> None:
    shell = getattr(shells, side)
    case = shell("case", "open", "--pillar", pillar, "--title", kind, *LIAISON)[0]["id"]
    told = [word for value in values for word in ("--value", value)]
    draft = shell("case", "propose", case, "--kind", kind, "--tlp", "CLEAR", *told, *LIAISON)[0]["id"]
    shell("case", "approve", draft, *SECOND)
    shells.pair.carry()


def test_talks_are_listed_published_and_corrected(shells, tmp_path) -> None:
    agree(shells, tmp_path)
    say(shells, "b", "production", "act_report", "act=company_closed", "in_force_day=2022-07-20", "count=1",
        "unit=company", "attribution=official")  # fmt: skip
    say(shells, "b", "information", "meeting_invitation", "meeting=wg-1", "day=2022-08-01", "place=Lantern Quay",
        "title=Working group")  # fmt: skip
    say(shells, "b", "information", "pledge_text", "meeting=wg-1", "pledge=P-1", "number=1", "pledged_by=exporting-side",
        "pillar=information", "text_en=Answer in time", "text_zh=按期答复", "text_es=Responder a tiempo")  # fmt: skip
    (act,) = shells.a("act", "list")
    assert (act["standing"], act["standing_by"]) == ("claimed", ["exporting-side"])
    assert shells.a("pledge", "list")[0]["id"] == "P-1"
    assert shells.a("meeting", "list")[0]["place"] == "Lantern Quay"
    assert shells.a("meeting", "show", "wg-1")[0]["id"] == "wg-1"
    assert "not announced" in shells.a.prose("meeting", "show", "wg-1")[0]

    by = ("--officer", "secretariat", "--approver", "second")
    assert shells.a("publish", "act", act["id"], "--officer", "second", "--approver", "second", code=1)
    shells.a.prose("publish", "act", act["id"], "--officer", "secretariat", "--approver", "liaison", code=2)
    assert shells.a("publish", "act", act["id"], *by) == [{"number": 1}]
    assert shells.a("publish", "pledge", "P-1", *by) == [{"number": 2}]
    assert shells.a("publish", "meeting", "wg-1", *by) == [{"number": 3}]
    assert shells.a("publish", "minutes", "wg-1", *by, code=1)[0]["refused"] == "minutes-not-countersigned"
    why = ("--why-en", "counted anew", "--why-zh", "重新统计", "--why-es", "recontado")
    shells.a.prose("correct", "act", act["id"], "--number", 2, *why, *by, code=2)
    assert shells.a("correct", "act", act["id"], "--number", 1, *why, *by) == [{"number": 4}]
    assert [entry["number"] for entry in shells.a("publish", "list")] == [1, 2, 3, 4]
    for lang in ("en", "zh", "es"):
        for group in ("act", "pledge", "meeting", "publish"):
            assert shells.a.prose(group, "list", "--lang", lang)[0]
