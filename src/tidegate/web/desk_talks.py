"""Talks and publication: meetings, two texts of equal standing, pledges, acts with their standing, and what goes public."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from tidegate.errors import InputUnreadable
from tidegate.gate.refusal import Refusal
from tidegate.node import publishing
from tidegate.node.node import Transaction
from tidegate.publication.entries import PublishedEntry, read_entry
from tidegate.store import published
from tidegate.talks.act import Act, read_act, standing
from tidegate.talks.meeting import Delegation, Meeting, read_meeting
from tidegate.talks.minutes import MinutesRecord, read_minutes_record
from tidegate.talks.pledge import Pledge, read_pledge
from tidegate.talks.standing import Standing
from tidegate.talks.tongues import Tongues
from tidegate.web.desk_reads import events_of
from tidegate.web.desk_visit import APPROVERS, DeskRefused, Visit
from tidegate.wording.problems import problem

PUBLIC_COLOUR = "CLEAR"


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act with its standing and the names of who says so."""

    act: Act
    standing: Standing


def show_talks(visit: Visit) -> Response:
    """Show meetings, pledges by number and acts with their standing."""
    with visit.node.transaction() as tx:
        rows = [_meeting(body) for _, body in tx.find("meeting")]
        pledges = sorted((read_pledge(body) for _, body in tx.find("pledge")), key=lambda each: each.number)
        acts = [_act_line(body) for _, body in tx.find("act")]
    return visit.page("talks.html", meetings=rows[::-1], pledges=pledges, acts=acts[::-1])


def show_meeting(visit: Visit) -> Response:
    """Show one meeting: civil day first, delegations by their state, both texts paragraph by paragraph."""
    with visit.node.transaction() as tx:
        body = tx.get("meeting", visit.path["id"])
        meeting, record = _meeting(body)
        own = tx.node.node_id
        sides = [own, *(key for key, _ in tx.find("partner"))]
        pledges = [read_pledge(held) for _, held in tx.find("pledge") if held.get("meeting") == meeting.id]
    delegations = [(side, meeting.delegations.get(side, Delegation())) for side in sides]
    differing = frozenset(record.differing) if record else frozenset()
    return visit.page(
        "meeting.html", meeting=meeting, title=body["title"], record=record, delegations=delegations, pledges=pledges,
        differing=differing, own=own,
    )  # fmt: skip


def _meeting(body: Mapping[str, Any]) -> tuple[Meeting, MinutesRecord | None]:
    record = read_minutes_record(body["minutes"]) if body["minutes"] is not None else None
    return read_meeting(body["meeting"]), record


def _act_line(body: Mapping[str, Any]) -> ActLine:
    act = read_act(body)
    return ActLine(act, standing(act))


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One thing that may go public. key: "act/ID" and the like. numbers: entries it already has.

    blocked: the colour that keeps it in, "" if none. asked_by: officer who asked for publication, "" if nobody.
    """

    key: str
    kind: str
    text: Tongues
    numbers: Sequence[int]
    blocked: str
    asked_by: str
    signed: bool = True


def show_publication(visit: Visit) -> Response:
    """Show what may go public, what stands in its way, and every entry published so far."""
    with visit.node.transaction() as tx:
        entries = [read_entry(body) for body in published.all_entries(tx.conn)]
        rows = public_lines(tx, entries)
    return visit.page(
        "publication.html", rows=rows, entries=entries[::-1], may=visit.officer.role in APPROVERS,
        url=visit.node.settings.public_url,
    )  # fmt: skip


def public_lines(tx: Transaction, entries: Sequence[PublishedEntry]) -> list[PublicLine]:
    """Return every act, pledge, meeting and minutes, in that order."""
    numbers: dict[tuple[str, str], list[int]] = {}
    for entry in entries:
        numbers.setdefault(entry.subject, []).append(entry.number)
    asked = _asked(tx)
    found = []

    def line(kind: str, key: str, text: Tongues, release: Sequence[str], subject: str, signed: bool = True) -> None:
        closed = [colour for colour in release if colour != PUBLIC_COLOUR]
        blocked = closed[0] if closed else ("" if release else "?")
        whole = f"{kind}/{key}"
        found.append(
            PublicLine(whole, kind, text, numbers.get((kind, subject), ()), blocked, asked.get(whole, ""), signed)
        )

    for key, body in tx.find("act"):
        line("act", key, read_act(body).text, body["release"], key)
    for _, body in tx.find("pledge"):
        pledge: Pledge = read_pledge(body)
        line("pledge", pledge.id, pledge.title, body["release"], str(pledge.number))
    for key, body in tx.find("meeting"):
        meeting, record = _meeting(body)
        title = Tongues(en=f"{body['title'] or meeting.place} {meeting.day}")
        line("meeting", key, title, body["release"], meeting.id)
        if record is not None:
            line("minutes", key, title, body["release"], meeting.id, record.state == "countersigned")
    return found


def _asked(tx: Transaction) -> dict[str, str]:
    """Return who asked to publish what, from the log: the one who approves must be another."""
    asked: dict[str, str] = {}
    for event in events_of(tx.conn, "publication."):
        if event["kind"] == "publication.asked":
            asked[str(event["subject"])] = str(event["actor"])
        elif event["kind"] == "publication.entered":
            asked.pop(str(event["subject"]), None)
    return asked


def ask_publication(visit: Visit) -> Response:
    """Ask that something be published; a second officer decides."""
    key = _known(visit)
    with visit.node.transaction() as tx:
        tx.event("publication.asked", visit.officer.id, key)
    return visit.go("/publication", "publication-asked")


def publish(visit: Visit) -> Response:
    """Publish what another officer asked for. Raises DeskRefused when the gate says No."""
    visit.allow(APPROVERS)
    key = _known(visit)
    with visit.node.transaction() as tx:
        asked_by = _asked(tx).get(key, "")
    if not asked_by:
        raise DeskRefused(Refusal("publication-not-asked"))
    kind, _, subject = key.partition("/")
    by = {"officer": asked_by, "approver": visit.officer.id}
    entered = (
        publishing.publish_act(visit.node, subject, **by) if kind == "act"
        else publishing.publish_pledge(visit.node, int(subject.removeprefix("P-")), **by) if kind == "pledge"
        else publishing.publish_meeting(visit.node, subject, **by) if kind == "meeting"
        else publishing.publish_minutes(visit.node, subject, **by)
    )  # fmt: skip
    if isinstance(entered, Refusal):
        raise DeskRefused(entered)
    return visit.go("/publication", "published")


def _known(visit: Visit) -> str:
    key = visit.need("thing")
    with visit.node.transaction() as tx:
        if key not in {each.key for each in public_lines(tx, ())}:
            raise problem(InputUnreadable, "desk-thing-unknown")
    return key


PAGES: Mapping[str, Callable[[Visit], Response]] = {
    "/talks": show_talks,
    "/talks/{id}": show_meeting,
    "/publication": show_publication,
}
FORMS: Mapping[str, Callable[[Visit], Response]] = {
    "/publication/ask": ask_publication,
    "/publication/publish": publish,
}
