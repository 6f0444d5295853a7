"""The museum: ugly files as strangers send them, each named by what is wrong, with what a reader must make of it.

`python -m tests.museum.make_museum FOLDER` writes them all. Names of firms and people are invented.
"""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

from tests.museum.export_pieces import exports
from tests.museum.layout_pieces import layouts
from tests.museum.ledger_pieces import ledgers
from tests.museum.makers import (
    ES_HEADER,
    ES_ROWS,
    HEADER,
    ROWS,
    ZH_HEADER,
    ZH_ROWS,
    Piece,
    csv,
    iftmin,
    ods,
    ole,
    pacs008,
    plain_workbook,
    repacked,
    with_column,
    workbook,
    xls,
    zipped,
)
from tests.museum.paper_pieces import papers
from tests.museum.stranger_pieces import strangers
from tests.museum.writer_pieces import writers


def pieces() -> list[Piece]:
    """Return every ugly file of the museum."""
    return [
        *_texts(),
        *_values(),
        *_workbooks(),
        *_messages(),
        *_structured(),
        *_refused(),
        *layouts(),
        *strangers(),
        *writers(),
        *ledgers(),
        *exports(),
        *papers(),
    ]


def _texts() -> list[Piece]:
    plain, zh, es = csv(HEADER, ROWS), csv(ZH_HEADER, ZH_ROWS), csv(ES_HEADER, ES_ROWS, ";")
    days = ("2024-01-05", "2024-01-16")
    traditional = zh.translate(str.maketrans("发货单号净贸丢轴铜码东", "發貨單號淨貿丟軸銅碼東"))
    lines = plain.splitlines()
    return [
        Piece("gbk_without_a_mark.csv", zh.encode("gbk"), (2,), net=("1200.5", "80"), dates=days),
        Piece("big5_without_a_mark.csv", traditional.encode("big5", "replace"), (2,), net=("1200.5", "80")),
        Piece("utf16_with_mark_and_tabs.txt", csv(ZH_HEADER, ZH_ROWS, "\t").encode("utf-16"), (2,), dates=days),
        Piece("utf16_little_endian_without_mark.csv", zh.encode("utf-16-le"), (2,), dates=days),
        Piece("utf16_big_endian_without_mark.csv", plain.encode("utf-16-be"), (3,), net=("1200.5", "80", "315.25")),
        Piece("cp1252_with_semicolons.csv", es.encode("cp1252"), (2,), net=("1200.5", "80"), dates=days),
        Piece("latin1_with_old_mac_line_ends.csv", csv(ES_HEADER, ES_ROWS, ";", "\r").encode("latin-1"), (2,), dates=days),
        Piece("mark_and_sep_line.csv", ("\ufeffsep=;\r\n" + es).encode(), (2,), net=("1200.5", "80")),
        Piece("pipes.txt", csv(HEADER, ROWS, "|").encode(), (3,)),
        Piece("line_breaks_inside_quotes.csv", with_column(4, ("glass beads\nempty drums", "a\r\nb")).encode(), (2,)),
        Piece("rows_of_unequal_length.csv", f"{lines[0]}\n{lines[1]},extra,cells\nA-2\n{lines[3]}\n".encode(), (3,),
              (("2", "files.row-too-wide"),)),
        Piece("nul_signs.csv", plain.replace("drums", "dr\x00ums").encode(), (3,)),
        Piece("quote_never_closed.csv", plain.replace("glass beads", '"glass beads').encode(), (3,),
              (("2", "files.quote-open"),)),
        Piece("title_rows_above.csv", f"Customs report of January\nprinted 2024-02-01\n\n{plain}".encode(), (3,)),
        Piece("header_over_two_rows.csv",
              "Shipper,,Consignee,,Goods\nName,Country,Name,Country,\nLantern Quay,CN,Vega Púrpura,MX,beads\n".encode(), (1,)),
        Piece("header_in_two_languages.csv", f"{','.join(ZH_HEADER)}\n{plain}".encode(), (3,)),
        Piece("totals_below.csv", f"{plain}Total,,,,,1595.75\n".encode(), (4,), (("5", "files.totals-row"),)),
        Piece("blank_rows_inside_and_below.csv", f"{lines[0]}\n{lines[1]}\n,,,,,\n\n{lines[2]}\n,,,,,\n\n\n".encode(), (4,)),
        Piece("header_again_on_every_page.csv", f"{plain}{plain}".encode(), (7,), (("5", "files.header-row-again"),)),
        Piece("one_byte_broken.csv", plain.encode().replace("ú".encode(), b"\xff"), (3,)),
        Piece("same_header_twice.csv", plain.replace("Goods", "Consignee").encode(), (3,)),
        Piece("unclosed_at_the_end.csv", (plain + 'A-4,2024-03-01,"Lantern').encode(), (4,)),
        Piece("header_alone.csv", (lines[0] + "\n").encode(), (0,)),
        Piece("tables_named_as_workbook.xlsx", plain.encode(), (3,)),
    ]  # fmt: skip


def _values() -> list[Piece]:
    def mass(*values: str) -> bytes:
        return with_column(5, values).encode()

    def day(*values: str) -> bytes:
        return with_column(1, values).encode()

    return [
        Piece("masses_in_every_unit.csv", mass("1.5 t", "3 lbs", "500 g", "10斤", "１２００公斤"), (5,),
              net=("1500", "1.36077711", "0.5", "5", "1200")),
        Piece("masses_of_two_readings.csv", mass("1,234 kg", "2.345"), (2,),
              (("2", "quantity.ambiguous"), ("3", "quantity.ambiguous")), net=("1,234 kg", "2.345")),
        Piece("masses_settled_by_the_column.csv", mass("1.234", "1.200,50 kg"), (2,), net=("1234", "1200.5")),
        Piece("masses_that_are_none.csv", mass("10-20 kg", "-5 kg", "some", "5 tons", "0"), (5,),
              (("2", "quantity.range"), ("3", "quantity.negative"), ("4", "quantity.unreadable"), ("5", "quantity.ton"))),
        Piece("masses_in_tonnes_by_header.csv", mass("1.5", "2").replace(b"(kg)", "(吨)".encode()), (2,), net=("1500", "2000")),
        Piece("days_day_first.csv", day("05/01/2024", "16/01/2024"), (2,), dates=("2024-01-05", "2024-01-16")),
        Piece("days_month_first.csv", day("01/05/2024", "01/16/2024"), (2,), dates=("2024-01-05", "2024-01-16")),
        Piece("days_of_two_readings.csv", day("03/04/2024", "05/06/2024"), (2,),
              (("2", "day.ambiguous"), ("3", "day.ambiguous"))),
        Piece("days_as_serials_and_words.csv", day("45296", "16-ene-2024", "民国113年2月27日", "Jan 5, 2024", "2024"), (5,),
              (("6", "day.unreadable"),), dates=("2024-01-05", "2024-01-16", "2024-02-27", "2024-01-05", "2024")),
        Piece("formulas_as_text.csv", with_column(4, ('=HYPERLINK("x")', "=1+1", "@SUM(A1)", '="007"')).encode(), (4,),
              (("2", "files.formula-as-text"), ("3", "files.formula-as-text"), ("4", "files.formula-as-text"))),
        Piece("codes_shortened_by_a_spreadsheet.csv",
              b"Shipper,Consignee,HS code,CAS\nLantern,Vega,2.93E+09,1979-03-08\nLantern,Vega,293333.0,64-17-5\n", (2,),
              (("2", "files.code-shortened"), ("2", "files.cas-became-day"))),
        Piece("errors_and_narrow_columns.csv", with_column(4, ("#REF!", "########", "beads")).encode(), (3,),
              (("2", "files.error-value"), ("3", "files.column-was-narrow"))),
        Piece("endless_cell.csv", with_column(4, ("x" * 2_000_000, "beads")).encode(), (2,),
              (("2", "files.cell-too-long"),)),
        Piece("endless_cell_of_lines.csv", with_column(4, ("x\n" * 300_000, "beads")).encode(), (2,),
              (("2", "files.cell-too-long"),)),
        Piece("stray_quote_in_a_long_file.csv",
              (csv(HEADER, ROWS).replace("glass beads", '"glass beads') + csv(HEADER, ROWS * 2000).partition("\n")[2]).encode(),
              (6003,), (("2", "files.quote-open"),)),
    ]  # fmt: skip


def _workbooks() -> list[Piece]:
    def merged(book):  # type: ignore[no-untyped-def]
        sheet = book.active
        sheet.append(("2024 export list",))
        sheet.merge_cells("A1:F1")
        sheet.append(())
        for row in (HEADER, *ROWS):
            sheet.append(row)
        sheet.merge_cells("C4:C5")

    def sheets(book):  # type: ignore[no-untyped-def]
        for row in (HEADER, *ROWS):
            book.active.append(row)
        hidden = book.create_sheet("hidden")
        hidden.sheet_state = "veryHidden"
        for row in (("Payer", "Payee", "Amount"), ("Lantern Quay", "Vega", 12.5)):
            hidden.append(row)
        book.create_sheet("notes").append(("see first sheet",))

    def formulas(book):  # type: ignore[no-untyped-def]
        for row in (HEADER, *ROWS):
            book.active.append(row)
        book.active["F2"] = "=600+600"
        book.active["E3"] = "#REF!"

    def days(book):  # type: ignore[no-untyped-def]
        import datetime

        for row in (HEADER, *ROWS):
            book.active.append(row)
        book.active["B2"] = datetime.date(2024, 1, 5)
        book.active["B3"] = 45307
        book.active["F2"] = 1.234

    def late_start(book):  # type: ignore[no-untyped-def]
        for number, row in enumerate((HEADER, *ROWS)):
            for place, value in enumerate(row):
                book.active.cell(number + 20, place + 4, value)

    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'

    def with_entity(name: str, content: bytes) -> bytes:
        if name == "xl/sharedStrings.xml" or name.startswith("xl/worksheets/"):
            head, _, rest = content.partition(b">") if content.startswith(b"<?xml") else (b"", b"", content)
            return (head + b">" if head else b"") + entity + rest.replace(b"glass beads", b"&e;")
        return content

    def far_cell(name: str, content: bytes) -> bytes:
        cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return content.replace(b"</sheetData>", cell) if name.startswith("xl/worksheets/") else content

    plain = plain_workbook()
    same = lambda name, content: content  # noqa: E731
    return [
        Piece("merged_cells_and_title.xlsx", workbook(merged), (3,)),
        Piece("hidden_and_other_sheets.xlsx", workbook(sheets), (3, 1)),
        Piece("formula_without_value_and_error.xlsx", workbook(formulas), (3,),
              (("2", "files.formula-without-value"), ("3", "files.error-value"))),
        Piece("days_as_serials.xlsx", workbook(days), (3,), net=("1.2340", "80", "315.25"),
              dates=("2024-01-05", "2024-01-16", "2024-02-27")),
        Piece("table_far_from_the_corner.xlsx", workbook(late_start), (3,)),
        Piece("workbook_named_as_text.csv", plain, (3,)),
        Piece("sheet_of_1997.xls", xls(), (3,), net=("1200.5", "80", "315.25")),
        Piece("open_document_with_a_million_blank_rows.ods", ods(), (3,)),
        Piece("entity_inside_a_workbook.xlsx", repacked(plain, with_entity), None, code="files.workbook-damaged"),
        Piece("page_named_as_workbook.xls", _page("gb2312").encode("gbk"), (3,), net=("1200.5", "80", "315.25")),
        Piece("xml_spreadsheet_of_2003.xls", _xml_spreadsheet().encode(), (3,), net=("1200.5", "80", "315.25")),
        Piece("bomb_of_zeros.xlsx", repacked(plain, same, {"xl/media/a.bin": bytes(80 << 20)}), None,
              code="files.unpacks-too-large"),
        Piece("one_cell_at_the_far_corner.xlsx", repacked(plain, far_cell), None, code="files.unpacks-too-large"),
        Piece("cut_in_the_middle.xlsx", plain[: len(plain) // 2], None, code="files.workbook-damaged"),
        Piece("compound_file_without_a_book.xls", ole(bytes(4096)), None, code="files.workbook-damaged"),
        Piece("sheet_beyond_the_end.xls", xls(54_570), None, code="files.workbook-damaged"),
        Piece("archive_of_other_things.zip", zipped({"readme.txt": b"nothing"}), None,
              code="files.archive-without-records"),
        Piece("sheets_without_a_header.xlsx", plain_workbook((("a", "b"), (1, 2))), None, code="files.no-header"),
    ]  # fmt: skip


def _page(charset: str) -> str:
    """Return an HTML page as web systems export it under the name .xls, with a script and an outside picture."""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS).replace("ú", "u")
    head = "".join(f"<th rowspan=1>{cell}</th>" for cell in HEADER)
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><body>'
        '<script>alert(1)</script><img src="http://192.0.2.1/x.png"><table><tr><td colspan=6>2024 出口清单</td></tr>'
        f"<tr>{head}</tr>{rows}</table></body></html>"
    )


def _xml_spreadsheet() -> str:
    def row(cells: tuple[str, ...]) -> str:
        inside = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells)
        return f"<Row>{inside}</Row>"

    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S1"><Table>'
        f"{''.join(map(row, (HEADER, *ROWS)))}</Table></Worksheet></Workbook>"
    )


def _messages() -> list[Piece]:
    laughs = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    )
    return [
        Piece("payment_in_a_wrapper.xml", pacs008(), (1,)),
        Piece("payment_with_wrong_iban.xml",
              pacs008("<DbtrAcct><Id><IBAN>GB00WEST12345698765432</IBAN></Id></DbtrAcct>"), (1,),
              (("FIToFICstmrCdtTrf/CdtTrfTxInf[1]", "files.iban-wrong"),)),
        Piece("payment_in_utf16.xml", pacs008().decode().replace("UTF-8", "UTF-16").encode("utf-16"), (1,)),
        Piece("entity_outside.xml", pacs008(before='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', name="&e;"),
              None, code="files.xml-unsafe"),
        Piece("billion_laughs.xml", pacs008(before=laughs + "]>", name="&j;"), None, code="files.xml-unsafe"),
        Piece("nested_without_end.xml", b"<a>" * 50_000 + b"</a>" * 50_000, None, code="files.xml-broken"),
        Piece("cut_in_the_middle.xml", pacs008()[:300], None, code="files.xml-broken"),
        Piece("other_vocabulary.xml", b"<invoice><line/></invoice>", None, code="files.xml-unknown"),
        Piece("release_signs.edi", iftmin().encode("latin-1"), (1,)),
        Piece("other_service_signs.edi",
              iftmin("UNA").replace("?", "!").replace("+", "*").replace("UNA", "UNA:*.! '").encode("latin-1"), (1,)),
        Piece("segments_missing.edi", iftmin(told=99).encode("latin-1"), (1,)),
        Piece("wrong_container.edi", iftmin().replace("CSQU3054383", "CSQU3054384").encode("latin-1"), (1,),
              (("UNH[1]/GID[1]", "files.container-wrong"),)),
        Piece("cut_in_the_middle.edi", iftmin().encode("latin-1")[:240], (1,)),
        Piece("message_of_another_trade.edi", b"UNB+UNOA:1+A+B+1:1+1'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+1'", None,
              code="files.edifact-unknown"),
    ]  # fmt: skip


def _structured() -> list[Piece]:
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(
        pa.table({"shipper": ["Lantern Quay"], "consignee": ["Vega"], "Net weight (kg)": [1.234], "x": [b"\xff"]}), out
    )
    record = {"payer": {"name": "Lantern Quay", "country": "CN"}, "payee": "Vega", "amount": 1.234}
    lines = f"{json.dumps(record)}\n\nno object\n{json.dumps(record)}\n"
    return [
        Piece("columns_of_bytes.parquet", out.getvalue(), (1,), net=("1.2340",)),
        Piece("cut_in_the_middle.parquet", out.getvalue()[:200], None, code="files.parquet-damaged"),
        Piece("one_line_is_no_object.jsonl", lines.encode(), (4,), (("3", "files.line-unreadable"),)),
        Piece("wrapped_array.json", json.dumps({"meta": {}, "data": [record, record]}).encode(), (2,)),
        Piece("nested_without_end.json", b"[" * 100_000, None, code="files.json-broken"),
    ]  # fmt: skip


def _refused() -> list[Piece]:
    return [
        Piece("nothing.csv", b"", None, code="files.shape-unknown"),
        Piece("blanks_alone.csv", b" \n\n\t\n", None, code="files.shape-unknown"),
        Piece("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, None, code="files.shape-unknown"),
        Piece("no_header.csv", b"1,2,3\n4,5,6\n", None, code="files.no-header"),
        Piece("a_letter.txt", b"Dear colleague,\nplease find nothing here.\n", None, code="files.no-header"),
    ]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for piece in pieces():
        (folder / piece.name).write_bytes(piece.data)
