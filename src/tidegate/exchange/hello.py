"""Hello: two partners compare where they stand, and one that was restored from a backup takes its numbers back.

A hello travels under number 0, outside the count, and is answered by a hello. The order matters: the partner first
closes the old generation, then tells the restored node its numbers; from then on nothing forgotten can be taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from tidegate.exchange.link import LinkItem, LinkState
from tidegate.gate.refusal import Refusal, refuse

Verdict = Literal["in-step", "resend", "we-are-behind", "partner-is-behind", "forked"]
_COUNTS = (
    "acked_out", "generation", "generation_from", "next_in", "next_out", "partner_generation",
    "partner_generation_from",
)  # fmt: skip
_TEXTS = ("answers", "id", "last_in_digest", "last_out_digest")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a partner's hello tells us. resend_from: the first of our numbers it lacks, None if it lacks none.

    state: to be stored before the hello is answered. partner_head: digest of the last envelope it holds of ours.
    "we-are-behind": we forgot what we sent. "partner-is-behind": it must restart. "forked": numbers agree and
    envelopes differ; keep both as evidence. See `must_restart`.
    """

    verdict: Verdict
    state: LinkState
    resend_from: int | None
    partner_head: str


def must_restart(heard: Heard, first_due: LinkItem | None) -> bool:
    """Tell whether we must announce a restart and take our numbers back from the partner.

    first_due: the item we hold under number `resend_from`, None if we hold it no more. What we would send again must
    follow the very envelope the partner holds; otherwise one of us was restored into another history.
    """
    if heard.verdict in ("we-are-behind", "forked"):
        return True
    if heard.resend_from is None:
        return False
    return first_due is None or first_due.previous != heard.partner_head


def hello_item(
    state: LinkState, *, hello_id: str, restarted: bool = False, answers: str = "", held: Sequence[tuple[int, str]] = ()
) -> LinkItem:
    """Return a hello to seal. hello_id: fresh, made by the caller; answers: the partner's hello id, if it is one.

    restarted: this node was restored; before it has adopted the answer it neither sends nor takes anything numbered,
    for it may have forgotten that it closed the partner's older generation. held: in
    the answer to a restart, number and id of each message we hold since the last checkpoint both sides cosigned: the
    restored node must take those for sent, though its queue may have them still as drafts.
    A node that waits for its own answer still answers a partner's restart, or two restored nodes would wait forever.
    """
    body: dict[str, Any] = {name: getattr(state, name) for name in _COUNTS}
    body |= {"last_in_digest": state.last_in_digest, "last_out_digest": state.last_out_digest}
    body |= {"id": hello_id, "answers": answers, "restarted": restarted, "held": [list(each) for each in held]}
    return LinkItem(state.link, state.us, state.partner, state.generation, 0, "", "hello", body)


def hear_hello(state: LinkState, item: LinkItem) -> Heard | Refusal:
    """Return what the partner's hello `item` means for us. A hello heard twice changes nothing the second time."""
    if item.kind != "hello" or item.sequence != 0 or item.recipient != state.us or item.sender != state.partner:
        return refuse("link-not-for-us", expected=state.next_in, sequence=item.sequence)
    if item.link != state.link:
        return refuse("link-wrong-link", expected=state.next_in, sequence=item.sequence)
    hello = item.body
    if not _well_formed(hello):
        return refuse("message-misshapen", field="hello")
    if hello["restarted"]:
        return _hear_restart(state, hello)
    behind = hello["next_in"] < state.next_out
    if behind:
        # What it no longer holds is due again, receipt or not; a stale hello costs a repetition and nothing else.
        state = replace(state, acked_out=min(state.acked_out, hello["next_in"] - 1))
    ours = (state.generation, state.generation_from)
    verdict: Verdict = "resend" if behind else "in-step"
    if hello["next_in"] > state.next_out or ours != (hello["partner_generation"], hello["partner_generation_from"]):
        verdict = "we-are-behind"
    elif hello["next_out"] < state.next_in:
        verdict = "partner-is-behind"
    elif _forked(state, hello):
        verdict = "forked"
    return Heard(verdict, state, hello["next_in"] if behind else None, hello["last_in_digest"])


def adopt(state: LinkState, answer: LinkItem, *, hello_id: str) -> LinkState | Refusal:
    """Return our state with the numbers the partner holds for us, after a restart announced by `hello_id`.

    To be called once, and only while that restart waits for its answer. What is to be sealed anew is told by
    `still_to_send`; what we lack of the partner it sends again.
    """
    heard = answer.body
    if answer.kind != "hello" or answer.sender != state.partner or not _well_formed(heard):
        return refuse("message-misshapen", field="hello")
    if heard["answers"] != hello_id:
        return refuse("hello-answers-other", id=hello_id)
    theirs = (heard["generation"], heard["generation_from"])
    if state.partner_generation > theirs[0]:
        # The partner restarts too, and we closed its old generation before it answered us.
        theirs = (state.partner_generation, state.partner_generation_from)
    return replace(
        state,
        generation=heard["partner_generation"],
        generation_from=heard["partner_generation_from"],
        partner_generation=theirs[0],
        partner_generation_from=theirs[1],
        next_out=heard["next_in"],
        last_out_digest=heard["last_in_digest"],
        acked_out=heard["next_in"] - 1,
    )


def still_to_send(answer: LinkItem, sealed: Mapping[int, str], drafts: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the messages to seal anew after `adopt`, in order.

    sealed: number -> message id of everything we sent since the last checkpoint both sides cosigned; drafts: ids in
    the queue. Judged by id, for after two restores one number may stand for two messages. Messages that the partner
    holds are taken for sent under its number, and kept: it may be restored as well.
    """
    held = {message_id for _, message_id in answer.body["held"]}
    ordered = dict.fromkeys([*(sealed[number] for number in sorted(sealed)), *drafts])
    return tuple(message_id for message_id in ordered if message_id not in held)


def _hear_restart(state: LinkState, hello: Mapping[str, Any]) -> Heard:
    resend_from = hello["next_in"] if hello["next_in"] < state.next_out else None
    if hello["id"] in state.restarts:
        return Heard("partner-is-behind", state, resend_from, hello["last_in_digest"])
    heard = replace(
        state,
        # We may have been restored too and forgotten a generation it had: a number is never given twice.
        partner_generation=max(state.partner_generation, hello["generation"]) + 1,
        partner_generation_from=state.next_in,
        acked_out=min(state.acked_out, hello["next_in"] - 1),
        restarts=(*state.restarts, hello["id"]),
    )
    return Heard("partner-is-behind", heard, resend_from, hello["last_in_digest"])


def _forked(state: LinkState, hello: Mapping[str, Any]) -> bool:
    ours = (hello["next_in"], hello["last_in_digest"])
    theirs = (hello["next_out"], hello["last_out_digest"])
    same_number: bool = ours[0] == state.next_out and ours[1] != state.last_out_digest
    same_back: bool = theirs[0] == state.next_in and theirs[1] != state.last_in_digest
    return same_number or same_back


def _well_formed(hello: Mapping[str, Any]) -> bool:
    counts = all(type(hello.get(name)) is int and hello[name] >= 0 for name in _COUNTS)
    texts = all(isinstance(hello.get(name), str) for name in _TEXTS)
    held = hello.get("held")
    listed = isinstance(held, list) and all(
        isinstance(each, list) and len(each) == 2 and type(each[0]) is int and isinstance(each[1], str) for each in held
    )
    return counts and texts and listed and isinstance(hello.get("restarted"), bool) and hello["next_in"] >= 1
