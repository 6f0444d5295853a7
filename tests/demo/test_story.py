"""The story, played whole: every scene holds, killing a node between scenes loses nothing, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tidegate.demo.agreement import EXPORTING, IMPORTING
from tidegate.demo.stage import set_stage
from tidegate.demo.story import SCENES, Teller

pytestmark = [pytest.mark.story, pytest.mark.postgres]


def left_behind() -> set[str]:
    folders = [folder for base in ("/dev/shm", "/tmp") for folder in Path(base).glob("tidegate-story-*")]
    return {str(folder) for folder in folders}


def test_a_node_killed_between_any_two_scenes_loses_and_doubles_nothing() -> None:
    stage = set_stage(7, say=lambda words: None)
    told: list[str] = []
    victims = (EXPORTING.id, IMPORTING.id)

    def kill_one(number: int) -> None:
        if number < len(SCENES):
            victim = victims[number % 2]
            stage.kill(victim)
            stage.start(victim)

    try:
        teller = Teller(stage, "zh", told.append)
        assert teller.play(between=kill_one), "\n".join(told)
    finally:
        stage.stop()
    assert not stage.folder.exists()
    assert sum(line.startswith("第") for line in told) == len(SCENES)


def test_killing_the_story_leaves_no_process_and_no_folder() -> None:
    before = left_behind()
    story = subprocess.Popen(
        [sys.executable, "-m", "tidegate", "demo", "--once", "--seed", "9"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert story.stdout is not None
    assert story.stdout.readline()  # ready: three databases and seven listeners run
    (folder,) = left_behind() - before
    os.kill(story.pid, signal.SIGKILL)
    story.wait()
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and (processes_of(folder) or Path(folder).exists()):
        time.sleep(0.2)
    assert processes_of(folder) == []
    assert not Path(folder).exists()


def processes_of(folder: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if folder in words:
            found.append(words)
    return found
