"""Recovery: a node restored from a backup gets back from each partner what it has forgotten, then goes on.

Until a partner has answered, nothing numbered goes out or comes in over that link. The partner closes our old
generation first and then gives us, page by page, its copies of both directions: our envelopes with its receipts, its
envelopes with ours. Each is checked as on its first day and taken under the instant of its receipt; both logs must show
the head that the receipt names. Then we take our numbers from its hello and count on in a new generation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tidegate.errors import TidegateError
from tidegate.exchange.copies import Copies, Copy, read_copies
from tidegate.exchange.hello import adopt, hello_item, still_to_send
from tidegate.exchange.link import LinkItem, LinkState
from tidegate.exchange.receipt import Receipt, check_receipt, receipt_from_document
from tidegate.gate.refusal import Refusal
from tidegate.node import effects, hellos, inbox, links, outbox, own_copies
from tidegate.node.inbox import CopyRefused
from tidegate.node.keyring import notices_of
from tidegate.node.node import Node, Transaction
from tidegate.store import outgoing, restarts
from tidegate.store.audit_log import append
from tidegate.store.connect import Connection
from tidegate.store.links import linked_partners
from tidegate.trust.canonical import load_canonical
from tidegate.trust.dsse import verify
from tidegate.trust.faults import NotARecipient
from tidegate.trust.ids import new_id
from tidegate.trust.keys import open_key_notice
from tidegate.wording.problems import problem

Ask = Callable[[bytes], bytes]
"""Carries a sealed hello to the partner and returns its sealed answer."""
MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Recovered:
    """What one link got back. sent, received: items of each direction; done: False while the partner is behind us."""

    sent: int
    received: int
    done: bool


def mark_restored(conn: Connection, *, at: datetime, backup_made_at: str) -> list[str]:
    """Close every link of a database just filled from a backup, as owner. Returns the partners to be greeted."""
    partners = linked_partners(conn)
    restarts.note_restoration(conn, restored_at=at, backup_made_at=backup_made_at)
    for partner_id in partners:
        restarts.begin_restart(conn, partner_id, hello_id=new_id("restart"), at=at)
    return partners


def waits(node: Node, partner_id: str) -> bool:
    """Tell whether the link to a partner still waits for its word after a restore."""
    with node.transaction() as tx:
        return restarts.open_restart(tx.conn, partner_id) is not None


def recover(node: Node, partner_id: str, ask: Ask) -> Recovered:
    """Announce the restart, take the copies, adopt our numbers. What was taken stays taken if it stops midway.

    Raises PartnerAnswerWrong, CopyRefused or a trust fault when what came does not fit.
    """
    sent = received = 0
    for _ in range(MOST_PAGES):
        with node.transaction() as tx:
            hello_id = restarts.open_restart(tx.conn, partner_id)
            if hello_id is None:
                return Recovered(sent, received, True)
            state = _counted(tx, partner_id)
            hello = hellos.seal_hello(tx, hello_item(state, hello_id=hello_id, restarted=True))
        answered = ask(hello)
        with node.transaction() as tx:
            links.load_link(tx, partner_id, lock=True)
            if restarts.open_restart(tx.conn, partner_id) != hello_id:
                continue
            answer = hellos.open_hello(tx, partner_id, answered)
            copies = read_copies(answer)
            if isinstance(copies, Refusal) or answer.body.get("answers") != hello_id:
                raise problem(outbox.PartnerAnswerWrong, "partner-answer.hello-other", partner=partner_id)
            _learn(tx, partner_id, copies)
            taken = _take_page(tx, partner_id, copies)
            sent, received = sent + taken[0], received + taken[1]
            if copies.left or sum(taken) < len(copies.page):
                continue
            if not _adopt(tx, partner_id, answer, hello_id):
                return Recovered(sent, received, False)
            tx.event("link.restarted", "node", answer.link, partner=partner_id, sent=sent, received=received)
            return Recovered(sent, received, True)
    raise problem(outbox.PartnerAnswerWrong, "partner-answer.copies-endless", partner=partner_id)


def _learn(tx: Transaction, partner_id: str, copies: Copies) -> None:
    """Keep the partner's key notices that we lack. Each proves itself by its root; ours are not taken from outside."""
    for data in copies.notices:
        try:
            inbox.learn_key_notice(tx, partner_id, data)
        except TidegateError:
            continue  # one of our own, under our root: it serves to check old receipts, see _own_receipt


def _take_page(tx: Transaction, partner_id: str, copies: Copies) -> tuple[int, int]:
    """Take as many copies of a page as can be taken; returns how many of ours and of theirs.

    The partner's order is nearly the true one. Where two crossed on the way, the one that cannot be taken yet waits
    for the next of the other direction. Raises what stops the first of both when neither can be taken.
    """
    pending, taken = list(copies.page), {True: 0, False: 0}
    while pending:
        problem: TidegateError | None = None
        for copy in _heads(pending):
            try:
                with tx.conn.transaction():
                    _take_copy(tx, partner_id, copy, copies.notices)
            except TidegateError as exc:
                problem = problem or exc
                continue
            pending.remove(copy)
            taken[copy.by == tx.node.node_id] += 1
            break
        else:
            if problem is not None and not any(taken.values()):
                raise problem
            break
    return taken[True], taken[False]


def _heads(pending: Sequence[Copy]) -> Iterator[Copy]:
    first = pending[0]
    yield first
    yield from next(([each] for each in pending if each.by != first.by), [])


def _take_copy(tx: Transaction, partner_id: str, copy: Copy, notices: Sequence[bytes]) -> None:
    if copy.by == tx.node.node_id:
        _take_own(tx, partner_id, copy, outbox.open_receipt(tx, partner_id, copy.receipt))
        return
    receipt = _own_receipt(tx, copy, notices)
    then = Transaction(tx.conn, receipt.received_at, tx.node)
    try:
        inbox.retake_item(then, partner_id, copy.envelope, copy.receipt, receipt)
    except NotARecipient as exc:
        raise problem(CopyRefused, "keys-newer-than-backup", copy=copy.sequence, partner=partner_id) from exc  # fmt: skip


def _own_receipt(tx: Transaction, copy: Copy, notices: Sequence[bytes]) -> Receipt:
    """Return the receipt that we signed before the disk was lost, perhaps with keys made after the backup."""
    root = tx.node.identity.root_public
    known = [notice for notice, _ in notices_of(tx.conn, tx.node.node_id, root)]
    for data in notices:
        try:
            known.append(open_key_notice(data, root_public=root))
        except TidegateError:
            continue  # the partner's own notice, under another root
    for notice in reversed(known):
        try:
            document = load_canonical(verify(copy.receipt, notice, outbox.RECEIPT_TYPE))
        except TidegateError:
            continue
        receipt = receipt_from_document(document) if isinstance(document, dict) else None
        if isinstance(receipt, Receipt):
            return receipt
    raise problem(CopyRefused, "copy.no-own-receipt", copy=copy.sequence, by=copy.by)


def _take_own(tx: Transaction, partner_id: str, copy: Copy, receipt: Receipt) -> None:
    """Take back one item of ours that the partner holds."""
    then = Transaction(tx.conn, receipt.received_at, tx.node)
    state = _counted(tx, partner_id)
    item = LinkItem(state.link, state.us, partner_id, receipt.generation, state.acked_out + 1, "", "message", {})
    if check_receipt(receipt, item=item, envelope_digest=receipt.envelope_digest) is not None or (
        copy.envelope and outbox.envelope_digest(copy.envelope) != receipt.envelope_digest
    ):
        raise problem(
            CopyRefused, "copy.not-our-item", copy=copy.sequence, item=state.acked_out + 1, partner=partner_id
        )
    entry, draft = own_copies.entry_of(tx, then, partner_id, copy, receipt)
    digest = bytes.fromhex(receipt.envelope_digest)
    _, size, root = append(tx.conn, links.log_of(partner_id, "out"), [digest])
    if (size, root.hex()) != (receipt.log_size, receipt.log_root):
        raise problem(CopyRefused, "log-heads-differ", item=copy.sequence)
    number = receipt.sequence
    last = receipt.envelope_digest if number + 1 >= state.next_out else state.last_out_digest
    links.save_link(
        tx, replace(state, acked_out=number, next_out=max(state.next_out, number + 1), last_out_digest=last)
    )
    if receipt.outcome:
        outgoing.refuse(tx.conn, entry.place, copy.receipt, receipt.outcome, then.now)
        if draft is not None and entry.agreement_id is not None and receipt.outcome in outbox.PASSING_REFUSALS:
            outbox.queue_again(tx, entry, receipt.outcome)
        return
    outgoing.acknowledge(tx.conn, entry.place, copy.receipt, then.now)
    if draft is not None:
        effects.told(then, draft, receipt)


def _counted(tx: Transaction, partner_id: str) -> LinkState:
    """Return the link state, counting as receipted what we hold receipts for: a partner's restart may have lowered it."""
    state = links.load_link(tx, partner_id, lock=True)
    return replace(state, acked_out=outgoing.highest_receipted(tx.conn, partner_id))


def _adopt(tx: Transaction, partner_id: str, answer: LinkItem, hello_id: str) -> bool:
    """Take our numbers from the partner's hello and make drafts of what it never got. False while it is behind us."""
    state = _counted(tx, partner_id)
    if int(answer.body["next_in"]) - 1 < state.acked_out:
        # It was restored as well and lacks what it once signed for: first it takes our copies, then we adopt.
        return False
    adopted = adopt(state, answer, hello_id=hello_id)
    if not isinstance(adopted, LinkState) or adopted.acked_out != state.acked_out:
        raise problem(outbox.PartnerAnswerWrong, "partner-answer.copies-missing", partner=partner_id)
    waiting = outgoing.waiting(tx.conn, partner_id)
    sealed = {entry.sequence or 0: entry.id for entry in waiting if entry.state == "sealed"}
    due = still_to_send(answer, sealed, [entry.id for entry in waiting if entry.state == "queued"])
    for item_id in sealed.values():
        if item_id in due:
            outgoing.take_back(tx.conn, item_id)
    links.save_link(tx, adopted)
    restarts.end_restart(tx.conn, hello_id, at=tx.now)
    return True
