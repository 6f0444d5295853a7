from __future__ import annotations

from dataclasses import replace

import pytest

from tidegate.exchange.hello import Heard, adopt, hear_hello, hello_item, must_restart, still_to_send
from tidegate.exchange.link import Accepted, LinkItem, LinkRefusal, LinkState, next_item, receive, sent
from tidegate.gate.refusal import Refusal

A, B = LinkState("link-1", "node-a", "node-b"), LinkState("link-1", "node-b", "node-a")
D = [f"{n:064d}" for n in range(9)]


def carried(a: LinkState, b: LinkState, *numbers: int) -> tuple[LinkState, LinkState, list[LinkItem]]:
    """Send items from a to b; the digests are D[number]."""
    items = []
    for number in numbers:
        item = next_item(a, "message", {"message": f"m{number}"})
        a = sent(a, item, D[number])
        taken = receive(b, item, D[number])
        assert isinstance(taken, Accepted)
        b = taken.state
        items.append(item)
    return a, b, items


def heard(state: LinkState, item: LinkItem) -> Heard:
    outcome = hear_hello(state, item)
    assert isinstance(outcome, Heard), outcome
    return outcome


def test_two_ends_in_step_say_so():
    a, b, _ = carried(A, B, 1, 2)
    assert heard(b, hello_item(a, hello_id="h")).verdict == "in-step"
    assert heard(a, hello_item(b, hello_id="h")).verdict == "in-step"


def test_what_the_partner_lacks_is_sent_again():
    a, b, items = carried(A, B, 1, 2)
    ahead = sent(a, next_item(a, "message", {}), D[3])
    outcome = heard(ahead, hello_item(b, hello_id="h"))
    assert (outcome.verdict, outcome.resend_from) == ("resend", 3)
    assert not must_restart(outcome, next_item(a, "message", {}))
    assert must_restart(outcome, None)
    assert must_restart(outcome, items[0])


def test_a_restored_node_takes_its_numbers_back_and_what_it_forgot_is_refused():
    old, b, _ = carried(A, B, 1)
    late = next_item(sent(old, next_item(old, "message", {}), D[2]), "message", {"message": "forgotten"})
    _, b, _ = carried(old, b, 2)
    asked = hello_item(old, hello_id="r", restarted=True)
    b = heard(b, asked).state
    assert heard(b, asked).state == b
    answer = hello_item(b, hello_id="h", answers="r", held=[(1, "m1"), (2, "m2")])
    restored = adopt(old, answer, hello_id="r")
    assert isinstance(restored, LinkState)
    assert (restored.next_out, restored.generation, restored.last_out_digest) == (3, 2, D[2])
    assert still_to_send(answer, {1: "m1"}, ["m2", "m3"]) == ("m3",)
    refusal = receive(b, late, D[3])
    assert isinstance(refusal, LinkRefusal)
    assert refusal.code == "wrong-generation"
    assert isinstance(receive(b, next_item(restored, "message", {}), D[4]), Accepted)


def test_an_answer_to_another_hello_is_left_aside():
    refusal = adopt(A, hello_item(B, hello_id="h", answers="old"), hello_id="r")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "hello-answers-other"


def test_being_behind_is_told_and_so_is_a_fork():
    a, b, _ = carried(A, B, 1, 2)
    assert heard(A, hello_item(b, hello_id="h")).verdict == "we-are-behind"
    assert heard(b, hello_item(A, hello_id="h")).verdict == "partner-is-behind"
    assert heard(replace(a, last_out_digest=D[8]), hello_item(b, hello_id="h")).verdict == "forked"


@pytest.mark.parametrize(
    "change",
    [{"sequence": 1}, {"link": "link-2"}, {"sender": "node-z"}, {"kind": "message"}, {"body": {"next_in": 1}}],
)
def test_a_hello_of_another_shape_or_link_is_refused(change):
    assert isinstance(hear_hello(A, replace(hello_item(B, hello_id="h"), **change)), Refusal)
