"""Record: the public history of cooperation as it was reported, packaged, with the day from which each part may show.

`data/record.yaml` holds the facts (its header says how to read them), `data/asof.yaml` the days and the earlier
wordings, `data/record.zh.yaml` and `data/record.es.yaml` the translations, `data/headings.yaml` short headings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from tidegate.publication.days import day_of, first_day, last_day
from tidegate.publication.translations import Translations
from tidegate.talks.tongues import Tongues

# kind of item in the record, and the field whose first showing lets the whole item show
KINDS: Mapping[str, str] = {
    "events": "text",
    "pledges": "scope",
    "acts": "text",
    "disputes_or_differences": "question",
    "indicators": "definition",
    "corrections": "new",
}
TEXT_FIELDS = ("text", "note", "effect", "scope", "condition", "question", "state", "definition", "old", "new", "why")

# The C loader is several times faster and as safe; a build of PyYAML without it still reads the record.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of a text, and the civil day from which it holds."""

    since: date
    text: Tongues


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read. title: in our words. readable: civil day by which anyone could read it."""

    id: str
    publisher: Tongues
    title: Tongues
    url: str | None
    published: str
    read: str
    kind: str
    language: str
    readable: date


@dataclass(frozen=True, slots=True)
class Item:
    """One event, pledge, act, difference, indicator or correction, as the record holds it.

    fields: the record's own values. versions: for each text field (also "why/PLEDGE" and "readings/N") its wordings,
    oldest first. days: from when other parts may show; a part without a day shows from `settled`, the day on which
    every source could be read.
    """

    id: str
    kind: str
    fields: Mapping[str, Any]
    versions: Mapping[str, tuple[Version, ...]]
    days: Mapping[str, date]
    settled: date
    sources: tuple[str, ...]
    delegations: tuple[tuple[date, Mapping[str, Any]], ...] = ()

    def text(self, field: str, on: date) -> Tongues | None:
        """Return the wording of `field` that holds on the day `on`, or None where none may show yet."""
        held = [version.text for version in self.versions.get(field, ()) if version.since <= on]
        return held[-1] if held else None

    def shows(self, part: str, on: date) -> bool:
        """Tell whether the part (e.g. "counts/0", "confirmed/CN") may show on the day `on`."""
        return self.days.get(part, self.settled) <= on

    @property
    def opens(self) -> date:
        """The first civil day on which the item shows at all."""
        versions = self.versions.get(KINDS[self.kind], ())
        opening = min((version.since for version in versions), default=date.max)
        happened = self.fields.get("date")
        return opening if happened is None else max(opening, first_day(day_of(happened)))


@dataclass(frozen=True, slots=True)
class Expected:
    """An event that was told before its day: from when it was known, in which words, and who was to come."""

    since: date
    text: Tongues
    sources: tuple[str, ...]
    delegations: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """The whole record. as_of: the civil day it was compiled on. items: by kind (see KINDS), in the record's order."""

    as_of: date
    parties: Mapping[str, Tongues]
    pillars: Mapping[str, Tongues]
    sources: Mapping[str, Source]
    items: Mapping[str, tuple[Item, ...]]
    expected: Mapping[str, Expected]
    headings: Mapping[str, Tongues]
    translations: Translations

    def changing_days(self) -> tuple[date, ...]:
        """Return every civil day on which the page may change, in order."""
        days = {source.readable for source in self.sources.values()}
        days |= {expected.since for expected in self.expected.values()}
        for items in self.items.values():
            for item in items:
                days.add(item.settled)
                days.update(item.days.values())
                days.update(version.since for versions in item.versions.values() for version in versions)
                days.update(last_day(day_of(day)) for day in _own_days(item.fields))
        return tuple(sorted(days))


@lru_cache(maxsize=1)
def load_record() -> Record:
    """Return the packaged record. Pure: packaged data only, read once."""
    return build_record(
        _read("record.yaml"), _read("asof.yaml"), _read("headings.yaml"),
        Translations(zh=_read("record.zh.yaml"), es=_read("record.es.yaml")),
    )  # fmt: skip


def build_record(
    facts: Mapping[str, Any], asof: Mapping[str, Any], headings: Mapping[str, Any], translations: Translations
) -> Record:
    """Return the record built from its parsed files (see the module's docstring)."""
    sources = {raw["id"]: _source(raw, asof.get("sources", {}), translations) for raw in facts["sources"]}
    items = {
        kind: tuple(
            _item(kind, raw, asof.get(kind, {}).get(raw["id"], {}), sources, translations) for raw in facts[kind]
        )
        for kind in KINDS
    }
    expected = {
        key: Expected(
            since=raw["from"],
            text=translations.text("expected", key, "text", raw["text"]),
            sources=tuple(raw["sources"]),
            delegations=raw["delegations"],
        )
        for key, raw in asof.get("expected", {}).items()
    }
    return Record(
        as_of=facts["as_of"],
        parties={raw["code"]: Tongues(raw["name"], raw["zh"], raw["es"]) for raw in facts["parties"]},
        pillars={raw["id"]: Tongues(raw["id"], raw["zh"], raw["es"].lower()) for raw in facts["pillars"]},
        sources=MappingProxyType(sources),
        items=MappingProxyType(items),
        expected=MappingProxyType(expected),
        headings={key: Tongues(**texts) for key, texts in headings.items()},
        translations=translations,
    )


def _read(name: str) -> Mapping[str, Any]:
    text = resources.files("tidegate.publication").joinpath("data", name).read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both candidates are safe loaders
    return loaded


def _source(raw: Mapping[str, Any], known_days: Mapping[str, date], translations: Translations) -> Source:
    published = day_of(raw["published"])
    return Source(
        id=raw["id"],
        publisher=translations.word(raw["publisher"]),
        title=translations.text("sources", raw["id"], "title", raw["title"]),
        url=raw["url"],
        published=published,
        read=day_of(raw["read"]),
        kind=raw["kind"],
        language=raw["language"],
        readable=known_days.get(raw["id"], last_day(published)),
    )


def _item(
    kind: str,
    raw: Mapping[str, Any],
    days: Mapping[str, Any],
    sources: Mapping[str, Source],
    translations: Translations,
) -> Item:
    named = tuple(_named_sources(raw))
    settled = max((sources[name].readable for name in named), default=date.min)
    if kind == "corrections":
        settled = min(sources[name].readable for name in named)
    fallback = days.get("all", settled)
    versions = {}
    for field, english, default in _texts(kind, raw, sources):
        rule = days.get(field, days.get("all", default if default is not None else settled))
        versions[field] = _versions(kind, raw["id"], field, english, rule, translations)
    extra = tuple(days.get("sources", ())) + tuple(
        name
        for rule in days.values()
        if isinstance(rule, list)
        for version in rule
        if isinstance(version, Mapping)
        for name in version.get("sources", ())
    )
    own_days = {part: rule for part, rule in days.items() if isinstance(rule, date) and part != "all"}
    return Item(
        id=raw["id"],
        kind=kind,
        fields=raw,
        versions=MappingProxyType(versions),
        days=MappingProxyType(own_days),
        settled=fallback,
        sources=tuple(dict.fromkeys((*named, *extra))),
        delegations=_delegations(raw, days, fallback),
    )


def _versions(
    kind: str, item: str, field: str, english: str, rule: object, translations: Translations
) -> tuple[Version, ...]:
    if isinstance(rule, date):
        return (Version(rule, translations.text(kind, item, field, english)),)
    assert isinstance(rule, list), f"{kind}/{item}/{field}: expected a day or a list of versions"
    made = []
    for version in rule:
        since = version["from"]
        if "text" in version:
            text = translations.text(kind, item, f"{field}@{since}", version["text"])
        else:
            text = translations.text(kind, item, field, english)
        made.append(Version(since, text))
    return tuple(made)


def _texts(kind: str, raw: Mapping[str, Any], sources: Mapping[str, Source]) -> Iterable[tuple[str, str, date | None]]:
    """Yield (field, English text, default day or None for "when every source could be read")."""
    for field in TEXT_FIELDS:
        if isinstance(raw.get(field), str):
            # What is counted, and the question itself, tell nothing: they show as soon as there is something to show.
            early = kind in ("indicators", "disputes_or_differences") and field in ("definition", "question")
            yield field, raw[field], date.min if early else None
    for fulfilment in raw.get("fulfils", ()):
        yield f"why/{fulfilment['pledge']}", fulfilment["why"], None
    for number, reading in enumerate(raw.get("readings", ())):
        yield f"readings/{number}", reading["reading"], max(sources[name].readable for name in reading["sources"])


def _delegations(
    raw: Mapping[str, Any], days: Mapping[str, Any], fallback: date
) -> tuple[tuple[date, Mapping[str, Any]], ...]:
    held = raw.get("delegations")
    if held is None:
        return ()
    rule = days.get("delegations", fallback)
    if isinstance(rule, date):
        return ((rule, held),)
    return tuple((entry["from"], entry if len(entry) > 1 else held) for entry in rule)


def _named_sources(raw: Mapping[str, Any]) -> Iterable[str]:
    yield from raw.get("sources", ())
    for reading in raw.get("readings", ()):
        yield from reading["sources"]
    for value in raw.get("values", ()):
        yield value["source"]


def _own_days(fields: Mapping[str, Any]) -> Sequence[object]:
    dates = [fields.get("date"), fields.get("end"), fields.get("corrected_on"), *fields.get("dates", {}).values()]
    dates += [*fields.get("done", {}).values(), *(step["date"] for step in fields.get("steps", ()))]
    dates += [value["published"] for value in fields.get("values", ())]
    return [day for day in dates if day is not None]
