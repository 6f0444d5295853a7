from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.talks.factories import any_pledge, pledge
from tidegate.talks.pledge import read_pledge
from tidegate.talks.reading import DocumentUnreadable
from tidegate.trust.canonical import dump_canonical, load_canonical


@settings(max_examples=60, deadline=None)
@given(any_pledge)
def test_a_pledge_survives_its_bytes(one):
    assert read_pledge(load_canonical(dump_canonical(one.to_json()))) == one


def test_a_pledge_told_only_by_the_other_side_says_so():
    assert pledge(told_by=("importing-side",)).told_only_by_others()
    assert not pledge().told_only_by_others()


def test_a_number_below_one_is_refused():
    with pytest.raises(DocumentUnreadable, match="number"):
        read_pledge({**pledge().to_json(), "number": 0})
