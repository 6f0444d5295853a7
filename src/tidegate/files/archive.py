"""Archives: the ZIP package of a workbook, checked before any parser unpacks it, and the formulas it stores."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from html import unescape

from tidegate.errors import InputUnreadable

MAX_UNPACKED = 512 << 20
MAX_MEMBERS = 10_000
_MAX_RATIO = 250  # honest sheets of equal rows reach about 100
_RATIO_FROM = 16 << 20
_MAX_GRID = 60_000_000  # cells of the rectangle a reader would lay out
_DESERT_FROM = 4_000_000
_DESERT_RATIO = 40
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_ROWS_REPEATED = re.compile(rb'number-rows-repeated="(\d{1,9})"')
_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="(\d{1,9})"')
_PIECE = 1 << 20
_OVERLAP = 64
# What zipfile raises for packages that were cut or changed.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, LookupError, MemoryError,
)  # fmt: skip
# Rows, and cells beyond column Z; cells up to Z need no look, they widen nothing.
_PLACES = re.compile(rb"""\sr=["'](?:([A-Z]{2,3})(\d{1,7})|(\d{1,7}))["']""")
_FILLED_CELL = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*(?<!/)>\s*<(?:\w+:)?(?:v>[^<]|is\b|f\b)"""
)
_LONGEST_TAG = 4_000
_FORMULA_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?[^>/])>((?:(?!</(?:\w+:)?c>).){0,4000}?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})<")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(r'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_SPAN = re.compile(rb'(?=[^>]*\bmin="(\d{1,5})")[^>]*\bmax="(\d{1,5})"')
_MAX_SCAN = 64 << 20


@dataclass(frozen=True, slots=True)
class StoredFormulas:
    """The formulas of one sheet: how many, those without a stored value, and cells that hold an error value.

    Each place is row, column (from 0) and text: the formula, or the error such as #REF!. merged: the upper left and
    lower right cell of cells merged over rows, where the parser does not tell them.
    """

    count: int
    empty: tuple[tuple[int, int, str], ...]
    errors: tuple[tuple[int, int, str], ...] = ()
    hidden_rows: int = 0
    hidden_columns: int = 0
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


def check_archive(file: str, data: bytes) -> None:
    """Raise InputUnreadable for a package that is damaged, unpacks beyond MAX_UNPACKED, or spans too many cells.

    Every member is unpacked once in pieces of one MiB and thrown away, so that sizes are measured, not believed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            if len(members) > MAX_MEMBERS:
                raise _bomb(file, f"{len(members)} parts")
            total = 0
            for member in members:
                if member.flag_bits & 1:
                    raise InputUnreadable(
                        f"{file}: the file has a password. Save a copy without one", code="files.password", file=file
                    )
                total += _measure(file, package, member, total)
    except (*DAMAGE, OSError, RuntimeError) as exc:
        raise InputUnreadable(
            f"{file}: the package is damaged ({exc}). Open it in a spreadsheet program and save it again",
            code="files.workbook-damaged",
            file=file,
        ) from exc


def stored_formulas(data: bytes) -> dict[str, StoredFormulas]:
    """Return the formulas of each sheet of a checked XLSX package by sheet name; nothing for other packages."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = set(package.namelist())
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return {}
        book = package.read("xl/workbook.xml").decode("utf-8", "replace")
        targets = _targets(package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace"))
        found = {}
        for name, relation in _SHEET.findall(book):
            part = targets.get(relation, "")
            if part in names and package.getinfo(part).file_size <= _MAX_SCAN:
                xml = package.read(part)
                if b"<f" in xml or b":f" in xml or b't="e"' in xml or b'hidden="' in xml:
                    found[unescape(name)] = _formulas(xml)
        return found


def counts_from_1904(data: bytes) -> bool:
    """Tell whether a checked XLSX package counts its days from 1904."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if "xl/workbook.xml" not in package.namelist():
            return False
        return re.search(rb'date1904="(?:1|true)"', package.read("xl/workbook.xml")) is not None


def _measure(file: str, package: zipfile.ZipFile, member: zipfile.ZipInfo, before: int) -> int:
    size = 0
    extent = _Extent()
    is_xml = member.filename.endswith(".xml")
    with package.open(member) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if before + size > MAX_UNPACKED:
                raise _bomb(file, f"more than {MAX_UNPACKED >> 20} MB")
            if size > _RATIO_FROM and size > _MAX_RATIO * max(1, member.compress_size):
                raise _bomb(file, f"{size // max(1, member.compress_size)} times its size")
            if is_xml:
                extent.take(piece)
    if extent.is_empty_desert():
        # A cell that was only painted, far from the others, is laid out by no reader.
        extent = _filled_extent(package, member)
    if extent.is_empty_desert():
        raise _bomb(file, f"a sheet of {extent.rows} rows and {max(extent.columns, 26)} columns")
    if member.filename == "content.xml" and _repeated_cells(package.read(member)) > _MAX_GRID:
        raise _bomb(file, f"more than {_MAX_GRID} repeated cells")
    return size


def _filled_extent(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> _Extent:
    """Return the rectangle of the cells that hold something."""
    extent = _Extent()
    tail = b""
    with package.open(member) as stream:
        while piece := stream.read(_PIECE):
            window = tail + piece
            for letters, row in _FILLED_CELL.findall(window):
                extent.rows = max(extent.rows, int(row))
                extent.columns = max(extent.columns, _column(letters))
                extent.cells += 1
            tail = window[-_LONGEST_TAG:]
            tail = tail[max(tail.rfind(b"<c "), tail.rfind(b":c ") - _OVERLAP, 0) :]
    return extent


@dataclass(slots=True)
class _Extent:
    """The rectangle a sheet spans, and how many cells it writes, gathered piece by piece."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    tail: bytes = b""

    def take(self, piece: bytes) -> None:
        window = self.tail + piece
        for letters, cell_row, row in _PLACES.findall(window):
            self.rows = max(self.rows, int(cell_row or row))
            if letters:
                self.columns = max(self.columns, _column(letters))
        self.cells += piece.count(b"<c ") + piece.count(b":c ")
        self.tail = piece[-_OVERLAP:]

    def is_empty_desert(self) -> bool:
        """Tell whether a reader would lay out far more cells than are written, or more than is read at all."""
        area = self.rows * max(self.columns, 26)
        return area > _MAX_GRID or (area > _DESERT_FROM and area > _DESERT_RATIO * max(1, self.cells))


def _repeated_cells(content: bytes) -> int:
    """Return how many cells an ODS sheet holds once repeated rows and cells are laid out; blank ends count as nothing."""
    total = 0
    for attributes, inside in _ODS_ROW.findall(content):
        times = int(found[1]) if (found := _ROWS_REPEATED.search(attributes)) else 1
        width = last = 0
        for cell, ending in _ODS_CELL.findall(inside):
            width += int(found[1]) if (found := _COLUMNS_REPEATED.search(cell)) else 1
            last = width if ending != b"/" else last
        total += times * last
    return total


def _formulas(xml: bytes) -> StoredFormulas:
    count = 0
    empty: list[tuple[int, int, str]] = []
    errors: list[tuple[int, int, str]] = []
    for attributes, inside in _FORMULA_CELL.findall(xml):
        formula = _FORMULA.search(inside)
        if b't="e"' in attributes:
            place, value = _REFERENCE.search(attributes), _VALUE.search(inside)
            if place and value:
                errors.append((int(place[2]) - 1, _column(place[1]) - 1, value[1].decode("utf-8", "replace")))
        if not formula:
            continue
        count += 1
        place = _REFERENCE.search(attributes)
        if place and not re.search(rb"<(?:\w+:)?v>[^<]|is>", inside) and b't="str"' not in attributes:
            text = "=" + (formula[1] or b"").decode("utf-8", "replace")
            empty.append((int(place[2]) - 1, _column(place[1]) - 1, unescape(text)[:80]))
    rows = len(_HIDDEN_ROW.findall(xml))
    columns = sum(
        int(last) - int(first) + 1 for each in _HIDDEN_COLUMN.findall(xml) for first, last in _SPAN.findall(each)
    )
    return StoredFormulas(count, tuple(empty), tuple(errors), rows, columns)


def _targets(relations: str) -> dict[str, str]:
    found = {}
    for relation in _RELATION.findall(relations):
        identifier = re.search(r'\bId="([^"]*)"', relation)
        target = re.search(r'\bTarget="([^"]*)"', relation)
        if identifier and target:
            path = target[1].removeprefix("/")
            found[identifier[1]] = path if path.startswith("xl/") else f"xl/{path}"
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _bomb(file: str, size: str) -> InputUnreadable:
    return InputUnreadable(
        f"{file}: unpacks to {size}, more than is read. Save only the sheet with the records, without empty areas",
        code="files.unpacks-too-large",
        file=file,
        size=size,
    )
