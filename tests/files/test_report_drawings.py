"""Charts and network of a report: they say what the findings say, scale, and have a text beside them."""

import re
from datetime import date

import pytest
from lxml import html

from tidegate.files.findings_html import findings_page
from tidegate.files.report_drawings import fit
from tidegate.files.report_network import links_of
from tidegate.files.screening_run import screen_files
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.plan import build_plan
from tidegate.wording.sentences import LANGUAGES

HEAD = "Date,Shipper,Consignee,Goods,HS,Net kg,Origin,Destination,Licence\n"
PAID = "Date,Payer,Payee,Amount,Currency,Memo\n"


def screened(tmp_path, rows=3):
    goods, paid = tmp_path / "goods.csv", tmp_path / "paid.csv"
    goods.write_text(
        HEAD + "".join(f"2024-10-01,Lantern Quay {row} Ltd,Farol Azul SA,piperonal,2932.93,25,CN,MX,\n" for row in range(rows)),
        encoding="utf-8",
    )  # fmt: skip
    paid.write_text(PAID + "2024-10-01,Farol Azul SA,Lantern Quay 1 Ltd,5000,USD,piperonal 25 kg\n", encoding="utf-8")
    return screen_files([goods, paid], build_plan([], on=date(2026, 11, 25)), screen_batch)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_and_network_are_there_with_titles_and_tables_that_say_the_same(tmp_path, lang):
    page = html.fromstring(findings_page(screened(tmp_path), lang, css=""))
    drawings = page.xpath("//svg[@role='img']")
    assert len(drawings) == 5
    assert all(one.findtext("title") and one.findtext("desc") for one in drawings)
    rules = page.xpath("//figure[@class='chart']/following-sibling::details//tbody/tr")
    assert len(rules) >= 1
    assert "Lantern Quay 1 Ltd" in page.xpath("string(//figure[contains(@class,'net')]//table)")


def test_consignments_are_slanted_and_payments_have_six_corners(tmp_path):
    run = screened(tmp_path)
    page = html.fromstring(findings_page(run, "en", css=""))
    corners = [len(one.get("points").split()) for one in page.xpath("//polygon")]
    kinds = [link.kind for link in links_of(run)]
    assert corners.count(4) == kinds.count("consignments") == 3
    assert corners.count(6) == kinds.count("payments")


def test_a_report_of_thousands_of_findings_stays_readable_and_says_what_it_left_out(tmp_path):
    page = findings_page(screened(tmp_path, 2_000), "en", css="")
    assert len(page) < 4_000_000
    assert page.count("<polygon") == 24
    assert re.search(r"worst 24 of [\d,]+ records", page)
    assert "more findings stand in the workbook" in page


def test_the_page_needs_no_script_no_network_and_no_inline_style(tmp_path):
    page = html.fromstring(findings_page(screened(tmp_path), "en", css="body{}"))
    assert not page.xpath("//script | //link | //img | //iframe | //*[@style]")
    assert not [link for link in page.xpath("//@href | //@src") if not link.startswith("#")]


def test_a_name_is_cut_by_its_width():
    assert fit("北极兔化工有限公司", 10) == "北极兔化工…"
    assert fit("Lantern Quay", 20) == "Lantern Quay"
