"""Goods words: the words of the trade that change what a name in a goods text says, compiled.

Data: `registers/data/goods_words.toml`. The patterns are over folded text (see goods_fold).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from tidegate.screening.goods_fold import chemical_key


@dataclass(frozen=True, slots=True)
class GoodsWords:
    morphemes: re.Pattern[str]
    morpheme_word_before: re.Pattern[str]
    stereo: frozenset[str]
    before: re.Pattern[str]
    before_thing: re.Pattern[str]
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
    not_context: re.Pattern[str]
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
    units: frozenset[str]
    grades: frozenset[str]
    trade_terms: frozenset[str]
    plain_after: re.Pattern[str]  # behind a name: what cannot change what it says
    amount_after: re.Pattern[str]
    mass: re.Pattern[str]  # an amount of goods, in kilograms, litres or packings
    weakened: frozenset[str]
    real_words: frozenset[str]
    exclusion: re.Pattern[str]
    han_turning: frozenset[
        str
    ]  # one of these stands in every Chinese text that `whole_thing` or `exclusion` could hold
    han_listed: frozenset[str]  # one of these stands in every Chinese text of which something reaches into a list
    exclusion_words: frozenset[str]  # every phrase of exclusion holds a word that begins with one of these


@lru_cache(maxsize=1)
def word_lists() -> Mapping[str, Any]:
    """Return the packaged words as they stand in their file, by section."""
    return tomllib.loads(
        resources.files("tidegate.registers").joinpath("data/goods_words.toml").read_text(encoding="utf-8")
    )


@lru_cache(maxsize=1)
def words() -> GoodsWords:
    """Return the words of the trade, compiled."""
    data = word_lists()
    latin, han = data["latin"], data["han"]

    def any_of(parts: Sequence[str]) -> str:
        return "(?:" + "|".join(sorted(parts, key=len, reverse=True)) + ")"

    morph = any_of(latin["morphemes"])
    # A list may stand between the word of absence and the name: "free of acetone, toluene and ether".
    listed = (
        r"(?:(?!\b(?:contain\w*|with|con|but|pero|contiene\w*)\b)[^;.:|]){0,60}?(?:,|/|&|\b(?:and|or|nor|y|o|e|ni)\b) *"
    )
    return GoodsWords(
        morphemes=re.compile(rf"(?:{morph}|[\d,'()\[\]+-])+"),
        morpheme_word_before=re.compile(rf"(?:^|[\s(,;/:|])(?:[\dnomp,']+-)?(?:{morph}-?(?:[\d,']+-)?)+ $|[a-z0-9-](?:yl|oxy|oxo)\)? $"),
        stereo=frozenset(latin["stereo"]),
        before=re.compile(rf"\b{any_of(latin['before'])}[ -]$"),
        before_thing=re.compile(rf"\b{any_of(latin['before_thing'])}[ -]$"),
        after_chemical=re.compile(rf"[ -]+(?:{any_of(latin['after_chemical'])}\b|(?:\d[\d,']*|alpha|omega)-(?=[a-z]))"),
        after_thing=re.compile(rf"[ -]+(?:{any_of(latin['thing_kinds'])} ){{0,2}}{any_of(latin['after_thing'])}\b|{latin['firm_after']}"),
        salts=re.compile(rf"[ .-]*\(?{any_of(latin['salts'])}\b"),
        salts_before=re.compile(rf"\b{any_of(latin['salts_before'])} (?:la |el )?$"),
        esters=re.compile(rf"[ ,-]+(?:{any_of(latin['esters'])}|(?:[a-z0-9,'()\[\]-]*yl[)\]]?[ -]){{1,2}}esters?)\b"),
        whole_thing=re.compile(rf"(?<![a-z]){any_of(latin['whole_thing'])}(?![a-z])"),
        thing_words=frozenset(latin["thing_words"]),
        # The last word of every phrase of absence: where none stands, the phrases need not be sought.
        free_words=frozenset(word for phrase in (*latin["free_before"], *latin["free_of_one"]) for word in re.findall(r"[a-z]+|%", phrase)) | {"0%"},
        free_before=re.compile(
            rf"(?:^|[^a-z0-9])(?:{any_of(latin['free_of_one'])}[ -]+|"
            rf"{any_of(latin['free_before'])}[ -]+(?:(?!{any_of(latin['free_of_other'])}\b){listed})?)$"
        ),
        free_after=re.compile(rf"[ -]*\(?{any_of(latin['free_after'])}(?![a-z0-9])"),
        isotope_before=re.compile(rf"(?:^|[^a-z0-9]){any_of([mark for mark in data['isotope']['marks'] if mark != 'labell?ed'])}[ ,)\]-]*(?:\d[\d,]*-)?$"),
        isotope_after=re.compile(rf"[ ,-]*[(\[]?(?:(?:ring|methyl|phenyl|n-methyl)-)?{any_of([*data['isotope']['marks'], *data['isotope']['after']])}(?![a-z0-9])"),
        context=re.compile(rf"(?<![a-z0-9]){any_of(latin['context'])}(?![a-z])|(?<![\d.])\d\d(?:\.\d+)? ?%|{any_of(latin['context_zh'])}"),
        not_context=re.compile(rf"(?<![a-z]){any_of(latin['not_context'])}(?![a-z])"),
        not_code=re.compile(rf"[ -]*{any_of(latin['not_code'])}(?![a-z])"),
        han_before=tuple(han["before"]), han_same=tuple(han["before_same"]), han_salt_before=tuple(han["salt_before"]),
        han_after=tuple(han["after"]), han_after_salt=tuple(han["after_salt"]), han_after_thing=tuple(han["after_thing"]),
        han_free_before=re.compile(
            rf"{any_of(han['free_before'])}(?!水|色|菌|机|毒|味|臭|尘|锡)(?:(?:[^;:|,的]{{0,16}}?(?:及|和|与|或|/|以及) ?)?)$"
        ),
        han_free_after=tuple(han["free_after"]), acid_after=tuple(han["acid_after"]), acid_names=frozenset(han["acid_names"]),
        units=frozenset(latin["units"]), trade_terms=frozenset(latin["trade_terms"]), grades=frozenset(latin["grades"]),
        plain_after=re.compile(
            rf"[ ,;.)]*$|[;|]| cas[ :#]|,? ?[1-9]\d*(?:\.\d+)? ?(?:%|{any_of(latin['units'])}(?![a-z0-9-]))|, ?{any_of(latin['trade_terms'])}(?: |$)"
        ),
        amount_after=re.compile(rf"\d[\d.,]* ?(?:%|{any_of(latin['units'])}(?![a-z]))"),
        mass=re.compile(rf"\d[\d.,]* ?{any_of(latin['units'])}(?![a-z])"),
        weakened=frozenset(chemical_key(name) for name in data["weaken"]["names"]),
        real_words=frozenset(chemical_key(name) for name in data["typing"]["real"]),
        exclusion=re.compile(
            rf"\b{any_of(data['exclusion']['latin'])} (?:[^;:|.]|\.(?=\S))*|{'|'.join(data['exclusion']['han'])}"
        ),
        han_turning=frozenset(map(_telling_word, ("除", "不包括", "含", *(word for word in latin["whole_thing"] if not word.isascii())))),
        han_listed=frozenset(map(_telling_word, (*han["free_before"], *(mark for mark in data["isotope"]["marks"] if not mark.isascii())))),
        exclusion_words=frozenset(map(_telling_word, data["exclusion"]["latin"])),
    )  # fmt: skip


def _telling_word(phrase: str) -> str:
    """Return the longest word that every text of the pattern `phrase` holds, as far as it is always written so."""
    certain = re.sub(r"\(\?:[^)]*\)\?|[a-z\u4e00-\u9fff]\?|\[[^]]*\]", " ", phrase)
    found: list[str] = re.findall("[a-z]+|[\u4e00-\u9fff]+", certain)
    return max(found, key=len)
