"""Goods codes: tariff codes that a goods text tells, known by the word before them ("HS 2933.36", "海关编码 2916340010")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tidegate.registers.substances import Register
from tidegate.screening.goods_fold import Folded

_WORD = (
    r"(?:(?<![a-z])(?:hs|h\.s\.?|hts|htsus|hsn|ncm|taric|tariff|customs|commodity|fraccion|partida|subpartida|arancel\w*)"
    r"|税号|税则|海关编码|商品编码|商品编号)"
)
_BETWEEN = r"(?:[ .:#-]|(?:code|codes|no|nr|num|number|item|heading|codigo|arancelari[ao]|编码|编号|号|列)(?![a-z]))*"
_CODE = re.compile(rf"{_WORD}{_BETWEEN}(\d{{4}}[ .-]?\d\d(?:[ .-]?\d\d){{0,2}})(?![\d])")


def tariff_codes_in(folded: Folded) -> list[tuple[str, tuple[int, int]]]:
    """Return the tariff codes in a folded text, digits only, with their places in the text as written."""
    return [
        (re.sub(r"\D", "", found.group(1)), folded.written_span(*found.span(1)))
        for found in _CODE.finditer(folded.text)
    ]


def telling_codes(register: Register) -> Iterable[str]:
    """Yield the subheadings that weigh something alone, with a dot and without: what makes a text worth reading."""
    for code, line in register.hs.items():
        if line.alone_level != "none":
            yield from (code, f"{code[:4]}.{code[4:]}")
