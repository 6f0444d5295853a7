"""Birth dates and identifiers of lists, in one form, with their doubt and without what numbers nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.lists.births import births, read_birth
from tidegate.lists.identifier_kinds import identifier, identifier_kind


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12 May 1970", "1970-05-12"), ("May 12, 1970", "1970-05-12"), ("1970-05-12", "1970-05-12"), ("1970/5/12", "1970-05-12"),
        ("12 de mayo de 1970", "1970-05-12"), ("1970年5月12日", "1970-05-12"), ("19700512", "1970-05-12"), ("13/05/1970", "1970-05-13"),
        ("05/13/1970", "1970-05-13"), ("05/05/1970", "1970-05-05"), ("05/06/1970", "1970"), ("May 1970", "1970-05"), ("1970", "1970"),
        ("circa 1970", "~1970"), ("approximately 12 May 1970", "~1970-05-12"), ("约1970年", "~1970"), ("1965 to 1969", "1965/1969"),
        ("between 1969 and 1965", "1965/1969"), ("1970-13-40", "1970"), ("1970-02-31", "1970-02-31"), ("unknown", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_birth_date_is_read_as_written_and_two_orders_leave_the_year(text: str, wanted: str) -> None:
    assert read_birth(text) == wanted


@given(st.text(max_size=300))
def test_any_text_gives_a_birth_date_or_none(text: str) -> None:
    assert all(births([text])) or births([text]) == ()
    assert read_birth(text) == "" or any(char.isdigit() for char in read_birth(text))


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Passport", "passport"), ("alt. Passport", "passport"), ("Unified Social Credit Code (USCC)", "uscc"), ("Tax ID No.", "tax"),
        ("C.U.R.P.", "curp"), ("National ID No.", "national-id"), ("Registration Number", "registration"), ("SWIFT/BIC", "swift"),
        ("Vessel Registration Identification", "imo"), ("Digital Currency Address - XBT", "wallet"), ("Gender", ""),
        ("Secondary sanctions risk:", ""), ("Listing Date (EO 14024 Directive 2):", ""), ("Additional Sanctions Information -", ""),
    ],
)  # fmt: skip
def test_a_label_names_a_kind_and_a_remark_names_none(label: str, kind: str) -> None:
    assert identifier_kind(label) == kind


def test_an_imo_number_stands_bare_and_an_empty_value_is_no_identifier() -> None:
    assert identifier("Vessel Registration Identification", "IMO 9074729") == ("imo", "9074729")
    assert identifier("Passport", "  ") is None
