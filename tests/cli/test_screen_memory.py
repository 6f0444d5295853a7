"""What a decision does in the next screening: written before the product was asked; 10 of 12 held at first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from typer.testing import CliRunner

from tidegate.cli.main import build_app

LISTED = """party_id,name,kind,country,birth_date,programme
X-2,Teodoro Invento Quimera,person,MX,1971-03-09,SDNTK
X-9,Copper Basilisk Logistics,organization,MX,,EO14059
"""
NEWER = LISTED + "X-1,Violet Carp Chemical,organization,CN,,SDNT\n"
CUSTOMERS = """Name,Birth date,Country,Address
Teodoro Invento Quimera,1971-03-09,MX,Calle 1
Copper Basilisk Logistics,,MX,Calle 2
Edna Placeholder,1960-01-01,US,Elm 3
"""
NEXT_WEEK = """Nombre,Fecha de nacimiento,País,Domicilio
Rosa Muestra,1999-01-01,MX,Calle 7
Teodoro Invento Quimera,1971-03-09,MX,Calle 1
Copper Basilisk Logistics,,MX,Calle 2
"""
GOODS = """Entry,Date,Shipper,Shipper Country,Importer,Importer Country,Goods,CAS,Net kg
E1,2026-01-05,Meadow Crane Acids Co,CN,Cobalt Wren Labs Inc,US,4-Anilinopiperidine,23056-29-3,25
E2,2026-01-06,Amber Heron Textiles Ltd,CN,Juniper Loft Interiors Inc,US,Bed linen,,1200
E3,2026-01-07,Meadow Crane Acids Co,CN,Soft Thistle Perfumes Inc,US,Piperonal,120-57-0,50
"""
LICENCES = "Licence No,Holder,Substance,Valid From,Valid To\nL-1,Someone Else Inc,Toluene,2025-01-01,2026-12-31\n"
OWN = "L-2,Cobalt Wren Labs Inc,4-Anilinopiperidine,2025-01-01,2026-12-31\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return `screen(name, text, ...)` and the workbook that the last run with out=True wrote."""
    monkeypatch.setenv("TIDEGATE_LISTS", str(tmp_path / "lists"))
    app, book = build_app(["screen"]), tmp_path / "findings.xlsx"

    def screen(
        text: str, *, name="sheet.csv", listed="", papers="", on="2026-03-02", lang="en", out=False, remember=False
    ):
        words = ["screen", str(put(tmp_path / name, text)), "--json", "--quiet", "--on", on, "--lang", lang]
        words += ["--list", str(put(tmp_path / "drug_list.csv", listed))] if listed else []
        words += ["--with", str(put(tmp_path / "licences.csv", papers))] if papers else []
        words += (["--out", str(book)] if out else []) + (["--decisions", str(book)] if remember else [])
        ran = CliRunner().invoke(app, words, catch_exceptions=False)
        assert ran.exit_code == 0, ran.stderr
        *found, last = [json.loads(line) for line in ran.stdout.splitlines()]
        return found, last["summary"]

    return SimpleNamespace(screen=screen, book=book)


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def decide(
    book: Path, about: Callable[[str], bool], word: str, *, reason="", until=None, sheet=0, reverse=False
) -> None:
    """Fill the decision of each row whose cells, joined, `about` accepts; `word` may be the place of a choice."""
    opened = openpyxl.load_workbook(book)
    page = opened.worksheets[sheet]
    choices = page.data_validations.dataValidation[0].formula1.strip('"').split(",")
    at = next(int(str(cell.column)) for cell in page[1] if cell.value in ("Decision", "决定", "处理决定", "Decisión"))
    for row in page.iter_rows(min_row=2):
        if about(" ".join(str(cell.value) for cell in row)):
            for cell, value in zip(
                row[at - 1 : at + 3], (word or choices[0], reason, until, "A. Officer"), strict=True
            ):
                cell.value = value
    if reverse:
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2) if row[0].value]
        for number, row in enumerate(reversed(rows), 2):
            for column, value in enumerate(row, 1):
                page.cell(number, column).value = value
    opened.save(book)


def told(found: list[dict], words: str) -> list[dict]:
    return [one for one in found if words in one["subject"]["value"]]


def rules(found: list[dict], words: str) -> set[str]:
    return {one["rule"] for one in told(found, words)}


def reasons(found: list[dict]) -> str:
    return " ".join(reason["text"] for one in found for reason in one["reasons"])


def test_one_finding_set_aside_is_gone_and_its_neighbour_stays(desk):
    before, _ = desk.screen(GOODS, papers=LICENCES, out=True)
    decide(desk.book, lambda row: "RF06" in row and "4-An" in row, "set aside", reverse=True)
    after, summary = desk.screen(GOODS, papers=LICENCES, remember=True)
    assert rules(before, "4-An") - rules(after, "4-An") == {"RF06"}
    assert (len(before) - len(after), summary["set_aside"]) == (1, 1)


def test_a_decision_beside_the_record_sets_all_its_findings_aside(desk):
    desk.screen(GOODS, papers=LICENCES, out=True)
    decide(desk.book, lambda row: "4-An" in row, "set aside", sheet=1)
    after, _ = desk.screen(GOODS, papers=LICENCES, remember=True)
    assert told(after, "4-An") == []
    assert told(after, "Piperonal")


@pytest.mark.parametrize(("text", "listed"), [(NEXT_WEEK, LISTED), (CUSTOMERS, NEWER)])
def test_another_sheet_or_a_newer_list_brings_nothing_back(desk, text, listed):
    desk.screen(CUSTOMERS, listed=LISTED, out=True)
    decide(desk.book, lambda row: "Teodoro" in row, "set aside")
    after, _ = desk.screen(text, name="clientes.csv", listed=listed, remember=True)
    assert told(after, "Teodoro") == []
    assert told(after, "Basilisk")


def test_a_changed_birth_date_brings_back_that_one_even_where_the_record_has_its_own(desk):
    desk.screen(CUSTOMERS, listed=LISTED, out=True)
    decide(desk.book, lambda row: "Teodoro" in row or "Basilisk" in row, "set aside")
    after, _ = desk.screen(CUSTOMERS, listed=NEWER.replace("1971-03-09", "1984-11-30"), remember=True)
    assert told(after, "Basilisk") == []
    (back,) = told(after, "Teodoro")
    assert back["level"] == "look"
    assert "evidence" in reasons([back])


def test_without_a_decision_a_contradicted_namesake_is_no_finding(desk):
    found, _ = desk.screen(CUSTOMERS, listed=LISTED.replace("1971-03-09", "1984-11-30"))
    assert told(found, "Teodoro") == []


def test_a_decision_holds_to_its_last_day(desk):
    desk.screen(CUSTOMERS, listed=LISTED, out=True)
    decide(desk.book, lambda row: "Teodoro" in row, "set aside", until="2026-03-31")
    assert told(desk.screen(CUSTOMERS, listed=LISTED, remember=True, on="2026-03-31")[0], "Teodoro") == []
    back = told(desk.screen(CUSTOMERS, listed=LISTED, remember=True, on="2026-04-01")[0], "Teodoro")
    assert "2026-03-31" in reasons(back)


def test_a_chinese_workbook_is_read_by_an_english_run(desk):
    desk.screen(CUSTOMERS, listed=LISTED, out=True, lang="zh")
    decide(desk.book, lambda row: "Teodoro" in row, "", reason="同名，出生日期不同")
    assert told(desk.screen(CUSTOMERS, listed=LISTED, remember=True)[0], "Teodoro") == []


def test_ask_first_keeps_the_finding_with_the_reason(desk):
    desk.screen(CUSTOMERS, listed=LISTED, out=True)
    decide(desk.book, lambda row: "Teodoro" in row, "ask first", reason="passport copy wanted")
    assert "passport copy wanted" in reasons(told(desk.screen(CUSTOMERS, listed=LISTED, remember=True)[0], "Teodoro"))


def test_an_unknown_word_hides_nothing_and_stands_in_the_summary(desk):
    desk.screen(CUSTOMERS, listed=LISTED, out=True)
    decide(desk.book, lambda row: "Teodoro" in row, "meh")
    found, summary = desk.screen(CUSTOMERS, listed=LISTED, remember=True)
    assert told(found, "Teodoro")
    assert "meh" in " ".join(note["text"] for note in summary["notes"])


def test_other_goods_of_the_same_firms_are_asked_about(desk):
    desk.screen(GOODS, papers=LICENCES, out=True)
    decide(desk.book, lambda row: "4-An" in row, "set aside")
    other = GOODS.replace("4-Anilinopiperidine,23056-29-3", "Phenylacetic acid,103-82-2")
    assert "RF60" in rules(desk.screen(other, papers=LICENCES, remember=True)[0], "Phenyl")


def test_a_licence_that_comes_later_answers_the_question_itself(desk):
    desk.screen(GOODS, papers=LICENCES, out=True)
    decide(desk.book, lambda row: "RF06" in row and "4-An" in row, "ask first")
    assert "RF06" not in rules(desk.screen(GOODS, papers=LICENCES + OWN, remember=True)[0], "4-An")
