"""What each numbered suite is made of. The agreement names the suite; a weaker one is never taken in its place.

1: Ed25519 (RFC 8032); HPKE base mode with X25519, HKDF-SHA256, AES-256-GCM (RFC 9180).
2: Ed25519 and ML-DSA-65 (FIPS 204), both must verify; HPKE with MLKEM768-X25519 (KEM 0x647a, X-Wing), otherwise as 1.
Numbers above 2 are free, e.g. for the algorithms of a partner's own state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
)
from cryptography.hazmat.primitives.hpke import (
    Suite as HpkeSuite,
)

from tidegate.trust.faults import KeyUnreadable, SealBroken, SignatureInvalid, SuiteMismatch

ED25519, ML_DSA_65 = "ed25519", "ml-dsa-65"
SEED_BYTES = 32
X25519_BYTES = 32
ED25519_PUBLIC_BYTES = 32
ML_KEM_SEED_BYTES = 64
CONTENT_KEY_BYTES = 32
_TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Suite:
    """Sizes in bytes of one suite's keys, signatures and key wraps, and the order of its signature algorithms."""

    number: int
    algorithms: tuple[str, ...]
    public_sizes: tuple[int, ...]
    signature_sizes: tuple[int, ...]
    encryption_public_bytes: int
    encryption_secret_bytes: int
    wrap_bytes: int

    @property
    def signing_public_bytes(self) -> int:
        """Return the length of a signing key: its parts stand one behind the other."""
        return sum(self.public_sizes)

    @property
    def signature_bytes(self) -> int:
        """Return the length of a whole signature."""
        return sum(self.signature_sizes)


SUITES = {
    1: Suite(1, (ED25519,), (32,), (64,), 32, X25519_BYTES, 32 + CONTENT_KEY_BYTES + _TAG_BYTES),
    2: Suite(
        2,
        (ED25519, ML_DSA_65),
        (32, 1952),
        (64, 3309),
        1184 + 32,
        ML_KEM_SEED_BYTES + X25519_BYTES,
        1088 + 32 + CONTENT_KEY_BYTES + _TAG_BYTES,
    ),
}
_HPKE = {
    1: HpkeSuite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
    2: HpkeSuite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}


def suite_of(number: int) -> Suite:
    """Return the suite with this number. Raises SuiteMismatch for one this version does not know."""
    try:
        return SUITES[number]
    except KeyError as exc:
        raise SuiteMismatch(
            f"suite {number} is not known here; known are 1 and 2, so update one side or agree on one of these",
            code="trust.suite-unknown",
            suite=number,
        ) from exc


class SigningKey:
    """The private signing half of a root or of working keys: one seed of 32 bytes for each algorithm of the suite."""

    __slots__ = ("_keys", "public", "seeds", "suite")

    def __init__(self, suite: Suite, seeds: bytes) -> None:
        if len(seeds) != SEED_BYTES * len(suite.algorithms):
            raise KeyUnreadable(
                f"suite {suite.number} signs with {len(suite.algorithms)} seeds of {SEED_BYTES} bytes",
                code="trust.key-seeds",
                suite=suite.number,
                count=len(suite.algorithms),
                size=SEED_BYTES,
            )
        self.suite = suite
        self.seeds = seeds
        keys: list[Ed25519PrivateKey | MLDSA65PrivateKey] = [Ed25519PrivateKey.from_private_bytes(seeds[:SEED_BYTES])]
        if ML_DSA_65 in suite.algorithms:
            keys.append(MLDSA65PrivateKey.from_seed_bytes(seeds[SEED_BYTES:]))
        self._keys = tuple(keys)
        self.public = b"".join(key.public_key().public_bytes_raw() for key in keys)

    def sign(self, message: bytes) -> tuple[bytes, ...]:
        """Return one signature of `message` for each algorithm of the suite, in its order."""
        return tuple(key.sign(message) for key in self._keys)

    @property
    def ed25519(self) -> Ed25519PrivateKey:
        """Return the Ed25519 half, for formats that know no other (signed notes, HTTP signatures)."""
        key = self._keys[0]
        assert isinstance(key, Ed25519PrivateKey)
        return key

    def __repr__(self) -> str:
        return f"SigningKey(suite={self.suite.number})"


def verify_signatures(suite: Suite, public: bytes, message: bytes, signatures: Sequence[bytes]) -> None:
    """Check that every algorithm of the suite signed `message`. Raises SignatureInvalid if a single one did not."""
    if len(public) != suite.signing_public_bytes:
        raise KeyUnreadable(
            f"a signing key of suite {suite.number} has {suite.signing_public_bytes} bytes",
            code="trust.key-signing-length",
            suite=suite.number,
            due=suite.signing_public_bytes,
        )
    if len(signatures) != len(suite.algorithms):
        raise SignatureInvalid(
            f"suite {suite.number} needs {len(suite.algorithms)} signatures, {len(signatures)} came",
            code="trust.signatures-missing",
            suite=suite.number,
            due=len(suite.algorithms),
            count=len(signatures),
        )
    start = 0
    for algorithm, size, signature in zip(suite.algorithms, suite.public_sizes, signatures, strict=True):
        part = public[start : start + size]
        start += size
        try:
            if algorithm == ED25519:
                Ed25519PublicKey.from_public_bytes(part).verify(signature, message)
            else:
                MLDSA65PublicKey.from_public_bytes(part).verify(signature, message)
        except (InvalidSignature, ValueError) as exc:
            raise SignatureInvalid(
                f"the {algorithm} signature is not made by the expected key, or the text was changed after signing",
                code="trust.signature-wrong",
                algorithm=algorithm,
            ) from exc


def split_signature(suite: Suite, joined: bytes) -> tuple[bytes, ...]:
    """Return the parts of signatures standing one behind the other. Raises SignatureInvalid for another length."""
    if len(joined) != suite.signature_bytes:
        raise SignatureInvalid(
            f"a signature of suite {suite.number} has {suite.signature_bytes} bytes; this one has {len(joined)}",
            code="trust.signature-length",
            suite=suite.number,
            due=suite.signature_bytes,
            size=len(joined),
        )
    parts, start = [], 0
    for size in suite.signature_sizes:
        parts.append(joined[start : start + size])
        start += size
    return tuple(parts)


def encryption_public(suite: Suite, secret: bytes) -> bytes:
    """Return the public bytes of an encryption key: X25519, or ML-KEM-768 followed by X25519."""
    x25519 = X25519PrivateKey.from_private_bytes(secret[-X25519_BYTES:]).public_key().public_bytes_raw()
    if suite.number == 1:
        return x25519
    return MLKEM768PrivateKey.from_seed_bytes(secret[:ML_KEM_SEED_BYTES]).public_key().public_bytes_raw() + x25519


def wrap_key(suite: Suite, content_key: bytes, public: bytes, info: bytes) -> bytes:
    """Return `content_key` sealed to `public` by HPKE, bound to `info`."""
    if len(public) != suite.encryption_public_bytes:
        raise KeyUnreadable(
            f"an encryption key of suite {suite.number} has {suite.encryption_public_bytes} bytes",
            code="trust.key-encryption-length",
            suite=suite.number,
            due=suite.encryption_public_bytes,
        )
    try:
        x25519 = X25519PublicKey.from_public_bytes(public[-X25519_BYTES:])
        if suite.number == 1:
            return _HPKE[1].encrypt(content_key, x25519, info)
        ml_kem = MLKEM768PublicKey.from_public_bytes(public[:-X25519_BYTES])
        return _HPKE[2].encrypt(content_key, MLKEM768X25519PublicKey(ml_kem, x25519), info)
    except ValueError as exc:
        raise KeyUnreadable(
            f"the recipient's encryption key is no valid key: {exc}", code="trust.key-invalid", why=exc
        ) from exc


def unwrap_key(suite: Suite, wrapped: bytes, secret: bytes, info: bytes) -> bytes:
    """Return the content key that was sealed to us. Raises SealBroken when it was not, or was changed."""
    x25519 = X25519PrivateKey.from_private_bytes(secret[-X25519_BYTES:])
    try:
        if suite.number == 1:
            return _HPKE[1].decrypt(wrapped, x25519, info)
        ml_kem = MLKEM768PrivateKey.from_seed_bytes(secret[:ML_KEM_SEED_BYTES])
        return _HPKE[2].decrypt(wrapped, MLKEM768X25519PrivateKey(ml_kem, x25519), info)
    except (InvalidTag, ValueError) as exc:
        raise SealBroken(
            "the content key is not sealed to this key, or the message was changed on its way",
            code="trust.seal-content-key",
        ) from exc
