from datetime import date

import pytest
from hypothesis import given as given_text
from hypothesis import settings
from hypothesis import strategies as st

from tidegate.errors import InputUnreadable
from tidegate.files.companions_read import read_companions
from tidegate.files.paper_columns import find_paper_columns


def given(tmp_path, text, name="beside.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_companions([path])


def test_licences_are_told_by_their_headers(tmp_path):
    read = given(
        tmp_path,
        "Licence no.,Holder,Substance,Valid until,Quantity (kg)\nL-7,Farol SA,piperonal; 120-57-0,2024-12-31,500\n",
    )
    licence = read.companions.licences[0]
    assert (licence.number, licence.holder, licence.items) == ("L-7", "Farol SA", ("piperonal", "120-57-0"))
    assert (licence.valid_until, licence.quantity_kg) == (date(2024, 12, 31), 500.0)
    assert read.companions.notices is None


def test_licences_in_chinese(tmp_path):
    read = given(tmp_path, "许可证号,持证单位,物质,有效期至\nL-8,灯塔湾有限公司,胡椒醛,2025年1月31日\n")
    assert read.companions.licences[0].valid_until == date(2025, 1, 31)


def test_notices_with_their_answers(tmp_path):
    read = given(
        tmp_path,
        "PEN number,Exporter,Importer,Substance,kg,Reply due,Answer\nP1,A Ltd,B SA,piperonal,10,2024-01-20,No objection\nP2,A Ltd,B SA,piperonal,10,2024-01-20,反对\n",
    )
    assert [one.answer for one in read.companions.notices] == ["no-objection", "objection"]


def test_closed_firms(tmp_path):
    read = given(tmp_path, "Name,Closed on,Authority\nGlass Heron Ltd,2024-05-01,Invented Office\n")
    assert read.companions.closures[0].closed_on == date(2024, 5, 1)


def test_earlier_consignments_and_customers_are_tables(tmp_path):
    read = given(tmp_path, "Date,Shipper,Consignee,Goods,Net kg\n2024-01-01,A Ltd,B SA,tiles,10\n")
    assert set(read.companions.held()) == {"consignments"}
    assert read.companions.tables["consignments"].num_rows == 1


def test_a_file_in_which_nothing_is_known_is_named(tmp_path):
    with pytest.raises(InputUnreadable, match=r"odd\.csv"):
        given(tmp_path, "lorem ipsum\ndolor sit\n", "odd.csv")


@pytest.mark.parametrize(
    "head",
    [
        "Authorisation no.,Issued to,Chemical name,CAS No.,Date of issue,Expiry date,Authorised quantity (kg),Country",
        "License Number,Licensee,Substance,CAS,Valid From,Valid To,Max kg,Issuing country",
        "Permit,Importer,Item,CAS number,Issued,Expires on,Quantity,Jurisdiction",
        "许可证编号,持有单位,物质名称,CAS,发证日期,有效期止,许可数量（千克）,国家",
        "N.º de licencia,Titular,Sustancia,CAS,Fecha de expedición,Fecha de vencimiento,Cantidad autorizada (kg),País",
    ],
)
def test_licences_under_many_headers(tmp_path, head):
    read = given(tmp_path, f"{head}\nL-7,Farol SA,piperonal,120-57-0,2024-01-31,2024-12-31,500,MX\n")
    licence = read.companions.licences[0]
    assert (licence.number, licence.holder, licence.items) == ("L-7", "Farol SA", ("piperonal", "120-57-0"))
    assert (licence.valid_from, licence.valid_until) == (date(2024, 1, 31), date(2024, 12, 31))
    assert (licence.quantity_kg, licence.country) == (500.0, "MX")


def test_a_licence_whose_end_is_in_doubt_is_named_and_not_counted(tmp_path):
    text = "Licence no.,Holder,Substance,Valid until\nL-1,Farol SA,piperonal,soon\nL-2,Farol SA,piperonal,03/04/2025\nL-3,Farol SA,piperonal,no expiry\n"
    read = given(tmp_path, text)
    assert [one.number for one in read.companions.licences] == ["L-3"]
    assert [(problem.row, problem.column) for _, problem in read.problems] == [
        ("2", "D (Valid until)"),
        ("3", "D (Valid until)"),
    ]
    for lang, words in (("en", "not counted"), ("zh", "未计入"), ("es", "no se contó")):
        assert all(words in problem.sentence(lang) for _, problem in read.problems)


def test_the_order_of_days_is_that_of_the_column(tmp_path):
    text = "Licence no.,Holder,Substance,Valid until\nL-1,Farol SA,piperonal,03/04/2025\nL-2,Farol SA,piperonal,25/04/2025\n"
    assert given(tmp_path, text).companions.licences[0].valid_until == date(2025, 4, 3)


def test_a_sheet_of_consignments_with_a_licence_column_is_no_list_of_licences(tmp_path):
    text = "Exporter,Importer,Goods,Licence,Valid until,Net kg\nLantern Quay Ltd,Farol SA,piperonal,L-1,2025-01-01,10\n"
    assert set(given(tmp_path, text).companions.held()) == {"consignments"}


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("Objection raised", "objection"), ("No objection (by letter)", "no-objection"), ("REJECTED", "objection"),
        ("不同意", "objection"), ("无异议", "no-objection"), ("Rechazada", "objection"), ("pending", ""), ("", ""), ("on hold", "hold"),
        ("not approved", "objection"), ("partially approved", "partial"), ("see letter", "see letter"),
    ],
)  # fmt: skip
def test_answers_in_many_words(tmp_path, cell, answer):
    text = f"PEN ref,Exporter,Importer,Substance,Quantity (kg),Notification date,Response deadline,Status\nP1,A Ltd,B SA,piperonal,10,2024-01-01,2024-01-20,{cell}\n"
    notice = given(tmp_path, text).companions.notices[0]
    assert (notice.answer, notice.filed_on, notice.quantity_kg) == (answer, date(2024, 1, 1), 10.0)


@pytest.mark.parametrize(
    "head", ["Company,Date of closure", "企业名称,关停日期", "Empresa,Fecha de clausura", "Firm name,Shut down on"]
)
def test_closed_firms_under_many_headers(tmp_path, head):
    read = given(tmp_path, f"{head},Phone\nGlass Heron Ltd,2024-05-01,+00 1\n")
    assert (read.companions.closures[0].name, read.companions.closures[0].closed_on) == (
        "Glass Heron Ltd",
        date(2024, 5, 1),
    )


@given_text(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=6), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_table_of_papers_breaks_the_reader(rows):
    columns = find_paper_columns([["Licence no.", "Holder", "Substance", "Valid until", "Quantity (kg)"], *rows])
    assert columns is not None
    assert columns.kind == "licences"


def test_earlier_consignments_with_an_id_and_a_day_are_no_notices(tmp_path):
    text = "id,date,shipper,consignee,goods,kg\n1,2024-01-01,A Ltd,B SA,tiles,10\n"
    assert set(given(tmp_path, text).companions.held()) == {"consignments"}


@pytest.mark.parametrize("head", ["Customer name,Address", "Customer,Phone", "客户名称,地址", "Cliente,Domicilio"])
def test_a_sheet_of_names_with_no_goods_is_one_of_customers(tmp_path, head):
    read = given(tmp_path, f"{head}\nFarol SA,Teapot Lane 4\n")
    assert set(read.companions.held()) == {"parties"}
    assert read.companions.tables["parties"].to_pylist()[0]["name"] == "Farol SA"


@pytest.mark.parametrize(
    "head", ["Customer,Product,Refused on,Refused by", "客户,产品,拒绝日期,拒绝方", "Cliente,Producto,Fecha de rechazo,Rechazado por"]
)  # fmt: skip
def test_refused_orders_under_many_headers(tmp_path, head):
    refusal = given(tmp_path, f"{head}\nFarol SA,piperonal,2024-01-20,Glass Heron Ltd\n").companions.refusals[0]
    assert (refusal.customer, refusal.item, refusal.refused_by) == ("Farol SA", "piperonal", "Glass Heron Ltd")
    assert refusal.refused_on == date(2024, 1, 20)


@pytest.mark.parametrize(
    ("cell", "answer"), [("不反对", "no-objection"), ("silence", ""), ("逾期未答复", ""), ("silencio", "")]
)
def test_silence_is_no_answer_and_no_objection_is_none(tmp_path, cell, answer):
    text = f"PEN no,Exporter,Importer,Substance,Kg,Status,Deadline\nP1,A Ltd,B SA,piperonal,10,{cell},2024-01-20\n"
    assert given(tmp_path, text).companions.notices[0].answer == answer


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Name,Status,Date,Authority", "Violet Carp Chemical Co,closed,2025-11-30,Provincial office"),
        ("Company,State,Notice date,Issued by", "Violet Carp Chemical Co,Licence revoked,2025-11-30,Provincial office"),
        ("企业名称,状态,日期,主管部门", "紫鲤化工有限公司,已关停,2025-11-30,省禁毒办"),
        ("Empresa,Estado,Fecha,Autoridad", "Carpa Violeta SA,clausurada,2025-11-30,Oficina provincial"),
    ],
)
def test_a_notice_of_closed_firms_may_tell_it_by_a_status_and_a_day(tmp_path, head, line):
    (closed,) = given(tmp_path, f"{head}\n{line}\n").companions.closures
    assert (closed.closed_on, closed.name) == (date(2025, 11, 30), line.split(",")[0])


@pytest.mark.parametrize("status", ["cleared", "not closed", "under inquiry", "active", "恢复营业"])
def test_a_firm_that_was_cleared_is_no_closed_firm(tmp_path, status):
    read = given(
        tmp_path,
        f"Name,Status,Date,Authority\nOld Carp Ltd,closed,2025-01-01,X\nViolet Carp Ltd,{status},2025-11-30,X\n",
    )
    assert [one.name for one in read.companions.closures] == ["Old Carp Ltd"]


@pytest.mark.parametrize(
    ("cell", "country"),
    [
        ("DEA", "US"),
        ("COFEPRIS, México", "MX"),
        ("山东省商务厅", "CN"),
        ("Germany", "Germany"),
        ("EU", "EU"),
        ("Head office", ""),
    ],
)
def test_the_office_that_gave_a_licence_tells_whose_law_it_answers(tmp_path, cell, country):
    text = f'Licence No,Holder,Substance,Valid To,Issued By\nL-1,Farol SA,piperonal,2026-12-31,"{cell}"\n'
    assert given(tmp_path, text).companions.licences[0].country == country


def test_labels_of_wallets_in_three_languages(tmp_path):
    address = "0xAbCd00000000000000000000000000000000Ef12"
    for head, line, kind in (
        ("Wallet address,Chain,Label,Category", f"{address},ETH,Grey Heron Tumbler,mixer", "mixer"),
        ("钱包地址,链,名称,类别", f"{address},ETH,某主体,制裁名单", "listed"),
        ("Dirección de monedero,Cadena,Nombre,Tipo", f"{address},ETH,Garza Gris,vendedor químico", "chemical-seller"),
        ("Address,Network,Entity,Type,Hops,Exposure", f"{address},ETH,Opal Exchange,exchange,2,15 %", ""),
    ):
        (wallet,) = given(tmp_path, f"{head}\n{line}\n").companions.wallets
        assert (wallet.address, wallet.category) == (address, kind)
    assert (wallet.hops, wallet.exposure) == (2, 0.15)


def test_earlier_payments_with_a_wallet_column_are_no_labels(tmp_path):
    text = "Date,Payer,Payee,Amount,Currency,Wallet,Chain,Type\n2026-01-01,A Ltd,B Ltd,10,USD,0xab,ETH,wire\n"
    assert set(given(tmp_path, text).companions.held()) == {"payments"}


def test_adverts_are_told_by_seller_and_text(tmp_path):
    (advert,) = given(
        tmp_path, "卖家,发布日期,广告内容\n翠岭化工有限公司,2026-01-10,双清包税 安全送达\n"
    ).companions.adverts
    assert (advert.seller, advert.text, advert.seen_on) == ("翠岭化工有限公司", "双清包税 安全送达", date(2026, 1, 10))


def test_a_file_of_nothing_known_is_named_and_the_others_are_read(tmp_path):
    odd, good = tmp_path / "odd.csv", tmp_path / "licences.csv"
    odd.write_text("lorem ipsum\ndolor sit\n", encoding="utf-8")
    good.write_text("Licence no.,Holder,Substance\nL-1,Farol SA,piperonal\n", encoding="utf-8")
    read = read_companions([odd, good], keep_going=True)
    assert [one.number for one in read.companions.licences] == ["L-1"]
    assert list(read.unread) == ["odd.csv"]
