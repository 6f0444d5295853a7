from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.model.quantity import (
    MASS_UNITS,
    QuantityAmbiguous,
    QuantityUnreadable,
    canonical_decimal,
    decimal_style,
    format_number,
    parse_mass_kg,
    parse_number,
    split_quantity,
)


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("1.200,50 kg", "1200.50"),
        ("1,200.50KG", "1200.50"),
        ("１２００公斤", "1200"),
        ("1 200 kg", "1200"),
        ("1\u00a0200,5 kg", "1200.5"),
        ("1'200 kg", "1200"),
        ("3吨", "3000"),
        ("2 lbs", "0.90718474"),
        ("10斤", "5"),
        ("0.5 g", "0.0005"),
        ("250 mg", "0.00025"),
        ("0.25 MT", "250"),
        ("KGS: 1,200.5", "1200.5"),
        ("1,00,000 kg", "100000"),
        ("1.2万公斤", "12000"),
        ("约1200千克", "1200"),
        ("0 kg", "0"),
        ("1,200.5 KGS NET", "1200.5"),
        (".5 kg", "0.5"),
        ("0,234 kg", "0.234"),
        ("1234.567 kg", "1234.567"),
        ("1,200,000 kilogramos", "1200000"),
        ("abt 500 kgs", "500"),
        ("500公斤左右", "500"),
        ("N.W.500KGS", "500"),
        ("kg. 1.200,50", "1200.50"),
        ("1200¹ kg", "1200"),
        ("12´000 kg", "12000"),
        ("2 short tons", "1814.36948"),
        ("2英吨", "2032.0938176"),
        ("五百公斤", "500"),
        ("1千公斤", "1000"),
        ("1千克", "1"),
        ("2x25kg", "50"),
        ("1 MT 200 KG", "1200"),
        ("1吨200公斤", "1200"),
        ("5 kg 250 g", "5.25"),
        ("10 lb 8 oz", "4.762719885"),
        ("20 drums of 200 kg each", "4000"),
        ("10 sacos de 50 kg", "500"),
        ("20桶，每桶200公斤", "4000"),
        ("每桶200公斤，共20桶", "4000"),
        ("半吨", "500"),
        ("一吨半", "1500"),
        ("三点五吨", "3500"),
        ("media tonelada", "500"),
        ("一百二十千克", "120"),
        ("三千克", "3"),
        ("三两", "0.15"),
        ("25公斤/桶*10桶", "250"),
        ("25kg x 40 = 1000kg", "1000"),
        ("1200KG/2645LBS", "1200"),
        ("500 kg (1102 lb)", "500"),
    ],
)
def test_mass_is_read_in_kilograms(text: str, kg: str) -> None:
    assert parse_mass_kg(text) == Decimal(kg)


@pytest.mark.parametrize("text", ["1.234 kg", "1,234 kg", "12.000 t"])
def test_mass_of_two_readings_is_not_guessed(text: str) -> None:
    with pytest.raises(QuantityAmbiguous):
        parse_mass_kg(text)


def test_decimal_sign_of_the_column_settles_both_readings() -> None:
    assert parse_mass_kg("1.234", unit="kg", decimal=".") == Decimal("1.234")
    assert parse_mass_kg("1.234", unit="kg", decimal=",") == Decimal("1234")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12", "quantity.no-unit"),
        ("12 boxes", "quantity.unit-unknown"),
        ("10-20 kg", "quantity.range"),
        ("-5 kg", "quantity.negative"),
        ("5 tons", "quantity.ton"),
        ("heavy", "quantity.unreadable"),
        ("25kg x 40 = 900kg", "quantity.unreadable"),
        ("500 kg / 510 kg", "quantity.unreadable"),
        ("1.5 × 10³ kg", "quantity.unreadable"),
        ("<500 kg", "quantity.unreadable"),
        ("1,2,3 kg", "quantity.unreadable"),
        ("", "quantity.unreadable"),
        ("1e999 kg", "quantity.unreadable"),
    ],
)
def test_what_is_no_mass_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(QuantityUnreadable) as refused:
        parse_mass_kg(text)
    assert refused.value.code == code


def test_column_style_comes_from_its_clear_values_only() -> None:
    assert decimal_style(["1.234", "12,5", None]) == ","
    assert decimal_style(["1,234", "1,200.50"]) == "."
    assert decimal_style(["1.234", "5"]) is None
    assert decimal_style(["12,5", "12.5"]) is None


def test_canonical_decimal_can_be_read_in_one_way_only() -> None:
    assert [canonical_decimal(text) for text in ("1.234", "-12.500", "0.234", "1234.567", "80")] == [
        "1.2340", "-12.5000", "0.234", "1234.567", "80",
    ]  # fmt: skip


numbers = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)


@given(numbers, st.sampled_from([",", ".", " ", "'"]), st.sampled_from(sorted(MASS_UNITS)))
@settings(max_examples=150)
def test_grouped_number_with_unit_comes_back(number: Decimal, group: str, unit: str) -> None:
    sign = "," if group == "." else "."
    text = f"{number:,.2f}".replace(".", "D").replace(",", group).replace("D", sign)
    assert split_quantity(f"{text} {unit}")[0] == number
    assert parse_mass_kg(f"{text}{unit}") == number * MASS_UNITS[unit]


@given(numbers)
@settings(max_examples=100)
def test_formatted_number_is_read_as_itself(number: Decimal) -> None:
    assert parse_number(format_number(number), decimal=".") == number
    assert parse_number(canonical_decimal(format_number(number))) == number


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with suppress(QuantityUnreadable):
        assert parse_mass_kg(text, unit="kg") >= 0


@given(
    tonnes=st.integers(1, 99),
    kilograms=st.integers(1, 999),
    grams=st.integers(1, 999),
    blank=st.sampled_from(["", " ", ", "]),
)
def test_a_mass_in_falling_units_is_their_sum(tonnes: int, kilograms: int, grams: int, blank: str) -> None:
    told = f"{tonnes} t{blank or ' '}{kilograms} kg{blank or ' '}{grams}g"
    assert parse_mass_kg(told) == tonnes * 1000 + kilograms + Decimal(grams) / 1000


@pytest.mark.parametrize(
    "text",
    ["5 kg 5 kg", "1 kg 2645 lb", "200 kg 1 t", "1 lb 450 g", "20 kg of 5 kg", "1 t 1200 kg", "2 pallets 500 kg"],
)
def test_two_masses_that_make_no_sum_are_refused(text: str) -> None:
    with pytest.raises(QuantityUnreadable):
        parse_mass_kg(text)
