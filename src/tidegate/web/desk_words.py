"""Words of the desk: what facts, values, kinds, clocks, refusals and events are called in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from tidegate.exchange.kinds.catalogue import KINDS
from tidegate.gate.refusal import Refusal
from tidegate.gate.terms import KindTerms
from tidegate.model.agency import Agency
from tidegate.model.deadline import ClockReading
from tidegate.model.instants import parse_instant
from tidegate.node.node import Transaction
from tidegate.store.officers import all_officers
from tidegate.wording.refusals import refusal_text
from tidegate.wording.sentences import knows, say


class HasProperty(Protocol):
    """A fact of ours or of theirs: it has a name."""

    @property
    def property(self) -> str: ...


Named = TypeVar("Named", bound=HasProperty)

# Words about an agreement that stand as bands in a thread and in the timeline of a case.
WORDS_SHOWN = ("suspended", "resumption_proposed", "resumption_agreed")
# Which shape stands before the word of a clock's state.
CLOCK_SHAPES: Mapping[str, str] = {"running": "running", "stopped": "stopped", "over": "over", "met": "fine"}


def value_words(name: str, value: str, lang: str) -> str:
    """Return a value in words where it is a code of its field, else as it stands."""
    code = f"choice.{value}"
    coded = any(name in kind.fields and kind.fields[name]("\x00") == "value.code" for kind in KINDS.values())
    return say(code, lang) if coded and knows(code) else value


def kind_name(kind: str, lang: str) -> str:
    """Return what a kind of message, or of a word about the link, is called."""
    for code in (f"kind.{kind}", f"link-kind.{kind}"):
        if knows(code):
            return say(code, lang)
    return kind


def in_order(statements: Iterable[Named], kind: str) -> list[Named]:
    """Return facts in the order in which their kind names its fields, unknown ones last."""
    places = {name: place for place, name in enumerate(KINDS[kind].fields)} if kind in KINDS else {}
    return sorted(statements, key=lambda each: places.get(each.property, len(places)))


def choice(code: str, lang: str) -> str:
    """Return a sentence for `code`, or the code itself where there is none: an unknown code is shown, not hidden."""
    return say(code, lang) if knows(code) else code.rpartition(".")[2]


def refusal_sentence(refusal: Refusal, lang: str) -> str:
    """Return a refusal in words; the fields it names are called as the forms call them."""
    return refusal_text(refusal.code, refusal.params, lang)


@dataclass(frozen=True, slots=True)
class ClockWords:
    """One clock as a page shows it. shape: class of the mark. ends: ISO day or ""."""

    kind: str
    title: str
    left: str
    state: str
    shape: str
    ends: str
    sentence: str
    still: bool


def clock_words(reading: ClockReading, terms: KindTerms | None, lang: str) -> ClockWords:
    """Return a clock in words: its window, what is left of it, its state and the day it ends."""
    window = (terms.law if reading.kind == "law" else terms.reply) if terms else None
    unit = window.unit if window else "calendar"
    size = window.days if window else 0
    title = say(f"desk.clock.title.{reading.kind}.{unit}", lang, days=size)
    if reading.state == "over":
        left = say("desk.clock.over", lang)
    elif reading.state == "met":
        left = say("desk.clock.met", lang)
    else:
        left = say(f"desk.clock.left.{unit}", lang, days=reading.days_left)
    return ClockWords(
        kind=reading.kind,
        title=title,
        left=left,
        state=say(f"desk.clock.state.{reading.state}", lang),
        shape=CLOCK_SHAPES[reading.state],
        ends=reading.ends_on.isoformat() if reading.ends_on else "",
        sentence=say(reading.why, lang, **reading.params()),
        still=reading.state != "running",
    )


@dataclass(frozen=True, slots=True)
class EventWords:
    """One event of the log in words. actor: officer's name, partner's name, or "node" in words."""

    at: datetime
    words: str
    actor: str
    kind: str


def event_words(event: Mapping[str, Any], lang: str, who: Callable[[str], str]) -> EventWords:
    """Return an event in words. who: gives the name of an actor."""
    kind = str(event["kind"])
    code = f"event.{kind}"
    facts = dict(event["facts"])
    for name in ("kind", "pillar", "act"):
        if name in facts:
            facts[name] = choice(f"{name}.{facts[name]}", lang)
    try:
        words = say(code, lang, **facts) if knows(code) else kind
    except KeyError:
        words = kind
    return EventWords(parse_instant(str(event["at"])), words, who(str(event["actor"])), kind)


def names_of(tx: Transaction, lang: str) -> dict[str, str]:
    """Return the name of our agency and of every partner's, by node id."""
    names = {tx.node.node_id: tx.node.agency.name(lang)}
    for partner_id, body in tx.find("partner"):
        names[partner_id] = Agency(**body["agency"]).name(lang)
    return names


def actor_names(tx: Transaction, lang: str) -> Callable[[str], str]:
    """Return what gives an actor's name: officers and sides by theirs, the node itself in words."""
    names = {each.id: each.name for each in all_officers(tx.conn)} | names_of(tx, lang)
    own = {"node": say("desk.actor.node", lang), "desk": say("desk.actor.node", lang)}
    return lambda actor: own.get(actor) or names.get(actor, actor)
