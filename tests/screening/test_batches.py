"""The collector rests for a batch and is put back as it was, after an error too."""

from __future__ import annotations

import gc

import pytest

from tidegate.screening.batches import collector_at_rest


def test_it_rests_and_is_put_back() -> None:
    assert gc.isenabled()
    with collector_at_rest():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_put_back_after_an_error_and_stays_off_where_it_was_off() -> None:
    with pytest.raises(KeyError), collector_at_rest():
        raise KeyError
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_a_batch_leaves_is_walked_only_by_a_whole_collection() -> None:
    with collector_at_rest():
        left = [[number] for number in range(50_000)]
    assert gc.get_count()[0] < 10_000
    assert len(gc.get_objects(generation=0)) < 10_000
    assert len(left) == 50_000


def test_a_circle_made_in_a_batch_is_still_freed() -> None:
    with collector_at_rest():
        circle: list[object] = []
        circle.append(circle)
        del circle
    assert gc.collect() >= 1


def test_values_that_somebody_froze_stay_so() -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with collector_at_rest():
            pass
        assert gc.get_freeze_count() >= frozen > 0
    finally:
        gc.unfreeze()
