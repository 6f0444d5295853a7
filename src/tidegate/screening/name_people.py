"""Chinese and Korean people: their names as syllables, each with every reading its spelling may stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from tidegate.screening.name_lexicon import CORE, INITIAL, PARTICLE, han_table, lexicon, plain_syllable
from tidegate.screening.name_sound import bones, fold
from tidegate.screening.name_syllables import (
    fold_korean,
    han_readings,
    hangul_readings,
    is_wade_giles,
    readings,
    split_pinyin,
    surname_readings,
    surnames_pinyin,
)
from tidegate.screening.name_token import Token
from tidegate.screening.scripts import HAN, romanise

_KOREAN_ALONE = frozenset(
    ["park", "kim", "yoon", "bae"]
)  # surnames so spelled in Korea only, not by any Chinese reading


def person_syllables(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return one token a syllable for a Chinese or Korean person's name, or () if it is no such name."""
    parts = [token for token in tokens if token.kind in (CORE, INITIAL, PARTICLE)]
    if not parts or len(parts) != len(tokens) or len(parts) > 5:
        return ()
    out: list[Token] = []
    extra: list[Token] = []
    surname = False
    korean = any(
        "가" <= group[2:3] <= "힣" for part in (parts[0], parts[-1]) for group in surname_readings().get(part.text, ())
    )
    for token in parts:
        english = token.text in english_given() and len(parts) > 2 and not extra
        pieces = [] if english else _pieces(token) or (_korean_pieces(token.text) if korean else [])
        if not pieces:
            if english:
                extra.append(Token(token.text, CORE, 0.3, token.fold, token.bones, token.groups, written=token.written))
                continue
            return ()
        out += pieces
    if not 2 <= len(out) <= 4:
        return ()
    surnames = surname_readings()
    for part in (parts[0], parts[-1]):
        if HAN.fullmatch(part.written) or "가" <= part.written[:1] <= "힣" or plain_syllable(part.text) in surnames:
            surname = True
    if not surname and (out[0].text + out[1].text in surnames or (len(parts) == 1 and out[0].text in surnames)):
        surname = True
    if not surname:  # a compound surname in two spellings of its syllables, as in Szu-t'u
        surname = any(
            one[2:] + other[2:] in surnames
            for first, second in ((out[0], out[1]), (out[-2], out[-1]))
            for one in first.groups if one[0] == "p"
            for other in second.groups if other[0] == "p"
        )  # fmt: skip
    if not surname:
        return ()
    if not all(token.pinyin for token in out):  # one syllable that is no pinyin: none can be relied on as pinyin
        out = [replace(token, pinyin=False) for token in out]
    else:  # all pinyin: a Cantonese or Korean reading of the same letters would be far-fetched
        out = [
            token
            if not token.written.isascii()
            else replace(token, groups=tuple(g for g in token.groups if g[0] == "p"))
            for token in out
        ]
    if parts[0].text in _KOREAN_ALONE or parts[-1].text in _KOREAN_ALONE:
        out = [replace(token, groups=tuple(g for g in token.groups if g[0] == "k" or g[2:3] >= "가")) for token in out]
    return tuple(out + extra)


def may_be_syllable(token: Token) -> bool:
    """Tell whether a name of such words may be that of a Chinese or Korean person; one other word settles that it is not."""
    if token.kind not in (CORE, INITIAL, PARTICLE):
        return False
    return bool(_pieces(token) or _korean_pieces(token.text)) or token.text in english_given()


def _pieces(token: Token) -> list[Token]:
    text = token.written
    if HAN.fullmatch(text):
        return [_han_syllable(char, text, at) for at, char in enumerate(text)]
    if "가" <= text[:1] <= "힣":
        return [_hangul_syllable(char, at) for at, char in enumerate(text)]
    if token.kind == INITIAL and token.text not in "aeiou":
        return []
    mark = "'" if "'" in text else ""
    word = text.lower().replace("’", "'")
    known = (readings(word) if mark and is_wade_giles(word) else ()) or readings(token.text)
    pinyin = split_pinyin(token.text) if not (mark and is_wade_giles(word)) else ()
    compound = next((group[2:] for group in surname_readings().get(token.text, ()) if len(group) == 4), "")
    if compound and len(pinyin) != 2:
        return [replace(_han_syllable(char, compound, 1), written=token.written) for char in compound]
    if len(pinyin) > 1 and not (known and pinyin[1][0] in "aeo"):
        return [Token(item, CORE, 0.8, item, bones(item), readings(item)[:6], True, written=item) for item in pinyin]
    if not known and not pinyin and token.text not in surname_readings():
        return []
    sound = pinyin[0] if len(pinyin) == 1 else token.text
    groups = surname_readings().get(sound, ()) + known
    return [Token(sound, CORE, 0.8, fold(sound), bones(sound), groups, len(pinyin) == 1, written=text)]


def _korean_pieces(word: str) -> list[Token]:
    """Split a joined Korean given name ("jongun") in two syllables, if there is a way."""
    cuts = [
        ((word[cut] in "aeiouyw") + (word[cut - 1] in "hrw"), cut)
        for cut in range(2, len(word) - 1)
        if cut <= 6 and len(word) - cut <= 6 and fold_korean(word[:cut]) and fold_korean(word[cut:])
    ]
    if not cuts:
        return []
    cut = min(cuts)[1]
    return [
        Token(item, CORE, 0.8, fold(item), bones(item), ("k:" + fold_korean(item),), written=item)
        for item in (word[:cut], word[cut:])
    ]


def _han_syllable(char: str, run: str, at: int) -> Token:
    simple = char.translate(han_table().simplified)
    known = han_readings(simple)
    groups = (("h:" + simple,) if simple in surnames_pinyin() else ()) + known
    surname = surnames_pinyin().get(simple)
    text = surname[0] if surname and at == 0 else known[0][2:] if known else f"u{ord(simple):x}"
    return Token(text, CORE, 0.8, text, bones(text), groups, True, written=char)


def _hangul_syllable(char: str, at: int) -> Token:
    groups = (("h:" + char,) if at == 0 else ()) + hangul_readings(char)
    word = romanise(char)
    return Token(word, CORE, 0.8, fold(word), bones(word), groups, written=char)


@lru_cache(maxsize=1)
def english_given() -> frozenset[str]:
    """Return English given names that Chinese people bear beside their own."""
    return frozenset(lexicon().english_given)
