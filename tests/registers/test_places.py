"""Countries by code and name, and the law that reaches them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.registers.places import country_code, country_told, regimes_of


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("CN", "CN"),
        ("chn", "CN"),
        ("P.R. China", "CN"),
        ("中国", "CN"),
        ("墨西哥", "MX"),
        ("México", "MX"),
        ("Estados Unidos", "US"),
        ("Alemania", "DE"),
    ],
)
def test_a_country_is_known_by_code_and_by_name_in_three_languages(written, code):
    assert country_code(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Made in China", "CN"), ("México (MX)", "MX"), ("Shenzhen, China", "CN"), ("CN-China", "CN"), ("Hong Kong, China", "HK"),
        ("中国香港", "HK"), ("德国制造", "DE"), ("Hecho en México", "MX"), ("Lantern Bay (DE)", "DE"), ("China / USA", None),
        ("Los Angeles, CA", None), ("Lantern Quay", None), ("", None),
    ],
)  # fmt: skip
def test_a_country_is_read_out_of_more_words_where_they_tell_one(written, code):
    assert country_told(written) == code


@given(st.text(max_size=40))
def test_any_text_tells_a_country_or_none(text):
    assert country_told(text) is None or len(country_told(text)) == 2


def test_an_unknown_name_gives_none():
    assert country_code("Lantern Quay") is None
    assert country_code(None) is None


def test_union_law_reaches_its_members_only():
    assert regimes_of("DE") == ("EU",)
    assert regimes_of("US") == ("US",)
    assert regimes_of("GB") == ("GB",)
