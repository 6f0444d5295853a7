"""Kinds of the talks: invitation, delegation, agenda, minutes and their countersignature, pledges."""

from __future__ import annotations

from collections.abc import Sequence

from tidegate.exchange import values as v
from tidegate.exchange.kinds.base import MessageKind, Values, first
from tidegate.gate.refusal import Refusal, refuse

_PILLARS = frozenset({"information"})
_LANGUAGES = ("en", "zh", "es")
_TEXTS = {f"text_{lang}": v.text for lang in _LANGUAGES}


def _check_delegation(values: Values) -> Sequence[Refusal]:
    if first(values, "announced") == "before_meeting" and not values.get("member_role"):
        return (refuse("delegation-empty"),)
    return ()


def _check_minutes(values: Values) -> Sequence[Refusal]:
    told = [lang for lang in _LANGUAGES if values.get(f"text_{lang}")]
    if len(told) < 2:
        return (refuse("minutes-one-language"),)
    return ()


MEETING_INVITATION = MessageKind(
    id="meeting_invitation",
    pillars=_PILLARS,
    fields={
        "meeting": v.reference, "day": v.day, "until": v.day, "place": v.name, "country": v.country,
        "title": v.name, "level": v.name, "form": v.one_of("in_person", "remote"),
    },
    must=frozenset({"meeting", "day", "place", "title"}),
    answered_by=frozenset({"meeting_delegation", "meeting_agenda"}),
    starts_clocks=True,
)  # fmt: skip
MEETING_DELEGATION = MessageKind(
    id="meeting_delegation",
    pillars=_PILLARS,
    fields={
        "meeting": v.reference, "announced": v.one_of("before_meeting", "at_meeting"),
        "head_role": v.name, "member_role": v.name, "agency": v.name, "head_count": v.count,
    },
    must=frozenset({"meeting", "announced"}),
    answered_by=frozenset({"meeting_delegation", "meeting_agenda"}),
    own=_check_delegation,
)  # fmt: skip
MEETING_AGENDA = MessageKind(
    id="meeting_agenda",
    pillars=_PILLARS,
    fields={"meeting": v.reference, "item": v.name, **_TEXTS},
    must=frozenset({"meeting", "item"}),
    answered_by=frozenset({"meeting_agenda"}),
)
MINUTES_TEXT = MessageKind(
    id="minutes_text",
    pillars=_PILLARS,
    fields={"meeting": v.reference, "day": v.day, "edition": v.count, **_TEXTS},
    must=frozenset({"meeting", "day"}),
    answered_by=frozenset({"minutes_text", "minutes_countersignature"}),
    starts_clocks=True,
    own=_check_minutes,
)
MINUTES_COUNTERSIGNATURE = MessageKind(
    id="minutes_countersignature",
    pillars=_PILLARS,
    fields={"meeting": v.reference, "minutes_digest": v.digest, "language": v.one_of(*_LANGUAGES)},
    must=frozenset({"meeting", "minutes_digest"}),
)
PLEDGE_TEXT = MessageKind(
    id="pledge_text",
    pillars=_PILLARS,
    fields={
        "meeting": v.reference, "pledge": v.reference, "number": v.count, "pledged_by": v.reference,
        "pillar": v.one_of("production", "financing", "distribution", "information"), "due": v.day,
        "measure": v.name, **_TEXTS,
    },
    must=frozenset({"pledge", "pledged_by"}),
    one_of=(frozenset(_TEXTS),),
    answered_by=frozenset({"pledge_text", "act_report"}),
)  # fmt: skip
