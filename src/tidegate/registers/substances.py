"""Substances: the register of controlled substances, names, families, equipment and codes, with its date and sources.

Data: `registers/data/*.csv`, see SOURCES.md there. Identity and law only. No row means "not in this register (of its
date)", never "free".
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import TypeVar

from tidegate.model.identifiers.inchikey import skeleton
from tidegate.registers.controls import Control, RegisterRowWrong, read_control, split_cell
from tidegate.registers.equipment import Equipment, read_equipment
from tidegate.registers.tariff import HsLine, read_hs_line
from tidegate.wording.problems import problem

REGISTER_DATE = "2026-11-25"
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Substance:
    """One substance, salt or ester. `cas` is '' where no number is known; `cas_status` says how sure the number is."""

    id: str
    name: str
    name_zh: str
    name_es: str
    cas: str
    cas_status: str
    inchikey: str
    formula: str
    role: str
    licit_uses: str
    note: str

    @property
    def is_context(self) -> bool:
        """Tell whether the row must never make a finding alone (excipients and cutting agents)."""
        return self.role in ("context", "cutting agent")

    def name_in(self, lang: str) -> str:
        """Return the preferred name in en, zh or es; the English one where the language has none."""
        return {"zh": self.name_zh, "es": self.name_es}.get(lang, self.name) or self.name


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a substance. A weak name needs context or a number beside it."""

    substance_id: str
    text: str
    language: str  # en, zh, es, pinyin, code
    kind: str  # synonym, abbreviation, trade name, salt, hydrate, ester, misspelling
    strength: str  # strong, weak
    certainty: str  # read, memory, generated


@dataclass(frozen=True, slots=True)
class Family:
    """A class control or a catalogue: members are only those known; `recognise` is for a person, never decided by."""

    id: str
    name: str
    name_zh: str
    name_es: str
    wording: str
    jurisdiction: str
    valid_from: str
    members: tuple[str, ...]
    recognise: str
    source: str
    certainty: str

    def name_in(self, lang: str) -> str:
        """Return the name in en, zh or es."""
        return {"zh": self.name_zh, "es": self.name_es}.get(lang, self.name) or self.name


@dataclass(frozen=True, eq=False)
class Register:
    """The whole register with its indexes. Compared by identity, so that an index can be kept beside it."""

    date: str
    substances: Mapping[str, Substance]
    names: tuple[Name, ...]
    controls: tuple[Control, ...]
    families: Mapping[str, Family]
    equipment: Mapping[str, Equipment]
    hs: Mapping[str, HsLine]
    cas_numbers: Mapping[str, str]  # number -> substance id, the weak ones left out
    weak_cas_numbers: Mapping[str, tuple[str, ...]]  # number -> substance ids that texts also give it to
    skeletons: Mapping[str, tuple[str, ...]]  # first block of the InChIKey -> substance ids
    inchikeys: Mapping[str, str]
    controls_of: Mapping[str, tuple[Control, ...]]
    families_of: Mapping[str, tuple[str, ...]]  # substance id -> family ids
    hs_of: Mapping[str, tuple[str, ...]]  # substance or equipment id -> subheadings
    watched: frozenset[str]  # subjects on a national list loaded here

    def item_name(self, item_id: str, lang: str = "en") -> str:
        """Return the name of a substance, family or equipment. Raises KeyError for an unknown id."""
        if item_id in self.substances:
            return self.substances[item_id].name_in(lang)
        if item_id in self.equipment:
            return self.equipment[item_id].name_in(lang)
        return self.families[item_id].name_in(lang)

    def public_id(self, item_id: str) -> str:
        """Return the CAS number of a substance where there is one, else the register's id."""
        found = self.substances.get(item_id)
        return found.cas if found is not None and found.cas else item_id

    def with_watch(self, rows: Iterable[Mapping[str, str]]) -> Register:
        """Return this register with a national surveillance list beside it; `rows` have the columns of controls.csv.

        Such a row only ever says "watched": its duty must be `watch`. Pure; the list stays where it was loaded.
        Raises RegisterRowWrong for another duty or a subject that the register does not hold.
        """
        added = []
        for number, row in enumerate(rows, 2):
            where = f"row {number}"
            control = read_control(dict(row), where)
            if control.duties != ("watch",):
                raise problem(RegisterRowWrong, "register.only-watch", where=where, duty="; ".join(control.duties))
            if not any(control.subject_id in held for held in (self.substances, self.families, self.equipment)):
                raise problem(
                    RegisterRowWrong, "register.no-subject", where=where, subject=control.subject_id, date=self.date
                )
            added.append(control)
        controls = (*self.controls, *added)
        subjects = frozenset(control.subject_id for control in added)
        return replace(self, controls=controls, controls_of=_by_subject(controls), watched=self.watched | subjects)


@lru_cache(maxsize=1)
def load_register() -> Register:
    """Return the packaged register. Read once; later calls give the same object."""
    substances = {row["id"]: Substance(**row) for row in _rows("substances.csv")}
    names = tuple(
        Name(row["substance_id"], row["name"], row["language"], row["kind"], row["strength"], row["certainty"])
        for row in _rows("names.csv")
    )
    controls = tuple(read_control(row, f"controls.csv:{number}") for number, row in enumerate(_rows("controls.csv"), 2))
    families = {
        row["family_id"]: Family(
            row["family_id"], row["name"], row["name_zh"], row["name_es"], row["wording"], row["jurisdiction"], row["from"], split_cell(row["members"]),
            row["recognise"], row["source"], row["certainty"],
        )
        for row in _rows("families.csv")
    }  # fmt: skip
    equipment = {row["id"]: read_equipment(row) for row in _rows("equipment.csv")}
    hs = {row["hs2022"]: read_hs_line(row) for row in _rows("hs.csv")}
    return build_register(REGISTER_DATE, substances, names, controls, families, equipment, hs)


def build_register(
    date: str, substances: Mapping[str, Substance], names: tuple[Name, ...], controls: tuple[Control, ...],
    families: Mapping[str, Family], equipment: Mapping[str, Equipment], hs: Mapping[str, HsLine],
) -> Register:  # fmt: skip
    """Return a register over these tables with every index made."""
    numbers = {item.cas: item.id for item in substances.values() if item.cas}
    weak: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if name.language == "code" and _is_number(name.text):
            if name.strength == "strong":
                numbers.setdefault(name.text, name.substance_id)
            else:
                weak[name.text].append(name.substance_id)
    blocks: dict[str, list[str]] = defaultdict(list)
    for item in substances.values():
        if item.inchikey:
            blocks[skeleton(item.inchikey)].append(item.id)
    families_of: dict[str, list[str]] = defaultdict(list)
    for family in families.values():
        for member in family.members:
            families_of[member].append(family.id)
    hs_of: dict[str, list[str]] = defaultdict(list)
    for line in hs.values():
        for item_id in line.items:
            hs_of[item_id].append(line.code)
    return Register(
        date, substances, names, controls, families, equipment, hs, numbers, _frozen(weak), _frozen(blocks),
        {item.inchikey: item.id for item in substances.values() if item.inchikey}, _by_subject(controls),
        _frozen(families_of), _frozen(hs_of), frozenset(),
    )  # fmt: skip


def _is_number(text: str) -> bool:
    return text[:1].isdigit() and text.count("-") == 2 and text.replace("-", "").isdigit()


def _by_subject(controls: Iterable[Control]) -> Mapping[str, tuple[Control, ...]]:
    grouped: dict[str, list[Control]] = defaultdict(list)
    for control in controls:
        grouped[control.subject_id].append(control)
    return _frozen(grouped)


def _frozen(grouped: Mapping[str, list[_Item]]) -> Mapping[str, tuple[_Item, ...]]:
    return {key: tuple(items) for key, items in grouped.items()}


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("tidegate.registers").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))
