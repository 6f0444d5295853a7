"""Checkpoints: the size and root of a log, signed by its owner, cosigned with the time by those who watch it.

Forms: C2SP signed-note, tlog-checkpoint and tlog-cosignature v1. A signature line is an em dash, the key's name, and
base64 of a 4-byte key id and the signature. The Ed25519 half of a node's working keys signs (type 0x01) and cosigns
(type 0x04); the two texts begin differently, so one never passes for the other.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tidegate.trust.audit_tree import EMPTY_ROOT, HASH_BYTES
from tidegate.trust.encoding import from_base64, to_base64
from tidegate.trust.faults import NoFork, NotCanonical, NoteUnreadable, SignatureInvalid

ED25519_NOTE, ED25519_COSIGNATURE = 0x01, 0x04
MOST_NOTE_BYTES = 64 * 1024
MOST_LINES = 100
_DASH = "— "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


class NoteSigner(Protocol):
    """Private keys whose Ed25519 half signs notes: working keys."""

    @property
    def signing_public(self) -> bytes:
        """Return the public signing key, Ed25519 first."""

    def sign_ed25519(self, message: bytes, /) -> bytes:
        """Return the Ed25519 signature."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's name, how many leaves it has, and the root over them. extensions: further lines, as written."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> str:
        """Return the note text that is signed, ending in a newline."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), to_base64(self.root), *self.extensions))


@dataclass(frozen=True, slots=True)
class NoteVerifier:
    """A key that checks notes: its name, its type (0x01 signs, 0x04 cosigns) and 32 bytes of Ed25519."""

    name: str
    public: bytes
    algorithm: int = ED25519_NOTE

    @property
    def key_hash(self) -> bytes:
        """Return the 4-byte key id that stands in signature lines."""
        return note_key_hash(self.name, self.algorithm, self.public)

    def vkey(self) -> str:
        """Return the key as text, e.g. node-a.example+530d903a+AekyeRrm…"""
        return f"{self.name}+{self.key_hash.hex()}+{to_base64(bytes([self.algorithm]) + self.public)}"


@dataclass(frozen=True, slots=True)
class ForkProof:
    """Two checkpoints of one log and one size with different roots, both signed by its owner: it lied to somebody."""

    origin: str
    size: int
    first: str
    second: str


def note_key_hash(name: str, algorithm: int, public: bytes) -> bytes:
    """Return SHA-256(name, newline, type, public key), first 4 bytes."""
    return hashlib.sha256(_name(name).encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def parse_vkey(text: str) -> NoteVerifier:
    """Return the verifier key `text` spells. Raises NoteUnreadable."""
    found = _VKEY.fullmatch(text)
    if found is None:
        raise NoteUnreadable(
            f"{text[:100]!r} is no verifier key; expected name+8 hexadecimal characters+base64",
            code="trust.vkey-form",
            value=text[:100],
        )
    try:
        key = from_base64(found[3])
    except NotCanonical as exc:
        raise NoteUnreadable(
            f"the verifier key of {found[1]} is not proper base64", code="trust.vkey-base64", name=found[1]
        ) from exc
    if len(key) != 33 or key[0] not in (ED25519_NOTE, ED25519_COSIGNATURE):
        raise NoteUnreadable(
            f"the verifier key of {found[1]} is no Ed25519 key of type 1 or 4", code="trust.vkey-type", name=found[1]
        )
    verifier = NoteVerifier(found[1], key[1:], key[0])
    if verifier.key_hash.hex() != found[2]:
        raise NoteUnreadable(
            f"the verifier key of {found[1]} names itself {found[2]}, but is {verifier.key_hash.hex()}",
            code="trust.vkey-hash",
            name=found[1],
            told=found[2],
            found=verifier.key_hash.hex(),
        )
    return verifier


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner, *, name: str = "") -> str:
    """Return the signed note. name: the key's name, by default the log's origin, as C2SP advises."""
    body = checkpoint.body()
    parse_body(body)  # what we could not read back, we do not sign
    signature = signer.sign_ed25519(body.encode())
    return f"{body}\n{_line(name or checkpoint.origin, ED25519_NOTE, signer.signing_public[:32], signature)}"


def open_checkpoint(text: str, verifier: NoteVerifier) -> Checkpoint:
    """Return the checkpoint if the log's key `verifier` (type 0x01) signed it. Raises SignatureInvalid, NoteUnreadable."""
    body, _ = split_note(text)
    checkpoint = parse_body(body)
    if verifier.algorithm != ED25519_NOTE:
        raise SignatureInvalid(
            "a cosigner's key does not open a log's checkpoint; use the log's own key", code="trust.key-of-cosigner"
        )
    _verify(verifier, body.encode(), _signature_of(text, verifier, size=64))
    return checkpoint


def cosign(text: str, cosigner_name: str, key: NoteSigner, at: datetime) -> str:
    """Return the cosignature line (v1, type 0x04) of a signed note, to be added under it.

    It says: at this time this was the largest tree I had seen of this log, and it agrees with all I saw before. So the
    caller has checked the owner's signature and the consistency proof first.
    """
    body, _ = split_note(text)
    parse_body(body)
    seconds = _seconds(at)
    signature = key.sign_ed25519(_cosigned(seconds, body))
    packed = struct.pack(">Q", seconds) + signature
    return _line(cosigner_name, ED25519_COSIGNATURE, key.signing_public[:32], packed)


def verify_cosignature(text: str, verifier: NoteVerifier) -> datetime:
    """Return when the cosigner `verifier` (type 0x04) saw this checkpoint. Raises SignatureInvalid, NoteUnreadable."""
    if verifier.algorithm != ED25519_COSIGNATURE:
        raise SignatureInvalid(
            "a log's own key makes no cosignatures; use the cosigner's key of type 4", code="trust.key-of-log"
        )
    body, _ = split_note(text)
    parse_body(body)
    packed = _signature_of(text, verifier, size=8 + 64)
    (seconds,) = struct.unpack(">Q", packed[:8])
    if seconds > 253402300799:  # the last second of the year 9999, the last a datetime can hold
        raise SignatureInvalid(
            f"the cosignature of {verifier.name} is dated beyond any calendar",
            code="trust.cosignature-date",
            name=verifier.name,
        )
    _verify(verifier, _cosigned(seconds, body), packed[8:])
    return datetime.fromtimestamp(seconds, UTC)


def add_lines(text: str, lines: Iterable[str]) -> str:
    """Return the note with signature lines added, each one once."""
    body, held = split_note(text)
    merged = list(dict.fromkeys([*held, *(line.rstrip("\n") for line in lines)]))
    joined = body + "\n" + "".join(f"{line}\n" for line in merged)
    split_note(joined)
    return joined


def prove_fork(first: str, second: str, verifier: NoteVerifier) -> ForkProof:
    """Return the proof that the log's owner signed two different trees of one size.

    Raises NoFork when the two agree or cannot be compared, SignatureInvalid when either is not the owner's.
    """
    one, other = open_checkpoint(first, verifier), open_checkpoint(second, verifier)
    if one.origin != other.origin:
        raise NoFork(
            f"the checkpoints are of two logs, {one.origin} and {other.origin}",
            code="trust.fork-two-logs",
            first=one.origin,
            second=other.origin,
        )
    if one.size != other.size:
        raise NoFork(
            f"the checkpoints have {one.size} and {other.size} leaves; two of one size are needed, "
            "or ask the owner for a consistency proof",
            code="trust.fork-two-sizes",
            first=one.size,
            second=other.size,
        )
    if one.root == other.root:
        raise NoFork(f"the two checkpoints of {one.origin} agree", code="trust.fork-agree", log=one.origin)
    return ForkProof(one.origin, one.size, first, second)


def parse_body(body: str) -> Checkpoint:
    """Return the checkpoint that a note text spells. Raises NoteUnreadable."""
    lines = body.split("\n")[:-1]
    if len(lines) < 3 or not body.endswith("\n") or not all(lines):
        raise NoteUnreadable("a checkpoint has at least three lines: origin, size, root", code="trust.note-lines")
    if _SIZE.fullmatch(lines[1]) is None:
        raise NoteUnreadable(
            f"{lines[1][:40]!r} is no tree size; expected digits without leading zero",
            code="trust.note-size",
            value=lines[1][:40],
        )
    try:
        root = from_base64(lines[2])
    except NotCanonical as exc:
        raise NoteUnreadable("the third line of a checkpoint is the root in base64", code="trust.note-root") from exc
    size = int(lines[1])
    if len(root) != HASH_BYTES or (size == 0 and root != EMPTY_ROOT):
        raise NoteUnreadable(
            "the root of a checkpoint is 32 bytes, and that of an empty tree SHA-256 of nothing",
            code="trust.note-root-length",
        )
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


def split_note(text: str) -> tuple[str, list[str]]:
    """Return (note text, signature lines) of a signed note. Raises NoteUnreadable."""
    if len(text.encode("utf-8", errors="replace")) > MOST_NOTE_BYTES:
        raise NoteUnreadable(
            f"a note has at most {MOST_NOTE_BYTES} bytes", code="trust.note-long", most=MOST_NOTE_BYTES
        )
    if any(ord(character) < 0x20 and character != "\n" for character in text):
        raise NoteUnreadable("a note holds no control character but the newline", code="trust.note-control")
    place = text.rfind("\n\n")
    body, tail = text[: place + 1], text[place + 2 :]
    if place < 0 or not tail.endswith("\n"):
        raise NoteUnreadable("a signed note is a text, an empty line, and signature lines", code="trust.note-parts")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_LINES or any(len(line.split(" ")) != 3 or not line.startswith(_DASH) for line in lines):
        raise NoteUnreadable(
            "each signature line is an em dash, a name and base64, with one space between",
            code="trust.note-signature-line",
        )
    return body, lines


def signature_names(text: str) -> list[str]:
    """Return the key names in a note's signature lines, in order. Nothing is checked."""
    return [line.split(" ")[1] for line in split_note(text)[1]]


def _signature_of(text: str, verifier: NoteVerifier, *, size: int) -> bytes:
    """Return the signature bytes of the one line that names this key. The first such line decides, as in C2SP's own."""
    for line in split_note(text)[1]:
        _, name, packed = line.split(" ")
        try:
            data = from_base64(packed)
        except NotCanonical as exc:
            raise NoteUnreadable(
                f"the signature line of {name[:100]} is not proper base64",
                code="trust.note-signature-base64",
                name=name[:100],
            ) from exc
        if name == verifier.name and data[:4] == verifier.key_hash:
            if len(data) != 4 + size:
                raise SignatureInvalid(
                    f"the signature line of {name} has {len(data)} bytes where {4 + size} are due",
                    code="trust.note-signature-length",
                    name=name,
                    size=len(data),
                    due=4 + size,
                )
            return data[4:]
    raise SignatureInvalid(
        f"the checkpoint carries no line by {verifier.name} with key {verifier.key_hash.hex()}",
        code="trust.note-not-signed-by",
        name=verifier.name,
        key=verifier.key_hash.hex(),
    )


def _verify(verifier: NoteVerifier, message: bytes, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature, message)
    except (InvalidSignature, ValueError) as exc:
        raise SignatureInvalid(
            f"the line by {verifier.name} is not signed by its key, or the checkpoint was changed",
            code="trust.note-signature-wrong",
            name=verifier.name,
        ) from exc


def _cosigned(seconds: int, body: str) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def _seconds(at: datetime) -> int:
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return int(at.timestamp())


def _line(name: str, algorithm: int, public: bytes, signature: bytes) -> str:
    return f"{_DASH}{_name(name)} {to_base64(note_key_hash(name, algorithm, public) + signature)}\n"


def _name(name: str) -> str:
    if not name or "+" in name or any(character.isspace() or ord(character) < 0x20 for character in name):
        raise NoteUnreadable(
            f"a key name is not empty and holds neither space nor plus, unlike {name[:100]!r}",
            code="trust.note-key-name",
            name=name[:100],
        )
    return name
