"""Every state of the local page, and the report, under the rules of WCAG 2.2 AA: three languages, light and dark, wide
and at 320 pixels, which is also what a page of 1,280 pixels shows at 400 %."""

import re

import pytest

from tests.web.local_browser import MARKS, open_browser, open_window, sideways, violations
from tidegate.demo.world import write_sample

pytestmark = MARKS
WAYS = [("en", "light", 1280), ("zh", "dark", 320), ("es", "light", 320), ("en", "dark", 1280)]


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """Give a browser, and the address of each state of a window in which a sheet was screened and decided on."""
    folder = tmp_path_factory.mktemp("window")
    write_sample(folder / "sample.xlsx")
    (folder / "odd.csv").write_text("A1,B1,C1\n1,Lantern Quay,piperonal\n", encoding="utf-8")
    with open_window(folder) as address, open_browser() as browser:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        base = re.match(r"http://[^/]+", address)[0]
        page.set_input_files("#file", [str(folder / "sample.xlsx"), str(folder / "odd.csv")])
        page.click("form[action$='/screen'] button")
        page.wait_for_url("**/run/**")
        run = re.search(r"/run/[^?#]+", page.url)[0]
        article = page.locator("article").nth(3)
        article.locator("summary").click()
        article.locator("textarea").fill("papers seen")
        article.locator("button").click()
        page.wait_for_url("**said=**")
        suspicion = page.locator("a[href*='/suspicion/']").first.get_attribute("href")[3:]
        columns = page.locator("a[href*='/columns?']").last.get_attribute("href")[3:]
        unread = page.locator("a.btn[href*='/columns?']").first.get_attribute("href")[3:]
        with page.expect_download() as taken:
            page.click("a[href$='report.html']")
        report = folder / "report.html"
        taken.value.save_as(report)
        kept = page.url[page.url.index("/run/") :]
        yield context, base, {
            "home": "/", "run": run, "kept": kept, "nothing found": f"{run}?q=nowhere", "columns": columns,
            "columns of an unread file": unread, "suspicion": suspicion, "gone": "/run/none", "report": report.as_uri(),
        }  # fmt: skip
        page.close()


@pytest.mark.parametrize(("lang", "scheme", "width"), WAYS)
def test_no_page_breaks_a_rule_or_scrolls_sideways(states, lang, scheme, width):
    context, base, addresses = states
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = {}
    for name, path in addresses.items():
        page.goto(path if path.startswith("file:") else f"{base}/{lang}{path}")
        wrong = violations(page)
        if sideways(page) > 0:
            wrong.append(("sideways", "html", f"{sideways(page)} px too wide"))
        if wrong:
            found[name] = wrong
    page.close()
    assert found == {}


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("es", 320)])
def test_an_open_form_with_its_error_breaks_no_rule(states, lang, width):
    context, base, addresses = states
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{base}/{lang}{addresses['run']}")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate("for (const one of document.querySelectorAll('textarea')) one.required = false")
    assert violations(page) == []
    page.locator("article form button").first.click()
    page.wait_for_selector(".wrong-words")
    assert violations(page) == []
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.goto(f"{base}/{lang}{addresses['suspicion']}")
    page.locator("button[value=goaml]").click()
    page.wait_for_selector("[role=alert]")
    assert violations(page) == []
    page.close()


def test_larger_spacing_of_text_loses_nothing(states):
    context, base, addresses = states
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    for path in (addresses["run"], "/"):
        page.goto(f"{base}/en{path}")
        page.evaluate(
            """() => { const sheet = new CSSStyleSheet();
            sheet.replaceSync('* {line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important} p{margin-bottom:2em!important}');
            document.adoptedStyleSheets = [sheet]; }"""
        )
        assert sideways(page) <= 0
    page.close()


def test_the_page_shows_its_progress_without_breaking_a_rule(states, tmp_path):
    context, base, _ = states
    rows = "".join(f"2024-10-01,Paper Cloud {n} Ltd,Farol Azul {n} SA,tiles,25\n" for n in range(60_000))
    (tmp_path / "long.csv").write_text("Date,Shipper,Consignee,Goods,Net kg\n" + rows, encoding="utf-8")
    page = context.new_page()
    page.goto(f"{base}/en/")
    page.set_input_files("#file", str(tmp_path / "long.csv"))
    page.click("form[action$='/screen'] button")
    page.wait_for_url("**/job/**")
    assert violations(page) == []
    assert page.locator("[role=status][data-words]").inner_text()
    page.click("button.danger")
    page.wait_for_selector("[role=alert]", timeout=20_000)
    assert "stopped" in page.locator("[role=alert]").inner_text()
    assert violations(page) == []
    page.close()
