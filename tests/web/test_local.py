"""The local page, without a browser: who may see it, what it keeps, and what it says."""

import re
import threading
import time
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


def post(client, path, data, files=None, *, to_the_end=True):
    data = {"form": form_token(client.get("/en/")), **data}
    page = client.post(path, data=data, files=files or {"nothing": ("", b"")})
    while to_the_end and "/job/" in page.url.path and page.status_code == 200:  # a busy machine shows progress first
        time.sleep(0.05)
        page = client.get(page.url.path)
    return page


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
        assert "<script>" not in page.text
        assert " style=" not in page.text


def path_of(page):
    return page.url.path


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
    return post(client, path_of(page) + "/decide", data)


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
    post(client, path_of(page) + "/take-back", {"key": key})
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


def test_a_form_sent_from_another_site_is_refused(client):
    data = {"form": form_token(client.get("/en/")), "folder": "x"}
    for headers in ({"origin": "http://tidegate.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert client.post("/en/folder", data=data, headers=headers).status_code == 403
    assert client.post("/en/folder", data=data, headers={"origin": "http://127.0.0.1:5000"}).status_code == 200
    ours = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert client.post("/en/folder", data=data, headers=ours).status_code == 200


def test_more_than_the_limit_is_not_taken(client):
    answer = client.post("/en/screen", content=b"x", headers={"content-length": str(3 << 30)})
    assert answer.status_code == 413


def test_pages_with_records_are_not_kept_by_the_browser(client):
    page = screened(client)
    assert page.headers["cache-control"] == "no-store"
    assert client.get(path_of(page) + "/findings.csv").headers["cache-control"] == "no-store"


def test_two_windows_on_one_computer_do_not_take_each_others_place(client):
    assert [cookie.name for cookie in client.cookies.jar] == ["tidegate_local_5000"]


def test_a_file_name_that_turns_or_commands_is_shown_and_not_obeyed(client):
    page = screened(client, name="../../<script>alert(1)</script>\u202exslx.csv")
    assert "<script>" not in page.text
    assert "\u202e" not in page.text
    assert "⟨U+202E⟩" in page.text


def many(rows):
    return HEAD + "".join(
        f"2024-10-01,Paper Cloud {row} Ltd,Farol Azul SA,piperonal,2932.93,{row + 1},CN,MX,\n" for row in range(rows)
    )


def test_thousands_of_findings_come_in_pages_and_can_be_searched(client):
    page = screened(client, many(300))
    assert page.text.count("<article") == 50
    assert "page 1 of" in page.text
    path = path_of(page)
    second = client.get(f"{path}?from=50&level=hold")
    assert "page 2 of" in second.text
    found = client.get(f"{path}?q=302")
    assert "<article" not in found.text
    assert "Findings listed: 0" in found.text
    one = client.get(f"{path}?q=piperonal+301&screen=goods")
    assert one.text.count("<article") == 1
    assert "Row 301" in one.text
    assert client.get(f"{path}?from=99999").status_code == 200
    assert client.get(f"{path}?level=nonsense&from=x").text.count("<article") == 50


def test_after_a_decision_comes_the_next_finding_of_the_same_search(client):
    page = screened(client, many(3))
    path = path_of(page)
    page = client.get(f"{path}?q=piperonal")
    form = dict(re.findall(r'name="(finding|key|base_key)" value="(\w+)"', page.text.partition("</form></details>")[0]))
    answer = client.post(
        f"{path}/decide",
        data={"form": form_token(page), "verdict": "case", "reason": "seen", "q": "piperonal", **form},
        files={"nothing": ("", b"")},
        follow_redirects=False,
    )
    where = answer.headers["location"]
    assert "q=piperonal" in where
    following = where.rpartition("#f")[2]
    assert following
    assert following != form["finding"]
    assert "This is the next finding" in client.get(where).text


MAPPED = 'Ref,Sender of the goods,Who gets it,What,Weight\n1,Lantern Quay Ltd,Farol Azul SA,piperonal,"1.234,5"\n'


def columns_form(client, page, **changes):
    link = re.search(r'href="(/en/run/[^"]+/columns[^"]+)"', page.text)[1].replace("&amp;", "&")
    shown = client.get(link)
    assert shown.status_code == 200
    held = dict(re.findall(r'<input type="hidden" name="(file|sheet|columns)" value="([^"]*)"', shown.text))
    data = {"kind": "consignments", "header_row": "1", "keep": "yes", **held, **changes}
    return post(client, link.partition("?")[0], data), shown


def test_columns_that_are_not_known_can_be_named_kept_and_are_found_next_time(client, runs):
    page = screened(client, "A1,B1,C1,D1\n1,Lantern Quay Ltd,piperonal,25\n", "odd-2024-10.csv")
    assert "Say what the columns of odd-2024-10.csv are" in page.text
    after, shown = columns_form(client, page, **{"column-1": "consignor", "column-2": "goods_description"})
    assert "Lantern Quay Ltd" in shown.text
    assert "a name of Piperonal" in after.text
    assert list((runs.folder / "mappings").glob("*.toml"))
    again = screened(client, "A1,B1,C1,D1\n2,Paper Cloud Ltd,piperonal,30\n", "odd-2024-11.csv")
    assert "was read as you corrected it before" in again.text
    assert "a name of Piperonal" in again.text


def test_a_wrongly_recognised_column_is_corrected_and_the_correction_can_be_forgotten(client, runs):
    page = screened(client)
    after, _ = columns_form(
        client, page, **{"column-1": "consignee", "column-2": "consignor", "column-3": "goods_description"}
    )
    assert "consignor</" not in after.text or "Consignee" in after.text
    kept = next((runs.folder / "mappings").glob("*.toml")).read_text(encoding="utf-8")
    assert 'consignee = "column B"' in kept
    columns_form(client, screened(client), as_recognised="yes")
    assert not list((runs.folder / "mappings").glob("*.toml"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"column-1": "consignor", "column-2": "consignor"}, "two columns"),
        ({}, "No column was chosen"),
        ({"column-1": "consignor", "header_row": "top"}, "no row number"),
        ({"column-1": "consignor", "header_row": "90"}, "header_row 90"),
    ],
)
def test_a_correction_that_cannot_be_is_named(client, changes, words):
    page = screened(client)
    after, _ = columns_form(client, page, **changes)
    assert words in after.text


def test_a_long_screening_shows_its_progress_and_can_be_stopped(client, runs, monkeypatch):
    from tidegate.web import local_screening

    begun = threading.Event()

    def slow(inputs, watch, *, uploads=None, instead_of=""):
        for done in range(10_000):
            watch("names", done * 7, 70_000)
            begun.set()
            threading.Event().wait(0.01)
        raise AssertionError("was not stopped")

    monkeypatch.setattr(local_screening, "PATIENCE_S", 0.05)
    monkeypatch.setattr(type(runs), "screen", lambda self, *args, **more: slow(*args, **more))
    page = post(client, "/en/screen", {"kind": ""}, {"file": ("sheet.csv", SHEET.encode())}, to_the_end=False)
    assert begun.wait(5)
    assert "/job/" in page.url.path
    assert "<progress" in page.text
    assert "Comparing names" in client.get(page.url.path + "/state").json()["text"]
    assert "sheet.csv" in client.get("/en/").text
    for _ in range(40):
        answer = post(client, page.url.path + "/stop", {}, to_the_end=False)
        if answer.status_code == 422:
            break
    assert "The screening was stopped" in answer.text


def test_a_fault_of_ours_is_told_and_the_window_stays(client, runs, monkeypatch):
    def broken(self, *args, **more):
        raise ZeroDivisionError("slip")

    monkeypatch.setattr(type(runs), "screen", broken)
    monkeypatch.setattr(threading, "excepthook", lambda told: None)
    page = screened(client)
    assert page.status_code == 422
    assert "ZeroDivisionError" in page.text
    assert client.get("/en/").status_code == 200


def test_a_suspicion_gives_letter_goaml_and_pack_and_says_what_is_missing(client):
    page = screened(client)
    link = re.search(r'href="(/en/run/[^"]+/suspicion/\w+)"', page.text)[1]
    assert "Report of a suspicion" in client.get(link).text
    assert post(client, link, {"take": "goaml"}).status_code == 422
    told = {
        "institution": "Invented Bank", "institution_id": "7", "branch": "B", "first_name": "M.", "last_name": "Muster",
        "address": "Teapot Lane 4", "city": "Sample Port", "country": "mx", "currency": "mxn",
    }  # fmt: skip
    assert post(client, link, {"take": "goaml", **told}).content.startswith(b"<?xml")
    assert post(client, link, {"take": "pack", **told}).content[:2] == b"PK"
    assert "Invented Bank" in post(client, link, {"take": "letter", **told}).text


def test_the_files_of_a_run_go_when_the_window_closes(client, runs):
    screened(client)
    folders = [run.uploads for run in runs.runs.values()]
    assert all(folder.is_dir() for folder in folders)
    runs.close()
    assert not any(folder.exists() for folder in folders)


def test_the_window_can_be_closed_from_the_page(runs):
    closed = threading.Event()
    app = local_app(runs, token="once", today=lambda: date(2026, 11, 25), css="", on_close=closed.set)
    client = TestClient(app, base_url="http://127.0.0.1:5000")
    client.get("/start?token=once")
    assert "Tidegate has ended" in post(client, "/en/close", {}).text
    assert closed.is_set()


def test_with_no_list_the_first_thing_said_is_that_names_were_not_compared(client):
    page = screened(client)
    assert page.text.index("Names were not compared with any list") < page.text.index("<article")
