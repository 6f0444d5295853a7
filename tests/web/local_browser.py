"""A real local page and a real browser for the tests that need both; and the rules of WCAG 2.2 AA as axe-core knows them."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from importlib import resources

import pytest

from tidegate.demo.world import write_invented_list

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
MARKS = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def open_window(folder, *, lists=True):
    """Give the address of a fresh local page that keeps everything below `folder`."""
    write_invented_list(folder / "invented.csv")
    env = {
        **os.environ,
        "TIDEGATE_LISTS": str(folder / "shelf"),
        "TIDEGATE_CACHE": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    command = [sys.executable, "-m", "tidegate", "open", "--no-browser", "--quiet"]
    if lists:
        command += ["--list", str(folder / "invented.csv")]
    window = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    try:
        yield window.stdout.readline().strip()
    finally:
        window.terminate()
        window.wait(10)


@contextmanager
def open_browser():
    """Give a headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `test`)")
    with playwright.sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()


def violations(page):
    """Return what axe-core finds on the page as it stands: rule, element, and what is wrong."""
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed (extra `test`)")
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", _RULES
    )
    return [
        (one["id"], node["target"][0], node["failureSummary"].replace("\n", " ")[:240])
        for one in found["violations"]
        for node in one["nodes"]
    ]


def sideways(page):
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
