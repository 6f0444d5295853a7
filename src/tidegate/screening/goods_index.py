"""Goods index: every name, code, number and key of a register, ready to be sought in a whole column at once.

Two automata. A coarse one over bytes says which rows could hold anything at all: it seeks *anchors*, the rarest stretch
of each name that no hyphen, blank, accent or single slip can touch. A fine one over folded text finds every name in
those rows. So a row that holds nothing costs almost nothing.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from itertools import pairwise

import ahocorasick_rs as ac

from tidegate.registers.substances import Register
from tidegate.screening.goods_fold import chemical_key, fold_goods, han_forms, is_han
from tidegate.screening.goods_words import words

SLIP_LENGTH = 10  # letters: shorter names are never recognised with a slip
_SHORT = 6  # keys up to this length are believed only as whole words
# Words too common in any goods text to be an anchor.
_COMMON = frozenset(
    [
        "acid",
        "acido",
        "methyl",
        "ethyl",
        "ester",
        "chloride",
        "potassium",
        "sodium",
        "hydrogen",
        "phosphorus",
        "powder",
        "yellow",
        "white",
        "light",
        "stabiliser",
        "amorphous",
        "monohydrate",
        "hydrochloride",
        "sulfate",
        "tartrate",
        "maleate",
        "citrate",
        "clorhidrato",
        "cloruro",
        "sodico",
        "potasio",
        "sodio",
        "magnesium",
        "magnesio",
        "tert",
        "butyl",
        "ketone",
        "cetona",
        "alpha",
        "alfa",
        "beta",
        "gamma",
        "para",
        "ortho",
        "orto",
        "blanco",
        "amarillo",
        "metil",
        "etil",
        "isobutil",
        "acetic",
        "salt",
        "organic",
        "propyl",
        "oil",
        "aceite",
        "dimethyl",
        "with",
        "and",
        "for",
        "the",
        "set",
        "table",
        "carboxylate",
        "carboxilato",
        "carboxylic",
        "propane",
        "propan",
        "propanone",
        "propanona",
        "phenyl",
        "fenil",
        "oxide",
        "oxido",
        "amine",
        "acetone",
        "amino",
        "dihydrogen",
        "sulfate",
        "metal",
        "metalico",
        "elemental",
        "bromo",
        "sulphuric",
        "sulfuric",
        "aldehyde",
        "aldehido",
        "benzoic",
        "glycol",
        "carbon",
        "calcium",
        "butane",
        "butano",
        "isopropyl",
        "isopropil",
        "propanoic",
        "hydrate",
        "base",
        "ketal",
        "tetra",
        "methylene",
        "potash",
        "oxo",
        "anhydrous",
        "hidrogeno",
        "crystal",
        "anhydride",
        "anhidrido",
    ]
) - {"acetone", "anhydride", "anhidrido", "sulphuric", "sulfuric", "propanone", "propanona"}


_STEMS = (
    "dimethylaniline", "trimethyl", "methylene", "diethyl", "phenylene", "isopropyl", "polybutylene", "acetylated", "benzene", "ethylene",
    "hydrochloride", "hydrogenated", "hydraulic", "carboxylate", "acetate", "anhydrous", "sulphate", "sulfate", "phosphate", "bromide",
    "chloride", "fluoride", "permanent", "potassium", "aniline", "polyester", "polyurethane", "propylene", "vinyl", "acrylic", "xylene",
    "pharmaceutical", "nitrate", "oxide", "amine", "metilico", "etileno", "propileno", "butadieno", "fenol", "fosfato", "cloruro",
)  # fmt: skip
_MACHINE_COMMON = frozenset(
    [
        "machine",
        "maquina",
        "máquina",
        "spare",
        "parts",
        "for",
        "para",
        "de",
        "del",
        "la",
        "el",
        "en",
        "set",
        "line",
        "and",
        "y",
        "with",
        "con",
        "of",
        "a",
        "automatic",
    ]
)


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


@dataclass(frozen=True, eq=False)
class GoodsIndex:
    """The automata and tables over one register."""

    register: Register
    keys: tuple[str, ...]
    entries: tuple[tuple[Entry, ...], ...]
    fine: ac.AhoCorasick
    halves: ac.AhoCorasick
    half_keys: tuple[tuple[tuple[int, bool], ...], ...]  # per half: (key number, is the left half)
    coarse: ac.BytesAhoCorasick
    anchor_kinds: bytes  # per anchor: 0 a stretch, 1 a code that must stand alone, 2 the word CAS
    numbers: tuple[int, ...]  # CAS numbers of the register as integers, sorted
    plain_numbers: re.Pattern[str]  # amounts and references: numbers of three figures and more that no name holds


# Families that a text may suggest by a stem; the class note is shown to a person, never decided by.
FAMILY_STEMS: dict[str, tuple[str, ...]] = {
    "fam-fentanyl-cn": ("fentanyl", "fentanil", "fentanilo", "fentanila", "芬太尼"),
    "fam-nitazene-cn": ("nitazene", "nitazepyne", "nitazepipne", "nitaceno", "nitazeno", "尼秦", "尼他秦"),
    "fam-4-piperidone-us": ("4-piperidone", "4-piperidona", "4-哌啶酮", "piperidin-4-one", "4-oxopiperidine"),
    "fam-4-ap-us": ("4-anilinopiperidine", "anilinopiperidine", "4-anilinopiperidina", "苯胺基哌啶", "phenylpiperidin-4-amine", "苯氨基哌啶"),
    "fam-pmk-glycidic-un": ("pmk glycidate", "pmk glycidic", "pmk缩水甘油酸"),
    "fam-bmk-glycidic-un": ("bmk glycidate", "bmk glycidic", "bmk缩水甘油酸"),
}  # fmt: skip


@lru_cache(maxsize=4)
def goods_index(register: Register) -> GoodsIndex:
    """Return the index over `register`, built once for each register object."""
    table: dict[str, dict[tuple[str, str], Entry]] = defaultdict(dict)
    written: dict[str, list[str]] = defaultdict(list)
    for entry in _all_entries(register):
        key = chemical_key(entry.name)
        if len(key) < 2 and not is_han(key):
            continue
        written[key].append(entry.name)
        held = table[key].get((entry.item_id, entry.kind))
        if held is not None:  # one key written in several ways: the strongest counts, with the widest leave for marks
            lead = entry if held.weak and not entry.weak else held
            entry = replace(lead, joints=max(held.joints, entry.joints), commas=max(held.commas, entry.commas))
        table[key][entry.item_id, entry.kind] = entry
    keys = tuple(table)
    entries = tuple(tuple(table[key].values()) for key in keys)
    halves: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for number, key in enumerate(keys):
        if len(key) >= SLIP_LENGTH and key.isascii() and any(_may_slip(entry) for entry in entries[number]):
            cut = len(key) // 2
            halves[key[:cut]].append((number, True))
            halves[key[cut:]].append((number, False))
    anchors = _anchors(register, keys, entries, written)
    numbers = {*register.cas_numbers, *register.weak_cas_numbers}
    return GoodsIndex(
        register, keys, entries,
        ac.AhoCorasick(list(keys), matchkind=ac.MatchKind.Standard),
        ac.AhoCorasick(list(halves), matchkind=ac.MatchKind.Standard), tuple(tuple(found) for found in halves.values()),
        ac.BytesAhoCorasick(list(anchors), matchkind=ac.MatchKind.LeftmostLongest, implementation=ac.Implementation.DFA),
        bytes(anchors.values()), tuple(sorted(int(number.replace("-", "")) for number in numbers)), _plain_numbers(entries),
    )  # fmt: skip


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


def _all_entries(register: Register) -> Iterable[Entry]:
    weakened = words().weakened
    for name in register.names:
        if name.language == "code" and re.fullmatch(r"\d+-\d\d-\d", name.text):
            continue  # CAS numbers are judged by their check digit, not as text
        key = chemical_key(name.text)
        weak = name.strength == "weak" or key in weakened
        short = len(key) <= _SHORT and key.isascii() and name.language not in ("es", "pinyin") and (
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


def _plain_numbers(entries: tuple[tuple[Entry, ...], ...]) -> re.Pattern[str]:
    held = {number for found in entries for entry in found for number in re.findall(r"\d{3,}", entry.name)}
    return re.compile(rf"(?<![\w-])(?!(?:{'|'.join(sorted(held))})(?!\d))\d{{3,}}(?![\w-])")


def _may_slip(entry: Entry) -> bool:
    return entry.kind == "substance" and not entry.weak and not any(char.isdigit() for char in entry.name)


def _anchors(
    register: Register, keys: tuple[str, ...], entries: tuple[tuple[Entry, ...], ...], written: dict[str, list[str]]
) -> dict[bytes, int]:
    """Return anchor -> kind. Every spelling that the fine automaton could accept holds at least one anchor."""
    found: dict[bytes, int] = {}
    for key, held in zip(keys, entries, strict=True):
        if all(entry.kind == "alike" for entry in held):
            continue
        for text in written[key]:
            if any(is_han(char) for char in text):
                for anchor in _han_anchors(text):
                    found[anchor.encode()] = 0
            elif held[0].kind == "equipment" and len(text.split()) > 1:
                for phrase in _pair_anchors(text):
                    found[phrase] = 0
            elif len(key) <= _SHORT or not _rare_words(text):
                for spelling in _code_spellings(text):
                    found[spelling] = 1
            else:
                for stretch in _latin_anchors(text):
                    found[stretch] = 0
    for block in register.skeletons:
        found[block.lower().encode()] = 0
    for point in (
        *range(0xFF21, 0xFF3B),
        *range(0xFF41, 0xFF5B),
        *range(0xFF10, 0xFF1A),
        0xAD,
        0x200B,
        0x200C,
        0x200D,
        0x2060,
        0xFEFF,
        0x301,
        0x303,
        0x308,
    ):
        found[chr(point).encode()] = (
            0  # full-width, invisible and combining characters: only the fine reading sees through them
        )
    found[b"cas"] = 2
    for number in (*register.cas_numbers, *register.weak_cas_numbers):
        found[number.replace("-", "").encode()] = 1
    # The plain spelling of a number is found by its hyphens; its middle tells the others.
    for dash in (" - ", "- ", " -", *"‐‑‒–—―−－ー"):
        for middle in range(100):
            found[f"{dash}{middle:02d}{dash}".encode()] = 0
    found[b"\xf0\x9d"] = 0  # mathematical letters
    return found


def _latin_anchors(text: str) -> Iterable[bytes]:
    folded = fold_goods(text).text
    rare = _rare_words(text)
    picked = rare[:1] if len(rare[0]) >= SLIP_LENGTH or len(rare) == 1 else rare[:2]
    plain = folded == text.lower()
    for run in picked:
        yield from (part.encode() for part in (_cut(run) if len(run) >= SLIP_LENGTH else [run]))
    if not plain:  # accents: the same stretch as people write it
        for word in re.findall(r"[^\W\d_]+", text.lower()):
            if not word.isascii() and chemical_key(word) in picked:
                yield from _accented(word)


def _cut(word: str) -> list[str]:
    """Return `word` in two parts, so that one slip leaves one of them whole; neither part may be an everyday stem."""
    middle = len(word) // 2
    for at in sorted(range(5, len(word) - 4), key=lambda at: abs(at - middle)):
        if not any(part in stem for part in (word[:at], word[at:]) for stem in _STEMS):
            return [word[:at], word[at:]]
    return [word]


def _accented(text: str) -> Iterable[bytes]:
    """Yield `text` as bytes in lower and upper accents, composed or not: the coarse scan lowers ASCII letters only."""
    yield text.encode()
    yield "".join(c if c.isascii() else c.upper() for c in text).encode()
    yield unicodedata.normalize("NFD", text).encode()


def _pair_anchors(text: str) -> Iterable[bytes]:
    """Yield the two neighbouring words of a machine's name that say most, joined in every way: alone its words are common."""
    parts = re.findall(r"[^\W_]+", text.lower())
    pairs = list(pairwise(parts)) or [(parts[0], "")]
    best = max(pairs, key=lambda pair: sum(len(word) for word in pair if word not in _MACHINE_COMMON))
    for joint in ("", "-", " "):
        pair = joint.join(best)
        yield fold_goods(pair).text.encode()
        if not pair.isascii():
            yield from _accented(pair)


def _rare_words(text: str) -> list[str]:
    """Return the words of a name that few other texts hold, longest first."""
    runs = {run for run in re.findall("[a-z]+", fold_goods(text).text) if len(run) >= 5 and run not in _COMMON}
    return sorted(runs, key=lambda run: (-len(run), run))


def _han_anchors(text: str) -> Iterable[str]:
    folded = fold_goods(text).text
    runs = sorted(re.findall(r"[\u4e00-\u9fff]+", folded), key=len, reverse=True)
    tail = runs[0][-3:]
    yield from _regional(tail)
    for form in _regional(runs[0] if len(runs[0]) <= 6 else tail):
        yield " ".join(form)


def _regional(text: str) -> set[str]:
    """Return `text` with every character in each of its forms, simplified, traditional and regional."""
    forms = {""}
    for char in text:
        choices = char + han_forms().get(char, "")
        forms = {form + choice for form in forms for choice in choices}
        if len(forms) > 200:  # a long name of many-formed characters: a stretch of it is enough
            break
    return forms


def _code_spellings(text: str) -> Iterable[bytes]:
    parts = [part for part in re.split(r"[^a-z0-9]+", fold_goods(text).text) if part]
    if not parts:
        return
    for joint in ("", "-", " ", " - ", "‑", "–", "‐", "−", ", ", ",") if len(parts) > 1 else ("",):
        yield joint.join(parts).encode()
