"""The template of an agreement: every kind this version speaks, under the pillars it belongs to, for two sides to cut."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tidegate.cli.agreement_file import write_agreement
from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.gate.agreement import Agreement, Party
from tidegate.gate.terms import PILLARS, KindTerms, Window
from tidegate.model.agency import Agency
from tidegate.wording.sentences import LANGUAGES, say

CALENDAR = "monday-friday"
REPLY_DAYS = 10
YEARS = 3
TALKS = frozenset(
    {
        "meeting_invitation",
        "meeting_delegation",
        "meeting_agenda",
        "minutes_text",
        "minutes_countersignature",
        "pledge_text",
    }
)
PLACEHOLDERS = (
    Agency("our-agency", "Our agency", "我方机构", "Nuestro organismo", "XA"),
    Agency("their-agency", "Their agency", "对方机构", "El otro organismo", "XB"),
)


def template(ours: Agency, theirs: Agency, *, today: date, lang: str, suite: int = 1) -> str:
    """Return the TOML text of a whole agreement between two nodes, named by their agencies' ids, to be cut down."""
    kinds = {kind: say("agreement.template.kind", lang, kind=say(f"kind.{kind}", lang)) for kind in KINDS}
    return write_agreement(
        draft(ours, theirs, today=today, suite=suite), comments=kinds, head=say("agreement.template.head", lang)
    )


def draft(ours: Agency, theirs: Agency, *, today: date, suite: int = 1) -> Agreement:
    """Return an agreement with every kind under every pillar it belongs to, one approval each."""
    return Agreement(
        id=f"{ours.id}-{theirs.id}-{today.year}",
        version=1,
        title={lang: say("agreement.template.title", lang, ours=ours.name(lang), theirs=theirs.name(lang))
               for lang in LANGUAGES},
        parties=(Party(ours.id, ours), Party(theirs.id, theirs)),
        suite=suite,
        pillars={
            pillar: {kind: _terms(kind) for kind, known in KINDS.items() if pillar in known.pillars}
            for pillar in PILLARS
        },
        calendar_id=CALENDAR,
        valid_from=today,
        valid_until=date(today.year + YEARS, 12, 31),
        emergency_kinds=frozenset({"recall"}),
        notes=_notes(),
    )  # fmt: skip


def _terms(kind: str) -> KindTerms:
    known = KINDS[kind]
    return KindTerms(
        kind=kind,
        fields=frozenset(known.fields),
        required=known.must,
        purposes=frozenset({"talks" if kind in TALKS else "prevent-diversion"}),
        reply=Window(REPLY_DAYS, "working", CALENDAR) if known.starts_clocks else None,
    )


def _notes() -> Mapping[str, str]:
    return {lang: say("agreement.template.note", lang) for lang in LANGUAGES}
