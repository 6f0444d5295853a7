"""Decisions read back from workbooks as people leave them: sorted, cut, renamed, saved otherwise, against each other."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tidegate.errors import InputUnreadable
from tidegate.files.decision_words import find_head, says_no_end, verdict_of
from tidegate.files.decisions_read import contradictions, decision_lines, read_decisions
from tidegate.files.findings_csv import HEADERS
from tidegate.screening.decisions import Decision, DecisionBook
from tidegate.wording.sentences import say

KEY, BASE = "a" * 32, "b" * 32


def workbook(path: Path, rows, *, lang="en", above=(), sheet="My decisions"):
    book = Workbook()
    page = book.active
    page.title = sheet
    for line in above:
        page.append(line)
    page.append([*(say(code, lang) for code in HEADERS), "decision_key", "base_key"])
    at = HEADERS.index("sheet.decision")
    for cells in rows:
        page.append([*["x"] * at, *cells])
    book.save(path)
    return path


def only(path):
    read = read_decisions(path)
    assert read.problems == ()
    return read.book.all()


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("set aside", "set-aside"), ("SET ASIDE", "set-aside"), (" Set-Aside. ", "set-aside"), ("ｓｅｔ ａｓｉｄｅ", "set-aside"),
        ("搁置", "set-aside"), ("擱置", "set-aside"), ("Apartar", "set-aside"), ("“apartar”", "set-aside"), ("set_aside", "set-aside"),
        ("先询问", "ask"), ("ASK FIRST", "ask"), ("Preguntar antes", "ask"), ("立案", "case"), ("Abrir un caso", "case"),
        ("open a case", "case"), ("perhaps", None), ("aside from that", None), ("", None),
    ],
)  # fmt: skip
def test_decision_words_in_three_languages_and_any_spelling(written, verdict):
    assert verdict_of(written) == verdict


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (date(2027, 1, 31), date(2027, 1, 31)), ("31.01.2027", date(2027, 1, 31)), ("2027年1月31日", date(2027, 1, 31)),
        ("31 de enero de 2027", date(2027, 1, 31)), (46418, date(2027, 1, 31)), ("20270131", date(2027, 1, 31)),
        ("no end", None), ("–", None), ("无期限", None), (None, None),
    ],
)  # fmt: skip
def test_end_dates_in_their_forms(tmp_path, written, day):
    book = workbook(tmp_path / "f.xlsx", [["set aside", "namesake", written, "M. Muster", KEY, BASE]])
    assert [one.until for one in only(book)] == [day]


def test_an_end_date_of_two_readings_follows_the_other_days_of_its_column_or_is_named(tmp_path):
    alone = [["set aside", "r", "03/04/2027", "", KEY, BASE]]
    read = read_decisions(workbook(tmp_path / "a.xlsx", alone))
    assert [(one.row, one.written) for one in read.problems] == [(2, "03/04/2027")]
    beside = [*alone, ["set aside", "r", "25/12/2027", "", "c" * 32, BASE]]
    assert only(workbook(tmp_path / "b.xlsx", beside))[0].until == date(2027, 4, 3)


def test_titles_above_a_renamed_sheet_and_sorted_or_deleted_rows_are_no_matter(tmp_path):
    rows = [["case", "r2", None, "", "c" * 32, BASE], ["set aside", "r1", None, "", KEY, BASE]]
    book = workbook(tmp_path / "f.xlsx", rows, above=[["My own title"], []], sheet="mis decisiones")
    assert {(one.key, one.verdict, one.place) for one in only(book)} == {
        (KEY, "set-aside", "f.xlsx · mis decisiones · 5"),
        ("c" * 32, "case", "f.xlsx · mis decisiones · 4"),
    }


def test_a_column_of_the_same_name_in_the_strangers_sheet_is_not_ours():
    ours = [say(f"sheet.{code}", "zh") for code in ("row", "level", "decision", "reason", "until", "by")]
    head = find_head([*ours, "Decision", "Reason for the decision", "decision_key", "decision_key", "base_key"])
    assert head is not None
    assert (head.decision, head.reason, head.until, head.by, head.key) == (2, 3, 4, 5, 9)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_csv_as_spreadsheets_save_it_again(tmp_path, encoding, delimiter):
    head = delimiter.join([*(say(code, "zh") for code in HEADERS), "decision_key", "base_key"])
    row = delimiter.join(["x"] * HEADERS.index("sheet.decision") + ["搁置", "同名的另一家公司", "", "王某", KEY, BASE])
    (tmp_path / "f.csv").write_bytes(f"{head}\r\n{row}\r\n".encode(encoding))
    assert [(one.verdict, one.reason, one.by) for one in only(tmp_path / "f.csv")] == [
        ("set-aside", "同名的另一家公司", "王某")
    ]


def test_what_was_meant_as_a_decision_and_is_none_is_named(tmp_path):
    rows = [
        ["", "namesake", None, "", KEY, BASE],
        ["set aside", "r", None, "", "", ""],
        ["maybe", "", None, "", KEY, BASE],
    ]
    read = read_decisions(workbook(tmp_path / "f.xlsx", rows))
    assert [(one.row, one.written, one.code) for one in read.problems] == [
        (2, "namesake", "screen.decision-missing"),
        (3, "set aside", "screen.decision-without-key"),
        (4, "maybe", "screen.decision-unread"),
    ]
    assert all(one.sentence("f.xlsx", lang) for one in read.problems for lang in ("en", "zh", "es"))


def test_two_rows_of_one_workbook_against_each_other_are_both_told_and_the_later_counts(tmp_path):
    rows = [["set aside", "namesake", None, "A", KEY, BASE], ["open a case", "papers missing", None, "B", KEY, BASE]]
    book = read_decisions(workbook(tmp_path / "f.xlsx", rows)).book
    assert [one.verdict for one in book.all()] == ["case"]
    told = contradictions(book, "en")
    assert len(told) == 1
    assert "“open a case” counts (f.xlsx · My decisions · 3)" in told[0]
    assert "“set aside” stands against it (f.xlsx · My decisions · 2)" in told[0]


def test_a_workbook_without_keys_or_no_workbook_is_refused_with_the_mend(tmp_path):
    Workbook().save(tmp_path / "empty.xlsx")
    (tmp_path / "odd.xlsx").write_bytes(b"PK\x03\x04 cut")
    for name, words in (("empty.xlsx", "wrote"), ("odd.xlsx", "save it again"), ("none.xlsx", "wrote")):
        with pytest.raises(InputUnreadable, match=words):
            read_decisions(tmp_path / name)


def test_a_decision_merged_over_several_rows_holds_for_each(tmp_path):
    rows = [["set aside", "namesake", None, "", key * 32, BASE] for key in "abc"]
    path = workbook(tmp_path / "f.xlsx", rows)
    book = load_workbook(path)
    for at in (HEADERS.index("sheet.decision") + 1, HEADERS.index("sheet.reason") + 1):
        book.active.merge_cells(start_row=2, end_row=4, start_column=at, end_column=at)
    book.save(path)
    assert [(one.verdict, one.reason) for one in only(path)] == [("set-aside", "namesake")] * 3


def test_the_day_a_workbook_was_saved_is_the_day_of_its_decisions(tmp_path):
    path = workbook(tmp_path / "f.xlsx", [["set aside", "r", None, "", KEY, BASE]])
    book = load_workbook(path)
    assert only(path)[0].decided_on == book.properties.modified.date()


VERDICTS = st.sampled_from(["set-aside", "ask", "case"])
DAYS = st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 9))
DECISIONS = st.builds(
    Decision, st.sampled_from("abc"), st.just("base"), VERDICTS, st.text(max_size=9), st.text(max_size=5), DAYS, DAYS
)


@given(st.lists(DECISIONS, max_size=9))
def test_a_book_kept_as_lines_is_the_same_book(decisions):
    book = DecisionBook(decisions)
    path = Path("decisions.jsonl")
    from tidegate.files.decisions_read import _from_lines

    again = DecisionBook(_from_lines(decision_lines(book.history()), path.name))
    assert again.by_key == book.by_key
    assert again.overruled == book.overruled


@given(st.text(max_size=12))
def test_no_word_breaks_the_reader(text):
    assert verdict_of(text) in (None, "set-aside", "ask", "case")
    assert says_no_end(text) in (True, False)
