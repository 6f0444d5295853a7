"""The local page in Chromium: a sheet goes in, findings are read and decided, the workbook comes out; no script."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tidegate.demo.world import write_invented_list, write_sample

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]


@pytest.fixture
def address(tmp_path):
    write_invented_list(tmp_path / "invented.csv")
    env = {
        **os.environ,
        "TIDEGATE_LISTS": str(tmp_path / "shelf"),
        "TIDEGATE_CACHE": str(tmp_path / "cache"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    command = [
        sys.executable,
        "-m",
        "tidegate",
        "open",
        "--no-browser",
        "--quiet",
        "--list",
        str(tmp_path / "invented.csv"),
    ]
    page = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        yield page.stdout.readline().strip()
    finally:
        page.terminate()
        page.wait(10)


@pytest.fixture
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `test`)")
    with playwright.sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()


def test_a_sheet_is_screened_decided_and_taken_away_in_three_languages(address, browser, tmp_path):
    write_sample(tmp_path / "sample.xlsx")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    errors = []
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
    page.wait_for_url("**#decided")
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
