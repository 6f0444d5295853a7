"""Any file is read to rows in equal rows out, or refused with a sentence; never a trace."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tidegate.errors import InputUnreadable
from tidegate.files.reading import read_records
from tidegate.files.records import TableRead
from tidegate.model.columns import record_schema

HEADER = ("Shipper", "Consignee", "Goods", "Net weight (kg)", "Date", "remark")
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
cells = st.one_of(
    st.sampled_from(
        ["", "Lantern Quay Trading", "北极兔化工有限公司", "1.200,50 kg", "03/04/2024", "=1+1", '5" pipe', "a\nb"]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
)
tables = st.lists(st.lists(cells, min_size=6, max_size=6), min_size=1, max_size=8)


def read_one(path: Path, kind: str | None = None) -> TableRead:
    return read_records(path, kind=kind).tables[0]


@given(tables, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
@example([["1.200,50 kg", "a\nb", "", "", "", ""]], ";", "utf-8")
@MANY
def test_rows_in_equal_rows_out_in_any_delimiter_and_encoding(
    tmp_path: Path, rows: list[list[str]], sign: str, encoding: str
) -> None:
    marked = [[*row[:5], f"r{number}"] for number, row in enumerate(rows)]
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows([HEADER, *marked])
    path = tmp_path / "table.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    table = read_one(path, "consignments")
    assert table.rows == table.batch.num_rows == len(rows)
    assert table.batch["source_row"].to_pylist() == [str(number + 2) for number in range(len(rows))]
    assert table.batch.schema == record_schema("consignments")


@given(tables)
@settings(parent=MANY, max_examples=20)
def test_rows_in_equal_rows_out_of_a_workbook(tmp_path: Path, rows: list[list[str]]) -> None:
    import xlsxwriter

    path = tmp_path / "table.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, row in enumerate([list(HEADER), *[[*row[:5], f"r{at}"] for at, row in enumerate(rows)]]):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell)
    book.close()
    assert read_one(path, "consignments").batch.num_rows == len(rows)


@given(tables)
@settings(parent=MANY, max_examples=30)
def test_rows_in_equal_rows_out_of_json_lines(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "table.jsonl"
    lines = [json.dumps(dict(zip(HEADER, [*row[:5], f"r{at}"], strict=True))) for at, row in enumerate(rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read_one(path, "consignments").batch.num_rows == len(rows)


MAGIC = (
    b"",
    b"PK\x03\x04",
    b"PAR1",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<",
    b"{",
    b"[",
    b"UNB+",
    b"\xff\xfe",
    b"Shipper,Consignee\n",
)


@given(st.sampled_from(MAGIC), st.binary(max_size=300))
@settings(parent=MANY, max_examples=150)
def test_any_bytes_are_read_or_refused(tmp_path: Path, head: bytes, tail: bytes) -> None:
    path = tmp_path / "bytes.bin"
    path.write_bytes(head + tail)
    try:
        reading = read_records(path)
    except InputUnreadable as refused:
        assert "bytes.bin" in str(refused)  # noqa: PT017
    else:
        assert all(table.batch.num_rows == table.rows for table in reading.tables)


def test_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputUnreadable, match=r"gone\.csv: cannot be opened"):
        read_records(tmp_path / "gone.csv")


def test_unknown_headers_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Shipper,Colour,Consignee\nA,red,B\n", encoding="utf-8")
    table = read_one(path)
    assert table.columns == {"consignor": "Shipper", "consignee": "Consignee"}
    assert table.unrecognised == ("Colour",)


def test_totals_row_stays_but_holds_nothing_to_screen(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Shipper,Consignee,Net weight (kg)\nA,B,5\n合计,,5\nTotal Trading Ltd,B,7\n", encoding="utf-8")
    table = read_one(path)
    assert table.batch["consignor"].to_pylist() == ["A", None, "Total Trading Ltd"]
    assert table.batch["net_mass_kg"].to_pylist() == ["5", None, "7"]
    assert [(problem.row, problem.code) for problem in table.unreadable] == [("3", "files.totals-row")]


def test_currency_and_unit_beside_a_number_fill_their_own_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Shipper,Consignee,Value,Qty\nA,B,"US$ 1,200.50",20 drums\nA,B,€35,7\n', encoding="utf-8")
    rows = read_one(path).batch.to_pylist()
    assert [(row["value"], row["currency"], row["quantity"], row["unit"]) for row in rows] == [
        ("1200.5", "USD", "20", "drums"),
        ("35", "EUR", "7", None),
    ]


def test_header_in_ten_thousands_multiplies_its_numbers_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("发货人,收货人,金额（万元）\n北极兔,Vega,1.25\n", encoding="utf-8")
    table = read_one(path)
    row = table.batch.to_pylist()[0]
    assert (row["value"], row["currency"]) == ("12500", "CNY")
    assert [note.code for note in table.notes] == ["files.column-scaled"]


def test_address_in_a_party_column_is_a_wallet_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"From,To,Amount\nA,0x{'ab' * 20},5\nA,Vega,5\n", encoding="utf-8")
    assert read_one(path).batch["wallet"].to_pylist() == [f"0x{'ab' * 20}", None]


def test_long_clean_file_is_read_whole_and_by_row_number(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = 30_000
    body = "".join(f"C{n},2024-01-05,Lantern Quay {n % 97},Vega,{n}.5\n" for n in range(rows))
    path.write_text("Shipment id,Date,Shipper,Consignee,Net weight (kg)\n" + body, encoding="utf-8")
    batch = read_one(path).batch
    assert batch.num_rows == rows
    assert batch.slice(rows - 1, 1).to_pylist()[0]["source_row"] == str(rows + 1)
    assert batch["net_mass_kg"][7].as_py() == "7.5"


def test_batch_is_made_of_plain_text_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Payer,Payee,Amount\nA,B,5\n", encoding="utf-8")
    batch = read_one(path).batch
    assert batch.schema == record_schema("payments")
    assert {field.type for field in batch.schema} == {pa.string()}


def test_reader_is_light_to_import(tmp_path: Path) -> None:
    code = "import sys, tidegate.files.reading; print([m for m in ('pyarrow', 'lxml', 'python_calamine') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "lxml" not in loaded
    assert "python_calamine" not in loaded


def test_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    os.mkfifo(path)
    with pytest.raises(InputUnreadable) as refused:
        read_records(path)
    assert refused.value.code == "files.cannot-open"


def test_a_rare_sign_parts_the_cells_where_commas_stand_in_texts(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Shipper^Consignee^Goods\nOakum^Delta^salt, rock\nBrine^Sigma^glue\n")
    assert read_one(path).batch["goods_description"].to_pylist() == ["salt, rock", "glue"]


def test_a_number_beyond_all_measure_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sheet.jsonl"
    path.write_text('{"Consignee":"Delta","Goods":"salt","Net weight (kg)":1%s}\n' % ("0" * 400))
    assert [problem.code for problem in read_one(path).unreadable] == ["quantity.unreadable"]
