import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.screening.records import batch
from tidegate.screening.normalize import RecordView, fold_identifier, fold_text, fold_texts, minute_of_day


def view(column, *values, kind="consignments"):
    return RecordView(batch(kind, [{column: value} for value in values]), kind)


def test_masses_are_read_in_kilograms_and_blank_is_not_zero():
    masses = view("net_mass_kg", "1200.5", "2 t", "500 g", None, "").masses("net_mass_kg")
    assert masses[:3].tolist() == [1200.5, 2000.0, 0.5]
    assert all(math.isnan(mass) for mass in masses[3:])


def test_the_columns_own_decimal_sign_settles_a_two_faced_number():
    assert view("net_mass_kg", "1.234", "12,5").masses("net_mass_kg").tolist() == [1234.0, 12.5]


def test_a_two_faced_number_alone_is_a_problem_and_not_guessed():
    told = view("net_mass_kg", "1.234 kg")
    assert math.isnan(told.masses("net_mass_kg")[0])
    assert [(one.row, one.column, one.code) for one in told.problems()] == [(0, "net_mass_kg", "quantity.ambiguous")]


def test_money_with_its_currency_is_an_amount():
    assert view("amount", "USD 1,200.50", "99", kind="payments").amounts("amount").tolist() == [1200.5, 99.0]


def test_days_in_any_form_and_none_where_there_is_none():
    told = view("date", "2024-01-05", "5 de enero de 2024", "2024年1月5日", None, "soon")
    assert [told.day("date", row) is not None for row in range(5)] == [True, True, True, False, False]
    assert [one.value for one in told.problems()] == ["soon"]


def test_conditions_are_asked_of_distinct_values_and_answered_by_row():
    asked = []
    told = view("consignee", "A", "B", "A", None)
    assert told.rows_where("consignee", lambda text: not asked.append(text) and text == "A").tolist() == [0, 2]
    assert sorted(asked) == ["A", "B"]


def test_one_text_has_one_number_in_every_column():
    told = RecordView(batch("consignments", [{"consignor": "Farol  Azul", "consignee": "FAROL AZUL"}]), "consignments")
    assert told.folded("consignor").tolist() == told.folded("consignee").tolist()
    assert view("consignee", None, "x").folded("consignee").tolist()[0] == -1


def test_a_header_without_values_counts_for_licences_only():
    records = batch("consignments", [{"consignor": "A"}], headers="consignor,licence,cas")
    told = RecordView(records, "consignments")
    assert told.header_seen("licence")
    assert "licence" in told.present()
    assert "cas" not in told.present()


@pytest.mark.parametrize(
    ("text", "minute"), [("2024-01-05 13:05", 785), ("2024-01-05T00:00:00Z", 0), ("2024-01-05", None), ("25:70", None)]
)
def test_the_time_of_day_is_read_where_there_is_one(text, minute):
    assert minute_of_day(text) == minute


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.floats(0, 1e6).map(str)), max_size=6))
def test_every_value_is_read_or_named(values):
    told = view("net_mass_kg", *values)
    masses = told.masses("net_mass_kg")
    named = {one.row for one in told.problems()}
    for row, value in enumerate(values):
        assert math.isnan(masses[row]) == (row in named or value is None or not value.strip())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("aB \t\x1c\x00\u2003é中", max_size=6)))
def test_many_texts_are_folded_as_each_is(texts):
    assert fold_texts(texts) == [fold_text(text) for text in texts]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    assert fold_text(fold_text(text)) == fold_text(text)
    assert fold_identifier(fold_identifier(text)) == fold_identifier(text)
