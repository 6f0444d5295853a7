"""The command `identify` as scripts call it."""

from __future__ import annotations

import json

import pytest

from tidegate.cli.main import run


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_holds_one_line_a_text_in_order(capsys):
    assert run(["identify", "propionyl chloride", "steel bolts", "--on", "2026-11-25", "--json"]) == 0
    first, second = lines(capsys)
    assert (first["row"], first["found"][0]["id"], first["found"][0]["span"]) == (1, "79-03-8", [0, 18])
    assert {"regime", "list", "from", "duty", "source"} <= set(first["found"][0]["controls"][0])
    assert second["found"] == []


def test_the_two_days_of_the_notice_differ(capsys):
    for day in ("2024-08-31", "2024-09-01"):
        assert run(["identify", "23056-29-3", "--on", day, "--from", "CN", "--to", "MX", "--json"]) == 0
    before, after = (line["found"][0]["controls"] for line in lines(capsys))
    assert next(control for control in after if control not in before)["source"] == "six-ministry notice of 2024-08-02"


@pytest.mark.parametrize("lang", ["en", "zh", "es"])
def test_prose_comes_in_three_languages(lang, capsys):
    assert run(["identify", "芬太尼", "--on", "2026-11-25", "--from", "China", "--to", "墨西哥", "--lang", lang]) == 0
    assert "437-38-7" in capsys.readouterr().out


def test_a_column_of_a_file_is_read(tmp_path, capsys):
    file = tmp_path / "goods.csv"
    file.write_text("no,goods\n1,acetone\n2,towels\n", encoding="utf-8")
    assert run(["identify", "--file", str(file), "--column", "goods", "--on", "2026-11-25", "--json"]) == 0
    assert [(line["row"], len(line["found"])) for line in lines(capsys)] == [(2, 1), (3, 0)]


@pytest.mark.parametrize("words", [["--on", "yesterday"], ["--from", "Lantern Quay"], ["--lang", "xx"]])
def test_a_bad_option_is_named_and_gives_two(words, capsys):
    assert run(["identify", "acetone", *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_nothing_to_identify_gives_two():
    assert run(["identify"]) == 2
