"""Tokens of names in Han and Hangul, where no blank parts the words, and tokens of lexicon concepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tidegate.screening.name_lexicon import CORE, HONORIFIC, LEGAL, NUMBER, PLACE, Lexicon, Phrase, han_table, lexicon
from tidegate.screening.name_sound import bones, fold
from tidegate.screening.name_syllables import surnames_pinyin
from tidegate.screening.name_token import WEIGHT, Token
from tidegate.screening.scripts import romanise, script_of

MAX_LETTERS = 64
LIGHT = 0.25
_DIGITS = "〇一二三四五六七八九"
_ORDINAL = re.compile(r"第([一二三四五六七八九十〇]{1,4})(?:号|分)?")
DISTRICT_RANKS = {"区": "district", "县": "county", "镇": "town", "乡": "town"}
_DISTRICT = re.compile(r"(..)([区县镇乡])(?=..)")


@lru_cache(maxsize=100_000)
def concept_tokens(concepts: str, kind: int, written: str) -> tuple[Token, ...]:
    """Return the tokens of a phrase that the lexicon folds to `concepts` (joined by +), as `written`."""
    names = concepts.split("+")
    words = written.split(" ") if written.isascii() else []
    if len(words) == len(names):
        return tuple([_concept(name, kind, word) for name, word in zip(names, words, strict=True)])
    return tuple([_concept(name, kind, written) for name in names])


def _concept(concept: str, kind: int, written: str) -> Token:
    table = lexicon()
    groups = ("t:" + concept, *("t:" + item for item in table.near.get(concept, ())))
    spelled = romanise(written).replace(" ", "") if written.isascii() else concept
    weight = LIGHT if concept in table.light else WEIGHT[kind]
    return Token(concept, kind, weight, fold(spelled), spelled, groups, written=written)


def han_tokens(run: str, person: bool, table: Lexicon) -> list[Token]:
    simple = run.translate(han_table().simplified)
    out: list[Token] = []
    position = 0
    if not person:
        for found in han_phrases(simple, table):
            if found.start() > position:
                out += _han_core(simple[position : found.start()])
            out += phrase_tokens(table.han_phrases[found.group()], found.group())
            position = found.end()
    for title in ("先生", "女士", "小姐", "博士", "教授", "总经理", "经理", "老师", "同志"):
        if simple.endswith(title) and len(simple) - position > len(title):
            out += _han_core(simple[position : -len(title)])
            out.append(Token("title", HONORIFIC, 0.0, written=title))
            return out
    if position < len(simple):
        out += _han_core(simple[position:])
    return out


def han_phrases(text: str, table: Lexicon) -> Iterator[re.Match[str]]:
    """Yield the phrases in `text` from the left; one that a later and longer phrase cuts into is not taken.

    In 康美国际贸易 the phrase is 国际贸易, not 美国: a brand stands before it. At the front the first phrase holds. Of two as
    long, the one that leaves no character over is taken: in 红日化工 it is 化工.
    """
    position = 0
    while found := table.han_pattern.search(text, position):
        if found.start() > position:
            for start in range(found.start() + 1, found.end()):
                later = table.han_pattern.match(text, start)
                if not later or later.end() <= found.end():
                    continue
                longer = len(later[0]) - len(found[0])
                if longer > 0 or (longer == 0 and _leaves_one_over(text, found.end(), later.end(), table)):
                    found = later
                    break
        yield found
        position = found.end()


def _leaves_one_over(text: str, first: int, later: int, table: Lexicon) -> bool:
    """Tell whether a phrase that ends at `first` leaves one character before the end or the next phrase; 业 is a suffix."""
    at_edge = later == len(text) or table.han_pattern.match(text, later) is not None
    return later == first + 1 and text[first] != "业" and at_edge


def _han_core(text: str) -> list[Token]:
    """Return the tokens of a Han run that no phrase covers: numbers apart, the rest read as one word of pinyin."""
    found = _ORDINAL.search(text)
    if found:
        number = Token(_han_number(found[1]), NUMBER, WEIGHT[NUMBER], written=found.group())
        return [*han_word(text[: found.start()]), number, *han_word(text[found.end() :])]
    found = _DISTRICT.match(text)
    if found:
        return [
            *han_word(found[1]),
            *concept_tokens(DISTRICT_RANKS[found[2]], PLACE, found[2]),
            *han_word(text[found.end() :]),
        ]
    return han_word(text)


def _han_number(text: str) -> str:
    """Return the digits of a Han number below 100, or of one written digit by digit."""
    if "十" in text:
        tens, _, units = text.partition("十")
        return str((_DIGITS.find(tens) if tens else 1) * 10 + (_DIGITS.find(units) if units else 0))
    return "".join(str(_DIGITS.find(char)) for char in text).lstrip("0") or "0"


def han_word(text: str, *, other: bool = False) -> list[Token]:
    """Return the token of a Han word; other: a character that brands read in two ways gives its second reading."""
    word, at = "", 0
    for surname in (text[:2], text[:1]):
        if not other and surname in surnames_pinyin() and len(surname) < len(text) <= len(surname) + 2:
            word, at = surnames_pinyin()[surname][0], len(surname)
            break
    word = (word + "".join(brand_syllable(char, other=other) for char in text[at:]))[:MAX_LETTERS]
    return [Token(word, CORE, WEIGHT[CORE], fold(word), bones(word), (), True, written=text)] if word else []


def brand_syllable(char: str, *, other: bool = False) -> str:
    """Return how brands read a simplified Han character; other: in its second way, where it has two."""
    told = lexicon().brand_readings.get(char) or han_table().pinyin.get(char) or (f"u{ord(char):x}",)
    return told[1] if other and char in lexicon().brand_readings else told[0]


def glued_parts(run: str, script: str) -> list[str]:
    """Return a firm's run of Hangul or Kana with the places, trades and legal forms at its ends cut off."""
    keys = _glued(script)
    front: list[str] = []
    back: list[str] = []
    while run not in keys and (key := next((key for key in keys if run.startswith(key)), "")):
        front.append(key)
        run = run[len(key) :]
    while run not in keys and (key := next((key for key in keys if run.endswith(key)), "")):
        back.insert(0, key)
        run = run[: -len(key)]
    return [*front, run, *back]


def local_word(text: str) -> list[Token]:
    """Return the token of a word of Hangul."""
    word = romanise(text)[:MAX_LETTERS]
    return [Token(word, CORE, 1.0, fold(word), bones(word), (), written=text)] if word else []


@lru_cache(maxsize=4)
def _glued(script: str) -> tuple[str, ...]:
    """Return the lexicon's phrases of one script that may stand glued to a brand, the longest first."""
    least = 2 if script == "hangul" else 3
    keys = [key for key in lexicon().han_phrases if len(key) >= least and script_of(key) == script]
    return tuple(sorted(keys, key=len, reverse=True))


def phrase_tokens(phrase: Phrase, written: str) -> list[Token]:
    """Return the tokens of a phrase of the lexicon: its legal form, or its concepts."""
    if phrase.kind == LEGAL:
        return [Token(phrase.concept, LEGAL, 0.0, written=written)]
    return list(concept_tokens(phrase.concept, phrase.kind, written))
