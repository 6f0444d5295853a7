"""Agreements with a partner: propose, countersign, suspend, resume. Each is a word of ours, sent as a link message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tidegate.errors import SettingsWrong
from tidegate.gate.agreement import Agreement
from tidegate.gate.agreement_state import (
    EVERYTHING,
    AgreementEvent,
    AgreementState,
    EventKind,
    Scope,
    advance,
    event_from_document,
    state_from_document,
)
from tidegate.gate.refusal import Refusal
from tidegate.model.instants import format_instant, parse_instant
from tidegate.node import outbox
from tidegate.node.keyring import notice_at
from tidegate.node.node import Node, Transaction
from tidegate.store import outgoing
from tidegate.trust.dsse import sign, verify
from tidegate.trust.evidence import AGREEMENT_TYPE
from tidegate.trust.ids import new_id
from tidegate.wording.problems import problem

# Words that put a signature under the agreement's own bytes, which a third can check later.
SIGNED: frozenset[EventKind] = frozenset({"proposed", "countersigned"})
# word about an agreement -> kind of the link message that carries it
CARRIED_BY: Mapping[EventKind, str] = {
    "proposed": "agreement_proposal",
    "countersigned": "agreement_countersignature",
    "suspended": "suspension",
    "resumption_proposed": "resumption_proposal",
    "resumption_agreed": "resumption_agreed",
}


def propose(node: Node, agreement: Agreement, *, officer: str) -> AgreementState | Refusal:
    """Propose `agreement` to the other party: our word over its digest, sent with its whole text."""
    with node.transaction() as tx:
        if any(key == agreement.id for key, _ in tx.find("agreement")):
            raise problem(SettingsWrong, "agreement.known-already", agreement=agreement.id)
        return _say(tx, AgreementState(agreement), "proposed", officer, digest=agreement.digest(), whole=True)


def countersign(node: Node, agreement_id: str, *, officer: str) -> AgreementState | Refusal:
    """Put our word under an agreement the partner proposed. It is then in force."""
    with node.transaction() as tx:
        state = load(tx, agreement_id, lock=True)
        return _say(tx, state, "countersigned", officer, digest=state.agreement.digest())


def suspend(
    node: Node, agreement_id: str, *, officer: str, pillars: Iterable[str] = (), kinds: Iterable[str] = ()
) -> AgreementState | Refusal:
    """Suspend the agreement, or parts of it: at once for what we send, on the partner's receipt for deadlines."""
    with node.transaction() as tx:
        state = load(tx, agreement_id, lock=True)
        return _say(tx, state, "suspended", officer, scope=Scope(frozenset(pillars), frozenset(kinds)))


def propose_resumption(node: Node, agreement_id: str, *, officer: str) -> AgreementState | Refusal:
    """Offer to lift every suspension that is open now."""
    with node.transaction() as tx:
        state = load(tx, agreement_id, lock=True)
        lifts = frozenset(event.id for event in state.open_suspensions())
        return _say(tx, state, "resumption_proposed", officer, lifts=lifts)


def agree_resumption(node: Node, agreement_id: str, *, officer: str) -> AgreementState | Refusal:
    """Agree to the partner's offer: what it names is in force again, and held messages go out in order."""
    with node.transaction() as tx:
        state = load(tx, agreement_id, lock=True)
        offer = state.open_resumption()
        if offer is None:
            return Refusal("resumption-not-proposed")
        return _say(tx, state, "resumption_agreed", officer, refers_to=offer.id)


def load(tx: Transaction, agreement_id: str, *, lock: bool = False) -> AgreementState:
    """Return the agreement with all words said about it."""
    return state_from_document(tx.get("agreement", agreement_id, lock=lock))


def with_partner(tx: Transaction, partner_id: str) -> list[AgreementState]:
    """Return every agreement with one partner, in order of making."""
    states = [state_from_document(body) for _, body in tx.find("agreement")]
    return [state for state in states if state.agreement.party(partner_id) is not None]


def heard(tx: Transaction, kind: str, body: Mapping[str, Any], *, sender: str) -> Refusal | None:
    """Take a partner's word about an agreement, received now. Returns why it cannot be taken, or None."""
    event = event_from_document({**body["event"], "received_at": ""})
    if CARRIED_BY[event.kind] != kind or event.by != sender:
        return Refusal("word-not-theirs", {"by": event.by})
    event = event_from_document({**event.to_document(), "received_at": format_instant(tx.now)})
    agreement_id = str(body["agreement_id"])
    if kind == "agreement_proposal":
        state = state_from_document({"agreement": body["agreement"], "events": []})
        if state.agreement.id != agreement_id or state.agreement.party(tx.node.node_id) is None:
            return Refusal("agreement-not-party", {"by": tx.node.node_id, "agreement": agreement_id})
        known = [held for key, held in tx.find("agreement") if key == agreement_id]
        state = state_from_document(known[0]) if known else state
    else:
        state = load(tx, agreement_id, lock=True)
    after = advance(state, event)
    if isinstance(after, Refusal):
        return after
    if event.kind in SIGNED:
        signature = str(body.get("signature", ""))
        notice = notice_at(outbox.partner_notices(tx, sender), tx.now)
        if verify(signature.encode(), notice, AGREEMENT_TYPE) != state.agreement.to_bytes():
            return Refusal("agreement-digest-other", {"agreement": agreement_id})
    _keep(tx, after, event, actor=sender)
    if event.kind in SIGNED:
        _keep_signature(tx, agreement_id, sender, signature)
    return None


def say_again(tx: Transaction, kind: str, body: Mapping[str, Any]) -> Refusal | None:
    """Say again a word of ours that a restored node has forgotten and the partner holds. Returns why it cannot be."""
    event = event_from_document(body["event"])
    agreement_id = str(body["agreement_id"])
    known = any(key == agreement_id for key, _ in tx.find("agreement"))
    if kind == "agreement_proposal" and not known:
        state = state_from_document({"agreement": body["agreement"], "events": []})
    else:
        state = load(tx, agreement_id, lock=True)
    after = advance(state, event)
    if isinstance(after, Refusal):
        return after
    _keep(tx, after, event, actor=tx.node.node_id)
    if event.kind in SIGNED:
        _keep_signature(tx, agreement_id, tx.node.node_id, str(body["signature"]))
    return None


def receipt_came(tx: Transaction, draft: Mapping[str, Any], received_at: str) -> None:
    """Note when the partner received a word of ours: deadlines are judged by that instant."""
    body = draft["body"]
    state = load(tx, str(body["agreement_id"]), lock=True)
    event = event_from_document(body["event"])
    after = state.with_receipt(event.id, parse_instant(received_at))
    held = tx.get("agreement", state.agreement.id)
    tx.put("agreement", state.agreement.id, {**held, **after.to_document()})


def _say(
    tx: Transaction,
    state: AgreementState,
    kind: EventKind,
    officer: str,
    *,
    digest: str = "",
    scope: Scope = EVERYTHING,
    lifts: frozenset[str] = frozenset(),
    refers_to: str = "",
    whole: bool = False,
) -> AgreementState | Refusal:
    now = tx.now.replace(microsecond=0)
    event = AgreementEvent(
        new_id("word"), kind, tx.node.node_id, now, digest=digest, scope=scope, lifts=lifts, refers_to=refers_to
    )
    after = advance(state, event)
    if isinstance(after, Refusal):
        return after
    _keep(tx, after, event, actor=officer)
    body: dict[str, Any] = {"agreement_id": state.agreement.id, "event": event.to_document()}
    if kind in SIGNED:
        working, _ = tx.node.keys.current(tx.now)
        body["signature"] = sign(AGREEMENT_TYPE, state.agreement.to_bytes(), working).decode()
        _keep_signature(tx, state.agreement.id, tx.node.node_id, body["signature"])
    if whole:
        body["agreement"] = state.agreement.to_document()
    outbox.queue_link_item(tx, state.agreement.other(tx.node.node_id).node_id, CARRIED_BY[kind], body)
    return after


def _keep_signature(tx: Transaction, agreement_id: str, node_id: str, signature: str) -> None:
    held = tx.get("agreement", agreement_id)
    tx.put("agreement", agreement_id, {**held, "signatures": {**held["signatures"], node_id: signature}})


def _keep(tx: Transaction, state: AgreementState, event: AgreementEvent, *, actor: str) -> None:
    held = dict(tx.find("agreement")).get(state.agreement.id, {"signatures": {}})
    tx.put("agreement", state.agreement.id, {**held, **state.to_document()})
    outgoing.release(tx.conn, state.agreement.id)
    tx.event(f"agreement.{event.kind.replace('_', '-')}", actor, state.agreement.id, word=event.id, by=event.by)
