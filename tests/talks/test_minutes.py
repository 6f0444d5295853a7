from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.talks.factories import NOON, any_minutes, minutes
from tidegate.talks.minutes import (
    VersionMismatch,
    countersign_minutes,
    differing_paragraphs,
    propose_minutes,
    read_minutes,
    read_minutes_record,
    record_to_json,
)
from tidegate.talks.reading import DocumentUnreadable
from tidegate.trust.canonical import dump_canonical, load_canonical


@settings(max_examples=60, deadline=None)
@given(any_minutes)
def test_minutes_survive_their_bytes_and_keep_their_digest(one):
    again = read_minutes(load_canonical(dump_canonical(one.to_json())))
    assert again == one
    assert again.digest() == one.digest()


def test_equal_texts_are_countersigned():
    record = countersign_minutes(
        propose_minutes(minutes(), "importing-side", now=NOON), minutes(), "exporting-side", now=NOON
    )
    assert record.state == "countersigned"
    assert [signature.side for signature in record.signatures] == ["importing-side", "exporting-side"]


def test_one_changed_word_in_one_language_names_its_paragraph_and_adds_no_signature():
    theirs = minutes(("Lists are exchanged.", "交换一份名单。"))
    ours = minutes(("Lists are exchanged.", "交换名单。"))
    record = countersign_minutes(propose_minutes(ours, "importing-side", now=NOON), theirs, "exporting-side", now=NOON)
    assert (record.state, record.differing, len(record.signatures)) == ("differs", (3,), 1)


def test_a_paragraph_only_one_side_has_differs():
    assert differing_paragraphs(minutes(), minutes(("More.", "更多。"))) == (3,)


def test_the_proposing_side_cannot_countersign_and_a_settled_record_is_closed():
    proposed = propose_minutes(minutes(), "importing-side", now=NOON)
    with pytest.raises(ValueError, match="other side"):
        countersign_minutes(proposed, minutes(), "importing-side", now=NOON)
    settled = countersign_minutes(proposed, minutes(), "exporting-side", now=NOON)
    with pytest.raises(ValueError, match="next version"):
        countersign_minutes(settled, minutes(), "exporting-side", now=NOON)


def test_two_versions_are_not_compared():
    with pytest.raises(VersionMismatch):
        differing_paragraphs(minutes(), minutes(version=4))


def test_a_record_round_trips_and_a_signature_over_another_text_is_refused():
    record = propose_minutes(minutes(), "importing-side", now=NOON)
    document = record_to_json(record)
    assert read_minutes_record(document) == record
    document["minutes"] = minutes(("Slipped in.", "混入。")).to_json()
    with pytest.raises(DocumentUnreadable, match="another text"):
        read_minutes_record(document)
