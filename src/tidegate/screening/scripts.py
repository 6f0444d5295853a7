"""Scripts: what a name is written in, and its plain Latin spelling (Han is read in name_han).

Cyrillic, Arabic, Devanagari, Hangul and Kana have tables of their own because names are romanised by habit, not by
a standard; every other script goes through anyascii. Homoglyphs (a Cyrillic а in a Latin word) are put right first.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々]+")
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x115F, 0x1160, 0x180E, 0xFEFF, 0x0640, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
     *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)]
)  # fmt: skip
_LATIN_LOOKS = dict(zip("аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅαοντρκιυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijshdqwABEKMHOPCTYXIJSaovtpkiuABEZHIKMNOPTYX", strict=False))  # fmt: skip
_CYRILLIC_LOOKS = dict(zip("aeopcyxijsABEKMHOPCTYXIJSbkmht", "аеорсухіјѕАВЕКМНОРСТУХІЈЅвкмнт", strict=True))
_WORD = re.compile(r"[^\W\d_]+")

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "є": "ye", "і": "i", "ї": "yi", "ґ": "g", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c",
    "ђ": "dj", "џ": "dz", "ѓ": "g", "ќ": "k", "ѕ": "dz", "қ": "q", "ғ": "gh", "ң": "n", "ө": "o", "ү": "u",
    "ұ": "u", "һ": "h", "ә": "a", "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u",
}  # fmt: skip
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "th", "ج": "j", "چ": "ch",
    "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "d", "ط": "t", "ظ": "z", "ع": "", "غ": "gh", "ف": "f", "ق": "q", "ک": "k", "ك": "k", "گ": "g", "ل": "l",
    "م": "m", "ن": "n", "ه": "h", "ة": "a", "و": "w", "ي": "y", "ی": "y", "ى": "a", "ئ": "y", "ؤ": "w", "ء": "",
    "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ے": "e", "ھ": "h", "ہ": "h", "َ": "a", "ُ": "u", "ِ": "i",
}  # fmt: skip
_DEVA_VOWEL = {
    "अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ए": "e", "ऐ": "ai", "ओ": "o", "औ": "au",
    "ऑ": "o",
}  # fmt: skip
_DEVA_SIGN = {
    "ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "ृ": "ri", "े": "e", "ै": "ai", "ो": "o", "ौ": "au", "ॉ": "o",
    "्": "",
}  # fmt: skip
_DEVA_CONSONANT = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह",
        [
            "k",
            "kh",
            "g",
            "gh",
            "n",
            "ch",
            "chh",
            "j",
            "jh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "p",
            "ph",
            "b",
            "bh",
            "m",
            "y",
            "r",
            "l",
            "v",
            "sh",
            "sh",
            "s",
            "h",
        ],
        strict=True,
    )
)
_HANGUL_LEAD = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "-", "j", "jj", "ch", "k", "t", "p", "h"]
_HANGUL_VOWEL = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
_HANGUL_TAIL = [
    "-",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]
_KANA = dict(
    zip(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ",
        [
            "a",
            "i",
            "u",
            "e",
            "o",
            "ka",
            "ki",
            "ku",
            "ke",
            "ko",
            "sa",
            "shi",
            "su",
            "se",
            "so",
            "ta",
            "chi",
            "tsu",
            "te",
            "to",
            "na",
            "ni",
            "nu",
            "ne",
            "no",
            "ha",
            "hi",
            "fu",
            "he",
            "ho",
            "ma",
            "mi",
            "mu",
            "me",
            "mo",
            "ya",
            "yu",
            "yo",
            "ra",
            "ri",
            "ru",
            "re",
            "ro",
            "wa",
            "o",
            "n",
            "ga",
            "gi",
            "gu",
            "ge",
            "go",
            "za",
            "ji",
            "zu",
            "ze",
            "zo",
            "da",
            "ji",
            "zu",
            "de",
            "do",
            "ba",
            "bi",
            "bu",
            "be",
            "bo",
            "pa",
            "pi",
            "pu",
            "pe",
            "po",
            "vu",
        ],
        strict=True,
    )
)
_SMALL_KANA = dict(zip("ァィゥェォャュョ", ["a", "i", "u", "e", "o", "ya", "yu", "yo"], strict=True))


def clean(text: str) -> str:
    """Return `text` in NFKC without invisible characters, with homoglyphs put right and blanks folded.

    A word that mixes Latin with Cyrillic or Greek look-alikes is written in the script most of its letters have.
    """
    if text.isascii():
        return " ".join(text.split())
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    text = text.replace("\x92", "'").replace("’", "'").replace("‘", "'").replace("ʼ", "'").replace("`", "'")
    return " ".join(_WORD.sub(lambda found: _one_script(found.group()), text).split())


def _one_script(word: str) -> str:
    if word.isascii():
        return word
    latin = [char for char in word if char < "\u0250"]
    other = [char for char in word if "\u0370" <= char < "\u0530"]
    if not latin or not other:
        return word
    to_latin = all(char in _LATIN_LOOKS for char in other)
    to_cyrillic = all(char in _CYRILLIC_LOOKS for char in latin)
    if (to_latin and not to_cyrillic) or (to_latin == to_cyrillic and len(latin) >= len(other)):
        return "".join(_LATIN_LOOKS.get(char, char) for char in word)
    return "".join(_CYRILLIC_LOOKS.get(char, char) for char in word)


def script_of(word: str) -> str:
    """Return latin, han, kana, hangul, cyrillic, arabic, devanagari or other: the script of `word`'s first letter."""
    for char in word:
        if char.isalpha():
            return _script(ord(char))
    return "latin"


def _script(point: int) -> str:
    if point < 0x250 or 0x1E00 <= point < 0x1F00:
        return "latin"
    for name, low, high in (
        ("cyrillic", 0x400, 0x530), ("arabic", 0x600, 0x780), ("arabic", 0x8A0, 0x900), ("devanagari", 0x900, 0x980),
        ("kana", 0x3040, 0x3100), ("han", 0x3400, 0xA000), ("hangul", 0xAC00, 0xD7B0), ("han", 0xF900, 0xFB00),
    ):  # fmt: skip
        if low <= point < high:
            return name
    return "other"


@lru_cache(maxsize=65536)
def romanise(word: str) -> str:
    """Return the Latin spelling of one `word` of any script but Han, in lower case, of ASCII letters and digits."""
    if word.isascii():
        return word.lower()
    script = script_of(word)
    if script == "cyrillic":
        return _cyrillic(word.lower())
    if script == "arabic":
        return "".join(_ARABIC.get(char, "") for char in word)
    if script == "devanagari":
        return _devanagari(unicodedata.normalize("NFD", word).replace("़", ""))
    if script == "hangul":
        return "".join(_hangul(char) for char in unicodedata.normalize("NFC", word))
    if script == "kana":
        return _kana(word)
    return _latin(word)


def _latin(word: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    if not plain.isascii():
        from anyascii import anyascii

        plain = anyascii(plain)
    return "".join(char for char in plain.lower() if char.isalnum())


def _cyrillic(word: str) -> str:
    return "".join(_CYRILLIC[c] if c in _CYRILLIC else _latin(c) for c in unicodedata.normalize("NFC", word))


def _devanagari(word: str) -> str:
    out: list[str] = []
    for index, char in enumerate(word):
        if char in _DEVA_CONSONANT:
            following = word[index + 1] if index + 1 < len(word) else ""
            inherent = following not in _DEVA_SIGN and following != ""  # the last inherent vowel is silent
            out.append(_DEVA_CONSONANT[char] + ("a" if inherent else ""))
        elif char in _DEVA_VOWEL:
            out.append(_DEVA_VOWEL[char])
        elif char in _DEVA_SIGN:
            out.append(_DEVA_SIGN[char])
        elif char in "ंँ":
            following = word[index + 1 : index + 2]  # Singh, Mumbai
            out.append("ng" if following == "ह" else "m" if following and following in "पफबभम" else "n")
        elif char == "ः":
            out.append("h")
    return "".join(out)


def _hangul(char: str) -> str:
    index = ord(char) - 0xAC00
    if not 0 <= index < 11172:
        return _latin(char)
    lead, vowel, tail = index // 588, index % 588 // 28, index % 28
    return (_HANGUL_LEAD[lead] + _HANGUL_VOWEL[vowel] + _HANGUL_TAIL[tail]).replace("-", "")


def _kana(word: str) -> str:
    out: list[str] = []
    double = False
    for char in word:
        char = chr(ord(char) + 0x60) if "\u3041" <= char <= "\u3096" else char  # hiragana to katakana
        if char == "ッ":
            double = True
            continue
        if char in _SMALL_KANA and out:
            small = _SMALL_KANA[char]
            stem = out[-1]
            if stem.endswith("i") and len(small) == 2:  # きょ kyo, しょ sho, ちょ cho, じょ jo
                out[-1] = stem[:-1] + (small[1] if stem in ("shi", "chi", "ji") else small)
            else:
                out[-1] = stem[:-1] + small
            continue
        sound = _KANA.get(char, "" if char == "ー" else _latin(char))
        out.append(sound[:1] + sound if double and sound else sound)
        double = False
    return "".join(out)
