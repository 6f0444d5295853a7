"""HPKE of the library against a reading of RFC 9180 of our own, and that reading against the RFC's vector."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tidegate.trust.faults import KeyUnreadable, SealBroken, SignatureInvalid, SuiteMismatch
from tidegate.trust.keys import generate_working_keys
from tidegate.trust.suites import (
    SUITES,
    encryption_public,
    split_signature,
    suite_of,
    unwrap_key,
    verify_signatures,
    wrap_key,
)

KEY, INFO = bytes(range(32)), b"which header, which recipient"


def extract(salt: bytes, suite_id: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite_id + label + ikm, "sha256")


def expand(prk: bytes, suite_id: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite_id + label + info
    return hmac.digest(prk, labelled + b"\x01", "sha256")[:length]


def open_by_hand(secret: bytes, sealed: bytes, info: bytes, *, aead: int, key_bytes: int, aad: bytes = b"") -> bytes:
    """RFC 9180 sections 4.1 and 5.1.1, base mode, X25519 with HKDF-SHA256, first message."""
    kem_id, suite_id = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01" + aead.to_bytes(2, "big")
    enc, ciphertext = sealed[:32], sealed[32:]
    own = X25519PrivateKey.from_private_bytes(secret)
    shared = own.exchange(X25519PublicKey.from_public_bytes(enc))
    prk = extract(b"", kem_id, b"eae_prk", shared)
    shared = expand(prk, kem_id, b"shared_secret", enc + own.public_key().public_bytes_raw(), 32)
    context = b"\x00" + extract(b"", suite_id, b"psk_id_hash", b"") + extract(b"", suite_id, b"info_hash", info)
    prk = extract(shared, suite_id, b"secret", b"")
    key, nonce = (
        expand(prk, suite_id, label, context, size) for label, size in ((b"key", key_bytes), (b"base_nonce", 12))
    )
    return AESGCM(key).decrypt(nonce, ciphertext, aad)


def test_own_reading_opens_the_vector_of_rfc_9180_appendix_a_1_1() -> None:
    opened = open_by_hand(
        bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
        bytes.fromhex(
            "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
            "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
        ),
        bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"),
        aead=1,
        key_bytes=16,
        aad=b"Count-0",
    )
    assert opened == b"Beauty is truth, truth beauty"


def test_own_reading_opens_what_suite_1_wraps() -> None:
    keys = generate_working_keys(1)
    sealed = wrap_key(SUITES[1], KEY, keys.encryption_public, INFO)
    assert len(sealed) == SUITES[1].wrap_bytes
    assert open_by_hand(keys.encryption_secret, sealed, INFO, aead=2, key_bytes=32) == KEY


@pytest.mark.parametrize("suite", [1, 2])
def test_wrapped_key_opens_for_its_recipient_and_info_only(suite: int) -> None:
    shape, keys, other = SUITES[suite], generate_working_keys(suite), generate_working_keys(suite)
    sealed = wrap_key(shape, KEY, keys.encryption_public, INFO)
    assert len(sealed) == shape.wrap_bytes
    assert unwrap_key(shape, sealed, keys.encryption_secret, INFO) == KEY
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for data, secret, info in (
        (sealed, other.encryption_secret, INFO),
        (sealed, keys.encryption_secret, INFO + b"x"),
        (changed, keys.encryption_secret, INFO),
        (sealed[:40], keys.encryption_secret, INFO),
    ):
        with pytest.raises(SealBroken):
            unwrap_key(shape, data, secret, info)


def test_hybrid_key_follows_x_wing() -> None:
    """X-Wing (draft-connolly-cfrg-xwing-kem) test vector 1: the digest of the public key that its seed expands to."""
    seed = bytes.fromhex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26")
    public = encryption_public(SUITES[2], hashlib.shake_256(seed).digest(96))
    assert public.hex().startswith("e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5b19cfc3d")


def test_suites_are_named_and_no_other_is_taken() -> None:
    assert suite_of(2).signature_bytes == 64 + 3309
    for number in (0, 3, 255):
        with pytest.raises(SuiteMismatch):
            suite_of(number)


def test_signatures_and_keys_of_the_wrong_length_are_refused() -> None:
    with pytest.raises(SignatureInvalid):
        split_signature(SUITES[1], bytes(63))
    with pytest.raises(KeyUnreadable):
        verify_signatures(SUITES[2], bytes(32), b"", [bytes(64), bytes(3309)])
    with pytest.raises(KeyUnreadable):
        wrap_key(SUITES[1], KEY, bytes(31), INFO)
    with pytest.raises(KeyUnreadable):
        wrap_key(SUITES[1], KEY, bytes(32), INFO)  # a key of small order gives no secret (RFC 7748 section 6.1)
