"""A mapping says which column is which, and comes back as written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.errors import InputUnreadable
from tidegate.files.mapping import Mapping, check_mapping, format_mapping, mapping_of, read_mapping, write_mapping
from tidegate.files.reading import read_records
from tidegate.model.columns import CONSIGNMENT_COLUMNS


def test_mapping_names_columns_that_no_word_tells(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text('frobs,quux,when,w\nLantern Quay,Vega,03/04/2024,"1.234"\n', encoding="utf-8")
    with pytest.raises(InputUnreadable):
        read_records(path)
    mapping = Mapping(
        {"consignor": "frobs", "consignee": "column B", "date": "when", "net_mass_kg": "W"},
        decimal=",", date_order="dmy", mass_unit="t",
    )  # fmt: skip
    row = read_records(path, mapping=mapping).tables[0].batch.to_pylist()[0]
    assert (row["consignor"], row["consignee"], row["date"]) == ("Lantern Quay", "Vega", "2024-04-03")
    assert row["net_mass_kg"] == "1234000"


def test_mapping_without_header_counts_from_the_first_row(tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("Lantern Quay,Vega\nCobre,Nube\n", encoding="utf-8")
    mapping = Mapping({"payer": "column A", "payee": "column B"}, kind="payments", header_row=-1)
    table = read_records(path, mapping=mapping).tables[0]
    assert table.batch["payee"].to_pylist() == ["Vega", "Nube"]
    assert table.batch["source_row"].to_pylist() == ["1", "2"]


def test_mapping_that_names_a_missing_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Shipper,Consignee\nA,B\n", encoding="utf-8")
    with pytest.raises(InputUnreadable) as refused:
        read_records(path, mapping=Mapping({"consignor": "nowhere"}))
    assert refused.value.code == "files.mapping-names-missing"


def test_what_was_recognised_is_the_start_of_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title\n发货人,收货人\n北极兔化工有限公司,Vega\n", encoding="utf-8")
    first = read_records(path).tables[0]
    write_mapping(mapping_of(first), tmp_path / "m.toml")
    again = read_records(path, mapping=read_mapping(tmp_path / "m.toml")).tables[0]
    assert again.batch.equals(first.batch)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "parcels"}, {"columns": {"nothing": "x"}}, {"decimal": ";"}, {"date_order": "ydm"}, {"colums": {}},
        {"mass_unit": "boxes"}, {"header_row": "3"}, {"columns": ["x"]},
    ],
)  # fmt: skip
def test_wrong_key_or_value_is_refused_with_what_it_may_be(data: dict[str, object]) -> None:
    with pytest.raises(InputUnreadable) as refused:
        check_mapping(data, "m.toml")
    assert refused.value.code == "files.mapping-wrong"


headers = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)


@given(
    st.dictionaries(st.sampled_from(CONSIGNMENT_COLUMNS), headers, max_size=5),
    st.sampled_from([".", ",", None]),
    st.integers(-1, 9),
)
@settings(max_examples=60)
def test_written_mapping_comes_back(columns: dict[str, str], decimal: str | None, header_row: int) -> None:
    import tomllib

    mapping = Mapping(columns, "consignments", 'Sheet "1"', header_row, decimal, "dmy", "t")  # type: ignore[arg-type]
    assert check_mapping(tomllib.loads(format_mapping(mapping)), "m") == mapping


@pytest.mark.parametrize(
    ("text", "line"),
    [('kind = "consignments"\ndecimal = ";"\n', "line 2"), ("sheet = 3\n", "line 1"), ("[columns]\nconsignee = 3\n", "line 2"),
     ('[columns]\n\nfoo = "x"\n', "line 3"), ('encoding = "klingon"\n', "line 1"), ("mass_unit = ['kg']\n", "line 1")],
)  # fmt: skip
def test_wrong_line_is_named(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputUnreadable, match=line):
        read_mapping(path)


def test_mapping_tells_the_encoding(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('encoding = "euc_kr"\n', encoding="utf-8")
    path = tmp_path / "short.csv"
    path.write_bytes("Shipper,Consignee\n북극,등대\n".encode("euc_kr"))
    table = read_records(path, mapping=read_mapping(tmp_path / "m.toml")).tables[0]
    assert table.batch["consignor"].to_pylist() == ["북극"]
