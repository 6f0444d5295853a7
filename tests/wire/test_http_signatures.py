"""A signed request is taken once it is whole, and refused when any covered part was changed."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tidegate.wire.http_signatures import RequestSignatureInvalid, read_signature, sign_request, verify_request

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
URI = "https://b.localhost:8443/exchange/v1/items"


def headers(body: bytes, created: int = 1_700_000_000) -> dict[str, str]:
    return sign_request("POST", URI, body, key_id="ab" * 8, created=created, nonce="0" * 32, sign=KEY.sign)


def check(method: str, uri: str, body: bytes, sent: dict[str, str], now: int = 1_700_000_010) -> None:
    request = read_signature(method, uri, body, sent, now=now)
    verify_request(request, KEY.public_key().verify)


@given(st.binary(max_size=200))
def test_what_was_signed_is_taken(body: bytes) -> None:
    check("POST", URI, body, headers(body))


@given(st.binary(min_size=1, max_size=60), st.data())
def test_one_changed_bit_of_the_body_is_refused(body: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) * 8 - 1))
    changed = bytearray(body)
    changed[place // 8] ^= 1 << place % 8
    with pytest.raises(RequestSignatureInvalid):
        check("POST", URI, bytes(changed), headers(body))


def test_another_address_or_method_is_refused() -> None:
    with pytest.raises(RequestSignatureInvalid):
        check("POST", URI + "x", b"a", headers(b"a"))
    with pytest.raises(RequestSignatureInvalid):
        check("PUT", URI, b"a", headers(b"a"))


def test_a_stale_request_says_by_how_much() -> None:
    with pytest.raises(RequestSignatureInvalid, match="600 s away") as caught:
        check("POST", URI, b"a", headers(b"a"), now=1_700_000_600)
    assert caught.value.code == "request-stale"


@given(st.dictionaries(st.sampled_from(["content-digest", "signature-input", "signature"]), st.text(max_size=80)))
def test_any_headers_give_an_answer_not_a_trace(sent: dict[str, str]) -> None:
    with pytest.raises(RequestSignatureInvalid):
        check("POST", URI, b"a", sent)
