"""Names: compare two, or find the listed parties that many names may stand for, with the reasons.

Pure: the same names and index give the same matches, here or on a Spark worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tidegate.screening.batches import collector_at_rest
from tidegate.screening.finding import Level, Reason
from tidegate.screening.name_evidence import PartyEvidence, judge_evidence
from tidegate.screening.name_index import Candidate, NameIndex, build_index, find_names
from tidegate.screening.name_keys import NameForm, analyse
from tidegate.screening.name_reasons import explain
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
    tried = [(*_both_ways(one, other), one, other) for one in left for other in right]
    score, features, pairs, by_syllable, one, other = max(tried, key=lambda item: item[0])
    return NameScore(round(score, 4), explain(one, other, pairs, features, score, by_syllable=by_syllable))


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
    with collector_at_rest():
        for at in range(0, len(asked), BATCH):
            batch, its_kinds = zip(*asked[at : at + BATCH], strict=True)
            scored += find_names(batch, index, threshold=min(threshold, 0.99) * 0.8, kinds=its_kinds)
        found = dict(zip(asked, scored, strict=True))
        return [
            _judge(key[0], found[key], index, party, limit, threshold) if found[key] or party is not None else []
            for key, party in zip(keys, known, strict=True)
        ]


def _judge(
    name: str,
    rows: Sequence[Candidate],
    index: NameIndex,
    known: PartyEvidence | None,
    limit: int,
    threshold: float,
) -> list[NameMatch]:
    found: dict[int, tuple[float, int, NameForm | None, NameForm | None]] = {
        number: (score, entry, query, listed) for score, number, entry, query, listed in rows
    }
    if known is not None:
        for number, entry in index.by_identifier(known):
            found.setdefault(number, (0.0, entry, None, None))
    ranked: list[tuple[float, int]] = []
    judged = {}
    for number, (score, _, _, _) in found.items():
        verdict = judge_evidence(score, index.parties[number], known)
        judged[number] = verdict
        if verdict.score >= threshold or verdict.strong_identifier:
            ranked.append((verdict.score, number))
    ranked.sort(key=lambda item: (-item[0], index.parties[item[1]].id))
    matches = []
    for score, number in ranked[:limit]:
        _, entry, query, listed = found[number]
        verdict = judged[number]
        party = index.parties[number]
        reasons: tuple[Reason, ...] = ()
        matched = party.name
        common = False
        if query is not None and listed is not None:
            name_score, features, pairs, by_syllable = compare_forms(query, listed)
            matched = index.entry_name(entry, number)
            reasons = explain(query, listed, pairs, features, name_score, by_syllable=by_syllable)
            common, why = index.commonness(query, listed, pairs, by_syllable=by_syllable)
            reasons += why
            if matched in party.weak_names:
                common = True
                reasons += (Reason("name.weak-alias", {"listed": matched}),)
        level = verdict.level(common=common, threshold=weights().match_threshold)
        matches.append(
            NameMatch(
                party, round(score, 4), reasons + verdict.reasons, matched, name, verdict.strong_identifier, level
            )
        )
    return matches
