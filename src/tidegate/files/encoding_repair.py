"""Encoding repair: files that are UTF-8 for the most part: lines of another encoding among them, or encoded twice."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tidegate.files.encodings import detect_encoding

_FEW = 2
_MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]")  # fmt: skip
_BEYOND = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Repaired:
    """The bytes as plain UTF-8, the wording code of what was done, how many lines it touched, and their encoding."""

    data: bytes
    code: str
    count: int
    encoding: str


def repair(data: bytes, *, whole: bool) -> Repaired | None:
    """Return `data` repaired, or None if it is UTF-8 that needs none.

    whole: the data is the whole file; else a cut sign at its end is no fault.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        if not whole and exc.start >= len(data) - 3:
            text = data[: exc.start].decode("utf-8")
        else:
            return _by_line(data)
    return _encoded_twice(text)


def _by_line(data: bytes) -> Repaired:
    """Return the data with every line that is not UTF-8 read as what it looks like."""
    lines = data.split(b"\n")
    wrong = [number for number, line in enumerate(lines) if not _is_utf8(line)]
    encoding = detect_encoding(b"\n".join(lines[number] for number in wrong))
    if encoding.startswith("utf"):
        encoding = "cp1252"
    for number in wrong:
        lines[number] = _mended(lines[number], encoding)
    return Repaired(b"\n".join(lines), "files.encodings-mixed", len(wrong), encoding)


def _mended(line: bytes, encoding: str) -> bytes:
    """Return one line in UTF-8: as `encoding` as a whole, or only its stray bytes where the rest is UTF-8 already."""
    if re.search(rb"[\xc2-\xf4][\x80-\xbf]", line) and encoding in {"cp1252", "latin-1"}:
        text = line.decode("utf-8", errors="surrogateescape")
        strays = re.sub(
            "[\udc80-\udcff]", lambda sign: bytes([ord(sign[0]) - 0xDC00]).decode("cp1252", errors="replace"), text
        )
        return strays.encode()
    return line.decode(encoding, errors="replace").encode()


def _encoded_twice(text: str) -> Repaired | None:
    """Return the text decoded once more if all of it beyond ASCII are bytes of UTF-8 taken for Windows-1252."""
    beyond = len(_BEYOND.findall(text))
    if beyond < _FEW or len(_MOJIBAKE.findall(text)) * 4 < beyond:
        return None
    try:
        plain = bytes(_byte(sign) for sign in text).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return None
    return Repaired(
        plain.encode(), "files.encoded-twice", sum(1 for line in plain.split("\n") if not line.isascii()), "utf-8"
    )


def _byte(sign: str) -> int:
    if ord(sign) < 256:
        return ord(sign)
    return sign.encode("cp1252")[0]  # a UnicodeEncodeError is a ValueError


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
