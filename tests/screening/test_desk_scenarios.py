"""Sheets as an analyst or a bank hands them over: what is found, what stays quiet, what was not run, which duties are due.

The set was written before the rules' code was looked at; `desk_scenarios/*.toml` tells what disagreed at first.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.screening.desk import FOLDER, sheet_of, write
from tidegate.cli.main import build_app

DATA = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
CASES = [case for data in DATA for case in data.get("case", [])]
LEGS = [leg for data in DATA for leg in data.get("leg", [])]


@pytest.fixture(scope="module")
def app():
    return build_app(["screen"])


def screen(app, folder: Path, case: dict) -> tuple[list[dict], dict, list[tuple[str, int, str]]]:
    """Return findings, summary, and (rule, row as a sheet counts it, level) of the findings on the case's own sheet."""
    sheet = sheet_of(case)
    words = ["screen", "--json", "--quiet", "--on", case.get("on", "2026-03-02")]
    groups = (("", {sheet.file: sheet.text} | case.get("more", {})), ("--with", case.get("with", {})))
    for option, files in (*groups, ("--list", case.get("lists", {}))):
        for name, text in files.items():
            path = write(folder / name, text, case.get("forms", {}).get(name, "csv"))
            words += [option, str(path)] if option else [str(path)]
    ran = CliRunner().invoke(app, words, catch_exceptions=False)
    assert ran.exit_code == 0, ran.stderr
    *found, last = [json.loads(line) for line in ran.stdout.splitlines()]
    seen = []
    for one in found:
        file, row = one["record"]["file"], one["record"]["row"]
        if Path(file).stem == Path(sheet.file).stem:
            seen.append((one["rule"], row + 1 if file.endswith(".jsonl") else row, one["level"]))
    return found, last["summary"], seen


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_desk_gets_what_it_needs(app, tmp_path, monkeypatch, case):
    monkeypatch.setenv("TIDEGATE_LISTS", str(tmp_path / "lists"))
    found, summary, seen = screen(app, tmp_path, case)
    sheet = sheet_of(case)
    for rules, marks, levels in case.get("expect", []):
        own = [one for one in seen if one[0] in rules.split("|") and one[1] in sheet.rows(marks)]
        assert own, f"{rules} is not on {marks}: {seen}"
        assert {one[2] for one in own} & set(levels.split("|")), own
    assert {one[0] for one in seen} & set(case.get("quiet", [])) == set()
    for rule, marks in case.get("quiet_rows", []):
        assert [one for one in seen if one[0] == rule and one[1] in sheet.rows(marks)] == []
    assert set(case.get("not_run", [])) - {one["rule"] for one in summary["not_run"]} == set()
    assert [one for one in seen if one[1] in sheet.ordinary and one[2] != "look"] == []
    for mark, regime, duty, due in case.get("duties", []):
        told = [
            one for finding in found for one in finding["duties"]
            if finding["record"]["row"] in sheet.rows(mark) and one["regime"] == regime and one["duty"] == duty
        ]  # fmt: skip
        assert bool(told) == due, (mark, regime, duty)
    for one in found:
        if one["level"] != "look":
            assert one["benign"]
            assert one["reasons"]


@pytest.mark.parametrize("leg", LEGS, ids=[leg["name"] for leg in LEGS])
def test_duties_follow_the_leg_and_the_day(leg):
    words = ["identify", leg["text"], "--json", "--on", leg["on"], "--from", leg["from"], "--to", leg["to"]]
    ran = CliRunner().invoke(build_app(["identify"]), words, catch_exceptions=False)
    controls = [one for found in json.loads(ran.stdout.splitlines()[0])["found"] for one in found["controls"]]
    for regime, duty in leg["due"]:
        assert [one for one in controls if one["regime"] == regime and duty in one["duty"]], controls
    assert {one["regime"] for one in controls} & set(leg["not_due"]) == set()
