from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.trust.dsse import add_signature, pae, sign, signing_key_ids, verify
from tidegate.trust.faults import SignatureInvalid

from .factory import side

KIND = "application/vnd.tidegate.receipt+json"
ONE, OTHER, HYBRID = side("one"), side("other"), side("hybrid", 2)


def test_encoding_is_that_of_the_dsse_protocol() -> None:
    # the example in the DSSE protocol text
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


@given(st.binary(max_size=100))
@settings(max_examples=40)
def test_payload_comes_back_as_it_was(payload: bytes) -> None:
    for each in (ONE, HYBRID):
        assert verify(sign(KIND, payload, each.working), each.notice, KIND) == payload


@pytest.mark.parametrize("each", [ONE, HYBRID], ids=["suite 1", "suite 2"])
def test_changed_text_type_or_signature_is_refused(each: object) -> None:
    who = ONE if each is ONE else HYBRID
    data = json.loads(sign(KIND, b"12 drums", who.working))
    stranger = json.loads(sign(KIND, b"13 drums", who.working))
    forged = [
        {**data, "payload": stranger["payload"]},
        {**data, "payloadType": "application/vnd.tidegate.agreement+json"},
        {**data, "signatures": stranger["signatures"]},
        {**data, "signatures": []},
        {**data, "signatures": data["signatures"] * 2},
        {**data, "signatures": [{**data["signatures"][0], "keyid": "00/ed25519"}, *data["signatures"][1:]]},
        {**data, "signatures": data["signatures"] * 17},
        {**data, "more": 1},
        {"payload": data["payload"]},
    ]
    for each_forged in forged:
        with pytest.raises(SignatureInvalid):
            verify(json.dumps(each_forged).encode(), who.notice, KIND)


def test_text_by_another_key_is_refused() -> None:
    with pytest.raises(SignatureInvalid, match="current key notice"):
        verify(sign(KIND, b"x", OTHER.working), ONE.notice, KIND)


def test_both_signatures_of_suite_2_must_hold() -> None:
    data = json.loads(sign(KIND, b"x", HYBRID.working))
    stranger = json.loads(sign(KIND, b"y", HYBRID.working))
    for place in (0, 1):
        mixed = list(data["signatures"])
        mixed[place] = stranger["signatures"][place]
        with pytest.raises(SignatureInvalid):
            verify(json.dumps({**data, "signatures": mixed}).encode(), HYBRID.notice, KIND)
        with pytest.raises(SignatureInvalid):
            verify(json.dumps({**data, "signatures": mixed[:1]}).encode(), HYBRID.notice, KIND)


def test_countersigned_text_verifies_for_both_sides() -> None:
    data = add_signature(sign(KIND, b"agreed", ONE.working), OTHER.working)
    assert verify(data, ONE.notice, KIND) == verify(data, OTHER.notice, KIND) == b"agreed"
    assert signing_key_ids(data) == [ONE.working.key_id, OTHER.working.key_id]
    assert add_signature(data, OTHER.working) == data


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_junk_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(SignatureInvalid):
        verify(data, ONE.notice, KIND)


@pytest.mark.parametrize("data", [b"[]", b"null", b"[" * 100_000, b'{"payload":1,"payloadType":2,"signatures":3}'])
def test_misshapen_json_is_refused(data: bytes) -> None:
    with pytest.raises(SignatureInvalid):
        verify(data, ONE.notice, KIND)
