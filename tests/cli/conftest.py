"""What tests of a node's commands share: the enrolled pair, and a shell at each side."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.node.conftest import Pair, pair, quick_locks  # noqa: F401 - the fixtures of two enrolled nodes
from tidegate.cli.main import run

PASSPHRASE = "a test passphrase"


@dataclass
class Shell:
    """Runs commands at one node and reads their JSON lines."""

    folder: Path
    passphrase_file: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, group: str, command: str, *words: object, code: int = 0) -> list[dict[str, Any]]:
        out, err = self.prose(group, command, *words, "--json", code=code)
        del err
        return [json.loads(line) for line in out.splitlines()]

    def prose(self, group: str, command: str, *words: object, code: int = 0) -> tuple[str, str]:
        self.capsys.readouterr()
        line = [group, command, str(self.folder), *map(str, words), "--passphrase-file", str(self.passphrase_file)]
        came = run(line)
        out, err = self.capsys.readouterr()
        assert came == code, (line, came, out, err)
        assert "Traceback" not in err
        return out, err


@dataclass
class Shells:
    """A shell at each side of an enrolled pair. `a` imports, `b` exports."""

    pair: Pair
    a: Shell
    b: Shell


@pytest.fixture
def shells(pair, tmp_path, capsys) -> Shells:  # noqa: F811
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    return Shells(pair, Shell(pair.a.folder, secret, capsys), Shell(pair.b.folder, secret, capsys))
