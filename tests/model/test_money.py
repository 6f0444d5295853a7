from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.model.money import CURRENCIES, Money, parse_currency, parse_money
from tidegate.model.quantity import QuantityAmbiguous, QuantityUnreadable


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("US$ 1,200.50", "1200.50", "USD"),
        ("1.200,50 EUR", "1200.50", "EUR"),
        ("￥12000", "12000", None),
        ("5000元", "5000", "CNY"),
        ("HK$5", "5", "HKD"),
        ("$ 35", "35", None),
        ("(350.00)", "-350.00", None),
        ("1.200,50-", "-1200.50", None),
        ("-12 USD", "-12", "USD"),
        ("USD 1,234", "1234", "USD"),
        ("0.5 BTC", "0.5", "BTC"),
    ],
)
def test_amount_and_currency_are_read(text: str, amount: str, currency: str | None) -> None:
    assert parse_money(text) == Money(Decimal(amount), currency)


def test_currency_cell_gives_its_code_or_none() -> None:
    assert [parse_currency(text) for text in ("人民币", "US$", " eur ", "RMB", "$", "pesos", "Lunar")] == [
        "CNY", "USD", "EUR", "CNY", None, None, None,
    ]  # fmt: skip


def test_three_digits_stay_in_doubt_where_no_currency_settles_them() -> None:
    for text in ("1,234", "$1,234", "1.234 KWD"):
        with pytest.raises(QuantityAmbiguous):
            parse_money(text)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(sorted(CURRENCIES)))
@settings(max_examples=100)
def test_written_amount_comes_back(amount: Decimal, currency: str) -> None:
    assert parse_money(f"{amount:,.2f} {currency}") == Money(amount, currency)


@given(st.text(max_size=30))
@settings(max_examples=200)
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    with suppress(QuantityUnreadable):
        assert parse_money(text).amount.is_finite()


def test_multiples_tails_and_words_of_money_are_read() -> None:
    told = {
        "RMB 3万": ("30000", "CNY"), "3.5万美元": ("35000", "USD"), "人民币壹万元整": ("10000", "CNY"), "€ 1.200,-": ("1200", "EUR"),
        "$1,200.50 MXN": ("1200.50", "MXN"), "1,200.00 DLS": ("1200", "USD"), "3 mil pesos": ("3000", None),
        "USD 1.2 million": ("1200000", "USD"), "Fr. 1'200.00": ("1200", "CHF"), "$1,200 M.N.": ("1200", "MXN"),
    }  # fmt: skip
    for text, (amount, currency) in told.items():
        money = parse_money(text)
        assert (money.amount, money.currency) == (Decimal(amount), currency), text


def test_a_bare_m_is_not_guessed() -> None:
    with pytest.raises(QuantityUnreadable):
        parse_money("USD 1.2M")


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1.200,00 dólares", "1200.00", "USD"), ("1200 dólares canadienses", "1200", "CAD"), ("1,200.50 yuan", "1200.50", "CNY"),
        ("1.2 millones de dólares", "1200000.0", "USD"), ("1,200.00 USD dollars", "1200.00", "USD"), ("3 million euros", "3000000", "EUR"),
        ("5,000.00 MXN pesos", "5000.00", "MXN"), ("1,200.00 pounds sterling", "1200.00", "GBP"), ("1200 dollars", "1200", None),
    ],
)  # fmt: skip
def test_currencies_in_words_are_read(text: str, amount: str, currency: str | None) -> None:
    money = parse_money(text)
    assert (str(money.amount), money.currency) == (amount, currency)
