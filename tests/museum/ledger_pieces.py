"""Pieces as ledgers and business programs hand them over: units in columns of their own or above, groups, far cells."""

from __future__ import annotations

import io

import openpyxl

from tests.museum.makers import Piece, csv

_SAP = ("VBELN", "LFDAT", "NAME1", "LAND1", "MAKTX", "LFIMG", "VRKME", "BRGEW", "NTGEW", "GEWEI")
_ITEM = ("Consignee", "Goods")
_EDI = (
    "UNB+UNOC:3+A+B+240105:1200+1'UNH+1+IFTMIN:D:96A:UN'BGM+340+S7+9'DTM+137:20240105:102'NAD+CZ+++LANTERN QUAY'"
    "NAD+CN+++VEGA PURPURA'GID+1+48:BG'FTX+AAA+++GLASS BEADS'MEA+WT+AAB+KGM:1230'MEA+WT+AAA+KGM:1200.5'UNT+10+1'"
)


def ledgers() -> list[Piece]:
    """Return the pieces of this room."""
    return [*_units(), *_groups(), *_words()]


def _groups() -> list[Piece]:
    head = ("Country", "Shipper", *_ITEM, "Net weight kg")
    summed = csv(head, (("PE", "Oakum", "Vega", "beads", "100"), ("PE", "Oakum", "Ola", "beads", "200"), ("PE Total", "", "", "", "300"),
                        ("MX", "Brine", "Cobre", "beads", "400"), ("MX 汇总", "", "", "", "400"), ("Total Nube SA", "Brine", "Cobre", "beads", "7")))  # fmt: skip
    printed = csv((*_ITEM, "Net weight kg"), (("Shipper: Oakum Ltd", "", ""), ("Vega", "beads", "100"), ("Ola", "beads", "200"),
                                              ("Shipper:", "Brine Ltd", ""), ("Cobre", "beads", "400")))  # fmt: skip
    noted = csv(head, (("PE", "Oakum", "Vega", "beads", "100"), ("", "", "", "", ""), ("Notes:", "", "", "", ""),
                       ("1. As declared by the shipper", "", "", "", ""), ("2. Subject to change", "", "", "", "")))  # fmt: skip
    total = "files.totals-row"
    return [
        Piece("sums_of_groups.csv", summed.encode(), (6,), (("4", total), ("6", total)), net=("100", "200", None, "400", None, "7")),
        Piece("shipper_in_a_line_of_its_own.csv", printed.encode(), (5,), (("2", "files.group-row"), ("5", "files.group-row")),
              cells={"consignor": (None, "Oakum Ltd", "Oakum Ltd", None, "Brine Ltd"), "consignee": (None, "Vega", "Ola", None, "Cobre")}),
        Piece("notes_with_numbers_below.csv", noted.encode(), (5,), tuple((row, "files.remark-row") for row in "456")),
        Piece("painted_cell_at_the_far_corner.xlsx", _painted(), (1,), net=("100",)),
        Piece("flat_document.fods", _flat("Salt", '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'),
              (2,), (("3", "files.error-value"),), net=("1200.5", None), dates=("2024-03-05", "2024-03-05")),
        Piece("flat_document_with_an_entity.fods", _flat("&e;").replace(b"?>", b'?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>', 1), None,
              code="files.xml-unsafe"),
        Piece("flat_document_of_endless_rows.fods",
              _flat("Salt", '<table:table-row table:number-rows-repeated="2000000000"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'),
              None, code="files.unpacks-too-large"),
    ]  # fmt: skip


def _painted() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ((*_ITEM, "Net weight (kg)"), ("Vega", "beads", 100)):
        sheet.append(row)
    sheet.cell(1_048_576, 1).number_format = "0.00"
    sheet.cell(2, 16_384).number_format = "0.00"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _flat(goods: str, end: str = "") -> bytes:
    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    head = "".join(map(cell, ("Consignee", "Goods", "Date", "Net weight (kg)")))
    day = '<table:table-cell office:value-type="date" office:date-value="2024-03-05"><text:p>05/03/24</text:p></table:table-cell>'
    merged = '<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>Vega</text:p></table:table-cell>'
    mass = (
        '<table:table-cell office:value-type="float" office:value="1200.5"><text:p>1.200,5</text:p></table:table-cell>'
    )
    error = '<table:table-cell calcext:value-type="error" office:value-type="string"><text:p>#REF!</text:p></table:table-cell>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="T"><table:table-row>{head}</table:table-row><table:table-row>{merged}{cell(goods)}{day}{mass}</table:table-row>'
        f"<table:table-row><table:covered-table-cell/>{cell('Glue')}{day}{error}</table:table-row>{end}</table:table>"
        "</office:spreadsheet></office:body></office:document>"
    ).encode()


def _units() -> list[Piece]:
    weights = csv((*_ITEM, "Net weight", "NW unit", "Gross weight", "GW unit"),
                  (("Vega", "beads", "500", "g", "1.5", "t"), ("Cobre", "beads", "2", "lb", "3", "KGM")))  # fmt: skip
    spanish = csv(("Destinatario", "Mercancía", "Peso neto", "Unidad de peso", "Cantidad", "Unidad de medida"),
                  (("Vega", "vidrio", "1,2", "TNE", "48", "sacos"), ("Cobre", "vidrio", "300", "GRM", "1", "frasco")), ";")  # fmt: skip
    sap = csv(_SAP, (("0080001234", "20240305", "Vega SA", "MX", "Beads", "48", "BAG", "1,25", "1,2", "TO"),
                     ("0080001235", "20240318", "Cobre SL", "PE", "Beads", "9", "CAR", "1.840,00", "1.800,50", "KG")), ";")  # fmt: skip
    phrases = csv((*_ITEM, "Net weight"), tuple(("Vega", "beads", told) for told in (
        "1 MT 200 KG", "20 drums of 200 kg each", "10 sacos de 50 kg", "20桶，每桶200公斤", "一吨半", "半吨", "一百二十千克", "10 lb 8 oz")))  # fmt: skip
    alien = csv(
        (*_ITEM, "Net weight", "Unit"),
        (("Vega", "beads", "12", "xyz"), ("Cobre", "beads", "3", "kg"), ("Ola", "beads", "4", "kg")),
    )
    return [
        Piece("unit_beside_each_weight.csv", weights.encode(), (2,), net=("0.5", "0.90718474"),
              cells={"gross_mass_kg": ("1500", "3")}),
        Piece("unit_of_weight_and_unit_of_quantity.csv", spanish.encode("cp1252"), (2,), net=("1200", "0.3"),
              cells={"unit": ("sacos", "frasco"), "quantity": ("48", "1")}),
        Piece("field_names_of_a_business_program.csv", sap.encode(), (2,), net=("1200", "1800.5"),
              cells={"consignee": ("Vega SA", "Cobre SL"), "gross_mass_kg": ("1250", "1840"), "unit": ("BAG", "CAR")},
              dates=("2024-03-05", "2024-03-18")),
        Piece("masses_told_in_several_numbers.csv", phrases.encode(), (8,),
              net=("1200", "4000", "500", "4000", "1500", "500", "120", "4.762719885")),
        Piece("unit_beside_that_is_none.csv", alien.encode(), (3,), (("2", "quantity.unit-unknown"),), net=("12 xyz", "3", "4")),
        Piece("unit_above_the_table.csv", "出口台账,,,\n单位：吨,,,\n发货人,收货人,品名,净重\n岚山公司,翠谷公司,玻璃珠,1.2\n".encode("gbk"), (1,),
              net=("1200",), notes=("files.unit-from-above",)),
        Piece("tonnes_in_brackets.csv", csv((*_ITEM, "Net weight (t)", "Gross (g)"), (("Vega", "beads", "1.25", "500"),)).encode(), (1,),
              net=("1250",), cells={"gross_mass_kg": ("0.5",)}),
        Piece("seven_digits_of_the_republic.csv", csv((*_ITEM, "日期"), (("Vega", "beads", "1130305"), ("Ola", "beads", "0990318")))
              .replace("0990318", "1130318").encode("big5"), (2,), dates=("2024-03-05", "2024-03-18")),
        Piece("circumflex_and_commas.txt", b"Shipper^Consignee^Goods\nOakum^Vega^beads, glass\nBrine^Cobre^glue\n", (2,),
              cells={"goods_description": ("beads, glass", "glue")}),
        Piece("nothing_in_spanish.csv", csv((*_ITEM, "Peso neto kg"), (("Vega", "vidrio", "n/d"), ("Cobre", "vidrio", "#N/D"))).encode(), (2,),
              (("3", "files.error-value"),), net=(None, None)),
        Piece("net_and_gross_by_attribute_without_end.edi", _EDI.encode(), (1,), net=("1200.5",),
              cells={"gross_mass_kg": ("1230",)}, notes=("files.interchange-open",)),
    ]  # fmt: skip


def _words() -> list[Piece]:
    countries = csv((*_ITEM, "Country of destination"), (("Vega", "beads", "México (MX)"), ("Ola", "beads", "Made in China"),
                    ("Nube", "beads", "Shenzhen, China"), ("Cobre", "beads", "Atlantis")))  # fmt: skip
    towns = csv(
        (*_ITEM, "Destination"),
        (("Vega", "beads", "Port Lantern"), ("Ola", "beads", "Quay Nine"), ("Nube", "beads", "Peru")),
    )
    persons = csv(
        ("First name", "Last name", "DOB", "Country"),
        (("Ana", "Vega Púrpura", "1980-01-02", "Peru"), ("Luis", "Nube", "1975-12-31", "MEX")),
    )
    apellidos = csv(
        ("Nombre", "Apellido paterno", "Apellido materno", "RFC"),
        (("Ana", "Vega", "Púrpura", "VEPA800102AB1"), ("Luis", "Nube", "", "NULU751231XY2")),
        ";",
    )
    hanzi = csv(("姓", "名", "出生日期"), (("岚", "青山", "1980-01-02"), ("云", "隐", "1975-12-31")))
    money = csv(("Fecha", "Ordenante", "Beneficiario", "Importe"), (("05/03/2024", "Vega", "Ola", "1.200,00 dólares"), ("18/03/2024", "Vega", "Ola", "500,00 pesos mexicanos"),
                ("19/03/2024", "Vega", "Ola", "1,2 millones de dólares")), ";")  # fmt: skip
    ledger = "付款明细,,,\n金额单位：万元,,,\n日期,付款人,收款人,金额\n2024-03-05,翠谷公司,岚山公司,1.2\n合计,,,1.2\n"
    grouped = csv(
        ("Document", "Goods", "Net weight kg"),
        (("Customer:", "Vega SA", ""), ("D1", "beads", "100"), ("Customer:", "Cobre SL", ""), ("D2", "glue", "200")),
    )
    psql = "id|shipper|consignee|goods\n----+----+----+----\n1|Oakum|Vega|beads\n2|Brine|Cobre|glue\n(2 rows)\n"
    joined = csv(_ITEM, (("Vega", "beads"),)) + "\ufeff" + "Cobre,glue\n"
    return [
        Piece("countries_in_more_words.csv", countries.encode(), (4,), (("5", "files.country-unknown"),)),
        Piece("towns_under_destination.csv", towns.encode(), (3,)),
        Piece("given_name_and_surname.csv", persons.encode(), (2,), cells={"name": ("Ana Vega Púrpura", "Luis Nube"), "birth_date": ("1980-01-02", "1975-12-31")}),
        Piece("two_surnames.csv", apellidos.encode("cp1252"), (2,), cells={"name": ("Ana Vega Púrpura", "Luis Nube")}),
        Piece("surname_before_name.csv", hanzi.encode("gbk"), (2,), cells={"name": ("岚青山", "云隐")}),
        Piece("currencies_in_words.csv", money.encode("cp1252"), (3,), cells={"amount": ("1200", "500", "1200000"), "currency": ("USD", "MXN", "USD")}),
        Piece("amounts_in_ten_thousands_above.csv", ledger.encode("gbk"), (2,), (("5", "files.totals-row"),),
              cells={"amount": ("12000", None), "currency": ("CNY", None)}),
        Piece("customer_in_a_line_of_two_cells.csv", grouped.encode(), (4,), (("2", "files.group-row"), ("4", "files.group-row")),
              cells={"consignee": (None, "Vega SA", None, "Cobre SL")}),
        Piece("answer_of_a_database.txt", psql.encode(), (4,), (("5", "files.remark-row"),), cells={"consignor": (None, "Oakum", "Brine", None)}),
        Piece("marks_of_order_between_files.csv", joined.encode(), (2,), cells={"consignee": ("Vega", "Cobre")}),
    ]  # fmt: skip
