"""Evidence bundles: what two sides exchanged, laid out so that a third can check it without Tidegate.

The layout is described in `data/verify_evidence.py`, the program of under 300 lines that checks a bundle and imports
nothing of Tidegate. This module only lays out bytes that were signed long before; it signs and opens nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources

from tidegate.errors import InputUnreadable
from tidegate.trust.canonical import dump_canonical
from tidegate.trust.encoding import to_instant
from tidegate.trust.spoken_words import eight_words, word_table

RECEIPT_TYPE = "application/vnd.tidegate.receipt+json"
AGREEMENT_TYPE = "application/vnd.tidegate.agreement+json"


@dataclass(frozen=True, slots=True)
class PartyEvidence:
    """One side, or the witness: its root key and the notices (and revocations) the root signed, oldest first."""

    node_id: str
    root_public: bytes
    notices: Sequence[bytes]
    revocations: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class AgreementEvidence:
    """One agreement document, and node id -> that side's DSSE over its bytes (dsse.sign with AGREEMENT_TYPE)."""

    document: bytes
    signatures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class DirectionEvidence:
    """What one side sent: sealed envelopes 1 to n as sent, and sequence number -> the receiver's receipt.

    envelopes: the bytes, or the digest in hexadecimal of one that the receiver refused and so did not keep. receipts: dsse.sign with RECEIPT_TYPE over the canonical receipt. checkpoint: the signed note over n leaves, each
    SHA-256 of an envelope, with the lines of receiver and witness; its origin ends in a stroke and the sender's node id.
    """

    sender: str
    envelopes: Sequence[bytes | str]
    checkpoint: str
    receipts: Mapping[int, bytes] = field(default_factory=dict)


def make_bundle(
    *,
    a: PartyEvidence,
    b: PartyEvidence,
    witness: PartyEvidence,
    agreements: Sequence[AgreementEvidence],
    directions: Sequence[DirectionEvidence],
    made_at: datetime,
) -> dict[str, bytes]:
    """Return path -> bytes of every file of the bundle. Equal parts give equal bytes.

    Raises InputUnreadable when a direction or signature belongs to neither side, or a receipt to no envelope.
    """
    sides = {"a": a, "b": b, "witness": witness}
    side_of = {a.node_id: "a", b.node_id: "b"}
    files: dict[str, bytes] = {"words.csv": word_table()}
    for side, party in sides.items():
        files[f"keys/{side}/root.bin"] = party.root_public
        for number, notice in enumerate(party.notices, 1):
            files[f"keys/{side}/notices/{number:06d}.json"] = notice
        for number, revocation in enumerate(party.revocations, 1):
            files[f"keys/{side}/revocations/{number:06d}.json"] = revocation
    for number, agreement in enumerate(agreements, 1):
        files[f"agreements/{number:04d}/document.json"] = agreement.document
        for node_id, signature in agreement.signatures.items():
            files[f"agreements/{number:04d}/{_side(side_of, node_id)}.json"] = signature
    pending: dict[str, list[int]] = {}
    for direction in directions:
        sender = _side(side_of, direction.sender)
        way = "a-to-b" if sender == "a" else "b-to-a"
        if way in pending:
            raise InputUnreadable(
                f"the direction from {direction.sender} stands twice; give each side's envelopes once",
                code="trust.evidence-twice",
                sender=direction.sender,
            )
        files.update(_direction_files(way, direction))
        pending[way] = [n for n in range(1, len(direction.envelopes) + 1) if n not in direction.receipts]
    files["manifest.json"] = dump_canonical(
        {
            "v": 1,
            "made_at": to_instant(made_at),
            "parties": {side: party.node_id for side, party in sides.items()},
            "words": eight_words(a.root_public, b.root_public),
            "pending": pending,
            "files": {path: hashlib.sha256(data).hexdigest() for path, data in files.items()},
        }
    )
    return files


def verifier_source() -> bytes:
    """Return the program that checks a bundle, to be handed over beside it, never inside it."""
    return resources.files("tidegate.trust").joinpath("data", "verify_evidence.py").read_bytes()


def _direction_files(way: str, direction: DirectionEvidence) -> dict[str, bytes]:
    strays = sorted(set(direction.receipts) - set(range(1, len(direction.envelopes) + 1)))
    if strays:
        raise InputUnreadable(
            f"receipts {strays} of {direction.sender} belong to no envelope of the bundle",
            code="trust.evidence-strays",
            receipts=strays,
            sender=direction.sender,
        )
    files = {
        f"{way}/leaves.json": dump_canonical(
            [each if isinstance(each, str) else hashlib.sha256(each).hexdigest() for each in direction.envelopes]
        ),
        f"{way}/checkpoint.txt": direction.checkpoint.encode(),
    }
    for number, envelope in enumerate(direction.envelopes, 1):
        if isinstance(envelope, bytes):
            files[f"{way}/envelopes/{number:08d}.tgd"] = envelope
    for number, receipt in direction.receipts.items():
        files[f"{way}/receipts/{number:08d}.json"] = receipt
    return files


def _side(side_of: Mapping[str, str], node_id: str) -> str:
    if node_id not in side_of:
        raise InputUnreadable(
            f"{node_id} is neither of the two sides {', '.join(side_of)}",
            code="trust.evidence-side",
            node=node_id,
            sides=", ".join(side_of),
        )
    return side_of[node_id]
