"""Print-outs: columns that stand under each other are cut where they are plain, and refused with the mend where not."""

import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.errors import InputUnreadable
from tidegate.files.fixed_width import read_fixed_width
from tidegate.files.reading import read_records

RULED = """CUSTOMS PRINT-OUT                 Page 1 of 2
Port: Manzanillo

Date       Shipper              Consignee         Goods              Net weight (kg)
---------- -------------------- ----------------- ------------------ ---------------
2024-01-05 Lantern Quay Trading Vega Purpura      glass beads               1,200.50
2024-01-16 Lantern Quay Trading Cobre y Nube      piperonal                    80.00
*** END OF REPORT ***
"""
PAGED = """Date        Payer                 Payee              Amount      Currency
2024-01-05  Lantern Quay Trading  Vega Purpura      1,200.50     USD
Page 1
Date        Payer                 Payee              Amount      Currency
2024-01-17  Paper Cloud Ltd       Farol Azul SA    12,000.00     USD
"""


def read(tmp_path: Path, text: str | bytes):
    (tmp_path / "print.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_records(tmp_path / "print.txt").tables[0]


def rows_of(table, *columns):
    return [tuple(row[column] for column in ("source_row", *columns)) for row in table.batch.to_pylist()]


def test_a_ruler_says_where_the_columns_begin(tmp_path):
    table = read(tmp_path, RULED)
    assert rows_of(table, "consignee", "net_mass_kg")[1:3] == [
        ("6", "Vega Purpura", "1200.5"),
        ("7", "Cobre y Nube", "80"),
    ]
    assert [note.code for note in table.notes] == ["files.fixed-width"]


def test_pages_repeat_their_header_and_every_line_keeps_its_number(tmp_path):
    table = read(tmp_path, PAGED)
    assert rows_of(table, "payee", "amount") == [
        ("2", "Vega Purpura", "1200.5"), ("3", None, None), ("4", None, None), ("5", "Farol Azul SA", "12000"),
    ]  # fmt: skip
    assert [(one.row, one.code) for one in table.unreadable] == [
        ("3", "files.remark-row"),
        ("4", "files.header-row-again"),
    ]


def padded(text: str, width: int) -> str:
    return text + " " * (width - sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_han_signs_take_two_places(tmp_path, encoding):
    lines = [
        ("发货人", "收货人", "品名"),
        ("北极兔化工有限公司", "云铜商贸", "玻璃珠"),
        ("Paper Cloud", "月亮贸易", "轴承"),
    ]
    text = "\n".join("".join(padded(cell, 22) for cell in line) for line in lines) + "\n"
    table = read(tmp_path, text.encode(encoding))
    assert [row[1:] for row in rows_of(table, "consignor", "consignee", "goods_description")] == lines[1:]


def test_a_line_over_the_gaps_is_kept_whole_and_named(tmp_path):
    long = "2024-01-18  A firm whose name is far too long for it  Cobre        7.00     USD\n"
    table = read(tmp_path, PAGED + PAGED.split("\n")[1] + "\n" + long)
    assert [(one.row, one.code) for one in table.unreadable if one.code == "files.line-over-columns"] == [
        ("7", "files.line-over-columns")
    ]


def test_columns_that_run_into_each_other_are_refused_with_the_line(tmp_path):
    text = "Date   Shipper  Consignee  Goods\n" + "2024-01-05 Lantern Quay Trading Vega Purpura glass beads\n" * 3
    with pytest.raises(InputUnreadable) as refused:
        read(tmp_path, text)
    assert (refused.value.code, refused.value.params["row"]) == ("files.fixed-width-unclear", "2")


def test_a_table_drawn_with_signs_is_read_without_its_frame(tmp_path):
    frame = "+----------------------+--------------+\n"
    text = f"{frame}| Shipper              | Consignee    |\n{frame}| Lantern Quay Trading | Vega Purpura |\n{frame}"
    table = read(tmp_path, text)
    assert table.columns == {"consignor": "Shipper", "consignee": "Consignee"}
    assert rows_of(table, "consignor")[1] == ("4", "Lantern Quay Trading")


WORDS = st.text(st.sampled_from("abcXYZ北极兔é"), min_size=1, max_size=9)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=12))
def test_what_was_padded_comes_back(rows):
    lines = [("Shipper", "Consignee", "Goods"), *rows]
    text = "\n".join("".join(padded(cell, 24) for cell in line).rstrip() for line in lines)
    grid = read_fixed_width("print.txt", text.encode())
    assert grid is not None
    assert [tuple(row) for row in grid.head(99)] == lines


@given(st.text(st.sampled_from("ab  -=|\n\t北0.,:") | st.characters(), max_size=200))
def test_no_text_breaks_the_reader(text):
    with suppress(InputUnreadable):
        read_fixed_width("print.txt", text.encode("utf-8", "surrogatepass"))
