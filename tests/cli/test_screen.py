"""`tidegate screen` as a person or script calls it."""

import json
from pathlib import Path

import pytest

from tidegate.cli.main import run

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
HEAD = "Date,Shipper,Consignee,Goods,HS,Net kg,Origin,Destination,Licence\n"


@pytest.fixture(autouse=True)
def _own_shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDEGATE_LISTS", str(tmp_path / "shelf"))
    monkeypatch.setenv("TIDEGATE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(HEAD + "2024-10-01,Paper Cloud Ltd,Farol Azul SA,piperonal,2932.93,25,CN,MX,\n", encoding="utf-8")
    return path


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_findings_and_summary_on_stdout_and_nothing_else(sheet, capsys):
    assert run(["screen", str(sheet), "--json"]) == 0
    told = lines(capsys)
    assert told[-1]["summary"]["by_level"]["hold"] >= 1
    assert all("id" in line for line in told[:-1])


def test_with_no_list_held_party_screening_was_not_run(sheet, capsys):
    assert run(["screen", str(sheet)]) == 0
    err = capsys.readouterr().err
    assert "no list held" in err
    assert "Not run, because" in err


@pytest.mark.parametrize(("floor", "code"), [("hold", 1), ("look", 1)])
def test_fail_on_tells_by_the_exit_code(sheet, floor, code):
    assert run(["screen", str(sheet), "--quiet", "--fail-on", floor]) == code


def test_fail_on_is_quiet_below_the_level(tmp_path):
    clean = tmp_path / "clean.csv"
    clean.write_text(HEAD + "2024-10-01,Paper Cloud Ltd,Farol Azul SA,tiles,6907.21,25,CN,MX,\n", encoding="utf-8")
    assert run(["screen", str(clean), "--quiet", "--fail-on", "look"]) == 0


def test_one_unreadable_file_does_not_stop_the_others(sheet, tmp_path, capsys):
    bad = tmp_path / "bad.pages"
    bad.write_bytes(b"\x00\x01\x02nothing")
    assert run(["screen", str(bad), str(sheet), "--json"]) == 2
    told = lines(capsys)
    assert [one["file"] for one in told[-1]["summary"]["unread"]] == ["bad.pages"]
    assert told[-1]["summary"]["rows"] == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--kind", "ships"],
        ["--fail-on", "red"],
        ["--threshold", "7"],
        ["--out", "x.docx"],
        ["--lang", "fr"],
        ["--engine", "abacus"],
        ["--list", "no-such"],
    ],
)
def test_bad_usage_is_2_and_names_what_was_expected(sheet, words, capsys):
    assert run(["screen", str(sheet), *words]) == 2
    assert "expected" in (told := capsys.readouterr().err) or "held" in told


def test_every_form_of_output_is_written(sheet, tmp_path):
    outs = [tmp_path / f"f{suffix}" for suffix in (".xlsx", ".csv", ".jsonl", ".html", ".parquet")]
    assert run(["screen", str(sheet), "--quiet", *(word for out in outs for word in ("--out", str(out)))]) == 0
    assert all(out.stat().st_size > 500 for out in outs)


def test_sentences_follow_the_language(sheet, capsys):
    run(["screen", str(sheet), "--json", "--lang", "zh"])
    assert any("许可证" in reason["text"] for line in lines(capsys)[:-1] for reason in line["reasons"])


def test_an_unreadable_file_beside_does_not_stop_the_screening(sheet, tmp_path, capsys):
    odd = tmp_path / "odd.csv"
    odd.write_text("lorem ipsum\ndolor sit\n", encoding="utf-8")
    assert run(["screen", str(sheet), "--with", str(odd), "--json"]) == 2
    told = lines(capsys)
    assert told[-1]["summary"]["unread"][0]["file"] == "odd.csv"
    assert told[-1]["summary"]["by_level"]["hold"] >= 1


def test_licences_beside_the_sheet_answer_for_the_paper(sheet, tmp_path, capsys):
    papers = tmp_path / "licences.csv"
    papers.write_text(
        "Licence no.,Holder,Substance,Valid until\nL-1,Farol Azul SA,piperonal,2025-12-31\n", encoding="utf-8"
    )
    run(["screen", str(sheet), "--json", "--with", str(papers)])
    assert lines(capsys)[-1]["summary"]["by_level"]["hold"] == 0


def test_what_was_recognised_in_a_paper_is_shown_column_by_column(sheet, tmp_path, capsys):
    papers = tmp_path / "permisos.csv"
    papers.write_text(
        "N.º de permiso,Titular,Sustancia,CAS,Vence\nL-1,Farol Azul SA,piperonal,120-57-0,31/12/2026\n",
        encoding="utf-8",
    )
    assert run(["screen", str(sheet), "--with", str(papers), "--json"]) == 0
    (beside,) = lines(capsys)[-1]["summary"]["with"]
    assert beside["columns"] == {
        "number": "N.º de permiso", "holder": "Titular", "item": "Sustancia; CAS", "valid_until": "Vence",
    }  # fmt: skip
    assert run(["screen", str(sheet), "--with", str(papers)]) == 0
    assert "holder ← Titular" in capsys.readouterr().err


def test_the_packaged_snapshot_counts_only_when_named_and_tells_its_date(sheet, capsys):
    run(["screen", str(sheet), "--json", "--list", "ofac-narcotics"])
    summary = lines(capsys)[-1]["summary"]
    assert [(one["id"], one["date"]) for one in summary["lists"]] == [("ofac-narcotics", "2024-01-30")]
    assert "listed-party" not in {one["rule"] for one in summary["not_run"]}


OLD, NEW = (SHARED / "sanctions" / "ofac" / f"sdn_{day}.csv" for day in ("2023-11-14", "2024-01-30"))


@pytest.mark.skipif(not OLD.is_file(), reason="the two dated OFAC files are not beside this repository")
def test_decisions_survive_a_new_list_and_fall_when_a_birth_date_changes(tmp_path, capsys):
    from openpyxl import load_workbook

    old, new = (_shorter(file, tmp_path / file.name) for file in (OLD, NEW))
    names = _listed_people(old, new)[:12]
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        HEAD + "".join(f'2024-01-02,Paper Cloud Ltd,"{name}",tiles,6907.21,25,CN,MX,\n' for name in names),
        encoding="utf-8",
    )

    def findings(source: Path, *more: str):
        assert run(["screen", str(sheet), "--json", "--quiet", "--on", "2024-02-01", "--list", str(source), *more]) == 0
        told = lines(capsys)
        return told[:-1], told[-1]["summary"]["set_aside"]

    book = tmp_path / "findings.xlsx"
    before, _ = findings(old, "--out", str(book))
    work = load_workbook(book)
    page = work.worksheets[0]
    head = [cell.value for cell in page[1]]
    for row in range(2, 7):
        page.cell(row, head.index("Decision") + 1).value = "set aside"
        page.cell(row, head.index("Reason for the decision") + 1).value = "namesake"
    work.save(book)

    after, gone = findings(new, "--decisions", str(book))
    plain, _ = findings(new)
    assert gone == 5
    assert {one["decision_key"] for one in plain} - {one["decision_key"] for one in after} == {
        one["decision_key"] for one in before[:5]
    }
    assert len(plain) == len(before)

    moved = tmp_path / "sdn_2024-02-01.csv"
    target = before[0]["against"]["id"]
    moved.write_text(
        "".join(_with_birth_date_moved(line, target) for line in new.open(encoding="latin-1")), encoding="latin-1"
    )
    last, gone = findings(moved, "--decisions", str(book))
    assert gone == 4
    back = [one for one in last if one["decision_key"] not in {line["decision_key"] for line in after}]
    assert [one["against"]["id"] for one in back] == [target]
    assert "decision.evidence-changed" in [reason["code"] for reason in back[0]["reasons"]]


def _shorter(source: Path, target: Path) -> Path:
    """Write every tenth line of a list to `target`: enough parties, and five indexes are built in a moment."""
    kept = [line for line in source.open(encoding="latin-1") if line.split(",", 1)[0].strip()[-1:] == "7"]
    target.write_text("".join(kept), encoding="latin-1")
    return target


def _listed_people(*files: Path) -> list[str]:
    """Return names of people that stand in all files with the same whole birth date, far from every other name."""
    from tidegate.lists.reading import read_list

    held = []
    for file in files:
        parties = read_list(file).parties
        held.append(
            {party.name: party.birth_dates for party in parties if party.schema == "Person" and len(party.name) > 22}
        )
    return sorted(
        name
        for name, births in held[0].items()
        if len(births) == 1 and len(births[0]) == 10 and held[1].get(name) == births
    )


def _with_birth_date_moved(line: str, target: str) -> str:
    import re

    if line.split(",", 1)[0].strip() != target.rpartition(":")[2]:
        return line
    return re.sub(r"DOB (\d\d) (\w\w\w) (\d{4})", lambda found: f"DOB {found[1]} {found[2]} {int(found[3]) + 1}", line)


@pytest.mark.parametrize("option", ["FILE", "--with", "--decisions"])
def test_no_file_that_is_read_is_written_over(sheet, tmp_path, capsys, option):
    other = tmp_path / "other.csv"
    other.write_text(sheet.read_text(encoding="utf-8"), encoding="utf-8")
    words = [str(sheet)] if option == "FILE" else [str(sheet), option, str(other)]
    before = other.read_bytes()
    assert run(["screen", *words, "--out", str(sheet if option == "FILE" else other)]) == 2
    assert option in capsys.readouterr().err
    assert other.read_bytes() == before


def test_an_output_without_a_folder_or_given_twice_is_named_before_the_work(sheet, tmp_path, capsys):
    assert run(["screen", str(sheet), "--out", str(tmp_path / "no" / "f.csv")]) == 2
    assert "no folder" in capsys.readouterr().err
    assert run(["screen", str(sheet), *(["--out", str(tmp_path / "f.csv")] * 2)]) == 2
    assert not (tmp_path / "f.csv").exists()


def test_what_a_stranger_wrote_cannot_command_the_terminal(tmp_path, capsys):
    sheet = tmp_path / "odd.csv"
    sheet.write_text(
        HEAD + "2024-10-01,\x1b]0;owned\x07 Ltd,[red]Farol,piperonal,2932.93,25,CN,MX,\n", encoding="utf-8"
    )
    assert run(["screen", str(sheet)]) == 0
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err


@pytest.mark.parametrize(("lang", "words"), [("en", "Measured here"), ("zh", "本次实测"), ("es", "Medido aquí")])
def test_the_summary_tells_its_own_measured_figure(sheet, capsys, lang, words):
    assert run(["screen", str(sheet), "--lang", lang]) == 0
    assert words in capsys.readouterr().err


def test_records_come_worst_first_and_only_some_of_many(tmp_path, capsys):
    sheet = tmp_path / "many.csv"
    row = "2024-10-01,Paper Cloud Ltd,Farol Azul SA,piperonal,2932.93,25,CN,MX,\n"
    sheet.write_text(HEAD + row * 40, encoding="utf-8")
    assert run(["screen", str(sheet)]) == 0
    told = capsys.readouterr()
    assert told.out.count("HOLD") == 12
    assert "28 more records" in told.err
