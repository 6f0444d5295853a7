"""Papers: whole documents in a sheet: the customs form of China, packing lists, several invoices below each other."""

from __future__ import annotations

from tests.museum.makers import Piece, ods, plain_workbook

_FORM = (
    ("中华人民共和国海关出口货物报关单",),
    ("预录入编号：E2024000071", None, None, None, "海关编号：224820240001"),
    ("境内发货人（91310115MA1K4TEST1）", None, "出境关别（2248）", None, "出口日期", None, "备案号"),
    ("北极兔化工有限公司", None, "洋山港区", None, "20240305"),
    ("境外收货人", None, "运输方式（2）", None, "提运单号"),
    ("VEGA PURPURA S.A.", None, "水路运输", None, "LQT240300123"),
    ("生产销售单位", None, "监管方式（0110）", None, "许可证号"),
    ("北极兔化工有限公司", None, "一般贸易"),
    (
        "项号",
        "商品编号",
        "商品名称及规格型号",
        "数量及单位",
        "单价/总价/币制",
        "原产国（地区）",
        "最终目的国（地区）",
        "征免",
    ),
    ("1", "7018100000", "玻璃珠", "1000千克", "12.5000", "中国", "墨西哥", "照章征税"),
    (None, None, "0|0|装饰用|玻璃制", None, "12500.00", "（CHN）", "（MEX）"),
    (None, None, None, "40桶", "美元"),
    ("2", "3926909090", "塑料漏斗", "20千克", "1.0000", "中国", "墨西哥", "照章征税"),
    (None, None, "0|0|实验室用", None, "200.00", "（CHN）", "（MEX）"),
    (None, None, None, "200个", "美元"),
    ("兹申明以上内容承担如实申报、依法纳税之法律责任",),
)
_HEAD = ("Item", "Description", "Qty", "Amount USD")
_INVOICES = (
    ("COMMERCIAL INVOICE",), ("Invoice No:", "INV-1", "Date:", "2024-03-05"), ("Seller:", "Lantern Quay"), ("Buyer:", "Vega Púrpura"),
    _HEAD, (1, "glass beads", 10, 20), ("Total", None, 10, 20), (),
    ("COMMERCIAL INVOICE",), ("Invoice No:", "INV-2", "Date:", "2024-03-06"), ("Seller:", "Lantern Quay"), ("Buyer:", "Cobre y Nube"),
    _HEAD, (1, "drums", 5, 15), ("Total", None, 5, 15),
)  # fmt: skip
_PAGES = (*_INVOICES[:6], *_INVOICES[:5], (2, "drums", 5, 15))
_PACKING = (
    ("PACKING LIST",), ("TO:", "VEGA PURPURA S.A.", None, "INVOICE NO.:", "LQ-17"), (None, "Av. Inventada 12", None, "DATE:", "MAR.05,2024"),
    ("FROM: SHANGHAI", None, "TO: MANZANILLO"), (), ("MARKS", "DESCRIPTION OF GOODS", "PKGS", "N.W.", "G.W."),
    (None, None, "(DRUMS)", "(KGS)", "(KGS)"), ("N/M", "GLASS BEADS", 40, 1000, 1120), ("TOTAL:", None, 40, 1000, 1120),
    ("SAY TOTAL FORTY (40) DRUMS ONLY.",),
)  # fmt: skip
_TOTAL, _REMARK = "files.totals-row", "files.remark-row"


def papers() -> list[Piece]:
    """Return the pieces of this room."""
    one = "北极兔化工有限公司"
    return [
        Piece("customs_form_of_china.xlsx", plain_workbook(_FORM), (2,), net=("1000", "20"), dates=("2024-03-05",) * 2,
              cells={"source_row": ("10", "13"), "consignor": (one, one), "consignee": ("VEGA PURPURA S.A.",) * 2,
                     "goods_description": ("玻璃珠; 0|0|装饰用|玻璃制", "塑料漏斗; 0|0|实验室用"), "quantity": ("40", "200"),
                     "value": ("12500.00", "200.00"), "currency": ("USD", "USD"), "hs_code": ("7018100000", "3926909090"),
                     "document_number": ("LQT240300123",) * 2, "destination_country": ("墨西哥", "墨西哥")}),
        Piece("several_invoices_in_a_sheet.xlsx", plain_workbook(_INVOICES), (2, 2), (("7", _TOTAL), ("15", _TOTAL)),
              cells={"consignee": ("Vega Púrpura", None), "document_number": ("INV-1", None)}, notes=("files.several-tables",)),
        Piece("one_invoice_over_two_pages.xlsx", plain_workbook(_PAGES), (7,),
              (*((str(row), _REMARK) for row in range(7, 11)), ("11", "files.header-row-again")),
              cells={"consignee": ("Vega Púrpura", *[None] * 5, "Vega Púrpura")}),
        Piece("packing_list_made_out_to.xlsx", plain_workbook(_PACKING), (3,), (("9", _TOTAL), ("10", _REMARK)), net=("1000", None, None),
              cells={"consignee": ("VEGA PURPURA S.A.", None, None), "document_number": ("LQ-17", None, None)}),
        Piece("merged_and_broken_cells.ods", ods(_ods_rows()), (2,), (("3", "files.error-value"),), net=("12.5", None),
              cells={"consignor": ("Lantern Quay", "Lantern Quay")}, notes=("files.rows-hidden", "files.formulas-not-run")),
    ]  # fmt: skip


def _ods_rows() -> str:
    def cell(text: str, more: str = "") -> str:
        return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'

    head = "".join(map(cell, ("Shipper", "Consignee", "Net weight (kg)")))
    mass = '<table:table-cell office:value-type="float" office:value="12.5" table:formula="of:=2*6.25"/>'
    error = cell("#VALUE!", ' office:string-value="" calcext:value-type="error" table:formula="of:=[.A1]*2"')
    first = cell("Lantern Quay", ' table:number-rows-spanned="2"') + cell("Vega") + mass
    second = f"<table:covered-table-cell/>{cell('Cobre y Nube')}{error}"
    rows = (
        f"<table:table-row>{head}",
        f"<table:table-row>{first}",
        f'<table:table-row table:visibility="collapse">{second}',
    )
    return "".join(f"{row}</table:table-row>" for row in rows)
