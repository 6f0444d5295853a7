from datetime import date

import pytest

from tidegate.errors import InputUnreadable
from tidegate.files.companions_read import read_companions


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
