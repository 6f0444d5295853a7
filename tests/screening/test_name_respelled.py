"""A Chinese brand as Hong Kong, Taiwan and overseas firms spell it is the same brand; another of one sound is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.screening.name_keys import analyse
from tidegate.screening.name_respelled import respelled, spelled_brands
from tidegate.screening.name_syllables import split_pinyin
from tidegate.screening.names import build_index, compare_names, match_names, match_threshold
from tidegate.screening.watchlist import ListedParty, Watchlist

SAME = [
    ("Wing Fung Trading Ltd", "永豐貿易有限公司"),
    ("Kwong Lee Chemical", "广利化工"),
    ("Tai Fat Trading", "大发贸易有限公司"),
    ("Wah Fung Chemical", "华丰化工"),
    ("Hua Hsing Chemical", "华兴化工"),
    ("Tatung Electronics", "大同电子"),
    ("Hsin Hua Trading", "新华贸易"),
]


@pytest.mark.parametrize(("latin", "han"), SAME)
def test_every_usual_spelling_of_a_brand_is_the_brand(latin: str, han: str) -> None:
    assert compare_names(latin, han, kind="firm").score >= match_threshold()
    assert compare_names(han, latin, kind="firm").score >= match_threshold()


def test_two_chinese_brands_of_one_cantonese_sound_stay_two() -> None:
    listed = Watchlist(
        (ListedParty("house:1", "Company", ("荣丰贸易有限公司", "Wing Fung Trading Ltd")),), "house", "House"
    )
    index = build_index([listed])
    by_latin, by_han = match_names(["Wing Fung Trading", "永富贸易有限公司"], index, limit=1)
    assert by_latin[0].score >= match_threshold()
    assert not by_han or by_han[0].score < match_threshold()


@pytest.mark.parametrize(("asked", "listed"), [*SAME, *(pair[::-1] for pair in SAME)])
def test_it_is_found_in_a_list_whichever_side_writes_han(asked: str, listed: str) -> None:
    index = build_index([Watchlist((ListedParty("house:1", "Company", (listed,)),), "house", "House")])
    assert match_names([asked], index, limit=1)[0][0].score >= match_threshold()


@given(st.text(alphabet="永丰大发华新长晟化工贸易有限公司 ab", max_size=14))
def test_spellings_are_words_of_small_letters_that_no_pinyin_reads(text: str) -> None:
    for form in analyse(text, "firm"):
        for brand in spelled_brands(form):
            other = respelled(form, brand)
            assert other is not None
            assert (other.han, other.core) == (form.han, brand)
            assert brand.isalpha()
            assert not split_pinyin(brand)
