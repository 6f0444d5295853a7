"""NameIndex: every listed name in canonical form, with the doors by which a query finds it.

Doors: character 3-grams and syllable readings (nearest 20), the same letters run together, the same words in any
order, the same consonants (Arabic), the same Han, and identifiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tidegate.screening.batches import collector_at_rest
from tidegate.screening.finding import Reason
from tidegate.screening.kernel import GRAMS, NATIVE, GramIndex, Ints, build_gram_index, gram_rows
from tidegate.screening.name_batch import Prepared, prepare
from tidegate.screening.name_common import judge_common
from tidegate.screening.name_entries import (
    Name,
    ReadForms,
    Share,
    Shares,
    form_doors,
    form_readings,
    gram_text,
    read_share,
)
from tidegate.screening.name_evidence import PartyEvidence, identifier_keys
from tidegate.screening.name_keys import NameForm, analyse
from tidegate.screening.name_pack import Pack, join_packs, native_scores, pack_forms, score_pairs
from tidegate.screening.name_respelled import respelled, spelled_brands
from tidegate.screening.name_score import Pair, compare_forms
from tidegate.screening.watchlist import ListedParty, Watchlist

CANDIDATES = 20
LEAST_COSINE = 0.15
DOOR_LIMIT = 40  # names behind one exact key that are looked at; beyond that the name is common anyway


@dataclass(slots=True)
class NameIndex:
    """Parties of one or more watchlists, ready to be searched. Build with `build_index`; treat as frozen."""

    watchlists: tuple[Watchlist, ...]
    parties: list[ListedParty] = field(default_factory=list)
    forms: Sequence[NameForm] = field(default_factory=list)
    holders: list[list[tuple[int, str]]] = field(default_factory=list)  # entry -> (party, name as written)
    doors: dict[str, list[int]] = field(default_factory=dict)
    identifiers: dict[str, list[int]] = field(default_factory=dict)
    features: dict[str, int] = field(default_factory=dict)
    word_parties: dict[str, int] = field(default_factory=dict)
    grams: GramIndex | None = None
    pack: Pack | None = None
    places: list[int] = field(default_factory=list)  # entry -> which form of the name of its first holder it is

    def entry_name(self, entry: int, party: int) -> str:
        """Return the name as the list writes it, for the entry that matched."""
        return next((name for holder, name in self.holders[entry] if holder == party), self.parties[party].name)

    def by_identifier(self, known: PartyEvidence) -> list[tuple[int, int]]:
        """Return (party, -1) of parties that hold one of the identifiers in `known`."""
        numbers = [number for key in identifier_keys(known.identifiers) for number in self.identifiers.get(key, ())]
        return [(number, -1) for number in dict.fromkeys(numbers)]

    def commonness(
        self, query: NameForm, listed: NameForm, pairs: Sequence[Pair], *, by_syllable: bool
    ) -> tuple[bool, tuple[Reason, ...]]:
        """Tell whether what the two names share is borne by many, and say so."""
        return judge_common(query, listed, pairs, self.word_parties, len(self.parties), by_syllable=by_syllable)


def build_index(watchlists: Iterable[Watchlist], read: Iterable[Share] = ()) -> NameIndex:
    """Return the index of all parties of `watchlists`, in their order.

    read: names that were read before, in the order of listed_names; the others are read here.
    """
    lists = tuple(watchlists)
    with collector_at_rest():
        shares = Shares()
        for share in read:
            shares.add(share)
        left = [name for name in listed_names(lists) if name not in shares.where]
        if left:
            shares.add(read_share(left))
        return _build(lists, shares)


def listed_names(watchlists: Iterable[Watchlist]) -> list[Name]:
    """Return every distinct name with the kind of its party."""
    parties = (party for watchlist in watchlists for party in watchlist.parties)
    return list(
        dict.fromkeys((name, party.kind or None) for party in parties for name in (*party.names, *party.weak_names))
    )


def _build(lists: tuple[Watchlist, ...], shares: Shares) -> NameIndex:
    index = NameIndex(lists)
    chosen: list[int] = []  # of each entry, its form among those of the shares
    known: dict[tuple[object, ...], int] = {}
    doors, holders, places = index.doors, index.holders, index.places
    entries, where = shares.entries, shares.where
    for watchlist in lists:
        for party in watchlist.parties:
            number = len(index.parties)
            index.parties.append(party)
            kind = party.kind or None
            words: set[str] = set()
            for name in (*party.names, *party.weak_names):
                for place, form in enumerate(where[name, kind]):
                    key, its_doors, _, core, _ = entries[form]
                    entry = known.setdefault(key, len(chosen))
                    if entry == len(chosen):
                        chosen.append(form)
                        holders.append([])
                        places.append(place)
                        for door in its_doors:
                            doors.setdefault(door, []).append(entry)
                    holders[entry].append((number, name))
                    words.update(core)
            for word in words:
                index.word_parties[word] = index.word_parties.get(word, 0) + 1
            if party.identifiers:
                for key_text in identifier_keys(party.identifiers):
                    index.identifiers.setdefault(key_text, []).append(number)
    made = {entry: one for entry, at in enumerate(chosen) if (one := shares.forms[at]) is not None}
    index.forms = ReadForms(index.parties, holders, places, made)
    features = index.features
    extra = [[features.setdefault(name, GRAMS + len(features)) for name in entries[at][2]] for at in chosen]
    index.pack = join_packs(shares.packs, chosen)
    index.grams = build_gram_index(gram_rows([entries[at][4] for at in chosen], extra), GRAMS + len(features))
    return index


class Candidate(NamedTuple):
    """A listed party that a name may stand for: by which entry, and the forms of both names.

    pack and row: where the asked name stands packed; None where the reference compares.
    """

    score: float
    party: int
    entry: int
    query: NameForm
    listed: NameForm
    pack: Pack | None
    row: int


def find_names(
    names: Sequence[str], index: NameIndex, *, threshold: float = 0.0, kinds: Sequence[str | None] | None = None
) -> list[list[Candidate]]:
    """Return for each name its candidates, one a party, best first. kinds: what each name is, where known.

    Plain names are made ready natively where that can be done; the rest, and all that come near a listed name, are
    read by the rules.
    """
    plain = [at for at in range(len(names)) if kinds is None or kinds[at] is None]
    found: list[list[Candidate]] = [[] for _ in names]
    done: set[int] = set()
    for ready in prepare([names[at] for at in plain]) if index.pack is not None and index.grams is not None else ():
        asked = [plain[at] for at in ready.places.tolist()]
        done.update(asked)
        near = _find_ready([names[at] for at in asked], ready, index, threshold)
        for at, candidates in zip(asked, near, strict=True):
            found[at] = candidates
    left = [at for at in range(len(names)) if at not in done]
    forms = [analyse(names[at], kinds[at] if kinds is not None else None) for at in left]
    for at, candidates in zip(left, find_candidates(forms, index, threshold=threshold), strict=True):
        found[at] = candidates
    return found


def _find_ready(names: Sequence[str], ready: Prepared, index: NameIndex, threshold: float) -> list[list[Candidate]]:
    """Return the candidates of names that were made ready."""
    if index.grams is None or index.pack is None:
        raise ValueError("names are made ready for an index with grams and packed names only")
    near = index.grams.search(ready.rows, k=CANDIDATES, least=LEAST_COSINE)[:2]
    left, right = _behind(zip(ready.door_owner.tolist(), ready.doors, strict=True), index)
    pairs_left, pairs_right = np.concatenate([near[0], left]), np.concatenate([near[1], right])
    scores = native_scores(ready.pack, index.pack, pairs_left, pairs_right)[0]
    kept = np.flatnonzero(scores >= threshold)
    rows = pairs_left[kept].tolist()
    near_ones = {row: place for place, row in enumerate(dict.fromkeys(rows))}
    forms = [analyse(names[row])[0] for row in near_ones]
    pairs = zip((near_ones[row] for row in rows), pairs_right[kept].tolist(), scores[kept].tolist(), strict=True)
    packed = list(near_ones)
    best = _best(
        ((place, forms[place], packed[place], entry, score) for place, entry, score in pairs),
        index, len(near_ones), ready.pack,
    )  # fmt: skip
    found: list[list[Candidate]] = [[] for _ in names]
    for row, place in near_ones.items():
        found[row] = best[place]
    owners = {
        row: door[2:] for row, door in zip(ready.door_owner.tolist(), ready.doors, strict=True) if door[:2] == "c:"
    }
    for row, core in owners.items():
        if "r:" + core in index.doors:
            found[row] = join_spelled(found[row], analyse(names[row]), index, threshold)
    return found


def find_candidates(
    queries: Sequence[Sequence[NameForm]], index: NameIndex, *, threshold: float = 0.0
) -> list[list[Candidate]]:
    """Return for each query its candidates, one a party, best first."""
    flat = [(number, form) for number, forms in enumerate(queries) for form in forms]
    extra = [[index.features[name] for name in form_readings(form) if name in index.features] for _, form in flat]
    near: tuple[np.ndarray, ...] = (np.zeros(0, np.int32), np.zeros(0, np.int32))
    if index.grams is not None and flat:
        near = index.grams.search(
            gram_rows([gram_text(form) for _, form in flat], extra), k=CANDIDATES, least=LEAST_COSINE
        )[:2]
    left, right = _behind(((row, door) for row, (_, form) in enumerate(flat) for door in form_doors(form)), index)
    forms = [form for _, form in flat]
    pairs_left, pairs_right = np.concatenate([near[0], left]), np.concatenate([near[1], right])
    pack = pack_forms(forms) if NATIVE and index.pack is not None else None
    scores = score_pairs(forms, index.forms, pack, index.pack, pairs_left, pairs_right)
    kept = np.flatnonzero(scores >= threshold)
    rows = zip(pairs_left[kept].tolist(), pairs_right[kept].tolist(), scores[kept].tolist(), strict=True)
    best = _best(((*flat[row], row, entry, score) for row, entry, score in rows), index, len(queries), pack)
    doors = index.doors
    for number in dict.fromkeys([number for number, form in flat if form.han or "r:" + form.core in doors]):
        best[number] = join_spelled(best[number], queries[number], index, threshold)
    return best


def join_spelled(
    found: list[Candidate], forms: Sequence[NameForm], index: NameIndex, threshold: float
) -> list[Candidate]:
    """Return the candidates with those beside them that one side writes in Han and the other in Cantonese or Wade-Giles."""
    others: list[Candidate] = []
    for form in forms:
        pairs: list[tuple[NameForm | None, int, NameForm | None]] = []
        if form.han:
            for core in spelled_brands(form):
                entries = index.doors.get("c:" + core, ())[:DOOR_LIMIT]
                pairs += [(respelled(form, core), at, index.forms[at]) for at in entries if not index.forms[at].han]
        else:
            entries = index.doors.get("r:" + form.core, ())[:DOOR_LIMIT]
            pairs += [(form, at, respelled(index.forms[at], form.core)) for at in entries]
        for query, entry, listed in pairs:
            if query is not None and listed is not None and (score := compare_forms(query, listed)[0]) >= threshold:
                others += [Candidate(score, party, entry, query, listed, None, 0) for party, _ in index.holders[entry]]
    if not others:
        return found
    best: dict[int, Candidate] = {}
    for one in sorted([*found, *others], key=lambda one: (-one.score, one.party)):
        best.setdefault(one.party, one)
    return list(best.values())


def _behind(doors: Iterable[tuple[int, str]], index: NameIndex) -> tuple[Ints, Ints]:
    """Return (row, entry) for every entry behind the exact keys of the rows, in order."""
    held = index.doors
    behind = [(row, held[door][:DOOR_LIMIT]) for row, door in doors if door in held]
    left = [row for row, entries in behind for _ in entries]
    right = [entry for _, entries in behind for entry in entries]
    return np.array(left, np.int32), np.array(right, np.int32)


def _best(
    found: Iterable[tuple[int, NameForm, int, int, float]], index: NameIndex, queries: int, pack: Pack | None
) -> list[list[Candidate]]:
    """Return the best of (query, form, its row in `pack`, entry, score) for each query and party, best first."""
    best: list[dict[int, tuple[float, int, NameForm, int]]] = [{} for _ in range(queries)]
    for number, form, row, entry, score in found:
        kept = best[number]
        for party, _ in index.holders[entry]:
            if party not in kept or kept[party][0] < score:
                kept[party] = (score, entry, form, row)
    return [
        [
            Candidate(score, party, at, form, index.forms[at], pack, row)
            for party, (score, at, form, row) in sorted(kept.items(), key=lambda one: (-one[1][0], one[0]))
        ]
        if kept
        else []
        for kept in best
    ]
