"""InChIKeys in running text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.model.identifiers.inchikey import find_inchikeys, parse_inchikey, skeleton

KEY = "RZWZRACFZGVKFM-UHFFFAOYSA-N"


def test_a_key_is_found_with_its_place_and_any_case():
    assert find_inchikeys(f"standard {KEY} 100 mg") == [(KEY, (9, 36))]
    assert parse_inchikey(KEY.lower()) == KEY


def test_the_skeleton_is_the_first_block():
    assert skeleton(KEY) == "RZWZRACFZGVKFM"


def test_a_longer_run_of_letters_is_no_key():
    assert parse_inchikey("X" + KEY) is None


@settings(max_examples=50)
@given(st.text(max_size=80))
def test_any_text_is_read_without_a_fault(text):
    for key, (start, end) in find_inchikeys(text):
        assert len(key) == 27
        assert 0 <= start < end <= len(text)
