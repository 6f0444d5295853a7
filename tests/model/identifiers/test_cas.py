"""CAS Registry Numbers: form, check digit, and the nearest known number to a slip."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.model.identifiers.cas import check_digit, check_digit_holds, find_cas, nearest_cas, parse_cas

HEADS = st.tuples(st.integers(10, 9_999_999), st.integers(0, 99)).map(lambda pair: f"{pair[0]}-{pair[1]:02d}")


def test_the_number_is_read_from_full_width_digits_and_any_dash():
    assert parse_cas("ＣＡＳ：１０８－２４－７") == "108-24-7"
    assert parse_cas("79–03–8") == "79-03-8"
    assert parse_cas("CAS 108 - 24 - 7") == "108-24-7"


def test_a_number_without_dashes_counts_only_behind_the_word_cas():
    assert find_cas("CAS No. 108247") == ["108-24-7"]
    assert find_cas("order 108247") == []


def test_dates_and_order_numbers_are_no_cas_numbers():
    assert find_cas("ref 2024-11-07 batch") == []
    assert parse_cas("order no 123-45-6") is None


def test_a_wrong_check_digit_points_to_the_one_known_number_a_slip_away():
    assert not check_digit_holds("1609-66-5")
    assert nearest_cas("108-24-8", ["108-24-7", "67-64-1"]) == "108-24-7"
    assert nearest_cas("76-64-1", ["67-64-1"]) == "67-64-1"
    assert nearest_cas("999-99-9", ["108-24-7"]) is None


@settings(max_examples=60)
@given(HEADS, st.sampled_from(["-", "‑", "–", "－"]))
def test_every_well_formed_number_comes_back_in_canonical_form(head, dash):
    number = f"{head}-{check_digit(head)}"
    assert parse_cas(f"CAS {number.replace('-', dash)};") == number


@settings(max_examples=60)
@given(HEADS, st.integers(1, 9))
def test_a_changed_check_digit_never_passes(head, step):
    digit = (int(check_digit(head)) + step) % 10
    assert not check_digit_holds(f"{head}-{digit}")
    assert parse_cas(f"{head}-{digit}") is None


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_is_read_without_a_fault(text):
    for number in find_cas(text):
        assert number.count("-") == 2
