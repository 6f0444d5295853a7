"""Text of strangers, fit to be seen: signs that move or hide others are shown by their number instead of obeyed.

A file name or a cell may hold a mark that turns the reading direction, an escape that commands a terminal, or a sign of
no width. Files for programs keep such text as it is; pages, paper and terminals show it through `seen`.
Source: Unicode Standard Annex 9 (bidirectional formatting), Unicode Technical Report 36 (2.2, visual spoofing).
"""

from __future__ import annotations

import re

from tidegate.wording.sentences import knows, say

_MOVES_OR_HIDES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def seen(text: str) -> str:
    """Return `text` with every sign that moves, hides or commands written as ⟨U+202E⟩; line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return _MOVES_OR_HIDES.sub(lambda sign: f"⟨U+{ord(sign[0]):04X}⟩", text)


def seen_value(value: object) -> object:
    """Return what a template shows: text through `seen`, markup of our own and other values as they are."""
    return seen(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def column_words(column: str, lang: str) -> str:
    """Return a canonical column in words; a column that is none, as it is."""
    code = f"column.{column}"
    return say(code, lang) if knows(code) else column


def counted(number: int, lang: str) -> str:
    """Return a whole number as the language groups it: 107,081 in en and zh, 107 081 (narrow space) in es."""
    text = f"{number:,}"
    if lang != "es":
        return text
    return text.replace(",", "\u202f") if abs(number) > 9999 else text.replace(",", "")
