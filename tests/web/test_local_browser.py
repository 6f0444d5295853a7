"""The local page in Chromium: a sheet goes in, findings are read and decided, the workbook comes out; no script."""

import os
from pathlib import Path

import pytest

from tests.web.local_browser import MARKS, open_browser, open_window
from tidegate.demo.world import write_sample

pytestmark = MARKS


@pytest.fixture
def address(tmp_path):
    with open_window(tmp_path) as opened:
        yield opened


@pytest.fixture
def browser():
    with open_browser() as opened:
        yield opened


def test_a_sheet_is_screened_decided_and_taken_away_in_three_languages(address, browser, tmp_path):
    write_sample(tmp_path / "sample.xlsx")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on(
        "request", lambda asked: errors.append(asked.url) if not asked.url.startswith("http://127.0.0.1:") else None
    )
    page.goto(address)
    page.set_input_files("#file", str(tmp_path / "sample.xlsx"))
    page.click("form[action$='/screen'] button")
    page.wait_for_url("**/run/**")
    assert page.locator("article").count() >= 6
    assert page.locator(".level.hold").count() >= 2
    assert "Heliotropin" in page.content()

    with page.expect_download() as taken:
        page.click("a[href$='findings.xlsx']")
    saved = tmp_path / "taken.xlsx"
    taken.value.save_as(saved)
    assert saved.read_bytes()[:2] == b"PK"

    entry = page.locator("article").first
    entry.locator("summary").click()
    entry.locator("textarea").fill("papers seen")
    entry.locator("button").click()
    page.wait_for_url("**said=**")
    assert "papers seen" in page.locator("#decided").inner_text()

    for lang, words in (("zh", "未运行，原因"), ("es", "No ejecutado, porque"), ("en", "Not run, because")):
        page.click(f"nav.tongues a[lang={lang}]")
        assert words in page.content()
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert errors == []
    shots = os.environ.get("TIDEGATE_SHOTS")
    if shots:
        page.screenshot(path=str(Path(shots) / "local-run.png"), full_page=True)


def test_a_dropped_file_is_taken_anywhere_on_the_page(address, browser, tmp_path):
    page = browser.new_page()
    page.goto(address)
    dropped = page.evaluate_handle(
        """() => { const held = new DataTransfer();
        held.items.add(new File(['Date,Shipper,Consignee,Goods\\n2024-10-01,Lantern Quay,Farol,piperonal\\n'], 'a\\u202evsc.csv'));
        return held; }"""
    )
    page.dispatch_event("h1", "dragover", {"dataTransfer": dropped})
    assert "over-it" in page.locator(".drop").get_attribute("class")
    page.dispatch_event("h1", "drop", {"dataTransfer": dropped})
    assert "⟨U+202E⟩" in page.locator("#file-chosen").inner_text()
    page.click("form[action$='/screen'] button")
    page.wait_for_url("**/run/**")
    assert "Piperonal" in page.content()
    assert "\u202e" not in page.content()


def test_a_second_tab_and_the_back_button_work_and_a_second_browser_is_refused(address, browser, tmp_path):
    write_sample(tmp_path / "sample.xlsx")
    context = browser.new_context()
    page, other = context.new_page(), context.new_page()
    page.goto(address)
    home = page.url
    page.set_input_files("#file", str(tmp_path / "sample.xlsx"))
    page.click("form[action$='/screen'] button")
    page.wait_for_url("**/run/**")
    other.goto(home)
    assert "sample.xlsx" in other.content()
    page.go_back()
    assert "sample.xlsx" in page.locator("table").inner_text()
    stranger = browser.new_context().new_page()
    stranger.goto(home)
    assert "sample.xlsx" not in stranger.content()


def test_without_script_the_page_does_everything_too(address, browser, tmp_path):
    write_sample(tmp_path / "sample.xlsx")
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    page.set_input_files("#file", str(tmp_path / "sample.xlsx"))
    page.click("form[action$='/screen'] button")
    page.wait_for_url("**/run/**")
    page.fill("#q", "heliotropin")
    page.click("form[role=search] button")
    page.wait_for_url("**q=heliotropin**")
    assert page.locator("article").count() >= 3
