"""Agreement: what two sides may say to each other, for which purposes, and by when it is answered.

The agreement is a document that both sides sign over its canonical bytes; this module reads and writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tidegate.gate.terms import PILLARS, AgreementUnreadable, KindTerms, terms_from_document
from tidegate.model.agency import Agency
from tidegate.registers.calendars import load_calendars
from tidegate.trust.canonical import digest_hex, dump_canonical
from tidegate.wording.problems import problem

LANGUAGES = ("en", "zh", "es")


@dataclass(frozen=True, slots=True)
class Party:
    """One side: the node that speaks for it and the agency that answers for it."""

    node_id: str
    agency: Agency

    def is_named(self, name: str) -> bool:
        """Tell whether `name` is this party's node or agency id."""
        return name in (self.node_id, self.agency.id)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The terms between two parties.

    version: counts from 1; an amendment is a new version, countersigned anew. suite: 1 or 2 (see trust.envelope).
    pillars: pillar -> kind -> terms. emergency_kinds: kinds that pass even while suspended. third_party_rule: what
    is received stays with the receiver unless its originator consents. valid_from, valid_until: civil days at the
    place of `calendar_id`, both included.
    """

    id: str
    version: int
    title: Mapping[str, str]
    parties: tuple[Party, Party]
    suite: int
    pillars: Mapping[str, Mapping[str, KindTerms]]
    calendar_id: str
    valid_from: date
    valid_until: date
    emergency_kinds: frozenset[str] = frozenset()
    third_party_rule: bool = True
    notes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len({party.node_id for party in self.parties}) != 2 or len(self.parties) != 2:
            raise problem(AgreementUnreadable, "agreement-text.two-parties", agreement=self.id)
        missing = [lang for lang in LANGUAGES if not self.title.get(lang)]
        if missing:
            raise problem(AgreementUnreadable, "agreement-text.no-title", agreement=self.id, langs=", ".join(missing))
        for pillar, kinds in self.pillars.items():
            if pillar not in PILLARS:
                raise problem(
                    AgreementUnreadable,
                    "agreement-text.pillar",
                    agreement=self.id,
                    value=pillar,
                    allowed=", ".join(PILLARS),
                )
            for terms in kinds.values():
                self._check_calendars(terms)
        if self.calendar_id not in load_calendars():
            raise problem(AgreementUnreadable, "agreement-text.calendar", agreement=self.id, calendar=self.calendar_id)
        if self.valid_until < self.valid_from:
            raise problem(AgreementUnreadable, "agreement-text.ends-early", agreement=self.id, until=self.valid_until)

    def _check_calendars(self, terms: KindTerms) -> None:
        for window in (terms.reply, terms.law):
            if window is not None and window.calendar_id not in load_calendars():
                raise problem(
                    AgreementUnreadable, "agreement-text.kind-calendar", subject=terms.kind, calendar=window.calendar_id
                )

    def terms(self, pillar: str, kind: str) -> KindTerms | None:
        """Return the terms of `kind` under `pillar`, or None if the agreement does not have it."""
        return self.pillars.get(pillar, {}).get(kind)

    def cells(self) -> frozenset[tuple[str, str]]:
        """Return every (pillar, kind) of the agreement: what suspension and resumption work on."""
        return frozenset((pillar, kind) for pillar, kinds in self.pillars.items() for kind in kinds)

    def party(self, node_id: str) -> Party | None:
        """Return the party whose node is `node_id`, or None."""
        return next((party for party in self.parties if party.node_id == node_id), None)

    def other(self, node_id: str) -> Party:
        """Return the party facing `node_id`. Raises ValueError if that node is no party."""
        if self.party(node_id) is None:
            raise ValueError(f"{node_id!r} is no party to agreement {self.id}")
        return next(party for party in self.parties if party.node_id != node_id)

    def known_fields(self) -> frozenset[str]:
        """Return every property that any kind of this agreement names."""
        return frozenset(name for kinds in self.pillars.values() for terms in kinds.values() for name in terms.fields)

    def to_document(self) -> dict[str, object]:
        """Return the agreement as plain data: str, int, bool, None, lists and dicts only."""
        return {
            "calendar": self.calendar_id,
            "emergency_kinds": sorted(self.emergency_kinds),
            "id": self.id,
            "notes": dict(self.notes),
            "parties": [_party_document(party) for party in self.parties],
            "pillars": {
                pillar: {kind: terms.to_document() for kind, terms in kinds.items()}
                for pillar, kinds in self.pillars.items()
            },
            "suite": self.suite,
            "third_party_rule": self.third_party_rule,
            "title": {lang: self.title[lang] for lang in LANGUAGES},
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat(),
            "version": self.version,
        }

    def to_bytes(self) -> bytes:
        """Return the canonical bytes that both sides sign."""
        return dump_canonical(self.to_document())

    def digest(self) -> str:
        """Return the digest (hexadecimal) of the canonical bytes: what proposal and countersignature name."""
        return digest_hex(self.to_bytes())


def agreement_from_document(document: Mapping[str, Any]) -> Agreement:
    """Return the agreement in `document`. Raises AgreementUnreadable naming what is missing or misshapen."""
    try:
        first, second = document["parties"]
        return Agreement(
            id=str(document["id"]),
            version=int(document["version"]),
            title=dict(document["title"]),
            parties=(_party(first), _party(second)),
            suite=int(document["suite"]),
            pillars={
                pillar: {kind: terms_from_document(kind, terms) for kind, terms in kinds.items()}
                for pillar, kinds in document["pillars"].items()
            },
            calendar_id=str(document["calendar"]),
            valid_from=date.fromisoformat(document["valid_from"]),
            valid_until=date.fromisoformat(document["valid_until"]),
            emergency_kinds=frozenset(document["emergency_kinds"]),
            third_party_rule=bool(document["third_party_rule"]),
            notes=dict(document["notes"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        raise problem(AgreementUnreadable, "agreement-text.fields", why=repr(exc)) from exc


def _party_document(party: Party) -> dict[str, object]:
    agency = party.agency
    return {
        "agency": agency.id,
        "country": agency.country,
        "name": {"en": agency.name_en, "es": agency.name_es, "zh": agency.name_zh},
        "node": party.node_id,
    }


def _party(document: Mapping[str, Any]) -> Party:
    name = document["name"]
    agency = Agency(str(document["agency"]), name["en"], name["zh"], name["es"], str(document["country"]))
    return Party(str(document["node"]), agency)
