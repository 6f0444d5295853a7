"""The front door: usage errors are sentences with exit code 2, never traces."""

from __future__ import annotations

import pytest

from tidegate.cli.main import COMMANDS, run


@pytest.mark.parametrize(
    "words", [[], ["bogus"], ["screen"], ["lists"], ["node"], ["screen", "--colour"], ["match", "--limit", "x", "a"]]
)
def test_a_wrong_call_is_a_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert said.err.strip()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tidegate ")
