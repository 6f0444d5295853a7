"""Harmonized System codes as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.model.identifiers.hs import chapter, heading, parse_hs_code, subheading


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2933.36", "293336"),
        ("2914.11.00", "29141100"),
        ("２９３３３６", "293336"),
        ("HS 8479 89", "847989"),
        ("10121", "010121"),
    ],
)
def test_a_code_is_read_in_every_usual_form(written, code):
    assert parse_hs_code(written) == code


def test_text_without_digits_holds_no_code():
    assert parse_hs_code("n/a") is None
    assert parse_hs_code("") is None


def test_parts_of_a_code():
    assert (chapter("29333600"), heading("29333600"), subheading("29333600")) == ("29", "2933", "293336")
    assert subheading("2933") == ""


@settings(max_examples=60)
@given(st.integers(1, 97), st.integers(0, 99), st.integers(0, 99), st.sampled_from([".", " ", "", "-"]))
def test_the_divider_does_not_matter(first, second, third, divider):
    parts = [f"{first:02d}{second:02d}", f"{third:02d}"]
    assert parse_hs_code(divider.join(parts)) == "".join(parts)
