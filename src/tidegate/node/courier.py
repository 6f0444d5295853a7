"""The courier: carries what is ready to each partner's door, learns new keys when the old have ended, has logs cosigned."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from tidegate.errors import TidegateError
from tidegate.exchange.hello import hear_hello, hello_item
from tidegate.exchange.link import LinkItem, item_from_document
from tidegate.gate.refusal import Refusal
from tidegate.node import cases, effects, hellos, inbox, links, outbox, recovery, standing, witnessing
from tidegate.node.copies import count_receipts
from tidegate.node.keyring import KeysExpired
from tidegate.node.node import Node, Transaction
from tidegate.node.recovery import Recovered
from tidegate.store import incoming, restarts
from tidegate.trust.canonical import load_canonical
from tidegate.trust.faults import SignatureInvalid
from tidegate.trust.ids import new_id
from tidegate.wire.http import ExchangeClient, WireBroken
from tidegate.wording.problems import problem

logger = structlog.get_logger()
ITEMS = "/exchange/v1/items"
KEY_NOTICES = "/exchange/v1/key-notices"
MOST_AT_ONCE = 200
ROUNDS_PER_STAMP = 120  # about a minute: the witness sees our logs grow even while a link is suspended


@dataclass(frozen=True, slots=True)
class Round:
    """What one visit to a partner did. stopped: "" or the code of what ended it early."""

    delivered: int
    refused: int
    stopped: str = ""


def visit(node: Node, partner_id: str) -> Round:
    """Deliver everything that may go to one partner now, in order."""
    delivered = refused = 0
    client = _client(node, partner_id)
    try:
        if recovery.waits(node, partner_id):
            back = restart(node, partner_id, client)
            if not back.done:
                return Round(0, 0, "link-restarting")
        while delivered + refused < MOST_AT_ONCE:
            try:
                ready = outbox.prepare_next(node, partner_id, judge=judge)
            except KeysExpired:
                trade_key_notices(node, partner_id, client)
                ready = outbox.prepare_next(node, partner_id, judge=judge)
            if ready is None:
                break
            answer = client.post(ITEMS, ready.envelope, **outbox.request_stamp(node))
            if answer.status == 403:
                # Our keys were renewed since the partner last heard of us: the root vouches for the new ones.
                trade_key_notices(node, partner_id, client)
                answer = client.post(ITEMS, ready.envelope, **outbox.request_stamp(node))
            if answer.status in (200, 208):
                try:
                    outcome = outbox.take_receipt(node, partner_id, ready, answer.body, told=effects.told)
                except SignatureInvalid:
                    # Or the partner's were: its receipt bears keys we do not know yet.
                    trade_key_notices(node, partner_id, client)
                    outcome = outbox.take_receipt(node, partner_id, ready, answer.body, told=effects.told)
                delivered, refused = delivered + (not outcome), refused + bool(outcome)
                continue
            stopped = outbox.take_refusal(node, partner_id, ready, answer.body)
            if stopped.code.startswith("link-") and stopped.code != "link-restarting":
                # Numbers that do not fit: one of us may have forgotten some. The hello tells which.
                greet(node, partner_id, client)
            return Round(delivered, refused + 1, stopped.code)
        if delivered or refused:
            witnessing.collect(node, partner_id, client)
        return Round(delivered, refused)
    finally:
        client.close()


def trade_key_notices(node: Node, partner_id: str, client: ExchangeClient | None = None) -> None:
    """Give the partner our newest key notice and take theirs. Each proves itself by its root."""
    own = client is None
    way = client or _client(node, partner_id)
    try:
        node.keys.refresh()
        answer = way.post(KEY_NOTICES, node.keys.newest_notice, **outbox.request_stamp(node))
        if answer.status != 200:
            raise problem(WireBroken, "link.notice-not-taken", partner=partner_id, status=answer.status)
        with node.transaction() as tx:
            inbox.learn_key_notice(tx, partner_id, answer.body)
    finally:
        if own:
            way.close()


def greet(node: Node, partner_id: str, client: ExchangeClient | None = None) -> str:
    """Exchange hellos and return the verdict: in-step, resend, we-are-behind, partner-is-behind or forked."""
    way = client or _client(node, partner_id)
    try:
        with node.transaction() as tx:
            hello = hello_item(links.load_link(tx, partner_id), hello_id=new_id("hello"))
            sealed = hellos.seal_hello(tx, hello)
        answered = _ask(node, partner_id, way, sealed)
        with node.transaction() as tx:
            reply = hellos.open_hello(tx, partner_id, answered)
            state = links.load_link(tx, partner_id, lock=True)
            heard = hear_hello(state, reply)
            if isinstance(heard, Refusal):
                return heard.code
            links.save_link(tx, count_receipts(tx, heard.state, reply.body))
            tx.event("link.hello", "node", state.link, verdict=heard.verdict)
            if hellos.we_forgot(tx, state, heard, reply.body):
                restarts.begin_restart(tx.conn, partner_id, hello_id=new_id("restart"), at=tx.now)
                tx.event("link.restart-needed", "node", state.link, verdict=heard.verdict)
            return heard.verdict
    finally:
        if client is None:
            way.close()


def restart(node: Node, partner_id: str, client: ExchangeClient) -> Recovered:
    """Bring the link of a restored node back: newest keys, what it forgot, its numbers, and a hello that confirms it."""
    trade_key_notices(node, partner_id, client)
    back = recovery.recover(node, partner_id, lambda hello: _ask(node, partner_id, client, hello))
    logger.info("courier.restarted", partner=partner_id, sent=back.sent, received=back.received, done=back.done)
    if back.done:
        # A partner that was restored too and still waits for our answer refuses this hello; its own will do.
        with suppress(WireBroken):
            greet(node, partner_id, client)
    return back


def judge(tx: Transaction, draft: Mapping[str, Any]) -> Refusal | None:
    """Ask the gate about a draft at the moment of sending: the same question the officers' approval was given on."""
    body = draft["body"]
    if body["basis"] == "standing":
        return standing.judge_again(tx, body)
    decision = cases.judge_again(tx, body["proposal_id"])
    if isinstance(decision, Refusal):
        return decision
    allowed = {each.value for each in decision.goes}
    told = {str(each["value"]) for each in body["message"]["statements"]}
    # What may go today must still cover what the message says; else an officer looks at it again.
    covered: bool = told <= allowed
    return None if covered else Refusal("disclosure-narrowed")


def run(node: Node, stopping: threading.Event) -> None:
    """Visit every partner again and again until told to stop. Whatever goes wrong with one never stops the others."""
    rounds = 0
    while not stopping.wait(node.settings.courier_pause_s):
        rounds += 1
        if rounds % ROUNDS_PER_STAMP == 0:
            try:
                witnessing.stamp_with_witness(node)
            except TidegateError as problem:
                logger.warning("courier.witness", code=problem.code)
        try:
            with node.transaction() as tx:
                partners = links.confirmed_partners(tx)
        except TidegateError as problem:
            logger.warning("courier.database", code=problem.code)
            continue
        for partner_id in partners:
            try:
                done = visit(node, partner_id)
                if done.delivered or done.refused:
                    logger.info("courier.visited", partner=partner_id, delivered=done.delivered, refused=done.refused)
            except TidegateError as problem:
                logger.warning("courier.stopped", partner=partner_id, code=problem.code)


def received_item(tx: Transaction, item_id: str) -> LinkItem | None:
    """Return what was received under an item id, opened from the bytes kept."""
    held = incoming.by_item(tx.conn, item_id)
    if held is None:
        return None
    document = load_canonical(held.item)
    item = item_from_document(document) if isinstance(document, dict) else None
    return item if isinstance(item, LinkItem) else None


def _client(node: Node, partner_id: str) -> ExchangeClient:
    with node.transaction() as tx:
        partner = tx.get("partner", partner_id)
    return ExchangeClient(partner["exchange_url"], partner["certificate"].encode())


def _ask(node: Node, partner_id: str, client: ExchangeClient, hello: bytes) -> bytes:
    """Return the partner's sealed answer to a sealed hello."""
    answer = client.post(ITEMS, hello, **outbox.request_stamp(node))
    if answer.status != 200:
        raise problem(WireBroken, "link.hello-not-answered", partner=partner_id, status=answer.status)
    return answer.body
