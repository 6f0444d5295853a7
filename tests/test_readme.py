"""The commands that the README names work as written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tidegate.cli.main import run
from tidegate.demo.world import write_invented_list, write_sample

ROOT = Path(__file__).resolve().parents[1]
NAMED = re.findall(
    r"`(tidegate (?:match|compare|identify|screen) [^`]*)`", (ROOT / "README.md").read_text(encoding="utf-8")
)


def test_the_readme_names_commands() -> None:
    assert len(NAMED) >= 4


@pytest.mark.parametrize("command", NAMED)
def test_a_named_command_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    write_invented_list(tmp_path / "list.csv")
    write_sample(tmp_path / "file.xlsx")
    assert run(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out.strip() or "screen" in command


def test_the_pictures_are_there() -> None:
    for name in re.findall(r"\(docs/images/([a-z]+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / "docs" / "images" / name).stat().st_size > 10_000
