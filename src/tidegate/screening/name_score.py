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

from tidegate.screening.name_keys import NameForm
from tidegate.screening.name_lexicon import CORE, INITIAL, NUMBER, PARTICLE, PLACE, TRADE, lexicon
from tidegate.screening.name_token import Token

FEATURES = (
    "core_conflict", "core_conflict_share", "core_omission", "trade_conflict", "trade_omission", "place_conflict", "place_omission",
    "number_conflict", "number_omission", "minor_left", "fuzz", "initials", "evidence", "reading", "nickname",
    "han_conflict", "order", "conflict_any", "short_omission", "joined", "half_conflict", "person", "initial_conflict", "syllable_omission",
)  # fmt: skip
READING_SIM, NICKNAME_SIM, AMBIGUOUS_SIM, FOLD_SIM, INITIAL_SIM, SLIP_SIM = 0.94, 0.93, 0.55, 0.95, 0.8, 0.96
_SLIPS = str.maketrans("01i58", "ollsb")


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens left[start:end] and right[start:end] taken for the same, how alike, and by which test."""

    left: tuple[int, int]
    right: tuple[int, int]
    alike: float
    test: str  # equal, reading, nickname, trade, initial, sound, spelling, joined, letters


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
    pairs: list[Pair] = []

    def take(i: int, j: int, sim: float, test: str, n: int = 1, m: int = 1) -> None:
        worth = 0.95 if test == "initial" else credit(sim)
        for k in range(i, i + n):
            free_left[k], credit_left[k] = False, worth
        for k in range(j, j + m):
            free_right[k], credit_right[k] = False, worth
        pairs.append(Pair((i, i + n), (j, j + m), sim, test))

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
    return _features(left, right, credit_left, credit_right, pairs, a, b, person, by_syllable), pairs


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
                if end - start >= 2 and initials == token.text:
                    if turned:
                        take(start, i, 0.88, "letters", end - start, 1)
                    else:
                        take(i, start, 0.88, "letters", 1, end - start)
                    break
                start = end


def token_similarity(left: Token, right: Token, *, person: bool) -> tuple[float, str]:
    """Return how alike two tokens are in [0, 1], and the test that said so."""
    if left.text == right.text:
        return 1.0, "equal"
    if NUMBER in (left.kind, right.kind):
        return 0.0, "number"
    if (left.kind == TRADE) != (right.kind == TRADE) or (left.kind == PLACE) != (right.kind == PLACE):
        if len(left.fold) < 5 or len(right.fold) < 5:
            return 0.0, "trade"
        sim = edit_similarity(left.fold, right.fold)  # a trade or place with a slip in it is not recognised as one
        return (sim, "spelling") if sim >= 0.75 else (0.0, "trade")
    if left.kind == TRADE:
        shared = left.groups[:1] and (left.groups[0] in right.groups or right.groups[0] in left.groups)
        return (0.8, "trade") if shared else (0.0, "trade")
    if INITIAL in (left.kind, right.kind):
        if left.text[:1] == right.text[:1] and person and PARTICLE not in (left.kind, right.kind):
            return INITIAL_SIM, "initial"
        return 0.0, "initial"
    for group in left.groups:
        if group in right.groups:
            if group[0] == "n":
                return NICKNAME_SIM, "nickname"
            if left.pinyin and right.pinyin and not (_is_local(left) or _is_local(right)):
                return AMBIGUOUS_SIM, "reading"
            return READING_SIM + 0.01 * (
                (group[0] == "h") - (group[0] in "jk")
            ), "reading"  # a surer reading is taken first
    if left.abjad != right.abjad:
        one, other = _without_article(left), _without_article(right)
        if one == other and len(one) >= 2:
            return (0.93 if len(one) > 3 else 0.85), "consonants"  # hsn is Hasan, Hossein, Ihsan
        return 0.92 * edit_similarity(one, other), "consonants"
    if left.text.startswith("abdul") != right.text.startswith("abdul") and (
        left.text.removeprefix("abdul") == right.text.removeprefix("abdul")
    ):
        return 0.85, "spelling"
    sim = edit_similarity(left.text, right.text)
    if left.pinyin and right.pinyin:
        return sim * 0.75, "spelling"  # another syllable is another word, seldom a slip
    if left.text[:1] != right.text[:1] and left.fold[:1] != right.fold[:1]:
        return (sim if sim >= 0.8 else max(0.0, sim - 0.1)), "spelling"
    if len(left.text) > 3 and len(right.text) > 3:
        if slip_form(left.text) == slip_form(right.text):
            return SLIP_SIM, "slip"
        sound = FOLD_SIM if left.fold == right.fold else edit_similarity(left.fold, right.fold) - 0.03
        if sound > sim:
            return sound, "sound"
    return sim, "spelling"


def _without_article(token: Token) -> str:
    """Return the consonants of `token`, the Arabic article at its front left out."""
    return (
        token.bones[1:]
        if token.text.startswith(("al", "el")) and token.bones[:1] == "l" and len(token.bones) > 2
        else token.bones
    )


def _is_local(token: Token) -> bool:
    return not token.written.isascii()


def slip_form(word: str) -> str:
    """Return `word` with the letters that a scanner takes for one another made one (0 o, 1 i l, 5 s, 8 b, rn m, vv w)."""
    return word.translate(_SLIPS).replace("rn", "m").replace("vv", "w")


def credit(sim: float) -> float:
    """Return how much of a token's weight counts as matched: nothing below a half, all at 1."""
    if sim >= 0.999:
        return 1.0
    if sim <= 0.5:
        return 0.0
    if sim <= 0.75:
        return (sim - 0.5) * 2.0
    if sim <= 0.85:
        return 0.5 + (sim - 0.75) * 3.5
    return 0.85 + (sim - 0.85)


@lru_cache(maxsize=100_000)
def edit_similarity(left: str, right: str) -> float:
    """Return 1 - (insertions, deletions, replacements, swaps of neighbours) / longer length."""
    n, m = len(left), len(right)
    if n == 0 or m == 0:
        return 0.0
    longest = max(n, m)
    if abs(n - m) > longest * 0.5:
        return 0.0
    before: list[int] = []
    previous = list(range(m + 1))
    for i in range(1, n + 1):
        current = [i] + [0] * m
        for j in range(1, m + 1):
            cost = left[i - 1] != right[j - 1]
            value = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
            if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
                value = min(value, before[j - 2] + 1)
            current[j] = value
        before, previous = previous, current
    return 1.0 - previous[m] / longest


def _features(
    left: Sequence[Token], right: Sequence[Token], credit_left: Sequence[float], credit_right: Sequence[float],
    pairs: Sequence[Pair], a: NameForm, b: NameForm, person: bool, by_syllable: bool,
) -> list[float]:  # fmt: skip
    lost_left, lost_right, all_left, all_right = [[0.0] * 4 for _ in range(4)]
    minor = 0.0
    counts: list[list[int]] = [[0, 0], [0, 0]]
    for tokens, credits_, lost, total, left_over in (
        (left, credit_left, lost_left, all_left, counts[0]), (right, credit_right, lost_right, all_right, counts[1]),
    ):  # fmt: skip
        for token, got in zip(tokens, credits_, strict=True):
            if got < 0.3 and token.kind in (CORE, INITIAL):
                left_over[token.kind == INITIAL] += 1
            group = _GROUP.get(token.kind)
            if group is None:
                minor += token.weight * (1.0 - got)
                continue
            total[group] += token.weight
            lost[group] += token.weight * (1.0 - got)
    (core_left, initial_left), (core_right, initial_right) = counts
    fuzz = initials = reading = nickname = joined = evidence = 0.0
    order = 0
    last = -1
    for pair in sorted(pairs, key=lambda pair: pair.left):
        token = left[pair.left[0]]
        length = sum(len(left[k].text) * min(1.0, left[k].weight + 0.2) for k in range(*pair.left))
        if token.kind == INITIAL or right[pair.right[0]].kind == INITIAL:
            initials += pair.test == "initial"
        elif token.kind != PARTICLE:
            evidence += length * pair.alike
        if pair.test in ("spelling", "sound", "consonants", "joined", "slip"):
            fuzz += 1.0 - pair.alike
        reading += pair.test == "reading"
        nickname += pair.test == "nickname"
        joined += pair.test == "letters"
        if token.kind == CORE:
            order += pair.right[0] < last
            last = pair.right[0]
    base = [max(all_left[g], all_right[g], 0.001) for g in range(4)]
    whole = max(sum(all_left), sum(all_right), 0.001)
    conflict = [min(lost_left[g], lost_right[g]) for g in range(4)]
    omission = [max(lost_left[g], lost_right[g]) - conflict[g] for g in range(4)]
    core_least = max(min(all_left[0], all_right[0]), 0.5)
    cross = min(sum(lost_left), sum(lost_right))
    syllables_left = 0.0
    if by_syllable:
        syllables_left = float(abs(sum(t.weight > 0.5 for t in left) - sum(t.weight > 0.5 for t in right)))
    han_conflict = 0.0
    if a.han and b.han:
        han_conflict = 1.0 - max(edit_similarity(a.han, b.han), edit_similarity("".join(sorted(a.han)), "".join(sorted(b.han))))  # fmt: skip
    return [
        min(conflict[0], 2.0), conflict[0] / core_least, omission[0] / base[0], conflict[1] / whole, omission[1] / whole,
        conflict[2] / whole, omission[2] / whole, conflict[3], omission[3] / whole, min(minor, 1.0), min(fuzz, 1.0),
        min(initials, 2.0), min(evidence, 16.0) / 16.0, min(reading, 3.0) / 3.0, min(nickname, 2.0), han_conflict,
        min(order, 2), cross / whole, omission[0] / base[0] * (min(all_left[0], all_right[0]) < 1.5),
        min(joined, 1.0), float(conflict[0] / core_least > 0.3), float(person),
        min(initial_left, core_right) + min(initial_right, core_left), syllables_left,
    ]  # fmt: skip


_GROUP = {CORE: 0, INITIAL: 0, TRADE: 1, PLACE: 2, NUMBER: 3}
