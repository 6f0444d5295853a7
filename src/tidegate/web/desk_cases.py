"""Cases: the facts with their handling, the timeline from the audit log, the threads, and what may be told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.responses import Response

from tidegate.errors import InputUnreadable
from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.gate.agreement_state import AgreementEvent, state_from_document
from tidegate.gate.refusal import Refusal
from tidegate.gate.terms import PILLARS
from tidegate.model.columns import COLUMNS
from tidegate.model.handling import INFO_GRADES, SOURCE_GRADES, TLP_ORDER, Handling
from tidegate.model.statement import Statement
from tidegate.node import agreements, cases, messages
from tidegate.node.node import Transaction
from tidegate.web.desk_reads import cases_page, events_about
from tidegate.web.desk_today import ThreadLine, thread_line
from tidegate.web.desk_visit import DRAFTERS, DeskRefused, Visit
from tidegate.web.desk_words import WORDS_SHOWN, EventWords, actor_names, event_words
from tidegate.wording.problems import problem
from tidegate.wording.refusals import field_name
from tidegate.wording.sentences import say

JOINED = "case.joined"
A_PAGE = 50


def show_cases(visit: Visit) -> Response:
    """Show a page of cases, the newest first, and the form to open one."""
    with visit.node.transaction() as tx:
        page = cases_page(
            tx.conn, before=visit.query.get("before", ""), after=visit.query.get("after", ""), most=A_PAGE
        )
    return visit.page("cases.html", page=page, last=page.newer + len(page.rows), pillars=PILLARS)


def show_case(visit: Visit) -> Response:
    """Show one case. A protected fact is opened only for the case's own officers."""
    case_id = visit.path["id"]
    with visit.node.transaction() as tx:
        body = tx.get("case_file", case_id)
        officers = case_officers(tx, case_id, body)
        ours = visit.officer.id in officers
        who = actor_names(tx, visit.lang)
        threads = [
            thread_line(tx, thread, case_id, visit.lang)
            for thread, held in messages.threads(tx)
            if held["case_id"] == case_id
        ]
        proposals = tx.find("proposal", case_id=case_id)
        told = [turn for line in threads for turn in line.messages]
        about = events_about(tx.conn, case_id, *(key for key, _ in proposals), *told, mention=True)
        events = [event_words(event, visit.lang, who) for event in about]
        events = with_words(events, words_over(tx, threads), visit.lang, who)
        statements = cases.statements_of(tx, case_id)
        ways = draftable(tx, body["pillar"], visit.lang)
        likely = likely_way(ways, {each.property for each in statements})
        findings = [(key, tx.get("finding", key)) for key in body["findings"]]
        now = tx.now
    return visit.page(
        "case.html", id=case_id, case=body, ours=ours, officers=[who(each) for each in officers], threads=threads,
        proposals=proposals, events=events, statements=statements, ways=ways, likely=likely, findings=findings,
        tlp=TLP_ORDER, source_grades=SOURCE_GRADES, info_grades=INFO_GRADES, names=fact_names(visit.lang),
        opened=datetime.strptime(body["opened_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        soonest=(now + timedelta(days=1)).date().isoformat(),
    )  # fmt: skip


def words_over(tx: Transaction, threads: Sequence[ThreadLine]) -> list[tuple[datetime, AgreementEvent]]:
    """Return what was said about the agreements of these threads, each with its instant on our own machine."""
    own = tx.node.node_id
    found = []
    for agreement_id in sorted({line.agreement_id for line in threads}):
        for word in agreements.load(tx, agreement_id).events.values():
            if word.kind in WORDS_SHOWN:
                found.append((word.at if word.by == own else word.counts_from, word))
    return found


def with_words(
    events: Sequence[EventWords],
    words: Sequence[tuple[datetime, AgreementEvent]],
    lang: str,
    who: Callable[[str], str],
) -> list[EventWords]:
    """Return a case's events with the suspensions and resumptions since it was opened, in order of time."""
    since = events[0].at if events else None
    said = [
        EventWords(at, say(f"desk.word.{word.kind}", lang), who(word.by), word.kind)
        for at, word in words
        if since is not None and at >= since
    ]
    return sorted([*events, *said], key=lambda each: each.at)


def case_officers(tx: Transaction, case_id: str, body: Mapping[str, Any]) -> list[str]:
    """Return the officers of a case: who opened it and who joined it, in that order."""
    joined = [str(event["actor"]) for event in events_about(tx.conn, case_id) if event["kind"] == JOINED]
    return list(dict.fromkeys([body["opened_by"], *joined]))


def draftable(tx: Transaction, pillar: str, lang: str) -> list[dict[str, Any]]:
    """Return what may be drafted under the agreements held: agreement, partner, pillar, kind and purpose of each."""
    found = []
    for _, body in tx.find("agreement"):
        state = state_from_document(body)
        if state.agreement.party(tx.node.node_id) is None:
            continue
        partner = state.agreement.other(tx.node.node_id)
        for kind, terms in sorted(state.agreement.pillars.get(pillar, {}).items()):
            for purpose in sorted(terms.purposes):
                found.append(
                    {
                        "value": "|".join((state.agreement.id, partner.node_id, pillar, kind, purpose)),
                        "partner": partner.agency.name(lang),
                        "kind": kind,
                        "purpose": purpose,
                        "agreement": state.agreement.id,
                        "text": terms.text_allowed,
                        "required": terms.required,
                    }
                )
    return found


def likely_way(ways: Sequence[Mapping[str, Any]], held: AbstractSet[str]) -> str:
    """Return the way whose required facts are all held, the one that requires most; "" if there is none."""
    fitting = [way for way in ways if way["required"] <= held]
    return max(fitting, key=lambda way: len(way["required"]))["value"] if fitting else ""


def fact_names(lang: str) -> list[tuple[str, str]]:
    """Return (name, words) of every column and message field a fact may have, sorted by the words."""
    known = {name for names in COLUMNS.values() for name in names} | {
        name for kind in KINDS.values() for name in kind.fields
    }
    return sorted(((name, field_name(name, lang)) for name in known), key=lambda each: each[1].casefold())


def seen_value(statement: Statement, ours: bool) -> str:
    """Return the value an officer may see: a protected one only as an officer of the case."""
    return statement.value if ours or not statement.handling.protected_source else ""


def open_case(visit: Visit) -> Response:
    """Open a case without a finding."""
    visit.allow(DRAFTERS)
    case_id = cases.open_new_case(
        visit.node, title=visit.need("title"), pillar=_pillar(visit), officer=visit.officer.id
    )
    return visit.go(f"/case/{case_id}", "case-opened")


def join_case(visit: Visit) -> Response:
    """Make the officer one of the case's own, which the log keeps."""
    visit.allow(DRAFTERS)
    case_id = visit.path["id"]
    with visit.node.transaction() as tx:
        body = tx.get("case_file", case_id, lock=True)
        if visit.officer.id not in case_officers(tx, case_id, body):
            tx.event(JOINED, visit.officer.id, case_id)
    return visit.go(f"/case/{case_id}", "case-joined")


def need_case_officer(visit: Visit, case_id: str) -> None:
    """Raise DeskRefused unless the officer belongs to the case."""
    visit.allow(DRAFTERS)
    with visit.node.transaction() as tx:
        if visit.officer.id not in case_officers(tx, case_id, tx.get("case_file", case_id)):
            raise DeskRefused(Refusal("not-of-this-case"))


def add_fact(visit: Visit) -> Response:
    """Add one fact with its handling."""
    case_id = visit.path["id"]
    need_case_officer(visit, case_id)
    cases.add_statement(
        visit.node,
        case_id,
        name=_fact_name(visit),
        value=visit.need("value"),
        handling=read_handling(visit),
        source=visit.need("source"),
        officer=visit.officer.id,
    )
    return visit.go(f"/case/{case_id}#facts", "fact-added")


def _fact_name(visit: Visit) -> str:
    own = visit.said("own_name")
    name = own or visit.need("name")
    if not name.replace("_", "").isalnum() or not name.isascii() or len(name) > 60:
        raise problem(InputUnreadable, "desk-fact-name", name=name[:60])
    return name


def read_handling(visit: Visit) -> Handling:
    """Return the handling that the form gives a fact. Raises InputUnreadable for an unknown colour or grade."""
    embargo = visit.said("embargo")
    try:
        return Handling(
            originator=visit.node.node_id,
            tlp=visit.said("tlp") or "AMBER",
            source_grade=visit.said("source_grade") or "X",
            info_grade=visit.said("info_grade") or "4",
            protected_source=visit.said("protected_source") == "yes",
            do_not_tell_subject=visit.said("do_not_tell_subject") == "yes",
            originator_control=visit.said("originator_control") == "yes",
            embargo_until=_midnight(date.fromisoformat(embargo)) if embargo else None,
        )
    except ValueError as exc:
        raise problem(InputUnreadable, "desk-handling-unreadable") from exc


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def draft_from_case(visit: Visit) -> Response:
    """Draft a proposal from the facts that were picked."""
    case_id = visit.path["id"]
    need_case_officer(visit, case_id)
    parts = visit.need("way").split("|")
    facts = visit.said_all("fact")
    if len(parts) != 5 or not facts:
        raise problem(InputUnreadable, "desk-nothing-picked")
    agreement_id, recipient, pillar, kind, purpose = parts
    proposal_id = cases.draft_proposal(
        visit.node, case_id, agreement_id=agreement_id, recipient=recipient, pillar=pillar, kind=kind, purpose=purpose,
        officer=visit.officer.id, statement_ids=facts, text=visit.said("text"),
    )  # fmt: skip
    return visit.go(f"/proposal/{proposal_id}", "drafted")


def close_case(visit: Visit) -> Response:
    """Close a case. Its facts stay until their day of deletion."""
    case_id = visit.path["id"]
    need_case_officer(visit, case_id)
    cases.close_case(visit.node, case_id, officer=visit.officer.id)
    return visit.go(f"/case/{case_id}", "case-closed")


def _pillar(visit: Visit) -> str:
    pillar = visit.need("pillar")
    if pillar not in PILLARS:
        raise problem(InputUnreadable, "desk-pillar")
    return pillar


PAGES: Mapping[str, Callable[[Visit], Response]] = {"/cases": show_cases, "/case/{id}": show_case}
FORMS: Mapping[str, Callable[[Visit], Response]] = {
    "/cases/open": open_case,
    "/case/{id}/join": join_case,
    "/case/{id}/fact": add_fact,
    "/case/{id}/draft": draft_from_case,
    "/case/{id}/close": close_case,
}
