"""What a filed message changes beyond its thread: acts, the list that firms screen with, meetings, minutes, pledges.

The same function serves both sides: the receiver applies a message when it is admitted, the sender when the signed
receipt is back, so that both hold the same acts and minutes or neither does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tidegate.exchange.message import Message, message_from_document
from tidegate.exchange.receipt import Receipt
from tidegate.gate.admission import Admission
from tidegate.node import agreements, messages
from tidegate.node.node import Transaction
from tidegate.registers.calendars import find_calendar
from tidegate.talks.act import Act, Count, Fulfilment, confirm_act, dispute_act, read_act
from tidegate.talks.meeting import Meeting, announce_delegation, read_meeting
from tidegate.talks.minutes import (
    Minutes,
    MinutesRecord,
    countersign_minutes,
    propose_minutes,
    read_minutes_record,
    record_to_json,
)
from tidegate.talks.pledge import Pledge
from tidegate.talks.tongues import Tongues
from tidegate.wording.sentences import LANGUAGES, knows, say

ATTRIBUTION = {"official": "official-on-record", "anonymous_official": "anonymous-official", "press": "press"}
PARAGRAPH_BREAK = "\n\n"


def apply(tx: Transaction, message: Message, admission: Admission, *, sender: str) -> None:
    """Take the effects of an admitted message of a partner."""
    if admission.message_id != message.id:
        raise ValueError("an admission admits one message")
    _take(tx, message, by=sender)


def told(tx: Transaction, draft: Mapping[str, Any], receipt: Receipt) -> None:
    """Take the effects of our own words, now that the partner's receipt is back."""
    received_at = receipt.to_document()["received_at"]
    if draft["kind"] in agreements.CARRIED_BY.values():
        agreements.receipt_came(tx, draft, received_at)
        return
    document = draft["body"].get("message")
    if document is None:
        return
    messages.receipt_came(tx, document, received_at)
    message = message_from_document(document)
    if isinstance(message, Message):
        _take(tx, message, by=tx.node.node_id)


def _take(tx: Transaction, message: Message, *, by: str) -> None:
    taker = _TAKERS.get(message.kind)
    if taker is not None:
        taker(tx, message, by)


def _take_act_report(tx: Transaction, message: Message, by: str) -> None:
    value = message.value
    kind = value("act") or "other"
    act = Act(
        id=message.id,
        by=(by,),
        pillar=message.pillar,
        text=tongues_of(f"act.{kind}") if not value("public_text") else Tongues(en=value("public_text")),
        announced=_day(value("announced_day")),
        in_force=_day(value("in_force_day")),
        effect_seen=_day(value("effect_day")),
        counts=(_count(message, by),),
        fulfils=_fulfils(value("pledge")),
        claimed_by=(by,),
        attribution=ATTRIBUTION[value("attribution") or "official"],
    )
    tx.put("act", act.id, {**act.to_json(), "invented": tx.node.identity.invented, "release": colours(message)})
    tx.event("act.reported", by, act.id, act=kind, pillar=message.pillar)


def _take_act_confirmation(tx: Transaction, message: Message, by: str) -> None:
    about = message.value("about") or ""
    known = dict(tx.find("act")).get(about)
    if known is None:
        return
    act = read_act(known)
    count = _count(message, by) if message.value("count") else None
    disputed = message.value("standing") == "disputed"
    act = dispute_act(act, by, count) if disputed else confirm_act(act, by, count)
    tx.put("act", about, {**act.to_json(), "invented": known["invented"], "release": _join(known, message)})
    tx.event("act.disputed" if disputed else "act.confirmed", by, about)


def _take_company_notice(tx: Transaction, message: Message, by: str) -> None:
    value = message.value
    entry = {
        "kind": "Organization",
        "name": value("name"),
        "name_local": value("name_local") or "",
        "other_names": "; ".join(message.values().get("other_names", ())),
        "registration_number": value("registration") or "",
        "address": value("address") or "",
        "account": value("account") or "",
        "state": value("state"),
        "day": value("state_day") or "",
        "authority": value("authority"),
        "from": by,
        "until": "",
    }
    # "Cleared" is as easy as "closed": the same notice takes the firm off the list again.
    _put_watch(tx, message, entry, listed=value("state") != "cleared")


def _take_payment_block(tx: Transaction, message: Message, by: str) -> None:
    value = message.value
    entry = {
        "kind": "Organization",
        "name": value("holder"),
        "name_local": "",
        "other_names": "",
        "registration_number": value("holder_registration") or "",
        "address": "",
        "account": value("account") or value("wallet") or "",
        "state": value("act_wanted"),
        "day": value("starts"),
        "authority": value("authority"),
        "from": by,
        "until": value("ends"),
    }
    _put_watch(tx, message, entry, listed=True)


def _put_watch(tx: Transaction, message: Message, entry: dict[str, Any], *, listed: bool) -> None:
    tx.put("watch_entry", message.id, {**entry, "listed": listed, "message_id": message.id})
    tx.event("watch.entered" if listed else "watch.cleared", str(entry["from"]), message.id, kind=message.kind)


def _take_invitation(tx: Transaction, message: Message, by: str) -> None:
    value = message.value
    day = date.fromisoformat(value("day") or "")
    meeting = Meeting(
        id=value("meeting") or message.id,
        number=len(tx.find("meeting")) + 1,
        day=day,
        place=value("place") or "",
        starts=datetime(day.year, day.month, day.day, 1, tzinfo=UTC),
        proposed_by=by,
        proposed_on=_today(tx, message.agreement_id),
    )
    tx.put(
        "meeting",
        meeting.id,
        {
            "meeting": meeting.to_json(),
            "title": value("title") or "",
            "minutes": None,
            "invented": tx.node.identity.invented,
            "release": colours(message),
        },
    )
    tx.event("meeting.proposed", by, meeting.id)


def _take_delegation(tx: Transaction, message: Message, by: str) -> None:
    if message.value("announced") != "before_meeting":
        return
    body = tx.get("meeting", message.value("meeting") or "")
    offices = tuple(message.values().get("member_role", ()))
    lead = message.value("head_role") or offices[0]
    meeting = announce_delegation(
        read_meeting(body["meeting"]), by, lead=lead, offices=offices, on=_today(tx, message.agreement_id)
    )
    tx.put("meeting", meeting.id, {**body, "meeting": meeting.to_json(), "release": _join(body, message)})


def _take_agenda(tx: Transaction, message: Message, by: str) -> None:
    body = tx.get("meeting", message.value("meeting") or "")
    values = message.values()
    items = []
    for place, name in enumerate(values.get("item", ())):
        texts = {lang: told[place] for lang in LANGUAGES if len(told := values.get(f"text_{lang}", ())) > place}
        items.append(Tongues(**texts) if texts else Tongues(en=name))
    meeting = replace(read_meeting(body["meeting"]), agenda=tuple(items), agreed_on=None)
    tx.put("meeting", meeting.id, {**body, "meeting": meeting.to_json(), "release": _join(body, message)})
    tx.event("meeting.agenda", by, meeting.id, items=len(items))


def _take_minutes(tx: Transaction, message: Message, by: str) -> None:
    body = tx.get("meeting", message.value("meeting") or "")
    record = propose_minutes(minutes_of(message), by, now=message.created_at)
    tx.put(
        "meeting",
        message.value("meeting") or "",
        {**body, "minutes": record_to_json(record), "minutes_message": message.id, "release": _join(body, message)},
    )
    tx.event("minutes.proposed", by, message.id, digest=record.minutes.digest())


def _take_countersignature(tx: Transaction, message: Message, by: str) -> None:
    meeting_id = message.value("meeting") or ""
    body = tx.get("meeting", meeting_id)
    if body["minutes"] is None:
        return
    record: MinutesRecord = read_minutes_record(body["minutes"])
    if message.value("minutes_digest") != record.minutes.digest():
        tx.event("minutes.differ", by, meeting_id)
        return
    signed = countersign_minutes(record, record.minutes, by, now=message.created_at)
    tx.put("meeting", meeting_id, {**body, "minutes": record_to_json(signed), "release": _join(body, message)})
    tx.event("minutes.countersigned", by, meeting_id, digest=record.minutes.digest())


def _take_pledge(tx: Transaction, message: Message, by: str) -> None:
    value = message.value
    text = Tongues(**{lang: value(f"text_{lang}") for lang in LANGUAGES})
    pledge = Pledge(
        number=int(value("number") or len(tx.find("pledge")) + 1),
        by=(value("pledged_by") or by,),
        title=text,
        scope=text,
        told_by=(by,),
        day=_today(tx, message.agreement_id),
        due=_day(value("due")),
        pillars=tuple(message.values().get("pillar", ())),
        meeting=value("meeting"),
    )
    tx.put(
        "pledge",
        f"{pledge.number:04d}",
        {**pledge.to_json(), "invented": tx.node.identity.invented, "release": colours(message)},
    )
    tx.event("pledge.told", by, pledge.id)


def minutes_of(message: Message) -> Minutes:
    """Return the minutes a message carries: paragraphs are parted by an empty line, in two languages."""
    languages = [lang for lang in LANGUAGES if message.value(f"text_{lang}")][:2]
    texts = [(message.value(f"text_{lang}") or "").split(PARAGRAPH_BREAK) for lang in languages]
    return Minutes(
        meeting=message.value("meeting") or "",
        version=int(message.value("edition") or "1"),
        languages=(languages[0], languages[1]),
        paragraphs=tuple(zip(texts[0], texts[1], strict=True)),
    )


def colours(message: Message) -> list[str]:
    """Return the TLP colours of what a message tells, each once: what the public may see is judged by them."""
    return sorted({each.handling.tlp if each.handling else "RED" for each in message.statements})


def _join(body: Mapping[str, Any], message: Message) -> list[str]:
    return sorted({*body["release"], *colours(message)})


def tongues_of(code: str, **params: object) -> Tongues:
    """Return one wording in all three languages."""
    return Tongues(**{lang: say(code, lang, **params) for lang in LANGUAGES})


def _count(message: Message, by: str) -> Count:
    number, unit = message.value("count"), message.value("unit") or "item"
    words = tongues_of(f"unit.{unit}") if knows(f"unit.{unit}") else Tongues(unit, unit, unit)
    return Count(by, Decimal(number) if number is not None else None, words)


def _fulfils(pledge: str | None) -> tuple[Fulfilment, ...]:
    if pledge is None or not pledge.removeprefix("P-").isdigit():
        return ()
    return (Fulfilment(int(pledge.removeprefix("P-")), "part", tongues_of("act.fulfils-by-own-word")),)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _today(tx: Transaction, agreement_id: str) -> date:
    return find_calendar(agreements.load(tx, agreement_id).agreement.calendar_id).day_of(tx.now)


_TAKERS = {
    "act_report": _take_act_report,
    "act_confirmation": _take_act_confirmation,
    "company_notice": _take_company_notice,
    "payment_block_request": _take_payment_block,
    "meeting_invitation": _take_invitation,
    "meeting_delegation": _take_delegation,
    "meeting_agenda": _take_agenda,
    "minutes_text": _take_minutes,
    "minutes_countersignature": _take_countersignature,
    "pledge_text": _take_pledge,
}
