"""Controllers: a listed person behind a firm, on the sheet or in the customer file."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from tidegate.model.columns import record_schema
from tidegate.screening.companions import Companions
from tidegate.screening.controllers import officers_in
from tidegate.screening.finding_table import findings_from_table
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.plan import build_plan
from tidegate.screening.watchlist import ListedParty, Watchlist

LISTED = ListedParty(
    id="X-2", schema="Person", names=("Teodoro Invento Quimera",), list_id="drug-list", list_date="2026-01-01"
)


def batch(kind: str, **cells: str) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([{"source_row": "2", **cells}], schema=record_schema(kind))


def found(records: pa.RecordBatch, companions: Companions | None = None):
    listed = Watchlist(parties=(LISTED,), list_id="drug-list", title="Drug list", date="2026-01-01")
    plan = build_plan([listed], on=date(2026, 3, 2), companions=companions)
    table = findings_from_table(screen_batch(records, plan))
    return [one for one in table if one.rule == "listed-party"]


def test_a_listed_director_is_found_beside_the_firm_on_the_sheet():
    (one,) = found(batch("parties", name="Tin Gull Trading SA", officer="Ana Muestra (CFO); Teodoro Invento Quimera"))
    assert (one.column, one.against.id, one.level) == ("officer", "X-2", "ask")
    assert one.reasons[0].params["name"] == "Tin Gull Trading SA"


def test_a_listed_owner_in_the_customer_file_is_told_on_the_consignment():
    customers = batch("parties", name="Tin Gull Trading SA", officer="Quimera, Teodoro Invento")
    (one,) = found(
        batch("consignments", consignor="Opal Minnow Ltd", consignee="TIN GULL TRADING S.A."),
        Companions(tables={"parties": customers}),
    )
    assert (one.column, one.value, one.against.id) == ("consignee", "TIN GULL TRADING S.A.", "X-2")


def test_other_directors_are_no_finding():
    assert found(batch("parties", name="Tin Gull Trading SA", officer="Ana Muestra; Li Yangben")) == []


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Ana Muestra; Li Yangben", ["Ana Muestra", "Li Yangben"]),
        ("Mr. Ana Muestra (director) / Li Yangben", ["Ana Muestra", "Li Yangben"]),
        ("张样本、李示例", ["张样本", "李示例"]),
        ("Ana Muestra y Rosa Ficticia", ["Ana Muestra", "Rosa Ficticia"]),
        ("-", []),
    ],
)
def test_a_cell_of_officers_gives_their_names(cell, names):
    assert officers_in(cell) == names
