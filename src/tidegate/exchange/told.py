"""ToldStatement: a statement as it crosses the wire, under ids of its own for this recipient.

Our ids, our source text and our other recipients never cross. The receiver keeps what is told as a statement of its
originator, with the handling told.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tidegate.model.handling import Handling
from tidegate.model.instants import format_instant
from tidegate.model.statement import Statement
from tidegate.trust.canonical import dump_canonical

_HANDLING_FIELDS = frozenset(
    {
        "do_not_tell_subject",
        "info_grade",
        "originator",
        "originator_control",
        "purposes",
        "retain_until",
        "source_grade",
        "third_party_rule",
        "tlp",
    }
)
_FIELDS = frozenset({"handling", "id", "language", "property", "salt", "subject", "value"})


@dataclass(frozen=True, slots=True)
class ToldStatement:
    """One fact as told. salt: opens its digest in the message's digest list, "" if there is none.

    extra: fields of a later minor version, kept as they came.
    """

    id: str
    subject: str
    property: str
    value: str
    handling_document: Mapping[str, Any]
    salt: str = ""
    language: str = "und"
    extra: Mapping[str, Any] = field(default_factory=dict)

    @builtins.property  # the field `property` hides the name in this class
    def handling(self) -> Handling | None:
        """Return the handling told, or None if any part of it is unknown here: then nothing may be filed."""
        return read_handling(self.handling_document)

    def to_document(self) -> dict[str, Any]:
        """Return the told statement as plain data."""
        return {**self.extra, **self._core(), "salt": self.salt}

    def to_item(self) -> bytes:
        """Return the canonical bytes whose salted digest stands in the message's digest list."""
        return dump_canonical(self._core())

    def to_statement(self, *, new_id: str, subject: str, source: str, now: datetime) -> Statement:
        """Return the statement to keep in our own node. Raises ValueError if its handling cannot be read."""
        handling = self.handling
        if handling is None:
            raise ValueError(f"told statement {self.id}: a handling that cannot be read is never filed")
        return Statement(
            new_id, subject, self.property, self.value, handling, source, format_instant(now), self.language
        )

    def _core(self) -> dict[str, Any]:
        return {
            "handling": dict(self.handling_document),
            "id": self.id,
            "language": self.language,
            "property": self.property,
            "subject": self.subject,
            "value": self.value,
        }


def tell_statement(statement: Statement, *, new_id: str, subject: str, salt: str = "") -> ToldStatement:
    """Return `statement` as told under `new_id` about `subject`, both made for this recipient alone."""
    return ToldStatement(
        id=new_id,
        subject=subject,
        property=statement.property,
        value=statement.value,
        handling_document=write_handling(statement.handling),
        salt=salt,
        language=statement.language,
    )


def write_handling(handling: Handling) -> dict[str, Any]:
    """Return the part of a handling that the receiver must obey; embargo and other recipients stay with us."""
    return {
        "do_not_tell_subject": handling.do_not_tell_subject,
        "info_grade": handling.info_grade,
        "originator": handling.originator,
        "originator_control": handling.originator_control,
        "purposes": sorted(handling.purposes),
        "retain_until": handling.retain_until.isoformat() if handling.retain_until else "",
        "source_grade": handling.source_grade,
        "third_party_rule": handling.third_party_rule,
        "tlp": handling.tlp,
    }


def read_handling(document: Mapping[str, Any]) -> Handling | None:
    """Return the handling in `document`, or None if a part is missing, unknown or misshapen."""
    if set(document) != _HANDLING_FIELDS:
        return None
    flags = [document[name] for name in ("do_not_tell_subject", "originator_control", "third_party_rule")]
    purposes = document["purposes"]
    if not all(isinstance(flag, bool) for flag in flags) or not isinstance(purposes, list):
        return None
    named = ("info_grade", "originator", "retain_until", "source_grade", "tlp")
    texts = [*(document[name] for name in named), *purposes]
    if not all(isinstance(each, str) for each in texts):
        return None
    try:
        return Handling(
            originator=document["originator"],
            tlp=document["tlp"],
            source_grade=document["source_grade"],
            info_grade=document["info_grade"],
            purposes=frozenset(purposes),
            originator_control=document["originator_control"],
            third_party_rule=document["third_party_rule"],
            do_not_tell_subject=document["do_not_tell_subject"],
            retain_until=date.fromisoformat(document["retain_until"]) if document["retain_until"] else None,
        )
    except ValueError:
        return None


def read_told(document: Mapping[str, Any]) -> ToldStatement | None:
    """Return the told statement in `document`, or None if it has not the shape of one."""
    handling = document.get("handling")
    texts = {name: document.get(name) for name in ("id", "language", "property", "salt", "subject", "value")}
    if not isinstance(handling, Mapping) or not all(isinstance(text, str) for text in texts.values()):
        return None
    extra = {name: value for name, value in document.items() if name not in _FIELDS}
    return ToldStatement(
        id=document["id"],
        subject=document["subject"],
        property=document["property"],
        value=document["value"],
        handling_document=dict(handling),
        salt=document["salt"],
        language=document["language"],
        extra=extra,
    )
