"""How alike two words of names are, and by which test: the same, one reading, forms of one name, a slip, a sound."""

from __future__ import annotations

from functools import lru_cache

from tidegate.screening.name_lexicon import INITIAL, NUMBER, PARTICLE, PLACE, SUFFIX, TRADE
from tidegate.screening.name_token import Token

READING_SIM, NICKNAME_SIM, AMBIGUOUS_SIM, FOLD_SIM, INITIAL_SIM, SLIP_SIM = 0.94, 0.93, 0.55, 0.95, 0.8, 0.96
TWO_NAMES = 0.8  # two given names that are known, and not forms of one: no slip
KNOWN = frozenset([TRADE, PLACE])
_SLIPS = str.maketrans("01i58", "ollsb")
_VOWELS = str.maketrans("", "", "aeiouy")


def token_similarity(left: Token, right: Token, *, person: bool) -> tuple[float, str]:
    """Return how alike two tokens are in [0, 1], and the test that said so."""
    if left.text == right.text:
        return 1.0, "equal"
    if NUMBER in (left.kind, right.kind):
        return 0.0, "number"
    if SUFFIX in (left.kind, right.kind):  # the second is not the third
        return 0.0, "suffix"
    known_left, known_right = left.kind in KNOWN, right.kind in KNOWN
    if known_left and known_right:  # two words of the lexicon: neighbours, or two things
        shared = left.kind == right.kind and left.groups[:1] and right.groups[:1] and (
            left.groups[0] in right.groups or right.groups[0] in left.groups
        )  # fmt: skip
        return (0.8, "trade" if left.kind == TRADE else "place") if shared else (0.0, "trade")
    if known_left or known_right:  # a trade or place with a slip in it is not recognised as one
        word, known = (right, left) if known_left else (left, right)
        if len(word.text) < 4 or len(known.bones) < 4 or word.kind in (INITIAL, PARTICLE):
            return 0.0, "trade"
        sim = max(edit_similarity(word.text, known.bones), edit_similarity(word.fold, known.fold) - 0.03)
        return (sim, "spelling") if sim >= 0.75 else (0.0, "trade")
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
            return (
                0.93 if len(one) > 3 or (len(one) > 2 and not person) else 0.85
            ), "consonants"  # hsn: Hasan, Hossein
        if not person and _linked(left if right.abjad else right) == (one if left.abjad else other):
            return 0.85, "consonants"
        return 0.92 * edit_similarity(one, other), "consonants"
    if left.text.startswith("abdul") != right.text.startswith("abdul") and (
        left.text.removeprefix("abdul") == right.text.removeprefix("abdul")
    ):
        return 0.85, "spelling"
    if person and _other_sex(left, right):
        return 0.5, "ending"
    sim = edit_similarity(left.text, right.text)
    if left.pinyin and right.pinyin:
        return sim * 0.75, "spelling"  # another syllable is another word, seldom a slip
    another = two_words(left, right)
    if another:
        sim *= TWO_NAMES
    if left.text[:1] != right.text[:1] and left.fold[:1] != right.fold[:1]:
        return (sim if sim >= 0.8 else max(0.0, sim - 0.1)), "spelling"
    if len(left.text) > 3 and len(right.text) > 3:
        if slip_form(left.text) == slip_form(right.text):
            return SLIP_SIM, "slip"
        sound = FOLD_SIM if left.fold == right.fold else edit_similarity(left.fold, right.fold) - 0.03
        if another:
            sound *= TWO_NAMES
        if sound > sim:
            return sound, "sound"
    elif len(left.fold) > 2 and left.fold == right.fold and _without_vowels(left.text) == _without_vowels(right.text):
        return FOLD_SIM - 0.05, "sound"
    return sim, "spelling"


def two_words(left: Token, right: Token) -> bool:
    """Tell whether two words that are spelled nearly alike are two words all the same, not one with a slip in it."""
    if (left.pinyin and right.pinyin) or (left.groups and right.groups):
        return True
    if not (left.everyday and right.everyday) or _plural(left.text, right.text):
        return False
    return left.bones != right.bones or (left.text[:1] != right.text[:1] and left.fold[:1] != right.fold[:1])


def _other_sex(one: Token, other: Token) -> bool:
    """Tell whether two words are a man's and a woman's form of one name: Paul and Paula, Mario and Maria, Orlov and Orlova."""
    short, long = (one, other) if len(one.text) <= len(other.text) else (other, one)
    word = short.text
    if len(word) == len(long.text):
        return len(word) > 4 and word[:-1] == long.text[:-1] and {word[-1], long.text[-1]} == {"a", "o"}
    return len(word) > 3 and long.text == word + "a" and (bool(short.groups) or word.endswith(("ov", "ev", "in", "yn")))


def _plural(one: str, other: str) -> bool:
    return one + "s" == other or other + "s" == one


def _linked(token: Token) -> str:
    """Return the consonants of a Latin word without the t that links a feminine to what follows: "najmat al rabi"."""
    bones = _without_article(token)
    return bones[:-1] if token.text.endswith(("at", "et")) and len(bones) > 2 else ""


def _without_vowels(word: str) -> str:
    return word.translate(_VOWELS)


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
