"""Headers that no word of the table names as they stand."""

from __future__ import annotations

import pytest

from tidegate.files.header_guesses import is_day, written_out
from tidegate.files.headers import recognise


@pytest.mark.parametrize("header", ["Gate-out date", "FechaCruceReal", "Fecha de cruce", "过磅日期"])
def test_a_day_of_any_name_is_the_day_of_the_record(header: str) -> None:
    match = recognise(header, "consignments")
    assert match is not None
    assert match.canonical == "date"
    assert match.score < 0.9


@pytest.mark.parametrize(
    "header", ["Expiry date", "Date of birth", "Fecha de caducidad", "有效日期", "生产日期", "Due date"]
)
def test_a_day_of_another_thing_is_not(header: str) -> None:
    assert recognise(header, "consignments") is None


def test_short_forms_are_written_out_in_each_language() -> None:
    forms = {"en": {"ctry": "country", "desc": "description"}, "es": {"desc": "descripción"}}
    assert written_out("Desc. of goods", forms) == ["description of goods", "descripción of goods"]
    assert written_out("Consignee", forms) == []


@pytest.mark.parametrize(
    ("header", "canonical"),
    [("Ctry of orig.", "origin_country"), ("Pto. de carga", "port_of_loading"), ("Inv. qty", None)],
)
def test_header_of_short_forms(header: str, canonical: str | None) -> None:
    match = recognise(header, "consignments")
    assert (match.canonical if match else None) == canonical


def test_long_sentence_is_no_day() -> None:
    assert not is_day("the date on which all of these goods were sold", ("date",), ())
