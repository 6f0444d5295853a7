"""Words of one name that belong together: "abd al rahman", "A. B. K.", "forty four", the pinyin words of a brand."""

from __future__ import annotations

from dataclasses import replace

from tidegate.screening.name_lexicon import CORE, INITIAL, NUMBER, PARTICLE, TRADE, lexicon
from tidegate.screening.name_sound import bones, fold
from tidegate.screening.name_syllables import split_pinyin
from tidegate.screening.name_token import WEIGHT, Token
from tidegate.screening.name_words import is_everyday

_TENS = frozenset(["20", "30", "40", "50", "60", "70", "80", "90"])
_ARTICLES = frozenset(["al", "el", "ul", "ol", "ur", "ar", "as", "ad", "an", "az", "il"])


def plain_token(word: str) -> Token:
    """Return the token of a word that is in no table but that of given names."""
    table = lexicon()
    groups = table.nicknames.get(word, ())
    return Token(
        word.replace("'", ""), CORE, WEIGHT[CORE], fold(word), bones(word), groups, bool(split_pinyin(word)),
        written=word, everyday=is_everyday(word),
    )  # fmt: skip


def join_abd(tokens: list[Token]) -> list[Token]:
    """Join "abd al rahman", "abdul rahman", "abdel-rahman" to one token "abdulrahman"."""
    if not [token for token in tokens if token.text[:3] == "abd"]:
        return tokens
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        word = tokens[index].text
        step = 0
        if word in ("abd", "abdal") and index + 2 < len(tokens) and tokens[index + 1].text in _ARTICLES:
            step = 2
        elif word in ("abdul", "abdel", "abdal", "abdol", "abdur", "abdoul", "abdal", "abdus", "abdu") and (
            index + 1 < len(tokens)
        ):
            step = 2 if tokens[index + 1].text in _ARTICLES and index + 2 < len(tokens) else 1
        if step and tokens[index + step].kind in (CORE, PARTICLE):
            written = " ".join(token.written for token in tokens[index : index + step + 1])
            joined = plain_token("abdul" + tokens[index + step].text)
            out.append(Token(joined.text, CORE, 1.0, joined.fold, joined.bones, joined.groups, False, False, written))
            index += step + 1
        else:
            out.append(tokens[index])
            index += 1
    return out


def join_letters(tokens: list[Token]) -> list[Token]:
    """Join letters that stand alone one after another: "A. B. K. Shipping" and "ABK Shipping" are one name."""
    if sum([len(token.text) == 1 for token in tokens]) < 2:
        return tokens
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if (
            last is not None
            and len(token.text) == 1 == len(last.written.split(" ")[-1])
            and last.text.isalpha()
            and token.text.isalpha()
        ):
            word = last.text + token.text
            out[-1] = Token(word, CORE, 1.0, word, word, (), False, False, f"{last.written} {token.written}")
        else:
            out.append(token)
    return out


def join_numbers(tokens: list[Token]) -> list[Token]:
    """Join "forty four" to 44, and leave out the word "no." before a number."""
    if NUMBER not in [token.kind for token in tokens]:
        return tokens
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if last is not None and token.kind == NUMBER and last.text in lexicon().number_signs:
            out.pop()
            last = out[-1] if out else None
        if (
            last is not None and token.kind == NUMBER == last.kind and last.text in _TENS and len(token.text) == 1
            and not last.written.isdigit()
        ):  # fmt: skip
            number = last.text[0] + token.text
            out[-1] = Token(number, NUMBER, last.weight, written=f"{last.written} {token.written}")
        else:
            out.append(token)
    return out


def plain_latin(tokens: list[Token]) -> list[Token]:
    """Return the tokens of a name that is not Chinese as a whole, its long words no longer taken for pinyin.

    Selena and Angela can be cut in pinyin syllables; in a name with Williams or Merkel that means nothing.
    """
    core = [token for token in tokens if token.kind == CORE]
    pinyin = sum([token.pinyin for token in core])
    if pinyin in (0, len(core)):
        return tokens
    return [
        replace(token, pinyin=False)
        if token.pinyin and token.written.isascii() and len(split_pinyin(token.text)) > 1
        else token
        for token in tokens
    ]


def brand_in_trade(tokens: list[Token]) -> list[Token]:
    """Return the tokens of a firm, its brand told from a trade that its pinyin spells too.

    Tongye is 铜业, but in "Shanghai Tongye Freight" it is all that can be the brand.
    """
    trades = [at for at, token in enumerate(tokens) if token.kind == TRADE]
    if len(trades) < 2 or any(token.kind in (CORE, INITIAL) for token in tokens):
        return tokens
    written = tokens[trades[0]].written
    word = written.replace(" ", "").lower()
    if not word.isascii() or word == tokens[trades[0]].text or not 2 <= len(split_pinyin(word)) <= 3:
        return tokens
    brand = replace(plain_token(word), written=written)
    return [*tokens[: trades[0]], brand, *tokens[trades[0] + 1 :]]


def join_brand(tokens: list[Token]) -> list[Token]:
    """Join neighbouring pinyin words of a firm's name: "Hua Sheng" and 华盛 are one brand."""
    if sum([token.pinyin for token in tokens]) < 2:
        return tokens
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if (
            last is not None and token.kind == CORE == last.kind and token.pinyin and last.pinyin
            and len(split_pinyin(token.text)) + len(split_pinyin(last.text)) <= 4
        ):  # fmt: skip
            out[-1] = brand_token(last.text + token.text, f"{last.written} {token.written}".strip())
        else:
            out.append(token)
    return out


def brand_token(word: str, written: str) -> Token:
    """Return the token of pinyin words run together to `word`."""
    return Token(word, CORE, 1.0, fold(word), bones(word), (), True, False, written)
