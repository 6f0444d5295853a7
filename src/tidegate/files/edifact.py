"""EDIFACT syntax: an interchange as messages of segments. Source: ISO 9735, syntax versions 1 to 4."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tidegate.errors import InputUnreadable
from tidegate.files.encodings import decode_text

MAX_EDIFACT_BYTES = 64 << 20
MAX_SEGMENT = 10_000
# Syntax identifiers of UNB element S001, as ISO 9735 assigns character sets to them.
_CHARACTER_SETS = {
    "UNOC": "latin-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5", "UNOF": "iso8859-7", "UNOG": "iso8859-3",
    "UNOH": "iso8859-4", "UNOI": "iso8859-6", "UNOJ": "iso8859-8", "UNOK": "iso8859-9", "UNOW": "utf-8",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its tag, and elements as tuples of components, both as written with release signs taken out."""

    tag: str
    elements: tuple[tuple[str, ...], ...]

    def get(self, element: int, component: int = 0) -> str:
        """Return one component, counted from 0 behind the tag; "" where there is none."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return ""
        return self.elements[element][component].strip()

    def element(self, element: int) -> tuple[str, ...]:
        """Return all components of one element that hold text."""
        found = self.elements[element] if element < len(self.elements) else ()
        return tuple(part.strip() for part in found if part.strip())


@dataclass(frozen=True, slots=True)
class EdifactMessage:
    """One message: its number in the interchange from 1, type such as CUSCAR, release such as D.95B, body segments.

    is_last_of_open: an interchange that began by UNB ends behind this message without UNZ.
    told: the count of segments that UNT states, "" without UNT. counted: those from UNH to UNT, both included.
    """

    number: int
    type: str
    release: str
    segments: Sequence[Segment]
    told: str = ""
    counted: int = 0
    unreadable: Sequence[str] = field(default_factory=tuple)
    is_last_of_open: bool = False


def read_interchange(file: str, data: bytes) -> list[EdifactMessage]:
    """Return the messages of an interchange, or of a file that begins with UNH.

    Raises InputUnreadable if no message is found, or the file is larger than is read.
    """
    if len(data) > MAX_EDIFACT_BYTES:
        raise InputUnreadable(
            f"{file}: {len(data) >> 20} MB, more than is read at once. Split the file",
            code="files.file-too-large",
            file=file,
            megabytes=len(data) >> 20,
        )
    segments, broken = _split(_decode(data).lstrip())
    messages: list[EdifactMessage] = []
    body: list[Segment] | None = None
    header: Segment | None = None
    for segment in segments:
        if segment.tag == "UNH":
            if header is not None and body is not None:
                messages.append(_message(len(messages) + 1, header, body, ""))
            header, body = segment, []
        elif segment.tag == "UNT" and header is not None and body is not None:
            messages.append(_message(len(messages) + 1, header, body, segment.get(0)))
            header = body = None
        elif body is not None and segment.tag != "UNZ":
            body.append(segment)
    if header is not None and body is not None:
        messages.append(_message(len(messages) + 1, header, body, ""))
    if not messages:
        place = broken[0][:40] if broken else "UNH"
        raise InputUnreadable(
            f"{file}: no EDIFACT message can be read (at {place!r}). Ask the sender for it again",
            code="files.edifact-broken",
            file=file,
            place=place,
        )
    tags = [segment.tag for segment in segments]
    messages[-1] = replace(
        messages[-1], unreadable=tuple(broken[:20]), is_last_of_open=tags.count("UNB") > tags.count("UNZ")
    )
    return messages


def _message(number: int, header: Segment, body: list[Segment], told: str) -> EdifactMessage:
    release = ".".join(part for part in (header.get(1, 1), header.get(1, 2)) if part)
    return EdifactMessage(number, header.get(1).upper(), release, body, told, len(body) + (2 if told else 1))


def _decode(data: bytes) -> str:
    syntax = re.search(rb"UNB.(UNO[A-Z])", data[:200])
    name = _CHARACTER_SETS.get(syntax[1].decode("ascii")) if syntax else None
    if name and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return data.decode(name, errors="replace")
    return decode_text(data)[0]


def _split(text: str) -> tuple[list[Segment], list[str]]:
    """Return the segments, and the beginnings of those that are none. UNA settles the signs, else : + ? ' hold."""
    component, element, release, terminator = ":", "+", "?", "'"
    if text.startswith("UNA") and len(text) >= 9:
        component, element, release, terminator = text[3], text[4], text[6], text[8]
        text = text[9:]
    if len({component, element, terminator}) < 3:
        return [], [text[:40]]
    escape = re.escape
    guard = f"{escape(release)}." if release.strip() else "(?!)"
    body = f"[^{escape(terminator)}{escape(release) if release.strip() else ''}]"
    cut = re.compile(f"((?:{guard}|{body})*){escape(terminator)}", re.DOTALL)
    segments, broken = [], []
    end = 0
    for found in cut.finditer(text):
        end = found.end()
        raw = re.sub(r"[\r\n]+", "", found[1]).lstrip()
        if not raw:
            continue
        parts = _cut(raw, element, release)
        tag = parts[0].partition(component)[0].strip().upper()
        if not re.fullmatch(r"[A-Z]{3}", tag) or len(raw) > MAX_SEGMENT:
            broken.append(raw[:80])
            continue
        elements = tuple(
            tuple(_unescape(piece, release) for piece in _cut(part, component, release)) for part in parts[1:]
        )
        segments.append(Segment(tag, elements))
    rest = text[end:].strip()
    if rest:
        broken.append(rest[:80])
    return segments, broken


def _cut(text: str, separator: str, release: str) -> list[str]:
    """Return `text` cut at separators that no release sign precedes; release signs stay for the next cut."""
    if not release.strip() or release not in text:
        return text.split(separator)
    parts, part, held = [], [], False
    for sign in text:
        if held:
            part.append(release + sign)
            held = False
        elif sign == release:
            held = True
        elif sign == separator:
            parts.append("".join(part))
            part = []
        else:
            part.append(sign)
    return [*parts, "".join(part)]


def _unescape(text: str, release: str) -> str:
    if not release.strip() or release not in text:
        return text
    return re.sub(f"{re.escape(release)}(.)", r"\1", text, flags=re.DOTALL)
