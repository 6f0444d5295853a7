"""Archives: the ZIP package of a workbook, checked before any parser unpacks it, and the formulas it stores."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.sax.saxutils import unescape

from tidegate.errors import InputUnreadable

MAX_UNPACKED = 512 << 20
MAX_MEMBERS = 10_000
_MAX_RATIO = 250  # honest sheets of equal rows reach about 100
_RATIO_FROM = 16 << 20
_MAX_GRID = 60_000_000  # cells of the rectangle a reader would lay out
_PIECE = 1 << 20
_OVERLAP = 64
_ROW = re.compile(rb'<row\b[^>]*?\br="(\d{1,9})"')
_WIDE_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{2,3})(\d{1,7})"')
_FORMULA_CELL = re.compile(rb"<c\b([^>]*?[^>/])>((?:(?!</c>).){0,4000}?)</c>", re.DOTALL)
_FORMULA = re.compile(rb"<f\b[^>]*?(?:/>|>(.*?)</f>)", re.DOTALL)
_VALUE = re.compile(rb"<v>([^<]{1,20})</v>")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(r'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_MAX_SCAN = 64 << 20


@dataclass(frozen=True, slots=True)
class StoredFormulas:
    """The formulas of one sheet: how many, those without a stored value, and cells that hold an error value.

    Each place is row, column (from 0) and text: the formula, or the error such as #REF!.
    """

    count: int
    empty: tuple[tuple[int, int, str], ...]
    errors: tuple[tuple[int, int, str], ...] = ()


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
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as exc:
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
                if b"<f" in xml or b't="e"' in xml:
                    found[unescape(name, {"&quot;": '"', "&apos;": "'"})] = _formulas(xml)
        return found


def _measure(file: str, package: zipfile.ZipFile, member: zipfile.ZipInfo, before: int) -> int:
    size = 0
    rows = columns = 0
    is_sheet = member.filename.startswith("xl/worksheets/")
    tail = b""
    with package.open(member) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if before + size > MAX_UNPACKED:
                raise _bomb(file, f"more than {MAX_UNPACKED >> 20} MB")
            if size > _RATIO_FROM and size > _MAX_RATIO * max(1, member.compress_size):
                raise _bomb(file, f"{size // max(1, member.compress_size)} times its size")
            if is_sheet:
                window = tail + piece
                rows = max([rows, *map(int, _ROW.findall(window))])
                for letters, row in _WIDE_CELL.findall(window):
                    columns = max(columns, _column(letters))
                    rows = max(rows, int(row))
                tail = piece[-_OVERLAP:]
    if is_sheet and rows * max(columns, 26) > _MAX_GRID:
        raise _bomb(file, f"a sheet of {rows} rows and {columns} columns")
    return size


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
        if place and not re.search(rb"<v>[^<]|<is>", inside) and b't="str"' not in attributes:
            text = "=" + (formula[1] or b"").decode("utf-8", "replace")
            empty.append((int(place[2]) - 1, _column(place[1]) - 1, unescape(text)[:80]))
    return StoredFormulas(count, tuple(empty), tuple(errors))


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
