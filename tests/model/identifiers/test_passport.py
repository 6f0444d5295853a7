from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.model.identifiers.passport import mrz_check_digit, parse_passport


def test_the_check_digits_of_doc_9303_come_out() -> None:
    assert mrz_check_digit("L898902C3") == 6
    assert mrz_check_digit("740812") == 2
    with pytest.raises(ValueError, match="machine-readable"):
        mrz_check_digit("ä")


def test_blanks_dashes_and_width_do_not_matter() -> None:
    assert parse_passport("t-321 642") == parse_passport("T３２１６４２") == "T321642"
    assert parse_passport("none") is None


@given(st.text(max_size=30))
def test_reading_twice_changes_nothing(text: str) -> None:
    found = parse_passport(text)
    assert found is None or parse_passport(found) == found
