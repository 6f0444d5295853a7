from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.gate.scene import AGREEMENT, IN_FORCE, NOON, SUSPENDED, SUSPENSION, after, said, suspended_only
from tidegate.gate.agreement_state import (
    AgreementEvent,
    AgreementState,
    Scope,
    advance,
    event_from_document,
    state_from_document,
)
from tidegate.gate.refusal import Refusal

PEN = ("production", "pre_export_notification")
ANSWER = ("production", "pre_export_answer")
LATER = datetime(2023, 11, 15, 10, tzinfo=UTC)
PROPOSAL = said("resumption_proposed", "node-a", LATER, lifts=frozenset({SUSPENSION.id}))
AGREED = said("resumption_agreed", "node-b", LATER + timedelta(hours=2), refers_to=PROPOSAL.id)


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    assert all(outcome.sentence(lang) for lang in ("en", "zh", "es"))
    return outcome.code


def test_both_sides_words_over_one_text_put_it_in_force():
    proposed = after(AgreementState(AGREEMENT), said("proposed", "node-a"))
    assert proposed.lifecycle == "proposed"
    assert not proposed.in_force(*PEN, NOON)
    assert code_of(advance(proposed, said("countersigned", "node-a"))) == "agreement-own-proposal"
    assert code_of(advance(proposed, said("countersigned", "node-b", digest="0" * 64))) == "agreement-digest-other"
    assert after(proposed, said("countersigned", "node-b")).in_force(*PEN, NOON)


def test_words_out_of_place_are_refused():
    draft = AgreementState(AGREEMENT)
    assert code_of(advance(draft, said("countersigned", "node-b"))) == "agreement-not-proposed"
    assert code_of(advance(draft, said("suspended", "node-b"))) == "agreement-not-in-force"
    assert code_of(advance(draft, said("proposed", "node-z"))) == "agreement-not-party"
    assert code_of(advance(IN_FORCE, said("resumption_proposed", "node-a"))) == "nothing-to-resume"
    assert code_of(advance(IN_FORCE, said("resumption_agreed", "node-a"))) == "resumption-not-proposed"
    nowhere = said("suspended", "node-b", scope=Scope(pillars=frozenset({"financing"})))
    assert code_of(advance(IN_FORCE, nowhere)) == "scope-empty"


def test_suspension_stops_all_but_the_emergency_kinds():
    assert not SUSPENDED.in_force(*PEN, LATER)
    assert SUSPENDED.in_force("production", "information_request", LATER)


def test_suspension_by_kind_leaves_the_rest():
    state = suspended_only("pre_export_notification")
    assert not state.in_force(*PEN, NOON)
    assert state.in_force(*ANSWER, NOON)
    assert state.stopped_cells() == {PEN}


def test_resumption_needs_both_words():
    asked = after(SUSPENDED, PROPOSAL)
    assert not asked.in_force(*PEN, LATER)
    assert asked.open_resumption() == PROPOSAL
    own = said("resumption_agreed", "node-a", LATER, refers_to=PROPOSAL.id)
    assert code_of(advance(asked, own)) == "resumption-own-word"
    resumed = after(asked, AGREED)
    assert resumed.in_force(*PEN, LATER)
    assert resumed.open_resumption() is None
    assert resumed.pauses(*PEN) == ((SUSPENSION.at, AGREED.at),)


def test_a_resumption_never_lifts_a_suspension_it_does_not_name():
    again = said("suspended", "node-b", LATER + timedelta(minutes=1))
    state = after(SUSPENDED, PROPOSAL, again, AGREED)
    assert not state.in_force(*PEN, LATER)
    assert state.pauses(*PEN)[-1] == (again.at, None)


def test_part_of_a_suspension_can_be_lifted():
    some = said(
        "resumption_proposed",
        "node-a",
        LATER,
        lifts=frozenset({SUSPENSION.id}),
        scope=Scope(frozenset({"information"})),
    )
    state = after(SUSPENDED, some, said("resumption_agreed", "node-b", LATER, refers_to=some.id))
    assert state.in_force("information", "consignment_data", LATER)
    assert not state.in_force(*PEN, LATER)


def test_deadlines_go_by_the_hearers_receipt():
    heard = SUSPENSION.at + timedelta(hours=9)
    assert SUSPENDED.pauses(*PEN) == ((SUSPENSION.at, None),)
    assert SUSPENDED.with_receipt(SUSPENSION.id, heard).pauses(*PEN) == ((heard, None),)
    assert SUSPENDED.pauses("production", "information_request") == ()


def test_a_word_said_twice_changes_nothing_and_a_changed_one_is_refused():
    assert after(SUSPENDED, SUSPENSION) is SUSPENDED
    changed = said("suspended", "node-b", SUSPENSION.at, scope=Scope(kinds=frozenset({"consignment_data"})))
    assert code_of(advance(SUSPENDED, changed)) == "word-changed"


def test_the_state_survives_its_document():
    state = after(SUSPENDED, PROPOSAL, AGREED).with_receipt(AGREED.id, LATER + timedelta(hours=3))
    assert state_from_document(state.to_document()) == state


EVENTS = [
    said("proposed", "node-a", NOON),
    said("countersigned", "node-b", NOON),
    SUSPENSION,
    said("suspended", "node-a", LATER, scope=Scope(kinds=frozenset({"pre_export_answer"}))),
    PROPOSAL,
    AGREED,
]


@settings(max_examples=60)
@given(st.permutations(EVENTS), st.sets(st.sampled_from(range(len(EVENTS)))))
def test_the_state_follows_from_the_set_of_words_and_not_from_their_order(order, left_out):
    kept = [event for event in order if EVENTS.index(event) not in left_out]
    sorted_kept = sorted(kept, key=lambda event: event.id)
    first = AgreementState(AGREEMENT, {event.id: event for event in kept})
    second = AgreementState(AGREEMENT, {event.id: event for event in sorted_kept})
    for cell in AGREEMENT.cells():
        assert first.in_force(*cell, LATER) == second.in_force(*cell, LATER)
        assert first.pauses(*cell) == second.pauses(*cell)


class TwoEnds(RuleBasedStateMachine):
    """Two nodes say words at any time; words travel late, in order each way. A plain model knows what must hold."""

    @initialize(seed=st.integers(0, 2**16))
    def start(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.states = {"node-a": IN_FORCE, "node-b": IN_FORCE}
        self.roads: dict[str, list[AgreementEvent]] = {"node-a": [], "node-b": []}
        self.now = NOON
        self.number = 0

    def say(self, by: str, kind: str, **more: object) -> bool:
        self.number += 1
        skew = timedelta(hours=self.random.randint(-30, 30))  # the two machines' clocks do not agree
        event = said(kind, by, self.now + skew, id=f"{by}-{self.number}", **more)
        outcome = advance(self.states[by], event)
        if isinstance(outcome, AgreementState):
            self.states[by] = outcome
            self.roads[by].append(event)
            return True
        return False

    @rule(by=st.sampled_from(["node-a", "node-b"]), scope=st.sampled_from([Scope(), Scope(kinds=frozenset({PEN[1]}))]))
    def suspend(self, by: str, scope: Scope) -> None:
        self.now += timedelta(days=1)
        assert self.say(by, "suspended", scope=scope)
        assert not self.states[by].in_force(*PEN, self.now)  # the sender stops at once

    @rule(by=st.sampled_from(["node-a", "node-b"]))
    def propose_resumption(self, by: str) -> None:
        self.now += timedelta(days=1)
        lifts = frozenset(event.id for event in self.states[by].open_suspensions())
        self.say(by, "resumption_proposed", lifts=lifts)

    @rule(by=st.sampled_from(["node-a", "node-b"]))
    def agree_to_resume(self, by: str) -> None:
        self.now += timedelta(days=1)
        proposal = self.states[by].open_resumption()
        if proposal is not None and proposal.by != by:
            self.say(by, "resumption_agreed", refers_to=proposal.id)

    @precondition(lambda self: any(self.roads.values()))
    @rule(by=st.sampled_from(["node-a", "node-b"]))
    def arrive(self, by: str) -> None:
        if not self.roads[by]:
            return
        event = self.roads[by].pop(0)
        other = "node-b" if by == "node-a" else "node-a"
        heard = advance(self.states[other], event)
        if isinstance(heard, AgreementState):
            # both sides learn the same receipt
            self.states[other] = heard.with_receipt(event.id, self.now)
            self.states[by] = self.states[by].with_receipt(event.id, self.now)
        else:
            assert event.kind == "resumption_proposed"

    @invariant()
    def no_side_sends_against_its_own_word(self) -> None:
        if not hasattr(self, "states"):
            return
        for node, state in self.states.items():
            own = [event for event in state.open_suspensions() if event.by == node and event.scope.covers(PEN)]
            assert not (own and state.in_force(*PEN, self.now))

    @invariant()
    def both_sides_agree_when_nothing_is_on_the_road(self) -> None:
        if not hasattr(self, "states") or any(self.roads.values()):
            return
        one, two = self.states.values()
        for cell in AGREEMENT.cells():
            assert one.in_force(*cell, self.now) == two.in_force(*cell, self.now)
            assert one.pauses(*cell) == two.pauses(*cell)


TestTwoEnds = TwoEnds.TestCase
TestTwoEnds.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_an_event_document_of_another_shape_is_named():
    from tidegate.gate.terms import AgreementUnreadable

    with pytest.raises(AgreementUnreadable):
        event_from_document({"kind": "gossip"})
    assert event_from_document(SUSPENSION.to_document()) == SUSPENSION
