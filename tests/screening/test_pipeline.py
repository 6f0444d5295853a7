import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.screening.records import CLEAN, batch, consignments, plan, rules, screen
from tidegate.model.columns import CONSIGNMENT_COLUMNS, FINDING_SCHEMA
from tidegate.screening.names import build_index
from tidegate.screening.pipeline import ColumnMissing, not_run_in, screen_batch
from tidegate.screening.watchlist import ListedParty, Watchlist

ITEM = {"goods_description": "4-anilinopiperidine", "hs_code": "2933.39"}
LIST = Watchlist(
    (
        ListedParty(
            "inv-1", "Company", ("Yuetuyinfan Fine Chemical Co., Ltd.", "月兔银帆精细化工有限公司"), list_id="invented"
        ),
    ),
    "invented",
    "Invented list",
)


def test_clean_trade_gives_no_finding():
    assert screen(consignments({}, {"goods_description": "Ceramic floor tiles", "hs_code": "6907.21"})) == []


def test_an_empty_batch_gives_no_finding_and_the_finding_schema():
    out = screen_batch(batch("consignments", []), plan())
    assert out.num_rows == 0
    assert out.schema.equals(FINDING_SCHEMA)


def test_a_batch_without_any_canonical_column_is_refused():
    with pytest.raises(ColumnMissing):
        screen_batch(pa.RecordBatch.from_pydict({"colour": ["red"]}), plan())


def test_without_a_list_party_screening_says_not_run():
    told = {one.rule: one.code for one in not_run_in(screen_batch(consignments({}), plan()))}
    assert told["listed-party"] == "not-run.no-list"
    assert told["RF01"] == "not-run.no-list"


def test_five_spellings_of_a_listed_firm_are_found():
    spellings = (
        "月兔银帆精细化工有限公司",
        "月兔銀帆精細化工有限公司",
        "Yuetuyinfan Fine Chemical Co., Ltd.",
        "YUE TU YIN FAN JINGXI HUAGONG",
    )
    found = screen(consignments(*({"consignor": name} for name in spellings)), index=build_index([LIST]))
    assert [one.row for one in found if one.rule == "listed-party"] == [0, 1, 2, 3]


def test_a_named_precursor_without_its_licence_is_held():
    found = screen(consignments({**ITEM}, headers="licence"))
    assert {(one.rule, one.level) for one in found} >= {("RF60", "hold"), ("RF06", "hold"), ("RF67", "hold")}


def test_with_a_licence_number_the_precursor_is_asked_about_only():
    found = screen(consignments({**ITEM, "licence": "LIC-1"}))
    assert [(one.rule, one.level) for one in found] == [("RF60", "ask")]
    assert all(duty.found for duty in found[0].duties if duty.duty == "licence")


def test_without_a_licence_column_no_paper_is_called_missing():
    found = screen(consignments({**ITEM}))
    assert [(one.rule, one.level) for one in found] == [("RF60", "ask")]


def test_two_independent_groups_raise_an_ask_to_hold():
    found = screen(consignments({**ITEM, "consignor": LIST.parties[0].name}), index=build_index([LIST]))
    held = [one for one in found if one.level == "hold"]
    assert len(held) == 1
    assert held[0].reasons[-1].code == "level.two-groups"


def test_a_bad_row_becomes_a_finding_and_stops_nothing():
    found = screen(consignments({"net_mass_kg": "heavy"}, {**ITEM}))
    assert [(one.row, one.rule) for one in found] == [(0, "unreadable-net_mass_kg"), (1, "RF60")]
    assert found[0].value == "heavy"


def test_findings_stand_in_row_order_whatever_the_order_of_rows():
    rows = [
        {**CLEAN, "goods_description": text} for text in ("4-anilinopiperidine", "tiles", "piperonal", "tablet press")
    ]
    random.Random(1).shuffle(rows)
    found = screen(batch("consignments", rows))
    assert [one.row for one in found] == sorted(one.row for one in found)


def test_the_same_batch_and_plan_give_the_same_bytes():
    records = consignments({**ITEM, "net_mass_kg": "?x"}, headers="licence")
    assert screen_batch(records, plan()).equals(screen_batch(records, plan()))


def test_nationality_is_no_input():
    assert not any("national" in column or "ethnic" in column for column in CONSIGNMENT_COLUMNS)
    assert rules(screen(consignments({"consignor_country": "CN"}))) == rules(
        screen(consignments({"consignor_country": "NO"}))
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(CONSIGNMENT_COLUMNS), st.text(max_size=20), max_size=8), max_size=4))
def test_no_text_in_any_column_breaks_the_kernel(rows):
    out = screen_batch(batch("consignments", rows, headers="licence"), plan())
    assert all(0 <= row < len(rows) for row in out.column("row").to_pylist())


def test_a_party_with_several_names_of_one_listed_party_is_one_finding():
    row = {
        "name": "Yuetuyinfan Fine Chemical",
        "name_local": "月兔银帆精细化工有限公司",
        "other_names": "YUETUYINFAN; Kite Ltd",
    }
    found = screen(batch("parties", [row]), index=build_index([LIST]))
    assert [one.rule for one in found if one.screen == "party"] == ["listed-party"]
