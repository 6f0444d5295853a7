"""Terms: what an agreement says about one kind of message, and the windows its answers are due in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from tidegate.errors import TidegateError
from tidegate.model.deadline import Unit
from tidegate.wording.problems import problem

PILLARS = ("production", "financing", "distribution", "information")
SilenceRule = Literal["none", "counts_as_no_objection", "counts_as_objection"]
SILENCE_RULES: tuple[SilenceRule, ...] = get_args(SilenceRule)


class AgreementUnreadable(TidegateError):
    """An agreement's text is not in the form this version knows. The text names the place and what was expected."""

    code = "agreement-unreadable"


@dataclass(frozen=True, slots=True)
class Window:
    """A time to answer: `days` of `unit` in the calendar `calendar_id`, counted from the receiver's receipt."""

    days: int
    unit: Unit
    calendar_id: str

    def to_document(self) -> dict[str, object]:
        """Return the window as plain data."""
        return {"calendar": self.calendar_id, "days": self.days, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class LawClock:
    """A window that a law sets and no agreement can stop; `source` names the law, e.g. "21 CFR 1313.12"."""

    days: int
    unit: Unit
    calendar_id: str
    source: str

    def to_document(self) -> dict[str, object]:
        """Return the law's window as plain data."""
        return {"calendar": self.calendar_id, "days": self.days, "source": self.source, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class KindTerms:
    """What may be said in one kind of message.

    fields: properties that may leave; required: those without which nothing leaves. purposes: codes allowed.
    reply: the agreement's window, None if no answer is due. law: the law's window beside it. approvals: officers
    other than the drafter who must agree, 1 or 2. labels: codes printed on every message of the kind, such as
    "trade-secret" (1988 Convention, article 12(11)). majors: versions of the kind both sides can read.
    """

    kind: str
    fields: frozenset[str]
    required: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    reply: Window | None = None
    law: LawClock | None = None
    silence_rule: SilenceRule = "none"
    approvals: int = 1
    text_allowed: bool = False
    labels: tuple[str, ...] = ()
    majors: tuple[int, ...] = (1,)

    def __post_init__(self) -> None:
        if self.approvals not in (1, 2):
            raise problem(AgreementUnreadable, "agreement-text.approvals", subject=self.kind, approvals=self.approvals)
        if self.silence_rule not in SILENCE_RULES:
            raise problem(
                AgreementUnreadable,
                "agreement-text.silence",
                subject=self.kind,
                value=self.silence_rule,
                allowed=", ".join(SILENCE_RULES),
            )
        stray = self.required - self.fields
        if stray:
            raise problem(
                AgreementUnreadable, "agreement-text.stray", subject=self.kind, names=", ".join(sorted(stray))
            )

    def to_document(self) -> dict[str, object]:
        """Return the terms as plain data, every list sorted so that equal terms give equal bytes."""
        return {
            "approvals": self.approvals,
            "fields": sorted(self.fields),
            "labels": sorted(self.labels),
            "law": self.law.to_document() if self.law else None,
            "majors": sorted(self.majors),
            "purposes": sorted(self.purposes),
            "reply": self.reply.to_document() if self.reply else None,
            "required": sorted(self.required),
            "silence_rule": self.silence_rule,
            "text_allowed": self.text_allowed,
        }


def terms_from_document(kind: str, document: Mapping[str, Any]) -> KindTerms:
    """Return the terms of `kind`. Raises AgreementUnreadable naming what is missing or misshapen."""
    try:
        reply, law = document["reply"], document["law"]
        return KindTerms(
            kind=kind,
            fields=frozenset(document["fields"]),
            required=frozenset(document["required"]),
            purposes=frozenset(document["purposes"]),
            reply=_window(kind, reply) if reply is not None else None,
            law=_law(kind, law) if law is not None else None,
            silence_rule=document["silence_rule"],
            approvals=document["approvals"],
            text_allowed=bool(document["text_allowed"]),
            labels=tuple(sorted(document["labels"])),
            majors=tuple(sorted(document["majors"])),
        )
    except (KeyError, TypeError, AttributeError) as exc:
        raise problem(AgreementUnreadable, "agreement-text.terms-fields", subject=kind, why=repr(exc)) from exc


def _window(kind: str, document: Mapping[str, Any]) -> Window:
    return Window(_days(kind, document["days"]), _unit(kind, document["unit"]), str(document["calendar"]))


def _law(kind: str, document: Mapping[str, Any]) -> LawClock:
    days, unit = _days(kind, document["days"]), _unit(kind, document["unit"])
    return LawClock(days, unit, str(document["calendar"]), str(document["source"]))


def _unit(kind: str, unit: object) -> Unit:
    if unit == "working":
        return "working"
    if unit == "calendar":
        return "calendar"
    raise problem(AgreementUnreadable, "agreement-text.unit", subject=kind, unit=repr(unit))


def _days(kind: str, days: object) -> int:
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= 366:
        raise problem(AgreementUnreadable, "agreement-text.window", subject=kind, days=repr(days))
    return days
