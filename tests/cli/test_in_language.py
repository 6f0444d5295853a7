"""The shell speaks the reader's language: errors of options and files, errors of usage, help; common options anywhere."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tidegate.cli.main import build_app, run
from tidegate.cli.options import after_the_command, language_of

WRONG = [
    ["screen", "nofile.csv", "--engine", "steam"],
    ["screen", "nofile.csv", "--kind", "letters"],
    ["screen", "nofile.csv", "--threshold", "7"],
    ["screen", "nofile.csv", "--out", "x.docx"],
    ["screen", "nofile.csv", "--on", "2024-13-01"],
    ["screen", "nofile.csv", "--colour"],
    ["screen"],
    ["identify", "piperonal", "--from", "Nowhereland"],
    ["identify"],
    ["identify", "--file", "nofile.csv"],
    ["compare", "Lantern Quay"],
    ["match", "--file", "nofile.csv"],
    ["report", "suspicious", "F1", "--from", "nofile.jsonl"],
    ["bogus"],
    ["match", "--limit", "x", "a"],
    ["match", "--limit", "0", "a"],
    ["officer", "list", "a", "b"],
    ["officer", "list"],
    ["node", "status", "none"],
    ["node", "init", "none", "--officer", "muster"],
    ["node", "init", "none", "--officer", "muster:queen:M. Muster"],
    ["node", "init", "none", "--country", "x"],
    ["node", "init", "none", "--suite", "3"],
    ["node", "restore", "none", "new"],
    ["witness", "watch", "none", "x", "none"],
    ["witness", "start", "none"],
    ["case", "open", "none", "--officer", "x", "--pillar", "y"],
    ["agreement", "propose", "none", "none.toml", "--officer", "x"],
    ["agreement", "propose", "none", "none.txt", "--officer", "x"],
    ["audit", "check-proof", "none", "--vkey", "x"],
    ["partner", "list", "none"],
    ["bundle", "take", "none", "none", "--officer", "x"],
    ["message", "send", "none", "--officer", "x"],
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_a_wrong_call_is_told_in_the_language_asked_for(words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = {}
    for lang in ("en", "zh", "es"):
        assert run(["--lang", lang, *words]) == 2
        said[lang] = capsys.readouterr().err.partition("\n")[0]
    assert len(set(said.values())) == 3, said
    assert any("\u4e00" <= sign <= "\u9fff" for sign in said["zh"])


def test_the_common_options_may_stand_before_the_command(capsys):
    assert run(["--json", "--lang", "es", "compare", "Lantern Quay", "Lantern Quay"]) == 0
    assert "mismas palabras" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["--lang", "zh", "lists", "show"], ["lists", "show", "--lang", "zh"]),
        (["--json", "match", "--", "--quay"], ["match", "--json", "--", "--quay"]),
        (["--version"], ["--version"]),
        (["--lang"], ["--lang"]),
        (["--json", "--help"], ["--help"]),
        (["--help", "--lang", "zh"], ["--help"]),
        (["screen", "a.csv", "--quiet"], ["screen", "a.csv", "--quiet"]),
    ],
)
def test_options_before_the_command_are_read_behind_it(typed, read):
    assert after_the_command(typed) == read


def test_the_language_is_the_last_one_named_and_known():
    assert language_of(["screen", "--lang=es"]) == "es"
    assert language_of(["screen", "--lang", "tlh"]) == "en"
    assert language_of(["match", "--", "--lang", "zh"]) == "en"


@pytest.mark.parametrize(("lang", "words"), [("zh", ["选项", "名单"]), ("es", ["Opciones", "listas"])])
def test_help_is_in_the_language_asked_for(lang, words):
    asked = [sys.executable, "-m", "tidegate", "screen", "--help", "--lang", lang]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert all(word in told for word in words)


@pytest.mark.parametrize("words", [["node", "--help"], ["key"], ["--help"]], ids=" ".join)
def test_a_group_is_told_in_the_language_wherever_the_option_stands(words):
    for typed in (["--lang", "zh", *words], [*words, "--lang", "zh"]):
        asked = [sys.executable, "-m", "tidegate", *typed]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        told = done.stdout + done.stderr
        assert "用法" in told, told
        assert "显示本帮助并退出" in told
        assert "Usage" not in told


def test_every_command_has_a_help_of_its_own():
    rooms = [group.typer_instance for group in build_app([]).registered_groups]
    commands = [command for room in rooms for command in room.registered_commands if not command.hidden]
    assert len(commands) > 50
    assert all(command.help for command in commands)


def test_what_the_system_refuses_anywhere_is_told_and_no_trace(capsys, tmp_path):
    (tmp_path / "taken").touch()
    assert run(["node", "init", str(tmp_path / "taken"), "--lang", "es"]) == 2
    assert "no es una carpeta" in capsys.readouterr().err


def test_what_the_system_refused_is_told_in_the_language(capsys, tmp_path):
    assert run(["screen", str(tmp_path / "none.csv"), "--lang", "zh"]) == 2
    assert "没有这个文件" in capsys.readouterr().err
