"""Goods things: whether a substance only lends its name to a thing, or is but a part of a product.

"Pump for acetone", "guantes resistentes al tolueno" and "toluene spill absorbent" are no chemicals. An adhesive that
contains toluene holds the substance, so it is told, and weighs no more than a look. Data: `[things]` in
`registers/data/goods_words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tidegate.screening.goods_fold import is_han
from tidegate.screening.goods_words import word_lists, words

_RUN_BEFORE = re.compile(r"[a-z' (-]*$")
_PART_BEFORE = re.compile(r"[a-z' ():%0-9,&/-]*$")
_RUN_AFTER = re.compile(r"[ -](?![ -])(?:[a-z']|[ -](?![ -]))+")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_HAN_HOLDS = re.compile(
    r"(?:含|成分[为是:]? ?)(?:有|少量|微量|部分)?(?:[^;:|。\u7684]{0,12}[/,和及与]|量?\d[\d.]*%?(?:的)?)?$"
)
_HAN_HEAD = re.compile(r"([\u4e00-\u9fff]*)[ (:]*$")
_HAN_RUN = re.compile(r"[的之][a-z0-9]*([\u4e00-\u9fff]*)")
_HAN_NEXT = re.compile(r"[\u4e00-\u9fffa-z() -]{0,10}")
_USE = frozenset(("use", "uso"))
_JOINED = frozenset("和及与或(")
_FARTHEST_BEFORE, _FARTHEST_AFTER, _HAN_FARTHEST = 7, 4, 3


@dataclass(frozen=True, slots=True)
class ThingWords:
    """The words of `[things]`, see there."""

    nouns: frozenset[str]
    holders: frozenset[str]
    fit: frozenset[str]
    signs: frozenset[str]
    links: frozenset[str]
    holder_links: frozenset[str]
    breaks: frozenset[str]
    after: frozenset[str]
    not_fillers: frozenset[str]
    products: frozenset[str]
    parts: frozenset[str]
    not_product: frozenset[str]
    han_after: re.Pattern[str]
    han_products: re.Pattern[str]
    han_not_product: tuple[str, ...]
    han_for: re.Pattern[str]
    holding: frozenset[str]
    mixtures: frozenset[str]
    papers: frozenset[str]
    han_mixtures: re.Pattern[str]


@lru_cache(maxsize=1)
def thing_words() -> ThingWords:
    """Return the packaged words."""
    data: Mapping[str, Sequence[str]] = word_lists()["things"]
    sets = {
        name: frozenset(data[name])
        for name in (
            "nouns", "holders", "fit", "signs", "links", "holder_links", "breaks", "after", "not_fillers", "products", "parts", "not_product",
            "holding", "mixtures", "papers",
        )
    }  # fmt: skip
    return ThingWords(
        **sets, han_after=_longest_first(data["han_after"]), han_products=_longest_first(data["han_products"]),
        han_not_product=tuple(data["han_not_product"]), han_mixtures=_longest_first(data["han_mixtures"]),
        han_for=re.compile(rf"(?:{'|'.join(data['han_after'])})[^;|。]{{0,6}}(?:{'|'.join(data['han_links'])})[^;|。,/、和及]{{0,4}}$"),
    )  # fmt: skip


def _longest_first(parts: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(parts, key=len, reverse=True)))


def is_for_thing(left: str, right: str) -> bool:
    """Tell whether `left`, what stands before a name, says that the goods are a thing for it or named after it.

    Papers about a substance are such a thing, unless an amount in `right` tells of the substance itself.
    """
    lexicon = thing_words()
    run = _RUN_BEFORE.search(left.rstrip("\"'("))
    spoken = _WORD.findall(run.group()) if run is not None else []
    linked = strongly = stored = False
    for back, word in enumerate(reversed(spoken[-_FARTHEST_BEFORE:])):
        if word in lexicon.breaks:
            return word in ("with", "con") and not (lexicon.fit | _USE).isdisjoint(spoken[-back - 2 : -back - 1])
        if word in lexicon.fit and (back == 0 or linked):
            return True
        if word in lexicon.signs and (back <= 1 or linked):
            return True
        if word in lexicon.papers and words().mass.search(right) is not None:
            return False
        if (linked and word in lexicon.nouns) or (strongly and word in lexicon.holders):
            return True
        if stored and word in lexicon.holder_links:  # "agitador para tanque de acetona"
            return True
        if word in words().units and word not in lexicon.holders:
            return False
        stored = stored or (linked and word in lexicon.holders)
        linked = linked or word in lexicon.links
        strongly = strongly or word in lexicon.holder_links
    return False


def may_be_part(left: str) -> bool:
    """Tell whether `left` says that something holds something, or opens a bracket behind a product, see `is_part_of_product`."""
    lexicon = thing_words()
    spoken = _WORD.findall(left)
    if "含" in left or not lexicon.parts.isdisjoint(spoken):
        return True
    return left.rstrip(" ").endswith("(") and not lexicon.products.isdisjoint(spoken)


def is_part_of_product(left: str, right: str) -> bool:
    """Tell whether what stands round a name says that it is a part of a product: "paint (contains", "limpiador a base de".

    A name further on in a list that has an amount of its own is goods of its own.
    """
    lexicon = thing_words()
    run = _PART_BEFORE.search(left)
    spoken = _WORD.findall(run.group()) if run is not None else []
    if spoken[-1:] and spoken[-1] in lexicon.holding:
        return _is_a_product(spoken[-5:-1])
    if lexicon.products.isdisjoint(spoken):
        return False
    own = words().amount_after.match(right.lstrip(" ,(")) is not None and "%" not in right[:8]
    if own and not lexicon.parts.intersection(spoken[-2:]):
        return False
    held = left.rstrip(" ").endswith("(") and bool(spoken) and spoken[-1] in lexicon.products
    for word in reversed(spoken):
        if held and word in lexicon.products:
            return True
        if word in words().units or word in lexicon.not_product:
            return False
        held = held or word in lexicon.parts
    return False


def _is_a_product(head: Sequence[str]) -> bool:
    """Tell whether the words before "containing" name a product of any kind: no packing, no mixture, no mere word of freight."""
    lexicon = thing_words()
    named = [word for word in head if word not in lexicon.links and len(word) > 2]
    neutral = (lexicon.mixtures, lexicon.holders, lexicon.breaks, words().units)
    return bool(named) and not any(word in group for word in named for group in neutral)


def what_follows(right: str) -> Literal["thing", "part", ""]:
    """Return whether the words behind a name make a thing of it ("acetone recycling machine") or a product ("iodine swabs")."""
    lexicon = thing_words()
    run = _RUN_AFTER.match(right)
    if run is None:
        return ""
    spoken = _WORD.findall(run.group())
    for at, word in enumerate(spoken[:_FARTHEST_AFTER]):
        if at == 0 and (word in ("based", "base") or (word == "containing" and right[0] == "-")):
            return "part"
        if word in lexicon.breaks or word in lexicon.not_fillers or word in words().units:
            return ""
        if word in lexicon.after:
            return "thing"
        if word in lexicon.products:
            return "" if lexicon.not_product.intersection(spoken[at + 1 : at + 2]) else "part"
    return ""


def what_follows_in_han(left: str, right: str) -> Literal["thing", "part", ""]:
    """Return the same for a Chinese name: 丙酮回收机 is a machine, 含丙酮的洗甲水 and 洁厕剂(含盐酸) are products."""
    lexicon = thing_words()
    near = _HAN_NEXT.match(right)
    tail = near.group() if near is not None else ""
    thing = lexicon.han_after.search(tail) if tail and is_han(tail[0]) else None
    if thing is not None and thing.start() <= _HAN_FARTHEST and _JOINED.isdisjoint(tail[: thing.start()]):
        return "thing"
    if lexicon.han_for.search(left) or (right.startswith(("用)", "专用)")) and lexicon.han_after.search(left[-12:])):
        return "thing"
    holds = _HAN_HOLDS.search(left)
    product = lexicon.han_products.search(tail)
    beside = product is not None and (
        holds is not None
        or (is_han(tail[0]) and product.start() <= _HAN_FARTHEST and _JOINED.isdisjoint(tail[: product.start()]))
    )
    if product is not None and beside and not tail[product.end() :].startswith(lexicon.han_not_product):
        return "part"
    if holds is None:
        return ""
    if lexicon.han_products.search(left[: holds.start()].rpartition(";")[2]):
        return "part"
    owner = _HAN_HEAD.search(left[: holds.start()])
    head = owner.group(1) if owner is not None else ""
    if not head:  # "含丙酮的固化剂"
        run = _HAN_RUN.match(tail)
        head = run.group(1) if run is not None else ""
    return "part" if len(head) > 1 and not lexicon.han_mixtures.search(head) else ""
