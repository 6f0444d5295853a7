"""A proof that one leaf stands in a log, as a text of its own: C2SP tlog-proof v1.

Line 1 names the form; `extra` is the leaf's data in base64; `index`; one hash a line; an empty line; the checkpoint.
Whoever has the log's verifier key can check it without this node, now or in twenty years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tidegate.errors import InputUnreadable
from tidegate.trust.audit_tree import leaf_hash, verify_inclusion
from tidegate.trust.checkpoint import Checkpoint, NoteVerifier, open_checkpoint
from tidegate.trust.encoding import from_base64, to_base64
from tidegate.trust.faults import NotCanonical
from tidegate.wording.problems import problem

HEADER = "c2sp.org/tlog-proof@v1"
LONGEST = 64 * 1024
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class TlogProof:
    """leaf: the leaf's data, before hashing. hashes: the path of 32 bytes each. checkpoint: the signed note."""

    leaf: bytes
    index: int
    hashes: Sequence[bytes]
    checkpoint: str

    def to_text(self) -> str:
        """Return the proof as text."""
        lines = [HEADER, f"extra {to_base64(self.leaf)}", f"index {self.index}"]
        return (
            "".join(f"{line}\n" for line in [*lines, *(to_base64(each) for each in self.hashes), ""]) + self.checkpoint
        )


def read_proof(text: str) -> TlogProof:
    """Return the proof a text spells. Raises InputUnreadable naming the line; nothing is checked yet."""
    if len(text) > LONGEST:
        raise problem(InputUnreadable, "proof.too-long", most=LONGEST, size=len(text))
    head, mark, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not mark or lines[0] != HEADER:
        raise problem(InputUnreadable, "proof.no-proof", header=HEADER)
    if len(lines) < 3 or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise problem(InputUnreadable, "proof.no-leaf")
    digits = lines[2].removeprefix("index ")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 19 or digits != str(int(digits)):
        raise problem(InputUnreadable, "proof.no-index", value=digits[:40])
    if len(lines) - 3 > MOST_HASHES:
        raise problem(InputUnreadable, "proof.too-many-hashes", most=MOST_HASHES, count=len(lines) - 3)
    try:
        return TlogProof(
            from_base64(lines[1].removeprefix("extra ")),
            int(digits),
            tuple(from_base64(line) for line in lines[3:]),
            checkpoint,
        )
    except NotCanonical as exc:
        raise problem(InputUnreadable, "proof.no-base64", why=exc) from exc


def check_proof(proof: TlogProof, verifier: NoteVerifier) -> Checkpoint:
    """Return the checkpoint under which the leaf stands. Raises SignatureInvalid, NoteUnreadable, ProofInvalid."""
    checkpoint = open_checkpoint(proof.checkpoint, verifier)
    if any(len(each) != 32 for each in proof.hashes):
        raise problem(InputUnreadable, "proof.hash-length")
    verify_inclusion(leaf_hash(proof.leaf), proof.index, checkpoint.size, list(proof.hashes), checkpoint.root)
    return checkpoint
