"""What an index needs of the names of a list: of each form what tells it from others, its doors, and its packed values.

A share of the names is read alone, here or by another process, as plain values; the forms themselves can be read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

from tidegate.screening.name_keys import NameForm, analyse
from tidegate.screening.name_kinds import as_kind
from tidegate.screening.name_lexicon import CORE, TRADE
from tidegate.screening.name_pack import SKIPPED, Pack, pack_forms, token_flags, token_initial
from tidegate.screening.name_respelled import spelled_brands
from tidegate.screening.name_token import usual_text
from tidegate.screening.watchlist import ListedParty

Name = tuple[str, str | None]  # as written, and the kind of its party
# What tells one entry from another, its doors, its syllable readings, its core words, the text of its 3-grams.
Entry = tuple[tuple[object, ...], list[str], list[str], list[str], str]


@dataclass(frozen=True, slots=True)
class Share:
    """Names that were read, the number of forms of each, and all forms in order. forms: empty where another read them."""

    names: Sequence[Name]
    counts: Sequence[int]
    entries: Sequence[Entry]
    pack: Pack
    forms: Sequence[NameForm] = ()


class ReadForms(Sequence[NameForm]):
    """The forms of an index in order; one that is not at hand is read again from its name when it is asked for.

    holders, places: of each entry its parties with the name as written, and which form of the first of these it is.
    """

    __slots__ = ("_holders", "_made", "_parties", "_places")

    def __init__(
        self,
        parties: Sequence[ListedParty],
        holders: Sequence[Sequence[tuple[int, str]]],
        places: Sequence[int],
        made: Mapping[int, NameForm],
    ) -> None:
        self._parties, self._holders, self._places, self._made = parties, holders, places, dict(made)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> NameForm: ...

    @overload
    def __getitem__(self, at: slice) -> list[NameForm]: ...

    def __getitem__(self, at: int | slice) -> NameForm | list[NameForm]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        form = self._made.get(at)
        if form is None:
            party, name = self._holders[at][0]
            form = self._made[at] = read_forms(name, self._parties[party].kind or None)[self._places[at]]
        return form


@dataclass(slots=True)
class Shares:
    """Shares together: where the forms of each name stand among those of all."""

    entries: list[Entry] = field(default_factory=list)
    forms: list[NameForm | None] = field(default_factory=list)
    packs: list[Pack] = field(default_factory=list)
    where: dict[Name, range] = field(default_factory=dict)

    def add(self, share: Share) -> None:
        """Put the names of `share` behind those before."""
        at = len(self.entries)
        for name, count in zip(share.names, share.counts, strict=True):
            self.where[name] = range(at, at + count)
            at += count
        self.entries += share.entries
        self.forms += share.forms or [None] * len(share.entries)
        self.packs.append(share.pack)


def read_share(names: Sequence[Name]) -> Share:
    """Return what an index needs of `names`."""
    counts: list[int] = []
    forms: list[NameForm] = []
    for name in names:
        found = read_forms(*name)
        counts.append(len(found))
        forms += found
    entries: list[Entry] = []
    twins: dict[int, Entry] = {}  # a name of a told kind has the very tokens that it has of an untold one
    for form in forms:
        twin = twins.get(id(form.tokens))
        if twin is not None and twin[0][2:4] == (form.han, len(form.syllables)) and twin[0][4] == form.legal_classes:
            entries.append(((form.kind, *twin[0][1:]), *twin[1:]))
        else:
            twins[id(form.tokens)] = entry = _entry(form)
            entries.append(entry)
    return Share(names, counts, entries, pack_forms(forms), forms)


def read_forms(name: str, kind: str | None) -> tuple[NameForm, ...]:
    """Return the forms of `name` as of this kind and as of an untold one: a query does not always tell what it is."""
    untold = analyse(name)
    # A firm by its own words ("… Co., Ltd") has the same forms either way.
    if kind is None or (kind == "firm" and all(form.kind == "firm" for form in untold)):
        return untold
    return (*(as_kind(untold, kind) or analyse(name, kind)), *untold)


def _entry(form: NameForm) -> Entry:
    words = [token.text for token in form.tokens]
    key = (form.kind, tuple(words), form.han, len(form.syllables), form.legal_classes)
    core = [token.text for token in form.tokens if token.kind == CORE]
    doors = form_doors(form)
    if form.han:
        doors += ["r:" + brand for brand in spelled_brands(form)]
    return key, doors, form_readings(form), core, gram_text(form)


def gram_text(form: NameForm) -> str:
    """Return the text whose 3-grams stand for `form`: the core run together, then every word in order."""
    return f"^{form.core}^{' '.join(sorted(map(usual_text, form.tokens)))}$"


def form_readings(form: NameForm) -> list[str]:
    """Return the syllable readings by which Chinese and Korean names are found in any spelling."""
    return list(dict.fromkeys(group for token in form.syllables for group in token.groups)) if form.syllables else []


def form_doors(form: NameForm) -> list[str]:
    """Return the exact keys of `form`."""
    texts = [token.text for token in form.tokens]
    doors = ["c:" + form.core, "w:" + " ".join(sorted(texts)), "a:" + "".join(texts)]
    if form.han:
        doors.append("h:" + form.han)
    if form.syllables:
        doors.append("s:" + " ".join(sorted([token.text for token in form.syllables])))
    bones = sorted([token.bones for token in form.tokens if token.kind == CORE])
    if len(bones) >= 2:
        doors.append("b:" + " ".join(bones))
    letters = _letters(form)
    if letters:
        doors.append("i:" + letters)
    return doors  # each begins otherwise, so none stands there twice


def _letters(form: NameForm) -> str:
    """Return the first letters of four to six words, one of them a trade, or the one word that may be such; or ""."""
    tokens = form.tokens
    if len(tokens) == 1:
        word = tokens[0].text
        return word if tokens[0].kind == CORE and 4 <= len(word) <= 6 else ""
    if not 4 <= len(tokens) <= 12 or all(token.kind != TRADE for token in tokens):
        return ""
    found = [token_initial(token) for token in tokens if not token_flags(token) & SKIPPED]
    return "".join(map(chr, found)) if 4 <= len(found) <= 6 and max(found) < 128 else ""
