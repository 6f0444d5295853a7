from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.errors import TidegateError
from tidegate.trust import envelope
from tidegate.trust.envelope import (
    BUCKETS,
    MOST_BYTES,
    check_outer,
    open_own,
    open_sealed,
    padded_size,
    read_header,
    seal,
    seal_to_self,
)
from tidegate.trust.faults import MessageTooLarge, NotARecipient, SealBroken, SignatureInvalid, SuiteMismatch
from tidegate.trust.keys import generate_working_keys
from tidegate.trust.suites import SUITES

from .factory import Side, side

A, B, C = side("importing-side"), side("exporting-side"), side("third-side")
A2, B2 = side("importing-side", 2), side("exporting-side", 2)
TEXT = "盐酸 12 桶, consignment 7".encode()


def sealed(payload: bytes = TEXT, sender: Side = A, *recipients: Side) -> bytes:
    to = recipients or (B,)
    return seal(payload, sender=sender.working, recipients=[each.notice for each in to], message_id="m-4f0c9e")


def flips(data: bytes, places: Iterable[int]) -> Iterable[bytes]:
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        yield bytes(changed)


@given(st.binary(max_size=5000))
@settings(max_examples=40)
def test_text_opens_for_every_recipient_as_it_was(payload: bytes) -> None:
    data = sealed(payload, A, B, C)
    for each in (B, C):
        assert open_sealed(data, recipient=each.working, sender=A.notice) == payload


def test_hybrid_suite_opens_too() -> None:
    data = sealed(TEXT, A2, B2)
    assert open_sealed(data, recipient=B2.working, sender=A2.notice, suite=2) == TEXT


def test_header_tells_who_and_nothing_of_the_text() -> None:
    data = sealed(TEXT, A, B, C)
    header = check_outer(data, A.notice)
    assert header == read_header(data)
    assert (header.message_id, header.suite, header.sender_key_id) == ("m-4f0c9e", 1, A.working.key_id)
    assert header.recipient_key_ids == (B.working.key_id, C.working.key_id)
    assert TEXT not in data


def test_every_byte_flipped_is_refused_by_recipient_and_courier() -> None:
    data = sealed(b"x" * 1500, A, B, C)  # both wraps, both signatures, a body of the second bucket
    assert 4000 < len(data) < 5000
    for changed in flips(data, range(len(data))):
        with pytest.raises(TidegateError):
            open_sealed(changed, recipient=B.working, sender=A.notice)
        with pytest.raises(TidegateError):
            check_outer(changed, A.notice)


def test_every_bit_of_a_small_message_flipped_is_refused() -> None:
    data = sealed()
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(TidegateError):
            open_sealed(bytes(changed), recipient=B.working, sender=A.notice)


def test_sampled_bytes_of_a_hybrid_message_flipped_are_refused() -> None:
    data = sealed(TEXT, A2, B2)
    places = sorted({*range(0, 130), *random.Random(7).sample(range(len(data)), 500)})
    for changed in flips(data, places):
        with pytest.raises(TidegateError):
            open_sealed(changed, recipient=B2.working, sender=A2.notice)


@given(st.data())
@settings(max_examples=60)
def test_cut_lengthened_or_junk_bytes_are_refused_with_a_sentence(data: st.DataObject) -> None:
    good = sealed()
    size = data.draw(st.integers(0, len(good) - 1))
    junk = data.draw(st.binary(max_size=200))
    for bad in (good[:size], good + junk + b"x", junk, b"TGD\x01" + junk, good[:70] + junk):
        with pytest.raises(TidegateError):
            open_sealed(bad, recipient=B.working, sender=A.notice)


def test_message_from_another_sender_is_refused() -> None:
    data = sealed(TEXT, C, B)
    with pytest.raises(SignatureInvalid, match="current key notice"):
        open_sealed(data, recipient=B.working, sender=A.notice)


def test_message_for_another_is_not_ours() -> None:
    with pytest.raises(NotARecipient):
        open_sealed(sealed(), recipient=C.working, sender=A.notice)


def test_weaker_suite_than_agreed_is_refused() -> None:
    with pytest.raises(SuiteMismatch):
        open_sealed(sealed(), recipient=B.working, sender=A.notice, suite=2)
    with pytest.raises(SuiteMismatch):
        check_outer(sealed(), A2.notice)
    with pytest.raises(SuiteMismatch):
        seal(TEXT, sender=A2.working, recipients=[B.notice], message_id="m")
    relabelled = bytearray(sealed(TEXT, A2, B2))
    relabelled[4] = 1
    with pytest.raises(SuiteMismatch):
        open_sealed(bytes(relabelled), recipient=B2.working, sender=A2.notice)


def test_message_that_does_not_commit_to_its_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dishonest sender signs a header with another key's commitment, as for a body that opens to two texts."""
    honest = envelope._commitment
    monkeypatch.setattr(envelope, "_commitment", lambda key, nonce: honest(bytes(32), nonce))
    data = sealed()
    monkeypatch.setattr(envelope, "_commitment", honest)
    check_outer(data, A.notice)
    with pytest.raises(SealBroken, match="commit"):
        open_sealed(data, recipient=B.working, sender=A.notice)


def test_text_passed_on_as_if_sent_to_another_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if B had taken A's inner signature out of a message to B and put it into one to C."""
    honest: Callable[..., Any] = envelope._statement
    to_b = read_header(sealed())
    monkeypatch.setattr(envelope, "_statement", lambda header, payload: honest(to_b, payload))
    data = sealed(TEXT, A, C)
    monkeypatch.setattr(envelope, "_statement", honest)
    with pytest.raises(SignatureInvalid):
        open_sealed(data, recipient=C.working, sender=A.notice)


def test_hidden_bytes_in_the_padding_are_refused() -> None:
    data, shape_signature = b"visible", bytes(64)
    padded = len(data).to_bytes(8, "big") + data
    good = shape_signature + padded.ljust(1024, b"\x00")
    assert envelope._unpad(SUITES[1], good) == (shape_signature, data)
    for bad in (good[:-1] + b"x", good + bytes(1024), shape_signature + b"\xff" * 1024, shape_signature):
        with pytest.raises(SealBroken):
            envelope._unpad(SUITES[1], bad)


@pytest.mark.parametrize("size", [0, 1, 1016, 1017, 4088, 4089, 16376, 65528, 65529, 200_000])
def test_sizes_are_hidden_in_buckets(size: int) -> None:
    bucket = padded_size(size + 8)
    assert bucket >= size + 8
    if bucket > BUCKETS[-1]:
        assert bucket <= 1.11 * (size + 8)
    else:
        assert bucket in BUCKETS
    assert open_sealed(sealed(b"x" * size), recipient=B.working, sender=A.notice) == b"x" * size


def test_two_texts_of_one_bucket_have_one_size() -> None:
    assert len(sealed(b"")) == len(sealed(b"x" * 1000)) < len(sealed(b"x" * 1020))


def test_too_large_a_text_is_refused() -> None:
    with pytest.raises(MessageTooLarge):
        padded_size(MOST_BYTES + 1)


def test_draft_at_rest_opens_with_our_old_keys_only() -> None:
    old, new, foreign = A.working, generate_working_keys(), B.working
    draft = seal_to_self(TEXT, old)
    assert open_own(draft, [new, old]) == TEXT
    with pytest.raises(NotARecipient):
        open_own(draft, [new, foreign])
    for changed in flips(draft, range(0, len(draft), 7)):
        with pytest.raises(TidegateError):
            open_own(changed, [new, old])


def test_same_text_never_looks_the_same() -> None:
    assert sealed() != sealed()


@pytest.mark.parametrize("message_id", ["", "a b", "é", "x" * 101, "-a", "a\n"])
def test_message_id_of_another_form_is_a_slip(message_id: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        seal(TEXT, sender=A.working, recipients=[B.notice], message_id=message_id)


def test_no_recipient_or_one_twice_is_a_slip() -> None:
    for recipients in ([], [B.notice, B.notice]):
        with pytest.raises(ValueError, match="different keys"):
            seal(TEXT, sender=A.working, recipients=recipients, message_id="m")
