"""A shelf whose writer is killed at any instant holds the old version or the new one, whole, and goes on."""

from __future__ import annotations

import multiprocessing
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tidegate.lists.acceptance import Acceptance
from tidegate.lists.shelf import Shelf

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
KILLS = 25


def write(shelf: Shelf, files: list[Path]) -> None:
    while True:
        for file in files:
            shelf.add(file, now=NOW, name="house", accept=Acceptance(shrink=True))
        shelf.remove("house", now=NOW)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork")
def test_a_writer_killed_at_any_instant_leaves_a_whole_version_and_a_shelf_that_can_be_written(tmp_path: Path) -> None:
    files = []
    for count in (30, 31, 32):
        files.append(tmp_path / f"house{count}.csv")
        files[-1].write_text(
            "id,name\n" + "".join(f"{at},Lantern Quay {at}\n" for at in range(count)), encoding="utf-8"
        )
    shelf = Shelf(tmp_path / "shelf")
    shelf.add(files[0], now=NOW, name="house")
    draw = random.Random(7)
    for _ in range(KILLS):
        child = multiprocessing.get_context("fork").Process(target=write, args=(shelf, files))
        child.start()
        time.sleep(draw.uniform(0, 0.03))
        child.kill()
        child.join()
        entry = shelf.entry("house")
        if entry is not None:
            assert len(shelf.get("house").parties) == entry.parties
            assert entry.parties in (30, 31, 32)
        shelf.add(files[1], now=NOW, name="house", accept=Acceptance(shrink=True))
        assert [one.name for one in shelf.show() if not one.packaged] == ["house"]
        held = shelf.entry("house")
        assert held is not None
        assert shelf.history()[-1]["new"]["sha256"] == held.sha256  # type: ignore[index]
        assert len(list((shelf.folder / "house").iterdir())) <= 3  # the entry, this version and the one before
