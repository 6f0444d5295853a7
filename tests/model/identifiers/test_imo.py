from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tidegate.model.identifiers.imo import parse_imo


def test_the_example_of_the_resolution_is_read_with_and_without_its_letters() -> None:
    assert parse_imo("IMO 9074729") == parse_imo("9074729") == "9074729"


@given(st.integers(0, 9))
def test_only_one_last_digit_fits(last: int) -> None:
    assert (parse_imo(f"907472{last}") is not None) == (last == 9)


@given(st.text(max_size=20))
def test_any_text_gives_seven_digits_or_none(text: str) -> None:
    found = parse_imo(text)
    assert found is None or (len(found) == 7 and found.isdigit())
