"""Common names: how many people or firms may bear what two names share, in bits; too few bits stay `look`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tidegate.screening.finding import Reason
from tidegate.screening.name_keys import NameForm
from tidegate.screening.name_lexicon import CORE
from tidegate.screening.name_rarity import rarity, rarity_of
from tidegate.screening.name_score import Pair
from tidegate.screening.name_syllables import pinyin_shares, split_pinyin
from tidegate.screening.name_token import Token

LEAST_BITS = {"person": 25.0, "firm": 17.0}
_SYLLABLE_BITS = 6.0
_HAN_BITS = 8.5
_RARE_SYLLABLES = 3  # two syllables in pinyin are borne by many firms; three are as rare as any other made-up word


def judge_common(
    query: NameForm,
    listed: NameForm,
    pairs: Sequence[Pair],
    word_parties: Mapping[str, int],
    parties: int,
    *,
    by_syllable: bool,
) -> tuple[bool, tuple[Reason, ...]]:
    """Return whether the shared part is too common to ask about by itself, with the reason that says so."""
    tokens = query.syllables if by_syllable else query.tokens
    person = listed.kind != "firm"
    least = LEAST_BITS["person" if person else "firm"]
    if by_syllable:
        bits = _syllable_bits(query, listed, pairs)
    else:
        bits = 0.0
        for token in [tokens[at] for pair in pairs for at in range(*pair.left)]:
            bits += _bits(token, word_parties, parties)
            if bits >= least:  # enough; what follows only adds
                return False, ()
        if not person and query.han and query.han == listed.han:
            bits = max(bits, _HAN_BITS * len(query.han) * 0.8)
    if bits >= least:
        return False, ()
    words = " ".join(tokens[at].written or tokens[at].text for pair in pairs for at in range(*pair.left))
    return True, (Reason("name.common", {"words": words}),)


def _syllable_bits(query: NameForm, listed: NameForm, pairs: Sequence[Pair]) -> float:
    if query.han and query.han == listed.han:
        return 4.0 + _HAN_BITS * (len(query.han) - 1)
    surname = next((pinyin_shares().get(token.text, 0.3) for token in query.syllables[:1]), 0.3)
    return -math.log2(surname / 100) + _SYLLABLE_BITS * max(0, len(pairs) - 1)


def _bits(token: Token, word_parties: Mapping[str, int], parties: int) -> float:
    bits = rarity(token)
    if token.pinyin and token.kind == CORE and len(split_pinyin(token.text)) >= _RARE_SYLLABLES:
        bits = rarity_of(token) / 1000.0
    if token.kind != CORE:
        return bits
    borne = word_parties.get(token.text, 0)
    if borne >= 3 and parties >= 200:
        bits = min(bits, -math.log2(borne / (parties + 1)) + 2.0)
    return bits
