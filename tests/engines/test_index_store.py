import os

import pytest

from tidegate.engines import index_store
from tidegate.engines.index_store import ListSource, open_index
from tidegate.screening.names import match_names
from tidegate.screening.watchlist import ListedParty, Watchlist


@pytest.fixture(autouse=True)
def _keep_small_ones_too(monkeypatch):
    monkeypatch.setattr(index_store, "FEW_NAMES", 0)


def source(reads, digest="d1", name="Yuetuyinfan Fine Chemical Co., Ltd"):
    def read():
        reads.append(digest)
        return Watchlist((ListedParty("inv-1", "Company", (name,)),), "invented", "Invented")

    return ListSource(digest, read)


def best(index):
    return match_names(["YUETUYINFAN FINE CHEMICAL"], index)[0][0]


def test_the_second_time_the_list_is_not_read_and_matches_are_the_same(tmp_path):
    reads = []
    first, second = (open_index([source(reads)], tmp_path) for _ in range(2))
    assert reads == ["d1"]
    assert best(first) == best(second)


def test_a_changed_list_is_read_again(tmp_path):
    reads = []
    for digest in ("d1", "d2", "d1"):
        open_index([source(reads, digest)], tmp_path)
    assert reads == ["d1", "d2"]


@pytest.mark.parametrize("damage", [b"", b"not a pickle", b"\x80\x05N."])
def test_a_damaged_file_is_passed_over(tmp_path, damage):
    reads = []
    open_index([source(reads)], tmp_path)
    next(tmp_path.glob("*.index")).write_bytes(damage)
    assert best(open_index([source(reads)], tmp_path)).score > 0.8
    assert reads == ["d1", "d1"]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no owners of files")
def test_a_folder_that_others_may_write_is_not_trusted(tmp_path):
    reads = []
    open_index([source(reads)], tmp_path)
    tmp_path.chmod(0o777)
    open_index([source(reads)], tmp_path)
    assert reads == ["d1", "d1"]


def test_only_a_few_are_kept_and_no_list_has_no_index(tmp_path):
    for number in range(index_store.MOST_KEPT + 3):
        open_index([source([], f"d{number}")], tmp_path)
    assert len(list(tmp_path.glob("*.index"))) == index_store.MOST_KEPT
    assert open_index([], tmp_path) is None


def test_what_a_child_is_keeping_is_waited_for_when_it_is_asked_for_again(tmp_path, monkeypatch):
    monkeypatch.setattr(index_store, "MANY_NAMES", 0)
    reads = []
    first, second = (open_index([source(reads)], tmp_path, workers=2) for _ in range(2))
    assert reads == ["d1"]
    assert best(first) == best(second)
