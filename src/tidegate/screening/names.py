"""Names: compare two, or find the listed parties that many names may stand for, with the reasons.

Pure: the same names and index give the same matches, here or on a Spark worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tidegate.screening.batches import collector_at_rest
from tidegate.screening.finding import Level, Reason
from tidegate.screening.name_align import Alignment, align_candidates
from tidegate.screening.name_evidence import PartyEvidence, Verdict, judge_evidence
from tidegate.screening.name_index import Candidate, NameIndex, build_index, find_names
from tidegate.screening.name_keys import NameForm, analyse
from tidegate.screening.name_reasons import explain
from tidegate.screening.name_respelled import respelled
from tidegate.screening.name_score import Pair, compare_forms, weights
from tidegate.screening.watchlist import ListedParty, Watchlist

__all__ = [
    "NameIndex", "NameMatch", "NameScore", "PartyEvidence", "build_index", "compare_names", "match_names",
    "match_threshold",
]  # fmt: skip

BATCH = 4_000  # names compared at once: enough for the native kernel, little enough to stay in the caches
_SCHEMA_KIND = {
    "person": "person", "firm": "firm", "vessel": "vessel", "company": "firm", "organization": "firm",
    "organisation": "firm", "publicbody": "firm", "airplane": "vessel", "legalentity": None, "": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameScore:
    """How alike two names are, in [0, 1], and why. At `match_threshold()` and above they count as a match."""

    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NameMatch:
    """One listed party that a name may stand for.

    level: look for context; ask if the name alone is distinctive and close; hold with a strong identifier, or the
    name and a whole birth date. strong_identifier: a registration number, passport, LEI… is the same on both sides.
    """

    party: ListedParty
    score: float
    reasons: tuple[Reason, ...]
    matched_name: str
    query_name: str
    strong_identifier: bool
    level: Level


def match_threshold() -> float:
    """Return the published score at and above which two names count as a match."""
    return weights().match_threshold


def kind_of(schema: str | None) -> str | None:
    """Return person, firm or vessel for a schema or kind as people write it; None where it does not tell."""
    return _SCHEMA_KIND.get((schema or "").strip().lower())


def compare_names(a: str, b: str, kind: str | None = None) -> NameScore:
    """Return the score of two names and the reasons for it.

    kind: "person", "firm", "vessel" or a schema such as "Company"; None lets the names tell.
    Symmetric. A name without letters or digits scores 0 with the reason "name.empty".
    """
    wanted = kind_of(kind)
    left, right = analyse(a, wanted), analyse(b, wanted)
    if not left or not right:
        return NameScore(0.0, (Reason("name.empty", {"name": b if left else a}),))
    if a.isascii() != b.isascii():
        left, right = (*left, *_as_spelled(left, right)), (*right, *_as_spelled(right, left))
    tried = [(*_both_ways(one, other), one, other) for one in left for other in right]
    score, features, pairs, by_syllable, one, other = max(tried, key=lambda item: item[0])
    return NameScore(round(score, 4), explain(one, other, pairs, features, by_syllable=by_syllable))


def _as_spelled(forms: Sequence[NameForm], others: Sequence[NameForm]) -> list[NameForm]:
    """Return the forms whose Chinese brand is spelled as one of `others` writes it."""
    cores = {other.core for other in others if not other.han}
    read = [respelled(form, core) for form in forms if form.han for core in cores]
    return [one for one in read if one is not None]


def _both_ways(one: NameForm, other: NameForm) -> tuple[float, list[float], list[Pair], bool]:
    """Return the better of the two alignments: which name is read first must not matter."""
    forth, back = compare_forms(one, other), compare_forms(other, one)
    if back[0] <= forth[0]:
        return forth
    score, features, pairs, by_syllable = back
    return score, features, [Pair(pair.right, pair.left, pair.alike, pair.test) for pair in pairs], by_syllable


def match_names(
    names: Sequence[str],
    index: NameIndex | Watchlist,
    *,
    limit: int = 5,
    threshold: float = 0.0,
    kinds: Sequence[str | None] | None = None,
    evidence: Sequence[PartyEvidence | None] | None = None,
) -> list[list[NameMatch]]:
    """Return for each name its best listed parties, best first, at most `limit`, none scored below `threshold`.

    index: of one or several lists (build_index, made once and used often), or one list, indexed for this call alone.
    kinds: what each name is, where known. evidence: what else is known of each party (identifiers, birth date).
    Equal names are looked up once. A party found by identifier alone is returned whatever its name says.
    """
    if isinstance(index, Watchlist):
        index = build_index([index])
    wanted = [kind_of(kind) for kind in kinds] if kinds is not None else [None] * len(names)
    known = list(evidence) if evidence is not None else [None] * len(names)
    keys = list(zip(names, wanted, strict=True))
    asked = list(dict.fromkeys(keys))
    scored: list[list[Candidate]] = []
    least = threshold if evidence is None else min(threshold, 0.99) * 0.8  # what evidence may lift must be found
    with collector_at_rest():
        for at in range(0, len(asked), BATCH):
            batch, its_kinds = zip(*asked[at : at + BATCH], strict=True)
            scored += find_names(batch, index, threshold=least, kinds=its_kinds)
        # Most names come near nobody; nothing more is done for them.
        found = {key: rows for key, rows in zip(asked, scored, strict=True) if rows}
        if not found and evidence is None:
            return [[] for _ in names]
        worth = (key for key in zip(keys, known, strict=True) if key[0] in found or key[1] is not None)
        chosen: dict[_Key, list[_Chosen]] = {
            key: _choose(found.get(key[0], ()), index, key[1], limit, threshold) for key in dict.fromkeys(worth)
        }
        told = _told(chosen, index)
        return [list(told.get(key, ())) for key in zip(keys, known, strict=True)]


_Key = tuple[tuple[str, str | None], PartyEvidence | None]  # a name, its kind, and what else is known of its party


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A listed party to be told, with the judgement; candidate: None where an identifier alone found it."""

    party: int
    verdict: Verdict
    candidate: Candidate | None


def _choose(
    rows: Sequence[Candidate], index: NameIndex, known: PartyEvidence | None, limit: int, threshold: float
) -> list[_Chosen]:
    """Return the parties to be told, best first."""
    found: dict[int, Candidate | None] = {one.party: one for one in rows}
    if known is not None:
        for number, _ in index.by_identifier(known):
            found.setdefault(number, None)
    ranked = []
    for number, candidate in found.items():
        score = candidate.score if candidate is not None else 0.0
        verdict = judge_evidence(score, index.parties[number], known)
        if verdict.score >= threshold or verdict.strong_identifier:
            ranked.append(_Chosen(number, verdict, candidate))
    ranked.sort(key=lambda one: (-one.verdict.score, index.parties[one.party].id))
    return ranked[:limit]


def _told(chosen: Mapping[_Key, Sequence[_Chosen]], index: NameIndex) -> dict[_Key, list[NameMatch]]:
    """Return the matches with their reasons; what the names share is asked of the kernel once for all."""
    candidates = [one.candidate for ones in chosen.values() for one in ones if one.candidate is not None]
    aligned = iter(align_candidates(candidates, index))
    return {
        key: [_match(key[0][0], one, next(aligned) if one.candidate is not None else None, index) for one in ones]
        for key, ones in chosen.items()
    }


def _in_same_signs(query: NameForm, party: ListedParty) -> NameForm | None:
    """Return the form of another of the party's names that is written in the very Chinese signs of `query`."""
    if not query.han:
        return None
    forms = (form for name in party.names if query.han in name for form in analyse(name, query.kind))
    return next((form for form in forms if form.han == query.han), None)


def _match(name: str, chosen: _Chosen, aligned: Alignment | None, index: NameIndex) -> NameMatch:
    party, candidate, verdict = index.parties[chosen.party], chosen.candidate, chosen.verdict
    reasons: tuple[Reason, ...] = ()
    matched = party.name
    common = False
    if candidate is not None and aligned is not None:
        query, listed, by_syllable = candidate.query, candidate.listed, aligned.by_syllable
        matched = index.entry_name(candidate.entry, chosen.party)
        reasons = explain(query, listed, aligned.pairs, aligned.features, by_syllable=by_syllable)
        common, why = index.commonness(query, listed, aligned.pairs, by_syllable=by_syllable)
        if common and (own := _in_same_signs(query, party)):
            # The romanised name is borne by many; the same Chinese name, which the list gives as well, by few.
            common, why = index.commonness(query, own, aligned.pairs, by_syllable=by_syllable)
        reasons += why
        if matched in party.weak_names:
            common = True
            reasons += (Reason("name.weak-alias", {"listed": matched}),)
    level = verdict.level(common=common, threshold=weights().match_threshold)
    return NameMatch(
        party, round(verdict.score, 4), reasons + verdict.reasons, matched, name, verdict.strong_identifier, level
    )
