"""Message: one typed text in one correspondence, drafted only from a Disclosure.

Evolution: a minor version adds optional fields, which every reader keeps; an unknown major is refused with the known
ones named. Bytes are kept as received, so a reader never rewrites what was signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.exchange.kinds.base import MessageKind, Values
from tidegate.exchange.kinds.catalogue import find_kind
from tidegate.exchange.told import ToldStatement, read_told, tell_statement
from tidegate.gate.disclosure import Disclosure
from tidegate.gate.refusal import Refusal, refuse
from tidegate.gate.terms import KindTerms
from tidegate.model.instants import format_instant, parse_instant
from tidegate.trust.canonical import dump_canonical, load_canonical

_FIELDS = frozenset(
    {
        "agreement",
        "case_ref",
        "correspondence",
        "created_at",
        "digests",
        "id",
        "in_reply_to",
        "kind",
        "labels",
        "language",
        "pillar",
        "purpose",
        "reply",
        "statements",
        "text",
        "withheld_up_to",
    }
)
MOST_STATEMENTS = 5_000
SMALLEST_PADDING = 8


class MessageInvalid(TidegateError):
    """A disclosure cannot be drafted as a message of its kind: a field is missing or misshapen. `refusals` says which."""

    code = "message-invalid"

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(" ".join(refusal.sentence("en") for refusal in refusals))
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. version: "1.0" of `kind`. case_ref: an opaque reference that only the sender can resolve.

    withheld_up_to: so many or fewer statements were withheld (padded, so that the true number stays hidden).
    reply: the windows the answer is due in, as in the agreement, or None. digests: salted digests of everything
    that may be shown later, with decoys. extra: fields of a later minor version, kept as they came.
    """

    id: str
    kind: str
    version: str
    agreement_id: str
    pillar: str
    correspondence_id: str
    in_reply_to: str
    case_ref: str
    purpose: str
    language: str
    created_at: datetime
    statements: tuple[ToldStatement, ...]
    withheld_up_to: int
    text: str = ""
    reply: Mapping[str, Any] | None = None
    labels: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def values(self) -> Values:
        """Return property -> values told, in order of the statements."""
        gathered: dict[str, list[str]] = {}
        for statement in self.statements:
            gathered.setdefault(statement.property, []).append(statement.value)
        return gathered

    def value(self, property_name: str) -> str | None:
        """Return the first value told for `property_name`, or None."""
        told = self.values().get(property_name)
        return told[0] if told else None

    def to_document(self) -> dict[str, Any]:
        """Return the message as plain data, unknown fields included."""
        return {
            **self.extra,
            "agreement": self.agreement_id,
            "case_ref": self.case_ref,
            "correspondence": self.correspondence_id,
            "created_at": format_instant(self.created_at),
            "digests": list(self.digests),
            "id": self.id,
            "in_reply_to": self.in_reply_to,
            "kind": f"{self.kind}@{self.version}",
            "labels": list(self.labels),
            "language": self.language,
            "pillar": self.pillar,
            "purpose": self.purpose,
            "reply": dict(self.reply) if self.reply is not None else None,
            "statements": [statement.to_document() for statement in self.statements],
            "text": self.text,
            "withheld_up_to": self.withheld_up_to,
        }

    def to_bytes(self) -> bytes:
        """Return the canonical bytes of the message."""
        return dump_canonical(self.to_document())


def padded_count(count: int) -> int:
    """Return the least of 8, 16, 32, … that is not below `count`: the true number withheld is itself a leak."""
    padded = SMALLEST_PADDING
    while padded < count:
        padded *= 2
    return padded


def draft_message(
    disclosure: Disclosure,
    *,
    message_id: str,
    correspondence_id: str,
    statement_ids: Mapping[str, str],
    subject_ids: Mapping[str, str],
    created_at: datetime,
    case_ref: str = "",
    language: str = "en",
    salts: Mapping[str, str] | None = None,
    digests: Sequence[str] = (),
) -> Message:
    """Return the message that tells what `disclosure` lets go, and nothing else.

    statement_ids, subject_ids: our id -> the id made for this recipient. salts: new statement id -> salt; digests:
    the salted digest list (trust.salted_digests). Raises MessageInvalid if a field of the kind is missing or
    misshapen: the officer mends the statement, the gate decides anew.
    """
    if not isinstance(disclosure, Disclosure):
        raise TypeError("a message is drafted from a Disclosure and from nothing else")
    kind = kind_of_disclosure(disclosure)
    told = tuple(
        tell_statement(
            statement,
            new_id=statement_ids[statement.id],
            subject=subject_ids[statement.subject],
            salt=(salts or {}).get(statement_ids[statement.id], ""),
        )
        for statement in disclosure.goes
    )
    message = Message(
        id=message_id,
        kind=kind.id,
        version=kind.version,
        agreement_id=disclosure.agreement_id,
        pillar=disclosure.pillar,
        correspondence_id=correspondence_id,
        in_reply_to=disclosure.in_reply_to,
        case_ref=case_ref,
        purpose=disclosure.purpose,
        language=language,
        created_at=created_at,
        # Sorted by the new ids, so that the order tells nothing about ours.
        statements=tuple(sorted(told, key=lambda each: each.id)),
        withheld_up_to=_withheld_up_to(disclosure, len(told), digests),
        text=disclosure.text,
        reply=_reply(disclosure.terms) if kind.starts_clocks else None,
        labels=disclosure.terms.labels,
        digests=tuple(sorted(digests)),
    )
    faults = kind.check(message.values())
    if faults:
        raise MessageInvalid(faults)
    return message


def check_reply(message: Message, terms: KindTerms) -> Refusal | None:
    """Return why the windows in `message` are not those of the agreement, or None if they are.

    Both sides count by the agreement; a message that names another window would be read in two ways.
    """
    kind = find_kind(message.kind, message.version)
    if isinstance(kind, Refusal):
        return kind
    expected = _reply(terms) if kind.starts_clocks else None
    return None if message.reply == expected else refuse("reply-other-window", kind=message.kind)


def kind_of_disclosure(disclosure: Disclosure) -> MessageKind:
    """Return the newest kind both sides can read. Raises MessageInvalid if there is none."""
    found = find_kind(disclosure.kind, f"{max(disclosure.terms.majors)}.0")
    if isinstance(found, Refusal):
        raise MessageInvalid([found])
    return found


def read_message(data: bytes) -> Message | Refusal:
    """Return the message in canonical `data`, or why it cannot be read. Raises NotCanonical for other bytes."""
    document = load_canonical(data)
    if not isinstance(document, Mapping):
        return refuse("message-misshapen", field="message")
    return message_from_document(document)


def message_from_document(document: Mapping[str, Any]) -> Message | Refusal:
    """Return the message in `document`, or why it cannot be read: shape, kind and version, values of the fields."""
    misshapen = _misshapen(document)
    if misshapen is not None:
        return misshapen
    name, _, version = document["kind"].partition("@")
    kind = find_kind(name, version)
    if isinstance(kind, Refusal):
        return kind
    told = [read_told(each) if isinstance(each, Mapping) else None for each in document["statements"]]
    statements = tuple(each for each in told if each is not None)
    if len(statements) != len(told) or len({each.id for each in statements}) != len(statements):
        return refuse("message-misshapen", field="statements")
    try:
        created_at = parse_instant(document["created_at"])
    except InputUnreadable:
        return refuse("message-misshapen", field="created_at")
    message = Message(
        id=document["id"],
        kind=name,
        version=version,
        agreement_id=document["agreement"],
        pillar=document["pillar"],
        correspondence_id=document["correspondence"],
        in_reply_to=document["in_reply_to"],
        case_ref=document["case_ref"],
        purpose=document["purpose"],
        language=document["language"],
        created_at=created_at,
        statements=statements,
        withheld_up_to=document["withheld_up_to"],
        text=document["text"],
        reply=document["reply"],
        labels=tuple(document["labels"]),
        digests=tuple(document["digests"]),
        extra={field_name: value for field_name, value in document.items() if field_name not in _FIELDS},
    )
    if message.pillar not in kind.pillars:
        return refuse("kind-other-pillar", kind=kind.id, pillar=message.pillar[:80])
    faults = kind.check(message.values())
    return faults[0] if faults else message


def _misshapen(document: Mapping[str, Any]) -> Refusal | None:
    """Return the first field that is missing or of another type than a message has."""
    for name in sorted(_FIELDS):
        value = document.get(name)
        if name in ("digests", "labels"):
            fits = isinstance(value, list) and all(isinstance(each, str) for each in value)
        elif name == "statements":
            fits = isinstance(value, list) and len(value) <= MOST_STATEMENTS
        elif name == "withheld_up_to":
            fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        elif name == "reply":
            fits = name in document and (value is None or isinstance(value, Mapping))
        else:
            fits = isinstance(value, str)
        if not fits:
            return refuse("message-misshapen", field=name)
    return None


def _withheld_up_to(disclosure: Disclosure, told: int, digests: Sequence[str]) -> int:
    """Return the padded count; where a digest list is signed, its length already says how many may be withheld."""
    if not digests:
        return padded_count(disclosure.withheld_known)
    if len(digests) < told + disclosure.withheld_known:
        raise ValueError("the digest list is shorter than what is told and withheld together")
    return len(digests) - told


def _reply(terms: KindTerms) -> dict[str, Any] | None:
    """Return the windows with their calendar and rule, kept in the message as the agreement had them that day."""
    if terms.reply is None and terms.law is None:
        return None
    return {
        "agreement": terms.reply.to_document() if terms.reply else None,
        "law": terms.law.to_document() if terms.law else None,
        "silence_rule": terms.silence_rule,
    }
