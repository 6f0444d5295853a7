"""Secrets under a passphrase: Argon2id (RFC 9106) makes a key, AES-256-GCM locks with it.

Bytes: "TGLK", version 1, kdf 1 (Argon2id), memory in KiB (4 bytes), passes (1), lanes (1), salt (16), nonce (12), then
the locked secret. All before it is the associated data, so the cost cannot be lowered unseen.
"""

from __future__ import annotations

import secrets
import struct
import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tidegate.trust.faults import KeyUnreadable, PassphraseWrong

_MAGIC, _VERSION, _ARGON2ID = b"TGLK", 1, 1
_HEADER = struct.Struct(">4sBBIBB16s12s")
_TAG_BYTES = 16
_MOST_MEMORY_KIB, _MOST_PASSES, _MOST_LANES = 1 << 20, 16, 16


@dataclass(frozen=True, slots=True)
class LockCost:
    """What one try of a passphrase costs: memory in KiB, passes over it, lanes worked at once."""

    memory_kib: int = 64 * 1024  # RFC 9106 section 4, the second recommended choice
    passes: int = 3
    lanes: int = 4


DEFAULT_COST = LockCost()


def lock_secret(secret: bytes, passphrase: str, *, cost: LockCost = DEFAULT_COST) -> bytes:
    """Return `secret` locked with `passphrase`. Two locks of one secret differ. Raises PassphraseWrong if empty."""
    if not passphrase:
        raise PassphraseWrong(
            "the passphrase is empty; choose one, for it is all that guards the keys on a stolen disk",
            code="trust.passphrase-empty",
        )
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    header = _HEADER.pack(_MAGIC, _VERSION, _ARGON2ID, cost.memory_kib, cost.passes, cost.lanes, salt, nonce)
    return header + AESGCM(_derive(passphrase, salt, cost)).encrypt(nonce, secret, header)


def unlock_secret(locked: bytes, passphrase: str) -> bytes:
    """Return the secret. Raises PassphraseWrong, or KeyUnreadable when the bytes are no locked secret."""
    if len(locked) < _HEADER.size + _TAG_BYTES:
        raise KeyUnreadable(
            "these bytes are too short to be a locked secret; the file may be cut", code="trust.locked-short"
        )
    header = locked[: _HEADER.size]
    magic, version, kdf, memory_kib, passes, lanes, salt, nonce = _HEADER.unpack(header)
    if (magic, version, kdf) != (_MAGIC, _VERSION, _ARGON2ID):
        raise KeyUnreadable("these bytes are no locked secret that this version knows", code="trust.locked-unknown")
    cost = LockCost(memory_kib, passes, lanes)
    # A forged header must not make us spend a machine's memory before the seal is checked.
    if not (1 <= passes <= _MOST_PASSES and 1 <= lanes <= _MOST_LANES and 8 * lanes <= memory_kib <= _MOST_MEMORY_KIB):
        raise KeyUnreadable(
            f"the locked secret asks for {memory_kib} KiB, {passes} passes, {lanes} lanes: out of bounds",
            code="trust.locked-bounds",
            memory=memory_kib,
            passes=passes,
            lanes=lanes,
        )
    if not passphrase:
        raise PassphraseWrong("the passphrase is empty", code="trust.passphrase-empty")
    try:
        return AESGCM(_derive(passphrase, salt, cost)).decrypt(nonce, locked[_HEADER.size :], header)
    except InvalidTag as exc:
        raise PassphraseWrong(
            "the passphrase does not open this key, or its file is damaged; try again", code="trust.passphrase-no-key"
        ) from exc


def _derive(passphrase: str, salt: bytes, cost: LockCost) -> bytes:
    # One passphrase can be typed in two Unicode forms on two keyboards; NFC makes them one (RFC 8265 section 4.2).
    text = unicodedata.normalize("NFC", passphrase).encode("utf-8")
    return hash_secret_raw(text, salt, cost.passes, cost.memory_kib, cost.lanes, 32, Type.ID)
