"""Small helpers of the store's tests: folders that another account may enter, and waiting."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED = "/dev/shm"  # in memory: a database has hundreds of small files


@contextmanager
def open_folder() -> Iterator[Path]:
    """A short temporary folder that others may pass through (pytest's own is closed to them)."""
    folder = Path(tempfile.mkdtemp(prefix="tidegate-t-", dir=SHARED if os.access(SHARED, os.W_OK) else None))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        folder.chmod(0o711)
        shutil.rmtree(folder, ignore_errors=True)
