"""Numbers that a list gives for a party: found in whatever role they stand, and the role is told."""

from datetime import date

import pyarrow as pa
import pytest

from tidegate.screening.finding_table import findings_from_table
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.plan import build_plan
from tidegate.screening.watchlist import ListedParty, Watchlist

LISTED = Watchlist(
    (
        ListedParty("1", "Company", ("Banco Ficticio del Norte",), identifiers=(("swift", "BFNOMXMM"),)),
        ListedParty("2", "Person", ("Ejemplo, Ficticio",), identifiers=(("passport", "T321642"), ("lei", "5493001KJTIIGC8Y1R12"))),
        ListedParty("3", "Company", ("Hidden Moon Chemical Trading",)),
    ),
    "invented", "Invented list", "2024-01-30",
)  # fmt: skip
PLAN = build_plan([LISTED], on=date(2024, 2, 1))


def found(kind, **cells):
    columns = {"date": "2024-01-05", **cells}
    batch = pa.RecordBatch.from_pylist([columns]).replace_schema_metadata({"tidegate.kind": kind})
    return [
        (one.rule, one.column, one.level, one.against.id)
        for one in findings_from_table(screen_batch(batch, PLAN))
        if one.screen == "party"
    ]


@pytest.mark.parametrize("column", ["payer_bank_bic", "payee_bank_bic", "intermediary_bics"])
def test_the_bic_of_a_listed_bank_or_of_its_branch_is_found_in_each_role(column):
    assert found("payments", **{column: "LQTRCNSHXXX; BFNOMXMM123"}) == [("listed-swift", column, "hold", "1")]


@pytest.mark.parametrize(
    "column", ["ultimate_payer", "ultimate_payee", "initiating_party", "payer_bank", "payee_bank", "intermediary_banks"]
)
def test_a_listed_name_is_found_in_each_role(column):
    assert ("listed-party", column, "ask", "3") in found("payments", **{column: "Hidden Moon Chemical Trading Ltd"})


def test_an_lei_names_one_party_and_a_passport_number_under_another_name_asks():
    assert found("payments", payer_registration_number="5493001KJTIIGC8Y1R12") == [
        ("listed-number", "payer_registration_number", "hold", "2")
    ]
    assert found("parties", name="Somebody Else", registration_number="T 321642") == [
        ("listed-number", "registration_number", "ask", "2")
    ]


def test_a_name_with_its_number_is_one_finding():
    assert found("parties", name="Ficticio Ejemplo", registration_number="T321642") == [
        ("listed-party", "name", "hold", "2")
    ]


def test_a_birth_date_beside_the_payer_speaks_for_or_against():
    assert found("payments", payer="Ficticio Ejemplo") != []
    assert found("payments", payer_registration_number="12345", payer_bank_bic="BAD") == []
