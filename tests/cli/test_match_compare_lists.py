"""The commands match, compare and lists print what the contract says, one line a query, in order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidegate.cli.main import run


@pytest.fixture(autouse=True)
def own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDEGATE_LISTS", str(tmp_path / "shelf"))


@pytest.fixture
def house(tmp_path: Path) -> Path:
    file = tmp_path / "house_2025-05-01.csv"
    file.write_text(
        'party_id,name,kind\n1,Beijitu Chemical Co.,company\n2,"LARKMOOR, Ottilie",person\n', encoding="utf-8"
    )
    return file


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_match_gives_one_line_a_query_best_first(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", "北极兔化工有限公司", "Ottilie Larkmoor", "Nobody Near", "--list", str(house), "--json"]) == 0
    one, two, three = lines(capsys)
    assert one["matches"][0]["id"].endswith(":1")  # type: ignore[index]
    assert one["matches"][0]["match"] is True  # type: ignore[index]
    assert two["matches"][0]["list_date"] == "2025-05-01"  # type: ignore[index]
    assert (three["row"], all(not found["match"] for found in three["matches"])) == (3, True)  # type: ignore[index, union-attr]


def test_match_reads_a_column_and_answers_every_row(
    house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "asked.csv"
    asked.write_text("who,what\nOttilie Larkmoor,x\n,y\nBeijitu Chemical,z\n", encoding="utf-8")
    assert run(["match", "--file", str(asked), "--column", "who", "--list", str(house), "--json"]) == 0
    assert [(line["query"], len(line["matches"]) > 0) for line in lines(capsys)] == [
        ("Ottilie Larkmoor", True),
        ("", False),
        ("Beijitu Chemical", True),
    ]  # type: ignore[arg-type]


def test_compare_scores_a_file_of_pairs_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        "name1,name2,schema\n王晓明,Wang Xiaoming,Person\nCopper Heron Ltd,Blue Quay Ltd,Company\n", encoding="utf-8"
    )
    assert run(["compare", "--file", str(pairs), "--json"]) == 0
    one, two = lines(capsys)
    assert one["score"] > 0.85 > 0.6 > two["score"]  # type: ignore[operator]
    assert one["reasons"]


def test_lists_are_added_shown_compared_and_removed(
    house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["lists", "add", str(house), "--name", "house", "--json"]) == 0
    assert run(["lists", "show", "--json"]) == 0
    added, shown, packaged = lines(capsys)
    assert (added["name"], shown["parties"], packaged["name"], packaged["old"]) == ("house", 2, "ofac-narcotics", True)
    newer = tmp_path / "newer.csv"
    newer.write_text("party_id,name,kind\n1,Beijitu Chemical Co.,company\n3,New Party,person\n", encoding="utf-8")
    assert run(["lists", "compare", "house", str(newer)]) == 0
    assert "added" in capsys.readouterr().out
    assert run(["lists", "remove", "house"]) == 0
    assert run(["lists", "remove", "house"]) == 2


@pytest.mark.parametrize("words", [["match"], ["compare", "one"], ["match", "x", "--list", "nowhere"], ["compare", "--file", "nowhere.csv"], ["match", "x", "--lang", "xx"]])  # fmt: skip
def test_bad_usage_exits_with_2_and_says_why(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert "tidegate:" in capsys.readouterr().err
