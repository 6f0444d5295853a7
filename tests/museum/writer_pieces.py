"""Writers: what other programs make of workbooks, print-outs, statements and messages, and what people make of them."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile

from tests.museum.makers import (
    HEADER,
    ROWS,
    Piece,
    csv,
    iftmin,
    pacs008,
    plain_workbook,
    repacked,
    workbook,
    xls,
    zipped,
)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships")
_HEAD = ("Date", "Shipper", "Consignee", "Goods", "Net weight (kg)")
_SHEET = (
    _HEAD,
    ("2024-01-05", "Lantern Quay", "Vega", "beads", 12.5),
    ("2024-01-06", "北极兔化工", "Cobre", "drums", 13),
)
_CSV = "Date,Shipper,Consignee,Goods,HS code,CAS,Net weight (kg)\n"
_LINE = "2024-01-05,北极兔化工,云铜商贸,玻璃珠,7018.10,,25\n"


def writers() -> list[Piece]:
    """Return the pieces of this room."""
    return [*_packages(), *_cells(), *_sheets(), *_texts(), *_printed(), *_statements(), *_records(), *_messages()]


def _package(sheet: str, *, spaces: tuple[str, str] = (_MAIN, _LINKS), strings: str = "") -> bytes:
    """Return an XLSX package of one sheet, as small programs write it: without styles, theme or properties."""
    main, links = spaces
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    targets = [("worksheet", "worksheets/sheet1.xml"), *([("sharedStrings", "sharedStrings.xml")] if strings else [])]
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{links}/{name}" Target="{target}"/>'
        for number, (name, target) in enumerate(targets, 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="S1" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
        **({"xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>'} if strings else {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()


def _inline(rows: tuple[tuple[object, ...], ...] = _SHEET) -> str:
    def cell(at: str, value: object) -> str:
        if isinstance(value, (int, float)):
            return f'<c r="{at}"><v>{value}</v></c>'
        return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'

    made = "".join(
        f'<row r="{number}">{"".join(cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )
    return f"<sheetData>{made}</sheetData>"


def _changed(old: str, new: str) -> str:
    sheet = _inline()
    assert old in sheet
    return sheet.replace(old, new)


def _packages() -> list[Piece]:
    plain = _inline()
    bare = re.sub(r' r="[A-Z]*\d+"', "", plain)
    prefixed = re.sub(r"<(/?)(sheetData|row|c|is|t|v)(?=[\s>/])", r"<\1x:\2", plain)
    found = {"net": ("12.5", "13"), "cells": {"consignor": ("Lantern Quay", "北极兔化工")}}
    with_prefix = repacked(
        _package(prefixed),
        lambda name, data: data.replace(b"<worksheet xmlns=", b"<x:worksheet xmlns:x=").replace(b"</worksheet>", b"</x:worksheet>")
        if name.endswith("sheet1.xml") else data,
    )  # fmt: skip
    return [
        Piece("strings_inside_the_cells.xlsx", _package(plain), (2,), **found),
        Piece("strict_workbook.xlsx", _package(plain, spaces=_STRICT), (2,), **found),
        Piece("cells_that_do_not_say_where_they_are.xlsx", _package(bare), (2,), **found),
        Piece("prefix_before_every_element.xlsx", with_prefix, (2,), **found),
        Piece("sheet_that_says_it_is_endless.xlsx", _package('<dimension ref="A1:XFD1048576"/>' + plain), (2,), **found),
        Piece("text_behind_the_package.xlsx", plain_workbook() + b"junk" * 100, (3,), net=("1200.5", "80", "315.25")),
        Piece("text_before_the_package.xlsx", b"junk" + plain_workbook(), None, code="files.shape-unknown"),
        Piece("workbook_packed_again_and_named_as_text.csv", gzip.compress(plain_workbook()), (3,), net=("1200.5", "80", "315.25")),
        Piece("one_byte_of_the_package_changed.xlsx", _with_byte_changed(plain_workbook()), None, code="files.workbook-damaged"),
        Piece("sheet_of_1997_cut.xls", xls()[:3000], None, code="files.workbook-damaged"),
        Piece("macros_links_and_things_inside.xlsx",
              repacked(plain_workbook(), lambda _, data: data,
                       {"xl/vbaProject.bin": b"\xd0\xcf", "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
                        "xl/embeddings/oleObject1.bin": b"x", "xl/connections.xml": b"<connections/>"}),
              (3,), net=("1200.5", "80", "315.25")),
        Piece("archive_in_an_archive.zip", zipped({"in.zip": zipped({"z.csv": b"0" * 9999}), "a.csv": (_CSV + _LINE).encode()}),
              (1,), notes=("files.archive-nested",)),
        Piece("archive_that_wants_to_leave_its_folder.zip", zipped({"../../../a.csv": (_CSV + _LINE).encode()}), (1,)),
    ]  # fmt: skip


def _with_byte_changed(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[len(changed) // 2] ^= 0xFF
    return bytes(changed)


def _cells() -> list[Piece]:
    first, second = '<c r="E2"><v>12.5</v></c>', '<c r="E3"><v>13</v></c>'
    shared = _changed(first, '<c r="E2"><f t="shared" ref="E2:E3" si="0">F2*2</f></c>')
    shared = shared.replace(second, '<c r="E3"><f t="shared" si="0"/></c>')
    goods = '<c r="D2" t="inlineStr"><is><t>beads</t></is></c>'
    name = '<c r="B3" t="inlineStr"><is><t>北极兔化工</t></is></c>'
    rich = "<si><r><t>piper</t></r><r><rPr><b/></rPr><t>onal</t></r></si><si><t>北极兔</t><rPh sb='0' eb='1'><t>ホク</t></rPh></si>"
    written = _changed(goods, '<c r="D2" t="s"><v>0</v></c>').replace(name, '<c r="B3" t="s"><v>1</v></c>')
    day = '<c r="A2" t="inlineStr"><is><t>2024-01-05</t></is></c>'
    numbers = ((*_HEAD, "HS code"), ("2024-01-05", "L", "V", "x", "'1200.5", "'0102.21"), ("1899-12-31", "L", "V", "x", " 1,200.50 ", 102210000))  # fmt: skip
    arabic = (_HEAD, ("2024-01-05", "أرنب", "منارة", "خرز", "١٬٢٠٠٫٥"), ("2024-01-06", "أرنب", "منارة", "خرز", "۱۲۰۰"))
    spaced = f"{_CSV}2024-01-05,L,V,x,,,1\u202f200.5\n2024-01-05,L,V,x,,,1’200.5\n2024-01-05,L,V,x,,,1\u00a0200.5\n"
    return [
        Piece("shared_formula_without_values.xlsx", _package(shared), (2,),
              (("2", "files.formula-without-value"), ("3", "files.formula-without-value")), net=(None, None)),
        Piece("text_in_pieces_and_with_readings.xlsx", _package(written, strings=rich), (2,),
              cells={"goods_description": ("piperonal", "drums"), "consignor": ("Lantern Quay", "北极兔")}),
        Piece("string_that_is_not_there.xlsx", _package(written, strings="<si><t>one</t></si>"), None, code="files.workbook-damaged"),
        Piece("day_of_iso_8601_in_a_cell.xlsx", _package(_changed(day, '<c r="A2" t="d"><v>2024-01-05T00:00:00</v></c>')), (2,),
              dates=("2024-01-05", "2024-01-06")),
        Piece("truth_and_power_of_ten.xlsx",
              _package(_changed(first, '<c r="E2" t="b"><v>1</v></c>').replace(second, '<c r="E3"><v>1.3E+1</v></c>')), (2,),
              (("2", "quantity.unreadable"),), net=("TRUE", "13")),
        Piece("errors_in_names_and_masses.xlsx",
              _package(_changed(first, '<c r="E2" t="e"><v>#N/A</v></c>').replace(name, '<c r="B3" t="e"><v>#REF!</v></c>')), (2,),
              (("2", "files.error-value"), ("3", "files.error-value")), net=(None, "13")),
        Piece("numbers_kept_as_text_and_days_before_1900.xlsx", plain_workbook(numbers), (2,),
              (("3", "day.unreadable"), ("3", "files.hs-zero-lost")), net=("1200.5", "1200.5"),
              cells={"hs_code": ("0102.21", "0102210000")}),
        Piece("digits_of_arabic_and_persian.xlsx", plain_workbook(arabic), (2,), net=("1200.5", "1200")),
        Piece("thousands_parted_by_thin_blanks_and_marks.csv", spaced.encode(), (3,), net=("1200.5",) * 3),
        Piece("times_and_spans_for_days.csv", f"{_CSV}12:30,L,V,x,,,1\n20241305,L,V,x,,,1\n2024-02-30,L,V,x,,,1\n".encode(), (3,),
              (("2", "day.unreadable"), ("3", "day.unreadable"), ("4", "day.unreadable"))),
        Piece("unit_in_a_column_of_its_own.csv",
              b'Shipper,Consignee,Goods,Net weight,Unit\nL,V,a,1200,LB\nL,V,b,500,g\nL,V,c,"1,500.5",KGM\nL,V,d,5 kg,lb\n', (4,),
              net=("544.310844", "0.5", "1500.5", "5")),
        Piece("unit_in_the_header_and_in_cells.csv", b"Shipper,Consignee,Goods,Net weight (g)\nL,V,a,500\nL,V,b,2 kg\nL,V,c,3 t\n",
              (3,), net=("0.5", "2", "3000")),
        Piece("decimal_commas_among_commas.csv", b"Shipper,Consignee,Goods,Net weight (kg)\nL,V,a,1,5\nL,V,b,2,75\nL,V,c,3\n", (3,),
              net=("1.5", "2.75", "3"), notes=("files.sums-joined",)),
    ]  # fmt: skip


def _sheets() -> list[Piece]:
    def merged(book):  # type: ignore[no-untyped-def]
        for row in (*_SHEET[:2], (None, None, None, "drums", 13), (None, None, None, "tins", 14)):
            book.active.append(row)
        for letter in "ABC":
            book.active.merge_cells(f"{letter}2:{letter}4")

    def turned(book):  # type: ignore[no-untyped-def]
        from openpyxl.comments import Comment

        for row in _SHEET:
            book.active.append(row)
        book.active.sheet_view.rightToLeft = True
        book.active.auto_filter.ref = "A1:E3"
        book.active.row_dimensions[3].hidden = True
        book.active["B2"].comment = Comment("no record", "X")

    def pivot(book):  # type: ignore[no-untyped-def]
        for row in (("Row Labels", "Sum of sales"), ("L", 10), ("Grand Total", 10)):
            book.active.append(row)
        data = book.create_sheet("Data")
        for row in _SHEET:
            data.append(row)
        data.sheet_state = "veryHidden"
        book.create_chartsheet("Chart")

    beside = "Exports,,,,Imports\nShipper,Consignee,Goods,,Shipper,Consignee,Goods\nL1,V1,a,,L2,V2,b\nL3,V3,c,,,,\n"
    other = "Shipper,Consignee,Goods,,Payer,Payee,Amount,Currency\nL1,V1,a,,P1,Q1,5,USD\nL3,V3,c,,P2,Q2,6,USD\n"
    middle = f"{_CSV}2024-01-05,L,V,a,,,1\nSubtotal L,,,,,,1\n2024-01-05,M,V,c,,,4\nSub-total: M,,,,,,4\nTOTAL GENERAL,,,,,,5\n"
    wrapped = f"{_CSV}2024-01-05,L,V,4-anilino,2933.39,,25\n,,,piperidine (4-,,,\n,,,AP),,,\n2024-01-06,L,V,beads,,,3\n"
    goods_below = f"{_CSV}2024-01-05,L,V,Acetone,,,25\n,,,Toluene,,,\n"
    return [
        Piece("cells_merged_downwards.xlsx", workbook(merged), (3,), net=("12.5", "13", "14"),
              cells={"consignor": ("Lantern Quay",) * 3, "consignee": ("Vega",) * 3}),
        Piece("right_to_left_filtered_and_remarked.xlsx", workbook(turned), (2,), net=("12.5", "13"), notes=("files.rows-hidden",)),
        Piece("pivot_chart_and_very_hidden_data.xlsx", workbook(pivot), (2,), net=("12.5", "13"),
              notes=("files.sheet-hidden", "files.sheet-without-header")),
        Piece("tables_side_by_side.csv", beside.encode(), (2, 1), cells={"consignor": ("L1", "L3"), "goods_description": ("a", "c")},
              notes=("files.tables-beside",)),
        Piece("payments_beside_consignments.csv", other.encode(), (2, 2), cells={"consignor": ("L1", "L3")},
              notes=("files.tables-beside",)),
        Piece("sums_in_the_middle.csv", middle.encode(), (5,),
              (("3", "files.totals-row"), ("5", "files.totals-row"), ("6", "files.totals-row")), net=("1", None, "4", None, None)),
        Piece("text_wrapped_onto_the_next_rows.csv", wrapped.encode(), (4,), notes=("files.text-continued",),
              cells={"goods_description": ("4-anilino piperidine (4-AP)", None, None, "beads")}),
        Piece("second_good_below_the_first.csv", goods_below.encode(), (2,), cells={"goods_description": ("Acetone", "Toluene")}),
        Piece("short_name_below_the_header.csv", b"Shipper,Consignee,Goods\nL\n\nM,W,b\n", (3,), cells={"consignor": ("L", None, "M")}),
        Piece("twenty_thousand_columns.csv", (",".join(f"c{n}" for n in range(20_000)) + "\n").encode() * 2, None, code="files.no-header"),
    ]  # fmt: skip


def _texts() -> list[Piece]:
    cells = {"consignor": ("北极兔化工",), "goods_description": ("玻璃珠",)}
    return [
        Piece("utf7.csv", (_CSV + _LINE).encode("utf-7"), (1,), cells=cells),
        Piece("utf7_with_half_a_sign.csv", (_CSV + _LINE + "2024-01-05,北\ud840,云铜,x,,,1\n").encode("utf-7"), (2,),
              notes=("files.signs-undecodable",)),
        Piece("utf32_with_mark.csv", (_CSV + _LINE).encode("utf-32"), (1,), cells=cells),
        Piece("utf32_without_mark.csv", (_CSV + _LINE).encode("utf-32-be"), (1,), cells=cells),
        Piece("telephones_are_no_utf7.csv", b"Shipper,Consignee,Phone\nL,V,+8613800001111\nL,V,+86138000-2222\n", (2,),
              cells={"consignor": ("L", "L")}),
        Piece("line_ends_of_three_kinds.csv", f"{_CSV}2024-01-05,L,V,a,,,1\r\n2024-01-05,L,V,b,,,2\r2024-01-05,L,V,c,,,3\n".encode(),
              (3,), net=("1", "2", "3")),
        Piece("line_signs_inside_names.csv", f"{_CSV}2024-01-05,L\u2028Ltd,V\x85X,a\x0bb,,,1\n".encode(), (1,), net=("1",)),
        Piece("table_of_markdown.md", b"| Shipper | Consignee |\n|---|:---:|\n| L | V |\n", (2,), cells={"consignor": (None, "L")}),
        Piece("endless_cell_in_quotes.csv", f'{_CSV}2024-01-05,L,V,"{"x" * (3 << 20)}",,,1\n2024-01-06,L,V,b,,,2\n'.encode(), (2,),
              (("2", "files.cell-too-long"),), net=("1", "2")),
    ]  # fmt: skip


def _printed() -> list[Piece]:
    ruled = (
        "CUSTOMS PRINT-OUT                 Page 1 of 2\n\n"
        "Date       Shipper              Consignee         Goods              Net weight (kg)\n"
        "---------- -------------------- ----------------- ------------------ ---------------\n"
        "2024-01-05 Lantern Quay Trading Vega Purpura      glass beads               1,200.50\n"
        "2024-01-16 Lantern Quay Trading Cobre y Nube      ball bearings                80.00\n"
    )
    framed = "+----------+-----------+\n| Shipper  | Consignee |\n+----------+-----------+\n| Lantern  | Vega      |\n+----------+-----------+\n"
    tight = "Date   Shipper  Consignee  Goods\n" + "2024-01-05 Lantern Quay Trading Vega Purpura beads\n" * 3
    return [
        Piece("print_out_with_a_ruler.txt", ruled.encode(), (3,), net=(None, "1200.5", "80"), notes=("files.fixed-width",)),
        Piece("print_out_of_a_chinese_program.txt", "发货人          收货人        品名\n北极兔化工      云铜商贸      玻璃珠\n".encode("gb18030"),
              (1,), cells={"consignor": ("北极兔化工",), "consignee": ("云铜商贸",)}),
        Piece("table_drawn_with_signs.txt", framed.encode(), (2,), cells={"consignor": (None, "Lantern")}),
        Piece("columns_that_run_into_each_other.txt", tight.encode(), None, code="files.fixed-width-unclear"),
    ]  # fmt: skip


def _statements() -> list[Piece]:
    zh = '账户名称：,月亮贸易\n交易日期,对方户名,借方金额,贷方金额,余额\n2024-01-05,北极兔,"1,200.50",,9\n2024-01-06,灯塔,0.00,300,9\n'
    es = "Titular: Farol Azul\nFecha;Concepto;Beneficiario/Ordenante;Debe;Haber\n05/01/2024;x;Luna;1.200,50;\n16/01/2024;y;Vega;;300,00\n"
    app = "交易时间,交易对方,收/支,金额(元),备注\n2024-01-05 10:00:00,兔子商店,支出,¥120.00,/\n2024-01-06 11:00:00,月亮小店,收入,¥80.50,/\n"
    return [
        Piece("statement_with_two_columns_of_sums.csv", zh.encode("gbk"), (2,), notes=("files.sides-settled",),
              cells={"payer": ("月亮贸易", "灯塔"), "payee": ("北极兔", "月亮贸易"), "amount": ("1200.5", "300")}),
        Piece("statement_of_debe_and_haber.csv", es.encode("cp1252"), (2,), notes=("files.sides-settled",),
              cells={"payer": ("Farol Azul", "Vega"), "payee": ("Luna", "Farol Azul"), "amount": ("1200.5", "300")}),
        Piece("export_of_a_wallet_on_a_telephone.csv", app.encode(), (2,),
              cells={"payer": (None, "月亮小店"), "payee": ("兔子商店", None), "amount": ("120", "80.5"), "currency": ("CNY", "CNY")}),
        Piece("sum_on_both_sides.csv", b"Date,Counterparty,Debit,Credit\n2024-01-05,A Ltd,10,3\n2024-01-06,B Ltd,4,\n", (2,),
              (("2", "files.both-sides"),), cells={"amount": (None, "4")}),
        Piece("marks_behind_the_sums.csv", b"Date,Counterparty,Amount\n2024-01-05,A Ltd,10.00 DR\n2024-01-06,B Ltd,4.00 CR\n", (2,),
              cells={"payer": (None, "B Ltd"), "payee": ("A Ltd", None), "amount": ("10.00", "4.00")}),
    ]  # fmt: skip


def _records() -> list[Piece]:
    one = {"shipper": "L", "consignee": "V", "goods": [{"description": "beads"}, {"description": "drums"}]}
    rows = '<Shipments><Shipment><Shipper>L</Shipper><Consignee>V</Consignee><NetWeight unit="LBR">10</NetWeight></Shipment>'
    rows += '<Shipment><Shipper>M</Shipper><Consignee>W</Consignee><NetWeight unit="KGM">13</NetWeight></Shipment></Shipments>'
    return [
        Piece("goods_inside_one_record.json", json.dumps([one]).encode(), (2,), cells={"goods_description": ("beads", "drums")}),
        Piece("comma_too_many.json", b'[{"shipper":"L","consignee":"V"},]', (1,), cells={"consignor": ("L",)}),
        Piece("remarks_above_the_records.json", b'// export\n/* of\nJuly */\n[{"shipper":"L","consignee":"V"}]', (1,)),
        Piece("cut_in_the_middle.json", b'[{"shipper":"L","consignee":"V"},{"shipper":"M","cons', (2,),
              (("2", "files.line-unreadable"),), cells={"consignor": ("L", None)}),
        Piece("cut_in_the_middle.jsonl", b'{"shipper":"L","consignee":"V"}\n{"shipper":"M","cons', (2,),
              (("2", "files.line-unreadable"),)),
        Piece("key_that_stands_twice.json", b'[{"shipper":"L","shipper":"M","consignee":"V"}]', (1,), cells={"consignor": ("L; M",)}),
        Piece("numbers_that_are_none.json", b'[{"shipper":"L","consignee":"V","net_weight_kg":NaN},{"shipper":"L","net_weight_kg":1e3}]',
              (2,), net=(None, "1000")),
        Piece("records_of_another_vocabulary.xml", rows.encode(), (2,), net=("4.5359237", "13"), notes=("files.xml-records",)),
        Piece("records_in_attributes.xml", b'<rows><row shipper="L" consignee="V"/><row shipper="M" consignee="W"/></rows>', (2,),
              cells={"consignor": ("L", "M")}),
    ]  # fmt: skip


def _messages() -> list[Piece]:
    inner = pacs008().decode()
    document = inner.partition("<Envelope>")[2].removesuffix("</Envelope>")
    paid = {"payer": ("Lantern Quay Trading",), "amount": ("1200.50",)}
    soap = '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'
    header = '<BizMsg><AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><Fr/></AppHdr>{}</BizMsg>'
    other = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.056.001.08"><FIToFIPmtCxlReq/></Document>'
    escaped = inner.replace("&", "&amp;").replace("<", "&lt;")
    signs = iftmin().translate(str.maketrans({"+": "|", ":": "^", "?": "!", "'": "~"}))
    second = iftmin().partition("UNH+7")[2].replace("UNT+10+7", "UNT+10+8")
    two = iftmin().removesuffix("UNZ+1+1'") + "UNH+8" + second
    return [
        Piece("payment_behind_a_business_header.xml", soap.format(header.format(document)).encode(), (1,), cells=paid),
        Piece("payment_as_text_in_an_envelope.xml", soap.format(f"<p><![CDATA[{inner}]]></p>").encode(), (1,), cells=paid),
        Piece("payment_with_escaped_signs.xml", soap.format(f"<p>{escaped}</p>").encode(), (1,), cells=paid),
        Piece("payment_in_base64.xml", soap.format(f"<p>{base64.b64encode(pacs008()).decode()}</p>").encode(), (1,), cells=paid),
        Piece("entity_in_an_envelope.xml",
              soap.format("<p><![CDATA[" + inner.replace("<Envelope>", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///x">]><Envelope>') + "]]></p>").encode(),
              None, code="files.xml-unsafe"),
        Piece("messages_of_two_kinds.xml", f"<Batch>{document}{other}</Batch>".encode(), (1,), cells=paid,
              notes=("files.messages-left-out",)),
        Piece("service_signs_all_of_its_own.edi", f"UNA^|.! ~{signs}".encode(), (1,),
              cells={"consignor": ("LANTERN QUAY TRADING|CO",), "goods_description": ("GLASS BEADS^ 5 MM",)}),
        Piece("service_signs_and_line_ends.edi", iftmin("UNA:+.? '").replace("'", "'\r\n").encode(), (1,)),
        Piece("two_messages_in_one_interchange.edi", two.encode(), (1, 1)),
        Piece("names_beside_their_masses.csv", csv(HEADER, ROWS, "\t").encode("utf-16"), (3,), net=("1200.5", "80", "315.25")),
    ]  # fmt: skip
