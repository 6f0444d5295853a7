"""Files of the shelf: written whole or not at all, one writer at a time, and safe against a kill at any instant.

A version is a folder `NAME/v-DIGEST/` that is complete before it gets that name. `NAME/list.json` says which version
holds; replacing that one file is the instant at which a list changes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tidegate.lists.faults import ShelfWrong, shelf_wrong

ENTRY = "list.json"
_DIGITS = 24


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the shelf for one writer; others wait. Made if it is not there. Raises ShelfWrong where nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = open(folder / ".lock", "a", encoding="ascii")  # noqa: SIM115  # closed by the block below
    except OSError as problem:
        raise shelf_wrong("folder", folder=folder, problem=problem) from problem
    with lock as handle:
        try:
            import fcntl
        except (
            ImportError
        ):  # no such call on Windows; there a second writer can only replace a whole list, as the first
            yield
            return
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step: readers see the old file or the new one, never half of one.

    Raises ShelfWrong where the disk is full or closed; the old file then stays.
    """
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except OSError as problem:
        if name:
            Path(name).unlink(missing_ok=True)
        raise shelf_wrong("folder", folder=path.parent, problem=problem) from problem
    _sync_folder(path.parent)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of one file, or of the names and digests of several: any change in any of them shows."""
    if len(files) == 1:
        return hashlib.sha256(next(iter(files.values()))).hexdigest()
    lines = [f"{name} {hashlib.sha256(data).hexdigest()}\n" for name, data in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_version(target: Path, files: Mapping[str, bytes]) -> str:
    """Write `files` as a version under the list's folder `target` and return the version's name."""
    version = f"v-{digest_of(files)[:_DIGITS]}"
    target.mkdir(parents=True, exist_ok=True)
    if (target / version).is_dir():  # the same bytes once more; a version under its name is always complete
        return version
    staged = Path(tempfile.mkdtemp(dir=target, prefix=".new-"))
    try:
        for name, data in files.items():
            write_whole(staged / name, data)
        staged.chmod(0o755)
        staged.rename(target / version)
    except (OSError, ShelfWrong):
        shutil.rmtree(staged, ignore_errors=True)
        raise
    _sync_folder(target)
    return version


def tidy(target: Path, keep: set[str]) -> None:
    """Take away everything in the list's folder but its entry and the versions in `keep`."""
    for item in target.iterdir():
        if item.name == ENTRY or item.name in keep:
            continue
        if item.is_dir():
            shutil.rmtree(item, ignore_errors=True)
        else:
            item.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where folders can be synced at all."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
