"""Markup tables: HTML pages and XML spreadsheets of 2003 that bear the name of a workbook, as grids."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tidegate.errors import InputUnreadable
from tidegate.files.encodings import decode_text
from tidegate.files.flat_ods import is_flat_ods, read_flat_ods
from tidegate.files.grid import MAX_COLUMNS, MAX_ROWS, Grid, grid_of_rows
from tidegate.files.safe_xml import MAX_XML_BYTES, local_name, parse_xml
from tidegate.files.workbooks import number_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|meta|body|table|div|style)\b", re.IGNORECASE)
_ENVELOPE = re.compile(r"urn:(?:iso:std:iso:20022|swift):|schemas\.xmlsoap\.org|www\.w3\.org/2003/05/soap")
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_\-]+)", re.IGNORECASE)
_MAX_SPAN = 10_000


def is_html(head: str) -> bool:
    """Tell whether a text that begins with `head` is a page or a fragment of one with a table, and no message with a body."""
    return (
        bool(_HTML.search(head[:2000])) and not head.lstrip().startswith("<?xml") and not _ENVELOPE.search(head[:4000])
    )


def is_web_archive(head: str) -> bool:
    """Tell whether a text that begins with `head` is a page saved in one file (MIME), as spreadsheets export it."""
    return bool(re.match(r"\s*MIME-Version:", head, re.IGNORECASE)) and "multipart/related" in head.lower()


def _pages_of(data: bytes) -> bytes:
    """Return the HTML parts of a page saved in one file, one after the other."""
    message = email.message_from_bytes(data)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    texts = []
    for page in pages:
        payload = page.get_payload(decode=True)
        charset = page.get_content_charset() or "utf-8"
        texts.append(_decode(payload, charset) if isinstance(payload, bytes) else "")
    return f'<html><head><meta charset="utf-8"></head>{"".join(texts)}</html>'.encode()


def is_xml_spreadsheet(head: str) -> bool:
    """Tell whether a text that begins with `head` is an XML spreadsheet of 2003, or one of OpenDocument in one file."""
    return _SPREADSHEET in head[:4000] or is_flat_ods(head)


def read_html(file: str, data: bytes) -> list[Grid]:
    """Return the tables of a page that hold no table themselves, named "table 1" and so on. Nothing is fetched or run.

    Raises InputUnreadable for a page without a table.
    """
    from lxml import etree, html

    _check_bytes(file, data)
    if is_web_archive(data[:2000].decode("latin-1")):
        data = _pages_of(data)
    charset = _CHARSET.search(data[:4000])
    text = _decode(data, charset[1].decode("ascii") if charset else "")
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as exc:
        raise _without_table(file) from exc
    tables = [table for table in root.iter("table") if next(table.iterdescendants("table"), None) is None]
    grids = [
        grid_of_rows(f"table {number}", _html_rows(table), encoding="utf-8") for number, table in enumerate(tables, 1)
    ]
    if not grids:
        raise _without_table(file)
    return grids


def read_xml_spreadsheet(file: str, data: bytes) -> list[Grid]:
    """Return the worksheets of a spreadsheet in one XML file. Formulas give the value stored beside them."""
    if is_flat_ods(data[:8000].decode("latin-1")):
        return read_flat_ods(file, data)
    root = parse_xml(file, re.sub(rb"<\?mso-application[^>]*\?>", b"", data, count=1))
    grids = []
    for sheet in root.iter(f"{{{_SPREADSHEET}}}Worksheet"):
        name = sheet.get(f"{{{_SPREADSHEET}}}Name") or ""
        grids.append(grid_of_rows(name, list(_xml_rows(sheet))))
    return grids


def _decode(data: bytes, charset: str) -> str:
    if charset and charset.lower() not in {"utf-16", "unicode"}:
        try:
            return data.decode("gb18030" if charset.lower() in {"gb2312", "gbk"} else charset)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode_text(data)[0]


def _html_rows(table: _Element) -> list[list[str | None]]:
    """Return the cells of one table; a cell over several rows fills them, over several columns only its first."""
    rows: list[list[str | None]] = []
    pending: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str | None] = []
        for cell in row.iterchildren("td", "th"):
            _take_pending(cells, pending)
            text = _lines_of(cell)
            down, right = _span(cell, "rowspan"), _span(cell, "colspan")
            if down > 1:
                pending[len(cells)] = (down - 1, text)
            cells += [text or None, *[None] * (right - 1)]
            if len(cells) > MAX_COLUMNS:
                break
        _take_pending(cells, pending)
        rows.append(cells)
    return rows


def _take_pending(cells: list[str | None], pending: dict[int, tuple[int, str]]) -> None:
    while len(cells) in pending:
        left, text = pending[len(cells)]
        if left > 1:
            pending[len(cells)] = (left - 1, text)
        else:
            del pending[len(cells)]
        cells.append(text or None)


def _lines_of(cell: _Element) -> str:
    for line_break in cell.iter("br"):
        line_break.tail = f"\n{line_break.tail or ''}"
    lines = "".join(str(text) for text in cell.itertext()).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def _span(cell: _Element, name: str) -> int:
    told = cell.get(name) or "1"
    return min(int(told), _MAX_SPAN if name == "rowspan" else MAX_COLUMNS) if told.isdecimal() and int(told) else 1


def _xml_rows(sheet: _Element) -> Iterator[list[str | None]]:
    number = 0
    pending: dict[int, tuple[int, str]] = {}
    for row in sheet.iter(f"{{{_SPREADSHEET}}}Row"):
        for _ in range(min(max(0, _index(row) - number - 1), _MAX_SPAN)):
            number += 1
            yield []
        number += 1
        cells: list[str | None] = []
        for cell in row:
            if local_name(cell) != "Cell":
                continue
            while len(cells) < min(_index(cell) - 1, MAX_COLUMNS):
                _take_pending(cells, pending)
                if len(cells) < _index(cell) - 1:
                    cells.append(None)
            data = next((each for each in cell if local_name(each) == "Data"), None)
            text = "" if data is None else "".join(str(piece) for piece in data.itertext())
            kind = "" if data is None else data.get(f"{{{_SPREADSHEET}}}Type")
            _take_pending(cells, pending)
            if down := _merged(cell, "MergeDown", MAX_ROWS):
                pending[len(cells)] = (down, text)
            cells.append(_typed(text, kind or ""))
            cells += [None] * _merged(cell, "MergeAcross", MAX_COLUMNS)
        _take_pending(cells, pending)
        yield cells[: MAX_COLUMNS + 1]


def _index(element: _Element) -> int:
    told = element.get(f"{{{_SPREADSHEET}}}Index") or ""
    return int(told) if told.isdecimal() and len(told) < 8 else 0


def _merged(cell: _Element, name: str, limit: int) -> int:
    told = cell.get(f"{{{_SPREADSHEET}}}{name}") or ""
    return min(int(told), limit) if told.isdecimal() and len(told) < 8 else 0


def _typed(text: str, kind: str) -> str | None:
    """Return the text of a cell; of a number so that its dot is the decimal sign for certain."""
    if kind == "DateTime":
        return text.removesuffix("T00:00:00.000")
    if kind == "Number":
        try:
            return number_text(float(text)) or None
        except ValueError:
            return text or None
    return text or None


def _check_bytes(file: str, data: bytes) -> None:
    if len(data) > MAX_XML_BYTES:
        raise InputUnreadable(
            f"{file}: {len(data) >> 20} MB, more than is read at once. Split the file",
            code="files.file-too-large",
            file=file,
            megabytes=len(data) >> 20,
        )


def _without_table(file: str) -> InputUnreadable:
    return InputUnreadable(
        f"{file}: a page without a table. Save it as .xlsx or .csv", code="files.shape-unknown", file=file
    )
