"""Shape: what kind of file some bytes begin, by content first and name second."""

from __future__ import annotations

import re
from typing import Literal

from tidegate.files.encodings import decode_text
from tidegate.files.markup_tables import is_html, is_web_archive, is_xml_spreadsheet

Shape = Literal[
    "delimited",
    "workbook",
    "html",
    "xml-spreadsheet",
    "parquet",
    "json",
    "xml",
    "edifact",
    "financial-text",
    "archive",
    "unknown",
]
HEAD_BYTES = 1 << 16

_WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".ods")
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE: XLS, and workbooks with a password
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02")
# Papers, pictures, databases and archives of other kinds, some of which hold enough text to look like it.
_OTHER_KINDS = (b"%PDF", b"{\\rtf", b"SQLite format 3", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"ARROW1",
                b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"ORC", b"Obj\x01", b"\x7fELF", b"MZ\x90")  # fmt: skip
_BINARY_SIGNS = re.compile(r"[\x02-\x08\x0e-\x1a\x1c\x1d]")


def sniff_shape(name: str, head: bytes) -> Shape:
    """Return the shape of a file that begins with `head`; unknown for nothing, pictures, programs and the like."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return "archive"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", _COMPOUND_FILE)):
        return "workbook"
    if head.startswith(_BIFF) and name.lower().endswith(_WORKBOOK_SUFFIXES):
        return "workbook"
    if head.startswith(_OTHER_KINDS):
        return "unknown"
    text = decode_text(head)[0]
    start = text.lstrip()
    if not start:
        return "unknown"
    if is_web_archive(start):
        return "html"
    if start.startswith("<"):
        return "html" if is_html(start) else "xml-spreadsheet" if is_xml_spreadsheet(start) else "xml"
    if (start.startswith(("UNA", "UNB+", "UNH+")) and "'" in text) or re.match(
        r"UNA.{6}\s*(?:UNB|UNG|UNH)", start, re.DOTALL
    ):
        return "edifact"
    if re.match(r"\{1:[FAL]\d\d|:20:\S+\s+:(?:21|25|23B|28C?):", start):
        return "financial-text"
    if re.match(r"(?:(?://[^\n]*\n|/\*.*?\*/)\s*)*[{\[]", start, re.DOTALL):
        return "json"
    begun = text[:4096].rstrip("\x1a\x00")
    if len(_BINARY_SIGNS.findall(begun)) * 50 > len(begun):
        return "unknown"
    return "delimited"
