"""The story's faces in a real browser: both desks and the public page, in three languages, without a console error."""

from __future__ import annotations

import shutil

import pytest

from tidegate.demo.stage import set_stage
from tidegate.demo.story import Teller
from tidegate.wording.sentences import LANGUAGES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = [
    pytest.mark.story,
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


def test_both_desks_and_the_public_page_open_in_three_languages() -> None:
    from playwright.sync_api import sync_playwright

    stage = set_stage(11, say=lambda words: None)
    faults: list[str] = []
    try:
        assert Teller(stage, "en", lambda line: None).play(scenes=2)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
            page = browser.new_page(viewport={"width": 360, "height": 800})
            page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            for node in (stage.importing, stage.exporting):
                page.goto(f"{node.settings.desk_url}/sign-in")
                page.fill("input[name=officer]", "liaison")
                page.fill("input[name=code]", stage.codes[node.node_id]["liaison"])
                page.click("main form button")
                for lang in LANGUAGES:
                    page.goto(f"{node.settings.desk_url}/today?lang={lang}")
                    assert page.locator("html").get_attribute("lang") == lang
                    assert page.locator("h1").count() == 1
                    assert page.evaluate("document.documentElement.scrollWidth") <= 360
            for lang in LANGUAGES:
                page.goto(f"{stage.importing.settings.public_url}/{lang}/?on=2024-01-28")
                assert page.locator("html").get_attribute("lang") == lang
                assert page.evaluate("document.documentElement.scrollWidth") <= 360
            browser.close()
    finally:
        stage.stop()
    assert faults == []
