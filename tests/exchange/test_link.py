from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.exchange.world import STEPS, Rules, World, play, step
from tidegate.exchange import link
from tidegate.exchange.link import (
    LINK_KINDS,
    Accepted,
    LinkItem,
    LinkRefusal,
    LinkState,
    acknowledge,
    item_from_document,
    next_item,
    receive,
    sent,
    state_from_document,
)
from tidegate.gate.refusal import Refusal

A = LinkState("link-1", "node-a", "node-b")
B = LinkState("link-1", "node-b", "node-a")
D1, D2 = "1" * 64, "2" * 64


def code_of(outcome: object) -> str:
    assert isinstance(outcome, LinkRefusal), outcome
    assert all(outcome.to_refusal().sentence(lang) for lang in ("en", "zh", "es"))
    return outcome.code


def test_items_are_numbered_from_one_and_chained():
    first = next_item(A, "message", {"text": "one"})
    then = sent(A, first, D1)
    second = next_item(then, "message", {"text": "two"})
    assert (first.sequence, first.previous) == (1, "")
    assert (second.sequence, second.previous) == (2, D1)
    assert list(sent(then, second, D2).unacknowledged) == [1, 2]


def test_two_texts_never_share_a_number():
    first = next_item(A, "message", {})
    with pytest.raises(ValueError, match="expected 2"):
        sent(sent(A, first, D1), first, D2)


def test_only_the_very_next_item_is_taken():
    first = next_item(A, "message", {})
    second = next_item(sent(A, first, D1), "message", {})
    early = receive(B, second, D2)
    assert code_of(early) == "out-of-order"
    assert isinstance(early, LinkRefusal)
    assert early.expected == 1
    taken = receive(B, first, D1)
    assert isinstance(taken, Accepted)
    assert code_of(receive(taken.state, first, D1)) == "replayed"
    assert isinstance(receive(taken.state, second, D2), Accepted)


def test_what_is_not_for_this_link_is_refused():
    item = next_item(A, "message", {})
    assert code_of(receive(A, item, D1)) == "not-for-us"
    assert code_of(receive(B, replace(item, sender="node-z"), D1)) == "not-for-us"
    assert code_of(receive(B, replace(item, link="link-2"), D1)) == "wrong-link"
    assert code_of(receive(B, replace(item, generation=2), D1)) == "wrong-generation"
    assert code_of(receive(B, replace(item, previous=D2), D1)) == "chain-broken"


def test_receipts_are_cumulative_and_only_for_what_was_sent():
    state = A
    for _ in range(3):
        state = sent(state, next_item(state, "message", {}), D1)
    acked = acknowledge(state, 2)
    assert isinstance(acked, LinkState)
    assert list(acked.unacknowledged) == [3]
    assert acknowledge(acked, 1) == acked
    refusal = acknowledge(acked, 4)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "receipt-for-unsent"


ITEMS = st.builds(
    LinkItem,
    link=st.text(max_size=10),
    sender=st.text(max_size=10),
    recipient=st.text(max_size=10),
    generation=st.integers(0, 99),
    sequence=st.integers(0, 10**9),
    previous=st.sampled_from(["", D1]),
    kind=st.sampled_from(LINK_KINDS),
    body=st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=20), max_size=4),
)


JUNK = st.none() | st.booleans() | st.floats(allow_nan=False) | st.lists(st.integers(), max_size=2)


@settings(max_examples=50)
@given(ITEMS)
def test_an_item_survives_its_document(item):
    assert item_from_document(item.to_document()) == item


@settings(max_examples=50)
@given(ITEMS, st.sampled_from(sorted(next_item(A, "hello", {}).to_document())), JUNK)
def test_an_item_of_another_shape_is_refused(item, name, junk):
    assert isinstance(item_from_document({**item.to_document(), name: junk}), Refusal)
    assert isinstance(item_from_document({k: v for k, v in item.to_document().items() if k != name}), Refusal)


def test_the_state_survives_its_document():
    state = replace(A, restarts=("r1",), acked_out=0, generation=2)
    assert state_from_document(state.to_document()) == state


@pytest.mark.parametrize("seed", range(60))
def test_over_a_bad_road_nothing_is_lost_doubled_or_out_of_order(seed):
    play(seed)


class BadRoad(RuleBasedStateMachine):
    """The same world, with every step chosen by Hypothesis so that a failure is shrunk to its shortest story."""

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        self.world = World(seed)

    @rule(what=st.sampled_from(STEPS), name=st.sampled_from(["node-a", "node-b"]))
    def go(self, what: str, name: str) -> None:
        step(self.world, what, name)

    @invariant()
    def in_order(self) -> None:
        if hasattr(self, "world"):
            self.world.check()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.settle()
            self.world.check()
            self.world.check_settled()


TestBadRoad = BadRoad.TestCase
TestBadRoad.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def takes_doubles(state: LinkState, item: LinkItem, digest: str) -> Accepted | LinkRefusal:
    outcome = link.receive(state, item, digest)
    return Accepted(state) if isinstance(outcome, LinkRefusal) and outcome.code == "replayed" else outcome


def takes_any_order(state: LinkState, item: LinkItem, digest: str) -> Accepted | LinkRefusal:
    outcome = link.receive(state, item, digest)
    if isinstance(outcome, LinkRefusal) and outcome.code == "out-of-order":
        return Accepted(replace(state, next_in=item.sequence + 1, last_in_digest=digest))
    return outcome


def acks_one_too_far(state: LinkState, sequence: int) -> LinkState | Refusal:
    return link.acknowledge(state, min(sequence + 1, state.next_out - 1))


FAULTS = {
    "no duplicate check": Rules(receive=takes_doubles),
    "no order check": Rules(receive=takes_any_order),
    "receipt off by one": Rules(acknowledge=acks_one_too_far),
    "effect before commit": Rules(commits_at_once=False),
    "restored counters carried on": Rules(recovers=False),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_seeded_fault_is_found(fault):
    for seed in range(300):
        try:
            play(seed, FAULTS[fault])
        except (AssertionError, ValueError):
            return
    raise AssertionError(f"300 runs did not notice: {fault}")
