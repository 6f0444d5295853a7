"""Shapes of plain names: the classes of their words, and what the rules made of one name of each shape.

Words that stand in no table of the lexicon behave alike: "Lantern Copper Trading Co., Ltd" and "Marble Walrus Trading
Co., Ltd" have one shape, so the tokens of the second follow from those of the first. The rules stay in name_keys
alone; here is only told which word gave which token. Records are bytes for the native module (`_names.c` reads them).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache

from tidegate.screening.name_joining import brand_token
from tidegate.screening.name_keys import NameForm, ascii_word, word_token
from tidegate.screening.name_lexicon import CORE, PLACE, TRADE, lexicon
from tidegate.screening.name_local import concept_tokens
from tidegate.screening.name_nature import NATURES
from tidegate.screening.name_pack import group_number, token_flags, token_initial
from tidegate.screening.name_people import may_be_syllable
from tidegate.screening.name_rarity import rarity_of
from tidegate.screening.name_syllables import pinyin_shares, split_pinyin
from tidegate.screening.name_token import Token, usual_text

REFUSED = b""
_WORD, _FIXED, _JOIN = range(3)
_PINYIN = 1
# What these tables say of a word is in its token already, or concerns parts of a name that are split off before.
_TOLD_BY_TOKEN = frozenset(
    ["nicknames", "english_given", "address_words", "address_local", "near", "legal_slips", "light"]
)
_MOST_TOKENS = 20
_STEP = struct.Struct("=4id")
_TOKEN = struct.Struct("=10id")

Class = tuple[object, ...]


def word_class(source: str) -> tuple[Class, Token] | None:
    """Return the class and the token of one word as written; None where its name must be read by the rules.

    Two words of one class may be exchanged in any name, and the rules do the same with both.
    """
    word = "and" if source == "&" else ascii_word(source)
    token = word_token(word, source, False)
    if not word or not token.text or not _is_plain(token) or word.startswith("abd") or token.text.startswith("abd"):
        return None
    table = lexicon()
    if word not in special_words():
        return ("word", *_traits(token), len(word) <= 2, word in pinyin_shares(), may_be_syllable(token)), token
    phrase = table.phrases.get(word)
    if phrase is not None and phrase.kind in (TRADE, PLACE) and word not in phrase_words():
        concepts = concept_tokens(phrase.concept, phrase.kind, source)
        if len(concepts) == 1 and _is_plain(concepts[0]) and concepts[0].text not in NATURES:
            sounds = len(split_pinyin(word)), word in pinyin_shares()
            return ("concept", *_traits(concepts[0]), len(word) <= 2, *sounds), concepts[0]
    return ("itself", source.lower()), token


def _traits(token: Token) -> Class:
    """Return all that a rule about tokens may ask of one, its letters apart."""
    text, written = token.text, token.written
    shape = (len(text) == 1, text.isalpha(), text.isdigit(), len(written) == 1, written.isdigit(), written.isalpha())
    return (token.kind, token.weight, *shape, token.pinyin, _syllables(token), bool(token.groups), bool(token.bones))


def _syllables(token: Token) -> int:
    return len(split_pinyin(token.text))


def _is_plain(token: Token) -> bool:
    return not token.abjad and (token.text + token.fold + token.bones + token.written).isascii()


@lru_cache(maxsize=1)
def phrase_words() -> frozenset[str]:
    """Return the words of phrases of two words or more."""
    return frozenset(word for key in lexicon().phrases if " " in key for word in key.split(" "))


@lru_cache(maxsize=1)
def special_words() -> frozenset[str]:
    """Return every word that stands in some table of the lexicon."""
    table = lexicon()
    found: set[str] = set()
    for one in fields(table):
        held = getattr(table, one.name)
        if isinstance(held, dict | frozenset) and one.name not in _TOLD_BY_TOKEN:
            found.update(word for key in held for word in key.split(" "))
    return frozenset(found)


def word_record(number: int, token: Token) -> bytes:
    """Return the record of a word: the number of its class, and its token."""
    return struct.pack("=2i", 0, number) + _token_record(token)


def brand_record(text: str) -> bytes:
    """Return the record of pinyin words run together."""
    token = brand_token(text, text)
    return word_record(1, token) if _is_plain(token) else REFUSED


def shape_record(form: NameForm, words: Sequence[tuple[str, Class, Token]]) -> bytes:
    """Return the steps from the words (as written, class, token) of a name to its form; REFUSED where there are none.

    Every word that is not named itself in the lexicon must be found again in the tokens, in order and once.
    """
    if (
        form.syllables
        or form.han
        or not 0 < len(form.tokens) <= _MOST_TOKENS
        or (form.kind != "firm" and _all_syllables(words))
    ):
        return REFUSED
    constant = {source.lower() for source, sort, _ in words if sort[0] == "itself"}
    free = [at for at, (_, sort, _) in enumerate(words) if sort[0] != "itself"]
    steps: list[bytes] = []
    at = 0
    for token in form.tokens:
        step, at = _step(token, words, at, constant)
        if step is None:
            return REFUSED
        steps.append(step)
        while free and free[0] < at:
            free.pop(0)
    if free:
        return REFUSED
    return struct.pack("=4i", 1, form.kind == "firm", form.legal_classes, len(steps)) + b"".join(steps)


def _all_syllables(words: Sequence[tuple[str, Class, Token]]) -> bool:
    """Tell whether another name of this shape may be that of a Chinese or Korean person."""
    return all(sort[0] != "word" or sort[-1] for _, sort, _ in words) and all(
        sort[0] != "concept" for _, sort, _ in words
    )


def _step(
    token: Token, words: Sequence[tuple[str, Class, Token]], at: int, constant: set[str]
) -> tuple[bytes | None, int]:
    """Return the step that gives `token`, and the first word that is left after it; None where none does."""
    for place in range(at, len(words)):
        own = words[place][2]
        if _same(token, own) and (own.pinyin or not token.pinyin):
            weight = -1.0 if token.weight == own.weight else token.weight
            return _STEP.pack(_WORD, place, 1, token.pinyin, weight), place + 1
        count = _joined(token, [one[2] for one in words[place:]])
        if count:
            return _STEP.pack(_JOIN, place, count, 1, -1.0), place + count
        if words[place][1][0] != "itself":
            break
    if _is_plain(token) and constant.issuperset(token.written.lower().split(" ")):
        return _STEP.pack(_FIXED, 0, 1, 0, -1.0) + _token_record(token), at
    return None, at


def _same(one: Token, other: Token) -> bool:
    return (one.text, one.kind, one.fold, one.bones, one.groups, one.written) == (
        other.text, other.kind, other.fold, other.bones, other.groups, other.written,
    )  # fmt: skip


def _joined(token: Token, tokens: Sequence[Token]) -> int:
    """Return how many neighbouring pinyin words were run together to `token`, 0 if it is no such token."""
    for count in range(2, len(tokens) + 1):
        parts = tokens[:count]
        if not all(part.pinyin and part.kind == CORE for part in parts):
            return 0
        if token.written == " ".join(part.written for part in parts):
            return count if token == brand_token("".join(part.text for part in parts), token.written) else 0
    return 0


def _token_record(token: Token) -> bytes:
    texts = (token.text, token.fold, token.bones, usual_text(token))
    groups = [group_number(group) for group in token.groups]
    head = _TOKEN.pack(
        token.kind, token_flags(token), token_initial(token), _syllables(token), rarity_of(token), *map(len, texts),
        len(groups), token.weight,
    )  # fmt: skip
    body = head + "".join(texts).encode("ascii")
    return body + struct.pack(f"={len(groups)}i", *groups) if groups else body
