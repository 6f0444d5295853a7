"""IBAN, BIC, container numbers and wallet addresses: published examples pass, one changed sign fails."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.model.identifiers.bic import bic_country, bic_institution, parse_bic
from tidegate.model.identifiers.container import check_digit, find_containers, looks_like_container, parse_container
from tidegate.model.identifiers.iban import iban_country, looks_like_iban, parse_iban
from tidegate.model.identifiers.wallet import find_wallets, parse_wallet


@pytest.mark.parametrize(
    "text", ["GB82 WEST 1234 5698 7654 32", "IBAN: de89-3704-0044-0532-0130-00", "ＧＢ82WEST12345698765432"]
)
def test_right_iban_is_read_however_it_is_written(text: str) -> None:
    found = parse_iban(text)
    assert found in {"GB82WEST12345698765432", "DE89370400440532013000"}
    assert iban_country(found) in {"GB", "DE"}


@given(st.integers(4, 21), st.sampled_from("0123456789"))
@settings(max_examples=50)
def test_iban_with_one_wrong_digit_is_none_but_still_looks_like_one(place: int, digit: str) -> None:
    right = "GB82WEST12345698765432"
    wrong = right[:place] + digit + right[place + 1 :]
    if wrong != right:
        assert parse_iban(wrong) is None
        assert looks_like_iban(wrong)


def test_bic_is_read_with_its_country_and_institution() -> None:
    bic = parse_bic(" deutdeff500 ")
    assert bic == "DEUTDEFF500"
    assert (bic_country(bic), bic_institution(bic)) == ("DE", "DEUTDEFF")
    assert parse_bic("DEUT") is None
    assert parse_bic("DEUTDEF") is None


def test_container_number_of_the_standard_passes_and_its_neighbour_fails() -> None:
    assert parse_container("CSQU 305438-3") == "CSQU3054383"
    assert parse_container("CSQU3054384") is None
    assert looks_like_container("CSQU3054384")
    assert find_containers("柜号 CSQU3054383/CSQU305438-3, CSQU3054384") == ("CSQU3054383",)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3), st.integers(0, 999999))
@settings(max_examples=100)
def test_container_number_made_with_its_digit_passes(owner: str, serial: int) -> None:
    body = f"{owner}U{serial:06d}"
    assert parse_container(f"{body}{check_digit(body)}")


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin"),  # block 0 of the chain
        ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bitcoin"),  # BIP 173
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bitcoin"),  # BIP 350
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ethereum"),  # EIP-55
    ],
)
def test_published_address_is_read_and_a_changed_one_is_not(text: str, chain: str) -> None:
    wallet = parse_wallet(text)
    assert wallet is not None
    assert wallet.chain == chain
    assert find_wallets(f"pay to {text}, thanks") == (wallet,)
    if chain == "bitcoin":
        assert parse_wallet(text[:-1] + ("4" if text[-1] != "4" else "5")) is None


@given(st.text(max_size=50))
@settings(max_examples=100)
def test_any_text_is_an_identifier_or_none(text: str) -> None:
    for parse in (parse_iban, parse_bic, parse_container, parse_wallet):
        parse(text)
    find_containers(text)
    find_wallets(text)
