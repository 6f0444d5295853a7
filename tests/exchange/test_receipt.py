from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.exchange.link import LinkState, next_item
from tidegate.exchange.receipt import check_receipt, clock_offset_s, receipt_from_document, write_receipt
from tidegate.gate.refusal import Refusal

NOON = datetime(2022, 7, 18, 12, tzinfo=UTC)
ITEM = next_item(LinkState("link-1", "node-a", "node-b"), "message", {})
DIGEST = "d" * 64
RECEIPT = write_receipt(ITEM, envelope_digest=DIGEST, received_at=NOON, log_size=3, log_root="e" * 64)


def test_a_receipt_survives_its_document_and_proves_its_item():
    assert receipt_from_document(RECEIPT.to_document()) == RECEIPT
    assert check_receipt(RECEIPT, item=ITEM, envelope_digest=DIGEST) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"link": "link-2"}, "receipt-other-link"),
        ({"receiver": "node-z"}, "receipt-other-link"),
        ({"sequence": 2}, "receipt-other-item"),
        ({"generation": 2}, "receipt-other-item"),
        ({"envelope_digest": "f" * 64}, "receipt-other-envelope"),
    ],
)
def test_a_receipt_for_something_else_proves_nothing(change, code):
    refusal = check_receipt(replace(RECEIPT, **change), item=ITEM, envelope_digest=DIGEST)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert refusal.sentence("es")


@given(st.sampled_from(sorted(RECEIPT.to_document())), st.none() | st.booleans() | st.lists(st.integers(), max_size=1))
def test_a_receipt_of_another_shape_is_refused(name, junk):
    assert isinstance(receipt_from_document({**RECEIPT.to_document(), name: junk}), Refusal)
    assert isinstance(receipt_from_document({k: v for k, v in RECEIPT.to_document().items() if k != name}), Refusal)


def test_the_offset_of_two_clocks_is_measured():
    assert clock_offset_s(RECEIPT, NOON - timedelta(seconds=90)) == 90
