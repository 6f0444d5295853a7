"""An index that comes later is the one that would have been there at once."""

import multiprocessing
import pickle
from dataclasses import fields

import pytest

from tests.engines.test_kept_index import same, watchlist
from tidegate.engines import index_store
from tidegate.engines.index_build import start_index
from tidegate.engines.index_later import LaterIndex
from tidegate.engines.index_store import ListSource, open_index
from tidegate.screening.name_index import NameIndex
from tidegate.screening.names import build_index, match_names

FORKS = "fork" in multiprocessing.get_all_start_methods()
LISTS = [watchlist()]


def later(told=None):
    def finish():
        if told is not None:
            told.append("finished")
        return build_index(LISTS)

    return LaterIndex(LISTS, finish)


def test_its_lists_are_there_without_waiting():
    told = []
    index = later(told)
    assert index.watchlists == tuple(LISTS)
    assert not told
    assert index.parties
    assert index.pack is not None
    assert told == ["finished"]


def test_it_matches_as_the_index_does():
    assert match_names(["Ottilie Larkmoor", "copper heron"], later()) == match_names(
        ["Ottilie Larkmoor", "copper heron"], build_index(LISTS)
    )


def test_it_travels_as_the_index_it_became():
    back, wanted = pickle.loads(pickle.dumps(later())), build_index(LISTS)
    assert type(back) is NameIndex
    assert all(same(getattr(back, field.name), getattr(wanted, field.name)) for field in fields(NameIndex))


@pytest.mark.skipif(not FORKS, reason="this system cannot fork")
@pytest.mark.parametrize("busy", [0, 3, 10_000])
def test_however_busy_we_are_the_index_is_the_same(monkeypatch, busy):
    monkeypatch.setattr("tidegate.engines.index_build.MANY_NAMES", 0)
    index, wanted = start_index(LISTS, 3, busy=busy)(), build_index(LISTS)
    assert all(same(getattr(index, field.name), getattr(wanted, field.name)) for field in fields(NameIndex))


@pytest.mark.skipif(not FORKS, reason="this system cannot fork")
def test_a_long_list_is_kept_once_it_was_asked_for(monkeypatch, tmp_path):
    monkeypatch.setattr("tidegate.engines.index_build.MANY_NAMES", 0)
    monkeypatch.setattr(index_store, "MANY_NAMES", 0)
    monkeypatch.setattr(index_store, "FEW_NAMES", 0)
    sources = [ListSource("one", lambda: LISTS[0])]
    first = open_index(sources, tmp_path, workers=2, later=True)
    assert isinstance(first, LaterIndex)
    assert not list(tmp_path.glob("*.index"))
    first.wait()
    second = open_index(sources, tmp_path, workers=2, later=True)
    assert type(second) is NameIndex
    assert same(list(first.forms), list(second.forms))
