"""The whole job by keyboard alone: choose a sheet, read the findings, search, decide, take the files, change language."""

import pytest

from tests.web.local_browser import MARKS, open_browser, open_window
from tidegate.demo.world import write_sample

pytestmark = MARKS

# What a person at the keyboard needs of the element in focus: it is shown, ringed, and has a name.
_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const label = one.labels && one.labels.length ? one.labels[0].innerText : '';
  return {
    tag: one.tagName, id: one.id, href: one.getAttribute('href') || '', name: one.getAttribute('name') || '',
    said: (one.getAttribute('aria-label') || label || one.innerText || '').trim(),
    ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    shown: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    write_sample(folder / "sample.xlsx")
    with open_window(folder) as address, open_browser() as browser:
        yield address, browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce"), folder


def tab_to(page, wanted, *, most=60, key="Tab"):
    """Press Tab until `wanted` holds of the element in focus; every stop on the way is shown, ringed and named."""
    for _ in range(most):
        page.keyboard.press(key)
        stop = page.evaluate(_FOCUS)
        if stop["tag"] == "BODY":
            continue
        assert stop["ringed"], f"no ring around {stop}"
        assert stop["said"], f"no name for {stop}"
        if wanted(stop):
            assert stop["shown"], f"not in view: {stop}"
            return stop
    raise AssertionError("the keyboard does not reach it")


def test_the_whole_job_is_done_by_keyboard(window):
    address, context, folder = window
    page = context.new_page()
    page.goto(address)

    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUS)["href"] == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    tab_to(page, lambda stop: stop["id"] == "file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(str(folder / "sample.xlsx"))
    assert "sample.xlsx" in page.locator("#file-chosen[role=status]").inner_text()
    tab_to(page, lambda stop: stop["tag"] == "BUTTON" and stop["said"] == "Screen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/run/**")

    tab_to(page, lambda stop: stop["id"] == "q")
    page.keyboard.type("heliotropin")
    page.keyboard.press("Tab")
    page.keyboard.type("hold")
    tab_to(page, lambda stop: stop["said"] == "Show")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=heliotropin**")
    assert page.locator("p[role=status]").first.inner_text() == "Findings listed: 3."

    first = tab_to(page, lambda stop: stop["href"].startswith("#f"))
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == first["href"][1:]
    tab_to(page, lambda stop: stop["tag"] == "SUMMARY")
    page.keyboard.press("Enter")
    tab_to(page, lambda stop: stop["name"] == "verdict")
    page.keyboard.press("ArrowDown")
    tab_to(page, lambda stop: stop["name"] == "reason")
    page.keyboard.type("asked for the licence")
    tab_to(page, lambda stop: stop["said"] == "Keep this decision")
    page.keyboard.press("Enter")
    page.wait_for_url("**said=**")
    following = page.evaluate("document.activeElement.id || location.hash.slice(1)")
    assert following != first["href"][1:]
    assert "The decision is kept" in page.locator(f"#{following} [role=status]").inner_text()
    assert "asked for the licence" in page.locator(first["href"]).inner_text()

    for name in ("findings.xlsx", "report.html"):
        page.keyboard.press("Control+Home")
        page.evaluate("document.getElementById('main').focus()")
        tab_to(page, lambda stop, name=name: stop["href"].endswith(name))
        with page.expect_download() as taken:
            page.keyboard.press("Enter")
        assert taken.value.suggested_filename == name

    page.evaluate("document.getElementById('main').focus()")
    tab_to(page, lambda stop: stop["href"].startswith("/zh/run/"), key="Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zh/run/**")
    assert "q=heliotropin" in page.url
    assert page.locator("html").get_attribute("lang") == "zh"
    page.go_back()
    assert page.locator("html").get_attribute("lang") == "en"
    page.close()


def test_nothing_moves_for_those_who_asked_for_stillness(window):
    address, context, _ = window
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.close()


def test_what_a_screen_reader_hears_of_a_page(window):
    address, context, _ = window
    page = context.new_page()
    page.goto(address)
    heard = page.locator("body").aria_snapshot()
    for words in ("main", "navigation", 'button "', "heading"):
        assert words in heard
    assert page.locator("h1").count() == 1
    page.close()
