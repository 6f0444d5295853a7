"""Wallet addresses in the form in which they are compared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tidegate.model.wallets import wallet_key


def test_case_counts_only_where_the_address_form_has_case():
    assert wallet_key("0xABCDEF0000000000000000") == wallet_key(" 0xabcdef0000000000000000 ")
    assert wallet_key("BC1QAR0SRRR7XFKVY5L643") == wallet_key("bc1qar0srrr7xfkvy5l643")
    assert wallet_key("1Lantern1nventedWa11et") != wallet_key("1lantern1nventedwa11et")
    assert wallet_key("Opal Exchange Company Limited") == wallet_key("short") == ""


@given(st.text(max_size=60))
def test_a_key_is_its_own_key(text):
    assert wallet_key(wallet_key(text)) == wallet_key(text)
