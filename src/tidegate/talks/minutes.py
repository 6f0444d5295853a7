"""Minutes: numbered paragraphs in two languages of equal standing, and their countersignature.

A signature binds both texts at once: the digest is over the canonical bytes of all paragraphs in both languages.
To change a word is to make the next version.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tidegate.errors import InputUnreadable
from tidegate.model.instants import format_instant, parse_instant
from tidegate.talks.reading import (
    DocumentUnreadable,
    as_object,
    need,
    need_int,
    need_list,
    need_some,
    need_text,
)
from tidegate.trust.canonical import digest_hex, dump_canonical
from tidegate.wording.problems import problem
from tidegate.wording.sentences import LANGUAGES


class VersionMismatch(InputUnreadable):
    """Two texts compared are not the same version of the same meeting's minutes. Compare equal versions."""

    code = "minutes-version-mismatch"


@dataclass(frozen=True, slots=True)
class Minutes:
    """One version of one meeting's minutes.

    languages: the two languages, in the order they are shown. paragraphs: one pair of texts per paragraph, in order;
    paragraph 1 is the first. Texts are kept letter for letter.
    """

    meeting: str
    version: int
    languages: tuple[str, str]
    paragraphs: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        first, second = self.languages
        if first == second or not {first, second} <= set(LANGUAGES):
            raise ValueError(f"minutes need two different languages of {', '.join(LANGUAGES)}")
        if self.version < 1:
            raise ValueError("versions of minutes count from 1")
        if not self.paragraphs or not all(text.strip() for pair in self.paragraphs for text in pair):
            raise ValueError("minutes need at least one paragraph, each with words in both languages")

    def to_json(self) -> dict[str, object]:
        """Return both texts as plain data; these are the bytes that a signature binds."""
        return {
            "meeting": self.meeting,
            "version": self.version,
            "languages": list(self.languages),
            "paragraphs": [
                {"number": number, "texts": dict(zip(self.languages, pair, strict=True))}
                for number, pair in enumerate(self.paragraphs, start=1)
            ],
        }

    def digest(self) -> str:
        """Return the SHA-256 of the canonical bytes of both texts, as 64 hex digits."""
        return digest_hex(dump_canonical(self.to_json()))


@dataclass(frozen=True, slots=True)
class Signature:
    """One side's signature of one version: the digest it signed and when. The seal itself is kept by trust."""

    side: str
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MinutesRecord:
    """One version on its way: "proposed", "countersigned" by both sides, or "differs".

    differing: numbers of the paragraphs that differ in either language; only for state "differs".
    """

    minutes: Minutes
    signatures: tuple[Signature, ...]
    state: str = "proposed"
    differing: tuple[int, ...] = ()


def propose_minutes(minutes: Minutes, side: str, *, now: datetime) -> MinutesRecord:
    """Return the record of a version that `side` proposes and has signed."""
    return MinutesRecord(minutes, (Signature(side, minutes.digest(), now),))


def countersign_minutes(record: MinutesRecord, theirs: Minutes, side: str, *, now: datetime) -> MinutesRecord:
    """Return the record after `side` answers with the text it holds.

    Equal digests give "countersigned"; unequal ones give "differs" with the paragraphs named, and no signature is
    added. Only a proposed record can be countersigned, and not by the side that proposed it.
    Raises VersionMismatch if `theirs` is another version or meeting.
    """
    if record.state != "proposed":
        raise ValueError(f"minutes that are {record.state} cannot be countersigned; make the next version")
    if any(signature.side == side for signature in record.signatures):
        raise ValueError(f"{side} has signed this version already; the other side countersigns")
    differing = differing_paragraphs(record.minutes, theirs)
    digest = theirs.digest()
    if digest == record.minutes.digest():
        return replace(record, state="countersigned", signatures=(*record.signatures, Signature(side, digest, now)))
    return replace(record, state="differs", differing=differing)


def differing_paragraphs(ours: Minutes, theirs: Minutes) -> tuple[int, ...]:
    """Return the numbers of paragraphs whose text differs in either language, in order.

    A paragraph that only one of the two texts has differs too. Raises VersionMismatch.
    """
    if (ours.meeting, ours.version) != (theirs.meeting, theirs.version):
        raise problem(
            VersionMismatch,
            "talks.versions-differ",
            ours=ours.version,
            theirs=theirs.version,
            our_version=ours.version,
            our_meeting=ours.meeting,
            their_version=theirs.version,
            their_meeting=theirs.meeting,
        )
    longest = max(len(ours.paragraphs), len(theirs.paragraphs))
    same_order = set(ours.languages) == set(theirs.languages)
    return tuple(
        number
        for number in range(1, longest + 1)
        if not same_order or _paragraph(ours, number) != _paragraph(theirs, number)
    )


def read_minutes(value: object) -> Minutes:
    """Return the minutes that `value` (plain JSON data) holds. Raises DocumentUnreadable, naming the field."""
    document = as_object(value, "text of minutes")
    languages = need_some(document, "languages")
    if len(languages) != 2:
        raise problem(DocumentUnreadable, "talks.two-languages", field="languages", count=len(languages))
    pairs: list[tuple[str, str]] = []
    for number, item in enumerate(need_list(document, "paragraphs"), start=1):
        if need_int(item, "number") != number:
            raise problem(DocumentUnreadable, "talks.paragraph-order", field="paragraphs", number=number)
        texts = need(item, "texts")
        pairs.append((need_text(texts, languages[0]), need_text(texts, languages[1])))
    try:
        return Minutes(
            meeting=need_text(document, "meeting"),
            version=need_int(document, "version"),
            languages=(languages[0], languages[1]),
            paragraphs=tuple(pairs),
        )
    except ValueError as exc:
        raise problem(DocumentUnreadable, "talks.paragraphs", field="paragraphs", why=exc) from exc


def record_to_json(record: MinutesRecord) -> dict[str, object]:
    """Return the record as plain data."""
    return {
        "minutes": record.minutes.to_json(),
        "signatures": [
            {"side": item.side, "digest": item.digest, "at": format_instant(item.at)} for item in record.signatures
        ],
        "state": record.state,
        "differing": list(record.differing),
    }


def read_minutes_record(value: object) -> MinutesRecord:
    """Return the record that `value` holds. Raises DocumentUnreadable for an unknown state or a digest not its own."""
    document = as_object(value, "record of minutes")
    minutes = read_minutes(need(document, "minutes"))
    state = need_text(document, "state")
    if state not in ("proposed", "countersigned", "differs"):
        raise problem(DocumentUnreadable, "talks.state-unknown", field="state", state=state)
    signatures = tuple(
        Signature(need_text(item, "side"), need_text(item, "digest"), parse_instant(need_text(item, "at")))
        for item in need_list(document, "signatures")
    )
    if any(signature.digest != minutes.digest() for signature in signatures):
        raise problem(DocumentUnreadable, "talks.signature-other", field="signatures")
    differing = tuple(item for item in need_list(document, "differing") if isinstance(item, int))
    return MinutesRecord(minutes, signatures, state, differing)


def _paragraph(minutes: Minutes, number: int) -> dict[str, str] | None:
    if number > len(minutes.paragraphs):
        return None
    return dict(zip(minutes.languages, minutes.paragraphs[number - 1], strict=True))
