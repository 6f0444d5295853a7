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
