"""An index built by several processes is the one that a single process builds."""

import multiprocessing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.test_kept_index import NAMES, same, watchlist
from tidegate.engines import index_build
from tidegate.engines.index_build import build_index_spread
from tidegate.screening.name_keys import analyse
from tidegate.screening.names import build_index

pytestmark = pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork")


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=12), st.integers(2, 4))
def test_any_number_of_processes_gives_the_same_index(names, workers):
    lists = [watchlist((*NAMES, *names)), watchlist()]
    alone = build_index(lists)
    analyse.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_build, "MANY_NAMES", 0)
        assert same(build_index_spread(lists, workers), alone)


def test_a_child_that_dies_leaves_its_share_to_us(monkeypatch):
    monkeypatch.setattr(index_build, "MANY_NAMES", 0)
    monkeypatch.setattr(index_build, "_read_share", lambda share, sender: sender.close())
    assert same(build_index_spread([watchlist()], 3), build_index([watchlist()]))
