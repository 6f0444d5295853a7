"""Makers of ugly files: tables, workbooks and messages to be spoiled, and the label each piece of the museum bears."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

HEADER = ("Shipment No", "Date", "Shipper", "Consignee", "Goods", "Net weight (kg)")
ROWS = (
    ("A-1", "2024-01-05", "Lantern Quay Trading", "Vega Púrpura S.A. de C.V.", "glass beads", "1200.5"),
    ("A-2", "2024-01-16", "北极兔化工有限公司", "Vega Púrpura S.A. de C.V.", "ball bearings", "80"),
    ("A-3", "2024-02-27", "Lantern Quay Trading", "Cobre y Nube S.L.", "empty drums", "315.25"),
)
ZH_HEADER = ("提单号", "日期", "发货人", "收货人", "货物名称", "净重(公斤)")
ZH_ROWS = (
    ("甲-1", "2024年1月5日", "北极兔化工有限公司", "灯塔码头贸易公司", "玻璃珠", "1200.5"),
    ("甲-2", "2024年1月16日", "北极兔化工有限公司", "云铜商贸有限公司", "滚珠轴承", "80"),
)
ES_HEADER = ("Número de envío", "Fecha", "Remitente", "Destinatario", "Descripción de la mercancía", "Peso neto (kg)")
ES_ROWS = (
    ("A-1", "5 de enero de 2024", "Exportadora Ñandú Azul", "Cobre y Nube S.L.", "cuentas de vidrio", "1.200,50"),
    ("A-2", "16/01/2024", "Exportadora Ñandú Azul", "Jiménez Ficticio e Hijos", "cojinetes", "80"),
)


@dataclass(frozen=True)
class Piece:
    """One ugly file. rows: records of each table in order, None if the file must be refused with `code`.

    problems: (row as seen, wording code) that must be among those named. net: net masses that must come out.
    cells: other columns of the first table that must come out. notes: wording codes that must be among the notes.
    """

    name: str
    data: bytes
    rows: tuple[int, ...] | None
    problems: tuple[tuple[str, str], ...] = ()
    code: str = ""
    net: tuple[str | None, ...] | None = None
    dates: tuple[str | None, ...] | None = None
    cells: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def csv(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...], sign: str = ",", end: str = "\n") -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(odd in text for odd in (sign, '"', "\n", "\r")) else text

    return "".join(sign.join(cell(text) for text in row) + end for row in (header, *rows))


def with_column(place: int, values: tuple[str, ...]) -> str:
    """Return a CSV like ROWS, one row for each value, with `values` in column `place`."""
    rows = tuple(
        (*ROWS[number % 3][:place], value, *ROWS[number % 3][place + 1 :]) for number, value in enumerate(values)
    )
    return csv(HEADER, rows)


def workbook(fill: Callable[..., None]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain_workbook(rows: tuple[tuple[object, ...], ...] = (HEADER, *ROWS)) -> bytes:
    def fill(book):  # type: ignore[no-untyped-def]
        for row in rows:
            book.active.append(row)

    return workbook(fill)


def repacked(data: bytes, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """Return a package with each member changed, and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, change(member.filename, old.read(member)))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def ods(rows: str = "") -> bytes:
    """Return an ODS sheet of ROWS, or of `rows` as they are written in its XML."""

    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    rows = rows or "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in (HEADER, *ROWS))
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    names += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f'<?xml version="1.0"?><office:document-content{names} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Hoja 1">{rows}<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return out.getvalue()


def xls(sheet_at: int = 0) -> bytes:
    """Return a BIFF8 workbook in an OLE container, with labels and numbers, as programs of 1997 wrote it.

    sheet_at: where the book says its sheet begins, if not where it does.
    """

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def text(value: str) -> bytes:
        return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")

    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for number, row in enumerate((HEADER, *ROWS)):
        for place, value in enumerate(row):
            if number and place == 5:
                sheet += record(0x0203, struct.pack("<HHHd", number, place, 0, float(value)))
            else:
                sheet += record(0x0204, struct.pack("<HHH", number, place, 0) + text(value))
    sheet += record(0x000A, b"")
    name = struct.pack("<BB", 6, 0) + b"Sheet1"
    head = record(0x0809, bof)
    bound = len(head) + 4 + 6 + len(name) + 4
    book = head + record(0x0085, struct.pack("<IH", sheet_at or bound, 0) + name) + record(0x000A, b"") + sheet
    return ole(book.ljust(max(4096, -(-len(book) // 512) * 512), b"\x00"))


def ole(stream: bytes) -> bytes:
    """Return an OLE compound file with one stream named Workbook (MS-CFB, version 3, sectors of 512 bytes)."""
    sectors = len(stream) // 512
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += (
        struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<I", 0)
        + struct.pack("<I", free) * 108
    )
    chain = [*range(3, sectors + 2), end]
    fat = struct.pack("<128I", *([fat_mark, end, *chain, *[free] * 128][:128]))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\x00\x00"
        return (
            raw.ljust(64, b"\x00")
            + struct.pack("<HBBIII", len(raw) if name else 0, kind, 1, free, free, child)
            + bytes(16 + 4 + 8 + 8)
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    directory += entry("", 0, free, 0, 0) * 2
    return header + fat + directory + stream


def pacs008(body: str = "", before: str = "", name: str = "Lantern Quay Trading") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<Envelope>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf><GrpHdr><MsgId>M1</MsgId>'
        "<NbOfTxs>1</NbOfTxs></GrpHdr><CdtTrfTxInf><PmtId><EndToEndId>E2E-7</EndToEndId></PmtId>"
        '<IntrBkSttlmAmt Ccy="EUR">1200.50</IntrBkSttlmAmt><IntrBkSttlmDt>2024-01-05</IntrBkSttlmDt>'
        f"<Dbtr><Nm>{name}</Nm></Dbtr><Cdtr><Nm>Vega Púrpura</Nm></Cdtr>{body}"
        "</CdtTrfTxInf></FIToFICstmrCdtTrf></Document></Envelope>"
    ).encode()


def iftmin(una: str = "", told: int = 10) -> str:
    body = (
        "UNB+UNOC:3+SENDER+RECEIVER+240105:1200+1'UNH+7+IFTMIN:D:96A:UN'BGM+610+TG-7+9'DTM+137:20240105:102'"
        "NAD+CZ+++LANTERN QUAY TRADING?+CO+1 QUAY ROAD+NINGBO++315000+CN'NAD+CN+++VEGA PURPURA+CALLE UNO+MANZANILLO+++MX'"
        "GID+1+20:DR'FTX+AAA+++GLASS BEADS?: 5 MM'MEA+AAE+AAB+KGM:1200.5'SGP+CSQU3054383'"
        f"UNT+{told}+7'UNZ+1+1'"
    )
    return una + body


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()
