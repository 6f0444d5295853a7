"""One story for each rule, through the real command: files in, findings out. The stories are data (scenarios/*.toml).

A case names its files, what must be found (rule, row, level, words of the reason) and which rules must stay quiet.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tidegate.cli.main import build_app
from tidegate.screening.redflags import load_rules

FOLDER = Path(__file__).parent / "scenarios"
CASES = [
    (f"{path.stem}: {case['name']}", case)
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
# Run by the party and goods screens, or waiting for data that no file holds.
ELSEWHERE = {"RF01", "RF14", "RF24", "RF27", "RF36"}


@pytest.fixture(scope="module")
def app():
    return build_app(["screen"])


def screen(app, folder: Path, case: dict) -> tuple[list[dict], dict]:
    words = ["screen", "--json", "--quiet", "--on", case.get("on", "2025-12-01")]
    for option, files in (("", case["files"]), ("--with", case.get("with", {}))):
        for name, text in files.items():
            path = folder / name
            path.write_text(text.strip() + "\n", encoding="utf-8")
            words += [option, str(path)] if option else [str(path)]
    ran = CliRunner().invoke(app, words, catch_exceptions=False)
    assert ran.exit_code == 0, ran.stderr
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return lines[:-1], lines[-1]["summary"]


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_the_story_is_told(app, tmp_path, monkeypatch, case):
    monkeypatch.setenv("TIDEGATE_LISTS", str(tmp_path / "lists"))
    found, summary = screen(app, tmp_path, case)
    seen = [(one["rule"], one["record"]["row"], one["level"]) for one in found]
    for wanted in case.get("expect", []):
        rule, row, level, *words = wanted
        own = [one for one in found if (one["rule"], one["record"]["row"]) == (rule, row)]
        assert own, f"{rule} is not on row {row}: {seen}"
        assert own[0]["level"] == level, seen
        text = " ".join(reason["text"] for one in own for reason in one["reasons"])
        assert [word for word in words if word not in text] == [], text
        assert own[0]["benign"]
    for rule in case.get("quiet", []):
        assert rule not in {one["rule"] for one in found}, seen
    for rule, row in case.get("quiet_rows", []):
        assert (rule, row) not in {one[:2] for one in seen}, seen
    told = {one["rule"]: one["because"] for one in summary["not_run"]}
    for rule in case.get("not_run", []):
        assert told.get(rule), told
    if "highest" in case:
        assert max((one["level"] for one in found), key=["look", "ask", "hold"].index) == case["highest"], seen


def test_every_rule_has_a_story_and_a_near_miss():
    fires = {wanted[0] for _, case in CASES for wanted in case.get("expect", [])}
    misses = {rule for _, case in CASES for rule in case.get("quiet", [])} | {
        rule for _, case in CASES for rule, _ in case.get("quiet_rows", [])
    }
    rules = {rule.id for rule in load_rules()} - ELSEWHERE
    assert rules - fires == set()
    assert rules - misses == set()
