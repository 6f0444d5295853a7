from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.files.header_units import take_unit
from tidegate.files.reading import read_records
from tidegate.files.records import TableRead
from tidegate.files.unit_columns import UnitsAbove, units_above


def read(folder: Path, text: str) -> TableRead:
    path = folder / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    return read_records(path).tables[0]


def test_a_unit_beside_a_weight_is_the_unit_of_that_weight(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "Consignee,Goods,Net weight,NW unit,Gross weight,GW unit\nDelta,salt,500,g,1.5,t\nSigma,salt,2,lb,3,KGM\n",
    )
    assert table.batch["net_mass_kg"].to_pylist() == ["0.5", "0.90718474"]
    assert table.batch["gross_mass_kg"].to_pylist() == ["1500", "3"]
    assert not any(note.code == "files.kg-assumed" for note in table.notes)


def test_a_unit_of_the_quantity_is_left_to_the_quantity(tmp_path: Path) -> None:
    table = read(
        tmp_path, "Consignee;Goods;Peso neto;Unidad de peso;Cantidad;Unidad de medida\nDelta;sal;1,2;TNE;48;sacos\n"
    )
    assert table.batch["net_mass_kg"].to_pylist() == ["1200"]
    assert table.batch["unit"].to_pylist() == ["sacos"]


def test_the_codes_of_a_business_program_head_their_columns(tmp_path: Path) -> None:
    header = "VBELN;NAME1;LAND1;MAKTX;LFIMG;VRKME;BRGEW;NTGEW;GEWEI"
    table = read(tmp_path, f"{header}\n0080001234;Delta SA;MX;Salt;48;BAG;1,25;1,2;TO\n")
    assert table.batch["gross_mass_kg"].to_pylist() == ["1250"]
    assert table.batch["net_mass_kg"].to_pylist() == ["1200"]
    assert table.batch["unit"].to_pylist() == ["BAG"]


def test_what_is_no_unit_of_mass_among_units_of_mass_is_named(tmp_path: Path) -> None:
    table = read(tmp_path, "Consignee,Goods,Net weight,Unit\nDelta,salt,12,xyz\nSigma,salt,3,kg\nTau,salt,4,kg\n")
    assert [(problem.row, problem.code) for problem in table.unreadable] == [("2", "quantity.unit-unknown")]


def test_the_unit_above_a_table_holds_for_its_weights(tmp_path: Path) -> None:
    table = read(tmp_path, "出口台账,,,\n单位：吨,,,\n发货人,收货人,品名,净重\n岚山公司,翠谷公司,盐,1.2\n")
    assert table.batch["net_mass_kg"].to_pylist() == ["1200"]
    assert any(note.code == "files.unit-from-above" for note in table.notes)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("单位：吨", UnitsAbove("吨")),
        ("（单位：万元、公斤）", UnitsAbove("公斤", "CNY", 10_000)),
        ("Weights in kg", UnitsAbove("kg")),
        ("Unidad: toneladas", UnitsAbove("toneladas")),
        ("单位：岚山公司", UnitsAbove()),
        ("Period: March", UnitsAbove()),
    ],
)
def test_a_line_above_the_table_says_its_units(title: str, said: UnitsAbove) -> None:
    assert units_above([[title]]) == said


def test_a_unit_in_brackets_takes_nothing_out_of_the_words() -> None:
    assert take_unit("Net weight (t)")[:2] == ("Net weight ", "t")
    assert take_unit("Gross (g)")[:2] == ("Gross ", "g")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.decimals("0.01", "9999", places=2), st.sampled_from([("t", 1000), ("kg", 1), ("GRM", "0.001"), ("公斤", 1)])),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_every_mass_is_told_in_the_unit_beside_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Decimal, tuple[str, object]]]
) -> None:
    text = "Consignee,Goods,Net weight,Unit\n" + "".join(f"Delta,salt,{number},{unit}\n" for number, (unit, _) in rows)
    table = read(tmp_path_factory.mktemp("units"), text)
    told = [Decimal(str(mass)) for mass in table.batch["net_mass_kg"].to_pylist()]
    assert told == [number * Decimal(str(factor)) for number, (_, factor) in rows]
