"""Goods entries: every name by which a goods text can call a register item, a class, a machine or a look-alike of one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from tidegate.registers.substances import Register
from tidegate.screening.goods_fold import chemical_key
from tidegate.screening.goods_words import words

SHORT = 6  # keys up to this length are believed only as whole words


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in the index and what it names."""

    item_id: str
    kind: str  # substance, family, equipment, alike
    name: str
    language: str
    form: str  # synonym, salt, abbreviation, ...
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


@dataclass(frozen=True, slots=True)
class MachineWords:
    """Words of the trade in machines: further names, names too common to weigh alone, look-alikes, what stands round one.

    context: words that let a common name count. after: words behind that make another thing.
    belongs: words before that say the goods are only for such a machine.
    """

    names: Mapping[str, Sequence[str]]  # equipment id -> further names
    common: frozenset[str]  # keys
    left_out: frozenset[str]  # keys
    alike: Sequence[str]
    context: re.Pattern[str]
    after: re.Pattern[str]
    belongs: re.Pattern[str]


@lru_cache(maxsize=1)
def machine_words() -> MachineWords:
    """Return the packaged words for machines, compiled."""
    text = resources.files("tidegate.registers").joinpath("data/goods_words.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)["equipment"]
    return MachineWords(
        data["names"],
        frozenset(chemical_key(name) for name in data["weak"]),
        frozenset(chemical_key(name) for name in data["not_names"]),
        data["alike"],
        re.compile(rf"(?<![a-z])(?:{'|'.join(data['context'])})(?![a-z])"),
        re.compile(rf"(?:e?s)?[ -]+(?:{'|'.join(data['not_after'])})\b"),
        re.compile(rf"(?:(?<![a-z])(?:{'|'.join(data['for_other'])}) ?)$"),
    )


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
            name.substance_id, "substance", name.text, name.language, name.kind, weak, short,
            sum(not c.isalnum() for c in name.text), name.text.count(","),
        )  # fmt: skip
    for family_id, stems in FAMILY_STEMS.items():
        if family_id in register.families:
            for stem in stems:
                yield Entry(family_id, "family", stem, "en", "stem", False, False, 9, 0)
    more = machine_words()
    for machine in register.equipment.values():
        extra = more.names.get(machine.id, ())
        for text in dict.fromkeys((machine.name, machine.name_zh, machine.name_es, *machine.synonyms, *extra)):
            key = chemical_key(text)
            if key not in more.left_out:
                yield Entry(
                    machine.id,
                    "equipment",
                    text,
                    "en",
                    "synonym",
                    key in more.common,
                    len(key) <= 4,
                    9,
                    text.count(","),
                )
        for text in machine.look_alikes:
            yield Entry(machine.id, "alike", text, "en", "look-alike", False, False, 9, 0)
    for text in more.alike:
        yield Entry("", "alike", text, "en", "look-alike", False, False, 9, 0)
