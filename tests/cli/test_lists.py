"""`tidegate lists` as a person calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.cli.main import run


@pytest.fixture(autouse=True)
def _own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDEGATE_LISTS", str(tmp_path / "shelf"))
    monkeypatch.setenv("TIDEGATE_CACHE", str(tmp_path / "cache"))


def table(folder: Path, count: int, name: str = "house.csv") -> Path:
    file = folder / name
    rows = "".join(f"{number},Lantern Quay {number:04d} Ltd\n" for number in range(count))
    file.write_text("party_id,name\n" + rows, encoding="utf-8")
    return file


def kept(folder: Path) -> set[str]:
    return {file.name for file in (folder / "cache").rglob("*.index")}


def test_a_list_is_made_ready_when_it_is_added_so_that_screening_builds_nothing(tmp_path: Path) -> None:
    assert run(["lists", "add", str(table(tmp_path, 400)), "--quiet"]) == 0
    made = kept(tmp_path)
    assert len(made) == 1
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Date,Shipper,Goods\n2024-10-01,Lantern Quay 0007 Ltd,tiles\n", encoding="utf-8")
    assert run(["screen", str(sheet), "--json"]) == 0
    assert run(["screen", str(sheet), "--list", "house", "--json"]) == 0
    assert kept(tmp_path) == made
