"""Duties of the asked leg and day only, with what is not known said beside them."""

from __future__ import annotations

from datetime import date

import pytest

from tidegate.registers.substances import load_register
from tidegate.screening.duties import duties_for
from tidegate.wording.sentences import LANGUAGES, say

REGISTER = load_register()
AP = "sub-4-anilinopiperidine"


def ask(subject, on, origin="CN", destination="MX"):
    return duties_for(subject, on=on, origin=origin, destination=destination, register=REGISTER)


def test_the_chinese_licence_begins_on_the_first_of_september_2024():
    before, after = ask(AP, date(2024, 8, 31)), ask(AP, date(2024, 9, 1))
    assert {duty.regime for duty in before.duties} == {"MX", "UN-1988"}
    assert {duty.regime for duty in after.duties} == {"CN", "MX", "UN-1988"}
    licence = next(duty for duty in after.duties if duty.regime == "CN" and duty.duty == "licence")
    assert (licence.valid_from, licence.source, licence.certainty) == (
        "2024-09-01",
        "six-ministry notice of 2024-08-02",
        "read",
    )
    assert "duties.begins-later" in {note.code for note in before.notes}


def test_a_lane_whose_catalogue_is_not_held_says_so_unless_the_item_is_a_known_member():
    today = date(2026, 11, 25)
    assert "duties.catalogue-not-held" in {note.code for note in ask(AP, today, "CN", "US").notes}
    assert "duties.catalogue-not-held" in {note.code for note in ask(AP, today, "CN", "MM").notes}
    assert "duties.catalogue-not-held" not in {note.code for note in ask(AP, today, "CN", "DE").notes}
    member = ask("sub-ethyl-1-phenethyl-4-oxopiperidine-3-carboxylate", today, "CN", "US")
    assert "duties.catalogue-not-held" not in {note.code for note in member.notes}
    assert any(duty.regime == "CN" and duty.duty == "licence" for duty in member.duties)


def test_a_begin_that_is_not_known_is_shown_and_said():
    codes = {note.code for note in ask("sub-ephedrine", date(2026, 1, 1), "IN", "US").notes}
    assert "duties.begin-unknown" in codes


def test_a_class_control_reaches_its_known_members():
    fluoro = ask("sub-para-fluoro-4-anilinopiperidine", date(2026, 1, 1), "IN", "US")
    assert any(duty.regime == "US" for duty in fluoro.duties)


def test_a_machine_into_the_united_states_needs_form_452():
    press = ask("eq-tablet-press", date(2026, 1, 1), "CN", "US")
    assert [duty.duty for duty in press.duties] == ["form 452"]
    assert not ask("eq-tablet-press", date(2026, 1, 1), "CN", "MX").duties


def test_nothing_in_the_register_is_not_called_free():
    answer = ask("sub-caffeine", date(2026, 1, 1), "DE", "US")
    assert "duties.none-in-register" in {note.code for note in answer.notes}


def test_a_proposal_is_no_duty():
    for substance in REGISTER.substances:
        answer = ask(substance, date(2026, 11, 25), "DE", "US")
        assert all("(proposal)" not in duty.list for duty in answer.duties)


def test_every_note_can_be_said_in_three_languages():
    for subject in (*REGISTER.substances, *REGISTER.families, *REGISTER.equipment):
        for note in ask(subject, date(2026, 11, 25), "CN", "US").notes:
            for lang in LANGUAGES:
                assert say(note.code, lang, **note.params)


def test_an_unknown_subject_is_a_slip_of_the_caller():
    with pytest.raises(KeyError):
        ask("sub-unheard-of", date(2026, 1, 1))
