"""The request a witness takes, as text: C2SP tlog-witness, `add-checkpoint`.

old 17
<base64 of each hash of the consistency proof, one a line>
<empty line>
<the signed checkpoint>
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from tidegate.errors import InputUnreadable
from tidegate.wording.problems import problem

MAX_HASHES = 63
MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """The size the witness saw last (0 for never), the proof from there to the new head, and the signed note."""

    old_size: int
    proof: Sequence[bytes]
    note: str

    def to_bytes(self) -> bytes:
        """Return the request body."""
        lines = [
            f"old {self.old_size}",
            *(base64.b64encode(item).decode("ascii") for item in self.proof),
            "",
            self.note,
        ]
        return "\n".join(lines).encode()


def read_add_checkpoint(body: bytes) -> AddCheckpoint:
    """Return the request in `body`. Raises InputUnreadable naming the line that is not as C2SP asks."""
    if len(body) > MAX_BYTES:
        raise problem(InputUnreadable, "witness-request.too-large", most=MAX_BYTES, size=len(body))
    try:
        head, _, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as exc:
        raise problem(InputUnreadable, "witness-request.no-text") from exc
    first, *hashes = head.split("\n")
    word, _, number = first.partition(" ")
    if word != "old" or not number.isascii() or not number.isdigit() or (len(number) > 1 and number[0] == "0"):
        raise problem(InputUnreadable, "witness-request.no-size", value=first[:40])
    if len(hashes) > MAX_HASHES or not note:
        raise problem(InputUnreadable, "witness-request.form", most=MAX_HASHES)
    return AddCheckpoint(int(number), tuple(_hash(line, place) for place, line in enumerate(hashes, 2)), note)


def _hash(line: str, place: int) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise problem(InputUnreadable, "witness-request.base64", line=place) from exc
    if len(data) != 32:
        raise problem(InputUnreadable, "witness-request.hash-length", line=place, size=len(data))
    return data
