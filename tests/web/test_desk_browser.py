"""The desk in Chromium: two sides carry one question and its answer across by the pages alone, in three languages."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.web.local_browser import violations
from tidegate.demo.agreement import AGREEMENT_ID
from tidegate.node import agreements, courier, messages

from .desk_sides import RECORD, Side, Sides, finding, hold_talks, serve, two_sides

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"]  # fmt: skip
WIDE, SLIM = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
# A folder to keep pictures of the pages in, for a person to look at.
PICTURES = os.environ.get("TIDEGATE_TEST_PICTURES", "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def sides(postgres_server, _template):
    with two_sides(postgres_server) as made:
        made.agree()
        listeners = [serve(side.desk, side.node.settings.desk_port) for side in (made.a, made.b)]
        yield made
        for listener in listeners:
            listener.should_exit = True


@pytest.fixture
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `test`)")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


class Officer:
    """One officer's browser. faults: console errors and requests to anywhere but this desk."""

    def __init__(self, chromium, side: Side, officer: str, lang: str, faults: list[str]) -> None:
        self.faults = faults
        self.base = side.node.settings.desk_url
        self.page = chromium.new_context(viewport=WIDE).new_page()
        self.page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: faults.append(str(error)))
        self.page.on("request", lambda asked: None if asked.url.startswith(self.base) else faults.append(asked.url))
        self.page.goto(f"{self.base}/sign-in?lang={lang}")
        self.page.fill("#officer", officer)
        self.page.fill("#code", side.codes[officer])
        self.page.click("form .btn")
        assert self.page.url == f"{self.base}/today"
        self.lang = lang

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)
        assert self.page.get_attribute("html", "lang") == self.lang

    def text(self) -> str:
        return self.page.inner_text("main")

    def look(self, name: str) -> None:
        """See that the page fits a narrow screen, and keep pictures of both widths where a folder is named."""
        for view in (SLIM, WIDE) if PICTURES else (SLIM,):
            self.page.set_viewport_size(view)
            self.faults += [f"{name} {self.lang}: {one}" for one in violations(self.page)]
            too_wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert too_wide <= 0, f"{name} scrolls sideways by {too_wide} px at {view['width']}"
            if PICTURES:
                path = Path(PICTURES) / f"desk-{name}-{self.lang}-{view['width']}.png"
                self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size(WIDE)


def test_a_question_and_its_answer_cross_by_the_pages_of_both_desks(sides: Sides, chromium):
    faults: list[str] = []
    asking = Officer(chromium, sides.b, "liaison", "en", faults)
    approving = Officer(chromium, sides.b, "second", "es", faults)
    answering = Officer(chromium, sides.a, "liaison", "zh", faults)
    second = Officer(chromium, sides.a, "second", "en", faults)

    asking.go("/cases")
    asking.page.fill("#title", "Heliotropin to Aromas Cometa de Lino")
    asking.page.select_option("#pillar", "distribution")
    asking.page.click("text=Open a case >> nth=-1")
    for name, value in RECORD.items():
        add_fact(asking, name, value)
    add_fact(asking, "", "a caller named the warehouse", protected=True)
    asking.look("case")
    asking.page.select_option("#way", label="pre-export notification → Importing side (prevent diversion)")
    asking.page.click("button:text('Draft a proposal')")
    assert "Goes: 7 · Stays: 1" in asking.text()
    asking.look("proposal")

    approving.go("/today")
    approving.look("today")
    approving.page.click("table a[href^='/proposal/']")
    assert "a caller named" not in approving.text()
    approving.look("proposal")
    approving.page.check("[name=read]")
    approving.page.click("button:text('Aprobar y poner en cola')")
    assert "en cola" in approving.text()
    assert courier.visit(sides.b.door, sides.a.id).delivered == 1

    answering.go("/today")
    answering.look("today")
    answering.page.click("table a[href^='/correspondence/']")
    assert RECORD["consignor"] in answering.text()
    answering.page.select_option("#f_decision", "objection")
    answering.page.check("[name=f_reason_code][value=no_licence]")
    answering.look("thread")
    answering.page.click("button:text('起草答复')")
    second.go("/proposals")
    second.page.click("table a[href^='/proposal/']")
    second.page.check("[name=read]")
    second.page.click("button:text('Approve and queue')")
    assert courier.visit(sides.a.door, sides.b.id).delivered == 1

    asking.go("/correspondence")
    asking.look("threads")
    asking.page.click("table a[href^='/correspondence/']")
    assert "no licence" in asking.text()
    assert "Answered" in asking.text()
    asking.look("thread")
    for officer, path in ((second, "/status"), (approving, "/agreements"), (answering, "/partners"), (asking, "/talks"),
                          (approving, "/publication"), (answering, "/findings"), (second, "/cases")):  # fmt: skip
        officer.go(path)
        officer.look(path.strip("/"))
    assert not faults


def test_every_page_full_of_things_fits_a_phone_and_asks_nothing_of_elsewhere(sides: Sides, chromium):
    hold_talks(sides)
    sides.notify()
    sides.carry()
    agreements.suspend(sides.a.door, AGREEMENT_ID, officer="liaison")
    sides.notify()
    sides.notify(approve=False)
    sides.carry()
    for number, name in enumerate(("月兔银帆精细化工有限公司", "Moon Rabbit Silver Sail Fine Chemical Co., Ltd")):
        finding(sides.b, f"{name} {number}")
    faults: list[str] = []
    with sides.b.node.transaction() as tx:
        thread, body = next(each for each in messages.threads(tx) if each[0].kind == "pre_export_notification")
        case_id, drafted = body["case_id"], tx.find("proposal", state="drafted")[0][0]
    pages = {
        "today": "/today", "findings": "/findings", "cases": "/cases", "case-shut": f"/case/{case_id}",
        "proposal-shut": f"/proposal/{drafted}", "thread-shut": f"/correspondence/{thread.id}",
        "threads": "/correspondence", "agreements-shut": "/agreements", "affairs": f"/affairs/{AGREEMENT_ID}",
        "partners": "/partners", "talks-full": "/talks", "meeting": "/talks/M-1", "publication-full": "/publication",
        "status": "/status", "missing": "/nothing-here",
    }  # fmt: skip
    for lang, names in (("en", list(pages)), ("es", list(pages)[::2]), ("zh", list(pages)[1::2])):
        officer = Officer(chromium, sides.b, "liaison", lang, faults)
        for name in names:
            officer.go(pages[name])
            officer.look(name)
    assert [each for each in faults if "404" not in each] == []


def add_fact(officer: Officer, name: str, value: str, *, protected: bool = False) -> None:
    if name:
        officer.page.select_option("#name", name)
    else:
        officer.page.fill("#own_name", "tip_off")
    officer.page.fill("#value", value)
    officer.page.fill("#source", "the manifest, row 964")
    if protected:
        officer.page.check("[name=protected_source]")
    officer.page.click("form[action$='/fact'] .btn")
