"""Today: what is due on both clocks and whose turn it is, what waits for approval, what arrived, what was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from starlette.responses import Response

from tidegate.errors import InputUnreadable
from tidegate.exchange.correspondence import Correspondence
from tidegate.gate.disclosure import preview
from tidegate.model.instants import format_instant
from tidegate.node import agreements, cases, clock, links, messages
from tidegate.node.node import Transaction
from tidegate.store import incoming
from tidegate.web.desk_reads import queued
from tidegate.web.desk_visit import Visit
from tidegate.web.desk_words import ClockWords, choice, clock_words, names_of
from tidegate.wording.problems import problem
from tidegate.wording.refusals import refusal_text

NEWEST = 10
STORY_YEARS = range(2020, 2031)


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One thread in a list. partner: its name. ours: whether it is our turn. messages: their ids, in order."""

    id: str
    agreement_id: str
    kind: str
    partner: str
    state: str
    ours: bool
    clocks: Sequence[ClockWords]
    case_id: str
    case_ref: str
    opened_at: datetime | None
    messages: Sequence[str]

    @property
    def soonest(self) -> str:
        """Return what the list is sorted by: the nearer of the two days, threads without a clock last."""
        return min((each.ends for each in self.clocks if each.ends), default="9999")


@dataclass(frozen=True, slots=True)
class Stopped:
    """One thing that did not pass. way: "held" by our gate, "out" refused by the partner, "in" refused by us."""

    way: str
    what: str
    partner: str
    at: datetime
    because: str
    code: str


def thread_line(tx: Transaction, thread: Correspondence, case_id: str, lang: str) -> ThreadLine:
    """Return a thread as a line of a list, with both clocks as they stand now."""
    state = agreements.load(tx, thread.agreement_id)
    parties = state.agreement.parties
    partner = state.agreement.other(tx.node.node_id).agency.name(lang)
    turn = thread.turn_of((parties[0].node_id, parties[1].node_id))
    terms = state.terms(thread.pillar, thread.kind)
    case_ref = tx.get("case_file", case_id)["ref"] if case_id else ""
    return ThreadLine(
        id=thread.id,
        agreement_id=thread.agreement_id,
        kind=thread.kind,
        partner=partner,
        state=thread.state,
        ours=turn == tx.node.node_id,
        clocks=[clock_words(reading, terms, lang) for reading in messages.clocks(tx, thread)],
        case_id=case_id,
        case_ref=case_ref,
        opened_at=thread.opened_at,
        messages=[turn.message_id for turn in thread.turns],
    )


def show_today(visit: Visit) -> Response:
    """Show what needs an officer today, the nearer clock first."""
    with visit.node.transaction() as tx:
        lines = [thread_line(tx, thread, body["case_id"], visit.lang) for thread, body in messages.threads(tx)]
        due = sorted((each for each in lines if each.state in ("opened", "silent")), key=lambda each: each.soonest)
        waiting = [_waiting(tx, key) for key, _ in cases_drafted(tx)]
        arrived = incoming.newest(tx.conn, NEWEST)
        stopped = stopped_things(tx, visit.lang)
        now = tx.now
    threads = {message_id: line.id for line in lines for message_id in line.messages}
    return visit.page(
        "today.html",
        threads=threads,
        due=due,
        waiting=waiting,
        arrived=arrived,
        stopped=stopped,
        now=now,
        story=format_instant(now),
    )


def cases_drafted(tx: Transaction) -> list[tuple[str, dict[str, object]]]:
    """Return the proposals that wait for a second officer."""
    return tx.find("proposal", state="drafted")


def _waiting(tx: Transaction, proposal_id: str) -> dict[str, object]:
    proposal, statements = cases.load_proposal(tx, proposal_id)
    shown = preview(proposal, statements, agreements.load(tx, proposal.agreement_id), tx.now)
    case = tx.get("case_file", proposal.case_id)
    return {"proposal": proposal, "goes": len(shown.goes), "stays": len(shown.stays), "case": case,
            "refusal": shown.refusal}  # fmt: skip


def stopped_things(tx: Transaction, lang: str) -> list[Stopped]:
    """Return what our gate holds back in the queue, then what was refused either way, newest first."""
    names = names_of(tx, lang)
    found = []
    for partner_id in links.confirmed_partners(tx):
        for entry in queued(tx.conn, partner_id):
            if entry.held_because is None:
                continue
            params: Mapping[str, str] = {}
            if entry.agreement_id and entry.pillar:
                now_stopped = agreements.load(tx, entry.agreement_id).refusal_for(entry.pillar, entry.kind, tx.now)
                if now_stopped is not None and now_stopped.code == entry.held_because:
                    params = now_stopped.params
            because = refusal_text(entry.held_because, params, lang)
            what = choice(f"kind.{entry.kind}", lang)
            found.append(
                Stopped("held", what, names.get(partner_id, partner_id), entry.queued_at, because, entry.held_because)
            )
    refused = []
    for key, body in tx.find("refusal"):
        at = datetime.strptime(body["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        because = refusal_text(body["code"], body["params"], lang)
        partner = names.get(body["partner_id"], body["partner_id"])
        refused.append(Stopped(body["direction"], key, partner, at, because, body["code"]))
    return found + refused[::-1][:NEWEST]


def move_story(visit: Visit) -> Response:
    """Move an invented node's clock to the day and time given (UTC). Raises SettingsWrong on a real node."""
    moment = read_moment(visit)
    with visit.node.transaction() as tx:
        if moment < tx.now - timedelta(minutes=1):
            # The log and every clock count forward; a story that runs backwards would contradict its own receipts.
            raise problem(InputUnreadable, "desk-story-backwards", now=format_instant(tx.now))  # fmt: skip
        clock.set_story_clock(tx.conn, moment)
        tx.event("story.moved", visit.officer.id, visit.node.node_id, to=format_instant(moment))
    messages.note_silences(visit.node)
    return visit.go("/today", "story-moved")


def read_moment(visit: Visit) -> datetime:
    """Return the instant in the fields `day` and `time` of the form, as UTC. Raises InputUnreadable."""
    day: date = visit.need_day("day")
    words = visit.said("time") or "08:00"
    try:
        hour = datetime.strptime(words[:5], "%H:%M").replace(tzinfo=UTC).time()
    except ValueError as exc:
        raise problem(InputUnreadable, "desk-time-unreadable", value=words[:40]) from exc
    if day.year not in STORY_YEARS:
        raise problem(InputUnreadable, "desk-story-years", first=STORY_YEARS.start, last=STORY_YEARS.stop - 1)  # fmt: skip
    return datetime.combine(day, hour, tzinfo=UTC)


PAGES: Mapping[str, Callable[[Visit], Response]] = {"/today": show_today}
FORMS: Mapping[str, Callable[[Visit], Response]] = {"/today/story": move_story}
