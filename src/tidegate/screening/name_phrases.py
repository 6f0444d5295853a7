"""Phrases of the lexicon in a row of words: the longest one at a place is taken, unless a longer one begins inside it."""

from __future__ import annotations

from tidegate.screening.name_lexicon import LEGAL, Lexicon, han_table
from tidegate.screening.name_local import concept_tokens
from tidegate.screening.name_token import Token
from tidegate.screening.scripts import script_of

RawWord = tuple[str, str, Token | None]  # folded word, word as written, its token where it is read already


def take_phrase(raw: list[RawWord], index: int, table: Lexicon, tokens: list[Token], legal: list[str]) -> int:
    """Take the longest phrase of the lexicon at `index`; return how many words it took (0 for none)."""
    word = raw[index][0]
    longest = table.longest.get(word, 0)
    for count in range(min(longest, len(raw) - index), 0, -1):
        taken = raw[index : index + count]
        if count > 1:
            words = [item[0] for item in taken if item[2] is None or script_of(item[1]) == "arabic"]
            if len(words) < count:
                continue
            phrase = table.phrases.get(" ".join(words))
        else:
            phrase = table.phrases.get(word)
        if phrase is None:
            continue
        if phrase.kind == LEGAL:
            if count == 1 and len(word) <= 2 and index == 0 and len(raw) > 1 and word not in ("ao", "pt", "oo"):
                return 0  # a short form in front is more often a word of the name
            legal.append(phrase.concept)
        elif count > 1 and _overtaken(raw, index, count, table):
            continue
        else:
            tokens += concept_tokens(phrase.concept, phrase.kind, " ".join([item[1] for item in taken]))
        return count
    return 0


def _overtaken(raw: list[RawWord], index: int, count: int, table: Lexicon) -> bool:
    """Tell whether a longer phrase begins inside this one: in "qian tong xin cai liao" xin cai liao, not tong xin.

    Of two pinyin phrases as long the later one is taken: in "kang jin hua gong" hua gong, not jin hua.
    """
    least = count - (index > 0 and all(raw[at][0] in han_table().syllables for at in range(index, index + count)))
    for start in range(index + 1, index + count):
        for size in range(min(table.longest.get(raw[start][0], 0), len(raw) - start), least, -1):
            if " ".join(item[0] for item in raw[start : start + size]) in table.phrases:
                return True
    return False
