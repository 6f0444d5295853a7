from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.screening.scripts import clean, romanise, script_of


@pytest.mark.parametrize(("word", "latin"), [("Владимир", "vladimir"), ("トヨミ", "toyomi"), ("しょうじ", "shouji"), ("김", "gim"), ("शर्मा", "sharma"), ("Łukasz", "lukasz"), ("Straße", "strasse")])  # fmt: skip
def test_a_word_of_any_script_has_a_latin_spelling(word: str, latin: str) -> None:
    assert romanise(word) == latin


def test_homoglyphs_are_put_right_within_a_word() -> None:
    assert clean("Lаntеrn").isascii()
    assert clean("Фонapь") == "Фонарь"  # Latin a and p among Cyrillic


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(min_size=1, max_size=12))
def test_romanising_gives_ascii_in_lower_case(word: str) -> None:
    latin = romanise(word)
    assert latin.isascii()
    assert latin == latin.lower()
    assert script_of(word)
