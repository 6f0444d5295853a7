"""Goods text: how a cell of free text is folded so that one chemical has one spelling, and what stands round a name.

Folding keeps where every character came from, so that a finding can point into the text as written.
The words of the trade are data: `registers/data/goods_words.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

# named: the substance itself. salt, ester: a form of it. other: another substance that holds its name.
# label: an isotope-labelled standard. free: the text says it is absent. thing: an object named after it.
# none: the letters belong to another word.
Standing = Literal["named", "salt", "ester", "other", "label", "free", "thing", "none"]

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ω": "omega", "κ": "kappa", "λ": "lambda", "μ": "mu",
}  # fmt: skip
# Spanish and older spellings of the Greek position words, folded to the English one in keys and text alike.
_DASHES = "‐‑‒–—―−﹣－⁃ｰ"
_PRIMES = "'’‘`´′″ʹʼ＇"
_NOTHING = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# Characters that a chemical name may or may not hold: they are left out of the key.
SEPARATORS = frozenset(" -',()[]{}_+±·*\"")
_DROP = str.maketrans(dict.fromkeys(map(ord, SEPARATORS)))
_ASCII_FOLD = {code: chr(code).lower() for code in range(128)} | {ord(c): " " for c in "\t\n\r\x0b\x0c"} | {ord("`"): "'"}
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_AROUND = 56


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `origin[i]` is the place in the text as written of the folded character i (None: the same place)."""

    text: str
    origin: Sequence[int] | None
    written_length: int

    def written_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text as written of the folded span [start, end)."""
        if self.origin is None:
            return start, end
        last = self.origin[end - 1]
        following = next((place for place in self.origin[end:] if place > last), self.written_length)
        return self.origin[start], max(following, last + 1) if end >= len(self.origin) else following


def is_han(char: str) -> bool:
    """Tell whether `char` is a Chinese character."""
    return bool(char) and _HAN.match(char) is not None


@lru_cache(maxsize=1)
def han_forms() -> Mapping[str, str]:
    """Return simplified character -> its traditional and regional forms, for the characters of the register's words.

    Source: the character tables of OpenCC (Apache-2.0), cut down to what the register needs; 醯 beside 酰 is ours.
    """
    text = resources.files("tidegate.registers").joinpath("data/han_forms.csv").read_text(encoding="utf-8")
    return dict(line.split(",") for line in text.splitlines()[1:])


@lru_cache(maxsize=1)
def _simplified() -> Mapping[str, str]:
    return {other: simple for simple, forms in han_forms().items() for other in forms}


@lru_cache(maxsize=20_000)
def fold_char(char: str) -> str:
    """Return what `char` becomes: lower case, plain width, no accent, Greek as a word, simplified Chinese, or nothing."""
    if char.isascii():
        return _ASCII_FOLD[ord(char)]
    if char in _NOTHING or unicodedata.combining(char):
        return ""
    if char in _DASHES:
        return "-"
    if char in _PRIMES:
        return "'"
    if is_han(char):
        return _simplified().get(char, char)
    if char in "【〔［「『〈《":
        return "("
    if char in "】〕］」』〉》":
        return ")"
    if char == "。":
        return ";"
    if char == "、":
        return "/"
    lowered = char.lower()
    if lowered in _GREEK:
        return _GREEK[lowered]
    plain = unicodedata.normalize("NFKD", lowered)
    kept = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    if kept.isspace():
        return " "
    return "".join(_GREEK.get(c, "-" if c in _DASHES else "'" if c in _PRIMES else c) for c in kept)


def fold_goods(text: str) -> Folded:
    """Return `text` folded, with where each character came from."""
    if text.isascii():
        folded = text.lower()
        return Folded(folded if folded.isprintable() else folded.translate(_ASCII_FOLD), None, len(text))
    folded = text.translate(_FOLDS)
    if len(folded) == len(text) and _FOLDS.uneven.isdisjoint(text):
        return Folded(folded, None, len(text))
    pieces = [fold_char(char) for char in text]
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    return Folded("".join(pieces), origin, len(text))


class _Folds(dict[int, str]):
    """Code point -> folded text, filled as characters are met; `uneven` are those that do not fold to one character."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = self[code] = fold_char(char)
        if len(folded) != 1:
            self.uneven.add(char)
        return folded


_FOLDS = _Folds()


def squash(folded: str) -> str:
    """Return `folded` without the characters that a chemical name may or may not hold."""
    return folded.translate(_DROP)


def kept_places(folded: str) -> list[int]:
    """Return the places in `folded` of the characters that `squash` keeps."""
    return [place for place, char in enumerate(folded) if char not in SEPARATORS]


def chemical_key(name: str) -> str:
    """Return the key under which a name is found: folded and squashed."""
    return squash(fold_goods(name).text)


@dataclass(frozen=True, slots=True)
class _Words:
    morphemes: re.Pattern[str]
    morpheme_word_before: re.Pattern[str]
    stereo: frozenset[str]
    before: re.Pattern[str]
    after_chemical: re.Pattern[str]
    after_thing: re.Pattern[str]
    salts: re.Pattern[str]
    salts_before: re.Pattern[str]
    esters: re.Pattern[str]
    whole_thing: re.Pattern[str]
    thing_words: frozenset[str]
    free_words: frozenset[str]
    free_before: re.Pattern[str]
    free_after: re.Pattern[str]
    isotope_before: re.Pattern[str]
    isotope_after: re.Pattern[str]
    context: re.Pattern[str]
    not_code: re.Pattern[str]
    han_before: tuple[str, ...]
    han_same: tuple[str, ...]
    han_salt_before: tuple[str, ...]
    han_after: tuple[str, ...]
    han_after_salt: tuple[str, ...]
    han_after_thing: tuple[str, ...]
    han_free_before: re.Pattern[str]
    han_free_after: tuple[str, ...]
    acid_after: tuple[str, ...]
    acid_names: frozenset[str]
    weakened: frozenset[str]
    real_words: frozenset[str]


@lru_cache(maxsize=1)
def words() -> _Words:
    """Return the words of the trade, compiled."""
    data = tomllib.loads(resources.files("tidegate.registers").joinpath("data/goods_words.toml").read_text(encoding="utf-8"))
    latin, han = data["latin"], data["han"]

    def any_of(parts: Sequence[str]) -> str:
        return "(?:" + "|".join(sorted(parts, key=len, reverse=True)) + ")"

    morph = any_of(latin["morphemes"])
    # A list may stand between the word of absence and the name: "free of acetone, toluene and ether".
    listed = r"(?:(?!\b(?:contain\w*|with|con|but|pero|contiene\w*)\b)[^;.:|]){0,60}?(?:,|/|&|\b(?:and|or|nor|y|o|e|ni)\b) *"
    return _Words(
        morphemes=re.compile(rf"(?:{morph}|[\d,'()\[\]+-])+"),
        morpheme_word_before=re.compile(rf"(?:^|[\s(,;/:|])(?:[\dn,']+-)?(?:{morph}-?)+ $|[a-z0-9-](?:yl|oxy|oxo)\)? $"),
        stereo=frozenset(latin["stereo"]),
        before=re.compile(rf"\b{any_of(latin['before'])}[ -]$"),
        after_chemical=re.compile(rf"[ -]+(?:{any_of(latin['after_chemical'])}\b|\d[\d,']*-(?=[a-z]))"),
        after_thing=re.compile(rf"[ -]+(?:(?:vapou?r|gas|leak|acid|fume|rapid|urine|drug) )?{any_of(latin['after_thing'])}\b"),
        salts=re.compile(rf"[ -]*\(?{any_of(latin['salts'])}\b"),
        salts_before=re.compile(rf"\b{any_of(latin['salts_before'])} (?:la |el )?$"),
        esters=re.compile(rf"[ ,-]+{any_of(latin['esters'])}\b"),
        whole_thing=re.compile(rf"(?<![a-z]){any_of(latin['whole_thing'])}(?![a-z])"),
        thing_words=frozenset(latin["thing_words"]),
        # The last word of every phrase of absence: where none stands, the phrases need not be sought.
        free_words=frozenset(word for phrase in latin["free_before"] for word in re.findall(r"[a-z]+|%", phrase)) | {"0%"},
        free_before=re.compile(rf"(?:^|[^a-z0-9]){any_of(latin['free_before'])}[ -]+(?:(?!{any_of(latin['free_of_other'])}\b){listed})?$"),
        free_after=re.compile(rf"[ -]*\(?{any_of(latin['free_after'])}\b"),
        isotope_before=re.compile(rf"(?:^|[^a-z0-9]){any_of(data['isotope']['marks'])}[ ,)\]-]*(?:\d[\d,]*-)?$"),
        isotope_after=re.compile(rf"[ ,-]*[(\[]?(?:(?:ring|methyl|phenyl|n-methyl)-)?{any_of([*data['isotope']['marks'], *data['isotope']['after']])}(?![a-z0-9])"),
        context=re.compile(rf"(?<![a-z0-9]){any_of(latin['context'])}(?![a-z])|{any_of(latin['context_zh'])}"),
        not_code=re.compile(rf"[ -]*{any_of(latin['not_code'])}(?![a-z])"),
        han_before=tuple(han["before"]), han_same=tuple(han["before_same"]), han_salt_before=tuple(han["salt_before"]),
        han_after=tuple(han["after"]), han_after_salt=tuple(han["after_salt"]), han_after_thing=tuple(han["after_thing"]),
        han_free_before=re.compile(
            rf"{any_of(han['free_before'])}(?!水|色|菌|机|毒|味|臭|尘|锡)(?:(?:[^;:|,的]{{0,16}}?(?:及|和|与|或|/|以及) ?)?)$"
        ),
        han_free_after=tuple(han["free_after"]), acid_after=tuple(han["acid_after"]), acid_names=frozenset(han["acid_names"]),
        weakened=frozenset(chemical_key(name) for name in data["weaken"]["names"]),
        real_words=frozenset(chemical_key(name) for name in data["typing"]["real"]),
    )  # fmt: skip


def standing_of(folded: str, start: int, end: int, *, short: bool, others: Collection[tuple[int, int]]) -> Standing:
    """Return what the name at [start, end) of `folded` says about the goods, by what stands round it.

    short: a bare code, believed only as a whole word. others: spans of the other register names found, which are
    never read as a prefix or suffix of this one.
    """
    left, right = folded[max(0, start - _AROUND) : start], folded[end : end + _AROUND]
    first, last = folded[start], folded[end - 1]
    followed = any(end <= at <= end + 3 and not folded[end:at].strip(" -,/;+&") for at, _ in others)
    preceded = any(start - 3 <= upto <= start and not folded[upto:start].strip(" -,/;+&") for _, upto in others)
    before = _before_han(folded, start, left, preceded) if is_han(first) else _before_latin(left, first, short, preceded)
    if before in ("none", "other", "label", "free", "thing"):
        return before
    name = folded[start:end]
    after = _after_han(name, right, followed) if is_han(last) else _after_latin(right, short, followed)
    if after == "named":
        return before
    return after


def has_context(folded: str) -> bool:
    """Tell whether a folded text holds a word that belongs to chemicals."""
    return words().context.search(folded) is not None


def is_about(folded: str) -> bool:
    """Tell whether a folded text is about a thing that only bears a substance's name: a test kit, a book, a sign."""
    lexicon = words()
    if folded.isascii() and lexicon.thing_words.isdisjoint(folded.replace("-", " ").split()):
        return False
    return lexicon.whole_thing.search(folded) is not None


def is_other_code(folded: str, start: int, end: int) -> bool:
    """Tell whether the code at [start, end) is plainly a code of another trade, e.g. 'P2P lending', 'NPP bearings'."""
    pattern = words().not_code
    tail = folded[end : end + 40]
    head = folded[max(0, start - 24) : start].rstrip(" -")
    word = head.rsplit(" ", 1)[-1]
    return pattern.match(tail) is not None or (bool(word) and pattern.fullmatch(word) is not None)


def _before_latin(left: str, first: str, short: bool, preceded: bool) -> Standing:
    lexicon = words()
    prev = left[-1:]
    if not prev:
        return "named"
    if prev.isalnum() and not is_han(prev):
        if prev.isdigit():
            return "none" if short or first.isdigit() else "named"
        glued = re.search(r"[a-z]+$", left)
        if glued is not None and not short and lexicon.morphemes.fullmatch(glued.group()):
            return "other"
        return "none"
    if prev in ".," and first.isdigit() and left[-2:-1].isdigit():
        return "none"
    if prev in "-)]'+" and not (prev == "-" and left[-2:-1] in ("", " ")):
        verdict = _prefix(left, short)
        if verdict != "named":
            return verdict
    if is_han(prev) and left.endswith(("聚", "非", "不含", "无")):
        return "other" if left.endswith("聚") else "free"
    return _before_word(left, preceded)


def _before_word(left: str, preceded: bool) -> Standing:
    """Judge the words in front. The patterns are costly, so each runs only where what it seeks can stand."""
    lexicon = words()
    joined = left.rstrip(" -,)]")[-4:]
    if any(char.isalpha() for char in joined) and lexicon.isotope_before.search(left[-20:]):
        return "label"
    if not lexicon.free_words.isdisjoint(left.replace("-", " ").split()) and lexicon.free_before.search(left):
        return "free"
    if not left.isascii() and lexicon.han_free_before.search(left):
        return "free"
    if not left[-3:].rstrip(" -)")[-1:].isalpha():
        return "named"
    if not preceded and (lexicon.before.search(left[-36:]) or lexicon.morpheme_word_before.search(left[-30:])):
        return "other"
    return "salt" if lexicon.salts_before.search(left[-24:]) else "named"


def _prefix(left: str, short: bool) -> Standing:
    """Judge what is joined to the name by a hyphen or a bracket, e.g. 'd8-', '3-chloro-', '(S)-', 'lab-'."""
    lexicon = words()
    joined = re.search(r"[a-z0-9,'()\[\]+.\-\u4e00-\u9fff]+$", left)
    token = joined.group() if joined is not None else ""
    if is_han(token[-2:-1]) or (token and any(is_han(char) for char in token)):
        bare = token.rstrip("-)]'")
        return "other" if bare.endswith(lexicon.han_before) and not bare.endswith(lexicon.han_same) else "named"
    if lexicon.isotope_before.search(left):
        return "label"
    parts = re.findall(r"[a-z]+", token)
    if not parts:  # only digits and brackets: a number in a list, or a position
        return "none" if short and token not in ("(", "[") and token[-1:] == "-" else "named"
    if parts[-1] in ("non", "no", "not", "sin"):
        return "free"
    if all(part in lexicon.stereo for part in parts):
        return "named"
    if short:
        return "none" if token.endswith("-") else "named"
    return "other" if lexicon.morphemes.fullmatch(token) else "named"


def _after_latin(right: str, short: bool, followed: bool) -> Standing:
    lexicon = words()
    head = right[:1]
    if not head:
        return "named"
    if head.isalpha() and not is_han(head):
        run = re.match(r"[a-z]+", right)
        tail = run.group() if run is not None else head
        if tail in ("s", "es") and not short:
            right = right[len(tail) :]
        elif not short and lexicon.salts.fullmatch(tail):
            return "salt"
        elif not short and lexicon.free_after.fullmatch(tail) and tail != "less":
            return "free"
        else:
            return "none"
    elif head.isdigit() and short:
        return "none"
    if short and re.match(r"-[a-z0-9]", right) and not lexicon.free_after.match(right):
        return "none"
    near = right[:4].lstrip(" -,([:")[:1]
    if not near or (near.isdigit() and not re.match(r"[ (:,\[-]*(?:0 ?%|\d[\d,]*-[a-z]|[123][0-9]?[hcno])", right)):
        return "named"
    if lexicon.free_after.match(right):
        return "free"
    if lexicon.isotope_after.match(right):
        return "label"
    if lexicon.salts.match(right):
        return "salt"
    if lexicon.esters.match(right):
        return "ester"
    if not followed and lexicon.after_chemical.match(right):
        return "other"
    if lexicon.after_thing.match(right) or right.lstrip(" -").startswith(lexicon.han_after_thing):
        return "thing"
    return "named"


def _before_han(folded: str, start: int, left: str, preceded: bool) -> Standing:
    lexicon = words()
    bare = left.rstrip(" ")
    if not bare:
        return "named"
    if lexicon.han_free_before.search(bare) or lexicon.free_before.search(left):
        return "free"
    if lexicon.isotope_before.search(left):
        return "label"
    tail = bare[-1]
    if tail in "-)" and len(bare) > 1 and not preceded:
        verdict = _prefix(bare, short=False)
        if verdict != "named":
            return verdict
    if not is_han(tail) or preceded:
        if tail.isalpha() and not is_han(tail):
            run = re.search(r"[a-z]+$", bare)
            if run is not None and run.group() in ("n", "o", "m", "p", "d", "l", "dl"):
                return "named"
            return "other" if run is not None and lexicon.morphemes.fullmatch(run.group()) else "named"
        return "named"
    if bare.endswith(lexicon.han_salt_before):
        return "salt"
    if bare.endswith(lexicon.han_same):
        return "named"
    return "other" if bare.endswith(lexicon.han_before) else "named"


def _after_han(name: str, right: str, followed: bool) -> Standing:
    lexicon = words()
    bare = right.lstrip(" -(")
    if bare.startswith(lexicon.han_free_after) or lexicon.free_after.match(right):
        return "free"
    if lexicon.isotope_after.match(right):
        return "label"
    if name in lexicon.acid_names and is_han(right[:1]):
        return "named" if right.startswith(lexicon.acid_after) else "other"
    if not right[:1] or right[0] == "(":
        return "salt" if bare.startswith(lexicon.han_after_salt) else "named"
    if bare.startswith(lexicon.han_after_salt) or (right[0] in " -" and lexicon.salts.match(right)):
        return "salt"
    if bare.startswith(lexicon.han_after_thing) and not bare.startswith(("罐装", "管制")):
        return "thing"
    if not is_han(right[0]):
        return "other" if not followed and re.match(r"-\d[\d,]*-[\u4e00-\u9fff]", right) else "named"
    if followed:
        return "named"
    return "other" if right.startswith(lexicon.han_after) else "named"
