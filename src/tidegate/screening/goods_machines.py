"""Goods machines: what the words round the name of a machine or a tool say, and whose tool it is.

Data: `[equipment]` in `registers/data/goods_words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol, TypeVar

from tidegate.screening.goods_fold import chemical_key, fold_goods, is_han
from tidegate.screening.goods_words import word_lists, words


class _Named(Protocol):
    """What is asked of a name seen: whose it is and where it stands in the text as written."""

    @property
    def item_id(self) -> str: ...
    @property
    def span(self) -> tuple[int, int]: ...


class _Spelled(Protocol):
    """What is asked of a name in the index."""

    @property
    def item_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def weak(self) -> bool: ...


_Seen = TypeVar("_Seen", bound=_Named)
_BESIDE = re.compile(r"[ -]*")
TOOLS = frozenset(("eq-punch-die-set", "eq-tablet-press-turret"))


@dataclass(frozen=True, slots=True)
class MachineWords:
    """Words of the trade in machines: further names, names too common to weigh alone, look-alikes, what stands round one.

    context: words that let a common name count; needs: those of one item instead. not_with: words beside which an item
    is another machine. after: words behind that make another thing. belongs: words before that say the goods are only
    for such a machine.
    """

    names: Mapping[str, Sequence[str]]  # equipment id -> further names
    common: frozenset[str]  # keys
    left_out: frozenset[str]  # keys
    alike: Sequence[str]
    context: re.Pattern[str]
    needs: Mapping[str, re.Pattern[str]]
    not_with: Mapping[str, re.Pattern[str]]
    after: re.Pattern[str]
    belongs: re.Pattern[str]


@lru_cache(maxsize=1)
def machine_words() -> MachineWords:
    """Return the packaged words for machines, compiled."""
    data = word_lists()["equipment"]
    return MachineWords(
        data["names"],
        frozenset(chemical_key(name) for name in data["weak"]),
        frozenset(chemical_key(name) for name in data["not_names"]),
        data["alike"],
        _whole_words(data["context"]),
        {item: _whole_words(parts) for item, parts in data["needs"].items()},
        {item: _whole_words(parts) for item, parts in data["not_with"].items()},
        re.compile(rf"(?:e?s)?[ -]+(?:{'|'.join(data['not_after'])})\b"),
        re.compile(rf"(?:(?<![a-z])(?:{'|'.join(data['for_other'])})(?: [a-z0-9.-]+){{0,3}} ?)$"),
    )


def _whole_words(parts: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{'|'.join(parts)})(?![a-z])")


def machine_standing(folded: str, start: int, end: int, entry: _Spelled) -> Literal["none", "free", "thing", "named"]:
    """Return what the machine's name at [start, end) of `folded` says about the goods."""
    if is_han(folded[start]):
        return "free" if words().han_free_before.search(folded[max(0, start - 12) : start]) else "named"
    before, after = folded[start - 1 : start], folded[end : end + 40]
    if before.isalnum() and not is_han(before):
        return "none"
    rest = after
    plural = re.match(r"(?:es|s)(?![a-z0-9])", rest)
    if plural:
        rest = rest[plural.end() :]
    elif rest[:1].isalnum() and not is_han(rest[:1]):
        return "none"
    if entry.kind == "equipment":
        if words().free_before.search(folded[max(0, start - 40) : start]):
            return "free"
        if machine_words().after.match(after):
            return "thing"
    return "named"


def machine_is_meant(entry: _Spelled, folded: str, start: int, end: int) -> bool:
    """Tell whether the words round a machine's name are about that machine and not another trade's of the same name."""
    lexicon = machine_words()
    around = folded[:start] + " " + folded[end:]
    other = lexicon.not_with.get(entry.item_id)
    if other is not None and other.search(folded):
        return False
    return not entry.weak or lexicon.needs.get(entry.item_id, lexicon.context).search(around) is not None


def without_owner(seen: list[_Seen], text: str) -> list[_Seen]:
    """Drop the machine that the goods are only parts or tools for: "punches for tablet press", "TDP-5 dies" are tools."""
    machines = [name for name in seen if name.item_id.startswith("eq-")]
    if len({name.item_id for name in machines}) < 2:
        return seen
    belongs = machine_words().belongs
    tools = [name for name in machines if name.item_id in TOOLS]
    owners = [
        name
        for name in machines
        if belongs.search(fold_goods(text[: name.span[0]]).text)
        or (name.item_id not in TOOLS and any(_beside(name, tool, text) for tool in tools))
    ]
    return [name for name in seen if name not in owners] if len(owners) < len(machines) else seen


def _beside(name: _Named, tool: _Named, text: str) -> bool:
    first, second = sorted((name.span, tool.span))
    return first[1] <= second[0] and _BESIDE.fullmatch(text[first[1] : second[0]]) is not None
