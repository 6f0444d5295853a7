"""Correspondence: each thread as both sides hold it, with receipts, the bands of suspension, and the form to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from tidegate.errors import SettingsWrong
from tidegate.exchange.correspondence import Correspondence, Turn, correspondence_from_document
from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.exchange.link import LinkItem
from tidegate.exchange.message import Message, message_from_document
from tidegate.gate.agreement_state import AgreementState
from tidegate.gate.refusal import Refusal
from tidegate.model.handling import TLP_ORDER, Handling
from tidegate.node import agreements, cases, courier, messages, outbox
from tidegate.node.node import Transaction
from tidegate.store import incoming, outgoing
from tidegate.web.desk_forms import Field, fields_of, values_of
from tidegate.web.desk_today import thread_line
from tidegate.web.desk_visit import DRAFTERS, DeskRefused, Visit
from tidegate.web.desk_words import WORDS_SHOWN, clock_words, kind_name, names_of
from tidegate.wording.problems import problem
from tidegate.wording.refusals import refusal_text


@dataclass(frozen=True, slots=True)
class Receipt:
    """A signed receipt in a thread. signed_by: name of the side. sequence: number of the item on the link."""

    at: datetime
    sequence: int
    signed_by: str
    log_size: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a thread, in order of time.

    what: "message" or a word about the agreement. ours: said by us. at: instant on our own machine, by which a thread
    is in order even where the other side's clock runs ahead. told_at: instant that deadlines go by. state: how far our
    message has come ("queued", "sealed", "acknowledged", "refused"), "received" for theirs. held: why our gate holds
    it, in words.
    """

    what: str
    ours: bool
    at: datetime
    by: str
    turn: Turn | None = None
    message: Message | None = None
    state: str = ""
    receipt: Receipt | None = None
    held: str = ""
    held_code: str = ""
    told_at: datetime | None = None


def show_threads(visit: Visit) -> Response:
    """Show every thread: first those where it is our turn, the nearer clock first."""
    with visit.node.transaction() as tx:
        lines = [thread_line(tx, thread, body["case_id"], visit.lang) for thread, body in messages.threads(tx)]
    lines.sort(key=lambda each: (each.state == "closed", not each.ours, each.soonest))
    return visit.page("threads.html", rows=lines)


def show_thread(visit: Visit) -> Response:
    """Show one thread in full."""
    with visit.node.transaction() as tx:
        body = tx.get("correspondence", visit.path["id"])
        thread = correspondence_from_document(body["thread"])
        state = agreements.load(tx, thread.agreement_id)
        partner_id = state.agreement.other(tx.node.node_id).node_id
        names = names_of(tx, visit.lang)
        entries = entries_of(tx, thread, state, names, visit.lang)
        terms = state.terms(thread.pillar, thread.kind)
        clocks = [clock_words(reading, terms, visit.lang) for reading in messages.clocks(tx, thread)]
        line = thread_line(tx, thread, body["case_id"], visit.lang)
        drafts = [
            (key, held)
            for key, held in tx.find("proposal")
            if held["in_reply_to"] in {turn.message_id for turn in thread.turns} and held["state"] == "drafted"
        ]
        ways = answers_open(thread, state, tx.node.node_id)
        today = tx.now.date()
    chosen = _chosen(ways, visit.query.get("to", ""), visit.query.get("answer", ""))
    fields: Sequence[Field] = ()
    purposes: Sequence[str] = ()
    if chosen is not None:
        turn, kind = chosen
        asked = next((each.message for each in entries if each.turn == turn), None)
        kind_terms = state.terms(thread.pillar, kind)
        purposes = sorted(kind_terms.purposes) if kind_terms else ()
        fields = fields_of(kind, kind_terms, asked=asked, today=today, lang=visit.lang)
    return visit.page(
        "thread.html", thread=thread, line=line, entries=entries, clocks=clocks, case_id=body["case_id"],
        partner=names.get(partner_id, partner_id), agreement=state.agreement, drafts=drafts, ways=ways, chosen=chosen,
        fields=fields, purposes=purposes, tlp=TLP_ORDER, terms=terms,
        messages_count=sum(each.what == "message" for each in entries),
        receipts=sum(each.receipt is not None for each in entries),
    )  # fmt: skip


def entries_of(
    tx: Transaction, thread: Correspondence, state: AgreementState, names: Mapping[str, str], lang: str
) -> list[Entry]:
    """Return the thread's messages and the words about the agreement that touch it, in order of time."""
    partner_id = state.agreement.other(tx.node.node_id).node_id
    found = [_turn_entry(tx, thread, turn, state, partner_id, names, lang) for turn in thread.turns]
    since = min((_second(each.at) for each in found), default=tx.now)
    for event in state.events.values():
        touches = event.kind != "suspended" or event.scope.covers((thread.pillar, thread.kind))
        ours = event.by == tx.node.node_id
        at = event.at if ours else event.counts_from
        if event.kind in WORDS_SHOWN and touches and at >= since:
            found.append(Entry(event.kind, ours, at, names.get(event.by, event.by), told_at=event.counts_from))
    return sorted(found, key=lambda each: _second(each.at))


def _second(moment: datetime) -> datetime:
    """Return the whole second of an instant: words about an agreement are written to the second, messages are not."""
    return moment.replace(microsecond=0)


def _turn_entry(
    tx: Transaction,
    thread: Correspondence,
    turn: Turn,
    state: AgreementState,
    partner_id: str,
    names: Mapping[str, str],
    lang: str,
) -> Entry:
    by = names.get(turn.by, turn.by)
    if turn.by != tx.node.node_id:
        held = incoming.by_item(tx.conn, turn.message_id)
        item = courier.received_item(tx, turn.message_id)
        at = held.received_at if held else (turn.at or tx.now)
        receipt = Receipt(at, held.sequence, names[tx.node.node_id], held.sequence, "") if held else None
        return Entry("message", False, at, by, turn, _message_of(item), "received", receipt)
    entry = outgoing.get(tx.conn, turn.message_id)
    if entry is None:
        return Entry("message", True, turn.at or tx.now, by, turn)
    receipt = None
    if entry.receipt is not None:
        signed = outbox.open_receipt(tx, partner_id, entry.receipt)
        receipt = Receipt(
            signed.received_at, signed.sequence, names.get(partner_id, partner_id), signed.log_size, signed.outcome
        )
    if entry.envelope is not None:
        message = _message_of(outbox.open_sent(tx, entry.envelope))
    else:
        read = message_from_document(outbox.open_draft(tx, entry.draft)["body"]["message"])
        message = read if isinstance(read, Message) else None
    held_words = ""
    if entry.held_because:
        stopped = state.refusal_for(thread.pillar, turn.kind, tx.now)
        params = stopped.params if stopped is not None and stopped.code == entry.held_because else {}
        held_words = refusal_text(entry.held_because, params, lang)
    at = entry.sealed_at or entry.queued_at
    return Entry("message", True, at, by, turn, message, entry.state, receipt, held_words, entry.held_because or "")


def _message_of(item: LinkItem | None) -> Message | None:
    if item is None or not isinstance(item.body.get("message"), Mapping):
        return None
    read = message_from_document(item.body["message"])
    return read if isinstance(read, Message) else None


def answers_open(thread: Correspondence, state: AgreementState, own_id: str) -> list[tuple[Turn, str]]:
    """Return each (turn of the partner, kind) that may be answered with under the agreement, the latest first."""
    if thread.state == "closed":
        return []
    found = []
    for turn in reversed(thread.turns):
        if turn.by == own_id or turn.kind not in KINDS:
            continue
        allowed = sorted(KINDS[turn.kind].answered_by)
        found += [(turn, kind) for kind in allowed if state.terms(thread.pillar, kind) is not None]
    return found


def _chosen(ways: Sequence[tuple[Turn, str]], message_id: str, kind: str) -> tuple[Turn, str] | None:
    """Return what the officer chose to answer with; without a choice the first that settles the latest turn."""
    for turn, each in ways:
        if turn.message_id == message_id and each == kind:
            return turn, each
    settling = [way for way in ways if not KINDS[way[1]].asks_back]
    return settling[0] if settling else None


def draft_answer(visit: Visit) -> Response:
    """Make the answer's facts and a proposal in reply, for a second officer to approve."""
    visit.allow(DRAFTERS)
    thread_id, message_id, kind = visit.path["id"], visit.need("to"), visit.need("kind")
    with visit.node.transaction() as tx:
        body = tx.get("correspondence", thread_id)
        thread = correspondence_from_document(body["thread"])
        state = agreements.load(tx, thread.agreement_id)
        ways = answers_open(thread, state, tx.node.node_id)
        if not any(turn.message_id == message_id and each == kind for turn, each in ways):
            allowed = ", ".join(sorted({kind_name(each, visit.lang) for _, each in ways})) or "–"
            raise DeskRefused(Refusal("kind-no-answer", {"kind": kind, "asked": thread.kind, "allowed": allowed}))
        recipient = state.agreement.other(tx.node.node_id).node_id
        terms = state.terms(thread.pillar, kind)
        if terms is None or not terms.purposes:
            raise problem(SettingsWrong, "desk-no-purpose")
        purpose = visit.said("purpose") or sorted(terms.purposes)[0]
        case_id = body["case_id"] or _case_of_drafts(tx, thread)
    values = values_of(visit, kind)
    faults = KINDS[kind].check(values)
    if faults:
        raise AnswerIncomplete(faults)
    if not case_id:
        title = visit.say(
            "desk.answer.case-title", kind=kind_name(thread.kind, visit.lang), partner=visit.said("partner")
        )
        case_id = cases.open_new_case(visit.node, title=title, pillar=thread.pillar, officer=visit.officer.id)
    handling = Handling(
        originator=visit.node.node_id,
        tlp=visit.said("tlp") if visit.said("tlp") in TLP_ORDER else "AMBER",
        source_grade="A",
        info_grade="1",
        do_not_tell_subject="yes" in (visit.said("do_not_tell_subject"), *values.get("no_notice_to_subject", ())),
    )
    source = visit.say("desk.answer.source", officer=visit.officer.name)
    facts = [
        cases.add_statement(
            visit.node, case_id, name=name, value=value, handling=handling, source=source, officer=visit.officer.id
        )
        for name, told in values.items()
        for value in told
    ]
    proposal_id = cases.draft_proposal(
        visit.node, case_id, agreement_id=thread.agreement_id, recipient=recipient, pillar=thread.pillar, kind=kind,
        purpose=purpose, officer=visit.officer.id, statement_ids=facts, text=visit.said("text"), in_reply_to=message_id,
    )  # fmt: skip
    return visit.go(f"/proposal/{proposal_id}", "drafted")


class AnswerIncomplete(DeskRefused):
    """The fields of an answer contradict each other or miss one. Every fault is named."""

    def __init__(self, faults: Sequence[Refusal]) -> None:
        super().__init__(faults[0])
        self.refusals = tuple(faults)


def _case_of_drafts(tx: Transaction, thread: Correspondence) -> str:
    """Return the case an earlier draft answer of this thread lies in, or ""."""
    ids = {turn.message_id for turn in thread.turns}
    return next((str(body["case_id"]) for _, body in tx.find("proposal") if body["in_reply_to"] in ids), "")


PAGES: Mapping[str, Callable[[Visit], Response]] = {
    "/correspondence": show_threads,
    "/correspondence/{id}": show_thread,
}
FORMS: Mapping[str, Callable[[Visit], Response]] = {"/correspondence/{id}/answer": draft_answer}
