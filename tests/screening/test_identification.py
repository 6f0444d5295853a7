"""Identify: names and numbers to register items, with the law of the leg and day."""

from __future__ import annotations

from datetime import date

from tidegate.registers.substances import load_register
from tidegate.screening.identification import identify

REGISTER = load_register()
TODAY = date(2026, 11, 25)


def test_a_bare_number_needs_no_word_before_it():
    found = identify("23056-29-3", REGISTER, on=TODAY).found
    assert [entry.hit.item_id for entry in found] == ["sub-4-anilinopiperidine"]


def test_the_law_differs_from_one_day_to_the_next():
    answers = [
        identify("23056-29-3", REGISTER, on=day, origin="CN", destination="MX")
        for day in (date(2024, 8, 31), date(2024, 9, 1))
    ]
    regimes = [{control.regime for control in answer.found[0].controls} for answer in answers]
    assert regimes[1] - regimes[0] == {"CN"}


def test_what_is_not_in_the_register_is_not_called_free():
    answer = identify("471-34-1", REGISTER, on=TODAY)
    assert not answer.found
    assert {note.code for note in answer.notes} == {"identify.number-not-in-register", "identify.not-in-register"}


def test_excipients_are_shown_as_context():
    assert identify("lactose", REGISTER, on=TODAY).found[0].hit.level == "look"


def test_no_leg_gives_every_regime_but_no_single_lane():
    controls = identify("4-anilinopiperidine", REGISTER, on=TODAY).found[0].controls
    assert {control.regime for control in controls} >= {"CN", "US", "MX", "EU", "UN-1988"}
    assert not any(control.lanes for control in controls)
