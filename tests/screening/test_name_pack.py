"""The native kernel gives what the reference gives: features, scores, neighbours."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.screening import kernel, name_pack
from tidegate.screening.name_align import align_candidates
from tidegate.screening.name_index import Candidate, NameIndex
from tidegate.screening.name_keys import NameForm, analyse
from tidegate.screening.name_lexicon import han_table, lexicon
from tidegate.screening.name_pack import native_scores, pack_forms
from tidegate.screening.name_score import compare_forms
from tidegate.screening.name_syllables import cantonese, readings, surname_readings

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from name_set import make_pairs

pytestmark = pytest.mark.skipif(not kernel.NATIVE, reason="the native kernel was not built here (no compiler)")


def check(pairs: list[tuple[NameForm, NameForm]]) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    at = np.arange(len(pairs), dtype=np.int32)
    scores, features = native_scores(pack_forms(left), pack_forms(right), at, at, features=True)
    pack = pack_forms(left)
    index = NameIndex((), forms=right, pack=pack_forms(right))
    asked = [Candidate(0.0, 0, n, one, other, pack, n) for n, (one, other) in enumerate(pairs)]
    aligned = align_candidates(asked, index)
    for (one, other), score, row, native in zip(pairs, scores, features, aligned, strict=True):
        wanted, reference, taken, by_syllable = compare_forms(one, other)
        assert row == pytest.approx(reference, abs=1e-9), (one.text, other.text)
        assert score == pytest.approx(wanted, abs=1e-9)
        assert (native.features, native.by_syllable) == (row.tolist(), by_syllable)
        assert [replace(pair, alike=0.0) for pair in native.pairs] == [replace(pair, alike=0.0) for pair in taken]
        assert [pair.alike for pair in native.pairs] == pytest.approx([pair.alike for pair in taken], abs=1e-9)


def test_native_scores_equal_the_reference_on_every_category_of_invented_names() -> None:
    check(
        [
            (a, b)
            for one, other, kind, _, _ in make_pairs(11, 6)
            for a in analyse(one, kind)
            for b in analyse(other, kind)
        ]
    )


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_native_scores_equal_the_reference_on_any_text(pairs: list[tuple[str, str]]) -> None:
    forms = [(a, b) for one, other in pairs for a in analyse(one) for b in analyse(other)]
    if forms:
        check(forms)


WORDS = st.lists(st.sampled_from(["wang", "xiao", "ming", "li", "wei", "al", "abd", "rahman", "co", "ltd", "trading", "chemical", "jp", "morgan", "jpm", "a", "b", "12", "s.a.", "salim", "bin", "yusuf", "jr", "sr", "no", "forty", "4", "shanghai", "shangai", "limitd", "gmbh", "ano", "dubai", "uae", "王", "明"]), min_size=1, max_size=7)  # fmt: skip


@given(WORDS, WORDS)
@settings(max_examples=150, deadline=None)
def test_native_scores_equal_the_reference_on_words_that_collide(one: list[str], other: list[str]) -> None:
    check([(a, b) for a in analyse(" ".join(one)) for b in analyse(" ".join(other))])


@given(st.lists(st.text("abcde ", min_size=3, max_size=12), min_size=1, max_size=30), st.integers(1, 6))
@settings(max_examples=50, deadline=None)
def test_native_search_equals_numpy(texts: list[str], k: int) -> None:
    rows = kernel.gram_rows(texts)
    index = kernel.build_gram_index(rows, kernel.GRAMS)
    native = index.search(rows, k=k, least=0.05)
    plain = kernel._search_numpy(index, rows, k, 0.05)
    found = [
        {(r, d): s for r, d, s in zip(*(column.tolist() for column in answer), strict=True)}
        for answer in (native, plain)
    ]
    assert len(found[0]) == len(found[1])
    for row in range(len(texts)):
        best = [sorted((s for (r, _), s in answer.items() if r == row), reverse=True) for answer in found]
        assert best[0] == pytest.approx(best[1], abs=1e-5)


def test_a_group_has_one_number_whatever_was_packed_before():
    first = {group: name_pack.group_number(group) for group in _groups()}
    name_pack._group_ids.clear()
    assert {group: name_pack.group_number(group) for group in sorted(first, reverse=True)} == first
    assert len(set(first.values())) == len(first)


def _groups() -> set[str]:
    table = lexicon()
    found = {f"t:{concept}" for near in table.near.items() for concept in (near[0], *near[1])}
    found |= {group for groups in (*table.nicknames.values(), *surname_readings().values()) for group in groups}
    return found | {group for spelling in (*cantonese(), *han_table().syllables) for group in readings(spelling)}
