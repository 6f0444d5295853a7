"""Publication: acts, pledges, meetings and minutes go through the gate to the public, a recipient like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tidegate.gate.publication import check_publication
from tidegate.gate.refusal import Refusal
from tidegate.model.agency import Agency
from tidegate.node.node import Node, Transaction
from tidegate.publication.entries import Published, PublishedEntry, publish
from tidegate.registers.calendars import find_calendar
from tidegate.store import published
from tidegate.store.seals import seal_row
from tidegate.talks.act import read_act
from tidegate.talks.meeting import read_meeting
from tidegate.talks.minutes import Minutes, read_minutes_record
from tidegate.talks.pledge import read_pledge
from tidegate.talks.tongues import Tongues

PUBLIC_CALENDAR = "monday-friday"


def publish_act(node: Node, act_id: str, *, officer: str, approver: str) -> int | Refusal:
    """Publish an act with its standing and each side's count. Returns the number of the entry."""
    with node.transaction() as tx:
        body = tx.get("act", act_id)
        return _publish(tx, read_act(body), body["release"], officer, approver)


def publish_pledge(node: Node, number: int, *, officer: str, approver: str) -> int | Refusal:
    """Publish a pledge, word for word. Returns the number of the entry."""
    with node.transaction() as tx:
        body = tx.get("pledge", f"{number:04d}")
        return _publish(tx, read_pledge(body), body["release"], officer, approver)


def publish_meeting(node: Node, meeting_id: str, *, officer: str, approver: str) -> int | Refusal:
    """Publish a meeting: day, place, delegations or that they are not announced, agenda."""
    with node.transaction() as tx:
        body = tx.get("meeting", meeting_id)
        return _publish(tx, read_meeting(body["meeting"]), body["release"], officer, approver)


def publish_minutes(node: Node, meeting_id: str, *, officer: str, approver: str) -> int | Refusal:
    """Publish minutes, which must bear both signatures."""
    with node.transaction() as tx:
        body = tx.get("meeting", meeting_id)
        if body["minutes"] is None:
            return Refusal("minutes-not-countersigned", {"meeting": meeting_id})
        record = read_minutes_record(body["minutes"])
        signed = record.state == "countersigned"
        return _publish(tx, record.minutes, body["release"], officer, approver, countersigned=signed)


def correct_act(node: Node, act_id: str, *, number: int, why: Tongues, officer: str, approver: str) -> int | Refusal:
    """Publish an act again as a correction of entry `number`: the page shows old beside new, with day and reason."""
    with node.transaction() as tx:
        body = tx.get("act", act_id)
        return _publish(tx, read_act(body), body["release"], officer, approver, corrects=number, why=why)


def sides_of(tx: Transaction) -> dict[str, Tongues]:
    """Return the names of both sides in three languages, by node id."""
    agencies = {tx.node.node_id: tx.node.agency}
    for partner_id, body in tx.find("partner"):
        agencies[partner_id] = Agency(**body["agency"])
    return {node_id: Tongues(each.name_en, each.name_zh, each.name_es) for node_id, each in agencies.items()}


def _publish(
    tx: Transaction,
    thing: Published,
    colours: Sequence[str],
    officer: str,
    approver: str,
    *,
    countersigned: bool = True,
    corrects: int | None = None,
    why: Tongues | None = None,
) -> int | Refusal:
    kind, subject = subject_of(thing)
    leave = check_publication(
        kind=kind,
        subject=subject,
        colours=colours,
        countersigned=countersigned,
        drafted_by=officer,
        approver=approver,
        now=tx.now,
    )
    if isinstance(leave, Refusal):
        return leave
    number = published.entry_count(tx.conn) + 1
    entry: PublishedEntry = publish(
        thing,
        number=number,
        published=_today(tx),
        by=tx.node.node_id,
        sides=sides_of(tx),
        invented=tx.node.identity.invented,
        corrects=corrects,
        why=why,
    )
    key = f"{number:06d}"
    published.put_entry(tx.conn, key, dict(entry.to_json()))
    seal_row(tx.conn, "published.entry", key, at=tx.now, actor=officer)
    tx.event("publication.entered", leave.drafted_by, f"{kind}/{subject}", number=number, approver=leave.approver)
    return number


def subject_of(thing: Published) -> tuple[str, str]:
    """Return the kind and id under which a document is published."""
    if isinstance(thing, Minutes):
        return "minutes", thing.meeting
    return type(thing).__name__.lower(), str(thing.id)


def _today(tx: Transaction) -> date:
    return find_calendar(PUBLIC_CALENDAR).day_of(tx.now)
