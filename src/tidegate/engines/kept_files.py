"""Kept files: plain values on this computer between two runs, read only where nobody else could have written them.

A file is MAGIC, 16 bytes of BLAKE2b over the rest, then one marshal value. It is a cache: a missing, damaged or foreign
file is passed over, never trusted, and a full or closed disk costs time at the next start, nothing else.
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

MAGIC = b"tidegate-kept-1\n"
_DIGEST_BYTES = 16


def read_kept(file: Path) -> Any:
    """Return the value that write_kept wrote, None where there is no such file or it is not whole."""
    try:
        # Only a file that this very user wrote, in a closed folder, is opened.
        if hasattr(os, "getuid") and (file.stat().st_uid != os.getuid() or file.parent.stat().st_mode & 0o022):
            return None
        data = file.read_bytes()
        start = len(MAGIC) + _DIGEST_BYTES
        if data[:start] != MAGIC + hashlib.blake2b(data[start:], digest_size=_DIGEST_BYTES).digest():
            return None
        with collector_at_rest():
            return marshal.loads(memoryview(data)[start:])  # noqa: S302  # whole, as this very program wrote it
    except (OSError, ValueError, EOFError, TypeError):
        return None


def write_kept(file: Path, value: Any, *, most: int) -> None:
    """Keep a plain value in `file`. most: how many files of its suffix stay in its folder, the oldest are thrown away."""
    body = marshal.dumps(value)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
        with open(handle, "wb") as stream:
            stream.write(MAGIC + hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() + body)
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
