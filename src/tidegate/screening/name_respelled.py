"""Chinese brands as Hong Kong, Taiwan and overseas firms spell them: 永丰 is Yongfeng, Wing Fung and Yung Feng.

A Cantonese syllable has several usual spellings, so a brand has many; two names meet where one writes the brand in
Han and the other in exactly the letters of one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import islice, product

from tidegate.screening.name_keys import NAMING, NameForm
from tidegate.screening.name_lexicon import CORE, han_table
from tidegate.screening.name_local import MAX_LETTERS, brand_syllable
from tidegate.screening.name_sound import bones, fold
from tidegate.screening.name_syllables import hong_kong_spellings, split_pinyin, to_wade_giles
from tidegate.screening.name_token import WEIGHT, Token
from tidegate.screening.scripts import HAN

_SYLLABLES = range(2, 5)  # of a brand: one syllable tells too little, five are a phrase
_MOST_TRIED = 48

Spelled = tuple[str, ...]  # a word a syllable


def spelled_brands(form: NameForm) -> Iterable[str]:
    """Return the letters of every other spelling of the Chinese brand in `form`; none where it has none."""
    at = _brand_at(form)
    return _spellings(form.tokens[at].written) if at >= 0 else ()


def respelled(form: NameForm, brand: str) -> NameForm | None:
    """Return `form` with its Chinese brand in the spelling of the letters `brand`; None where that is no spelling of it."""
    at = _brand_at(form)
    words = _spellings(form.tokens[at].written).get(brand) if at >= 0 else None
    return _spelled(form, at, words) if words else None


def _brand_at(form: NameForm) -> int:
    """Return the place of the one word of `form` that names the firm, if it is Han; -1 otherwise."""
    if form.kind != "firm" or not form.han:
        return -1
    naming = [at for at, token in enumerate(form.tokens) if token.kind in NAMING]
    if len(naming) != 1 or len(form.tokens[naming[0]].written) not in _SYLLABLES:
        return -1
    return naming[0] if HAN.fullmatch(form.tokens[naming[0]].written) else -1


def _spelled(form: NameForm, at: int, words: Spelled) -> NameForm:
    """Return `form` with its brand spelled so; the Han stays beside it, so that two of one sound are told apart."""
    chars = form.tokens[at].written
    brand = [
        Token(word, CORE, WEIGHT[CORE], fold(word), bones(word), written=char)
        for word, char in zip(words, chars, strict=True)
    ]
    tokens = (*form.tokens[:at], *brand, *form.tokens[at + 1 :])
    ranked = "".join(sorted([token.text for token in tokens]))[:MAX_LETTERS]
    return replace(form, tokens=tokens, core="".join(words), ranked=ranked)


@lru_cache(maxsize=20_000)
def _spellings(brand: str) -> dict[str, Spelled]:
    """Return, by their letters, the spellings of `brand` that differ from its pinyin, the usual ones first: Cantonese, then Wade-Giles."""
    table = han_table()
    mandarin = [brand_syllable(char) for char in brand]
    choices = [hong_kong_spellings(table.jyutping[char][0]) if char in table.jyutping else () for char in brand]
    taiwan = tuple(to_wade_giles(syllable).replace("'", "") for syllable in mandarin)
    usual = tuple(options[0] for options in choices if options)
    first = [usual, taiwan] if len(usual) == len(brand) else [taiwan]
    found = dict.fromkeys([*first, *islice(product(*choices), _MOST_TRIED)])
    # What can be read as pinyin is another brand's pinyin more often: 正 is cheng in Wade-Giles, and so is 成 in pinyin.
    return {letters: words for words in found if not split_pinyin(letters := "".join(words))}
