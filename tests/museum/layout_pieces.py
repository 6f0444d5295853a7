"""Layouts: sheets that are no plain table: forms, tables on their side, several in one sheet, sums and remarks."""

from __future__ import annotations

from tests.museum.makers import Piece, plain_workbook, workbook

_SHIP = "Shipper,Consignee,Goods,Net weight (kg)\n"
_ONE = "Lantern Quay,Vega Púrpura,beads,12\n"
_TWO = "Lantern Quay,Cobre y Nube,drums,13\n"


def layouts() -> list[Piece]:
    """Return the pieces of this room."""
    return [*_headers(), *_rows(), *_forms()]


def _headers() -> list[Piece]:
    return [
        Piece("units_in_a_row_of_their_own.csv",
              b"Shipper,Consignee,Net weight,Gross weight,Value\n,,(MT),lbs,EUR\nLantern,Vega,1.5,100,3\n", (1,), net=("1500",),
              cells={"gross_mass_kg": ("45.359237",), "currency": ("EUR",)}),
        Piece("columns_numbered_below_the_header.csv", b"Shipper,Consignee,Goods\n(1),(2),(3)\nLantern,Vega,beads\n", (1,)),
        Piece("party_with_its_address.csv",
              "SHIPPER'S NAME & ADDRESS,Consignee (full name and address),货物名称\nLantern Quay,Vega,beads\n".encode(), (1,),
              cells={"consignor": ("Lantern Quay",), "consignee": ("Vega",), "consignee_address": (None,)}),
        Piece("goods_in_two_columns.csv", "发货人,收货人,中文品名,英文品名\n北极兔,云铜,玻璃珠,glass beads\n".encode(), (1,),
              cells={"goods_description": ("玻璃珠; glass beads",)}, notes=("files.header-joined",)),
        Piece("second_consignee_column.csv", b"Shipper,Consignee,Importer,Goods\nLantern,,Vega,beads\n", (1,),
              cells={"consignee": ("Vega",)}, notes=("files.header-twice",)),
        Piece("columns_without_a_header.csv", b"Shipper,,Consignee\nLantern,CN,Vega\n", (1,),
              notes=("files.column-without-header",)),
        Piece("currency_at_the_end_of_the_header.csv", b"Shipper,Consignee,Valor FOB US$,Net Wt. LBS\nL,V,5,100\n", (1,),
              net=("45.359237",), cells={"currency": ("USD",)}),
    ]  # fmt: skip


def _rows() -> list[Piece]:
    sums = (
        "Subtotal Vega,,,12",
        "Grand Total (2 customers),,,12",
        "本页小计：,,,12",
        "Carried forward,,,12",
        "Total de bultos,,,12",
    )
    return [
        Piece("sums_in_three_languages.csv", f"{_SHIP}{_ONE}{chr(10).join(sums)}\n".encode(), (6,),
              tuple((str(row), "files.totals-row") for row in range(3, 8))),
        Piece("firm_named_total.csv", f"{_SHIP}Total,Vega,beads,12\nTotal Quay Trading,Vega,beads,1\n".encode(), (2,),
              cells={"consignor": ("Total", "Total Quay Trading")}),
        Piece("remarks_and_signatures.csv",
              f"{_SHIP}{_ONE}\nSource: customs bulletin\n制表人：某某,,,审核：某某\nPage 1 of 2\n".encode(), (5,),
              (("4", "files.remark-row"), ("5", "files.remark-row"), ("6", "files.remark-row"))),
        Piece("header_of_the_next_page_in_capitals.csv", f"{_SHIP}{_ONE}{_SHIP.upper()}{_TWO}".encode(), (3,),
              (("3", "files.header-row-again"),)),
        Piece("ditto_signs.csv", f'{_SHIP}{_ONE}"""","""",tins,1\n同上,ídem,drums,2\n'.encode(), (3,),
              cells={"consignor": ("Lantern Quay",) * 3}, notes=("files.ditto-filled",)),
        Piece("two_tables_below_each_other.csv",
              f"{_SHIP}{_ONE}\nPayments\nPayer,Payee,Amount\nVega,Lantern Quay,5\n".encode(), (1, 1), notes=("files.several-tables",)),
        Piece("second_table_with_columns_turned.csv",
              f"{_SHIP}{_ONE}\nConsignee,Shipper,Goods,Net weight (kg)\nCobre,Lantern,drums,2\n".encode(), (1, 1)),
    ]  # fmt: skip


def _forms() -> list[Piece]:
    invoice = plain_workbook((
        ("COMMERCIAL INVOICE",), ("Exporter:", "Lantern Quay", None, "Invoice No.:", "LQ-7"), ("Consignee:", "Vega Púrpura"),
        ("Notify Party: Cobre y Nube",), (), ("Item", "Description of goods", "Qty", "Net weight (kg)", "Amount"),
        (1, "glass beads", 100, 12.5, 150), ("Total", None, 100, 12.5, 150), ("Say US dollars one hundred fifty only",),
    ))  # fmt: skip
    form = plain_workbook(
        (("报关单",), ("发货人", "北极兔化工有限公司"), ("收货人", "云铜"), ("品名", "玻璃珠"), ("净重(千克)", 1200.5))
    )
    side = "Field,A,B\nShipper,Lantern,Quay\nConsignee,Vega,Cobre\nGoods,beads,drums\nNet weight (kg),12,13\n"
    lines = "Shipper: Lantern Quay\nConsignee: Vega\nGoods: glass beads\nNet weight: 1,200.50 kg\n"
    return [
        Piece("invoice_with_parties_above.xlsx", invoice, (3,), (("8", "files.totals-row"), ("9", "files.remark-row")),
              cells={"consignor": ("Lantern Quay", None, None), "notify_party": ("Cobre y Nube", None, None)},
              notes=("files.taken-from-above",)),
        Piece("form_of_labels.xlsx", form, (1,), net=("1200.5",), cells={"consignor": ("北极兔化工有限公司",), "source_row": ("2",)},
              notes=("files.turned-upright",)),
        Piece("table_on_its_side.csv", side.encode(), (2,), net=("12", "13"), cells={"source_row": ("column B", "column C")}),
        Piece("labels_with_colons.txt", lines.encode(), (1,), net=("1200.5",), cells={"consignee": ("Vega",)}),
        Piece("hidden_rows_and_columns.xlsx", workbook(_with_hidden), (2,), notes=("files.rows-hidden", "files.columns-hidden")),
    ]  # fmt: skip


def _with_hidden(book) -> None:  # type: ignore[no-untyped-def]
    sheet = book.active
    for row in (("Shipper", "Consignee", "Goods"), ("Lantern", "Vega", "beads"), ("Lantern", "Cobre", "drums")):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
