"""The desk: who gets in, what a form needs, what each page says in three languages, and what two officers must do."""

from __future__ import annotations

import re

import pytest

from tidegate.demo.agreement import AGREEMENT_ID
from tidegate.node import cases, intake, messages
from tidegate.web.desk import FORMS, PAGES
from tidegate.web.desk_sign_in import MOST_WRONG, WRONG_WITHIN_S, WrongCodes
from tidegate.wording.sentences import LANGUAGES

from .desk_sides import RECORD, Sides, finding, hold_talks, two_sides, words

pytestmark = pytest.mark.postgres

PLAIN = [path for path in PAGES if "{" not in path]


@pytest.fixture(scope="module")
def sides(postgres_server, _template):
    """Two sides with an agreement in force and one notification received, and a second one not yet approved."""
    with two_sides(postgres_server) as made:
        made.agree()
        made.notify()
        made.carry()
        made.notify(approve=False)
        yield made


def thread_id(side) -> str:
    with side.node.transaction() as tx:
        return messages.threads(tx)[0][0].id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_opens_in_every_language_without_script(sides: Sides, lang):
    finding(sides.b)
    desk = sides.b.browser("liaison", lang)
    with sides.b.node.transaction() as tx:
        case_id, proposal_id = tx.find("case_file")[0][0], tx.find("proposal")[0][0]
    whole = [f"/case/{case_id}", f"/proposal/{proposal_id}", f"/correspondence/{thread_id(sides.b)}"]
    for path in [*PLAIN, *whole, f"/affairs/{AGREEMENT_ID}"]:
        html = desk.page(path)
        assert f'<html lang="{lang}">' in html
        assert "<script" not in html
        assert " style=" not in html
        assert html.count("<h1") == 1


def test_the_headers_allow_nothing_from_elsewhere_and_keep_nothing(sides: Sides):
    answer = sides.b.browser("liaison").client.get("/today")
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["cache-control"] == "no-store"


def test_no_page_opens_without_signing_in(sides: Sides):
    client = sides.b.browser().client
    for path in PLAIN:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_no_form_is_taken_without_the_token_of_the_session(sides: Sides):
    desk = sides.b.browser("liaison")
    desk.token = "0" * 32
    for path in FORMS:
        answer = desk.send(re.sub(r"{[^}]+}", "x", path), status=403)
        assert "desk-form-foreign" in answer.text


def test_a_wrong_code_and_an_unknown_officer_get_the_same_answer(sides: Sides):
    desk = sides.b.browser()
    wrong, unknown = desk.sign_in("liaison", "abcd-abcd-abcd"), desk.sign_in("nobody", "abcd-abcd-abcd")
    assert wrong.status_code == unknown.status_code == 403
    assert "desk-sign-in-wrong" in wrong.text
    assert "desk-sign-in-wrong" in unknown.text


def test_after_some_wrong_codes_even_the_right_one_waits(sides: Sides):
    seconds = [0.0]
    desk = sides.b.browser(wrong_codes=WrongCodes(clock=lambda: seconds[0]))
    for _ in range(MOST_WRONG):
        desk.sign_in("liaison", "abcd-abcd-abcd")
    assert desk.sign_in("liaison", sides.b.codes["liaison"]).status_code == 429
    seconds[0] = WRONG_WITHIN_S + 1
    assert desk.sign_in("liaison", sides.b.codes["liaison"]).status_code == 303


def test_the_cookie_is_closed_to_script_and_other_sites_and_ends_on_sign_out(sides: Sides):
    desk = sides.b.browser()
    desk.page("/sign-in")
    answer = desk.client.post(
        "/sign-in", data={"token": desk.token, "officer": "liaison", "code": sides.b.codes["liaison"]}
    )
    kept = answer.headers["set-cookie"].lower()
    assert "httponly" in kept
    assert "samesite=strict" in kept
    desk.page("/today")
    cookies = dict(desk.client.cookies)
    desk.send("/sign-out")
    for name, value in cookies.items():
        desk.client.cookies.set(name, value)
    assert desk.client.get("/today").headers["location"] == "/sign-in"


def test_another_host_name_is_refused(sides: Sides):
    desk = sides.b.browser("liaison")
    answer = desk.client.get("/today", headers={"Host": "rebound.example"})
    assert answer.status_code == 421
    assert "Heliotropin" not in answer.text


def test_health_and_readiness_need_no_session(sides: Sides):
    desk = sides.b.browser()
    assert desk.client.get("/healthz").text == "ok\n"
    assert desk.client.get("/readyz").text == "ready\n"


def test_a_missing_thing_is_a_page_with_where_mend_and_code(sides: Sides):
    html = sides.b.browser("liaison", "es").page("/case/case-none", 404)
    assert "not-found" in html
    assert "case-none" in html
    assert "Qué hacer" in html
    assert "Traceback" not in html


def test_today_shows_both_clocks_and_whose_turn_it_is(sides: Sides):
    here, there = words(sides.a.browser("liaison").page("/today")), words(sides.b.browser("liaison").page("/today"))
    assert "working days left" in here
    assert "calendar days left" in here
    assert "our turn" in here
    assert "their turn" in there


def test_a_finding_is_set_aside_with_reason_and_end_and_opens_a_case(sides: Sides):
    desk = sides.b.browser("liaison")
    first, second = finding(sides.b, "海石花"), finding(sides.b, "千纸鹤")
    desk.page("/findings")
    desk.send("/findings/decide", finding=first, decision="set-aside", reason="", until="2022-09-01", status=400)
    desk.send("/findings/decide", finding=first, decision="set-aside", reason="namesake", until="2022-09-01")
    went = desk.send("/findings/decide", finding=second, decision="case", title="千纸鹤", pillar="distribution")
    assert "海石花" in desk.page("/findings?state=set-aside")
    case = desk.page(went.headers["location"])
    assert RECORD["consignee"] in case
    with sides.b.node.transaction() as tx:
        assert tx.get("finding", second)["state"] == "case"
        assert intake.set_aside_keys(tx.find("decision"), tx.now.date())


def test_a_protected_fact_is_shown_to_the_officers_of_the_case_only(sides: Sides):
    with sides.b.node.transaction() as tx:
        proposal_id, body = tx.find("proposal", state="drafted")[0]
    case, proposal = f"/case/{body['case_id']}", f"/proposal/{proposal_id}"
    own, other = sides.b.browser("liaison"), sides.b.browser("third")
    for path in (case, proposal):
        assert "a caller named the warehouse" in own.page(path)
        html = other.page(path)
        assert "a caller named the warehouse" not in html
        assert "informant 7" not in html
        assert "protected source" in html
    other.send(f"{case}/fact", name="licence", value="none", source="x", status=409)
    other.send(f"{case}/join")
    assert "a caller named the warehouse" in other.page(case)


def test_a_proposal_says_what_stays_and_whether_they_will_know(sides: Sides):
    with sides.b.node.transaction() as tx:
        proposal_id = tx.find("proposal", state="drafted")[0][0]
    html = sides.b.browser("second").page(f"/proposal/{proposal_id}")
    assert "Goes: 7 · Stays: 1" in words(html)
    assert "protected-source" in html
    assert "will not learn that this fact exists" in html


def test_who_drafted_does_not_approve_and_a_liaison_never_does(sides: Sides):
    liaison, second, third = (sides.b.browser(each) for each in ("liaison", "second", "third"))
    proposal = f"/proposal/{sides.notify(approve=False)}"
    assert "desk-role-wrong" in liaison.send(f"{proposal}/decide", decision="approve", read="yes", status=403).text
    with sides.b.node.transaction() as tx:
        body = tx.get("proposal", proposal.rpartition("/")[2])
    by_second = cases.draft_proposal(
        sides.b.node, body["case_id"], agreement_id=AGREEMENT_ID, recipient=sides.a.id, pillar="distribution",
        kind="pre_export_notification", purpose=body["purpose"], officer="second",
    )  # fmt: skip
    own = second.send(f"/proposal/{by_second}/decide", decision="approve", read="yes", status=409)
    assert "approver-is-drafter" in own.text
    third.send(f"/proposal/{by_second}/decide", decision="refuse", reason="not needed")
    third.send(f"/proposal/{by_second}/decide", decision="approve", read="yes", status=409)
    second.send(f"{proposal}/decide", decision="approve", status=400)
    second.send(f"{proposal}/decide", decision="approve", read="yes")
    assert "Approve and queue" not in second.page(proposal)


def test_an_answer_is_drafted_approved_carried_and_read_as_it_was_said(sides: Sides):
    liaison, second = sides.a.browser("liaison", "zh"), sides.a.browser("second", "es")
    path = f"/correspondence/{thread_id(sides.a)}"
    html = liaison.page(path)
    assert RECORD["consignor"] in html
    asked = re.search(r'name="to" value="([^"]+)"', html)[1]
    fields = {"to": asked, "kind": "pre_export_answer", "f_decision": "objection", "f_decision_day": "2022-07-26"}
    assert "异议须注明理由" in words(liaison.send(f"{path}/answer", status=409, **fields).text)
    went = liaison.send(f"{path}/answer", f_reason_code=["no_licence", "unknown_company"], **fields)
    proposal = went.headers["location"].partition("?")[0]
    second.page(proposal)
    second.send(f"{proposal}/decide", decision="approve", read="yes")
    sides.carry()
    read = words(sides.b.browser("liaison").page(f"/correspondence/{thread_id(sides.b)}"))
    assert "objection" in read
    assert "no licence" in read
    assert "answered" in read.lower()


def test_suspension_stands_over_every_page_and_is_lifted_by_both(sides: Sides):
    ours, theirs = sides.a.browser("liaison"), sides.b.browser("liaison")
    ours.send(f"/agreement/{AGREEMENT_ID}/suspend", status=400)
    ours.send(f"/agreement/{AGREEMENT_ID}/suspend", sure="yes", pillar="financing")
    sides.carry()
    assert 'class="shut"' not in theirs.page("/cases")
    assert "Suspended in part" in theirs.page("/today")
    ours.send(f"/agreement/{AGREEMENT_ID}/suspend", sure="yes")
    sides.notify()
    sides.carry()
    assert 'class="shut"' in theirs.page("/cases")
    assert "Held by our gate Pre-export notification Agreement agr-story-1 is suspended" in words(theirs.page("/today"))
    held = sides.notify(approve=False)
    answer = sides.b.browser("second").send(f"/proposal/{held}/decide", decision="approve", read="yes", status=409)
    assert "agreement-suspended" in answer.text
    digests = [re.search(r'id="digest">(\w+)', desk.page(f"/affairs/{AGREEMENT_ID}"))[1] for desk in (ours, theirs)]
    assert digests[0] == digests[1]
    ours.send(f"/agreement/{AGREEMENT_ID}/offer")
    sides.carry()
    ours.send(f"/agreement/{AGREEMENT_ID}/agree", status=409)
    theirs.send(f"/agreement/{AGREEMENT_ID}/agree")
    sides.carry()
    assert 'class="shut"' not in ours.page("/today")
    thread = words(ours.page(f"/correspondence/{thread_id(sides.a)}"))
    assert "Suspension" in thread
    assert "Resumption" in thread


def test_talks_show_both_texts_who_is_not_announced_and_the_standing_of_each_act(sides: Sides):
    hold_talks(sides)
    ours = sides.b.browser("liaison")
    talks = ours.page("/talks")
    for mark in ("standing confirmed", "standing disputed", "standing claimed", "P-1", "number not given"):
        assert mark in talks
    meeting = ours.page("/talks/M-1")
    assert "not announced" in words(meeting)
    assert '<p class="words" lang="zh"><b>2.</b> 一方应在十个工作日内答复查询。</p>' in meeting
    assert words(meeting).count("signed 2022") == 2


def test_what_goes_public_needs_two_officers_and_the_colour_clear(sides: Sides):
    if not words(sides.b.browser("liaison").page("/publication")).count("Ask to publish"):
        hold_talks(sides)
    asking, second = sides.b.browser("liaison"), sides.b.browser("second")
    assert "only TLP:CLEAR" in words(asking.page("/publication"))
    things = re.findall(r'name="thing" value="([^"]+)"', asking.page("/publication"))
    assert {thing.split("/")[0] for thing in things} == {"act", "pledge", "meeting", "minutes"}
    second.send("/publication/publish", thing=things[0], status=409)
    asking.send("/publication/ask", thing="act/none", status=400)
    for thing in things:
        asking.send("/publication/ask", thing=thing)
        asking.send("/publication/publish", thing=thing, status=403)
        second.send("/publication/publish", thing=thing)
    assert words(second.page("/publication")).count("not published") == 1


def test_the_story_moves_on_and_never_back(sides: Sides):
    desk = sides.b.browser("liaison")
    desk.send("/today/story", day="2022-07-01", time="08:00", status=400)
    with sides.b.node.transaction() as tx:
        now = tx.now
    later = now.date().replace(year=now.year + 1)
    desk.send("/today/story", day=later.isoformat(), time="08:00")
    assert later.isoformat() in desk.page("/today")
    assert "tidegate key rotate" in desk.page("/status")
    assert desk.client.get("/readyz").text == "keys-expired\n"
    from tidegate.node import clock

    with sides.b.node.transaction() as tx:
        clock.set_story_clock(tx.conn, now)


@pytest.mark.parametrize(
    "path", ["/case/a%00b", "/findings?finding=%00", "/proposal/%F0%9F%8C%8A", "/affairs/..%2f..%2fetc"]
)
def test_an_address_made_of_anything_is_answered_with_a_page(sides: Sides, path):
    answer = sides.b.browser("liaison").client.get(path)
    assert answer.status_code in (400, 404)
    assert "<h1>" in answer.text


def test_a_form_full_of_anything_changes_nothing_and_shows_no_trace(sides: Sides):
    desk = sides.b.browser("liaison")
    with sides.b.node.transaction() as tx:
        case = tx.find("case_file")[0][0]
    for odd in ("\x00", "<script>alert(1)</script>", "'; drop table node.case_file; --", "𝔷" * 30_000):
        for path, fields in (
            ("/cases/open", {"title": odd, "pillar": odd}),
            (f"/case/{case}/fact", {"name": odd, "value": odd, "source": odd, "tlp": odd}),
            (f"/case/{case}/draft", {"way": odd, "fact": odd}),
            ("/findings/decide", {"finding": odd, "decision": "case", "title": "x", "pillar": "distribution"}),
            ("/today/story", {"day": odd}),
        ):
            answer = desk.client.post(path, data={"token": desk.token, **fields})
            assert 400 <= answer.status_code < 500, (path, odd[:10], answer.status_code)
            assert "Traceback" not in answer.text
            assert "<script>" not in answer.text
    assert desk.client.post("/cases/open", content=b"x" * 5_000_000).status_code == 400


def test_the_timeline_of_a_case_holds_approval_receipt_and_suspension(sides: Sides):
    with sides.b.node.transaction() as tx:
        _, body = next(each for each in messages.threads(tx) if each[0].state == "answered")
    shown = words(sides.b.browser("liaison").page(f"/case/{body['case_id']}"))
    for mark in ("Case opened", "Proposal approved", "Sealed to be sent", "A signed receipt came back"):
        assert mark in shown


def test_an_unforeseen_fault_is_a_page_without_a_trace(sides: Sides, monkeypatch):
    desk = sides.b.browser("liaison")
    monkeypatch.setattr("tidegate.node.messages.threads", lambda tx: 1 / 0)
    html = desk.page("/today", 500)
    assert "desk-unexpected" in html
    assert "ZeroDivision" not in html


@pytest.mark.usefixtures("_template")
def test_two_nodes_are_enrolled_by_the_pages_alone(postgres_server):
    with two_sides(postgres_server, enrol=False) as sides:
        desks = {side.id: side.browser("liaison", "zh") for side in (sides.a, sides.b)}
        files = {key: desk.send("/partners/invite", status=200).content for key, desk in desks.items()}
        for side, other in ((sides.a, sides.b), (sides.b, sides.a)):
            desk = desks[side.id]
            desk.send("/partners/accept", status=400)
            desk.send("/partners/accept", files={"file": ("invite.json", b"{}")}, status=400)
            desk.send("/partners/accept", files={"file": ("invite.json", files[other.id])})
            heard = re.findall(r"<b>(\S+)</b></span>", desk.page("/partners").split("note")[1])
            assert len(heard) == 8
            desk.send(f"/partner/{other.id}/confirm", words="一 二 三 四 五 六 七 八", status=400)
            desk.send(f"/partner/{other.id}/confirm", words=" ".join(heard))
            second = side.browser("second", "es")
            spoken = re.findall(r"<b>(\S+)</b></span>", second.page("/partners").split("note")[1])
            went = second.send(f"/partner/{other.id}/confirm", words=" ".join(spoken).upper())
            assert "link-open" in went.headers["location"]
        sides.agree()
        assert "signed by both sides" in words(sides.a.browser("liaison").page("/agreements"))
