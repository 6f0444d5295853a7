"""A column that repeats itself reads by its distinct values as it reads row by row."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.files import distinct
from tidegate.files.cleaning import clean_text
from tidegate.files.distinct import encode
from tidegate.files.reading import read_records
from tidegate.files.screening_run import recognised_batch
from tidegate.screening.normalize import RecordView

CELL = st.one_of(
    st.none(),
    st.sampled_from(["", "  ", "-", "n/a", " Lantern ", "Lantern", "=cmd|'/c x'!A1", "#REF!", '="007"', "1.200", "12", "2024-01-02",
                     "31/12/2024", "ditto", "1,5 kg", "0102.29", "\u3000全角\u3000"]),
    st.text(max_size=5),
)  # fmt: skip


@given(st.lists(CELL, min_size=1, max_size=30), st.integers(1, 3))
@settings(max_examples=200, deadline=None)
def test_text_is_cleaned_alike_by_value_and_row_by_row(cells: list[str | None], chunks: int) -> None:
    size = -(-len(cells) // chunks)
    column = pa.chunked_array([pa.array(cells[at : at + size], pa.string()) for at in range(0, len(cells), size)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distinct, "LONG", 10**9)
        by_row = clean_text(column)
        patch.setattr(distinct, "LONG", 1)
        patch.setattr(distinct, "_MOST_DISTINCT", 10**9)
        by_value = clean_text(column)
    assert by_value.column.to_pylist() == by_row.column.to_pylist()
    assert by_value.doubts == by_row.doubts
    if by_value.by_value is not None:
        assert by_value.by_value.array.to_pylist() == by_row.column.to_pylist()
        assert by_value.by_value.array.dictionary.null_count == 0


def test_a_column_of_unlike_values_is_left_as_it_is() -> None:
    assert encode(pa.chunked_array([[str(number) for number in range(30_000)]])) is None
    assert encode(pa.chunked_array([["CN"] * 30_000])) is not None


def test_a_column_that_comes_round_again_and_again_is_held_by_its_values() -> None:
    firms = [f"Lantern {at} Ltd" for at in range(32_500)]
    assert encode(pa.chunked_array([firms * 10])) is not None
    assert encode(pa.chunked_array([[f"row {at}" for at in range(200_000)]])) is None


def test_a_long_sheet_is_screened_by_value_as_it_is_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ["Date,Shipper,Consignee,Goods,HS,Net weight (kg),Origin,Destination,Licence"]
    for at in range(300):
        weight = ("12", "1.234", "", "-", "12 lb", "heavy")[at % 6]
        rows.append(
            f"0{at % 9 + 1}/12/2024, Lantern {at % 7} Ltd ,Marble,{('tiles', '', 'Aniline')[at % 3]},0102.29,{weight},CN,MX,N/A"
        )
    path = tmp_path / "sheet.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    plain = read_records(path).tables[0]
    monkeypatch.setattr(distinct, "LONG", 4)
    by_value = read_records(path).tables[0]
    assert len(by_value.encoded) > len(plain.encoded)
    assert by_value.batch.equals(plain.batch)
    assert by_value.unreadable == plain.unreadable
    one, other = (RecordView(recognised_batch(table), "consignments") for table in (plain, by_value))
    assert one.present() == other.present()
    assert one.problems() == other.problems()
    for name in one.present():
        values, places = one.distinct(name)
        others, other_places = other.distinct(name)
        assert [values[at] for at in places] == [others[at] for at in other_places]
        assert one.column(name).equals(other.column(name))
        assert one.rows_matching(name, "an|1").tolist() == other.rows_matching(name, "an|1").tolist()
        assert [one.text(name, row) for row in range(20)] == [other.text(name, row) for row in range(20)]
    assert one.masses("net_mass_kg").tobytes() == other.masses("net_mass_kg").tobytes()
    assert one.days("date").tolist() == other.days("date").tolist()
