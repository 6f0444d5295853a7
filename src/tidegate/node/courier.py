"""The courier: carries what is ready to each partner's door, learns new keys when the old have ended, has logs cosigned."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from tidegate.errors import TidegateError
from tidegate.exchange.hello import Heard, hear_hello, hello_item
from tidegate.exchange.link import LinkItem, item_from_document
from tidegate.gate.refusal import Refusal
from tidegate.node import cases, effects, inbox, links, outbox, standing, witnessing
from tidegate.node.keyring import KeysExpired, notice_at
from tidegate.node.node import Node, Transaction
from tidegate.store import incoming
from tidegate.trust.canonical import dump_canonical, load_canonical
from tidegate.trust.envelope import open_sealed, read_header, seal
from tidegate.trust.ids import new_id
from tidegate.wire.http import ExchangeClient, WireBroken

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
        while delivered + refused < MOST_AT_ONCE:
            try:
                ready = outbox.prepare_next(node, partner_id, judge=judge)
            except KeysExpired:
                trade_key_notices(node, partner_id, client)
                ready = outbox.prepare_next(node, partner_id, judge=judge)
            if ready is None:
                break
            answer = client.post(ITEMS, ready.envelope, **outbox.request_stamp(node))
            if answer.status in (200, 208):
                outcome = outbox.take_receipt(node, partner_id, ready, answer.body, told=effects.told)
                delivered, refused = delivered + (not outcome), refused + bool(outcome)
                continue
            stopped = outbox.take_refusal(node, partner_id, ready, answer.body)
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
            raise WireBroken(f"{partner_id} did not take our key notice (status {answer.status})")
        with node.transaction() as tx:
            inbox.learn_key_notice(tx, partner_id, answer.body)
    finally:
        if own:
            way.close()


def greet(node: Node, partner_id: str) -> str:
    """Exchange hellos and return the verdict: in-step, resend, we-are-behind, partner-is-behind or forked."""
    client = _client(node, partner_id)
    try:
        with node.transaction() as tx:
            state = links.load_link(tx, partner_id)
            item = hello_item(state, hello_id=new_id("hello"))
            notice = notice_at(outbox.partner_notices(tx, partner_id), tx.now)
            working, _ = node.keys.current(tx.now)
            sealed = seal(
                dump_canonical(item.to_document()), sender=working, recipients=[notice], message_id=new_id("tgd")
            )
        answer = client.post(ITEMS, sealed, **outbox.request_stamp(node))
        if answer.status != 200:
            raise WireBroken(f"{partner_id} did not answer our hello (status {answer.status})")
        with node.transaction() as tx:
            reply = _open_reply(tx, partner_id, answer.body)
            heard = hear_hello(links.load_link(tx, partner_id, lock=True), reply)
            if isinstance(heard, Refusal):
                return heard.code
            _store_heard(tx, heard)
            return heard.verdict
    finally:
        client.close()


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


def _open_reply(tx: Transaction, partner_id: str, data: bytes) -> LinkItem:
    header = read_header(data)
    notice = notice_at(outbox.partner_notices(tx, partner_id), tx.now)
    working = tx.node.keys.find(header.recipient_key_ids)
    if working is not None:
        document = load_canonical(open_sealed(data, recipient=working, sender=notice))
        item = item_from_document(document) if isinstance(document, dict) else None
        if isinstance(item, LinkItem):
            return item
    raise WireBroken(f"{partner_id} answered our hello with something we cannot open")


def _store_heard(tx: Transaction, heard: Heard) -> None:
    links.save_link(tx, heard.state)
    tx.event("link.hello", "node", heard.state.link, verdict=heard.verdict)
