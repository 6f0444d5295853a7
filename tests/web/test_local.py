"""The local page, without a browser: who may see it, what it keeps, and what it says."""

import re
from datetime import date

import pytest
from starlette.testclient import TestClient

from tidegate.demo.world import write_invented_list, write_sample
from tidegate.files.decisions_read import read_decisions
from tidegate.lists.shelf import Shelf
from tidegate.web.local import local_app
from tidegate.web.local_runs import LocalRuns

HEAD = "Date,Shipper,Consignee,Goods,HS,Net kg,Origin,Destination,Licence\n"
SHEET = HEAD + "2024-10-01,Paper Cloud Ltd,Farol Azul SA,piperonal,2932.93,25,CN,MX,\n"


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDEGATE_CACHE", str(tmp_path / "cache"))
    return LocalRuns(folder=tmp_path / "decisions", shelf=Shelf(tmp_path / "shelf"))


@pytest.fixture
def stranger(runs):
    app = local_app(runs, token="once", today=lambda: date(2026, 11, 25), css="body{}")
    return TestClient(app, base_url="http://127.0.0.1:5000")


@pytest.fixture
def client(stranger):
    assert stranger.get("/start?token=once").status_code == 200
    return stranger


def form_token(page):
    return re.search(r'name="form" value="(\w+)"', page.text)[1]


def post(client, path, data, files=None):
    data = {"form": form_token(client.get("/en/")), **data}
    return client.post(path, data=data, files=files or {"nothing": ("", b"")})


def screened(client, text=SHEET, name="sheet.csv"):
    return post(client, "/en/screen", {"kind": ""}, {"file": (name, text.encode())})


def test_without_the_printed_token_nothing_is_shown(stranger):
    assert stranger.get("/en/").status_code == 403
    assert stranger.get("/start?token=guess").status_code == 403


def test_the_token_opens_the_page_once(client):
    client.cookies.clear()
    assert client.get("/start?token=once").status_code == 403


def test_another_host_name_is_refused(client):
    assert client.get("/en/", headers={"host": "tidegate.example"}).status_code == 421
    assert client.get("/en/", headers={"host": "localhost:5000"}).status_code == 200


def test_a_form_without_its_token_changes_nothing(client, runs):
    answer = client.post("/en/folder", data={"folder": "/elsewhere", "form": "guess"}, files={"nothing": ("", b"")})
    assert answer.status_code == 403
    assert "elsewhere" not in str(runs.folder)


def test_security_headers_stand_on_every_answer(client):
    for path in ("/en/", "/static/tidegate.css", "/nowhere"):
        assert "default-src 'self'" in client.get(path).headers["content-security-policy"]


def test_a_sheet_gives_findings_with_reasons_and_what_was_not_run(client):
    page = screened(client)
    assert page.status_code == 200
    assert "/run/" in str(page.url)
    assert "a name of Piperonal" in page.text
    assert "Not run, because" in page.text
    assert "no list held" in page.text


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "not that they are clear"), ("zh", "并不表示没有问题"), ("es", "no que estén limpias")]
)
def test_each_language_says_what_no_finding_means(client, lang, words):
    path = str(screened(client).url).rpartition("/en/")[2]
    page = client.get(f"/{lang}/{path}")
    assert words in page.text
    assert f'<html lang="{lang}">' in page.text


def test_no_page_has_inline_style_or_script(client):
    for page in (client.get("/en/"), screened(client)):
        assert "<script" not in page.text
        assert " style=" not in page.text


def decide(client, page, verdict="set-aside", reason="known customer", until=""):
    found = re.search(
        r'name="finding" value="(\w+)"><input type="hidden" name="key" value="(\w+)"><input type="hidden" name="base_key" value="(\w+)"',
        page.text,
    )
    data = {
        "finding": found[1],
        "key": found[2],
        "base_key": found[3],
        "verdict": verdict,
        "reason": reason,
        "until": until,
    }
    return post(client, str(page.url).split("5000")[1].split("#")[0] + "/decide", data)


def test_a_decision_is_kept_in_the_folder_and_remembered_by_the_next_screening(client, runs):
    before = screened(client)
    after = decide(client, before)
    assert after.text.count("<article") == before.text.count("<article") - 1
    assert "known customer" in after.text
    kept = read_decisions(runs.folder / "decisions.jsonl").book.all()
    assert [one.reason for one in kept] == ["known customer"]
    assert screened(client).text.count("<article") == before.text.count("<article") - 1


def test_a_decision_can_be_taken_back(client, runs):
    page = decide(client, screened(client))
    key = runs.book().all()[0].key
    post(client, str(page.url).split("5000")[1].split("#")[0] + "/take-back", {"key": key})
    assert len(runs.book()) == 0


def test_a_decision_without_a_reason_is_asked_for_one(client, runs):
    page = decide(client, screened(client), reason=" ")
    assert page.status_code == 422
    assert "Give a reason" in page.text
    assert len(runs.book()) == 0


def test_a_day_that_is_none_is_named(client):
    assert "year-month-day" in decide(client, screened(client), until="soon").text


@pytest.mark.parametrize("name", ["findings.xlsx", "report.html", "findings.csv", "findings.jsonl"])
def test_everything_can_be_taken_away(client, name):
    path = str(screened(client).url).split("5000")[1]
    answer = client.get(f"{path}/{name}")
    assert answer.status_code == 200
    assert name in answer.headers["content-disposition"]
    assert len(answer.content) > 300


def test_an_unreadable_file_is_named_and_the_other_is_screened(client):
    answer = post(
        client,
        "/en/screen",
        {"kind": ""},
        [("file", ("odd.pages", b"\x00\x01")), ("file", ("sheet.csv", SHEET.encode()))],
    )
    assert "odd.pages" in answer.text
    assert "a name of Piperonal" in answer.text


def test_only_an_unreadable_file_leads_back_with_its_name(client):
    answer = post(client, "/en/screen", {"kind": ""}, {"file": ("odd.pages", b"\x00\x01")})
    assert answer.status_code == 422
    assert "odd.pages" in answer.text


def test_the_snapshot_is_used_only_when_asked_and_shows_its_date(client):
    assert "No list held." in client.get("/en/").text
    post(client, "/en/list", {"snapshot": "ofac-narcotics"})
    assert "No list held." not in client.get("/en/").text
    assert "2024-01-30" in client.get("/en/").text


def test_a_folder_that_cannot_be_written_is_refused(client, tmp_path):
    (tmp_path / "file").write_text("x")
    assert post(client, "/en/folder", {"folder": str(tmp_path / "file" / "below")}).status_code == 422


def test_the_packaged_sample_with_its_list_shows_what_is_planted(client, tmp_path):
    write_sample(tmp_path / "sample.xlsx")
    write_invented_list(tmp_path / "invented.csv")
    post(client, "/en/list", {}, {"list": ("invented.csv", (tmp_path / "invented.csv").read_bytes())})
    page = post(client, "/en/screen", {"kind": ""}, {"file": ("sample.xlsx", (tmp_path / "sample.xlsx").read_bytes())})
    for words in ("月兔銀帆精細化工有限公司", "Heliotropin", "Row 1206"):
        assert words in page.text
