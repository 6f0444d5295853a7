"""The public page: what a stranger reads, in three languages, for any day, and what is never printed."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import threading
import time
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser

import pytest
import uvicorn
from starlette.testclient import TestClient

from tests.talks.factories import act, meeting, minutes, pledge
from tests.web.local_browser import violations
from tidegate.publication.entries import publish
from tidegate.publication.record import load_record
from tidegate.talks.tongues import Tongues
from tidegate.web.public import ErrorReport, RecordSource, public_app

THE_WEEK = date(2024, 1, 28)
SIDES = {"exporting-side": Tongues("Exporting side", "出口方", "Parte exportadora"),
         "importing-side": Tongues("Importing side", "进口方", "Parte importadora")}  # fmt: skip
ENTRIES = [
    publish(thing, number=number, published=THE_WEEK, by="exporting-side", sides=SIDES, invented=True)
    for number, thing in enumerate((act(), pledge(), meeting(), minutes()), start=1)
]
CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
# Family names that stand inside addresses of sources: they must be found in no text of any page.
ADDRESS_NAMES = {
    word
    for source in load_record().sources.values()
    for word in re.findall(r"[a-z]+", (source.url or "").lower())
    if word in {"mayorkas", "mayorkass", "xiaohong", "watson", "adrienne", "savett", "pelosi", "pelosis", "blinken"}
}


class _Reader(HTMLParser):
    """Collects what is printed: text, and attributes that a reader or a screen reader meets."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "style" or (name.startswith("on") and name != "on"):
                self.inline.append(f"{tag} {name}")
            if name in ("title", "alt", "aria-label", "placeholder"):
                self.text.append(value or "")
        if tag in ("script", "style"):
            self.inline.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def printed(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    assert not reader.inline, reader.inline
    return " ".join(" ".join(reader.text).split())


@pytest.fixture
def reports() -> list[ErrorReport]:
    return []


@pytest.fixture
def page(reports):
    def take(report: ErrorReport) -> str:
        reports.append(report)
        return f"E-{len(reports)}"

    return TestClient(public_app(RecordSource(lambda: THE_WEEK), report_error=take))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/en/", ["1 company shut down", "number not given", "claimed by one side: United States",
                  "official, not named", "payments blocked", "Sharing of information on shipments",
                  "China: not announced", "Corrections that touch this page: 2"]),
        ("/zh/", ["1 家公司被关闭", "未给出数字", "单方说法：美国", "官员，未具名", "拦截部分国际付款", "恢复共享货运信息"]),
        ("/es/", ["1 empresa cerrada", "cifra no facilitada", "afirmado por una parte: Estados Unidos",
                  "funcionario, sin nombrar", "pagos internacionales bloqueados"]),
    ],
)  # fmt: skip
def test_the_week_of_28_january_2024_is_told_in_each_language(page, path, words):
    text = printed(page.get(path).text)
    for word in words:
        assert word in text, word


def test_source_addresses_are_links_and_never_text(page):
    answer = page.get("/en/?on=2026-11-24")
    text = printed(answer.text)
    for source in load_record().sources.values():
        if source.url is not None:
            assert source.url not in text
    assert 'href="https://www.itv.com/' in answer.text
    assert not re.search(r"https?://|www\.", text)


@pytest.mark.parametrize(
    "path", ["/{lang}/?on={day}", "/{lang}/pledges?on={day}", "/{lang}/corrections", "/{lang}/error"]
)
@pytest.mark.parametrize("lang", ["en", "zh", "es"])
def test_no_mail_address_and_no_name_of_a_person_is_printed(page, path, lang):
    for day in ("2024-01-28", "2026-11-24"):
        text = printed(page.get(path.format(lang=lang, day=day)).text)
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w", text)
        assert not re.search(r"\b(?:Mr|Ms|Mrs|Dr|Sr|Sra)\.? [A-Z]", text)
        for name in ADDRESS_NAMES:
            assert not re.search(rf"\b{name}\b", text, re.IGNORECASE), name


def test_report_json_holds_no_address_and_its_digest_stands_at_the_foot(page):
    answer = page.get("/report.json?on=2024-01-28")
    assert b"http" not in answer.content
    assert not any(name.encode() in answer.content.lower() for name in ADDRESS_NAMES)
    digest = sha256(answer.content).hexdigest()
    assert answer.headers["tidegate-digest"] == f"sha-256:{digest}"
    assert digest in printed(page.get("/en/?on=2024-01-28").text).replace(" ", "")
    assert json.loads(answer.content)["on"] == "2024-01-28"


def test_a_source_link_of_the_report_leads_to_its_address(page):
    answer = page.get("/source/itv-2019-11", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"][:20]) == (302, "https://www.itv.com/")
    assert page.get("/source/nowhere").status_code == 404


def test_report_csv_gives_one_row_an_act_and_count(page):
    lines = page.get("/report.csv?on=2024-01-28").text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("act,by,pillar")
    assert any(line.startswith("payments-blocked") and "number not given" in line for line in lines)


@pytest.mark.parametrize(
    ("header", "query", "lang"),
    [("zh-CN,zh;q=0.9,en;q=0.5", "", "zh"), ("es-MX", "", "es"), ("fr", "", "en"), ("zh", "?lang=es", "es"), ("", "", "en"),
     ("en;q=0.2, es;q=0.8", "", "es"), ("zh;q=x, es", "", "es")],
)  # fmt: skip
def test_the_language_comes_from_path_then_query_then_header(page, header, query, lang):
    answer = page.get(f"/{query}", headers={"accept-language": header})
    assert answer.headers["content-language"] == lang
    assert f'<html lang="{lang}">' in answer.text
    assert page.get("/zh/?lang=es").headers["content-language"] == "zh"


def test_every_answer_carries_the_security_headers(page):
    for path in ("/", "/report.json", "/static/tidegate.css", "/nope", "/healthz"):
        answer = page.get(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'self'"), path
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_unreadable_day_is_said_and_the_page_still_stands(page):
    text = printed(page.get("/en/?on=yesterday<script>").text)
    assert "“yesterday<script>” is no day" in text
    assert "As of 28 January 2024." in text


@pytest.mark.parametrize(
    "on", ["2017-01-01", "2019-04-02", "2022-08-06", "2023-11-16", "2024-09-01", "2026-12-31", "2999-01-01"]
)
@pytest.mark.parametrize("lang", ["en", "zh", "es"])
def test_any_day_makes_a_page(page, on, lang):
    answer = page.get(f"/{lang}/?on={on}")
    assert answer.status_code == 200
    printed(answer.text)


@pytest.mark.parametrize("on", ["2019-04-02", "2022-08-06", "2024-01-28", "2024-08-31", "2026-11-24"])
def test_every_link_inside_the_page_leads_somewhere(on):
    client = TestClient(public_app(RecordSource(lambda: THE_WEEK, lambda: ENTRIES)))
    html = client.get(f"/en/?on={on}").text
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert not set(re.findall(r'href="#([^"]+)"', html)) - set(ids)
    pledges = client.get(f"/en/pledges?on={on}").text
    assert not set(re.findall(r'href="[^"]*#([^"]+)"', pledges)) - set(ids)


def test_a_report_of_an_error_gets_a_number_and_is_stored(page, reports):
    answer = page.post(
        "/es/error", data={"where": "Una empresa cerrada", "what": "Fueron dos, véase el aviso", "mail": ""}
    )
    assert answer.status_code == 201
    assert "E-1" in printed(answer.text)
    assert reports == [ErrorReport("Una empresa cerrada", "Fueron dos, véase el aviso", "", "es")]


def test_a_report_without_words_or_with_a_broken_address_is_asked_again_and_kept(page, reports):
    answer = page.post("/en/error", data={"where": "line 1", "what": "", "mail": "nobody"})
    assert answer.status_code == 422
    assert "Write at least a few words" in answer.text
    assert 'value="line 1"' in answer.text
    assert not reports


def test_a_body_without_end_is_refused(page, reports):
    assert page.post("/en/error", content=b"what=" + b"x" * 100_000).status_code == 413
    assert page.post("/en/error", data={"what": "x" * 9000}).status_code == 422
    assert not reports


def test_markup_in_a_report_is_shown_as_text(page):
    answer = page.post("/en/error", data={"where": '"><img src=x>', "what": ""})
    assert "<img" not in answer.text


def test_without_a_callback_the_door_says_that_it_is_closed():
    shut = TestClient(public_app(RecordSource(lambda: THE_WEEK)))
    answer = shut.post("/en/error", data={"what": "Something is wrong"})
    assert answer.status_code == 503
    assert "Nothing was sent" in answer.text


def test_what_nodes_published_stands_apart_and_every_item_is_marked_invented():
    client = TestClient(public_app(RecordSource(lambda: THE_WEEK, lambda: ENTRIES)))
    html = client.get("/en/").text
    real, invented = html.split('<section id="nodes">')
    assert "Lantern Quay Trading" not in real
    assert 'class="made"' not in real
    assert 'class="strip"' not in real
    section = invented.split("</section>")[0]
    assert section.count('class="made"') >= 4
    assert "Lantern Quay Trading" in section
    nodes = client.get("/nodes.json")
    assert sha256(nodes.content).hexdigest() in printed(html).replace(" ", "")
    assert client.get("/zh/").text.count("灯笼码头贸易公司被关闭") >= 1


def test_a_page_without_invented_data_has_no_hatch(page):
    assert 'class="made"' not in page.get("/").text
    assert 'class="strip"' not in page.get("/").text


# Each language once, each width and colour scheme once: the rules of accessibility take seconds a page.
RULES_READ = {("en", 1280), ("zh", 360), ("es", 360)}


@pytest.mark.browser
@pytest.mark.skipif(
    not os.path.exists(CHROMIUM) or shutil.which("chromium") is None, reason="Chromium is not installed"
)
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("lang", ["en", "zh", "es"])
def test_a_browser_shows_every_page_without_an_error_or_a_sideways_scroll(served, lang, width):
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        view = browser.new_page(viewport={"width": width, "height": 900}, locale="en-GB")
        complaints: list[str] = []
        view.on("console", lambda message: complaints.append(message.text))
        view.on("pageerror", lambda error: complaints.append(str(error)))
        for path in ("/?on=2024-01-28", "/?on=2026-11-24", "/pledges?on=2026-11-24", "/corrections", "/error"):
            view.goto(f"{served}/{lang}{path}")
            assert view.evaluate("document.documentElement.scrollWidth") <= width, path
            assert view.evaluate("document.documentElement.lang") == lang
            view.emulate_media(color_scheme="dark" if width < 1000 else "light")
            if (lang, width) in RULES_READ:
                assert violations(view) == [], path
        view.goto(f"{served}/{lang}/error")
        view.fill("#what", "A line is wrong")
        view.click("button.btn")
        assert "E-" in view.inner_text("h1")
        browser.close()
        assert complaints == []


@pytest.fixture(scope="module")
def served():
    app = public_app(RecordSource(lambda: THE_WEEK, lambda: ENTRIES), report_error=lambda report: "E-1")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 10
    while not server.started and time.monotonic() < end:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)
