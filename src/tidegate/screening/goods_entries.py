"""Goods entries: every name by which a goods text can call a register item, a class, a machine or a look-alike of one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tidegate.registers.substances import Register
from tidegate.screening.goods_fold import chemical_key
from tidegate.screening.goods_machines import machine_words
from tidegate.screening.goods_variants import turned, variants_of
from tidegate.screening.goods_words import words

SHORT = 6  # keys up to this length are believed only as whole words


@dataclass(frozen=True, slots=True)
class Entry:
    """One spelling in the index and what it names."""

    item_id: str
    kind: str  # substance, family, equipment, alike
    key: str  # the spelling, folded and squashed
    name: str  # the register's own, whatever the spelling
    language: str
    form: str  # synonym, salt, abbreviation, ..., or turned: the last word of the name first
    weak: bool
    short: bool
    joints: int  # how many separators a short code may hold
    commas: int


# Families that a text may suggest by a stem; the class note is shown to a person, never decided by.
FAMILY_STEMS: dict[str, tuple[str, ...]] = {
    "fam-fentanyl-cn": ("fentanyl", "fentanil", "fentanilo", "fentanila", "芬太尼"),
    "fam-nitazene-cn": ("nitazene", "nitazepyne", "nitazepipne", "nitaceno", "nitazeno", "尼秦", "尼他秦"),
    "fam-4-piperidone-us": ("4-piperidone", "4-piperidona", "4-哌啶酮", "piperidin-4-one", "4-oxopiperidine"),
    "fam-4-ap-us": ("4-anilinopiperidine", "anilinopiperidine", "4-anilinopiperidina", "苯胺基哌啶", "phenylpiperidin-4-amine", "苯氨基哌啶"),
    "fam-pmk-glycidic-un": ("pmk glycidate", "pmk glycidic", "pmk缩水甘油酸"),
    "fam-bmk-glycidic-un": ("bmk glycidate", "bmk glycidic", "bmk缩水甘油酸"),
}  # fmt: skip


def all_entries(register: Register) -> Iterable[Entry]:
    """Yield every name of `register` and of the trade in machines; one key may come several times."""
    weakened = words().weakened
    for name in register.names:
        if name.language == "code" and re.fullmatch(r"\d+-\d\d-\d", name.text):
            continue  # CAS numbers are judged by their check digit, not as text
        key = chemical_key(name.text)
        weak = name.strength == "weak" or key in weakened
        short = len(key) <= SHORT and key.isascii() and name.language not in ("es", "pinyin") and (
            name.kind == "abbreviation" or weak or any(c.isdigit() for c in key)
        )  # fmt: skip
        yield Entry(
            name.substance_id, "substance", key, name.text, name.language, name.kind, weak, short,
            sum(not c.isalnum() for c in name.text), name.text.count(","),
        )  # fmt: skip
    for family_id, stems in FAMILY_STEMS.items():
        if family_id in register.families:
            for stem in stems:
                yield Entry(family_id, "family", chemical_key(stem), stem, "en", "stem", False, False, 9, 0)
    more = machine_words()
    for machine in register.equipment.values():
        extra = more.names.get(machine.id, ())
        given = (machine.name, machine.name_zh, machine.name_es, *machine.synonyms, *extra)
        for text in dict.fromkeys(spelling for name in given for spelling in _joined(name)):
            key = chemical_key(text)
            if key not in more.left_out:
                weak = key in more.common or chemical_key(text.replace("&", "and").replace("/", "and")) in more.common
                yield Entry(
                    machine.id, "equipment", key, text, "en", "synonym", weak, len(key) <= 4, 9, text.count(",")
                )
        for text in machine.look_alikes:
            yield Entry(machine.id, "alike", chemical_key(text), text, "en", "look-alike", False, False, 9, 0)
    for text in more.alike:
        yield Entry("", "alike", chemical_key(text), text, "en", "look-alike", False, False, 9, 0)


def _joined(name: str) -> Iterable[str]:
    """Yield a machine's name, and with a sign for its "and": "punch & die", "punzones/matrices"."""
    yield name
    for word in (" and ", " y "):
        if word in name:
            yield name.replace(word, "&")
            yield name.replace(word, "/")


def more_entries(register: Register) -> Iterable[Entry]:
    """Yield the names of `register` in the other spellings of the trade; one that is a name of its own counts as that."""
    for name in register.names:
        letters = chemical_key(name.text)
        if name.kind == "abbreviation" and letters.isascii() and letters.isalpha() and 3 <= len(letters) <= SHORT:
            dotted = ".".join(letters)  # "M.E.K."
            yield Entry(name.substance_id, "substance", dotted, name.text, name.language, name.kind, True, True, 0, 0)
        if (
            name.strength == "weak"
            or name.kind in ("abbreviation", "trade name")
            or name.language in ("code", "pinyin")
        ):
            continue
        marks, commas = sum(not c.isalnum() for c in name.text) + 2, name.text.count(",")
        for key in variants_of(name.text, name.language):
            yield Entry(
                name.substance_id, "substance", key, name.text, name.language, name.kind, False, False, marks, commas
            )
        first = turned(name.text, name.language)
        if first is not None:
            yield Entry(
                name.substance_id, "substance", first, name.text, name.language, "turned", False, False, marks, 1
            )
