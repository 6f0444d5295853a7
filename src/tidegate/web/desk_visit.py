"""One request of an officer at the desk: what was asked, who asks, and the ways to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.gate.agreement_state import state_from_document
from tidegate.gate.refusal import Refusal
from tidegate.node.node import Node, Transaction
from tidegate.registers.calendars import find_calendar
from tidegate.store import documents
from tidegate.store.officers import Officer, all_officers
from tidegate.web.desk_words import (
    choice,
    in_order,
    kind_name,
    names_of,
    refusal_sentence,
    value_words,
)
from tidegate.web.pages import render
from tidegate.wording.problems import problem, problem_sentences
from tidegate.wording.refusals import field_name
from tidegate.wording.sentences import knows, say

LONGEST_FIELD = 20_000
DRAFTERS = frozenset({"liaison", "second", "secretariat"})
APPROVERS = frozenset({"second"})


class DeskRefused(TidegateError):
    """The gate or a rule of the desk says No to what a form asked for. `refusals` holds why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence("en"), code=refusal.code, **refusal.params)
        self.refusals: tuple[Refusal, ...] = (refusal,)


class RoleWrong(TidegateError):
    """An officer's role does not allow this. The text names the roles that may."""

    code = "desk-role-wrong"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request. token: stands in every form of the page. here: path of the page, for links of language."""

    node: Node
    officer: Officer
    lang: str
    token: str
    here: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: FormData = field(default_factory=FormData)
    uploads: Mapping[str, bytes] = field(default_factory=dict)

    def said(self, name: str) -> str:
        """Return a text field of the form, trimmed; "" when it is missing."""
        value = self.form.get(name)
        return "" if value is None or isinstance(value, UploadFile) else value.strip()[:LONGEST_FIELD]

    def said_all(self, name: str) -> list[str]:
        """Return every value of a field that may stand several times."""
        return [value for value in self.form.getlist(name) if not isinstance(value, UploadFile) and value]

    def need(self, name: str) -> str:
        """Return a text field that must be filled in. Raises InputUnreadable naming it."""
        value = self.said(name)
        if not value:
            label = self.say(f"desk.form.{name}") if knows(f"desk.form.{name}") else field_name(name, self.lang)
            raise problem(InputUnreadable, "desk-field-empty", field=label)
        return value

    def need_day(self, name: str) -> date:
        """Return a civil day of the form. Raises InputUnreadable."""
        value = self.need(name)
        try:
            return date.fromisoformat(value)
        except ValueError as exc:
            raise problem(InputUnreadable, "desk-day-unreadable", value=value[:80]) from exc

    def say(self, code: str, /, **params: object) -> str:
        """Return a sentence in the officer's language."""
        return say(code, self.lang, **params)

    def allow(self, roles: frozenset[str]) -> None:
        """Raise RoleWrong unless the officer has one of these roles."""
        if self.officer.role not in roles:
            names = self.say("page.comma").join(self.say(f"role.{role}") for role in sorted(roles))
            raise problem(RoleWrong, "desk-role-wrong", roles=names)

    def go(self, path: str, done: str = "") -> Response:
        """Return the answer to a form that was carried out: see the page `path`, with the word `done`."""
        where, mark, anchor = path.partition("#")
        query = f"{'&' if '?' in where else '?'}{urlencode({'done': done})}" if done else ""
        return RedirectResponse(f"{where}{query}{mark}{anchor}", 303)

    def page(self, template: str, /, *, status: int = 200, **values: Any) -> Response:
        """Return a page of the desk with its frame."""
        with self.node.transaction() as tx:
            around = frame(tx, self)
        return render(f"desk/{template}", self.lang, status=status, headers={"Cache-Control": "no-store"},
                      f=around, v=self, **NAMERS, **values)  # fmt: skip

    def failed(self, problem: TidegateError, status: int) -> Response:
        """Return the page that says what was refused, why, and what to do."""
        with self.node.transaction() as tx:
            around = frame(tx, self)
        return problem_page(problem, self.lang, status, here=self.here, f=around, v=self)


NAMERS: Mapping[str, Callable[..., Any]] = {
    "field_name": field_name, "value_words": value_words, "kind_name": kind_name, "choice": choice,
    "in_order": in_order, "refusal_sentence": refusal_sentence,
}  # fmt: skip


def problem_page(problem: TidegateError, lang: str, status: int, *, here: str, **values: Any) -> Response:
    """Return an error as a page: where, what, mend and code. Without a frame for who is not signed in."""
    refusals = getattr(problem, "refusals", ())
    mends = (f"desk.mend.{problem.code}", f"desk.mend.{problem.family}", "desk.mend.any")
    return render(
        "desk/problem.html" if "f" in values else "desk/door.html",
        lang,
        status=status,
        headers={"Cache-Control": "no-store"},
        sentences=problem_sentences(problem, lang),
        code=problem.code,
        codes=[refusal.code for refusal in refusals],
        where=here,
        mend=say(next(mend for mend in mends if knows(mend)), lang),
        **NAMERS,
        **values,
    )


@dataclass(frozen=True, slots=True)
class Shut:
    """A suspension in words. whole: all of the agreement. pillars: named in the reader's language."""

    agreement_id: str
    whole: bool
    since: date
    by: str
    pillars: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page. counts: how many wait, by entry of the menu. names: of sides, by node id.

    people: names of our officers, by id. done: what went well just before, in words, or "".
    """

    agency: str
    counts: Mapping[str, int]
    invented: bool
    now: datetime
    shut: Sequence[Shut]
    names: Mapping[str, str]
    people: Mapping[str, str]
    role: str
    done: str


def frame(tx: Transaction, visit: Visit) -> Frame:
    """Return what stands around a page, as things are now."""
    done = visit.query.get("done", "")
    code = f"desk.done.{done}"
    return Frame(
        agency=tx.node.agency.name(visit.lang),
        counts={
            "findings": documents.count(tx.conn, "finding", state="open"),
            "cases": documents.count(tx.conn, "case_file", state="open"),
            "proposals": documents.count(tx.conn, "proposal", state="drafted"),
        },
        invented=tx.node.identity.invented,
        now=tx.now,
        shut=suspensions(tx, visit.lang),
        names=names_of(tx, visit.lang),
        people={each.id: each.name for each in all_officers(tx.conn)},
        role=visit.say(f"role.{visit.officer.role}"),
        done=say(code, visit.lang) if done and knows(code) else "",
    )


def suspensions(tx: Transaction, lang: str) -> list[Shut]:
    """Return every suspension that is open now, with its day where the agreement counts its days."""
    found = []
    names = names_of(tx, lang)
    for _, body in tx.find("agreement"):
        state = state_from_document(body)
        stopped = state.stopped_cells()
        if not stopped:
            continue
        earliest = min(state.open_suspensions(), key=lambda event: event.counts_from)
        pillars = sorted({pillar for pillar, _ in stopped})
        found.append(
            Shut(
                agreement_id=state.agreement.id,
                whole=stopped == state.agreement.cells(),
                since=find_calendar(state.agreement.calendar_id).day_of(earliest.counts_from),
                by=names.get(earliest.by, earliest.by),
                pillars=say("page.comma", lang).join(say(f"pillar.{pillar}", lang) for pillar in pillars),
            )
        )
    return found
