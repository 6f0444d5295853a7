import pytest

from tests.screening.records import batch, plan
from tidegate.screening.finding_table import findings_from_table
from tidegate.screening.names import build_index
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.watchlist import ListedParty, Watchlist

NAME = "Zephirin Lanterncastle"
ELDER = ListedParty("inv-1", "Person", (NAME,), birth_dates=("1950-01-02",), list_id="invented")
YOUNGER = ListedParty("inv-2", "Person", (NAME,), birth_dates=("1980-03-04",), list_id="invented")
INDEX = build_index([Watchlist((ELDER, YOUNGER), "invented", "Invented list")])


def told(birth_date: str) -> list[str]:
    found = screen_batch(batch("parties", [{"name": NAME, "birth_date": birth_date}]), plan(index=INDEX))
    return sorted(one.against.id for one in findings_from_table(found) if one.rule == "listed-party")


@pytest.mark.parametrize(("birth_date", "listed"), [("1980-03-04", "inv-2"), ("1950-01-02", "inv-1")])
def test_of_two_listed_namesakes_the_one_of_the_birth_date_is_told_once(birth_date, listed):
    assert told(birth_date).count(listed) == 1


def test_two_listed_namesakes_are_both_told_where_nothing_tells_them_apart():
    assert told("") == ["inv-1", "inv-2"]


def test_the_same_holds_beside_a_payer():
    rows = [{"payer": NAME, "payer_birth_date": "1980-03-04", "amount": "100", "currency": "USD", "date": "2024-10-01"}]
    found = findings_from_table(screen_batch(batch("payments", rows), plan(index=INDEX)))
    parties = [one.against.id for one in found if one.rule == "listed-party"]
    assert parties.count("inv-2") == 1
    assert len(parties) == len(set(parties))
