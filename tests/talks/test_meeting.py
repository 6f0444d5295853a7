from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.talks.factories import meeting
from tidegate.talks.meeting import Delegation, announce_delegation, read_meeting
from tidegate.talks.reading import DocumentUnreadable
from tidegate.talks.tongues import Tongues
from tidegate.trust.canonical import dump_canonical, load_canonical


def test_a_meeting_survives_its_bytes():
    assert read_meeting(load_canonical(dump_canonical(meeting().to_json()))) == meeting()


def test_a_delegation_not_announced_holds_no_office():
    with pytest.raises(ValueError, match="no lead"):
        Delegation("not_announced", lead="somebody")


@pytest.mark.parametrize(
    ("on", "state"), [(date(2024, 1, 29), "announced"), (date(2024, 1, 30), "announced_on_the_day")]
)
def test_a_delegation_is_announced_before_or_on_the_day(on, state):
    told = announce_delegation(meeting(), "exporting-side", lead="director", offices=("Port Office",), on=on)
    assert told.delegations["exporting-side"].state == state


def test_the_start_must_fall_on_the_civil_day_somewhere():
    with pytest.raises(ValueError, match="anywhere on earth"):
        meeting(starts=datetime(2024, 2, 2, tzinfo=UTC))
    assert meeting(starts=datetime(2024, 1, 29, 16, tzinfo=UTC)).day == date(2024, 1, 30)


def test_a_missing_field_is_named():
    document = meeting().to_json()
    del document["place"]
    with pytest.raises(DocumentUnreadable, match="place"):
        read_meeting(document)


def test_a_text_not_held_is_said_in_another_language_and_says_which():
    assert Tongues(en="Work plan").say("zh") == ("Work plan", "en")
