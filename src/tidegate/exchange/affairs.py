"""Statement of affairs: what two sides have in common on one day, which both compute to the same bytes.

Only shared knowledge stands in it: what was sent and receipted, what is open, when it is due. Drafts, queues and
whatever one side alone knows do not, so that either side may show it, and a difference is a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tidegate.exchange.correspondence import Correspondence, read_clocks
from tidegate.gate.agreement_state import AgreementState
from tidegate.registers.calendars import find_calendar
from tidegate.trust.canonical import digest_hex, dump_canonical
from tidegate.wording.sentences import say

AFFAIRS_VERSION = 1


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction of the link: up to which number `sender`'s items are receipted, and the log head in the receipt.

    log_size, log_root: of the receiver's copy of the link log, as named in the last signed receipt.
    """

    sender: str
    generation: int
    acknowledged: int
    log_size: int
    log_root: str


def statement_of_affairs(
    agreement: AgreementState,
    directions: Sequence[Direction],
    correspondences: Sequence[Correspondence],
    *,
    as_of: datetime,
) -> dict[str, Any]:
    """Return the statement as plain data. Equal knowledge gives equal documents, whoever computes it.

    as_of: an instant both sides name; only its civil day in the agreement's calendar enters. A thread whose first
    message is not yet receipted is no shared knowledge and is left out. Raises ValueError for two of one direction.
    """
    if len({direction.sender for direction in directions}) != len(directions):
        raise ValueError("a direction of the link stands twice")
    terms = agreement.agreement
    parties = (terms.parties[0].node_id, terms.parties[1].node_id)
    own = [each for each in correspondences if each.agreement_id == terms.id and each.opened_at is not None]
    threads = [_thread(each, agreement, parties, as_of) for each in own if each.state != "closed"]
    return {
        "v": AFFAIRS_VERSION,
        "agreement": {
            "digest": terms.digest(),
            "id": terms.id,
            "state": agreement.lifecycle,
            "suspended": [list(cell) for cell in sorted(agreement.stopped_cells())],
            "version": terms.version,
        },
        "as_of": find_calendar(terms.calendar_id).day_of(as_of).isoformat(),
        "correspondences": sorted(threads, key=lambda each: str(each["id"])),
        "directions": [
            {
                "acknowledged": direction.acknowledged,
                "generation": direction.generation,
                "log_root": direction.log_root,
                "log_size": direction.log_size,
                "sender": direction.sender,
            }
            for direction in sorted(directions, key=lambda each: each.sender)
        ],
    }


def affairs_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a statement of affairs."""
    return dump_canonical(dict(document))


def affairs_digest(document: Mapping[str, Any]) -> str:
    """Return the digest (hexadecimal) that both sides exchange and read aloud."""
    return digest_hex(affairs_bytes(document))


def render_affairs(document: Mapping[str, Any], lang: str) -> list[str]:
    """Return the statement as sentences in `lang`, one a line, the digest last."""
    agreement = document["agreement"]
    lines = [
        say("affairs.head", lang, agreement=agreement["id"], version=agreement["version"], day=document["as_of"]),
        say(f"affairs.state.{agreement['state']}", lang),
    ]
    for pillar, kind in agreement["suspended"]:
        names = {"pillar": say(f"pillar.{pillar}", lang), "kind": say_kind(kind, lang)}
        lines.append(say("affairs.suspended", lang, **names))
    for direction in document["directions"]:
        lines.append(say("affairs.direction", lang, **direction))
    if not document["correspondences"]:
        lines.append(say("affairs.nothing-open", lang))
    for thread in document["correspondences"]:
        lines.extend(_render_thread(thread, lang))
    lines.append(say("affairs.digest", lang, digest=affairs_digest(document)))
    return lines


def say_kind(kind: str, lang: str) -> str:
    """Return the name of a message kind in `lang`."""
    return say(f"kind.{kind}", lang)


def _thread(
    thread: Correspondence, agreement: AgreementState, parties: tuple[str, str], as_of: datetime
) -> dict[str, Any]:
    calendar = find_calendar(agreement.agreement.calendar_id)
    due = {
        reading.kind: {"ends_on": reading.ends_on.isoformat() if reading.ends_on else "", "state": reading.state}
        for reading in read_clocks(thread, agreement, now=as_of)
    }
    receipted = [turn for turn in thread.turns if turn.at is not None]
    opened_at = thread.opened_at
    answered = any(turn.message_id == thread.answered_by for turn in receipted)
    silent = not answered and due.get("agreement", {}).get("state") == "over"
    last = receipted[-1].by
    return {
        "due": due,
        "id": thread.id,
        "kind": thread.kind,
        "opened_by": thread.opened_by,
        "opened_on": calendar.day_of(opened_at).isoformat() if opened_at is not None else "",
        "pillar": thread.pillar,
        "state": "answered" if answered else "silent" if silent else "opened",
        "turn": parties[1] if last == parties[0] else parties[0],
        "turns": len(receipted),
    }


def _render_thread(thread: Mapping[str, Any], lang: str) -> list[str]:
    facts = {name: thread[name] for name in ("id", "opened_on", "opened_by", "turn")}
    line = say(f"affairs.thread.{thread['state']}", lang, kind=say_kind(thread["kind"], lang), **facts)
    dues = []
    for clock in ("agreement", "law"):
        if clock in thread["due"]:
            reading = thread["due"][clock]
            dues.append("  " + say(f"affairs.due.{clock}.{reading['state']}", lang, day=reading["ends_on"]))
    return [line, *dues]
