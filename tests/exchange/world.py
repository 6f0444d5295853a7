"""Two ends of a link over a road that loses, repeats, reorders and corrupts; either end may be restored.

An end is what a node keeps in its database, changed one transaction at a time. The seal is played by a digest put
before the bytes: what the real seal promises (no changed byte is opened) is proven in the tests of trust.
"""

from __future__ import annotations

import copy
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tidegate.exchange import link
from tidegate.exchange.hello import adopt, hear_hello, hello_item, must_restart, still_to_send
from tidegate.exchange.link import Accepted, LinkItem, LinkState
from tidegate.exchange.receipt import Receipt, check_receipt, write_receipt
from tidegate.gate.refusal import Refusal
from tidegate.trust.canonical import dump_canonical, load_canonical

NOON = datetime(2022, 7, 18, 12, tzinfo=UTC)


@dataclass
class Rules:
    """The transitions under test; a seeded fault replaces one of them."""

    receive: Callable = link.receive
    acknowledge: Callable = link.acknowledge
    recovers: bool = True
    commits_at_once: bool = True


@dataclass
class End:
    """One node's side of the link. drafts: message ids waiting; sealed: number -> envelope and what is in it."""

    state: LinkState
    drafts: list[int] = field(default_factory=list)
    sealed: dict[int, tuple[bytes, LinkItem]] = field(default_factory=dict)
    inbox: list[tuple[int, int]] = field(default_factory=list)  # (number, message id), as filed
    receipts: dict[int, Receipt] = field(default_factory=dict)
    believed: dict[int, int] = field(default_factory=dict)  # number -> message id, sent by the partner's word
    restarting: str = ""


def seal(item: LinkItem) -> bytes:
    data = dump_canonical(item.to_document())
    return hashlib.sha256(data).digest() + data


def digest(envelope: bytes) -> str:
    return hashlib.sha256(envelope).hexdigest()


class World:
    """The two ends, the road both ways, and backups."""

    def __init__(self, seed: int, rules: Rules | None = None) -> None:
        self.random = random.Random(seed)
        self.rules = rules or Rules()
        self.ends = {
            "node-a": End(LinkState("link-1", "node-a", "node-b")),
            "node-b": End(LinkState("link-1", "node-b", "node-a")),
        }
        self.backups = {name: copy.deepcopy(end) for name, end in self.ends.items()}
        self.road: list[tuple[str, object]] = []  # (to, envelope or receipt)
        self.written = 0
        self.hellos = 0
        self.restores = 0

    def write(self, name: str) -> None:
        """An officer writes one message."""
        self.written += 1
        self.ends[name].drafts.append(self.written)

    def send(self, name: str) -> None:
        """The node seals its next draft, then puts everything unreceipted on the road."""
        end = self.ends[name]
        if end.restarting:
            self.greet(name, restarted=True)
            return
        if end.drafts:
            item = link.next_item(end.state, "message", {"message": end.drafts.pop(0)})
            envelope = seal(item)
            end.state = link.sent(end.state, item, digest(envelope))
            end.sealed[item.sequence] = (envelope, item)
        for number in end.state.unacknowledged:
            if number in end.sealed:
                self.road.append((end.state.partner, end.sealed[number][0]))

    def greet(self, name: str, *, restarted: bool = False) -> None:
        end = self.ends[name]
        self.hellos += 1
        hello_id = end.restarting if restarted else f"hello-{self.hellos}"
        self.road.append((end.state.partner, seal(hello_item(end.state, hello_id=hello_id, restarted=restarted))))

    def back_up(self, name: str) -> None:
        if not self.ends[name].restarting:
            self.backups[name] = copy.deepcopy(self.ends[name])

    def restore(self, name: str) -> None:
        """The disk dies; the last backup is put in its place."""
        self.restores += 1
        self.ends[name] = copy.deepcopy(self.backups[name])
        if self.rules.recovers:
            self.restart(name)

    def restart(self, name: str) -> None:
        self.hellos += 1
        self.ends[name].restarting = f"restart-{self.hellos}"
        self.greet(name, restarted=True)

    def deliver(self, index: int | None = None, *, keep: bool = False, corrupt: bool = False) -> None:
        """One thing on the road arrives, perhaps twice, perhaps changed."""
        if not self.road:
            return
        place = index if index is not None else self.random.randrange(len(self.road))
        to, thing = self.road[place] if keep else self.road.pop(place)
        if isinstance(thing, Receipt):
            self.take_receipt(to, thing)
            return
        assert isinstance(thing, bytes)
        if corrupt:
            position = self.random.randrange(len(thing))
            thing = (
                thing[:position] + bytes([thing[position] ^ (1 << self.random.randrange(8))]) + thing[position + 1 :]
            )
        if hashlib.sha256(thing[32:]).digest() != thing[:32]:
            return  # the seal does not open
        item = link.item_from_document(load_canonical(thing[32:]))
        assert isinstance(item, LinkItem)
        if item.kind == "hello":
            self.take_hello(to, item)
        else:
            self.take_item(to, item, thing)

    def drop(self) -> None:
        if self.road:
            self.road.pop(self.random.randrange(len(self.road)))

    def take_item(self, name: str, item: LinkItem, envelope: bytes) -> None:
        end = self.ends[name]
        if end.restarting:
            return  # it is not receipted, so it comes again
        outcome = self.rules.receive(end.state, item, digest(envelope))
        if isinstance(outcome, Accepted):
            end.inbox.append((item.sequence, int(item.body["message"])))
            if not self.rules.commits_at_once and self.random.random() < 0.2:
                return  # killed between the effect and the number: a seeded fault
            end.state = outcome.state
            end.receipts[item.sequence] = write_receipt(
                item,
                envelope_digest=digest(envelope),
                received_at=NOON + timedelta(seconds=len(end.inbox)),
                log_size=len(end.inbox),
                log_root="0" * 64,
            )
            self.road.append((end.state.partner, end.receipts[item.sequence]))
        elif outcome.code == "replayed":
            stored = end.receipts.get(item.sequence)
            if stored is not None and stored.envelope_digest == digest(envelope):
                self.road.append((end.state.partner, stored))

    def take_receipt(self, name: str, receipt: Receipt) -> None:
        end = self.ends[name]
        kept = end.sealed.get(receipt.sequence)
        if kept is None or check_receipt(receipt, item=kept[1], envelope_digest=digest(kept[0])) is not None:
            return
        acknowledged = self.rules.acknowledge(end.state, receipt.sequence)
        if not isinstance(acknowledged, Refusal):
            end.state = acknowledged

    def take_hello(self, name: str, item: LinkItem) -> None:
        end = self.ends[name]
        if item.body["answers"] and item.body["answers"] == end.restarting:
            adopted = adopt(end.state, item, hello_id=end.restarting)
            assert isinstance(adopted, LinkState)
            sealed = {number: kept.body["message"] for number, (_, kept) in end.sealed.items()} | end.believed
            own = {*sealed.values(), *end.drafts}
            held = {number: int(message) for number, message in item.body["held"] if int(message) in own}
            texts = {number: str(message) for number, message in sealed.items()}
            end.drafts = [int(each) for each in still_to_send(item, texts, [str(each) for each in end.drafts])]
            end.sealed = {number: kept for number, kept in end.sealed.items() if held.get(number) == sealed[number]}
            end.believed = {number: message for number, message in held.items() if number not in end.sealed}
            end.state, end.restarting = adopted, ""
            return
        if end.restarting and not item.body["restarted"]:
            return
        heard = hear_hello(end.state, item)
        assert not isinstance(heard, Refusal), heard
        end.state = heard.state
        if item.body["restarted"]:
            held = [(number, str(message)) for number, message in end.inbox]
            self.hellos += 1
            answer = hello_item(end.state, hello_id=f"hello-{self.hellos}", answers=item.body["id"], held=held)
            self.road.append((end.state.partner, seal(answer)))
        first_due = end.sealed.get(heard.resend_from or 0)
        if must_restart(heard, first_due[1] if first_due else None) and self.rules.recovers and not end.restarting:
            self.restart(name)

    def settle(self) -> None:
        """The road becomes good: whatever is due arrives, and both greet each other until they are in step."""
        for _ in range(200):
            for name in self.ends:
                if not self.ends[name].restarting:
                    self.greet(name)
                self.send(name)
            while self.road:
                self.deliver(0)
            idle = all(
                not end.drafts and not end.restarting and not end.state.unacknowledged for end in self.ends.values()
            )
            if idle:
                return
        raise AssertionError("the two ends do not come to rest")

    def check(self) -> None:
        """At any time: nothing doubled, nothing out of order, nothing taken for received that is not."""
        if self.restores == 0:
            one, two = (end.state for end in self.ends.values())
            assert one.acked_out < two.next_in, "acknowledged and not received"
            assert two.acked_out < one.next_in, "acknowledged and not received"
        for end in self.ends.values():
            messages = [message for _, message in end.inbox]
            numbers = [number for number, _ in end.inbox]
            assert messages == sorted(set(messages)), f"doubled or out of order: {messages}"
            assert numbers == list(range(1, len(numbers) + 1)), f"numbers with a gap: {numbers}"

    def check_settled(self) -> None:
        """At rest: everything a sender still knows to be sent has arrived, under the number it knows."""
        for name, end in self.ends.items():
            other = self.ends["node-b" if name == "node-a" else "node-a"]
            arrived = dict(other.inbox)
            for number, (_, item) in end.sealed.items():
                assert arrived.get(number) == item.body["message"], f"{name}: number {number} is lost or another text"
            assert end.state.next_out == other.state.next_in
            assert end.state.last_out_digest == other.state.last_in_digest


STEPS = ("write", "send", "arrive", "repeat", "corrupt", "drop", "cut", "back_up", "restore", "greet")
WEIGHTS = (6, 6, 14, 4, 2, 3, 1, 2, 1, 1)


def step(world: World, what: str, name: str) -> None:
    """Take one step by name."""
    if what == "arrive":
        world.deliver()
    elif what == "repeat":
        world.deliver(keep=True)
    elif what == "corrupt":
        world.deliver(keep=True, corrupt=True)
    elif what == "drop":
        world.drop()
    elif what == "cut":
        world.road.clear()
    else:
        getattr(world, what)(name)
    world.check()


def play(seed: int, rules: Rules | None = None, steps: int = 150) -> World:
    """Play `steps` random steps, let the road become good, and check both ends."""
    world = World(seed, rules)
    for _ in range(steps):
        what = world.random.choices(STEPS, WEIGHTS)[0]
        step(world, what, world.random.choice(("node-a", "node-b")))
    world.settle()
    world.check()
    world.check_settled()
    return world
