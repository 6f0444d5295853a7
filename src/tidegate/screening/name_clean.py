"""What stands in a name field but is not the name: other names, care-of lines, addresses, contacts.

`split_parts` gives the texts that may be the party's name, the whole cleaned line first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from tidegate.screening.name_lexicon import LEGAL, lexicon
from tidegate.screening.scripts import HAN, clean

_BRACKETS = re.compile(r"[(\[{<（【《「『]([^()\[\]{}（）【】《》「」『』]*)[)\]}>）】》」』]")
_QUOTES = re.compile(r"[\"“”„«»*_|]+")
_ABD = re.compile("عبد +(?=ال)")
_AFTER_PERSON = re.compile(r",\s*|;\s*|\s+[-–—/|]+\s+")
_DIGITS = re.compile(r"\d")
_LETTER = re.compile(r"[^\W_]")
_OUTSIDE_WORDS = re.compile(r"[\W_]+")
# A superset of the marks of name_words.toml that can stand in plain ASCII text in lower case: where none of it is
# found, there is one name and nothing to cut.
_MARKS = (
    "known", "trading as", "formerly", "alias", "att", "behalf", "care of", "contact", "account", "order", "agent", "tel",
    "business as", "previous", "operating", "ancienne", "antes", "dit ", "vormals", "nee", "orden", "cuenta", "address",
    "anterior", "conocid", "firmier", "sebelum", "comercial", "phone", "fax", "mob", "mail", "tax", "vat", "usc", "reg",
    "post", "zip", "add", "dom", "direc", "hande", "born", "geb", "nacido",
)  # fmt: skip
_MARKED = re.compile("|".join([r"[adfn]\.? ?[kb]\.? ?a", *_MARKS, r"z\.? ?hd", r"d\.?o\.?b", r"\bne\b"]))
_HAN_ONLY = re.compile(r"[\u4e00-\u9fff]+")
_HAN_MARKS = re.compile(
    "名|称|稱|号|號|路|街|道|代|转|轉|委|联|聯|收|经办|人|电|電|手机|传真|地址|邮|税|统一|支行|分|办事|辦事|厂|廠"
)
_PLAIN = re.compile(r"[A-Za-z .,'-]+")
_PLAIN_WITH_NUMBERS = re.compile(r"[A-Za-z0-9 .,'&-]+")
_BIRTH = re.compile(r"\b(?:d\.?o\.?b\.?|born|geb\.?|nacido|n[ée]e?)\b[\s:.]*\d.*$", re.IGNORECASE)
_EARLIER = re.compile(r"^(?:now|ex|was)[\s:]+|^(?:原|前身?|曾)[:为是]*(?=[\u4e00-\u9fff]{4})", re.IGNORECASE)
_BANK_KANA = {"カ": "株式会社", "ユ": "有限会社", "ド": "合同会社"}  # how Japanese banks shorten a legal form
_BANK_FORM = re.compile(r"^\(?([カユド])\)|\(([カユド])\)?$")
_LABEL = re.compile(r"^\s*(?:m/s\.?|messrs\.?|messers|company name|name|nombre|raz[oó]n social|公司名称|名称|姓名|单位|to|from|consignee|consignor|shipper|buyer|seller|收货人|发货人)\s*[:：]\s*|^\s*(?:m/s\.?|messrs\.?)\s+", re.IGNORECASE)  # fmt: skip


@lru_cache(maxsize=200_000)
def split_parts(name: str) -> tuple[str, ...]:
    """Return the cleaned whole, then each name it holds. Empty only if `name` has no letter or digit."""
    text = clean(name)
    if not text.isascii():
        text = _BANK_FORM.sub(lambda found: f" {_BANK_KANA[found[1] or found[2]]} ", text).strip()
    label = _LABEL.match(text)
    if label:
        text = text[label.end() :]
    if not _LETTER.search(text):
        return ()
    if text.isascii():
        plain = _plain_parts(text)
        if plain:
            return plain
    elif "عبد" in text:
        text = _ABD.sub("عبد", text)
    if _HAN_ONLY.fullmatch(text) and len(text) <= 24 and not _HAN_MARKS.search(text):
        return (text,)
    text = _BIRTH.sub("", text).strip(" ,;:-") or text
    table = lexicon()
    whole, others = text, []
    found = table.tail_pattern.search(whole)
    if found and found.start() > 2:
        whole = whole[: found.start()].strip(" ,;:-(（/")
    elif found and _AFTER_PERSON.search(whole, found.end()):  # "Attn: a person, the firm"
        others = _split(whole[found.end() :], _AFTER_PERSON)
    pieces = _split(whole, table.alias_pattern)
    if len(pieces) > 1:
        whole, others = pieces[0], pieces[1:]
    else:
        pieces = _split(whole, table.care_of_pattern)
        if len(pieces) > 1 or (pieces and table.care_of_pattern.match(whole)):
            whole, others = pieces[0], pieces[1:] + others
    inner = [_EARLIER.sub("", item.strip()) for item in _BRACKETS.findall(whole)]
    outside = " ".join(_BRACKETS.sub(" ", whole).split())
    parts: list[str] = []
    if inner and outside and any(_is_name(item, outside) for item in inner):
        parts.append(outside)
        others = [item for item in inner if _is_name(item, outside)] + others
        whole = outside
    else:
        parts.append(whole)
    if len(whole) > 12:
        parts += _without_address(whole)
    parts += _by_script(whole)
    for other in others:
        parts += [other, *_by_script(other)] if len(other) < 200 else [other]
    kept = [" ".join(_QUOTES.sub(" ", part).split()).strip(" ,;:-/") for part in parts]
    kept = [part for part in kept if _LETTER.search(part)]
    return tuple(dict.fromkeys(kept)) or (text,)


def _plain_parts(text: str) -> tuple[str, ...]:
    """Return the parts of ASCII text without a bracket, quote or mark; () where there is one and it must be read."""
    numbered = not _PLAIN.fullmatch(text)
    lower = text.lower()
    if (numbered and not _PLAIN_WITH_NUMBERS.fullmatch(text)) or _MARKED.search(lower):
        return ()
    whole = text.strip(" ,;:-")
    if not numbered and len(whole) <= 40 and "ranch" not in lower:
        return (whole,)
    cut = _without_address(whole) if len(whole) > 12 else ()
    return tuple(dict.fromkeys([whole, *(part.strip(" ,;:-/") for part in cut)]))


def plain_marks() -> list[str]:
    """Return every text that `_plain_parts` takes for a mark, the word "ne" apart."""
    dots, blanks = ("", "."), ("", " ")
    known_as = ["".join(one) for one in product("adfn", dots, blanks, "kb", dots, blanks, "a")]
    at_hand = ["".join(one) for one in product("z", dots, blanks, ["hd"])]
    birth = ["".join(one) for one in product("d", dots, "o", dots, "b")]
    return [*_MARKS, *known_as, *at_hand, *birth]


def _split(text: str, pattern: re.Pattern[str]) -> list[str]:
    pieces = [piece.strip(" ,;:()（）[]-/") for piece in pattern.split(text)]
    return [piece for piece in pieces if len(_LETTER.findall(piece)) >= 2]


def _is_name(inner: str, outside: str) -> bool:
    """Tell whether a bracket holds a name of its own: another script, two words and more, or a firm's with its form."""
    if not inner:
        return False
    if HAN.fullmatch(inner) and len(inner) > 3 and inner.endswith(("公司", "厂", "集团", "中心", "商行", "厰", "廠")):
        return True
    if bool(HAN.search(inner)) != bool(HAN.search(outside)):
        return len(inner) >= 2 and any(char.isalpha() for char in inner)
    words = [word.lower().strip(".,") for word in inner.split()]
    phrases = lexicon().phrases
    known = [phrases[word].kind for word in words if word in phrases]
    if len(words) < 2 or " ".join(words) in phrases or len(known) == len(words):
        return False
    return not known or LEGAL in known


def _by_script(text: str) -> list[str]:
    """Return the Han part and the Latin part of a line that has both, each long enough to be a name."""
    if text.isascii() or not HAN.search(text):
        return []
    latin = " ".join(re.sub(r"[^\x00-\u024f]+", " ", text).split()).strip(" ,;:-()")
    han = re.sub(r"[A-Za-z\u00c0-\u024f.,&'-]+", " ", text)
    han = "".join(han.split())
    if sum(char.isalpha() for char in latin) >= 5 and len(HAN.findall(han)[0] if HAN.findall(han) else "") >= 2:
        return [han, latin]
    return []


def _without_address(text: str) -> list[str]:
    """Return the name before a glued-on address or branch, or nothing where there is none."""
    table = lexicon()
    if not text.isascii() and HAN.search(text):
        for key in ("有限公司", "有限责任公司", "股份公司", "公司", "厂"):
            at = text.find(key)
            if 2 < at < len(text) - len(key) - 1:
                rest = text[at + len(key) :]
                if any(mark in rest for mark in table.address_local | table.branch_local) or _DIGITS.search(rest):
                    return [text[: at + len(key)]]
        return []
    words = text.split()
    lowered = [word if word.isalnum() else _OUTSIDE_WORDS.sub("", word) for word in text.lower().split()]
    if not (_looks_like_address(lowered) or any(word in table.branch_words for word in lowered)):
        return []  # what the whole line lacks, no part of it has
    for index in range(1, len(words)):
        if lowered[index - 1] in table.phrases and table.phrases[lowered[index - 1]].kind == LEGAL and index > 1:
            while (
                index < len(words) and lowered[index] in table.phrases and table.phrases[lowered[index]].kind == LEGAL
            ):
                index += 1
            after = lowered[index:]
            if after and (_looks_like_address(after) or any(word in table.branch_words for word in after)):
                return [" ".join(words[:index])]
            break
    comma = [index for index, word in enumerate(words) if word.endswith((",", ";")) and index >= 1]
    for index in comma:
        after = lowered[index + 1 :]
        if 0 < len(after) <= 4 and after[-1] in table.branch_words:  # "…, Dubai Branch"
            return [" ".join(words[: index + 1]).rstrip(",;")]
        if after and _DIGITS.search(" ".join(after)) and _looks_like_address(after):
            return [" ".join(words[: index + 1]).rstrip(",;")]
    return []


def _looks_like_address(words: list[str]) -> bool:
    table = lexicon()
    signs = sum([word in table.address_words for word in words])
    numbers = sum([not word.isalpha() and _DIGITS.search(word) is not None for word in words])
    return signs + numbers >= 2 or (numbers >= 1 and len(words) >= 3) or signs >= 2
