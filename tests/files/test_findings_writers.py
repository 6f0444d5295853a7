"""The workbook, CSV, JSON lines and HTML of one screening of invented records."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from tidegate.files.decisions_read import DecisionProblem, decision_lines, read_decisions
from tidegate.files.findings_csv import unformula, write_findings_csv
from tidegate.files.findings_html import findings_page
from tidegate.files.findings_json import json_lines
from tidegate.files.findings_xlsx import findings_workbook, write_findings_xlsx
from tidegate.files.screening_run import screen_files
from tidegate.screening.decisions import Decision, DecisionBook
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.plan import build_plan
from tidegate.wording.sentences import LANGUAGES

HEAD = "Date,Shipper,Consignee,Goods,HS,Net kg,Gross kg,Origin,Destination,Licence\n"
ROWS = (
    "2024-10-01,Lantern Quay Chemical Ltd,Farol Azul SA,4-anilinopiperidine,2933.39,25,30,CN,MX,\n"
    "2024-10-02,Paper Cloud Ltd,Farol Azul SA,Cotton shirts,6109.10,heavy,120,CN,MX,\n"
    "2024-10-03,=cmd|'/c calc'!A0,Farol Azul SA,tablet press,8479.89,900,950,CN,US,\n"
)
DAY = date(2026, 11, 25)


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


def screened(path: Path, book: DecisionBook | None = None):
    return screen_files([path], build_plan([], on=DAY, decisions=book), screen_batch)


def test_json_has_a_line_a_finding_and_a_summary_last(sheet):
    lines = [json.loads(line) for line in json_lines(screened(sheet), "en")]
    assert list(lines[-1]) == ["summary"]
    first = lines[0]
    assert first["record"] == {"file": "sheet.csv", "sheet": "", "row": 2}
    assert set(first) == {
        "id",
        "record",
        "screen",
        "rule",
        "level",
        "score",
        "subject",
        "against",
        "reasons",
        "benign",
        "duties",
        "decision_key",
        "fields",
    }
    assert first["fields"]["goods_description"] == "4-anilinopiperidine"
    assert all(set(reason) == {"code", "params", "text"} for line in lines[:-1] for reason in line["reasons"])
    assert {(line["record"]["row"], line["rule"]) for line in lines[:-1]} >= {
        (2, "RF60"),
        (3, "unreadable-net_mass_kg"),
        (4, "RF60"),
    }


def test_the_summary_counts_names_columns_and_tells_what_was_not_run(sheet):
    summary = json.loads(list(json_lines(screened(sheet), "en"))[-1])["summary"]
    assert summary["files"][0]["rows"] == 3
    assert summary["files"][0]["columns"]["consignor"] == "Shipper"
    assert sum(summary["by_level"].values()) > 0
    party = [one for one in summary["not_run"] if one["rule"] == "listed-party"]
    assert party[0]["because"].startswith("no list held")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_writer_speaks_each_language(sheet, lang, tmp_path):
    run = screened(sheet)
    assert findings_workbook(run, lang)
    page = findings_page(run, lang, css="body{}")
    assert f'<html lang="{lang}">' in page
    write_findings_csv(run, tmp_path / "f.csv", lang)
    assert len(list(csv.reader(io.StringIO((tmp_path / "f.csv").read_text("utf-8-sig"))))) == 1 + len(run.findings())


def test_two_workbooks_of_one_run_are_the_same_bytes(sheet):
    run = screened(sheet)
    assert findings_workbook(run, "en") == findings_workbook(run, "en")


def test_the_workbook_keeps_every_row_in_order_and_no_cell_is_a_formula(sheet, tmp_path):
    from openpyxl import load_workbook

    write_findings_xlsx(screened(sheet), tmp_path / "f.xlsx", "en")
    book = load_workbook(tmp_path / "f.xlsx")
    table = book.worksheets[1]
    assert [row[0].value for row in table.iter_rows(min_row=2)] == ["2", "3", "4"]
    assert not any(cell.data_type == "f" for page in book for row in page.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("@x", "'@x"), ("-5.0", "-5.0"), ("plain", "plain"), ("\t=1", "'\t=1")],
)
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(text, safe):
    assert unformula(text) == safe


def test_the_page_escapes_what_the_sheet_says(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        HEAD + "2024-10-01,<script>alert(1)</script>,Farol,piperonal,2932.93,5,6,CN,MX,\n", encoding="utf-8"
    )
    page = findings_page(screened(path), "en", css="")
    assert "<script" not in page
    assert "style=" not in page


def decide_in_workbook(path: Path, row: int, words: str, until: object = None):
    from openpyxl import load_workbook

    book = load_workbook(path)
    page = book.worksheets[0]
    head = [cell.value for cell in page[1]]
    page.cell(row, head.index("Decision") + 1).value = words
    page.cell(row, head.index("Reason for the decision") + 1).value = "known customer"
    page.cell(row, head.index("Holds until") + 1).value = until
    book.save(path)


def test_a_decision_written_into_the_workbook_sets_the_finding_aside(sheet, tmp_path):
    before = screened(sheet)
    write_findings_xlsx(before, tmp_path / "f.xlsx", "en")
    decide_in_workbook(tmp_path / "f.xlsx", 2, "set aside")
    read = read_decisions(tmp_path / "f.xlsx")
    after = screened(sheet, read.book)
    assert after.set_aside() == 1
    assert {one.id for one in before.findings()} - {one.id for one in after.findings()} == {before.findings()[0].id}


def test_a_decision_with_an_end_comes_back_after_it(sheet, tmp_path):
    write_findings_xlsx(screened(sheet), tmp_path / "f.xlsx", "en")
    decide_in_workbook(tmp_path / "f.xlsx", 2, "set aside", date(2026, 1, 31))
    after = screened(sheet, read_decisions(tmp_path / "f.xlsx").book)
    assert after.set_aside() == 0
    assert after.findings()[0].finding.reasons[-1].code == "decision.ended"


def test_a_word_that_is_no_decision_is_named_by_its_place(sheet, tmp_path):
    write_findings_xlsx(screened(sheet), tmp_path / "f.xlsx", "en")
    decide_in_workbook(tmp_path / "f.xlsx", 2, "perhaps")
    assert read_decisions(tmp_path / "f.xlsx").problems == (DecisionProblem("Findings", 2, "perhaps"),)


def test_a_decision_on_a_row_of_the_sheet_covers_all_its_findings(sheet, tmp_path):
    from openpyxl import load_workbook

    write_findings_xlsx(screened(sheet), tmp_path / "f.xlsx", "zh")
    book = load_workbook(tmp_path / "f.xlsx")
    page = book.worksheets[1]
    head = [cell.value for cell in page[1]]
    page.cell(2, head.index("决定") + 1).value = "搁置"
    book.save(tmp_path / "f.xlsx")
    after = screened(sheet, read_decisions(tmp_path / "f.xlsx").book)
    assert not any(one.place == "2" for one in after.findings())
    assert any(one.place == "4" for one in after.findings())


def test_an_unreadable_cell_can_be_set_aside_too(sheet, tmp_path):
    before = screened(sheet)
    write_findings_xlsx(before, tmp_path / "f.xlsx", "en")
    place = next(at for at, one in enumerate(before.findings(), 2) if one.finding.screen == "quality")
    decide_in_workbook(tmp_path / "f.xlsx", place, "set aside")
    after = screened(sheet, read_decisions(tmp_path / "f.xlsx").book)
    assert after.set_aside() == 1
    assert {one.id for one in before.findings()} - {one.id for one in after.findings()} == {
        before.findings()[place - 2].id
    }


def test_decisions_kept_as_lines_come_back_as_they_were(tmp_path):
    kept = [
        Decision("k1", "b1", "set-aside", "namesake “x”", "M. Muster", date(2027, 1, 31)),
        Decision("k2", "b2", "case", "old", ""),
    ]
    (tmp_path / "d.jsonl").write_text(decision_lines(kept), encoding="utf-8")
    assert list(read_decisions(tmp_path / "d.jsonl").book.all()) == kept


def test_the_pdf_is_the_same_bytes_twice_and_refuses_what_its_font_lacks(sheet, monkeypatch):
    pytest.importorskip("typst", reason="typst is not installed (extra `pdf`)")
    from tidegate.errors import SettingsWrong
    from tidegate.files import findings_pdf

    run = screened(sheet)
    made = findings_pdf.findings_pdf(run, "en")
    assert made[:5] == b"%PDF-"
    assert made == findings_pdf.findings_pdf(run, "en")
    held = findings_pdf._HELD
    families = [family for family, _ in held]
    both = findings_pdf._fonts("rows", "rows 北极兔 شركة", families)
    assert (both[0][:2], both[1]) == (["Noto Sans CJK SC", "DejaVu Sans"], "")
    assert findings_pdf._fonts("rows", "rows ก", ["DejaVu Sans"]) == (["DejaVu Sans"], "ก")
    assert findings_pdf._told_by_number("ก]x", "ก") == "⟨U+0E01⟩]x"
    monkeypatch.setattr(findings_pdf, "_HELD", (("DejaVu Sans", findings_pdf._LATIN),))
    with pytest.raises(SettingsWrong, match="font"):
        findings_pdf.findings_pdf(run, "zh")


def test_what_a_reader_left_out_is_said_once_in_every_form(tmp_path):
    from openpyxl import Workbook, load_workbook

    book = Workbook()
    book.active.append(["Shipper", "Consignee", "Goods"])
    book.active.append(["Paper Cloud Ltd", "Farol SA", "tiles"])
    book.create_sheet("Loose words").append(["nothing", "of", "ours"])
    book.save(tmp_path / "two.xlsx")
    (tmp_path / "odd.pages").write_bytes(b"\x00\x01\x02nothing")
    run = screen_files([tmp_path / "two.xlsx", tmp_path / "odd.pages"], build_plan([], on=DAY), screen_batch)
    said = next(note.sentence("en") for _, note in run.notes if "Loose words" in note.sentence("en"))
    assert findings_page(run, "en", css="").count(said) == 1
    write_findings_xlsx(run, tmp_path / "f.xlsx", "en")
    about = [
        cell for row in load_workbook(tmp_path / "f.xlsx").worksheets[-1].iter_rows(values_only=True) for cell in row
    ]
    assert about.count(said) == 1
    assert any("odd.pages" in str(cell) for cell in about)
