"""Exports: what business programs, banks, pay apps and customs portals write when a person presses "export"."""

from __future__ import annotations

import json

from tests.museum.makers import Piece

_RULE = "-" * 60
_LANTERN = {
    "shipper": "Lantern Quay",
    "consignee": "Vega Púrpura",
    "goods": "beads",
    "net_weight_kg": 12.5,
    "date": "2024-03-05",
}
_COBRE = {
    "shipper": "Cobre y Nube",
    "consignee": "Vega Púrpura",
    "goods": "drums",
    "net_weight_kg": 300,
    "date": "2024-03-16",
}
_BOTH = ("Lantern Quay", "Cobre y Nube")


def exports() -> list[Piece]:
    """Return the pieces of this room."""
    return [*_programs(), *_portals(), *_json()]


def _programs() -> list[Piece]:
    listed = (
        f"15.03.2024      Dynamic List Display      1\n{_RULE}\n|Delivery|Shipper          |Name of ship-to party|Description|Net Weight|WUn|Ac.GI date|\n"
        f"{_RULE}\n|80001234|Lantern Quay GmbH|Vega Púrpura|Soda  |1.200,500|KG |14.03.2024|\n|80001235|Lantern Quay GmbH|Vega Púrpura|Beads |  350,000|G  |15.03.2024|\n"
        f"{_RULE}\n|*       |                 |            |      |1.200,850|KG |          |\n{_RULE}\n"
    )
    tabs = "Dynamic List Display\r\n\r\n\tDelivery\t\tShip-to party\tDescription\tNet weight\tUn\tGI Date\r\n\r\n\t80001234\t\tVega\tSoda\t1.200,500\tKG\t14.03.2024\r\n\t80001235\t\tVega\tBeads\t350,000\tG\t15.03.2024\r\n"
    app = (
        "支付宝交易记录明细查询\n账号:[invented@example.org]\n------交易记录明细列表------\n"
        "交易号       ,交易创建时间         ,交易对方      ,商品名称 ,金额（元）,收/支,交易状态 ,\n"
        "20240305001 ,2024-03-05 10:01:02 ,北极兔化工有限公司 ,苯乙酸 ,1280.00 ,支出 ,交易成功 ,\n"
        "20240316002 ,2024-03-16 11:01:02 ,某某 ,退货 ,80.50 ,收入 ,交易成功 ,\n"
        f"{_RULE}\n共2笔记录\n已收入:1笔,80.50元\n导出时间:[2024-04-02 09:00:00]\n"
    )
    manifest = (
        "MANIFIESTO DE CARGA;;;;\nBuque: LANTERN STAR;Viaje: 024W;;;Pág. 1\nB/L;Embarcador;Consignatario;Descripción;Peso bruto (kg)\n"
        "LQT1;Lantern Quay;Vega;perlas;1.120,00\nSubtotal;;;;1.120,00\nMANIFIESTO DE CARGA;;;;\nBuque: LANTERN STAR;Viaje: 024W;;;Pág. 2\n"
        "B/L;Embarcador;Consignatario;Descripción;Peso bruto (kg)\nLQT2;Cobre y Nube;Vega;tubos;300,00\n"
    )
    remark = "files.remark-row"
    dos = "Shipper,Consignee,Goods\nООО Полярный Заяц,Маяк Трейдинг,стеклянные бусы\n"
    mail = "Shipper,Consignee,Goods\nほくと商事株式会社,灯台貿易株式会社,ガラス玉\n"
    return [
        Piece("cyrillic_of_dos.csv", dos.encode("cp866"), (1,), cells={"consignor": ("ООО Полярный Заяц",)}),
        Piece("japanese_of_mail_programs.csv", mail.encode("iso2022_jp"), (1,), cells={"consignor": ("ほくと商事株式会社",)}),
        Piece("nothing_of_a_database.tsv", b"Shipper\tConsignee\tGoods\nLantern\t\\N\tbeads\n", (1,), cells={"consignee": (None,)}),
        Piece("list_of_a_business_program.txt", listed.encode(), (5,), (("8", "files.totals-row"),),
              net=(None, "1200.5", "0.35", None, None), dates=(None, "2024-03-14", "2024-03-15", None, None)),
        Piece("weights_with_units_beside.xls", b"\xff\xfe" + tabs.encode("utf-16-le"), (3,), net=(None, "1200.5", "0.35")),
        Piece("pay_app_with_head_and_foot.csv", app.encode("gb18030"), (6,), tuple((str(row), remark) for row in range(7, 11)),
              cells={"payee": ("北极兔化工有限公司", None, *[None] * 4), "payer": (None, "某某", *[None] * 4)}),
        Piece("manifest_with_its_page_heads.csv", manifest.encode("cp1252"), (6,),
              (("5", "files.totals-row"), ("6", remark), ("7", remark), ("8", "files.header-row-again")),
              cells={"consignor": ("Lantern Quay", None, None, None, None, "Cobre y Nube")}),
    ]  # fmt: skip


def _portals() -> list[Piece]:
    pedimento = (
        "Pedimento|SeccionAduanera|FraccionArancelaria|DescripcionMercancia|ValorDolares|CantidadUMComercial|PaisOrigenDestino|FechaPagoReal|\r\n"
        "4000123|160|39269099|EMBUDOS DE PLÁSTICO|200|1000.000|CHN|2024-03-20 00:00:00|\r\n4000124|160|39269099|TUBOS|9|200.000|CHN|2024-03-21 00:00:00|\r\n"
    )
    trade = (
        '"Bill of Lading Number","Arrival Date","Shipper","Consignee","Goods Shipped","Weight (KG)","Shipment Origin"\r\n'
        '"LQTU1","03/20/2024","LANTERN QUAY","VEGA LLC","GLASS BEADS\n40 DRUMS","1,120.50 KG","CN"\r\n'
    )
    return [
        Piece("customs_data_of_mexico.asc", pedimento.encode("cp1252"), (2,), dates=("2024-03-20", "2024-03-21"),
              cells={"origin_country": ("CHN", "CHN"), "goods_description": ("EMBUDOS DE PLÁSTICO", "TUBOS")}),
        Piece("trade_data_service.csv", trade.encode(), (1,), dates=("2024-03-20",),
              cells={"goods_description": ("GLASS BEADS\n40 DRUMS",), "origin_country": ("CN",), "gross_mass_kg": ("1120.5",)}),
        Piece("form_in_full_width_with_office_words.csv",
              "报关日期,经营单位,收货企业,货物品名,总净重(公斤),成交总价(美元)\n2024年3月5日,北极兔,云铜,玻璃珠,１２．５,９９\n".encode("gbk"), (1,), net=("12.5",),
              dates=("2024-03-05",), cells={"consignor": ("北极兔",), "consignee": ("云铜",), "currency": ("USD",)}),
    ]  # fmt: skip


def _json() -> list[Piece]:
    line = json.dumps(_LANTERN)
    array = json.dumps([_LANTERN, _COBRE], indent=1)
    broken = array.replace('"beads",', "beads,")
    frame = {name: {"0": _LANTERN[name], "1": _COBRE[name]} for name in _LANTERN}
    typed = {
        **_LANTERN,
        "_id": {"$oid": "65e"},
        "net_weight_kg": {"$numberDecimal": "12.5"},
        "date": {"$date": "2024-03-05T00:00:00Z"},
    }
    odata = {"d": {"results": [{**_LANTERN, "date": "/Date(1709596800000)/"}, _COBRE]}}
    digits = json.dumps(_LANTERN).replace("12.5", "9" * 5000)
    return [
        Piece("last_line_cut.jsonl", f"{line}\n{line}\n{line[:20]}".encode(), (3,), (("3", "files.line-unreadable"),)),
        Piece("array_cut_short.json", array[:-60].encode(), (2,), (("2", "files.line-unreadable"),)),
        Piece("array_with_one_broken_object.json", broken.encode(), (2,), (("1", "files.line-unreadable"),),
              cells={"consignor": (None, "Cobre y Nube")}),
        Piece("comma_behind_the_last.json", f"[\n{line},\n{line},\n]".encode(), (2,), net=("12.5", "12.5")),
        Piece("data_frame_by_columns.json", json.dumps(frame).encode(), (2,), net=("12.5", "300"), cells={"consignor": _BOTH}),
        Piece("types_of_a_database.jsonl", json.dumps(typed).encode(), (1,), net=("12.5",), dates=("2024-03-05",)),
        Piece("days_in_milliseconds.json", json.dumps(odata).encode(), (2,), dates=("2024-03-05", "2024-03-16")),
        Piece("number_of_5000_digits.json", f"[{digits}]".encode(), (1,), (("1", "quantity.unreadable"),), cells={"consignor": ("Lantern Quay",)}),
    ]  # fmt: skip
