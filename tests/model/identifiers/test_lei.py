from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.model.identifiers.lei import lei_check_digits, parse_lei

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@given(st.text(SIGNS, min_size=18, max_size=18))
def test_a_head_with_its_check_digits_is_read_back(head: str) -> None:
    code = head + lei_check_digits(head)
    assert parse_lei(f" {code.lower()} ") == code


@given(st.text(SIGNS, min_size=18, max_size=18), st.integers(0, 19), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_refused(head: str, at: int, sign: str) -> None:
    code = head + lei_check_digits(head)
    if code[at] != sign and code[at].isdigit() == sign.isdigit():
        assert parse_lei(code[:at] + sign + code[at + 1 :]) is None


def test_the_example_of_the_standard_is_read() -> None:
    assert parse_lei("LEI: 5493 0084-UKLVMY22DS16") == "54930084UKLVMY22DS16"
    with pytest.raises(ValueError, match="18 signs"):
        lei_check_digits("short")
