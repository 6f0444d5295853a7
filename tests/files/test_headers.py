"""Headers in English, Chinese and Spanish, with units, in one row or two, among titles."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.files.header_units import header_scale
from tidegate.files.header_words import words_of
from tidegate.files.headers import find_header, read_header, recognise
from tidegate.model.columns import COLUMNS

CONSIGNMENT_HEADERS = {
    "Shipper": "consignor", "SHIPPER / EXPORTER": "consignor", "Exporter Name": "consignor", "Name of Consignor": "consignor",
    "Shipper's name": "consignor", "发货人": "consignor", "發貨人": "consignor", "托运人名称": "consignor", "Remitente": "consignor",
    "境内发货人": "consignor", "Embarcador": "consignor", "发货人 Shipper": "consignor", "Consigner": "consignor",
    "Exportador": "consignor", "Seller": "consignor", "Supplier name": "consignor", "Consignor (full name)": "consignor",
    "Shipper Address": "consignor_address", "Consignor's address": "consignor_address", "发货人地址": "consignor_address",
    "Dirección del remitente": "consignor_address", "ConsignorAddress": "consignor_address",
    "shipper_country": "consignor_country", "Country of shipper": "consignor_country", "发货人国家": "consignor_country",
    "País del exportador": "consignor_country", "Exporter Country Code": "consignor_country",
    "CONSIGNEE": "consignee", "Cnee": "consignee", "收货人": "consignee", "收件人": "consignee", "Destinatario": "consignee",
    "Importer of Record": "consignee", "Buyer": "consignee", "Consignee Name": "consignee", "收货人名称": "consignee",
    "进口商/Importer": "consignee", "Nombre del importador": "consignee", "Consginee": "consignee", "Consignee:": "consignee",
    "Consignee Address": "consignee_address", "收货人地址": "consignee_address", "Domicilio del destinatario": "consignee_address",
    "consignee country": "consignee_country", "收货人国别": "consignee_country", "País del destinatario": "consignee_country",
    "Notify Party": "notify_party", "通知人": "notify_party", "Notificar a": "notify_party",
    "Freight Forwarder": "forwarder", "货代": "forwarder", "Agente de carga": "forwarder", "货运代理": "forwarder",
    "Description of Goods": "goods_description", "品名": "goods_description", "货物名称": "goods_description",
    "Descripción de la mercancía": "goods_description", "DESCRIPCION": "goods_description", "Commodity": "goods_description",
    "商品名称、规格型号": "goods_description", "Goods Desc.": "goods_description", "货物名称 Description of goods": "goods_description",
    "HS Code": "hs_code", "H.S. Code": "hs_code", "HS编码": "hs_code", "税号": "hs_code", "商品编号": "hs_code", "HTS": "hs_code",
    "Partida arancelaria": "hs_code", "Fracción arancelaria": "hs_code", "Tariff No.": "hs_code", "海关编码(HS)": "hs_code",
    "CAS": "cas", "CAS No.": "cas", "CAS号": "cas", "Número CAS": "cas", "N.º CAS": "cas", "CAS-Nr": "cas",
    "Qty": "quantity", "数量": "quantity", "Cantidad": "quantity", "QTY.": "quantity", "Quantity (units)": "quantity",
    "Unit": "unit", "UOM": "unit", "单位": "unit", "Unidad de medida": "unit", "计量单位": "unit",
    "Net Weight (kg)": "net_mass_kg", "N.W.": "net_mass_kg", "N/W (KGS)": "net_mass_kg", "净重": "net_mass_kg",
    "净重(吨)": "net_mass_kg", "Peso neto": "net_mass_kg", "Peso Neto (kg)": "net_mass_kg", "净重（千克）": "net_mass_kg",
    "NET WT LBS": "net_mass_kg", "Net Mass, kg": "net_mass_kg", "NETT WEIGHT": "net_mass_kg", "净重KG": "net_mass_kg",
    "G.W.": "gross_mass_kg", "Gross Wt. (kgs)": "gross_mass_kg", "毛重": "gross_mass_kg", "Peso bruto": "gross_mass_kg",
    "毛重(KG)": "gross_mass_kg", "Weight (kg)": "gross_mass_kg", "KGS": "gross_mass_kg",
    "Pkgs": "packages", "CTNS": "packages", "件数": "packages", "Bultos": "packages", "No. of packages": "packages",
    "Value": "value", "Invoice Value (USD)": "value", "金额": "value", "Valor en aduana": "value", "总价 USD": "value",
    "Currency": "currency", "币制": "currency", "Moneda": "currency",
    "Country of Origin": "origin_country", "原产国(地区)": "origin_country", "País de origen": "origin_country", "C.O.O.": "origin_country",
    "Destination Country": "destination_country", "目的国": "destination_country", "País de destino": "destination_country",
    "Transit": "transit_countries", "Port of Loading": "port_of_loading", "POL": "port_of_loading", "起运港": "port_of_loading",
    "Puerto de carga": "port_of_loading", "POD": "port_of_discharge", "目的港": "port_of_discharge",
    "Puerto de descarga": "port_of_discharge", "Mode of transport": "transport_mode", "运输方式": "transport_mode",
    "Container No.": "container", "箱号": "container", "Contenedor": "container", "集装箱号 Container No": "container",
    "B/L No.": "document_number", "提单号": "document_number", "Invoice No": "document_number", "AWB": "document_number",
    "Export licence no": "licence", "许可证号": "licence", "Permiso": "licence", "License Number": "licence",
    "Date": "date", "Shipment date": "date", "日期": "date", "Fecha de embarque": "date", "ETD": "date",
    "Consignor Tel": None, "Consignee tax ID": None, "Contact e-mail": None, "Remarks": "remarks", "": None, "2024": None,
}  # fmt: skip
PAYMENT_HEADERS = {
    "Payer": "payer", "Originator": "payer", "付款人": "payer", "Ordenante": "payer", "汇款人名称": "payer", "Debtor name": "payer",
    "Payer account": "payer_account", "付款账号": "payer_account", "Cuenta ordenante": "payer_account", "Debtor IBAN": "payer_account",
    "Beneficiary": "payee", "收款人": "payee", "Beneficiario": "payee", "Beneficiary Name": "payee", "Creditor": "payee",
    "Beneficiary country": "payee_country", "收款人国家": "payee_country", "Beneficiary account": "payee_account", "收款账号": "payee_account",
    "Amount": "amount", "Amount (USD)": "amount", "交易金额": "amount", "Importe": "amount", "Monto MXN": "amount",
    "Value date": "date", "交易日期": "date", "Fecha de operación": "date", "Memo": "memo", "附言": "memo", "Concepto": "memo",
    "Transaction ID": "payment_id", "流水号": "payment_id", "Wallet address": "wallet", "钱包地址": "wallet", "Network": "chain",
    "Channel": "channel", "Forma de pago": "channel", "Currency": "currency", "Purpose of payment": "memo",
}  # fmt: skip
PARTY_HEADERS = {
    "Name": "name", "Company Name": "name", "公司名称": "name", "Razón social": "name", "中文名称": "name_local", "Aliases": "other_names",
    "A.K.A.": "other_names", "曾用名": "other_names", "DOB": "birth_date", "Date of Birth": "birth_date", "出生日期": "birth_date",
    "Fecha de nacimiento": "birth_date", "Country": "country", "国家": "country", "País": "country", "Address": "address",
    "Domicilio fiscal": "address", "统一社会信用代码": "registration_number", "RFC": "registration_number", "Tax ID": "registration_number",
    "Tel.": "phone", "电话": "phone", "Correo electrónico": "email", "Web": "website", "行业": "sector", "成立日期": "founded",
    "Customer ID": "party_id", "Type": "kind",
}  # fmt: skip
ALL = [
    (kind, header, canonical)
    for kind, headers in (
        ("consignments", CONSIGNMENT_HEADERS), ("payments", PAYMENT_HEADERS), ("parties", PARTY_HEADERS)
    )
    for header, canonical in headers.items()
]  # fmt: skip


@pytest.mark.parametrize(("kind", "header", "canonical"), ALL)
def test_header_names_its_column(kind: str, header: str, canonical: str | None) -> None:
    found = recognise(header, kind, nearly=True)
    assert (found.canonical if found else None) == canonical


def test_canonical_names_are_recognised_as_themselves() -> None:
    for kind, columns in COLUMNS.items():
        for column in columns:
            found = recognise(column, kind)
            assert found is not None
            assert (found.canonical, found.score) == (column, 1.0)


def test_unit_and_currency_come_from_the_header() -> None:
    for header, unit in {
        "净重(吨)": "吨",
        "Net wt (LBS)": "lbs",
        "NET WT LBS": "lbs",
        "净重KG": "kg",
        "Net": "",
    }.items():
        found = recognise(header, "consignments")
        assert found is not None
        assert found.unit == unit
    value = recognise("Invoice value (USD)", "consignments")
    assert value is not None
    assert value.currency == "USD"


def test_scale_of_a_column_comes_from_its_header() -> None:
    scales = {"金额(万元)": 10_000, "Value (USD thousands)": 1000, "Valor (miles de MXN)": 1000, "Amount '000": 1000,
              "千克": 1, "净重(千克)": 1, "金额（百万美元）": 1_000_000, "Miles": 1000, "Net weight (kg)": 1}  # fmt: skip
    assert {header: header_scale(header) for header in scales} == scales


def test_bare_address_belongs_to_the_party_on_its_left() -> None:
    found = find_header([["Shipper", "Address", "Country", "Consignee", "Address", "Country", "Goods"]])
    assert found is not None
    assert [match.canonical for match in found.matches] == [
        "consignor", "consignor_address", "consignor_country", "consignee", "consignee_address", "consignee_country",
        "goods_description",
    ]  # fmt: skip


def test_kind_is_the_one_whose_words_fit_best() -> None:
    kinds = {
        "consignments": ["Date", "Shipper", "Consignee", "Value", "Currency"],
        "payments": ["日期", "付款人", "收款人", "金额", "币种"],
        "parties": ["Nombre", "País", "Fecha de nacimiento"],
    }
    for kind, header in kinds.items():
        found = find_header([header])
        assert found is not None
        assert found.kind == kind


def test_better_word_wins_over_a_weak_one() -> None:
    found = find_header([["Item", "Description", "Weight", "Gross weight", "Consignee"]])
    assert found is not None
    assert [match.header for match in found.matches] == ["Description", "Gross weight", "Consignee"]


def test_lower_of_two_header_rows_is_the_more_exact() -> None:
    rows = [["Consignee", "", "Goods", "", ""], ["Name", "Address", "Description", "Net weight (kg)", "Value (USD)"]]
    found = find_header(rows)
    assert found is not None
    assert [match.canonical for match in found.matches] == [
        "consignee", "consignee_address", "goods_description", "net_mass_kg", "value",
    ]  # fmt: skip


def test_title_rows_and_records_are_no_header() -> None:
    rows = [
        ["Exports 2024", "", ""],
        ["", "", ""],
        ["Shipper", "Consignee", "Goods"],
        ["Lantern Quay", "Vega", "beads"],
    ]
    found = find_header(rows)
    assert found is not None
    assert (found.first, found.last) == (2, 2)
    assert find_header([["Lantern Quay", "Vega", "beads"], ["a", "b", "c"]]) is None


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=6))
@settings(max_examples=60)
def test_any_cells_are_a_header_or_none(rows: list[list[str]]) -> None:
    found = find_header(rows)
    assert found is None or 0 <= found.first <= found.last < len(rows)


def test_a_time_beside_a_day_is_the_time_of_day_and_alone_it_is_the_day():
    beside = {
        one.canonical: one.header for one in read_header(["Date", "Time", "Payer", "Payee"], "payments", 0, 0).matches
    }
    alone = {one.canonical: one.header for one in read_header(["交易时间", "付款人"], "payments", 0, 0).matches}
    assert (beside["date"], beside["time_of_day"]) == ("Date", "Time")
    assert alone == {"date": "交易时间", "payer": "付款人"}


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_joined_term_means_what_the_table_of_all_joined_terms_says(kind: str) -> None:
    words = words_of(kind)
    every = words.every_term()
    some = [*islice(every, 0, None, 37)]
    assert [words.meaning(term) for term in some] == [every[term] for term in some]
    slipped = [f"{term[:-1]}{tail}" for term in some[::5] for tail in ("", "no", "de", "name")]
    assert [words.meaning(term) for term in slipped] == [every.get(term) for term in slipped]
