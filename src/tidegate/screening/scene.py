"""Scene: what one red-flag function may look at: the records, what the goods screen found, the companions, the day.

Roles of firms (chemical seller, forwarder, bank) are read from the words in their names: a hint, never a fact.
Nationality is not a hint and stands nowhere here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from tidegate.errors import InputUnreadable
from tidegate.model.quantity import parse_mass_kg
from tidegate.registers.places import country_told
from tidegate.screening.companions import Companions
from tidegate.screening.finding import Level
from tidegate.screening.normalize import Floats, RecordView, fold_text
from tidegate.screening.worth import dollars

if TYPE_CHECKING:
    from tidegate.registers.substances import Register

_MOST_MARKED = 25  # rows of one group that are marked one by one


@dataclass(frozen=True, slots=True)
class Flag:
    """What a rule's function saw on one row. code and params make the reason; evidence binds the decision.

    level and fact override the rule's own where the case is weaker or rests on something else. alone: may hold alone.
    """

    row: int
    column: str
    value: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    evidence: Sequence[str] = ()
    score: float = 0.6
    level: Level | None = None
    fact: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One register item that the goods screen saw on a row. papers_missing: a paper is due and none is shown.

    papers_looked: a licence column or file was there to look in. regimes: whose law asks for the missing papers.
    named: a name or number says it outright, not only a code or a family. everyday: it has a very large lawful trade.
    """

    row: int
    kind: str  # substance, family, equipment
    id: str
    name: str
    column: str
    value: str
    role: str = ""
    named: bool = True
    papers_looked: bool = False
    papers_missing: bool = False
    regimes: tuple[str, ...] = ()
    everyday: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """The records with everything a rule may ask for. items: by row, only those above context and above look."""

    view: RecordView
    items: Mapping[int, Sequence[Item]]
    companions: Companions
    register: Register
    on: date
    memo_items: Mapping[int, Sequence[Item]] = field(default_factory=dict)
    beside: Mapping[int, Sequence[Item]] = field(default_factory=dict)
    cache: dict[str, object] = field(default_factory=dict, compare=False, repr=False)

    def view_of(self, kind: str) -> RecordView | None:
        """Return the records of `kind` that came beside the sheet, or None. Read once a scene."""
        batch = self.companions.tables.get(kind)
        if batch is None:
            return None
        held = self.cache.get(f"view {kind}")
        if not isinstance(held, RecordView):
            held = self.cache[f"view {kind}"] = RecordView(batch, kind)
        return held

    def kg(self) -> Floats:
        """Return the mass of each row in kg: net, else gross, else a quantity in a unit of mass; NaN where none is told."""
        held = self.cache.get("kg")
        if not isinstance(held, np.ndarray):
            held = self.cache["kg"] = masses_of(self.view)
        return held

    def dollars(self) -> Floats:
        """Return the amount of each payment in dollars, roughly; NaN where amount or currency cannot be read."""
        held = self.cache.get("dollars")
        if not isinstance(held, np.ndarray):
            held = self.cache["dollars"] = dollars(self.view)
        return held

    def country(self, column: str, row: int) -> str:
        """Return the alpha-2 code of a country cell, "" where it names none."""
        return country_told(self.view.text(column, row)) or ""

    def origin(self, row: int) -> str:
        """Return the country a row's goods leave: the origin told, else the consignor's, "" where neither is."""
        return self.country("origin_country", row) or self.country("consignor_country", row)

    def destination(self, row: int) -> str:
        """Return the country a row's goods go to: the destination told, else the consignee's, "" where neither is."""
        return self.country("destination_country", row) or self.country("consignee_country", row)

    def item_rows(self, kind: str = "") -> list[int]:
        """Return the rows that hold register items (of `kind`), in order."""
        return sorted(row for row, items in self.items.items() if any(not kind or item.kind == kind for item in items))

    def only_everyday(self, row: int) -> bool:
        """Tell whether all register items of a row are chemicals with a very large lawful trade."""
        items = self.items.get(row, ())
        return bool(items) and all(item.everyday for item in items)

    def place(self, row: int) -> str:
        """Return the row number that a person sees."""
        return self.view.text("source_row", row) or str(row + 1)

    def on_each(self, flag: Flag, rows: Iterable[int]) -> Iterator[Flag]:
        """Give `flag` on each of the rows that it rests on, with their own cells; where there are very many, on its own.

        So the order of a sheet's rows does not decide which of them a person sees marked.
        """
        places = sorted(set(rows))
        for row in places if len(places) <= _MOST_MARKED else (flag.row,):
            yield replace(flag, row=row, value=self.view.text(flag.column, row) or flag.value)

    def places(self, rows: Iterable[int]) -> str:
        """Return the numbers of up to twelve rows as a person sees them, in order."""
        return ", ".join(self.place(row) for row in sorted(rows)[:12])


def masses_of(view: RecordView) -> Floats:
    """Return the mass of each row in kg: net, else gross, else a quantity in a unit of mass; NaN where none is told."""
    net, gross = view.masses("net_mass_kg"), view.masses("gross_mass_kg")
    kg: Floats = np.where(np.isnan(net), gross, net)
    open_rows = np.flatnonzero(np.isnan(kg))
    if not len(open_rows) or not view.has("quantity"):
        return kg
    quantities, quantity_at = view.distinct("quantity")
    units, unit_at = view.distinct("unit")
    told: dict[tuple[int, int], float] = {}
    for row in open_rows[
        np.array([value is not None for value in quantities], dtype=bool)[quantity_at[open_rows]]
    ].tolist():
        key = int(quantity_at[row]), int(unit_at[row]) if len(units) else -1
        if key not in told:
            unit = units[key[1]] if key[1] >= 0 else None
            try:
                told[key] = float(parse_mass_kg(quantities[key[0]] or "", unit=unit))
            except InputUnreadable:
                told[key] = np.nan
        kg[row] = told[key]
    return kg


@lru_cache(maxsize=1)
def terms() -> Mapping[str, tuple[str, ...]]:
    """Return the packaged word lists by name."""
    text = resources.files("tidegate.screening").joinpath("rules/terms.toml").read_text(encoding="utf-8")
    return {name: tuple(words) for name, words in tomllib.loads(text).items()}


@lru_cache(maxsize=64)
def term_pattern(name: str) -> str:
    """Return one regular expression (RE2 and Python) for a word list: whole words for Latin letters."""
    latin: list[str] = []
    other: list[str] = []
    for word in sorted(terms()[name], key=len, reverse=True):
        han = any(sign >= "\u2e80" for sign in word)  # "K粉" stands in a Chinese text, where no blank parts words
        (latin if word[0].isascii() and word[0].isalnum() and not han else other).append(
            re.escape(word).replace(r"\ ", r"\s+")
        )
    parts = []
    if latin:
        parts.append(rf"(?:^|[^a-z0-9À-ɏ])(?:{'|'.join(latin)})(?:$|[^a-z0-9À-ɏ])")
    if other:
        parts.append("|".join(other))
    return "|".join(parts)


@lru_cache(maxsize=200_000)
def says(name: str, text: str) -> bool:
    """Tell whether `text` holds a word of list `name`."""
    return _compiled(name).search(fold_text(text)) is not None


def first_word(name: str, text: str) -> str:
    """Return the word of list `name` that `text` holds, "" if it holds none."""
    found = _compiled(name).search(fold_text(text))
    return found[0].strip(" \t,.;:()[]/-\"'，。；：（）") if found else ""


@lru_cache(maxsize=64)
def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(term_pattern(name), re.IGNORECASE)


def is_firm(name: str) -> bool:
    """Tell whether a name carries a word of a firm, shop or institution."""
    return any(says(role, name) for role in ("firm_word", "chemical_firm", "freight_firm", "trading_firm", "bank"))


def is_person(name: str) -> bool:
    """Tell whether a name can only be a person's by its form: no word of a firm, and two to four short parts.

    A hint for rules that weigh look or need a second fact; never a finding by itself.
    """
    if not name or is_firm(name):
        return False
    folded = fold_text(name)
    if re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", folded):
        return True
    parts = [part for part in re.split(r"[\s,]+", folded) if part]
    return 2 <= len(parts) <= 4 and all(
        part.replace(".", "").replace("-", "").replace("'", "").isalpha() for part in parts
    )


def same_name(one: str, other: str) -> bool:
    """Tell whether two cells write the same name once case and blanks are folded."""
    return fold_text(one) == fold_text(other)
