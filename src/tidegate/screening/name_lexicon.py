"""The lexicon of the name screen: legal forms, trade words, places, titles, nicknames and surnames, read once.

Every table is a CSV or TOML file in `screening/data`, which an analyst can read and change. A phrase is looked up
by its words ("import and export"); Han, Hangul, Arabic and Cyrillic phrases are folded to Latin concepts too, so
that 化工 and "chemical" become one concept.
"""

from __future__ import annotations

import csv
import gzip
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import product
from typing import Any

from tidegate.screening.scripts import HAN, clean, romanise, script_of

# classes of a token, in the order of the feature table in name_score
CORE, INITIAL, NUMBER, TRADE, PLACE, PARTICLE, SUFFIX, BRANCH, LEGAL, HONORIFIC = range(10)


_UMLAUT = re.compile(r"([ln])(?:v|ü|yu)(e?)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase of the lexicon stands for: its class and its concept ("limited", "chemical", "wuhan")."""

    kind: int
    concept: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables. Keys are folded: ASCII lower case without dots, words joined by one blank."""

    phrases: dict[str, Phrase]
    longest: dict[str, int]  # first word of a phrase -> most words a phrase beginning so has
    han_phrases: dict[str, Phrase]
    han_pattern: re.Pattern[str]
    near: dict[str, tuple[str, ...]]  # concept -> neighbouring concepts
    honorifics: frozenset[str]
    particles: frozenset[str]
    suffixes: frozenset[str]
    numbers: dict[str, str]
    nicknames: dict[str, tuple[str, ...]]
    alias_pattern: re.Pattern[str]
    care_of_pattern: re.Pattern[str]
    tail_pattern: re.Pattern[str]
    address_words: frozenset[str]
    address_local: frozenset[str]
    branch_words: frozenset[str]
    branch_local: frozenset[str]
    vessel_prefixes: frozenset[str]
    skip_initials: frozenset[str]
    english_given: frozenset[str]
    kinship: frozenset[str]
    light: frozenset[str]  # concepts that many firms add or leave out
    legal_slips: dict[str, str]  # a long legal word with one slip -> the word
    suffix_forms: dict[str, str]
    short_words: dict[str, str]
    number_signs: frozenset[str]
    brand_readings: dict[str, tuple[str, ...]]  # Han character -> its readings in brands, the usual one first


@dataclass(frozen=True, slots=True)
class HanTable:
    """Readings of Han characters: simplified form, pinyin without tones (usual one first), jyutping without tones."""

    simplified: dict[int, str]
    pinyin: dict[str, tuple[str, ...]]
    jyutping: dict[str, tuple[str, ...]]
    syllables: frozenset[str]


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the packaged table `name` (CSV, or gzipped CSV)."""
    lines = _lines(name)
    head = next(lines)
    for line in lines:
        if line:
            yield dict(zip(head, (*line, *[""] * (len(head) - len(line))), strict=False))


def _lines(name: str) -> Iterator[list[str]]:
    data = resources.files("tidegate.screening").joinpath("data", name).read_bytes()
    if name.endswith(".gz"):
        data = gzip.decompress(data)
    return csv.reader(data.decode().splitlines())


_taken: list[tuple[HanTable, Lexicon]] = []


def take_tables(han: HanTable, whole: Lexicon) -> None:
    """Use these in place of reading the packaged tables: they were made of them before."""
    _taken.append((han, whole))


@lru_cache(maxsize=1)
def han_table() -> HanTable:
    """Return the readings of Han characters (read from the packaged table on first use)."""
    return _taken[-1][0] if _taken else _read_han_table()


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the whole lexicon (read and folded on first use, then kept)."""
    return _taken[-1][1] if _taken else _read_lexicon()


def _read_han_table() -> HanTable:
    simplified: dict[int, str] = {}
    pinyin: dict[str, tuple[str, ...]] = {}
    jyutping: dict[str, tuple[str, ...]] = {}
    syllables: set[str] = set()
    lines = _lines("han.csv.gz")
    if next(lines) != ["char", "simplified", "pinyin", "jyutping"]:
        raise ValueError("han.csv.gz: other columns than char, simplified, pinyin, jyutping")
    for char, simple, mandarin, cantonese in lines:
        if simple:
            simplified[ord(char)] = simple
        readings = pinyin[char] = tuple(map(plain_syllable, mandarin.split(" "))) if mandarin else ()
        syllables.update(readings)
        if cantonese:
            jyutping[char] = tuple(cantonese.split(" "))
    syllables -= {"m", "n", "ng", "hm", "hng", "r", "g", "k", "q", "lo", "yo", "den", "eng"} - {"lo"}
    return HanTable(simplified, pinyin, jyutping, frozenset(syllables))


@lru_cache(maxsize=10_000)
def plain_syllable(text: str) -> str:
    """Return a pinyin syllable with ü, v and yu after l and n written u: lü, lv and lyu are one spelling."""
    found = _UMLAUT.fullmatch(text)
    return f"{found[1]}u{found[2]}" if found else text


def _read_lexicon() -> Lexicon:
    words: dict[str, Any] = tomllib.loads(
        resources.files("tidegate.screening").joinpath("data", "name_words.toml").read_text(encoding="utf-8")
    )
    phrases: dict[str, Phrase] = {}
    han: dict[str, Phrase] = {}
    near: dict[str, tuple[str, ...]] = {}
    for row in (*rows("trade_words.csv"), *rows("trade_words_more.csv")):
        phrase = Phrase(TRADE, row["concept"])
        near.setdefault(row["concept"], tuple(row["near"].split("|")) if row["near"] else ())
        _add(phrases, han, row["latin"], phrase)
        _add(phrases, han, row["han"], phrase)
        for form in filter(None, row["han_only"].split("|")):  # their pinyin is a usual brand, given name or place
            han.setdefault(_simple(form), phrase)
    for row in rows("places.csv"):
        phrase = Phrase(PLACE, row["concept"])
        near[row["concept"]] = tuple(row["near"].split("|")) if row["near"] else ()
        _add(phrases, han, row["latin"], phrase)
        for form in row["han"].split("|"):
            _add(phrases, han, form, phrase)
            if form and HAN.fullmatch(form):
                for level in "市省县":
                    han.setdefault(form + level, phrase)
    for key, phrase in [item for item in phrases.items() if item[1].kind == PLACE]:
        for level in ("city", "province", "provincial", "county", "municipality", "municipal"):
            _put(phrases, f"{key} {level}", phrase)
    for table in ("legal_forms.csv", "legal_forms_local.csv"):
        for row in rows(table):
            _add(phrases, han, row["forms"], Phrase(LEGAL, row["class"]))
    _add_short_forms(phrases, {long: short.split() for long, short in words["shortened"].items()})
    longest: dict[str, int] = {}
    for key in phrases:
        parts = key.split(" ")
        longest[parts[0]] = max(len(parts), longest.get(parts[0], 0))
    nicknames: dict[str, set[str]] = {}
    for row in rows("nicknames.csv"):
        for form in row["forms"].split("|"):
            nicknames.setdefault(romanise(clean(form)).replace(" ", ""), set()).add("n:" + row["group"])
    pattern = re.compile("|".join(re.escape(key) for key in sorted(filter(HAN.match, han), key=len, reverse=True)))
    return Lexicon(
        phrases, longest, han, pattern, near,
        _words(words["honorifics"], words["honorifics_local"]), _words(words["particles"]), _words(words["suffixes"]),
        {**words["numbers"], **words["numbers_local"]}, {key: tuple(sorted(value)) for key, value in nicknames.items()},
        _marks(words["also_known"]), _marks(words["care_of"]), _marks(words["care_of_after"]),
        _words(words["address_words"]), frozenset(words["address_local"].split()),
        _words(words["branch"]), frozenset(words["branch_local"].split()),
        _words(words["vessel_prefixes"]), _words(words["skip_initials"]),
        _words(words["english_given"]), _words(words["kinship"]), frozenset(words["light"].split()),
        {**_slips(words["legal_long"].split(), phrases), **words["legal_misread"]}, dict(words["suffix_forms"]),
        dict(words["short_words"]), _words(words["number_signs"]),
        {char: tuple(told.split()) for char, told in words["brand_readings"].items()},
    )  # fmt: skip


def _words(*texts: str) -> frozenset[str]:
    return frozenset(_fold(word) for text in texts for word in text.split() if _fold(word))


def _slips(targets: list[str], phrases: dict[str, Phrase]) -> dict[str, str]:
    """Return every word one slip of the keys away from a long legal word, the lexicon's own words left out."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    found: dict[str, str] = {}
    for word in targets:
        cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
        slipped = {one + two[1:] for one, two in cuts if two}
        slipped |= {one + two[1] + two[0] + two[2:] for one, two in cuts if len(two) > 1}
        slipped |= {one + letter + two[1:] for one, two in cuts if two for letter in letters}
        slipped |= {one + letter + two for one, two in cuts for letter in letters}
        found.update(dict.fromkeys(slipped.difference(phrases, targets), word))
    return found


def _fold(word: str) -> str:
    if HAN.fullmatch(word):
        return word
    return "".join(char for char in romanise(clean(word)) if char.isalnum())


def _simple(form: str) -> str:
    return form.translate(han_table().simplified)


def _add(phrases: dict[str, Phrase], han: dict[str, Phrase], forms: str, phrase: Phrase) -> None:
    """Put every form in its table. A Han form also gives its pinyin, written in three ways."""
    for form in forms.split("|") if forms else ():
        if HAN.search(form):
            simple = _simple(form)
            han.setdefault(simple, phrase)
            if len(simple) >= 2 and script_of(form) == "han" and all(char in han_table().pinyin for char in simple):
                syllables = [han_table().pinyin[char][0] for char in simple]
                _put(phrases, "".join(syllables), phrase)
                _put(phrases, " ".join(syllables), phrase)
                pairs = ["".join(syllables[i : i + 2]) for i in range(0, len(syllables), 2)]
                _put(phrases, " ".join(pairs), phrase)
        else:
            if not form.isascii() and " " not in form:
                han.setdefault(clean(form).casefold(), phrase)
            if HAN.search(clean(form)) or script_of(form) == "hangul":
                continue  # Latin spellings of these would take given names for trades: 유리 is glass, Yuri is not
            if phrase.kind == PLACE and len(form) > 5 and form.isascii() and len(_pinyin_cut(form)) > 1:
                _put(phrases, " ".join(_pinyin_cut(form)), phrase)
            folded = " ".join(filter(None, (_fold(word) for word in re.split(r"[\s./&\"-]+", form))))
            _put(phrases, folded, phrase)
            dotless = _fold(form)
            if "." in form or '"' in form:
                _put(phrases, dotless, phrase)


def _add_short_forms(phrases: dict[str, Phrase], shortened: dict[str, list[str]]) -> None:
    """Put beside every trade phrase of two words and more the ways its long words are shortened ("biological tech")."""
    for key, phrase in list(phrases.items()):
        words = key.split(" ")
        if phrase.kind == TRADE and len(words) > 1 and not shortened.keys().isdisjoint(words):
            for form in product(*((word, *shortened.get(word, ())) for word in words)):
                _put(phrases, " ".join(form), phrase)


def _pinyin_cut(word: str) -> tuple[str, ...]:
    from tidegate.screening.name_syllables import split_pinyin

    return split_pinyin(word)


def _put(phrases: dict[str, Phrase], key: str, phrase: Phrase) -> None:
    if key:
        phrases.setdefault(key, phrase)


def _marks(forms: list[str]) -> re.Pattern[str]:
    """Return a pattern for marks that stand as whole words in Latin, or anywhere in Han."""
    latin = sorted((re.escape(f) for f in forms if f.isascii() or not HAN.search(f)), key=len, reverse=True)
    local = sorted((re.escape(f) for f in forms if HAN.search(f)), key=len, reverse=True)
    pattern = r"(?<![\w])(?:" + "|".join(latin) + r")(?![\w])[.:\s]*"
    if local:
        pattern += "|(?:" + "|".join(item for item in local) + r")[:：\s]*"
    return re.compile(pattern, re.IGNORECASE)
