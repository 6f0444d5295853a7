"""Lists that come in a .zip, as OFAC's do: a few files, unpacked in memory within a limit, nothing written to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from tidegate.lists.faults import list_unreadable

MOST_FILES = 40


def read_zip(data: bytes, name: str, most: int) -> dict[str, bytes]:
    """Return file name -> bytes of a .zip, without folders. most: bytes of all files together.

    Raises ListUnreadable naming `name` for a damaged, locked or too large archive. No size that it states is believed.
    """
    found: dict[str, bytes] = {}
    room = most
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and "__MACOSX/" not in one.filename]
            if len(members) > MOST_FILES:
                raise list_unreadable("zip-many", file=name, names=f"{len(members)}")
            for member in members:
                with archive.open(member) as stream:
                    found[PurePosixPath(member.filename.replace("\\", "/")).name] = stream.read(room + 1)
                room = most - sum(map(len, found.values()))
                if room < 0:
                    raise list_unreadable("too-large", file=name, bytes=most - room, most=most)
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as problem:
        raise list_unreadable("zip-broken", file=name, problem=str(problem)[:120]) from problem
    return found
