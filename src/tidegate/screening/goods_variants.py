"""Goods variants: other ways in which the trade writes a register name, by the rules of naming chemicals.

Only the same substance under another spelling: piperidin-4-one for 4-piperidone, tert-butoxycarbonyl for Boc, "anhydride,
acetic" for acetic anhydride, "ac. sulfúrico" for ácido sulfúrico. A variant never takes a spelling that the register gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tidegate.screening.goods_fold import chemical_key

# Each row holds spellings of one thing, over keys; the longer first where one holds another.
_SAME: tuple[tuple[str, ...], ...] = (
    ("4piperidinone", "piperidin4one", "4oxopiperidine", "4piperidone"),
    ("4piperidinona", "piperidin4ona", "4oxopiperidina", "4piperidona"),
    ("哌啶4酮", "4哌啶酮"),
    ("nphenylamino", "phenylamino", "anilino"),
    ("nfenilamino", "fenilamino", "anilino"),
    ("phenyl2propanone", "phenylpropan2one", "phenylacetone"),
    ("fenil2propanona", "fenilpropan2ona", "fenilacetona"),
    ("苯基2丙酮", "苯基丙2酮", "苯基丙酮"),
    ("phenyl1propanone", "phenylpropan1one"),
    ("fenil1propanona", "fenilpropan1ona"),
    ("苯基1丙酮", "苯基丙1酮"),
    ("butyrylfentanyl", "butyrfentanyl"),
    ("苯基氨基", "苯氨基", "苯胺基"),
    ("tertbutoxycarbonyl", "tboc", "boc"),
    ("叔丁氧基羰基", "叔丁基氧羰基", "叔丁氧羰基", "boc"),
    ("tercbutoxicarbonil", "tertbutoxicarbonil", "tbutoxicarbonil", "boc"),
    ("tertbutyl", "tbutyl"),
    ("tercbutilo", "tertbutilo", "tbutilo"),
    ("3氧代2苯基", "3氧2苯基"),
    ("alpha苯乙酰乙", "2苯基乙酰乙", "2苯乙酰乙"),
    ("methylenedioxy", "methylendioxy"),
    ("metilendioxi", "metilenodioxi", "metilenedioxi"),
    ("fentanil", "fentanyl"),
    ("sulphur", "sulfur"),
    ("氨基", "胺基"),
    ("ptolyl", "4methylphenyl"),
    ("mtolyl", "3methylphenyl"),
    ("propionamide", "propanamide"),
    ("piperidin4yl", "4piperidinyl", "4piperidyl"),
    ("哌啶4胺", "4哌啶胺"),
)
# These are the same only where the name is of a piperidine: a phenyl ethyl ketone is another thing than a phenethyl one.
_SAME_ON_PIPERIDINE: tuple[tuple[str, ...], ...] = (
    ("2phenylethyl", "2phenethyl", "phenylethyl", "phenethyl"),
    ("2苯基乙基", "2苯乙基", "苯乙基"),
    ("hydrochloride", "hcl"),
    ("2feniletil", "feniletil", "fenetil"),
)
_SPANISH = frozenset(
    (
        "tercbutoxicarbonil",
        "tercbutilo",
        "fenil1propanona",
        "fenil2propanona",
        "2feniletil",
        "metilendioxi",
        "4piperidinona",
    )
)
_PIPERIDINE = re.compile("piperidi|piperido|哌啶")
_ALIKE_HAN = (
    ("酮", "铜"),
    ("酯", "脂"),
    ("啶", "定"),
    ("酐", "肝"),
    ("腈", "晴"),
    ("醚", "迷"),
    ("胺", "安"),
    ("醛", "荃"),
)
_MOST = 24
_TURNED = frozenset(
    ("acid", "anhydride", "chloride", "cyanide", "iodide", "permanganate", "ketone", "ether", "oxide", "aldehyde")
)
_TURNED_ES = frozenset(("acido", "anhidrido", "cloruro", "cianuro", "permanganato", "eter", "yoduro", "aceite"))
_GLYCIDATE = re.compile(r"(pmk|bmk)(?: (sec-butyl|tert-butyl|isobutyl|isopropyl|methyl|ethyl|propyl|butyl))? glycidate")
_PLACES = (("para", "p", "4"), ("ortho", "o", "2"), ("meta", "m", "3"), ("alpha", "a"), ("beta", "b"), ("gamma", "r"))
_ALKYL_ZH = {"methyl": "甲基", "ethyl": "乙基", "propyl": "丙基", "isopropyl": "异丙基", "butyl": "丁基", "isobutyl": "异丁基",
             "sec-butyl": "仲丁基", "tert-butyl": "叔丁基"}  # fmt: skip
_ALKYL_ES = {"sec-butyl": "secbutilo", "tert-butyl": "tercbutilo", "isobutyl": "isobutilo", "isopropyl": "isopropilo",
             "methyl": "metilo", "ethyl": "etilo", "propyl": "propilo", "butyl": "butilo"}  # fmt: skip


def variants_of(name: str, language: str) -> Iterable[str]:
    """Return the keys of other spellings of a register name that stay right wherever they stand in a text."""
    key = chemical_key(name)
    found = dict.fromkeys([key])
    dotted = re.sub(r"(?<=\d),(?=\d)", ".", name)  # "1.4-butanediol"
    for spelling in (
        chemical_key(dotted),
        *_by_words(name.lower(), language),
        *_without_place(name, key),
        *_by_place(name, key),
        *_by_look(key),
    ):
        found.setdefault(spelling)
    waiting = list(found)
    rows = _rows_for(" ".join(found), language)
    while rows and waiting and len(found) < _MOST:
        for spelling in _by_parts(waiting.pop(), rows):
            if spelling not in found:
                found.setdefault(spelling)
                waiting.append(spelling)
    slips = [spelling.replace("哌", "派") for spelling in found if "哌" in spelling]
    return [spelling for spelling in (*found, *slips) if spelling != key]


def turned(name: str, language: str) -> str | None:
    """Return the key of a name with its last word first ("permanganate, potassium"), or None where nobody writes it so."""
    words = chemical_words(name)
    if not 2 <= len(words) <= 3 or not all(word.isalpha() for word in words):
        return None
    if language == "en" and words[-1] in _TURNED and "of" not in words:
        return "".join((words[-1], *words[:-1]))
    if language == "es" and words[0] in _TURNED_ES:
        return "".join((*words[1:], words[0])) if "de" not in words else None
    return None


def chemical_words(name: str) -> Sequence[str]:
    """Return the folded words of a name."""
    return [chemical_key(word) for word in name.split()]


def _rows_for(spellings: str, language: str) -> Sequence[Sequence[str]]:
    """Return the rows of which a part stands in `spellings`; nobody writes half a name in each script or language."""
    rows = (*_SAME, *_SAME_ON_PIPERIDINE) if _PIPERIDINE.search(spellings) else _SAME
    plain = spellings.isascii()
    return [
        row
        for row in rows
        if row[0].isascii() == plain
        and (language == "es" or row[0] not in _SPANISH)
        and any(part in spellings for part in row)
    ]


def _by_parts(key: str, rows: Sequence[Sequence[str]]) -> Iterable[str]:
    for row in rows:
        held = next((part for part in row if part in key), None)
        if held is not None:
            yield from (key.replace(held, part) for part in row if part != held)


def _without_place(name: str, key: str) -> Iterable[str]:
    """Yield the key with N for a leading 1 and the other way, and without either where the rest is telling enough."""
    if not re.match(r"[1N]-[^\W\d]", name) or len(key) < (7 if not key.isascii() else 14):
        return
    rest = key[1:]
    if _PIPERIDINE.search(key):
        yield ("n" if key[0] == "1" else "1") + rest
        yield rest
    elif key[0] == "1":
        yield rest


def _by_place(name: str, key: str) -> Iterable[str]:
    """Yield the key with p or 4 for para at its front, and so on."""
    place = chemical_key(name.split("-", 1)[0])
    for row in _PLACES:
        if place in row[:2] and (len(row) > 2 or place == row[0]):
            yield from (other + key[len(place) :] for other in row if other != place)


def _by_look(key: str) -> Iterable[str]:
    """Yield a Chinese key with one character written as another that looks or sounds like it: 甲基乙基铜, 乙酸乙脂."""
    if key.isascii() or len(key) < 4:
        return
    yield from (key.replace(right, wrong) for right, wrong in _ALIKE_HAN if right in key)


def _by_words(name: str, language: str) -> Iterable[str]:
    words = chemical_words(name)
    if language == "es" and words[0] == "acido" and len("".join(words[1:])) >= 7:
        yield "ac" + "".join(words[1:])
        yield "ac." + "".join(words[1:])
    if language == "en" and words[-1] == "acid" and len(words) == 2:
        yield f"{words[0]}ac."
    if " hcl" in name:
        yield chemical_key(name.replace(" hcl", ".hcl").replace(" h2o", ".h2o"))
    if language == "es" and "de" in words[1:-1]:
        at = words.index("de")
        yield "".join((*words[:at], *words[at + 1 :]))
        if words[0] in ("clorhidrato", "citrato", "sulfato", "tartrato", "maleato"):
            yield "".join((*words[at + 1 :], words[0]))
    glycidate = _GLYCIDATE.fullmatch(name)
    if glycidate is not None:
        short, alkyl = glycidate.groups()
        yield from _glycidates(short, alkyl)


def _glycidates(short: str, alkyl: str | None) -> Iterable[str]:
    if alkyl is None:
        yield from (f"glicidatode{short}", f"{short}glicidato", f"glycidicacid{short}")
        return
    plain, spanish = alkyl.replace("-", ""), _ALKYL_ES[alkyl]
    yield from (f"{plain}{short}glycidate", f"{short}glycidicacid{plain}ester", f"{short}glycidate{plain}ester")
    yield f"{short}{_ALKYL_ZH[alkyl]}缩水甘油酸酯"
    yield from (
        f"{short}glicidatode{spanish}",
        f"glicidatode{spanish}de{short}",
        f"{spanish}{short}glicidato",
        f"{short}{spanish[:-1]}glicidato",
    )
