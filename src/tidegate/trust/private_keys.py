"""Private keys of a node: a root that signs key notices, and working keys that sign, seal and open for a while.

Bytes: "TGRK" or "TGWK", version 1, suite, then the seeds in the order Ed25519, [ML-DSA-65], [ML-KEM-768], X25519.
The same keys always give the same bytes. They are secret: lock them (locked_secret) before they touch a disk.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from tidegate.trust.faults import KeyUnreadable
from tidegate.trust.suites import SEED_BYTES, SigningKey, Suite, encryption_public, suite_of

_ROOT_MAGIC, _WORKING_MAGIC = b"TGRK", b"TGWK"
_VERSION = 1
_KEY_ID_DOMAIN = b"tidegate/key-id/v1\x00"
KEY_ID_BYTES = 16


class RootKey:
    """The key a node, or a publisher of lists, is known by; each has its own, locked or offline while it does not sign.

    A node's signs key notices and nothing else; a publisher's signs packs and nothing else.
    `public` is one byte for the suite, then the signing key's parts; its words are read aloud at a meeting.
    """

    __slots__ = ("_signing",)

    def __init__(self, signing: SigningKey) -> None:
        self._signing = signing

    @property
    def suite(self) -> int:
        """Return the suite's number."""
        return self._signing.suite.number

    @property
    def public(self) -> bytes:
        """Return the public bytes, which name their suite."""
        return bytes([self.suite]) + self._signing.public

    @property
    def root_id(self) -> str:
        """Return the short name of this root in signatures."""
        return root_id(self.public)

    def sign(self, message: bytes) -> tuple[bytes, ...]:
        """Return one signature for each algorithm of the suite."""
        return self._signing.sign(message)

    def to_bytes(self) -> bytes:
        """Return the secret bytes of this key."""
        return _ROOT_MAGIC + bytes([_VERSION, self.suite]) + self._signing.seeds

    @classmethod
    def from_bytes(cls, data: bytes) -> RootKey:
        """Return the key that to_bytes wrote. Raises KeyUnreadable."""
        suite, seeds = _read(data, _ROOT_MAGIC, "root key")
        return cls(SigningKey(suite, seeds))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RootKey) and hmac.compare_digest(self.to_bytes(), other.to_bytes())

    def __hash__(self) -> int:
        return hash(self.public)

    def __repr__(self) -> str:
        return f"RootKey(suite={self.suite}, root_id={self.root_id!r})"


class WorkingKeys:
    """The signing and encryption keys of one period, made known by a key notice."""

    __slots__ = ("_encryption_secret", "_signing", "encryption_public", "key_id")

    def __init__(self, signing: SigningKey, encryption_secret: bytes) -> None:
        if len(encryption_secret) != signing.suite.encryption_secret_bytes:
            raise KeyUnreadable(
                f"an encryption secret of suite {signing.suite.number} has {signing.suite.encryption_secret_bytes} bytes",
                code="trust.key-secret-length",
                suite=signing.suite.number,
                due=signing.suite.encryption_secret_bytes,
            )
        self._signing = signing
        self._encryption_secret = encryption_secret
        self.encryption_public = encryption_public(signing.suite, encryption_secret)
        self.key_id = key_id_of(signing.suite.number, signing.public, self.encryption_public)

    @property
    def suite(self) -> int:
        """Return the suite's number."""
        return self._signing.suite.number

    @property
    def signing_public(self) -> bytes:
        """Return the public signing key: its parts one behind the other."""
        return self._signing.public

    @property
    def signing(self) -> SigningKey:
        """Return the private signing half."""
        return self._signing

    @property
    def encryption_secret(self) -> bytes:
        """Return the private encryption half."""
        return self._encryption_secret

    def sign(self, message: bytes) -> tuple[bytes, ...]:
        """Return one signature for each algorithm of the suite."""
        return self._signing.sign(message)

    def sign_ed25519(self, message: bytes) -> bytes:
        """Return the Ed25519 signature alone, for HTTP message signatures and signed notes."""
        return self._signing.ed25519.sign(message)

    def to_bytes(self) -> bytes:
        """Return the secret bytes of these keys."""
        return _WORKING_MAGIC + bytes([_VERSION, self.suite]) + self._signing.seeds + self._encryption_secret

    @classmethod
    def from_bytes(cls, data: bytes) -> WorkingKeys:
        """Return the keys that to_bytes wrote. Raises KeyUnreadable."""
        suite, secret = _read(data, _WORKING_MAGIC, "working key")
        seeds = SEED_BYTES * len(suite.algorithms)
        return cls(SigningKey(suite, secret[:seeds]), secret[seeds:])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkingKeys) and hmac.compare_digest(self.to_bytes(), other.to_bytes())

    def __hash__(self) -> int:
        return hash(self.key_id)

    def __repr__(self) -> str:
        return f"WorkingKeys(suite={self.suite}, key_id={self.key_id!r})"


def generate_root(suite: int = 1) -> RootKey:
    """Return a new root key. Raises SuiteMismatch for an unknown suite."""
    shape = suite_of(suite)
    return RootKey(SigningKey(shape, secrets.token_bytes(SEED_BYTES * len(shape.algorithms))))


def generate_working_keys(suite: int = 1) -> WorkingKeys:
    """Return new working keys. Raises SuiteMismatch for an unknown suite."""
    shape = suite_of(suite)
    signing = SigningKey(shape, secrets.token_bytes(SEED_BYTES * len(shape.algorithms)))
    return WorkingKeys(signing, secrets.token_bytes(shape.encryption_secret_bytes))


def key_id_of(suite: int, signing_public: bytes, encryption_public_bytes: bytes) -> str:
    """Return the name of working keys: 32 hexadecimal characters of SHA-256 over suite and both public keys."""
    digest = hashlib.sha256(_KEY_ID_DOMAIN + bytes([suite]) + signing_public + encryption_public_bytes)
    return digest.digest()[:KEY_ID_BYTES].hex()


def root_id(root_public: bytes) -> str:
    """Return the short name of a root: 32 hexadecimal characters. It identifies; the eight words authenticate."""
    return hashlib.sha256(b"tidegate/root-id/v1\x00" + root_public).digest()[:KEY_ID_BYTES].hex()


def split_root_public(root_public: bytes) -> tuple[Suite, bytes]:
    """Return a root's suite and signing key. Raises KeyUnreadable."""
    if not root_public:
        raise KeyUnreadable("the root key is empty; take it from the partner's invite", code="trust.root-empty")
    suite = suite_of(root_public[0])
    if len(root_public) != 1 + suite.signing_public_bytes:
        raise KeyUnreadable(
            f"a root key of suite {suite.number} has {1 + suite.signing_public_bytes} bytes; this has {len(root_public)}",
            code="trust.root-length",
            suite=suite.number,
            due=1 + suite.signing_public_bytes,
            size=len(root_public),
        )
    return suite, root_public[1:]


def _read(data: bytes, magic: bytes, what: str) -> tuple[Suite, bytes]:
    if data[:4] != magic or len(data) < 6 or data[4] != _VERSION:
        raise KeyUnreadable(
            f"these bytes are no {what} of version {_VERSION}; they may be another kind of key",
            code="trust.key-form",
            what=what,
            version=_VERSION,
        )
    suite = suite_of(data[5])
    secret = data[6:]
    due = SEED_BYTES * len(suite.algorithms) + (suite.encryption_secret_bytes if magic == _WORKING_MAGIC else 0)
    if len(secret) != due:
        raise KeyUnreadable(
            f"a {what} of suite {suite.number} holds {due} secret bytes; this holds {len(secret)}",
            code="trust.key-length",
            what=what,
            suite=suite.number,
            due=due,
            size=len(secret),
        )
    return suite, secret
