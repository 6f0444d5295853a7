"""The workbook that goes back: the sheet as it came, safe to open, quick to write, and read again with decisions."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook, load_workbook

from tidegate.files.decisions_read import read_decisions
from tidegate.files.findings_xlsx import findings_workbook
from tidegate.files.screening_run import screen_files
from tidegate.files.workbook_forms import fit_width, sheet_name
from tidegate.files.workbook_rows import cell_text
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.plan import build_plan

DAY = date(2026, 11, 25)
HEAD = ["Ref", "Date", "Shipper", "Consignee", "Goods", "Internal note", "Origin", "Destination", "Net kg"]
INJECTED = '<r></r></is></c><c r="A9"><f>1+1</f></c><c t="inlineStr"><is><r></r>'


def screened(*paths):
    return screen_files(paths, build_plan([], on=DAY), screen_batch)


def opened(*paths, lang="en"):
    return load_workbook(BytesIO(findings_workbook(screened(*paths), lang)))


@pytest.fixture
def book(tmp_path):
    made = Workbook()
    first = made.active
    first.title = "Manifest"
    first.append(["Lantern Quay Trading, July"])
    first.append([])
    first.append(HEAD)
    first.append(
        ["007", date(2024, 10, 1), "Lantern Quay Ltd", "Farol Azul SA", "Cotton shirts", INJECTED, "CN", "MX", 12.5]
    )
    first.append(["008", date(2024, 10, 2), "北极兔化工有限公司", "Farol Azul SA", "piperonal", "=1+1", "CN", "MX", 25])
    second = made.create_sheet("History")
    second.append(HEAD)
    second.append(["9", date(2024, 10, 3), "Paper Cloud Ltd", "Farol Azul SA", "piperonal", "seen", "CN", "MX", 5])  # fmt: skip
    first["F5"].data_type = "s"  # text that begins like a formula
    path = tmp_path / "july.xlsx"
    made.save(path)
    return path


def test_every_column_and_row_comes_back_as_written(book):
    page = opened(book)["Manifest"]
    titles = [cell.value for cell in page[1]]
    assert titles[8:17] == HEAD
    assert [cell.value for cell in page[2]][8:17] == [
        "007", "2024-10-01", "Lantern Quay Ltd", "Farol Azul SA", "Cotton shirts", INJECTED, "CN", "MX", 12.5,
    ]  # fmt: skip
    assert [row[0].value for row in page.iter_rows(min_row=2)] == ["4", "5"]


def test_several_sheets_go_in_and_as_many_come_out(book):
    assert opened(book).sheetnames == ["Findings", "Manifest", "History 1", "About this run"]


def test_no_input_becomes_a_formula_or_markup(book):
    made = findings_workbook(screened(book), "en")
    with zipfile.ZipFile(BytesIO(made)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/"):
                tree = etree.fromstring(parts.read(name))
                assert not tree.findall(".//{*}f")
                assert not tree.findall(".//{*}r[{*}t]")
    page = load_workbook(BytesIO(made))["Manifest"]
    assert page["N3"].value == "=1+1"
    assert page["N3"].data_type != "f"


def test_rows_with_a_finding_carry_reasons_an_explanation_and_room_to_decide(book):
    page = opened(book)["Manifest"]
    assert page["B3"].value == "ask"
    assert "piperonal" in page["C3"].value.lower()
    assert page["D3"].value
    assert page["E3"].value is None
    assert page.freeze_panes == "C2"
    assert {str(one.sqref) for one in page.data_validations.dataValidation} == {"E2:E3", "G2:G3"}


@pytest.mark.parametrize(("lang", "words"), [("en", "set aside"), ("zh", "搁置"), ("es", "apartar")])
def test_the_words_to_choose_from_are_read_back_in_each_language(book, tmp_path, lang, words):
    made = opened(book, lang=lang)
    page = made.worksheets[1]
    listed = next(one for one in page.data_validations.dataValidation if one.type == "list")
    assert words in listed.formula1
    page["E3"], page["F3"], page["G3"] = words, "papers seen", date(2027, 1, 31)
    made.save(tmp_path / "decided.xlsx")
    kept = read_decisions(tmp_path / "decided.xlsx").book.all()
    assert {(one.verdict, one.reason, one.until) for one in kept} == {("set-aside", "papers seen", date(2027, 1, 31))}


def test_a_sheet_that_was_screened_before_brings_its_own_keys_and_is_still_read(tmp_path):
    sheet = tmp_path / "again.csv"
    sheet.write_text(
        "Date,Shipper,Consignee,Goods,decision_key,base_key\n2024-10-01,Paper Cloud Ltd,Farol SA,piperonal,old,old\n",
        encoding="utf-8",
    )
    made = opened(sheet)
    made.worksheets[1]["E2"] = "set aside"
    made.save(tmp_path / "decided.xlsx")
    assert "old" not in {one.key for one in read_decisions(tmp_path / "decided.xlsx").book.all()}


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_stands_in_a_cell_and_is_read_back_as_it_was(text):
    from openpyxl.utils.escape import unescape

    read = etree.fromstring(f"<t>{cell_text(text)}</t>").text or ""
    assert unescape(read).replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_widths_count_a_han_sign_twice_and_names_of_sheets_are_never_twice():
    assert fit_width(["北极兔化工有限公司"]) == 20
    taken: set[str] = set()
    assert [sheet_name("a/b?", taken), sheet_name("A/B?", taken), sheet_name("", taken)] == ["a b", "A B 2", "Sheet"]
