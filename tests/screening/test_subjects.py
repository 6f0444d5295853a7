"""Whose record a finding is about, and that a decision on one firm's goods, papers or sums hides no other's."""

from datetime import date

import pyarrow as pa
import pytest

from tidegate.screening.decisions import Decision, DecisionBook
from tidegate.screening.finding_table import findings_from_table
from tidegate.screening.pipeline import screen_batch, set_aside_in
from tidegate.screening.plan import build_plan
from tidegate.screening.subjects import subject_of

DAY = date(2024, 10, 2)

ROW = {"consignor": "Paper Cloud Ltd", "consignee": "Farol Azul, S.A.", "consignee_address": "Calle 1"}


@pytest.mark.parametrize(
    ("kind", "column", "subject"),
    [
        ("consignments", "consignee", ()),
        ("consignments", "consignee_address", ("consignee: farolazul",)),
        ("consignments", "goods_description", ("consignor: papercloud", "consignee: farolazul")),
        ("payments", "amount", ()),
    ],
)
def test_a_finding_is_about_the_party_of_its_cell_or_about_both_ends(kind, column, subject):
    assert subject_of(kind, column, lambda name: ROW.get(name, "")) == subject


def test_every_finding_set_aside_on_one_record_hides_nothing_of_another_firms_equal_record():
    cells = {
        "date": "2024-10-01", "consignor": "Paper Cloud Ltd", "goods_description": "piperonal 25 kg", "hs_code": "2932.93",
        "net_mass_kg": "twenty", "gross_mass_kg": "2", "origin_country": "CN", "destination_country": "MX", "licence": "",
        "consignee_address": "PO Box 7", "notify_party": "",
    }  # fmt: skip
    rows = [{**cells, "consignee": name} for name in ("Farol Azul SA", "Luna Clara SA")]
    batch = pa.RecordBatch.from_pylist(rows)
    before = findings_from_table(screen_batch(batch, build_plan([], on=DAY)))
    ours = [one for one in before if one.row == 0]
    book = DecisionBook(Decision(one.decision_key, one.base_key, "set-aside", "seen") for one in ours)
    out = screen_batch(batch, build_plan([], on=DAY, decisions=book))
    assert len(ours) > 2
    assert set_aside_in(out) == len(ours)
    assert findings_from_table(out) == [one for one in before if one.row == 1]
