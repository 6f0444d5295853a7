from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.talks.factories import act, any_act, any_pledge, meeting, minutes, pledge, tongues
from tidegate.publication.entries import PublicFigure, edition_from_entries, publish, read_entry
from tidegate.talks.act import Count, confirm_act
from tidegate.talks.reading import DocumentUnreadable
from tidegate.talks.tongues import Tongues
from tidegate.trust.canonical import dump_canonical, load_canonical

SIDES = {"importing-side": Tongues("Importing side", "进口方", "Parte importadora"),
         "exporting-side": Tongues("Exporting side", "出口方", "Parte exportadora")}  # fmt: skip
DAY = date(2024, 1, 28)


def entry(thing, number=1, on=DAY, **more):
    return publish(thing, number=number, published=on, by="exporting-side", sides=SIDES, invented=True, **more)


@settings(max_examples=40, deadline=None)
@given(any_act | any_pledge, st.integers(1, 50), st.booleans())
def test_an_entry_survives_its_bytes(thing, number, invented):
    one = publish(thing, number=number, published=DAY, by="exporting-side", sides=SIDES, invented=invented)
    assert read_entry(load_canonical(dump_canonical(one.to_json()))) == one


def test_the_latest_word_stands_and_nothing_before_its_day():
    claimed = entry(act())
    confirmed = entry(confirm_act(act(), "importing-side"), 2, date(2024, 1, 30))
    assert edition_from_entries([claimed, confirmed], date(2024, 1, 27)).acts == ()
    assert edition_from_entries([confirmed, claimed], DAY).acts[0].standing.kind == "claimed"
    assert edition_from_entries([confirmed, claimed], date(2024, 1, 30)).acts[0].standing.kind == "confirmed"


def test_a_correction_keeps_the_old_value_beside_the_new_one():
    two = act(counts=(Count("exporting-side", Decimal(2), tongues("companies")),))
    shown = edition_from_entries([entry(act()), entry(two, 2, corrects=1, why=tongues("A second one was found"))], DAY)
    assert [(c.old.en, c.new.en) for c in shown.corrections] == [
        ("Lantern Quay Trading is shut down (1 company)", "Lantern Quay Trading is shut down (2 companies)")
    ]


def test_a_pledge_is_covered_by_the_acts_that_name_it():
    shown = edition_from_entries([entry(pledge()), entry(act(), 2), entry(pledge(8), 3)], DAY)
    assert {one.id: one.coverage for one in shown.pledges} == {"P-7": "part", "P-8": "none"}


def test_every_kind_of_document_is_shown_and_marked_invented():
    figure = PublicFigure("stopped", tongues("Stopped before dispatch"), None, tongues("kg"), "2024-01")
    things = [act(), pledge(), meeting(), minutes(), figure]
    shown = edition_from_entries([entry(thing, number) for number, thing in enumerate(things, 1)], DAY)
    assert [len(x) for x in (shown.acts, shown.pledges, shown.meetings, shown.minutes, shown.figures)] == [1] * 5
    assert shown.invented


def test_an_entry_whose_document_is_broken_is_refused():
    broken = {**entry(act()).to_json(), "document": {"id": "act-1"}}
    with pytest.raises(DocumentUnreadable):
        read_entry(broken)
