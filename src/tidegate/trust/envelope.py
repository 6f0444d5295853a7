"""Sealed messages (.tgd): one text, readable by the named recipients alone, checkable by any courier, provably one text.

    header   "TGD", format 1, suite, nonce (12), key commitment (32), sender key id (16),
             message id (length 1, ASCII), recipients (count 1, key id 16 each)
    wraps    for each recipient the content key under HPKE, info = domain, SHA-256(header), that recipient's key id
    outer    signature over PAE(SEALED_TYPE, header, SHA-256(wraps), SHA-256(body)): couriers refuse junk unopened
    body     AES-256-GCM under the content key, associated data = header, of:
             inner signature, then length of the text (8), text, zeros up to the next bucket

The inner signature is over PAE(STATEMENT_TYPE, statement), where the statement is canonical JSON naming message id,
suite, sender, **every** recipient and SHA-256(text). It is made again from header and text on opening, so it cannot
say anything else; and a recipient who passes the text on cannot make it look as if it was sent to another.
The commitment, SHA-256(domain, content key, nonce), is compared by each recipient: AES-GCM alone does not fix its key,
so without it one body could open to two different texts for two recipients.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tidegate.trust.canonical import dump_canonical
from tidegate.trust.dsse import Verifier, pae
from tidegate.trust.faults import MessageTooLarge, NotARecipient, SealBroken, SignatureInvalid, SuiteMismatch
from tidegate.trust.private_keys import KEY_ID_BYTES, WorkingKeys
from tidegate.trust.suites import (
    CONTENT_KEY_BYTES,
    Suite,
    split_signature,
    suite_of,
    unwrap_key,
    verify_signatures,
    wrap_key,
)

SEALED_TYPE = "application/vnd.tidegate.sealed"
STATEMENT_TYPE = "application/vnd.tidegate.sealed-statement+json"
MOST_BYTES = 64 << 20
MOST_RECIPIENTS = 32
BUCKETS = (1 << 10, 4 << 10, 16 << 10, 64 << 10)

_MAGIC, _FORMAT = b"TGD", 1
_NONCE_BYTES, _COMMITMENT_BYTES, _LENGTH_BYTES, _GCM_TAG_BYTES = 12, 32, 8, 16
_COMMIT = b"tidegate/key-commitment/v1\x00"
_WRAP = b"tidegate/key-wrap/v1\x00"
_MESSAGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")


class Addressee(Protocol):
    """Public keys one can seal to: a key notice, or working keys themselves."""

    @property
    def suite(self) -> int:
        """Return the suite's number."""

    @property
    def key_id(self) -> str:
        """Return the id of the keys."""

    @property
    def encryption_public(self) -> bytes:
        """Return the public encryption key."""


@dataclass(frozen=True, slots=True)
class EnvelopeHeader:
    """What stands in the clear on a sealed message. `raw` is the header's bytes as sent."""

    suite: int
    message_id: str
    sender_key_id: str
    recipient_key_ids: tuple[str, ...]
    nonce: bytes
    commitment: bytes
    raw: bytes


def seal(payload: bytes, *, sender: WorkingKeys, recipients: Sequence[Addressee], message_id: str) -> bytes:
    """Return `payload` sealed by `sender` to `recipients`.

    message_id: 1 to 100 letters, digits and . _ : -, random, for one that counts or dates would tell a courier more.
    Raises SuiteMismatch if a recipient's keys are of another suite, MessageTooLarge beyond 64 MiB.
    """
    shape = suite_of(sender.suite)
    for recipient in recipients:
        if recipient.suite != sender.suite:
            raise SuiteMismatch(
                f"key {recipient.key_id} is of suite {recipient.suite}, ours of suite {sender.suite}; "
                "both sides need keys of the suite their agreement names",
                code="trust.suite-keys",
                key_id=recipient.key_id,
                theirs=recipient.suite,
                ours=sender.suite,
            )
    content_key = secrets.token_bytes(CONTENT_KEY_BYTES)
    header = _make_header(shape, sender.key_id, [each.key_id for each in recipients], message_id, content_key)
    inner = b"".join(sender.sign(pae(STATEMENT_TYPE, _statement(header, payload))))
    text = len(payload).to_bytes(_LENGTH_BYTES, "big") + payload
    padded = text.ljust(padded_size(len(text)), b"\x00")
    body = AESGCM(content_key).encrypt(header.nonce, inner + padded, header.raw)
    wraps = b"".join(
        wrap_key(shape, content_key, each.encryption_public, _wrap_info(header, each.key_id)) for each in recipients
    )
    outer = b"".join(sender.sign(_outer_text(header, wraps, body)))
    return header.raw + wraps + outer + body


def read_header(data: bytes) -> EnvelopeHeader:
    """Return the header as written, to look up whose keys to check it with. Nothing is trusted yet. Raises SealBroken."""
    if data[: len(_MAGIC)] != _MAGIC or len(data) < 68 or data[3] != _FORMAT:
        raise SealBroken(
            "these bytes are no sealed message of a form known here; the file may be cut or of another kind",
            code="trust.seal-form",
        )
    suite = data[4]
    at = 5
    nonce, at = data[at : at + _NONCE_BYTES], at + _NONCE_BYTES
    commitment, at = data[at : at + _COMMITMENT_BYTES], at + _COMMITMENT_BYTES
    sender, at = data[at : at + KEY_ID_BYTES].hex(), at + KEY_ID_BYTES
    length, at = data[at], at + 1
    name, at = data[at : at + length], at + length
    count = data[at] if at < len(data) else 0
    end = at + 1 + count * KEY_ID_BYTES
    message_id = name.decode("ascii", errors="replace")
    if not 1 <= count <= MOST_RECIPIENTS or end > len(data) or not _MESSAGE_ID.fullmatch(message_id):
        raise SealBroken(
            "the header of this sealed message is cut or changed; ask the sender for it again", code="trust.seal-header"
        )
    ids = tuple(data[place : place + KEY_ID_BYTES].hex() for place in range(at + 1, end, KEY_ID_BYTES))
    return EnvelopeHeader(suite, message_id, sender, ids, nonce, commitment, data[:end])


def check_outer(data: bytes, sender: Verifier, *, suite: int | None = None) -> EnvelopeHeader:
    """Return the header if `sender` put its outer signature on this message. Opens nothing.

    suite: the one the agreement names; by default that of the sender's notice. Raises SuiteMismatch for any other,
    SignatureInvalid or SealBroken when the message is forged, changed or cut.
    """
    header, _, _ = _checked(data, sender, suite)
    return header


def open_sealed(data: bytes, *, recipient: WorkingKeys, sender: Verifier, suite: int | None = None) -> bytes:
    """Return the text sealed by `sender` to `recipient`, after every check there is.

    suite: as in check_outer. Raises NotARecipient, SuiteMismatch, SignatureInvalid, SealBroken.
    """
    header, wraps, body = _checked(data, sender, suite)
    shape = suite_of(header.suite)
    if recipient.suite != header.suite:
        raise SuiteMismatch(
            f"the message is of suite {header.suite}, our keys of suite {recipient.suite}",
            code="trust.suite-message",
            found=header.suite,
            ours=recipient.suite,
        )
    if recipient.key_id not in header.recipient_key_ids:
        raise NotARecipient(
            f"message {header.message_id} is not sealed to our keys {recipient.key_id}; older keys may open it",
            code="trust.seal-not-ours",
            message_id=header.message_id,
            key_id=recipient.key_id,
        )
    place = header.recipient_key_ids.index(recipient.key_id) * shape.wrap_bytes
    wrapped = wraps[place : place + shape.wrap_bytes]
    content_key = unwrap_key(shape, wrapped, recipient.encryption_secret, _wrap_info(header, recipient.key_id))
    if not hmac.compare_digest(_commitment(content_key, header.nonce), header.commitment):
        raise SealBroken(
            f"message {header.message_id} does not commit to its key: recipients might read different texts",
            code="trust.seal-commitment",
            message_id=header.message_id,
        )
    try:
        opened = AESGCM(content_key).decrypt(header.nonce, body, header.raw)
    except InvalidTag as exc:
        raise SealBroken(
            f"the body of message {header.message_id} was changed; ask the sender for it again",
            code="trust.seal-body",
            message_id=header.message_id,
        ) from exc
    signature, payload = _unpad(shape, opened)
    text = pae(STATEMENT_TYPE, _statement(header, payload))
    verify_signatures(shape, sender.signing_public, text, split_signature(shape, signature))
    return payload


def seal_to_self(payload: bytes, working: WorkingKeys) -> bytes:
    """Return `payload` sealed to our own keys: how drafts wait until the moment of sending."""
    return seal(payload, sender=working, recipients=[working], message_id="own-" + secrets.token_hex(12))


def open_own(data: bytes, working: Sequence[WorkingKeys]) -> bytes:
    """Return a text that we sealed to ourselves with one of `working`. Raises NotARecipient if none of them did."""
    sender = read_header(data).sender_key_id
    for keys in working:
        if keys.key_id == sender:
            return open_sealed(data, recipient=keys, sender=keys)
    raise NotARecipient(
        f"none of the {len(working)} keys held here sealed this text; it was sealed by keys {sender}",
        code="trust.seal-no-key",
        count=len(working),
        sender=sender,
    )


def padded_size(size: int) -> int:
    """Return the size a text and its length are padded to: 1, 4, 16 or 64 KiB, then steps of ten per cent. Raises MessageTooLarge."""
    if size > MOST_BYTES:
        raise MessageTooLarge(
            f"a message holds at most {MOST_BYTES >> 20} MiB; split these {size} bytes",
            code="trust.message-limit",
            most=MOST_BYTES >> 20,
            size=size,
        )
    for bucket in BUCKETS:
        if size <= bucket:
            return bucket
    bucket = BUCKETS[-1]
    while bucket < size:
        bucket += bucket // 10
    return bucket


def _make_header(
    shape: Suite, sender_key_id: str, recipient_key_ids: Sequence[str], message_id: str, content_key: bytes
) -> EnvelopeHeader:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"a message id is 1 to 100 letters, digits and . _ : -, not {message_id!r}")
    if not 1 <= len(recipient_key_ids) <= MOST_RECIPIENTS or len(set(recipient_key_ids)) != len(recipient_key_ids):
        raise ValueError(f"a message goes to 1 to {MOST_RECIPIENTS} different keys, not {list(recipient_key_ids)}")
    nonce = secrets.token_bytes(_NONCE_BYTES)
    commitment = _commitment(content_key, nonce)
    name = message_id.encode("ascii")
    raw = b"".join(
        [
            _MAGIC,
            bytes([_FORMAT, shape.number]),
            nonce,
            commitment,
            bytes.fromhex(sender_key_id),
            bytes([len(name)]),
            name,
            bytes([len(recipient_key_ids)]),
            *(bytes.fromhex(key_id) for key_id in recipient_key_ids),
        ]
    )
    return EnvelopeHeader(shape.number, message_id, sender_key_id, tuple(recipient_key_ids), nonce, commitment, raw)


def _checked(data: bytes, sender: Verifier, suite: int | None) -> tuple[EnvelopeHeader, bytes, bytes]:
    """Return (header, wraps, body) once suite, sender and outer signature are as they must be."""
    header = read_header(data)
    expected = sender.suite if suite is None else suite
    if header.suite != expected or sender.suite != expected:
        raise SuiteMismatch(
            f"expected suite {expected}, the message is of suite {header.suite} and the sender's keys of suite "
            f"{sender.suite}; a message is only taken in the suite the agreement names",
            code="trust.suite-expected",
            expected=expected,
            found=header.suite,
            sender=sender.suite,
        )
    if header.sender_key_id != sender.key_id:
        raise SignatureInvalid(
            f"the message is signed by keys {header.sender_key_id}, not by {sender.key_id}; "
            "ask the sender for its current key notice",
            code="trust.seal-other-signer",
            key_id=header.sender_key_id,
            wanted=sender.key_id,
        )
    shape = suite_of(header.suite)
    start = len(header.raw)
    outer_at = start + len(header.recipient_key_ids) * shape.wrap_bytes
    body_at = outer_at + shape.signature_bytes
    if len(data) < body_at + shape.signature_bytes + BUCKETS[0] + _GCM_TAG_BYTES:
        raise SealBroken(
            f"message {header.message_id} is cut; ask the sender for it again",
            code="trust.seal-cut",
            message_id=header.message_id,
        )
    wraps, outer, body = data[start:outer_at], data[outer_at:body_at], data[body_at:]
    text = _outer_text(header, wraps, body)
    verify_signatures(shape, sender.signing_public, text, split_signature(shape, outer))
    return header, wraps, body


def _unpad(shape: Suite, opened: bytes) -> tuple[bytes, bytes]:
    """Return (inner signature, text) of an opened body whose padding is as we make it."""
    signature, padded = opened[: shape.signature_bytes], opened[shape.signature_bytes :]
    end = _LENGTH_BYTES + int.from_bytes(padded[:_LENGTH_BYTES], "big")
    if end > len(padded) or padded_size(end) != len(padded) or padded[end:].strip(b"\x00"):
        raise SealBroken(
            "the opened body has a length or padding that no sender of ours makes", code="trust.seal-padding"
        )
    return signature, padded[_LENGTH_BYTES:end]


def _statement(header: EnvelopeHeader, payload: bytes) -> bytes:
    return dump_canonical(
        {
            "v": 1,
            "message_id": header.message_id,
            "suite": header.suite,
            "sender": header.sender_key_id,
            "recipients": list(header.recipient_key_ids),
            "payload_sha256": hashlib.sha256(payload).hexdigest(),
        }
    )


def _outer_text(header: EnvelopeHeader, wraps: bytes, body: bytes) -> bytes:
    return pae(SEALED_TYPE, header.raw + hashlib.sha256(wraps).digest() + hashlib.sha256(body).digest())


def _commitment(content_key: bytes, nonce: bytes) -> bytes:
    return hashlib.sha256(_COMMIT + content_key + nonce).digest()


def _wrap_info(header: EnvelopeHeader, key_id: str) -> bytes:
    return _WRAP + hashlib.sha256(header.raw).digest() + bytes.fromhex(key_id)
