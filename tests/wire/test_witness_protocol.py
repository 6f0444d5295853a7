"""A request to a witness reads back as it was written, and anything else gets a sentence."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.errors import InputUnreadable
from tidegate.wire.witness_protocol import AddCheckpoint, read_add_checkpoint


@given(
    st.integers(0, 2**53), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.text(min_size=1, max_size=90)
)
def test_round_trip(old: int, proof: list[bytes], note: str) -> None:
    request = AddCheckpoint(old, tuple(proof), note)
    assert read_add_checkpoint(request.to_bytes()) == request


@given(st.binary(max_size=300))
def test_any_bytes_give_a_request_or_a_sentence(body: bytes) -> None:
    with contextlib.suppress(InputUnreadable):
        read_add_checkpoint(body)


@pytest.mark.parametrize("line", ["old", "old -1", "old 01", "new 3", "old 3 4"])
def test_a_first_line_that_is_no_size_is_named(line: str) -> None:
    with pytest.raises(InputUnreadable, match="line 1"):
        read_add_checkpoint(f"{line}\n\nnote".encode())
