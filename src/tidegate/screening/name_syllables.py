"""Syllables of Chinese and Korean names in any spelling: pinyin, Wade-Giles, Cantonese, Hangul romanisations.

A syllable is known by its readings: "p:wang" is pinyin wang, "j:wong" the Cantonese (jyutping) reading, "k:kim" a
Korean syllable folded over its spellings, "h:王" a surname. Two syllables that share a reading may be the same one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tidegate.screening.name_lexicon import han_table, plain_syllable, rows
from tidegate.screening.scripts import romanise

# Characters of names with two readings in use; the dictionary's rare readings of all others are left out.
_POLYPHONES = frozenset("曾单解仇查区任盖乐长重行朝沈翟尉覃朴强参藏厦柏薄谌缪褚晟茜娜莘召适佟俞祭洗燕宁令种折员车隗哈繁都黑万秘逄郗纪种撒应呙那能省葛相于余传")  # fmt: skip

_WG_INITIALS = (
    ("zh", "ch"), ("ch", "ch'"), ("sh", "sh"), ("b", "p"), ("p", "p'"), ("d", "t"), ("t", "t'"), ("g", "k"),
    ("k", "k'"), ("j", "ch"), ("q", "ch'"), ("x", "hs"), ("r", "j"), ("z", "ts"), ("c", "ts'"),
)  # fmt: skip
_HK_INITIALS = {
    "z": ("ch", "ts", "j", "tz", "z", "c"), "c": ("ch", "ts", "tch", "c"), "gw": ("kw", "gw", "qu"), "kw": ("kw", "qu"),
    "g": ("k", "g"), "k": ("k",), "b": ("p", "b"), "p": ("p",), "d": ("t", "d"), "t": ("t",), "j": ("y", "j", "i", ""),
    "ng": ("ng", ""), "s": ("s", "sh", "sz"), "n": ("n", "l"), "l": ("l",), "h": ("h",), "f": ("f",), "m": ("m",),
    "w": ("w", "v"), "": ("", "ng"),
}  # fmt: skip
_HK_FINALS = {
    "oeng": ("eung", "oeng", "eong", "iong"), "oek": ("euk", "eok"), "eoi": ("ui", "eoi", "oy", "ooi"), "yun": ("uen", "yun", "un", "yuen", "uan"),
    "yu": ("yu", "ue", "u", "ee"), "aa": ("a", "ah", "aa", "ar"), "aai": ("ai", "aai"), "aan": ("an", "aan"),
    "aang": ("ang", "eng", "aang"), "aam": ("am", "aam"), "aau": ("au", "aau", "aw"), "aak": ("ak", "aak"), "aat": ("at", "aat"),
    "aap": ("ap", "aap"), "ai": ("ai", "ei"), "au": ("au", "ow"), "an": ("an", "un", "en"), "ang": ("ang", "eng", "ung"),
    "am": ("am", "um"), "ak": ("ak", "uk"), "at": ("at", "ut"), "ap": ("ap", "up"), "ik": ("ik", "ick", "ek"),
    "ing": ("ing", "eng"), "iu": ("iu", "ew", "iew"), "im": ("im", "yim"), "in": ("in", "een"), "it": ("it", "eet"), "ip": ("ip",),
    "o": ("o", "or", "oh"), "oi": ("oi", "oy"), "on": ("on",), "ong": ("ong",), "ok": ("ok", "ock"), "ot": ("ot",),
    "ou": ("o", "ou", "ow", "oo", "u"), "u": ("u", "oo"), "ui": ("ui", "oey"), "un": ("un", "oon"), "ung": ("ung", "oong"),
    "uk": ("uk", "ook"), "ut": ("ut", "oot"), "e": ("e", "eh"), "ei": ("ei", "ee", "i", "y", "ay", "eei"), "ek": ("ek",),
    "eng": ("eng", "ang", "iang"), "eon": ("un", "oon", "eon"), "eot": ("ut",), "yut": ("uet", "yut", "yuet"), "i": ("i", "ee", "ze", "z", "e"),
    "m": ("m",), "ng": ("ng",),
}  # fmt: skip
_KOREAN_LEADS = (("kk", "k"), ("gh", "k"), ("g", "k"), ("tt", "t"), ("d", "t"), ("pp", "p"), ("b", "p"), ("ch", "c"),
    ("jj", "c"), ("j", "c"), ("z", "c"), ("ss", "s"), ("sh", "s"), ("r", "l"))  # fmt: skip
_KOREAN_VOWELS = tuple(sorted({
    "yeo": "yo", "you": "yo", "yoo": "yo", "yuh": "yo", "yo": "yo", "yu": "yo", "yae": "ye", "ye": "ye", "ya": "ya",
    "eo": "o", "eu": "o", "oo": "o", "ou": "o", "uh": "o", "oh": "o", "u": "o", "o": "o", "ur": "o", "ow": "o",
    "ae": "e", "ai": "e", "e": "e", "ay": "e", "ah": "a", "a": "a", "ar": "a", "ee": "i", "yi": "i", "ui": "i", "eui": "i",
    "i": "i", "y": "i", "wa": "wa", "oa": "wa", "wo": "wo", "weo": "wo", "woo": "o", "we": "we", "wae": "we", "oe": "we",
    "oi": "we", "wi": "wi",
}.items(), key=lambda item: -len(item[0])))  # fmt: skip
_KOREAN = re.compile(
    r"(kk|gh|g|k|tt|t|d|pp|p|b|ch|jj|j|z|ss|sh|s|r|l|n|m|h|y(?=[aeou]))?([aeiouwyhr]+?)(ng|ck|k|g|n|t|d|l|r|m|p|b|h)?$"
)


@lru_cache(maxsize=1)
def surname_readings() -> dict[str, tuple[str, ...]]:
    """Return spelling -> "h:王" ids of Chinese surnames and "h:김" ids of Korean ones."""
    found: dict[str, set[str]] = {}
    for row in rows("chinese_surnames.csv"):
        for form in (row["pinyin"], *row["other"].split("|")):
            if form:
                found.setdefault(plain_syllable(form.replace("'", "").replace(" ", "")), set()).add("h:" + row["han"])
    for row in rows("korean_surnames.csv"):
        for form in row["forms"].split("|"):
            found.setdefault(form, set()).add("h:" + row["hangul"])
    return {key: tuple(sorted(value)) for key, value in found.items()}


@lru_cache(maxsize=1)
def surnames_pinyin() -> dict[str, tuple[str, float]]:
    """Return Han surname -> (pinyin, share of people in per cent). Compound surnames have two characters."""
    return {row["han"]: (plain_syllable(row["pinyin"]), float(row["share"])) for row in rows("chinese_surnames.csv")}


@lru_cache(maxsize=1)
def pinyin_shares() -> dict[str, float]:
    """Return pinyin surname -> share of Chinese people in per cent (of all characters that read so)."""
    shares: dict[str, float] = {}
    for spelling, share in surnames_pinyin().values():
        shares[spelling] = shares.get(spelling, 0.0) + share
    return shares


@lru_cache(maxsize=1)
def wade_giles() -> dict[str, tuple[str, ...]]:
    """Return Wade-Giles spelling (with, and without apostrophe) -> pinyin syllables it may stand for."""
    found: dict[str, set[str]] = {}
    for syllable in han_table().syllables:
        spelled = to_wade_giles(syllable)
        found.setdefault(spelled, set()).add(syllable)
        found.setdefault(spelled.replace("'", ""), set()).add(syllable)
        if spelled == "ssu":
            found.setdefault("szu", set()).add(syllable)
    return {key: tuple(sorted(value)) for key, value in found.items()}


def to_wade_giles(syllable: str) -> str:
    """Return a pinyin syllable in Wade-Giles, with its apostrophe."""
    special = {
        "zhi": "chih", "chi": "ch'ih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tz'u", "si": "ssu", "er": "erh",
        "ju": "chu", "qu": "ch'u", "xu": "hsu", "yi": "i", "you": "yu", "ge": "ko", "ke": "k'o", "he": "ho", "e": "o",
        "yan": "yen", "ye": "yeh", "gui": "kuei", "kui": "k'uei", "yong": "yung", "luo": "lo", "duo": "to", "tuo": "t'o",
        "zuo": "tso", "cuo": "ts'o", "suo": "so", "nuo": "no", "ruo": "jo", "zhuo": "cho", "chuo": "ch'o", "jiong": "chiung",
        "juan": "chuan", "quan": "ch'uan", "xuan": "hsuan", "jue": "chueh", "que": "ch'ueh", "xue": "hsueh", "yue": "yueh",
        "jun": "chun", "qun": "ch'un", "xun": "hsun",
    }  # fmt: skip
    if syllable in special:
        return special[syllable]
    lead, rest = "", syllable
    for pinyin, wade in _WG_INITIALS:
        if syllable.startswith(pinyin):
            lead, rest = wade, syllable[len(pinyin) :]
            break
    else:
        if syllable[0] not in "aeiouyw":
            lead, rest = syllable[0], syllable[1:]
    if rest in ("ian", "ie", "ong", "iong", "uo"):
        rest = {"ian": "ien", "ie": "ieh", "ong": "ung", "iong": "iung", "uo": "uo"}[rest]
    elif rest == "e" and lead not in ("k", "k'", "h"):
        rest = "e"
    return lead + rest


@lru_cache(maxsize=1)
def cantonese() -> dict[str, tuple[str, ...]]:
    """Return a spelling as used in Hong Kong, Macau and overseas -> jyutping syllables it may stand for."""
    found: dict[str, set[str]] = {}
    for syllable in {item for readings in han_table().jyutping.values() for item in readings}:
        for lead in sorted(_HK_INITIALS, key=len, reverse=True):
            if syllable.startswith(lead) and syllable[len(lead) :] in _HK_FINALS:
                finals = _HK_FINALS[syllable[len(lead) :]]
                for spelled in (a + b for a in _HK_INITIALS[lead] for b in finals):
                    found.setdefault(spelled.replace("yy", "y").replace("ii", "i"), set()).add(syllable)
                break
        found.setdefault(syllable, set()).add(syllable)
    return {key: tuple(sorted(value)) for key, value in found.items()}


@lru_cache(maxsize=4096)
def hong_kong_spellings(syllable: str) -> tuple[str, ...]:
    """Return the ways in which Hong Kong's firms spell a jyutping syllable, the usual one first, at most six."""
    for lead in sorted(_HK_INITIALS, key=len, reverse=True):
        if syllable.startswith(lead) and syllable[len(lead) :] in _HK_FINALS:
            finals = _HK_FINALS[syllable[len(lead) :]]
            spelled = (a + b for b in finals[:3] for a in _HK_INITIALS[lead][:2])
            return tuple(dict.fromkeys(one.replace("yy", "y").replace("ii", "i") for one in spelled))[:6]
    return (syllable,)


@lru_cache(maxsize=65536)
def split_pinyin(word: str) -> tuple[str, ...]:
    """Return the pinyin syllables of `word`, or () if it is not made of them. Fewest syllables, longest first."""
    word = plain_syllable(word)
    syllables = han_table().syllables
    if word in syllables:
        return (word,)
    if len(word) > 24 or not word.isalpha() or word[-1] not in "aeiounghrvü":
        return ()  # no syllable ends in another letter
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    reached = 0
    for end in range(1, len(word) + 1):
        if end - reached > 6:  # the longest syllable has six letters: nothing is found from here on
            return ()
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is None:
                continue
            piece = word[start:end]
            sound = plain_syllable(piece) if "v" in piece else piece
            if sound not in syllables:
                continue
            reached = end
            candidate = (*before, sound)
            # a syllable that begins with a vowel needs an apostrophe, so prefer the consonant cut: fangan = fan gan
            current = best[end]
            if current is None or _cut_cost(candidate) < _cut_cost(current):
                best[end] = candidate
    return best[-1] or ()


def _cut_cost(parts: tuple[str, ...]) -> tuple[int, int, int]:
    return sum(part[0] in "aeo" for part in parts[1:]), len(parts), -len(parts[0])


@lru_cache(maxsize=65536)
def fold_korean(syllable: str) -> str:
    """Return the folded Korean reading of one romanised syllable ("jeong", "chung" -> "cong"), or "" if it is none."""
    found = _KOREAN.fullmatch(syllable)
    if not found:
        return ""
    lead, vowel, tail = found.group(1) or "", found.group(2), found.group(3) or ""
    for spelled, folded in _KOREAN_LEADS:
        if lead == spelled:
            lead = folded
            break
    if lead == "y":
        lead, vowel = "", "y" + vowel
    for spelled, folded in _KOREAN_VOWELS:
        if vowel == spelled:
            return lead + folded + {"ck": "k", "g": "k", "d": "t", "r": "l", "b": "p", "h": ""}.get(tail, tail)
    return ""


@lru_cache(maxsize=65536)
def readings(syllable: str) -> tuple[str, ...]:
    """Return what a Latin `syllable` may stand for, most certain first. An apostrophe ("ts'ao") is Wade-Giles."""
    found: dict[str, None] = {}
    if syllable in han_table().syllables:
        found["p:" + syllable] = None
    for item in wade_giles().get(syllable, ()):
        found["p:" + item] = None
    for item in cantonese().get(syllable, ()):
        found["j:" + item] = None
    korean = fold_korean(syllable)
    if korean:
        found["k:" + korean] = None
    return tuple(found)


@lru_cache(maxsize=32768)
def han_readings(char: str) -> tuple[str, ...]:
    """Return the readings of one simplified Han character."""
    table = han_table()
    known = table.pinyin.get(char, ())
    mandarin = tuple("p:" + item for item in (known if char in _POLYPHONES else known[:1]))
    return mandarin + tuple("j:" + item for item in table.jyutping.get(char, ()))


@lru_cache(maxsize=32768)
def hangul_readings(char: str) -> tuple[str, ...]:
    """Return the folded Korean reading of one Hangul syllable."""
    korean = fold_korean(romanise(char))
    return ("k:" + korean,) if korean else ()


def is_wade_giles(word: str) -> bool:
    """Tell whether `word` has the apostrophe of Wade-Giles after its first consonants."""
    return word[:2] in ("p'", "t'", "k'") or word[:3] in ("ch'", "ts'", "tz'")
