from collections import Counter
from datetime import date

import pytest

from tidegate.demo.world import FIVE_WAYS, HEADERS, make_consignments, planted_rows, write_invented_list, write_sample
from tidegate.files.screening_run import screen_files
from tidegate.lists.reading import read_list
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.plan import build_plan


@pytest.fixture(scope="module")
def screened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    write_sample(folder / "sample.xlsx")
    write_invented_list(folder / "invented_list.csv")
    plan = build_plan([read_list(folder / "invented_list.csv")], on=date(2022, 8, 1))
    return screen_files([folder / "sample.xlsx"], plan, screen_batch)


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    assert make_consignments(1) == make_consignments(1)
    assert make_consignments(1) != make_consignments(2)


def test_there_are_two_thousand_rows_in_order_of_day():
    rows = make_consignments()
    assert len(rows) == 2000
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert all(set(row) <= set(HEADERS) for row in rows)


def test_every_planted_row_is_found_and_few_others(screened):
    found = {placed.place for placed in screened.findings()}
    for rows in planted_rows().values():
        assert {str(row) for row in rows} <= found
    assert screened.rows() == 2000
    assert len(screened.findings()) < 20
    assert screened.rows_above_look() <= 8


def test_the_consignor_is_one_listed_party_in_all_five_ways(screened):
    party = [placed.finding for placed in screened.findings() if placed.finding.rule == "listed-party"]
    assert {one.value for one in party} == set(FIVE_WAYS)
    assert {one.against.id.rpartition(":")[2] for one in party} == {"INV-001"}
    assert {one.level for one in party} == {"ask"}


def test_the_trade_name_is_held_for_want_of_a_licence(screened):
    held = [placed for placed in screened.findings() if placed.finding.level == "hold"]
    assert {placed.place for placed in held} == {str(planted_rows()["hidden-precursor"][0])}
    assert Counter(placed.finding.screen for placed in held)["goods"] == 1


def test_the_unreadable_cell_is_named_with_its_mend(screened):
    cells = [placed for placed in screened.findings() if placed.finding.screen == "quality"]
    assert [(placed.place, placed.finding.column, placed.finding.value) for placed in cells] == [
        ("1206", "net_mass_kg", "1.234 / 5 kg")
    ]
