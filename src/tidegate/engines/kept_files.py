"""Kept files: plain values on this computer between two runs, read only where nobody else could have written them.

They are a cache: a missing, damaged or foreign file is passed over, never trusted, and a full or closed disk costs time at
the next start, nothing else.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import tempfile
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from tidegate.screening.batches import collector_at_rest

_DIGEST_BYTES = 16


def seal(magic: bytes, value: Any) -> bytes:
    """Return a plain value as bytes: `magic`, 16 bytes of BLAKE2b over the rest, then one marshal value."""
    body = marshal.dumps(value)
    return magic + hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() + body


def unseal(magic: bytes, data: bytes) -> Any:
    """Return the value that seal was given. Raises ValueError for anything else, or if one bit was changed."""
    start = len(magic) + _DIGEST_BYTES
    body = memoryview(data)[start:]
    if data[:start] != magic + hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest():
        raise ValueError("these bytes were not kept whole")
    # A hundred thousand small values arrive at once; looking for garbage among them doubles the time.
    with collector_at_rest():
        return marshal.loads(body)  # noqa: S302  # whole, as this very program wrote it


def read_closed(file: Path) -> bytes | None:
    """Return the bytes of a file that this very user wrote in a folder closed to others, None where there is none."""
    try:
        if hasattr(os, "getuid") and (file.stat().st_uid != os.getuid() or file.parent.stat().st_mode & 0o022):
            return None
        return file.read_bytes()
    except OSError:
        return None


def write_closed(file: Path, data: bytes, *, most: int) -> None:
    """Write `file` whole. most: how many files of its suffix stay in its folder, the oldest are thrown away."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
        with open(handle, "wb") as stream:
            stream.write(data)
        os.replace(name, file)
        kept = sorted(file.parent.glob(f"*{file.suffix}"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in kept[most:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


@lru_cache(maxsize=8)
def code_digest(package: str) -> str:
    """Return the digest of the code of `package` and of its tables."""
    digest = hashlib.sha256()
    held = resources.files(package)
    data = held.joinpath("data")
    entries = (*held.iterdir(), *(data.iterdir() if data.is_dir() else ()))
    for entry in sorted(entries, key=lambda one: one.name):
        if entry.is_file() and not entry.name.endswith(".pyc"):
            digest.update(entry.name.encode() + b"\x1f" + entry.read_bytes())
    return digest.hexdigest()
