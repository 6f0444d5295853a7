"""Countries by code and name, and the law that reaches them."""

from __future__ import annotations

import pytest

from tidegate.registers.places import country_code, regimes_of


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


def test_an_unknown_name_gives_none():
    assert country_code("Lantern Quay") is None
    assert country_code(None) is None


def test_union_law_reaches_its_members_only():
    assert regimes_of("DE") == ("EU",)
    assert regimes_of("US") == ("US",)
    assert regimes_of("GB") == ("GB",)
