"""What was kept is what would be made anew; what is damaged or foreign is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.engines.kept_files import read_closed, seal, unseal, write_closed
from tidegate.engines.kept_tables import KeptEntries, tables_to_plain
from tidegate.engines.tables_store import MAGIC, _take
from tidegate.registers.substances import load_register
from tidegate.screening import goods_fold, goods_index, name_lexicon
from tidegate.screening.goods import find_goods


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of tables just kept."""
    kept = tmp_path_factory.mktemp("kept") / "one.tables"
    write_closed(kept, seal(MAGIC, tables_to_plain(load_register())), most=3)
    return kept


def test_kept_tables_are_those_that_are_made(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (name_lexicon, goods_fold, goods_index):
        monkeypatch.setattr(module, "_taken", [])
    assert _take(file)
    assert name_lexicon._taken[-1] == (name_lexicon._read_han_table(), name_lexicon._read_lexicon())
    folds, made = goods_fold._taken[-1], goods_fold._fold_every_character()
    assert (folds.at.tobytes(), folds.starts.tobytes(), folds.folds) == (
        made.at.tobytes(), made.starts.tobytes(), made.folds,
    )  # fmt: skip
    kept, built = goods_index.goods_index(load_register()), goods_index._build(load_register())
    assert list(kept.entries) == list(built.entries)
    assert (kept.keys, kept.rules, kept.halves) == (built.keys, built.rules, built.halves)
    assert kept.patterns.starts.tobytes() == built.patterns.starts.tobytes()


def test_goods_are_found_with_a_kept_index_as_with_a_built_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["piperonal 25 kg", "Heliotropin crystals CAS 120-57-0", "胡椒醛", "cotton shirts", "acetic anhydrid"]
    blank = [None] * len(lines)
    built = find_goods(lines, blank, blank, load_register())
    goods_index.goods_index.cache_clear()
    monkeypatch.setattr(goods_index, "_taken", [])
    assert _take(file)
    assert isinstance(goods_index.goods_index(load_register()).entries, KeptEntries)
    assert find_goods(lines, blank, blank, load_register()) == built
    goods_index.goods_index.cache_clear()


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data[:200] + b"x" + data[201:], lambda _: b""])
def test_a_file_that_is_not_whole_is_passed_over(file: Path, tmp_path: Path, change) -> None:
    other = tmp_path / "other.tables"
    other.write_bytes(change(file.read_bytes()))
    assert not _take(other)
    other.write_bytes(seal(MAGIC, [1, 2]))
    assert not _take(other)


def test_a_file_in_a_folder_open_to_others_is_passed_over(file: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    other = tmp_path / "other.tables"
    other.write_bytes(file.read_bytes())
    assert read_closed(file) is not None
    assert read_closed(other) is None


def test_the_oldest_files_are_thrown_away(tmp_path: Path) -> None:
    for number in range(5):
        write_closed(tmp_path / f"{number}.tables", seal(b"x\n", number), most=2)
    assert len([*tmp_path.glob("*.tables")]) == 2
    deep = tmp_path / "no folder" / "deep" / "x.tables"
    write_closed(deep, seal(b"x\n", {"a": 1}), most=2)
    assert unseal(b"x\n", read_closed(deep) or b"") == {"a": 1}
