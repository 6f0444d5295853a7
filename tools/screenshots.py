"""Make the pictures of the README: play the story, sign in at the desk in Chromium, and take the pages as they are.

Run with `.venv/bin/python tools/screenshots.py`; writes docs/images/desk.png and docs/images/public.png.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from tidegate.demo.stage import set_stage
from tidegate.demo.story import SCENES, Teller

OUT = Path(__file__).resolve().parents[1] / "docs" / "images"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def main() -> None:
    """Play all scenes and take two pictures."""
    OUT.mkdir(parents=True, exist_ok=True)
    stage = set_stage(2022, say=lambda words: None)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
            page = browser.new_page(viewport={"width": 1180, "height": 760})

            def picture(number: int) -> None:
                if number == 2:
                    node = stage.exporting
                    page.goto(f"{node.settings.desk_url}/sign-in?lang=en")
                    page.fill("input[name=officer]", "second")
                    page.fill("input[name=code]", stage.codes[node.node_id]["second"])
                    page.click("main form button")
                    page.goto(f"{node.settings.desk_url}/findings?lang=en")
                    page.screenshot(path=OUT / "desk.png")

            held = Teller(stage, "en", print).play(between=picture, scenes=len(SCENES))
            if not held:
                raise SystemExit("the story did not hold; no pictures")
            page.goto(f"{stage.importing.settings.public_url}/en/?on=2024-01-28")
            page.screenshot(path=OUT / "public.png")
            browser.close()
    finally:
        stage.stop()


if __name__ == "__main__":
    main()
