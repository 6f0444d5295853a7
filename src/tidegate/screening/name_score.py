"""The score of two names: align their tokens, measure what agrees and what contradicts, weigh it, explain it.

The measure is linear over named features with learned, versioned weights (`data/name_weights.toml`), squeezed to
[0, 1]. What stands on one side only is an omission; what stands on both sides and differs is a contradiction.
This module is the reference; `_kernel.c` computes the same features in C and is tested against it.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Protocol

from tidegate.screening.name_alike import FOLD_SIM, KNOWN, credit, edit_similarity, token_similarity, two_words
from tidegate.screening.name_keys import NameForm
from tidegate.screening.name_lexicon import CORE, INITIAL, NUMBER, PARTICLE, PLACE, SUFFIX, TRADE, lexicon
from tidegate.screening.name_rarity import rarity
from tidegate.screening.name_token import Token

FEATURES = (
    "core_conflict", "core_conflict_share", "core_omission", "trade_conflict", "trade_omission", "place_conflict", "place_omission",
    "number_conflict", "number_omission", "minor_left", "fuzz", "initials", "evidence", "reading", "nickname",
    "han_conflict", "order", "conflict_any", "short_omission", "joined", "half_conflict", "person", "initial_conflict", "syllable_omission",
    "near", "very_near", "legal_conflict", "nature_conflict", "exchanged", "suffix_conflict", "rare_omission", "other_word",
)  # fmt: skip
LETTERS_SIM, LONG_LETTERS_SIM, NEAR, VERY_NEAR = 0.88, 0.94, 0.7, 0.85
LEGAL_LETTERS = "clg"  # an abbreviation may end with the first letter of company, limited or group
LONG_RUN = 20  # letters from which on the likeness of whole names counts in full
ENOUGH_BITS = 48.0  # of what two names share; more says nothing more
PUBLIC = 16  # bits of legal forms from this on are not those of a business
HANGUL_FIRST = "\uac00"
_GROUP = {CORE: 0, INITIAL: 0, TRADE: 1, PLACE: 2, NUMBER: 3}


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens left[start:end] and right[start:end] taken for the same, how alike, and by which test."""

    left: tuple[int, int]
    right: tuple[int, int]
    alike: float
    test: str  # equal, reading, nickname, trade, place, initial, sound, spelling, joined, letters


class _Take(Protocol):
    """Takes left[i:i+n] and right[j:j+m] for the same."""

    def __call__(self, i: int, j: int, sim: float, test: str, n: int = 1, m: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class Weights:
    """Learned weights of the features, with their version and the threshold of a match."""

    version: str
    match_threshold: float
    intercept: float
    values: tuple[float, ...]


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Return the packaged weights. Raises ValueError if the file does not name exactly FEATURES."""
    text = resources.files("tidegate.screening").joinpath("data", "name_weights.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    if set(data["weights"]) != set(FEATURES):
        raise ValueError("name_weights.toml must weigh exactly the features of name_score.FEATURES")
    return Weights(
        data["version"], float(data["match_threshold"]), float(data["intercept"]),
        tuple(float(data["weights"][name]) for name in FEATURES),
    )  # fmt: skip


def score_of(features: Sequence[float]) -> float:
    """Return the score in [0, 1] of one feature row."""
    table = weights()
    total = table.intercept + sum(weight * value for weight, value in zip(table.values, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def compare_forms(left: NameForm, right: NameForm) -> tuple[float, list[float], list[Pair], bool]:
    """Return (score, features, pairs, whether syllables were compared) of two forms; higher of the two readings.

    Two Chinese or Korean people are compared by syllable only: a wrong syllable is another person, not a slip.
    """
    if left.syllables and right.syllables:
        features, pairs = align(left.syllables, right.syllables, left, right, person=True, by_syllable=True)
        return score_of(features), features, pairs, True
    person = left.kind != "firm" and right.kind != "firm"
    features, pairs = align(left.tokens, right.tokens, left, right, person=person)
    return score_of(features), features, pairs, False


def align(
    left: Sequence[Token],
    right: Sequence[Token],
    a: NameForm,
    b: NameForm,
    *,
    person: bool,
    by_syllable: bool = False,
) -> tuple[list[float], list[Pair]]:
    """Return the features of two token rows and the pairs that were taken for the same."""
    free_left, free_right = [True] * len(left), [True] * len(right)
    credit_left, credit_right = [0.0] * len(left), [0.0] * len(right)
    kinds_left, kinds_right = [token.kind for token in left], [token.kind for token in right]
    heavy_left, heavy_right = [token.weight for token in left], [token.weight for token in right]
    pairs: list[Pair] = []

    def take(i: int, j: int, sim: float, test: str, n: int = 1, m: int = 1) -> None:
        worth = 0.95 if test == "initial" else credit(sim)
        for k in range(i, i + n):
            free_left[k], credit_left[k] = False, worth
        for k in range(j, j + m):
            free_right[k], credit_right[k] = False, worth
        pairs.append(Pair((i, i + n), (j, j + m), sim, test))
        if n == m == 1 and kinds_left[i] != kinds_right[j] and KNOWN.intersection((kinds_left[i], kinds_right[j])):
            # a trade or place with a slip in it weighs no more than the trade or place
            kinds_left[i] = kinds_right[j] = min(kinds_left[i], kinds_right[j], key=lambda kind: kind not in KNOWN)
            heavy_left[i] = heavy_right[j] = min(heavy_left[i], heavy_right[j])

    for i, token in enumerate(left):  # 1. the same word, nearest place first
        same = [j for j, other in enumerate(right) if free_right[j] and token.text == other.text]
        if same:
            take(i, min(same, key=lambda j: abs(i - j)), 1.0, "equal")
    _join(left, right, free_left, free_right, take, 0.999)  # 2. the same letters, cut otherwise
    candidates: list[tuple[float, int, int, float, str]] = []  # 3. words that are nearly the same, best first
    for i, token in enumerate(left):
        if free_left[i]:
            for j, other in enumerate(right):
                if free_right[j]:
                    sim, test = token_similarity(token, other, person=person)
                    if by_syllable and test in ("spelling", "sound"):
                        sim *= 0.8
                    if sim > 0.5:
                        rank = sim * min(token.weight, other.weight)
                        candidates.append((rank, -abs(i - j), i * 64 + j, sim, test))
    candidates.sort(reverse=True)
    for least in (0.75, 0.5):
        for _, _, place, sim, test in candidates:
            i, j = divmod(place, 64)
            if sim > least and free_left[i] and free_right[j]:
                take(i, j, sim, test)
        if least > 0.7:
            _join(left, right, free_left, free_right, take, 0.8)
    _letters(left, right, free_left, free_right, take)
    sides = (
        _Side(left, credit_left, kinds_left, heavy_left), _Side(right, credit_right, kinds_right, heavy_right),
    )  # fmt: skip
    return _features(sides, pairs, a, b, person, by_syllable), pairs


def _join(
    left: Sequence[Token],
    right: Sequence[Token],
    free_left: list[bool],
    free_right: list[bool],
    take: _Take,
    least: float,
) -> None:
    """Match one free token with two to four neighbouring free ones of the other side whose letters run together."""
    for one, many, free_one, free_many, turned in (
        (left, right, free_left, free_right, False), (right, left, free_right, free_left, True),
    ):  # fmt: skip
        for i, token in enumerate(one):
            if not free_one[i] or len(token.text) < 4 or token.kind in (TRADE, NUMBER):
                continue
            for j in range(len(many)):
                word, count = "", 0
                while free_one[i] and j + count < len(many) and count < 4 and free_many[j + count]:
                    word += many[j + count].text
                    count += 1
                    if count < 2 or abs(len(word) - len(token.text)) > 2:
                        continue
                    sim = 1.0 if word == token.text else edit_similarity(word, token.text) if least < 0.99 else 0.0
                    if sim < least and (least < 0.99 and _fold_text(many[j : j + count]) == token.fold):
                        sim = FOLD_SIM
                    if sim >= least:
                        if turned:
                            take(j, i, sim, "joined", count, 1)
                        else:
                            take(i, j, sim, "joined", 1, count)


def _fold_text(tokens: Sequence[Token]) -> str:
    return "".join(token.fold for token in tokens)


def _letters(
    left: Sequence[Token], right: Sequence[Token], free_left: list[bool], free_right: list[bool], take: _Take
) -> None:
    """Match an abbreviation with the words whose first letters it is made of ("PLA", "JC")."""
    for one, many, free_one, free_many, turned in (
        (left, right, free_left, free_right, False), (right, left, free_right, free_left, True),
    ):  # fmt: skip
        for i, token in enumerate(one):
            if not free_one[i] or token.kind != CORE or not 2 <= len(token.text) <= 6:
                continue
            start = 0
            while start < len(many):
                if not free_many[start]:
                    start += 1
                    continue
                end = start
                initials = ""
                while end < len(many) and free_many[end]:
                    if many[end].kind != PARTICLE or many[end].written.lower() not in lexicon().skip_initials:
                        initials += many[end].written[:1].lower() or many[end].text[:1]
                    end += 1
                if end - start >= 2 and _stands_for(token.text, initials):
                    sim = LETTERS_SIM if len(initials) < 3 else LONG_LETTERS_SIM
                    sim = 1.0 if all(many[at].kind == INITIAL for at in range(start, end)) else sim
                    if turned:
                        take(start, i, sim, "letters", end - start, 1)
                    else:
                        take(i, start, sim, "letters", 1, end - start)
                    break
                start = end


def _stands_for(text: str, initials: str) -> bool:
    return text == initials or (len(initials) > 2 and text[:-1] == initials and text[-1] in LEGAL_LETTERS)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of an alignment: its tokens, how much of each is matched, and what each counts as."""

    tokens: Sequence[Token]
    credits: Sequence[float]
    kinds: Sequence[int]
    weights: Sequence[float]


def _features(
    sides: tuple[_Side, _Side], pairs: Sequence[Pair], a: NameForm, b: NameForm, person: bool, by_syllable: bool
) -> list[float]:
    lost: list[list[float]] = [[0.0] * 4, [0.0] * 4]
    total: list[list[float]] = [[0.0] * 4, [0.0] * 4]
    left_over: list[dict[int, int]] = [{CORE: 0, INITIAL: 0, SUFFIX: 0}, {CORE: 0, INITIAL: 0, SUFFIX: 0}]
    minor = 0.0
    bits, bits_lost = [0.0, 0.0], [0.0, 0.0]
    for at, side in enumerate(sides):
        for token, kind, weight, got in zip(side.tokens, side.kinds, side.weights, side.credits, strict=True):
            bits[at] += rarity(token)
            bits_lost[at] += rarity(token) * (1.0 - got)
            if got < 0.3 and kind in (CORE, INITIAL, SUFFIX):
                left_over[at][kind] += 1
            group = _GROUP.get(kind)
            if group is None:
                minor += weight * (1.0 - got)
                continue
            total[at][group] += weight
            lost[at][group] += weight * (1.0 - got)
    fuzz = initials = reading = nickname = joined = evidence = 0.0
    order = other_words = 0
    last = -1
    left, right = sides[0], sides[1].tokens
    for pair in sorted(pairs, key=lambda pair: pair.left):
        kind = left.tokens[pair.left[0]].kind
        ours, theirs = sum(map(rarity, left.tokens[slice(*pair.left)])), sum(map(rarity, right[slice(*pair.right)]))
        if kind == INITIAL or right[pair.right[0]].kind == INITIAL:
            initials += pair.test == "initial"
        elif kind != PARTICLE:
            evidence += min(ours, theirs) * pair.alike
        if pair.test in ("spelling", "sound", "consonants", "joined", "slip"):
            fuzz += 1.0 - pair.alike
        if pair.test in ("spelling", "sound") and not by_syllable:
            other_words += two_words(left.tokens[pair.left[0]], right[pair.right[0]])
        reading += pair.test == "reading"
        nickname += pair.test == "nickname"
        joined += pair.test == "letters"
        if kind == CORE:
            order += pair.right[0] < last
            last = pair.right[0]
    base = [max(total[0][g], total[1][g], 0.001) for g in range(4)]
    whole = max(sum(total[0]), sum(total[1]), 0.001)
    conflict = [min(lost[0][g], lost[1][g]) for g in range(4)]
    omission = [max(lost[0][g], lost[1][g]) - conflict[g] for g in range(4)]
    core_least = max(min(total[0][0], total[1][0]), 0.5)
    cross = min(sum(lost[0]), sum(lost[1]))
    syllables_left = 0.0
    likeness = long_enough = 0.0
    if by_syllable:
        one, other = (sum(token.weight > 0.5 for token in side.tokens) for side in sides)
        syllables_left = float(abs(one - other))
    else:
        likeness = max(edit_similarity(a.run, b.run), edit_similarity(a.ranked, b.ranked))
        long_enough = min(len(a.run), len(b.run), LONG_RUN) / LONG_RUN
    han_conflict = 0.0
    if a.han and b.han and (a.han[0] >= HANGUL_FIRST) == (b.han[0] >= HANGUL_FIRST):
        han_conflict = 1.0 - max(edit_similarity(a.han, b.han), edit_similarity("".join(sorted(a.han)), "".join(sorted(b.han))))  # fmt: skip
    return [
        min(conflict[0], 2.0), conflict[0] / core_least, omission[0] / base[0], conflict[1] / whole, omission[1] / whole,
        conflict[2] / whole, omission[2] / whole, conflict[3], omission[3] / whole, min(minor, 1.0), min(fuzz, 1.0),
        min(initials, 2.0), min(evidence, ENOUGH_BITS) / ENOUGH_BITS, min(reading, 3.0) / 3.0, min(nickname, 2.0), han_conflict,
        min(order, 2), cross / whole, omission[0] / base[0] * (min(total[0][0], total[1][0]) < 1.5),
        min(joined, 1.0), float(conflict[0] / core_least > 0.3), float(person),
        min(left_over[0][INITIAL], left_over[1][CORE]) + min(left_over[1][INITIAL], left_over[0][CORE])
        + min(left_over[0][INITIAL], left_over[1][INITIAL]), syllables_left,
        long_enough * max(0.0, likeness - NEAR) / (1.0 - NEAR),
        long_enough * max(0.0, likeness - VERY_NEAR) / (1.0 - VERY_NEAR),
        float(a.legal_classes != 0 and b.legal_classes != 0 and not a.legal_classes & b.legal_classes),
        float(a.legal_classes * b.legal_classes != 0 and (a.legal_classes < PUBLIC) != (b.legal_classes < PUBLIC)),
        float(_turned(pairs, left, sides[1]) if by_syllable else _kin_swapped(left.tokens, right, pairs)),
        float(min(left_over[0][SUFFIX], left_over[1][SUFFIX])),
        (max(bits_lost) - min(bits_lost)) / max(*bits, 0.001), float(min(other_words, 2)),
    ]  # fmt: skip


def _turned(pairs: Sequence[Pair], left: _Side, right: _Side) -> bool:
    """Tell whether syllables stand in an order that is not surname first or surname last: Bowen is not Wenbo."""
    places = [
        pair.right[0]
        for pair in sorted(pairs, key=lambda pair: pair.left)
        if left.weights[pair.left[0]] > 0.5 and right.weights[pair.right[0]] > 0.5
    ]
    return len(places) > 2 and sum(places[at] < places[at - 1] for at in range(len(places))) > 1


def _kin_swapped(left: Sequence[Token], right: Sequence[Token], pairs: Sequence[Pair]) -> bool:
    """Tell whether father and child are exchanged: "Salim bin Yusuf" against "Yusuf bin Salim"."""
    kin = lexicon().kinship
    kin_left = [i for i in range(1, len(left) - 1) if left[i].kind == PARTICLE and left[i].text in kin]
    kin_right = [j for j in range(1, len(right) - 1) if right[j].kind == PARTICLE and right[j].text in kin]
    if not kin_left or not kin_right:
        return False
    partner = {pair.left[0]: pair.right[0] for pair in pairs}
    return any(partner.get(i - 1) == j + 1 and partner.get(i + 1) == j - 1 for i in kin_left for j in kin_right)
