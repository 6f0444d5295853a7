"""Hello: two partners compare where they stand, and one that was restored from a backup takes its numbers back.

A hello travels under number 0, outside the count, and is answered by a hello. The order matters: the partner first
closes the old generation, then tells the restored node its numbers; from then on nothing forgotten can be taken.
"""

from __future__ import annotations

from collections.abc import Mapping
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

    state: to be stored before the hello is answered. "we-are-behind": we forgot what we sent, so restart.
    "partner-is-behind": it must restart. "forked": numbers agree and envelopes differ; keep both as evidence.
    """

    verdict: Verdict
    state: LinkState
    resend_from: int | None


def hello_item(state: LinkState, *, hello_id: str, restarted: bool = False, answers: str = "") -> LinkItem:
    """Return a hello to seal. hello_id: fresh, made by the caller; answers: the partner's hello id, if it is one.

    restarted: this node was restored and will not send anything numbered before it has adopted the answer.
    """
    body: dict[str, Any] = {name: getattr(state, name) for name in _COUNTS}
    body |= {"last_in_digest": state.last_in_digest, "last_out_digest": state.last_out_digest}
    body |= {"id": hello_id, "answers": answers, "restarted": restarted}
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
    verdict: Verdict = "resend" if behind else "in-step"
    if hello["next_in"] > state.next_out:
        verdict = "we-are-behind"
    elif hello["next_out"] < state.next_in:
        verdict = "partner-is-behind"
    elif _forked(state, hello):
        verdict = "forked"
    return Heard(verdict, state, hello["next_in"] if behind else None)


def adopt(state: LinkState, answer: LinkItem, *, hello_id: str) -> LinkState | Refusal:
    """Return our state with the numbers the partner holds for us, after a restart announced by `hello_id`.

    Everything we hold sealed from `next_out` on must be sealed anew; what we lack of the partner it sends again.
    """
    heard = answer.body
    if answer.kind != "hello" or answer.sender != state.partner or not _well_formed(heard):
        return refuse("message-misshapen", field="hello")
    if heard["answers"] != hello_id:
        return refuse("hello-answers-other", id=hello_id)
    return replace(
        state,
        generation=heard["partner_generation"],
        generation_from=heard["partner_generation_from"],
        partner_generation=heard["generation"],
        partner_generation_from=heard["generation_from"],
        next_out=heard["next_in"],
        last_out_digest=heard["last_in_digest"],
        acked_out=heard["next_in"] - 1,
    )


def _hear_restart(state: LinkState, hello: Mapping[str, Any]) -> Heard:
    resend_from = hello["next_in"] if hello["next_in"] < state.next_out else None
    if hello["id"] in state.restarts:
        return Heard("partner-is-behind", state, resend_from)
    heard = replace(
        state,
        partner_generation=state.partner_generation + 1,
        partner_generation_from=state.next_in,
        acked_out=min(state.acked_out, hello["next_in"] - 1),
        restarts=(*state.restarts, hello["id"]),
    )
    return Heard("partner-is-behind", heard, resend_from)


def _forked(state: LinkState, hello: Mapping[str, Any]) -> bool:
    ours = (hello["next_in"], hello["last_in_digest"])
    theirs = (hello["next_out"], hello["last_out_digest"])
    same_number: bool = ours[0] == state.next_out and ours[1] != state.last_out_digest
    same_back: bool = theirs[0] == state.next_in and theirs[1] != state.last_in_digest
    return same_number or same_back


def _well_formed(hello: Mapping[str, Any]) -> bool:
    counts = all(type(hello.get(name)) is int and hello[name] >= 0 for name in _COUNTS)
    texts = all(isinstance(hello.get(name), str) for name in _TEXTS)
    return counts and texts and isinstance(hello.get("restarted"), bool) and hello["next_in"] >= 1
