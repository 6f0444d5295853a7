from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.model.chinese_numerals import NUMERALS, parse_chinese_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("五百", 500), ("伍佰", 500), ("十", 10), ("十五", 15), ("二十", 20), ("廿五", 25), ("两千", 2000), ("一万二千", 12000),
        ("壹万", 10000), ("三亿五千万", 350_000_000), ("一千零五", 1005), ("二〇二四", 2024), ("贰零贰肆", 2024),
    ],
)  # fmt: skip
def test_numerals_of_both_kinds_are_read(text: str, number: int) -> None:
    assert parse_chinese_number(text) == number


@pytest.mark.parametrize("text", ["", "5", "五百公斤", "一二百", "二十千", "百千", "x"])
def test_what_is_no_numeral_gives_nothing(text: str) -> None:
    assert parse_chinese_number(text) is None


@settings(max_examples=100)
@given(st.text(alphabet=sorted(NUMERALS), max_size=12))
def test_no_run_of_numerals_raises(text: str) -> None:
    number = parse_chinese_number(text)
    assert number is None or number >= 0
