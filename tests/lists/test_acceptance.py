"""A version that would be a bad bargain is refused with what a person may accept; history and entries survive a kill."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidegate.lists import history
from tidegate.lists.acceptance import Acceptance
from tidegate.lists.faults import ListRefused, ListUnreadable, ShelfWrong
from tidegate.lists.shelf import Shelf

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def house(
    folder: Path,
    count: int = 100,
    *,
    date: str = "2026-01-02",
    kind: str = "firm",
    names: int = 1,
    passport: bool = True,
) -> Path:
    file = folder / f"house_{date}.csv"
    rows = [
        f"{at},Lantern Quay {at:03d},{';'.join(f'Heron {at} {n}' for n in range(names))},{kind if at % 2 else 'person'},{f'T{at}' if passport else ''}"
        for at in range(count)
    ]  # fmt: skip
    file.write_text("id,name,aliases,kind,passport\n" + "\n".join(rows), encoding="utf-8")
    return file


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "shelf")
    shelf.add(house(tmp_path, names=2), now=NOW)
    return shelf


@pytest.mark.parametrize(
    ("worse", "said"),
    [
        ({"count": 85}, "15 of the 100 parties held are gone"), ({"names": 0}, "aliases may be missing"),
        ({"passport": False}, "remarks may be cut"), ({"kind": "person"}, "parties of kind Organization"),
    ],
)  # fmt: skip
def test_a_version_that_lost_parties_names_identifiers_or_a_kind_is_refused(
    shelf: Shelf, tmp_path: Path, worse: dict[str, object], said: str
) -> None:
    file = house(tmp_path, **{"names": 2, **worse})  # type: ignore[arg-type]
    with pytest.raises(ListRefused, match=said):
        shelf.add(file, now=NOW)
    shelf.add(file, now=NOW, accept=Acceptance(shrink=True))
    assert shelf.history()[-1]["accepted"] == ["shrink"]


def test_an_older_day_is_refused_and_the_same_or_a_newer_one_taken(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(ListRefused, match="of 2026-01-01, the one held of 2026-01-02"):
        shelf.add(house(tmp_path, date="2026-01-01", names=2), now=NOW)
    for day in ("2026-01-02", "2026-01-03"):
        shelf.add(house(tmp_path, date=day, names=2), now=NOW)
    entry = shelf.entry("house")
    assert entry is not None
    assert entry.date == "2026-01-03"


def test_the_version_before_is_kept_and_can_be_compared(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(ShelfWrong, match="no version before"):
        shelf.get("house@previous")
    shelf.add(house(tmp_path, 101, names=2, date="2026-01-03"), now=NOW)
    shelf.add(house(tmp_path, 101, names=2, date="2026-01-03"), now=NOW)  # the same bytes keep the version before them
    assert (len(shelf.get("house@previous").parties), len(shelf.get("house").parties)) == (100, 101)
    assert len([item for item in (shelf.folder / "house").iterdir() if item.is_dir()]) == 2


def test_a_word_that_a_kill_kept_out_of_the_history_is_written_at_the_next_act(shelf: Shelf, tmp_path: Path) -> None:
    (shelf.folder / history.FILE).write_bytes(b'{"act": "tru')
    shelf.add(house(tmp_path, 101, names=2), now=NOW)
    assert [act["act"] for act in shelf.history()] == ["added", "replaced"]


def test_remains_of_a_kill_are_taken_away(shelf: Shelf, tmp_path: Path) -> None:
    for remains in (".gone-quay", "house/.new-x"):
        (shelf.folder / remains).mkdir()
    shelf.add(house(tmp_path, 101, names=2), now=NOW)
    assert not (shelf.folder / ".gone-quay").exists()
    assert not (shelf.folder / "house" / ".new-x").exists()


def test_a_damaged_entry_says_which_folder_to_remove(shelf: Shelf) -> None:
    (shelf.folder / "house" / "list.json").write_text("{", encoding="utf-8")
    with pytest.raises(ListUnreadable, match=r"house.* damaged"):
        shelf.show()


def test_a_list_of_the_shelf_as_it_was_before_versions_is_still_read(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    folder = shelf.folder / "old"
    folder.mkdir(parents=True)
    (folder / "old.csv").write_text("id,name\n1,Lantern Quay\n", encoding="utf-8")
    entry = {"name": "old", "title": "Old", "shape": "table", "date": "2025-12-01", "fetched": "2025-12-02T00:00:00Z", "source": "old.csv",
             "file": "old.csv", "sha256": "", "rows_in": 1, "parties": 1, "names": 1, "of_a_later_version": True}  # fmt: skip
    (folder / "list.json").write_text(json.dumps(entry), encoding="utf-8")
    assert [party.name for party in shelf.get("old").parties] == ["Lantern Quay"]
    (tmp_path / "old.csv").write_text("id,name\n1,Lantern Quay\n2,Copper Heron\n", encoding="utf-8")
    shelf.add(tmp_path / "old.csv", now=NOW)
    assert sorted(item.name[:2] for item in folder.iterdir()) == ["li", "v-"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["add", "remove"]), st.integers(1, 30), st.booleans()), max_size=6))
def test_any_run_of_acts_leaves_a_shelf_that_says_what_it_holds(
    tmp_path: Path, acts: list[tuple[str, int, bool]]
) -> None:
    shelf = Shelf(tmp_path / "shelf")
    held = len(shelf.get("house").parties) if shelf.entry("house") else None
    for act, count, accept in acts:
        if act == "remove":
            if held is not None:
                shelf.remove("house", now=NOW)
            held = None
            continue
        try:
            shelf.add(house(tmp_path, count), now=NOW, accept=Acceptance(shrink=accept))
            held = count
        except ListRefused:
            assert held is not None
            assert not accept
        entry = shelf.entry("house")
        assert entry is not None
        assert (entry.parties, len(shelf.get("house").parties)) == (held, held)
        assert shelf.history()[-1]["name"] == "house"
