"""One story for each rule, through the real command: files in, findings out. The stories are data (scenarios/*.toml).

A case names its files, what must be found (rule, row, level, words of the reason) and which rules must stay quiet.
"""

from __future__ import annotations

import csv
import io
import json
import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tidegate.cli.main import build_app
from tidegate.screening.redflags import load_rules

FOLDER = Path(__file__).parent / "scenarios"
CASES = [
    (f"{path.stem}: {case['name']}", case)
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
SHEETS = [(name, case) for name, case in CASES if name.startswith("sheets_")]
# Run by the party and goods screens, or waiting for data that no file holds.
ELSEWHERE = {"RF01", "RF14", "RF36"}


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


def shuffled(case: dict, seed: int) -> tuple[dict, list[int]]:
    """Return the case with the rows of its one sheet in another order, and for each new row the one it was."""
    ((name, text),) = case["files"].items()
    head, *body = list(csv.reader(io.StringIO(text.strip())))
    order = list(range(len(body)))
    random.Random(seed).shuffle(order)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *(body[place] for place in order)])
    return {**case, "files": {name: out.getvalue()}}, [place + 2 for place in order]


@given(st.sampled_from([case for _, case in SHEETS]), st.integers(0, 2**16))
@settings(max_examples=30, derandomize=True)
def test_the_order_of_a_sheets_rows_changes_no_finding(app, tmp_path_factory, case, seed):
    mixed, was = shuffled(case, seed)
    before, _ = screen(app, tmp_path_factory.mktemp("before"), case)
    after, _ = screen(app, tmp_path_factory.mktemp("after"), mixed)
    assert {(one["rule"], one["record"]["row"], one["level"]) for one in before} == {
        (one["rule"], was[one["record"]["row"] - 2], one["level"]) for one in after
    }


def test_every_rule_has_a_story_and_a_near_miss():
    fires = {wanted[0] for _, case in CASES for wanted in case.get("expect", [])}
    misses = {rule for _, case in CASES for rule in case.get("quiet", [])} | {
        rule for _, case in CASES for rule, _ in case.get("quiet_rows", [])
    }
    rules = {rule.id for rule in load_rules()} - ELSEWHERE
    assert rules - fires == set()
    assert rules - misses == set()
