"""Checkpoints of our logs: signed by us, cosigned by the partner who holds the same log, and by the third witness.

The partner cosigns the log of what we sent it. The third witness cosigns all our logs, so that a suspended link still
has one: a node that rewrote its past would have to show the witness a tree that does not grow from the old one.
"""

from __future__ import annotations

from collections.abc import Callable

from tidegate.errors import TidegateError
from tidegate.model.instants import format_instant
from tidegate.node import links
from tidegate.node.node import Node, Transaction
from tidegate.node.outbox import partner_notices, request_stamp
from tidegate.store import audit_log, restarts
from tidegate.store.audit_log import NODE_LOG
from tidegate.trust.checkpoint import (
    ED25519_COSIGNATURE,
    Checkpoint,
    NoteVerifier,
    cosign,
    open_checkpoint,
    parse_body,
    parse_vkey,
    sign_checkpoint,
    split_note,
    verify_cosignature,
)
from tidegate.wire.http import ExchangeClient, WireBroken, post_plain
from tidegate.wire.witness_protocol import AddCheckpoint, read_add_checkpoint
from tidegate.wording.problems import problem

CHECKPOINTS = "/exchange/v1/checkpoints"
ADD_CHECKPOINT = "/witness/v1/add-checkpoint"
WITNESS_KEYS = "/witness/v1/key-notices"
Ask = Callable[[AddCheckpoint], tuple[int, bytes]]


class CheckpointRefused(TidegateError):
    """A cosigner did not sign: it saw another past of this log. Compare both heads before anything else is sent."""

    code = "checkpoint-refused"


def collect(node: Node, partner_id: str, client: ExchangeClient) -> None:
    """After a visit: have the partner cosign what we sent it, and the third witness all that changed."""

    def ask(request: AddCheckpoint) -> tuple[int, bytes]:
        answer = client.post(CHECKPOINTS, request.to_bytes(), **request_stamp(node))
        return answer.status, answer.body

    with node.transaction() as tx:
        notices = partner_notices(tx, partner_id)
        link_id = links.load_link(tx, partner_id).link
    verifiers = [NoteVerifier(partner_id, notice.ed25519_public, ED25519_COSIGNATURE) for notice, _ in notices]
    _stamp(node, links.log_of(partner_id, "out"), links.origin_of(link_id, node.node_id), verifiers, ask)
    stamp_with_witness(node)


def stamp_with_witness(node: Node) -> int:
    """Have the third witness cosign the heads of all our logs that grew. Returns how many; 0 without a witness."""
    if not node.settings.witness_url:
        return 0
    verifier = parse_vkey(node.settings.witness_key)

    def ask(request: AddCheckpoint) -> tuple[int, bytes]:
        answer = post_plain(node.settings.witness_url + ADD_CHECKPOINT, request.to_bytes())
        return answer.status, answer.body

    node.keys.refresh()
    keys = post_plain(node.settings.witness_url + WITNESS_KEYS, node.keys.newest_notice)
    if keys.status != 200:
        raise problem(WireBroken, "witness.node-unknown", status=keys.status)
    with node.transaction() as tx:
        logs = {NODE_LOG: node_log_origin(tx)}
        for partner_id in links.confirmed_partners(tx):
            link_id = links.load_link(tx, partner_id).link
            logs[links.log_of(partner_id, "out")] = links.origin_of(link_id, node.node_id)
    return sum(_stamp(node, log_id, origin, [verifier], ask) for log_id, origin in logs.items())


def node_log_origin(tx: Transaction) -> str:
    """Return the name under which our own log is witnessed now.

    A node restored from a backup goes on from an older head, which the witness rightly takes for another past: from
    then on the log has another name, which says since when, and the old name stays as the witness saw it last.
    """
    restored = restarts.restorations(tx.conn)
    since = f"restored-{format_instant(restored[-1])}/" if restored else ""
    return f"tidegate/node/{since}{tx.node.node_id}"


def cosign_for_partner(node: Node, partner_id: str, body: bytes) -> tuple[int, bytes]:
    """Cosign a partner's checkpoint of the log of what it sent us, if our copy has the very same head.

    Returns (status, cosignature line). 409 tells the size we hold, 422 that the heads differ.
    """
    request = read_add_checkpoint(body)
    with node.transaction() as tx:
        checkpoint = _open_by(tx, partner_id, request.note)
        link_id = links.load_link(tx, partner_id).link
        log_id = links.log_of(partner_id, "in")
        if checkpoint.origin != links.origin_of(link_id, partner_id):
            return 404, b"unknown log\n"
        held = audit_log.head(tx.conn, log_id)
        if checkpoint.size > held.size:
            return 409, f"{held.size}\n".encode()
        if audit_log.root_at(tx.conn, log_id, checkpoint.size) != checkpoint.root:
            tx.event("checkpoint.differs", partner_id, log_id, size=checkpoint.size)
            return 422, b"our copy has another root at this size\n"
        working, _ = node.keys.current(tx.now)
        line = cosign(request.note, node.node_id, working, tx.now)
        audit_log.keep_checkpoint(
            tx.conn, log_id, checkpoint.size, checkpoint.root, request.note, at=tx.now, cosignatures=[line.strip()]
        )
        return 200, line.encode()


def _open_by(tx: Transaction, partner_id: str, note: str) -> Checkpoint:
    refused: TidegateError | None = None
    origin = parse_body(split_note(note)[0]).origin
    for notice, _ in reversed(partner_notices(tx, partner_id)):
        try:
            return open_checkpoint(note, NoteVerifier(origin, notice.ed25519_public))
        except TidegateError as exc:
            refused = refused or exc
    raise refused or problem(CheckpointRefused, "partner-answer.no-keys", partner=partner_id)


def _stamp(node: Node, log_id: str, origin: str, verifiers: list[NoteVerifier], ask: Ask) -> int:
    """Sign the head of one log, have it cosigned, and keep the line. Returns 1 when a new line was kept."""
    with node.transaction() as tx:
        head = audit_log.head(tx.conn, log_id)
        if head.size == 0:
            return 0
        old = 0
        for kept in audit_log.checkpoints(tx.conn, log_id):
            if any(_cosigned(kept.cosignatures, kept.note, verifier) for verifier in verifiers):
                old = kept.size
        if old == head.size:
            return 0
        proof = audit_log.consistency(tx.conn, log_id, old, head.size) if old else []
        working, _ = node.keys.current(tx.now)
        note = next(
            (
                kept.note
                for kept in audit_log.checkpoints(tx.conn, log_id)
                if (kept.size, kept.root) == (head.size, head.root)
            ),
            sign_checkpoint(Checkpoint(origin, head.size, head.root), working),
        )
        audit_log.keep_checkpoint(tx.conn, log_id, head.size, head.root, note, at=tx.now)
    status, body = ask(AddCheckpoint(old, tuple(proof), note))
    if status == 409 and body.strip().isdigit() and int(body) <= head.size:
        old = int(body)
        with node.transaction() as tx:
            proof = audit_log.consistency(tx.conn, log_id, old, head.size) if old else []
        status, body = ask(AddCheckpoint(old, tuple(proof), note))
    if status != 200:
        raise problem(
            CheckpointRefused,
            "witness.not-cosigned",
            name=verifiers[0].name,
            origin=origin,
            size=head.size,
            status=status,
        )
    line = body.decode("utf-8")
    refused: TidegateError | None = None
    for verifier in reversed(verifiers):
        try:
            verify_cosignature(note + line, verifier)
        except TidegateError as exc:
            refused = refused or exc
            continue
        with node.transaction() as tx:
            audit_log.add_cosignature(tx.conn, log_id, head.size, head.root, line.strip())
        return 1
    raise refused or problem(CheckpointRefused, "witness.no-key", log=origin)


def _cosigned(lines: tuple[str, ...], note: str, verifier: NoteVerifier) -> bool:
    """Tell whether a kept checkpoint carries a good line of this cosigner."""
    for line in lines:
        if line.split(" ")[1] != verifier.name:
            continue
        try:
            verify_cosignature(note + line + "\n", verifier)
        except TidegateError:
            continue
        return True
    return False
