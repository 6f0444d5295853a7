"""Goods codes of a few letters: whether a text means the chemical by one, or something else of that name."""

from __future__ import annotations

import re
from collections.abc import Collection

from tidegate.screening.goods_words import words

_AROUND = 56  # characters looked at on either side
_PART_NUMBER = re.compile(
    r"(?:(?<![a-z])(?:parts?|p/n|pn|sku|model(?:o|s)?|drawing|dwg|doc(?:ument)?|tel|phone|mobile|fax|size|dim(?:ensions?)?|serial|s/n|orders?|"
    r"p\.?o\.?|contract|parte|pieza|pedido|plano|tel[eé]fono|talla|medida|serie|documento|contrato)|料号|料號|货号|貨號|型号|型號|图号|圖號|电话|電話|零件号|訂單|订单|合同)"
    r"\W{0,2}(?:no|num|number|nº|n°|#|号|號)?\W{0,3}$", re.I
)  # fmt: skip
_NEXT_WORDS = re.compile(r"(?: [a-z]+){1,4}")
_NEXT_HAN = re.compile(r"[ -]?[\u4e00-\u9fff]{1,6}")
_ENDS_THE_NAME = frozenset(("and", "with", "for", "in", "of", "y", "con", "para", "en", "de", "plus", "or", "to"))
_PLACE_BEFORE = re.compile(r"(?<![\d.,])([1-9])-$")
# The ends of chemical names, to tell "4-aminopyridine (4-AP)" from "white powder (NPP)".
_CHEMICAL = re.compile(
    r"(?:amine|idine|oline|zine|phenyl|aniline|enol|anol|diol|triol|phenol|acid|one|oxide|chloride|ylate|ether|ester|nitrile|"
    r"amide|ene|ane|resin|polymer|amina|idina|acido|ona|eno|ano|[啶酸醇醛酮胺酯醚烯烷苯腈酐脂酚嗪])$"
)
_NO_CHEMICAL = frozenset(
    ("gasoline", "kerosene", "membrane", "hygiene", "persona", "terreno", "relleno", "headphone", "cellophane", "airplane", "hurricane")
)  # fmt: skip


def is_part_number(text: str, number: str) -> bool:
    """Tell whether `number`, of the shape of a CAS number, is told as something else: a part, a drawing, a telephone."""
    at = text.find(number)
    return at > 0 and "cas" not in text.lower() and _PART_NUMBER.search(text[max(0, at - 24) : at]) is not None


def is_other_code(folded: str, start: int, end: int) -> bool:
    """Tell whether the code at [start, end) is plainly a code of another trade, e.g. 'P2P lending', 'NPP bearings'."""
    pattern = words().not_code
    tail = folded[end : end + 40]
    head = folded[max(0, start - 24) : start].rstrip(" -")
    word = head.rsplit(" ", 1)[-1]
    if pattern.match(tail) is not None or (bool(word) and pattern.fullmatch(word) is not None):
        return True
    in_han = _NEXT_HAN.match(tail)
    if in_han is not None and any(pattern.match(in_han.group(), at) for at in range(in_han.end())):
        return True
    near = _NEXT_WORDS.match(tail)
    for following in near.group().split() if near is not None else ():
        if following in _ENDS_THE_NAME:
            return False
        if pattern.fullmatch(following) is not None:
            return True
    return False


def is_explained_otherwise(folded: str, start: int, end: int, others: Collection[tuple[int, int]]) -> bool:
    """Tell whether the code at [start, end) is told to stand for a chemical that no register name at `others` covers.

    As in "4-aminopyridine (4-AP)" and "PAA peracetic acid". A name of the register's own kind beside it explains nothing
    away.
    """
    tail = folded[end : end + _AROUND]
    named = re.match(r" ?(?:[(=:] ?)?([a-z][a-z0-9'-]*(?: acid)?|[\d,]+-[a-z][a-z0-9'-]*|[\u4e00-\u9fff]+)", tail)
    if named is not None and not words().salts.match(tail) and _is_chemical(named.group(1)):
        return not any(at < end + named.end() and end <= at for at, _ in others)
    head = folded[max(0, start - _AROUND) : start].rstrip(" ")
    if head[-1:] != "(":
        return False
    before = re.search(r"((?:[a-z0-9,'-]+|[\u4e00-\u9fff0-9,-]+) ?(?:acid)?)$", head[:-1].rstrip(" "))
    if before is None or not _is_chemical(before.group(1).strip()):
        return False
    left = start - len(folded[max(0, start - _AROUND) : start]) + before.start()
    return not any(left < upto <= start for _, upto in others)


def _is_chemical(word: str) -> bool:
    return (
        _CHEMICAL.search(word) is not None
        and word not in _NO_CHEMICAL
        and (len(word) >= 6 or not word.isascii())
        and words().context.fullmatch(word) is None
    )


def has_other_place(folded: str, start: int, key: str) -> bool:
    """Tell whether a number before a name without one makes it another substance: 2-piperidone is not 4-piperidone."""
    return not key[0].isdigit() and _PLACE_BEFORE.search(folded[max(0, start - 4) : start]) is not None
