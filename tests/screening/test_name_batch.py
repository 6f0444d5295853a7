"""Names made ready natively are what the rules make of them, to the byte."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.screening import name_batch
from tidegate.screening.kernel import gram_rows
from tidegate.screening.name_batch import prepare
from tidegate.screening.name_clean import _MARKED, plain_marks
from tidegate.screening.name_entries import form_doors, gram_text
from tidegate.screening.name_index import build_index, find_candidates, find_names
from tidegate.screening.name_keys import analyse
from tidegate.screening.name_lexicon import lexicon
from tidegate.screening.name_pack import pack_forms
from tidegate.screening.watchlist import ListedParty, Watchlist

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from name_set import make_pairs

native = pytest.mark.skipif(not name_batch.NATIVE, reason="the native modules were not built here (no compiler)")

ODD = ["Co.", "Co.,", "Ltd", "LTD.", "Import", "&", "Export", "and", "Trading", "International", "Hong", "Kong", "Hua", "Sheng", "xi",
       "an", "Xian", "gong", "O'Neil", "d'", "''", "12", "7th", "1a2b", "co1lumbia", "forty", "4", "A.", "B", "J.P.", "Dr", "Mr.", "de",
       "al", "Abd", "Abdul", "Rahman", "Bill", "Kim", "Wang", "Xiaoming", "ts'ao", "Branch", "Road", "No.", "Matt", "ne", "S.A.", "PT",
       "Jr", "III", "MaxiTech", "wang3", "-", ",", "S", "GmbH", "Limted", "Bank", "of", "China", "Textiles", "Ma", "Li", "Messrs",
       "First", "Angela", "Merkel", "A", "K", "Shanghai", "mv", "ooo"]  # fmt: skip
WORD = st.one_of(
    st.sampled_from(ODD),
    st.sampled_from(sorted(key for key in lexicon().phrases if key.isascii())),
    st.text("abcdefghijklmnopqrstuvwxyzAEIOU0158.,'&- ", min_size=1, max_size=9),
    st.text(max_size=4),
)
NAME = st.lists(WORD, min_size=1, max_size=7).map(" ".join)


def check(names: list[str]) -> int:
    """Compare what is made ready of `names` with the reference; return how many that are."""
    parts = prepare(names)
    for ready in parts:
        forms = [analyse(names[place]) for place in ready.places]
        assert [len(one) for one in forms] == [1] * len(forms)
        flat = [one for (one,) in forms]
        packed, rows = pack_forms(flat), gram_rows([gram_text(form) for form in flat])
        for ours, reference in zip(ready.pack.buffers, packed.buffers, strict=True):
            assert bytes(ours) == bytes(reference)
        assert np.array_equal(ready.rows.starts, rows.starts)
        assert np.array_equal(ready.rows.columns, rows.columns)
        told = [(row, door) for row, form in enumerate(flat) for door in form_doors(form)]
        assert list(zip(ready.door_owner.tolist(), ready.doors, strict=True)) == told
    places = [place for ready in parts for place in ready.places.tolist()]
    assert len(places) == len(set(places))
    return len(places)


@native
def test_invented_names_of_every_category_are_made_ready_as_the_rules_read_them() -> None:
    names = [name for seed in (3, 4) for one, other, *_ in make_pairs(seed, 30) for name in (one, other)]
    check(names)
    assert check(names) > 100


@native
@given(st.lists(NAME, min_size=1, max_size=12))
@settings(max_examples=400, deadline=None)
def test_any_text_is_made_ready_as_the_rules_read_it(names: list[str]) -> None:
    # Twice, since a shape is learned when it comes the second time, and with other words of the same shape.
    for batch in (names, [name.replace("a", "o") for name in names], names):
        check(batch)


@native
def test_firms_of_one_shape_are_read_by_the_rules_twice_and_then_no_more() -> None:
    names = [f"Lantern{word} 1{word[0]}2 Textiles Co., Ltd" for word in ("walrus", "zinnia", "granite", "velvet")]
    name_batch._held.clear()
    analyse.cache_clear()
    assert check(names) == 4
    analyse.cache_clear()
    prepare([name.replace("Lantern", "Copper") for name in names])
    assert analyse.cache_info().misses == 0


@given(st.text("abdfgnkehztol .", max_size=12))
@settings(max_examples=300, deadline=None)
def test_the_marks_given_to_the_native_module_are_those_of_the_rules(text: str) -> None:
    words = "".join(char if char.isalnum() else " " for char in text).split()
    marked = any(mark in text for mark in plain_marks()) or "ne" in words
    assert marked == bool(_MARKED.search(text))


@pytest.mark.parametrize("is_native", [True, False])
def test_the_same_parties_are_found_with_and_without_names_made_ready(
    is_native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = make_pairs(5, 20)
    parties = tuple(ListedParty(f"p{at}", "", (one,)) for at, (one, *_) in enumerate(pairs))
    index = build_index([Watchlist(parties, "own", "Own")])
    names = [other for _, other, *_ in pairs] + [one for one, *_ in pairs]
    wanted = told(find_candidates([analyse(name) for name in names], index, threshold=0.5))
    monkeypatch.setattr(name_batch, "NATIVE", is_native and name_batch.NATIVE)
    for _ in range(2):
        assert told(find_names(names, index, threshold=0.5)) == wanted


def told(found):
    return [[(one.score, one.party, one.entry, one.query, one.listed) for one in candidates] for candidates in found]
