"""Make the pictures of the README: play the story, sign in at the desk in Chromium, and take the pages as they are.

Run with `.venv/bin/python tools/screenshots.py`; writes docs/images/desk.png, public.png and local.png.
`.venv/bin/python tools/screenshots.py local` makes only the last, without nodes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tidegate.demo.stage import set_stage
from tidegate.demo.story import SCENES, Teller
from tidegate.demo.world import write_invented_list, write_sample

OUT = Path(__file__).resolve().parents[1] / "docs" / "images"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def local() -> None:
    """Screen the invented sample on the local page and take its picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        place = Path(folder)
        write_sample(place / "sample.xlsx")
        write_invented_list(place / "invented.csv")
        env = {**os.environ, "XDG_DATA_HOME": folder, "TIDEGATE_LISTS": folder, "TIDEGATE_CACHE": folder}
        command = [sys.executable, "-m", "tidegate", "open", "--no-browser", "--quiet", "--list", "invented.csv"]
        window = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd=folder)
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        try:
            page = browser.new_page(viewport={"width": 1180, "height": 1120})
            page.goto(window.stdout.readline().strip() if window.stdout else "")
            page.set_input_files("#file", str(place / "sample.xlsx"))
            page.click("form[action$='/screen'] button")
            page.wait_for_url("**/run/**")
            page.screenshot(path=OUT / "local.png")
        finally:
            browser.close()
            window.terminate()
            window.wait(10)


def main() -> None:
    """Play all scenes and take the pictures."""
    OUT.mkdir(parents=True, exist_ok=True)
    local()
    if sys.argv[1:] == ["local"]:
        return
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
