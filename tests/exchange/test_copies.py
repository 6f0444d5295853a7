"""Copies for a restored partner: they survive the hello, a page is filled from the front, and junk is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.exchange.copies import Copies, Copy, fill_page, read_copies, with_copies
from tidegate.exchange.hello import hear_hello, hello_item
from tidegate.exchange.link import LinkState
from tidegate.gate.refusal import Refusal

A = LinkState("link-1", "node-a", "node-b")
B = LinkState("link-1", "node-b", "node-a")
HELLO = hello_item(A, hello_id="hello-1", answers="restart-1")
COPY = st.builds(
    Copy,
    by=st.sampled_from(["node-a", "node-b"]),
    sequence=st.integers(1, 10**9),
    item_id=st.sampled_from(["", "msg-1", "消息-2"]),
    envelope=st.binary(max_size=40),
    receipt=st.binary(max_size=40),
)


@settings(max_examples=50)
@given(st.lists(COPY, max_size=5).map(tuple), st.integers(0, 9), st.lists(st.binary(max_size=9), max_size=2).map(tuple))
def test_copies_survive_the_hello(page, left, notices):
    hello = with_copies(HELLO, Copies(page, left, notices))
    assert read_copies(hello) == Copies(page, left, notices)
    assert hello.body["held"] == [
        [each.sequence, each.item_id] for each in page if each.by == "node-b" and each.item_id
    ]


def test_a_hello_with_copies_is_still_a_hello():
    assert not isinstance(hear_hello(B, with_copies(HELLO, Copies((), 0, ()))), Refusal)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"copies": [], "copies_left": -1, "notices": []},
        {"copies": [], "copies_left": True, "notices": []},
        {"copies": [], "copies_left": 0, "notices": ["?"]},
        {"copies": [{}], "copies_left": 0, "notices": []},
        {
            "copies": [{"by": "b", "envelope": "", "id": "", "receipt": "", "sequence": 0}],
            "copies_left": 0,
            "notices": [],
        },
        {
            "copies": [{"by": "b", "envelope": "A", "id": "", "receipt": "", "sequence": 1}],
            "copies_left": 0,
            "notices": [],
        },
    ],
)
def test_what_is_no_copy_is_refused(body):
    item = HELLO.__class__("link-1", "node-a", "node-b", 1, 0, "", "hello", body)
    assert isinstance(read_copies(item), Refusal)


@settings(max_examples=50)
@given(st.lists(COPY, max_size=8), st.integers(1, 200))
def test_a_page_is_filled_from_the_front_and_never_empty(copies, most):
    page, left = fill_page(copies, most_bytes=most)
    assert list(page) + copies[len(page) :] == copies
    assert left == len(copies) - len(page)
    assert page or not copies
    assert len(page) <= 1 or sum(len(each.envelope) + len(each.receipt) for each in page) <= most
