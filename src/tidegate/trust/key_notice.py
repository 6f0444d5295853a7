"""Key notices: signed by a node's root, they make its working keys known for a while; a revocation ends them early.

A notice is a DSSE text whose payload is canonical JSON. Whoever holds the root's public key, compared by eight words at
a meeting, needs nothing else to trust it, however long the link was down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tidegate.trust.canonical import JsonValue, dump_canonical, load_canonical
from tidegate.trust.dsse import sign_with, verify_with
from tidegate.trust.encoding import from_base64, from_instant, to_base64, to_instant
from tidegate.trust.faults import KeyNoticeInvalid, NotCanonical, SuiteMismatch
from tidegate.trust.private_keys import RootKey, WorkingKeys, key_id_of, root_id, split_root_public
from tidegate.trust.suites import ED25519_PUBLIC_BYTES, suite_of

NOTICE_TYPE = "application/vnd.tidegate.key-notice+json"
REVOCATION_TYPE = "application/vnd.tidegate.key-revocation+json"
REVOCATION_REASONS = ("compromised", "lost", "retired")


@dataclass(frozen=True, slots=True)
class KeyNotice:
    """Working keys of a node, vouched for by its root, from `valid_from` until just before `valid_until`.

    tls_certificate_digest: SHA-256 of the exchange door's certificate (DER) in hexadecimal, or "" where there is none.
    """

    node_id: str
    serial: int
    suite: int
    key_id: str
    signing_public: bytes
    encryption_public: bytes
    valid_from: datetime
    valid_until: datetime
    tls_certificate_digest: str
    root_id: str

    @property
    def ed25519_public(self) -> bytes:
        """Return the Ed25519 half of the signing key, for signed notes and HTTP signatures."""
        return self.signing_public[:ED25519_PUBLIC_BYTES]


@dataclass(frozen=True, slots=True)
class Revocation:
    """The root's word that working keys must not be trusted from `revoked_at` on. Messages logged before stay valid."""

    node_id: str
    serial: int
    key_id: str
    revoked_at: datetime
    reason: str


def make_key_notice(
    root: RootKey,
    working: WorkingKeys,
    *,
    node_id: str,
    serial: int,
    valid_from: datetime,
    valid_until: datetime,
    tls_certificate_digest: str = "",
) -> bytes:
    """Return the notice for `working`, signed by `root`. serial: counts up from 1 at every renewal.

    Raises SuiteMismatch when the keys are of another suite than the root: a root never vouches for weaker keys.
    """
    if working.suite != root.suite:
        raise SuiteMismatch(
            f"the root is of suite {root.suite}, the working keys of suite {working.suite}",
            code="trust.suite-root",
            root=root.suite,
            working=working.suite,
        )
    payload = dump_canonical(
        {
            "v": 1,
            "node_id": node_id,
            "serial": serial,
            "suite": working.suite,
            "key_id": working.key_id,
            "signing_public": to_base64(working.signing_public),
            "encryption_public": to_base64(working.encryption_public),
            "valid_from": to_instant(valid_from),
            "valid_until": to_instant(valid_until),
            "tls_certificate_digest": tls_certificate_digest,
        }
    )
    _notice_from(payload, root.public)  # what we would not take ourselves, we do not sign
    return sign_with(NOTICE_TYPE, payload, root.root_id, root.suite, root.sign)


def open_key_notice(data: bytes, *, root_public: bytes) -> KeyNotice:
    """Return the notice that the root `root_public` signed.

    Raises SignatureInvalid if another key signed it, KeyNoticeInvalid if it contradicts itself.
    """
    return _notice_from(_verified(data, root_public, NOTICE_TYPE), root_public)


def make_revocation(
    root: RootKey, *, node_id: str, serial: int, key_id: str, revoked_at: datetime, reason: str
) -> bytes:
    """Return the root's signed word that the keys `key_id` end at `revoked_at`. reason: one of REVOCATION_REASONS."""
    payload = dump_canonical(
        {
            "v": 1,
            "node_id": node_id,
            "serial": serial,
            "key_id": key_id,
            "revoked_at": to_instant(revoked_at),
            "reason": reason,
        }
    )
    _revocation_from(payload)
    return sign_with(REVOCATION_TYPE, payload, root.root_id, root.suite, root.sign)


def open_revocation(data: bytes, *, root_public: bytes) -> Revocation:
    """Return the revocation that the root signed. Raises SignatureInvalid, KeyNoticeInvalid."""
    return _revocation_from(_verified(data, root_public, REVOCATION_TYPE))


def require_valid(notice: KeyNotice, at: datetime, revocations: Iterable[Revocation] = ()) -> None:
    """Check that the keys of `notice` were good at `at`. Raises KeyNoticeInvalid saying since or until when not."""
    if not notice.valid_from <= at < notice.valid_until:
        raise KeyNoticeInvalid(
            f"the keys {notice.key_id} of {notice.node_id} are valid from {to_instant(notice.valid_from)} until "
            f"{to_instant(notice.valid_until)}, not at {to_instant(at)}; ask for the newest key notice",
            code="trust.notice-out-of-time",
            key_id=notice.key_id,
            node=notice.node_id,
            since=to_instant(notice.valid_from),
            until=to_instant(notice.valid_until),
            at=to_instant(at),
        )
    for revocation in revocations:
        if (revocation.node_id, revocation.key_id) == (notice.node_id, notice.key_id) and at >= revocation.revoked_at:
            raise KeyNoticeInvalid(
                f"the keys {notice.key_id} of {notice.node_id} were revoked at {to_instant(revocation.revoked_at)}",
                code="trust.notice-revoked",
                key_id=notice.key_id,
                node=notice.node_id,
                at=to_instant(revocation.revoked_at),
            )


def _verified(data: bytes, root_public: bytes, payload_type: str) -> bytes:
    suite, public = split_root_public(root_public)
    return verify_with(data, root_id(root_public), suite.number, public, payload_type)


def _notice_from(payload: bytes, root_public: bytes) -> KeyNotice:
    body = _body(payload)
    suite, _ = split_root_public(root_public)
    try:
        notice = KeyNotice(
            node_id=_text(body, "node_id"),
            serial=_count(body, "serial"),
            suite=_count(body, "suite"),
            key_id=_text(body, "key_id"),
            signing_public=from_base64(body["signing_public"]),
            encryption_public=from_base64(body["encryption_public"]),
            valid_from=from_instant(body["valid_from"]),
            valid_until=from_instant(body["valid_until"]),
            tls_certificate_digest=_hex_or_empty(body, "tls_certificate_digest"),
            root_id=root_id(root_public),
        )
    except (KeyError, TypeError, ValueError, NotCanonical) as exc:
        raise KeyNoticeInvalid(
            f"the key notice is signed but not whole: {exc}", code="trust.notice-not-whole", why=exc
        ) from exc
    if notice.suite != suite.number:
        raise SuiteMismatch(
            f"a root of suite {suite.number} vouches for keys of suite {notice.suite}; refused",
            code="trust.suite-vouched",
            root=suite.number,
            found=notice.suite,
        )
    shape = suite_of(notice.suite)
    sizes = (len(notice.signing_public), len(notice.encryption_public))
    if sizes != (shape.signing_public_bytes, shape.encryption_public_bytes):
        raise KeyNoticeInvalid(
            f"the keys in the notice of {notice.node_id} have the wrong length for its suite",
            code="trust.notice-key-length",
            node=notice.node_id,
        )
    if notice.key_id != key_id_of(notice.suite, notice.signing_public, notice.encryption_public):
        raise KeyNoticeInvalid(
            f"the key notice of {notice.node_id} names its keys by another id than theirs",
            code="trust.notice-key-id",
            node=notice.node_id,
        )
    if notice.valid_from >= notice.valid_until:
        raise KeyNoticeInvalid(
            f"the key notice of {notice.node_id} ends before it begins",
            code="trust.notice-ends-early",
            node=notice.node_id,
        )
    return notice


def _revocation_from(payload: bytes) -> Revocation:
    body = _body(payload)
    try:
        revocation = Revocation(
            node_id=_text(body, "node_id"),
            serial=_count(body, "serial"),
            key_id=_text(body, "key_id"),
            revoked_at=from_instant(body["revoked_at"]),
            reason=_text(body, "reason"),
        )
    except (KeyError, TypeError, ValueError, NotCanonical) as exc:
        raise KeyNoticeInvalid(
            f"the revocation is signed but not whole: {exc}", code="trust.revocation-not-whole", why=exc
        ) from exc
    if revocation.reason not in REVOCATION_REASONS:
        raise KeyNoticeInvalid(
            f"a key is revoked as {', '.join(REVOCATION_REASONS)}; not as {revocation.reason!r}",
            code="trust.revocation-reason",
            allowed=", ".join(REVOCATION_REASONS),
            reason=revocation.reason,
        )
    return revocation


def _body(payload: bytes) -> dict[str, JsonValue]:
    try:
        body = load_canonical(payload)
    except NotCanonical as exc:
        raise KeyNoticeInvalid(
            f"the signed notice is not written canonically: {exc}", code="trust.notice-not-canonical", why=exc
        ) from exc
    if not isinstance(body, dict) or body.get("v") != 1:
        raise KeyNoticeInvalid(
            "the signed notice is of a version not known here; update this node", code="trust.notice-version"
        )
    return body


def _text(body: dict[str, JsonValue], name: str) -> str:
    value = body[name]
    if not isinstance(value, str) or not 1 <= len(value) <= 200:
        raise TypeError(f"{name} is no text of 1 to 200 characters")
    return value


def _count(body: dict[str, JsonValue], name: str) -> int:
    value = body[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TypeError(f"{name} is no number from 1 up")
    return value


def _hex_or_empty(body: dict[str, JsonValue], name: str) -> str:
    value = body[name]
    if not isinstance(value, str) or (value and (len(value) != 64 or set(value) - set("0123456789abcdef"))):
        raise TypeError(f"{name} is neither empty nor 64 hexadecimal characters")
    return value
