"""Canonical form of a name: its tokens with class, weight and readings, and the keys it is found by.

`analyse(name)` gives one NameForm or more: a name that holds two ("X trading as Y", "X (原名 Y)", "X c/o Y") gives
one for each. Legal forms and titles are taken out of the comparison but kept as evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tidegate.screening.name_arabic import arabic_token
from tidegate.screening.name_brands import translated_texts
from tidegate.screening.name_clean import split_parts
from tidegate.screening.name_joining import (
    brand_in_trade,
    join_abd,
    join_brand,
    join_letters,
    join_numbers,
    plain_latin,
    plain_token,
)
from tidegate.screening.name_lexicon import (
    BRANCH,
    CORE,
    HONORIFIC,
    INITIAL,
    LEGAL,
    NUMBER,
    PARTICLE,
    PLACE,
    SUFFIX,
    TRADE,
    Lexicon,
    lexicon,
)
from tidegate.screening.name_local import (
    DISTRICT_RANKS,
    LIGHT,
    MAX_LETTERS,
    glued_parts,
    han_tokens,
    han_word,
    local_word,
    phrase_tokens,
)
from tidegate.screening.name_nature import legal_classes
from tidegate.screening.name_people import person_syllables
from tidegate.screening.name_phrases import RawWord, take_phrase
from tidegate.screening.name_sound import bones, fold
from tidegate.screening.name_syllables import is_wade_giles, pinyin_shares, split_pinyin
from tidegate.screening.name_token import WEIGHT, Token
from tidegate.screening.scripts import HAN, romanise, script_of

MAX_TOKENS = 20
NAMING = frozenset([CORE, INITIAL, NUMBER])
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\u1000-\u109f\u1780-\u17d3"
_RAW = re.compile(rf"[^\W_][\w{_MARKS}]*(?:['’][^\W_]+)*|&")
RAW_ASCII = re.compile(r"[A-Za-z0-9]\w*(?:'[A-Za-z0-9]+)*|&", re.ASCII)
_SLIPS = str.maketrans("0158", "olsb")
CAMEL = re.compile(r"(?<=[a-z]{3})(?=[A-Z][A-Za-z])")
_TONED = re.compile(r"(?:[a-z]+[1-5])+$")


@dataclass(frozen=True, slots=True)
class NameForm:
    """One name ready for comparison. `syllables` is set for Chinese and Korean people; `han` is the Han core."""

    text: str
    kind: str  # person, firm, vessel or "" where the name does not tell
    tokens: tuple[Token, ...]
    syllables: tuple[Token, ...] = ()
    surname_first: bool = False
    han: str = ""
    legal: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    core: str = field(default="")
    run: str = ""  # every word as written, folded, in order, run together; legal forms too
    ranked: str = ""  # the words without legal forms in order of the alphabet, run together
    legal_classes: int = 0  # a bit for each kind of legal form that tells one firm from another

    @property
    def sorted_key(self) -> str:
        """Return the tokens in order of the alphabet."""
        return " ".join(sorted([token.text for token in self.tokens]))


@lru_cache(maxsize=100_000)
def analyse(name: str, kind: str | None = None) -> tuple[NameForm, ...]:
    """Return the canonical forms of `name`, the whole first. kind: "person", "firm", "vessel" or None if not known.

    Never raises for odd text: a name without a letter or digit gives an empty tuple.
    """
    parts = split_parts(name)
    if CAMEL.search(name):  # "MaxiTech" in a list, "MAXITECH" in a record: both cuts are kept
        parts = (*parts, *(part.lower() for part in parts))
    read = [(form, part) for part in parts if (form := _form(part, kind)) is not None]
    found = [one for form, part in read for one in (form, *_other_brands(form, part))]
    if len(found) < 2:
        return tuple(found)
    forms: dict[tuple[tuple[str, ...], str], NameForm] = {}
    for one in found:
        forms.setdefault((tuple([token.text for token in one.tokens]), one.han), one)
    return tuple(forms.values())


def _other_brands(form: NameForm, part: str) -> Sequence[NameForm]:
    """Return the forms of a Chinese firm whose brand is translated, or is read in its second way."""
    if not form.han or form.kind != "firm":
        return ()
    texts = [*translated_texts(part)]
    ranks = {token.written for token in form.tokens if token.kind == PLACE and token.written in DISTRICT_RANKS}
    if ranks:  # 龙岗区华鑫 is Longgang Huaxin too
        texts.append("".join(char for char in part if char not in ranks))
    read = [_form(text, "firm") for text in texts]
    others = [replace(one, text=form.text) for one in read if one is not None]
    if any(map(_is_brand, form.tokens)):
        tokens = [
            (han_word(token.written, other=True) or [token])[0] if _is_brand(token) else token for token in form.tokens
        ]
        naming = [token.text for token in tokens if token.kind in NAMING]
        ranked = "".join(sorted([token.text for token in tokens]))[:MAX_LETTERS]
        others.append(replace(form, tokens=tuple(tokens), core="".join(naming), ranked=ranked))
    return others


def _is_brand(token: Token) -> bool:
    return token.kind == CORE and not lexicon().brand_readings.keys().isdisjoint(token.written)


def _form(text: str, kind: str | None) -> NameForm | None:
    table = lexicon()
    person = kind == "person"
    raw = _raw_words(text, person, table)
    legal: list[str] = []
    titles: list[str] = []
    tokens: list[Token] = []
    han_core: list[str] = []
    vessel = kind == "vessel"
    longest = table.longest
    count = len(raw)
    index = 0
    while index < count and len(tokens) < MAX_TOKENS:
        word, source, token = raw[index]
        if token is not None:  # already read: Han, Hangul, Arabic
            if not person and script_of(source) == "arabic":
                step = take_phrase(raw, index, table, tokens, legal)
                if step:
                    index += step
                    continue
            if token.kind == LEGAL:
                legal.append(token.text)
            elif token.kind == HONORIFIC:
                titles.append(token.written)
            else:
                tokens.append(token)
                if token.kind == CORE and (HAN.fullmatch(token.written) or "가" <= token.written[0] <= "힣"):
                    han_core.append(token.written)
            index += 1
            continue
        if not person and word in longest:
            step = take_phrase(raw, index, table, tokens, legal)
            if step:
                index += step
                continue
        if person and index == count - 1 and index > 1 and legal_end(word, table):
            legal.append(word)
        elif (
            word in table.honorifics and count > 1 and not (vessel or legal or (word == "sr" and index == count - 1))
        ) or (vessel and index == 0 and word in table.vessel_prefixes and count > 1):
            titles.append(source)
        else:
            tokens.append(word_token(word, source, person))
        index += 1
    if not tokens:
        tokens = [plain_token(word) for word, _, token in raw if token is None][:MAX_TOKENS]
        tokens += [token for _, _, token in raw if token is not None][: MAX_TOKENS - len(tokens)]
        if not tokens:  # a script without any table: its letters stand for themselves
            word = "".join(f"u{ord(char):x}" for char in text if char.isalnum())[:MAX_LETTERS]
            tokens = [Token(word, CORE, 1.0, word, word, written=text)]
    tokens = brand_in_trade(tokens)
    kinds = {token.kind for token in tokens}
    if kind is None and not legal and (TRADE in kinds or PLACE in kinds) and _chinese_person(raw):
        tokens = [word_token(word, source, True) for word, source, _ in raw]
        kinds = {token.kind for token in tokens}
    if CORE not in kinds:  # "China Chemical": its words are all it has
        tokens = [token if token.weight == LIGHT and len(tokens) > 2 else _promote(token) for token in tokens]
    guessed = kind or ("firm" if legal or TRADE in kinds or BRANCH in kinds else "")
    tokens = join_abd(tokens)
    syllables: tuple[Token, ...] = ()
    if guessed != "person":
        tokens = join_numbers(tokens)
    if guessed == "firm":
        tokens = join_brand(join_letters(tokens))
    elif guessed != "vessel":
        syllables = person_syllables(tokens)
    core = "".join([token.text for token in tokens if token.kind in NAMING]) or "".join(
        [token.text for token in tokens]
    )
    if not syllables:
        tokens = plain_latin(tokens)
    return NameForm(
        text, guessed, tuple(tokens), syllables, "," in text, "".join(han_core), tuple(dict.fromkeys(legal)),
        tuple(titles), core, run_of(raw),
        "".join(sorted([token.text for token in tokens]))[:MAX_LETTERS],
        legal_classes(legal, tokens),
    )  # fmt: skip


def run_of(raw: list[RawWord]) -> str:
    """Return the letters and digits of every word as written, run together."""
    text = "".join([source if source.isascii() else word for word, source, _ in raw]).lower()
    return (text if text.isalnum() else "".join(filter(str.isalnum, text)))[:MAX_LETTERS]


def _raw_words(text: str, person: bool, table: Lexicon) -> list[RawWord]:
    """Cut `text` into (folded word, word as written, token or None); Han and Hangul come out as finished tokens."""
    if text.isascii():
        return [
            (ascii_word(source), source, None) if source != "&" else ("and", "&", None)
            for source in RAW_ASCII.findall(CAMEL.sub(" ", text))
        ]
    out: list[RawWord] = []
    for source in _RAW.findall(CAMEL.sub(" ", text)):
        if source == "&":
            out.append(("and", "&", None))
            continue
        if source.isascii():
            out.append((ascii_word(source), source, None))
            continue
        for piece in _script_runs(source):
            script = script_of(piece)
            if script == "han":
                out += [(token.text, token.written, token) for token in han_tokens(piece, person, table)]
                continue
            for part in glued_parts(piece, script) if script in ("hangul", "kana") and not person else (piece,):
                read = _local_part(part, script, person, table)
                if not (out and read and _same_trade(out[-1][2], read[0][2])):  # "импорт-экспорт" is one trade
                    out += read
    return out


def _same_trade(one: Token | None, other: Token | None) -> bool:
    return one is not None and other is not None and one.kind == other.kind == TRADE and one.text == other.text


def _local_part(part: str, script: str, person: bool, table: Lexicon) -> list[RawWord]:
    """Read one word of a script that is neither Latin nor Han."""
    phrase = table.han_phrases.get(part.casefold()) if not person else None
    if phrase is not None:
        found = phrase_tokens(phrase, part)
        return [(romanise(part) if script == "arabic" else token.text, part, token) for token in found]
    if script == "hangul":
        return [(token.text, token.written, token) for token in local_word(part)]
    word = ascii_word(romanise(part)) if script != "arabic" else romanise(part)
    return [(word, part, _local_token(word, part, script, table))] if word else []


def _script_runs(word: str) -> list[str]:
    if HAN.fullmatch(word):
        return [word]
    runs: list[str] = []
    last = ""
    for char in word:
        script = "digit" if char.isdigit() else script_of(char) if char.isalpha() else last
        if runs and (script == last or script in ("digit",) or (script == "other" and not char.isalpha())):
            runs[-1] += char
        else:
            runs.append(char)
            last = script
    return runs


@lru_cache(maxsize=200_000)
def ascii_word(word: str) -> str:
    """Return the folded word: tone numbers off, scanner's digits inside words turned to letters."""
    word = word[:MAX_LETTERS].lower()
    if word.isalpha():
        return lexicon().legal_slips.get(word, word)
    plain = word.replace("'", "").replace("’", "")
    if word != plain and plain.endswith("s") and word[-2] in "'’":
        return plain[:-1] + "s" if len(plain) > 4 else plain
    if _TONED.match(plain) and split_pinyin(re.sub(r"[1-5]", "", plain)):
        return re.sub(r"[1-5]", "", plain)
    letters = sum(char.isalpha() for char in plain)
    if 2 <= letters < len(plain):
        inside = plain.translate(_SLIPS)
        inside = lexicon().legal_slips.get(inside, inside)
        if inside in lexicon().phrases:  # "Oi1", "1td"
            return inside
    if letters >= 3 and letters < len(plain) and any(char.isdigit() for char in plain):
        inside = plain.translate(_SLIPS)
        if inside.isalpha() and re.search(r"[a-z][0158]+[a-z]|^[015][a-z]{3,}|[a-z]{3,}[015]$", plain):
            return inside
    if len(word) > 2 and "'" in word and is_wade_giles(word):
        return word.replace("’", "'")
    return plain


def _chinese_person(raw: list[RawWord]) -> bool:
    """Tell whether a row of words is the pinyin of a person's name, though two of them also name a place or trade."""
    words = [word for word, _, token in raw if token is None]
    if not 2 <= len(words) == len(raw) <= 4:
        return False
    cuts = [split_pinyin(word) for word in words]
    surnames = pinyin_shares()
    return all(cuts) and 2 <= sum(map(len, cuts)) <= 4 and any(word in surnames for word in (words[0], words[-1]))


def legal_end(word: str, table: Lexicon) -> bool:
    """Tell whether a word at the end of a person's name is a legal form all the same."""
    return word in ("llc", "ltd", "inc", "gmbh", "llp", "plc", "ooo", "sarl") or (
        len(word) > 3 and word in table.phrases and table.phrases[word].kind == LEGAL
    )


@lru_cache(maxsize=200_000)
def _word_token(word: str, person: bool) -> Token:
    table = lexicon()
    if not person and word in table.short_words:
        word = table.short_words[word]
    if word.isdigit():
        return Token(word.lstrip("0") or "0", NUMBER, WEIGHT[NUMBER], written=word)
    if not person and word in table.numbers:
        return Token(table.numbers[word], NUMBER, WEIGHT[NUMBER], written=word)
    if word in table.suffixes:
        form = table.suffix_forms.get(word, word)
        return Token(form, SUFFIX, WEIGHT[SUFFIX], form, form, written=word)
    if len(word) == 1 and person and word != "y":
        return Token(word, INITIAL, WEIGHT[INITIAL], word, word, written=word)
    if word in table.particles:
        return Token(word, PARTICLE, WEIGHT[PARTICLE], fold(word), bones(word), written=word)
    if word in table.branch_words:
        return Token(word, BRANCH, WEIGHT[BRANCH], word, word, written=word)
    if not word.isalpha() and sum([char.isdigit() for char in word]) >= 3:  # a tail number or code: equal or another
        return Token(word, NUMBER, 1.0, written=word)
    if len(word) == 1:
        return Token(word, INITIAL, WEIGHT[INITIAL], word, word, written=word)
    return plain_token(word)


@lru_cache(maxsize=200_000)
def word_token(word: str, source: str, person: bool) -> Token:
    """Return the token of one folded Latin word that is no phrase, as `source` writes it."""
    token = _word_token(word, person)
    if token.written == source:
        return token
    return Token(
        token.text, token.kind, token.weight, token.fold, token.bones, token.groups, token.pinyin, token.abjad, source,
        token.everyday,
    )  # fmt: skip


def _local_token(word: str, source: str, script: str, table: Lexicon) -> Token | None:
    """Return a finished token for scripts without vowels; None where the Latin spelling can be read on."""
    if source in table.honorifics:
        return Token(word, HONORIFIC, 0.0, written=source)
    if script == "arabic":
        return arabic_token(word, source)
    if "\u0590" <= source[0] <= "\u05ff":
        return Token(word, CORE, 1.0, word, bones(word), (), abjad=True, written=source)
    return None


def _promote(token: Token) -> Token:
    if token.kind in (TRADE, PLACE, NUMBER):
        return Token(token.text, token.kind, 1.0, token.fold, token.bones, token.groups, written=token.written)
    return token
