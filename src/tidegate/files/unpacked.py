"""Unpacked: files inside a .gz or .zip, read each as if it lay beside; limits on number, size and ratio."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from tidegate.errors import InputUnreadable
from tidegate.files.archive import DAMAGE, MAX_UNPACKED

MAX_FILES = 200
_MAX_RATIO = 250
_RATIO_FROM = 16 << 20
_PIECE = 1 << 20
_GZIP = b"\x1f\x8b"
_NESTED = (".zip", ".gz", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz")
_NOT_MEANT = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_WORKBOOK_PARTS = ("[content_types].xml", "content.xml", "xl/workbook.xml", "word/document.xml", "mimetype")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name as shown, and its bytes; code says why there are none, as a wording code."""

    name: str
    data: bytes = b""
    code: str = ""


def is_packed(head: bytes) -> bool:
    """Tell whether bytes begin a .gz file."""
    return head.startswith(_GZIP)


def is_plain_zip(path: Path) -> bool:
    """Tell whether a ZIP file is an archive of files, and no workbook or other document."""
    try:
        with zipfile.ZipFile(path) as package:
            names = [name.replace("\\", "/").lower() for name in package.namelist()]
    except DAMAGE:
        return False
    return not any(name.startswith(_WORKBOOK_PARTS) for name in names)


def read_members(path: Path) -> Iterator[Member]:
    """Yield the files of a .gz or .zip in order; what is not opened comes without bytes and with its reason.

    Nothing is written to disk. Raises InputUnreadable for a damaged archive, one with a password, too many files, or one
    that unpacks beyond MAX_UNPACKED or 250 times its size.
    """
    try:
        with open(path, "rb") as stream:
            packed = is_packed(stream.read(2))
        yield from _gzip(path) if packed else _zip(path)
    except (*DAMAGE, OSError, RuntimeError) as exc:
        if isinstance(exc, InputUnreadable):
            raise
        raise InputUnreadable(
            f"{path.name}: the archive is damaged ({exc}). Pack it again", code="files.archive-damaged", file=path.name
        ) from exc


def _gzip(path: Path) -> Iterator[Member]:
    size = path.stat().st_size
    with gzip.open(path) as stream:
        data = _measured(path.name, stream, size, 0)
    name = path.name.removesuffix(".gz").removesuffix(".GZ")
    if data.startswith(_GZIP) or data[257:262] == b"ustar":
        yield Member(f"{path.name}/{name}", code="files.archive-nested")
    else:
        yield Member(f"{path.name}/{name}", data)


def _zip(path: Path) -> Iterator[Member]:
    total = 0
    seen: dict[str, int] = {}
    with zipfile.ZipFile(path) as package:
        members = [one for one in package.infolist() if not one.is_dir() and not _is_rubbish(one.filename)]
        if len(members) > MAX_FILES:
            raise InputUnreadable(
                f"{path.name}: {len(members)} files; at most {MAX_FILES} are read. Split the archive",
                code="files.archive-too-many",
                file=path.name,
                count=len(members),
                limit=MAX_FILES,
            )
        for member in members:
            # Only the last part of a name is shown: where it wants to be unpacked to is of no concern.
            name = f"{path.name}/{PurePosixPath(_name(member).replace(chr(92), '/')).name}"
            seen[name] = seen.get(name, 0) + 1
            name = name if seen[name] == 1 else f"{name} ({seen[name]})"
            if member.flag_bits & 1:
                raise InputUnreadable(
                    f"{path.name}: the file has a password. Save a copy without one",
                    code="files.password",
                    file=path.name,
                )
            if member.filename.lower().endswith(_NESTED):
                yield Member(name, code="files.archive-nested")
                continue
            with package.open(member) as stream:
                data = _measured(path.name, stream, max(1, member.compress_size), total)
            total += len(data)
            yield Member(name, data)


def _measured(file: str, stream: IO[bytes] | gzip.GzipFile, packed: int, before: int) -> bytes:  # fmt: skip
    """Return all bytes of `stream`, counted while they come, so that no size is believed."""
    pieces = []
    size = 0
    while piece := stream.read(_PIECE):
        size += len(piece)
        if before + size > MAX_UNPACKED or (size > _RATIO_FROM and size > _MAX_RATIO * packed):
            shown = f"{MAX_UNPACKED >> 20} MB" if before + size > MAX_UNPACKED else f"{_MAX_RATIO} times its size"
            raise InputUnreadable(
                f"{file}: unpacks to more than {shown}, more than is read. Split the file",
                code="files.archive-too-large",
                file=file,
                size=shown,
            )
        pieces.append(piece)
    return b"".join(pieces)


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member; one that does not say it is UTF-8 is often GBK."""
    if member.flag_bits & 0x800:
        return member.filename
    raw = member.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _is_rubbish(name: str) -> bool:
    return (
        name.startswith(_NOT_MEANT)
        or PurePosixPath(name).name in _NOT_MEANT
        or PurePosixPath(name).name.startswith("._")
    )
