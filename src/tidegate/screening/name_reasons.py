"""The reasons for a name score: which words were taken for the same, by which test, and what was left on either side."""

from __future__ import annotations

from collections.abc import Sequence

from tidegate.screening.finding import Reason
from tidegate.screening.name_brands import brand_of
from tidegate.screening.name_keys import NameForm
from tidegate.screening.name_lexicon import PARTICLE
from tidegate.screening.name_score import FEATURES, Pair
from tidegate.screening.name_token import Token

_CODES = {
    "equal": "name.equal", "reading": "name.reading", "nickname": "name.nickname", "trade": "name.trade-near", "place": "name.place-near",
    "initial": "name.initial", "sound": "name.sound", "spelling": "name.spelling", "consonants": "name.consonants",
    "joined": "name.joined", "slip": "name.slip", "letters": "name.letters",
}  # fmt: skip
_AT = {name: at for at, name in enumerate(FEATURES)}


def explain(
    left: NameForm, right: NameForm, pairs: Sequence[Pair], features: Sequence[float], *, by_syllable: bool
) -> tuple[Reason, ...]:
    """Return the reasons with the very values compared, what agrees first."""
    ours = left.syllables if by_syllable else left.tokens
    theirs = right.syllables if by_syllable else right.tokens
    reasons: list[Reason] = []
    same: list[str] = []
    used_left: set[int] = set()
    used_right: set[int] = set()
    for pair in sorted(pairs, key=lambda item: item.left):
        used_left.update(range(*pair.left))
        used_right.update(range(*pair.right))
        mine, listed = _written(ours, *pair.left), _written(theirs, *pair.right)
        if pair.test == "equal" and (mine == listed or mine.casefold() == listed.casefold()):
            same.append(mine)
            continue
        if pair.test == "equal":
            reasons.append(Reason("name.same-form", {"ours": mine, "listed": listed, "form": ours[pair.left[0]].text}))
            continue
        reasons.append(Reason(_CODES[pair.test], {"ours": mine, "listed": listed, "alike": f"{pair.alike:.2f}"}))
    if same:
        reasons.insert(0, Reason("name.equal", {"words": " ".join(same)}))
    reasons += _translated(left) + _translated(right)
    left_over, right_over = _left_over(ours, used_left), _left_over(theirs, used_right)
    if left_over and right_over:
        reasons.append(Reason("name.differs", {"ours": _text(left_over), "listed": _text(right_over)}))
    elif left_over:
        reasons.append(Reason("name.only-ours", {"words": _text(left_over)}))
    elif right_over:
        reasons.append(Reason("name.only-listed", {"words": _text(right_over)}))
    if features[_AT["han_conflict"]] > 0:
        reasons.append(Reason("name.han-differs", {"ours": left.han, "listed": right.han}))
    if features[_AT["order"]] > 0:
        reasons.append(Reason("name.order", {"ours": left.text, "listed": right.text}))
    if left.legal != right.legal and (left.legal or right.legal):
        params = {"ours": ", ".join(left.legal) or "–", "listed": ", ".join(right.legal) or "–"}
        reasons.append(Reason("name.legal-form", params))
    return tuple(reasons)


def _left_over(tokens: Sequence[Token], used: set[int]) -> list[Token]:
    if len(used) == len(tokens):
        return []
    return [token for at, token in enumerate(tokens) if at not in used and token.kind != PARTICLE]


def _translated(form: NameForm) -> list[Reason]:
    """Return the reason for English words that stand for a Chinese brand."""
    if form.text.isascii():
        return []
    words = " ".join(
        token.written for token in form.tokens if token.written.isascii() and token.written not in form.text
    )
    brand = brand_of(form.text, words.casefold()) if words else ""
    return [Reason("name.translated", {"brand": brand, "words": words})] if brand else []


def _written(tokens: Sequence[Token], start: int, end: int) -> str:
    return tokens[start].written or tokens[start].text if end - start == 1 else _text(tokens[start:end])


def _text(tokens: Sequence[Token]) -> str:
    return " ".join([token.written or token.text for token in tokens])
