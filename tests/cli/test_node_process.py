"""A node as an operator runs it: real processes on a PostgreSQL of its own, by the commands of docs/operations.md."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import typer.main

from tests.conftest import memory_folder
from tidegate.cli.main import build_app, run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
STORY_FOLDER = "/srv/tidegate"


def commands() -> list[list[str]]:
    """Return the words of every `tidegate` command on the page."""
    lines = [
        line
        for block in PAGE.read_text(encoding="utf-8").split("```sh\n")[1:]
        for line in block.split("```")[0].splitlines()
    ]
    return [shlex.split(line)[1:] for line in lines if line.startswith("tidegate ")]


@pytest.mark.parametrize("words", commands(), ids=lambda words: " ".join(words[:2]))
def test_every_command_of_the_page_is_understood(words: list[str]) -> None:
    command = typer.main.get_command(build_app(words))
    with typer.Context(command) as ctx:
        for _ in range(2):
            name, command, words = command.resolve_command(ctx, words)
            ctx = typer.Context(command, info_name=name, parent=ctx)
    command.make_context(name, words)


@pytest.fixture
def place(postgres_server) -> Iterator[Path]:
    """A folder that an unprivileged account may enter. The server is asked for only to skip where there is none."""
    folder = Path(tempfile.mkdtemp(prefix="tidegate-operate-", dir=memory_folder()))
    folder.chmod(0o711)
    (folder / "passphrase").write_text("a test passphrase\n", encoding="utf-8")
    yield folder
    run(["node", "stop", str(folder / "node")])
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.postgres
def test_a_node_is_made_started_looked_at_backed_up_and_stopped(place: Path, capsys) -> None:
    page = [[word.replace(STORY_FOLDER, str(place)) for word in words] for words in commands()]

    def of_page(*start: str) -> list[str]:
        return next(words for words in page if tuple(words[: len(start)]) == start)

    assert run([*of_page("node", "init"), "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["codes"]) == {"liaison", "second"}
    for look in (("officer", "list"), ("audit", "show")):
        assert run(of_page(*look)) == 2  # it does not run yet, and says so
        assert "node start" in capsys.readouterr().err

    node = subprocess.Popen(
        [sys.executable, "-m", "tidegate", *of_page("node", "start"), "--lifeline"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert node.stdout is not None
        ready = node.stdout.readline()
        assert "http://localhost:" in ready, node.stderr.read() if node.stderr else ""
        assert run([*of_page("node", "status"), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["running"]
        for words in [each for each in page if each[0] == "officer"]:
            assert run([*words, "--quiet"]) == 0
        assert run([*of_page("officer", "list"), "--json"]) == 0
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
        assert [(row["id"], row["disabled"]) for row in rows] == [("liaison", False), ("otra", True), ("second", False)]
        for words in (of_page("key", "rotate"), of_page("key", "list"), of_page("key", "root"), of_page("partner", "invite"),
                      of_page("audit", "show"), of_page("audit", "prove"), of_page("node", "backup"),
                      of_page("node", "verify")):  # fmt: skip
            assert run(words) == 0, capsys.readouterr().err
        assert run(of_page("key", "new-root")) == 2  # the node runs
        capsys.readouterr()
        assert run(["node", "stop", str(place / "node")]) == 0
        assert node.wait(timeout=20) == 0
    finally:
        node.kill()
        node.communicate()
    assert run(of_page("key", "new-root")) == 0
    assert run(of_page("node", "verify")) == 0
    assert not (place / "node" / "run.json").exists()
