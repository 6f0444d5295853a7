"""Salted digests: commit to every statement at once, show some now, and let the rest be checked when shown later.

digest = SHA-256(domain | salt | canonical statement). salt = first 16 bytes of HMAC-SHA-256(secret, statement digest),
where the secret is drawn anew for each message and recipient: so two partners cannot link what each was shown, and the
holder can make a salt again from the statement alone. Digests are sorted, and padded with decoys to 8, 16, 32, 64…,
since the order and the count of what is withheld would tell something too. Shape: ISO/IEC 18013-5 section 9.1.2.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tidegate.trust.faults import StatementNotCommitted

SALT_BYTES = 16
SECRET_BYTES = 32
SMALLEST = 8
_DIGEST = b"tidegate/statement/v1\x00"
_SALT = b"tidegate/statement-salt/v1\x00"
_DECOY = b"tidegate/statement-decoy/v1\x00"


@dataclass(frozen=True, slots=True)
class DigestList:
    """The digests to sign (sorted, decoys among them), and for us the salt of each statement in the order given."""

    digests: tuple[bytes, ...]
    salts: tuple[bytes, ...] = field(repr=False)

    @property
    def hex_digests(self) -> list[str]:
        """Return the digests as they stand in a message: 64 hexadecimal characters each, sorted."""
        return [digest.hex() for digest in self.digests]


def digest_statements(items: Sequence[bytes], secret: bytes) -> DigestList:
    """Return the digests and salts of `items`, each the canonical bytes of a statement.

    secret: 32 random bytes for this message and recipient alone. The same items and secret give the same list.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"the secret has {len(secret)} bytes; it needs {SECRET_BYTES}, drawn for this message alone")
    seen: Counter[bytes] = Counter()
    salts = []
    for item in items:
        salts.append(_salt(item, seen[item], secret))
        seen[item] += 1
    digests = [statement_digest(item, salt) for item, salt in zip(items, salts, strict=True)]
    size = max(SMALLEST, 1 << (len(digests) - 1).bit_length() if digests else 0)
    digests += [
        hmac.digest(secret, _DECOY + number.to_bytes(8, "big"), "sha256") for number in range(size - len(digests))
    ]
    return DigestList(tuple(sorted(digests)), tuple(salts))


def statement_digest(item: bytes, salt: bytes) -> bytes:
    """Return the digest of one statement under its salt."""
    if len(salt) != SALT_BYTES:
        raise StatementNotCommitted(
            f"a salt has {SALT_BYTES} bytes; this one has {len(salt)}",
            code="trust.salt-length",
            due=SALT_BYTES,
            size=len(salt),
        )
    return hashlib.sha256(_DIGEST + salt + item).digest()


def check_statement(digests: Sequence[bytes], item: bytes, salt: bytes) -> None:
    """Check that `item` is one of the statements fixed by `digests`. Raises StatementNotCommitted."""
    if statement_digest(item, salt) not in digests:
        raise StatementNotCommitted(
            "this statement is none of those whose digests were signed; ask the sender which message it belongs to",
            code="trust.statement-not-committed",
        )


def withheld_at_most(digests: Sequence[bytes], shown: int) -> int:
    """Return how many statements may still be withheld, counting decoys, when `shown` have been shown."""
    return max(0, len(digests) - shown)


def _salt(item: bytes, occurrence: int, secret: bytes) -> bytes:
    label = _SALT + occurrence.to_bytes(8, "big") + hashlib.sha256(item).digest()
    return hmac.digest(secret, label, "sha256")[:SALT_BYTES]
