"""Goods: which register items a goods text, a CAS number or a tariff code names, with the reason made where it is seen.

Longest name first over folded keys; what stands round a name decides whether it is the substance, a form of it, another
substance, or nothing (RF60). Numbers are judged by check digit and against the text (RF61). Class notes and skeletons
only ever say "look" (RF62). A tariff code alone never weighs more than the register allows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tidegate.model.identifiers.cas import check_digit_holds, find_cas
from tidegate.model.identifiers.hs import chapter, heading, parse_hs_code, subheading
from tidegate.model.identifiers.inchikey import find_inchikeys, skeleton
from tidegate.registers.substances import Register
from tidegate.screening.finding import Duty, Level
from tidegate.screening.goods_codes import tariff_codes_in
from tidegate.screening.goods_fold import fold_goods
from tidegate.screening.goods_hits import (
    NUMBER,
    TEXT,
    GoodsHit,
    add_hit,
    contradiction,
    key_hit,
    name_hit,
    number_hits,
    owners_of,
    weigh_code,
    with_company,
)  # fmt: skip
from tidegate.screening.goods_index import GoodsIndex, goods_index
from tidegate.screening.goods_names import NameSeen, names_in, plain_name
from tidegate.screening.goods_scan import NOTHING_SEEN, Seen, look_at, rows_holding, scan_column, text_column
from tidegate.screening.goods_seek import Candidate
from tidegate.screening.goods_short import is_part_number

__all__ = ["GoodsHit", "find_goods", "find_goods_rows", "hs_disagrees", "level_with_duties", "read_goods"]

_new: Any = tuple.__new__  # a named tuple from all its fields, made without a call in Python
CHEMICAL_CHAPTERS = ("28", "29", "38")


def find_goods(
    texts: Sequence[str | None],
    cas: Sequence[str | None],
    hs: Sequence[str | None],
    register: Register,
    *,
    context: bool = False,
) -> list[list[GoodsHit]]:
    """Return the hits of every row, in order; the three columns have one length, None where a cell is empty.

    context: also give rows where only excipients or cutting agents are named (they never make a finding alone).
    """
    found = find_goods_rows(texts, cas, hs, register, context=context)
    return [found.get(row, []) for row in range(len(texts))]


def find_goods_rows(
    texts: Sequence[str | None] | pa.Array, cas: Sequence[str | None] | pa.Array | None,
    hs: Sequence[str | None] | pa.Array | None, register: Register, *, context: bool = False,
) -> dict[int, list[GoodsHit]]:  # fmt: skip
    """Return row -> hits for the rows that have any; columns as lists or Arrow arrays, cas and hs may be None.

    The same rows give the same hits however the column is cut into batches.
    """
    index = goods_index(register)
    column = text_column(texts)
    seen = scan_column(column, index)
    others = {*_worth_reading(cas, register), *_codes(hs, register)}
    rows = sorted(others.union(seen)) if others else list(seen)
    texts_read, numbers_read, codes_read = (_cells(cells, rows) for cells in (column, cas, hs))
    read: dict[tuple[str, str, str], list[GoodsHit]] = {}
    found: dict[int, list[GoodsHit]] = {}
    for row, text, number, code in zip(rows, texts_read, numbers_read, codes_read, strict=True):
        key = (text or "", number or "", code or "")
        hits = read.get(key)
        if hits is None:
            hits = read[key] = _read(*key, seen.get(row, NOTHING_SEEN), index)
        if hits and (context or not hits[0].context):  # what is no context leads
            found[row] = list(hits)
    return found


def read_goods(text: str, cas: str, hs: str, index: GoodsIndex) -> list[GoodsHit]:
    """Return the hits of one row: its goods text, CAS cell and tariff cell ('' where empty)."""
    return _read(text, cas, hs, look_at(text, index), index)


def _read(text: str, cas: str, hs: str, seen: Seen, index: GoodsIndex) -> list[GoodsHit]:
    """Return the hits of one row, given what stands in its text."""
    if seen.plain and not (cas or hs or seen.keys or seen.codes):
        return _plain_hits(text, seen, index)
    facts = _facts(text, cas, hs, seen, index.register)
    names: Sequence[NameSeen] = ()
    if seen.plain:
        names = (plain_name(text, seen.names[0], index),)
    elif seen.names:
        names = names_in(text, fold_goods(text), seen.names, index, chemical=facts.chemical, supported=facts.supported)
    return _hits(text, cas, hs, facts, names, index.register)


def _plain_hits(text: str, seen: Seen, index: GoodsIndex) -> list[GoodsHit]:
    """Return the hits of a text whose one name is plain: made once for a name as written and the numbers beside it."""
    found = seen.names[0]
    span = (found.start, found.end)
    written = text[found.start : found.end]
    numbers = tuple(find_cas(text)) if seen.numbers else ()
    if not numbers:
        hit = _told_alone(found.number, written, index)
        return [_new(GoodsHit, (*hit[:4], text, span, *hit[6:]))]
    if any(is_part_number(text, number) for number in numbers):
        return _hits(text, "", "", _Facts(text_numbers=numbers), (plain_name(text, found, index),), index.register)
    lowered = text.lower()
    told = _told_beside(found.number, written, numbers, "cas" in lowered or "登记号" in lowered, index)
    return [
        _new(GoodsHit, (*hit[:4], text, span if place == NAME else _place(text, place), *hit[6:]))
        for hit, place in told
    ]


@lru_cache(maxsize=65_536)
def _told_alone(number: int, written: str, index: GoodsIndex) -> GoodsHit:
    """Return the hit of a plain name, by the number of its key, as if the text were the name alone."""
    name = plain_name(written, Candidate(number, 0, len(written), len(written)), index)
    return name_hit(name, written, index.register)


NAME, NOWHERE = "name", ""


def _place(text: str, number: str) -> tuple[int, int] | None:
    at = text.find(number) if number != NOWHERE else -1
    return (at, at + len(number)) if at >= 0 else None


@lru_cache(maxsize=65_536)
def _told_beside(
    number: int, written: str, numbers: tuple[str, ...], said: bool, index: GoodsIndex
) -> list[tuple[GoodsHit, str]]:
    """Return the hits of a plain name beside numbers, each with where it stands: the name, a number, or nowhere.

    said: the text holds the word CAS.
    """
    name = plain_name(written, Candidate(number, 0, len(written), len(written)), index)
    hits = _hits("CAS" if said else "", "", "", _Facts(text_numbers=numbers), (name,), index.register)
    return [
        (
            hit,
            NAME if hit.span == name.span else NOWHERE if hit.rule == "RF61" and hit.score == 0.9 else hit.evidence[0],
        )
        for hit in hits
    ]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the numbers, keys and codes of a row say before its text is read for names."""

    code: str | None = None
    cell_numbers: Sequence[str] = ()
    text_numbers: Sequence[str] = ()
    keys: Sequence[tuple[str, tuple[int, int], bool]] = ()
    told_codes: Sequence[tuple[str, tuple[int, int]]] = ()
    supported: frozenset[str] = frozenset()
    chemical: bool = False


_NO_FACTS = _Facts()


def _facts(text: str, cas: str, hs: str, seen: Seen, register: Register) -> _Facts:
    if not (cas or hs or seen.numbers or seen.keys or seen.codes):
        return _NO_FACTS
    code = parse_hs_code(hs) if hs else None
    cell_numbers = (find_cas(cas) or find_cas("CAS " + cas)) if cas else []
    text_numbers = find_cas(text) if seen.numbers else []
    keys = _keys(text, register) if seen.keys else []
    told = tariff_codes_in(fold_goods(text)) if seen.codes and not code else []
    if not (cell_numbers or text_numbers or keys or code or told):
        return _NO_FACTS
    codes = [code] if code else [one for one, _ in told]
    supported = {item for number in (*cell_numbers, *text_numbers) for item in owners_of(number, register)}
    chemical = bool(supported) or any(chapter(one) in CHEMICAL_CHAPTERS for one in codes)
    supported.update(item for item, _, _ in keys)
    for one in codes:
        if subheading(one) in register.hs:
            supported.update(register.hs[subheading(one)].items)
    return _Facts(code, cell_numbers, text_numbers, keys, told, frozenset(supported), chemical)


def _hits(text: str, cas: str, hs: str, facts: _Facts, names: Sequence[NameSeen], register: Register) -> list[GoodsHit]:
    """Return the hits of one row from its facts and the names seen in it."""
    hits: dict[str, GoodsHit] = {}
    for name in names:
        if name.item_id not in hits or hits[name.item_id].score < name.score:
            hits[name.item_id] = name_hit(name, text, register)
    if facts is _NO_FACTS:
        return with_company(list(hits.values()), register)
    for item, span, exact in facts.keys:
        add_hit(hits, key_hit(item, text, span, exact, register))
    for column, value, numbers in ((NUMBER, cas, facts.cell_numbers), (TEXT, text, facts.text_numbers)):
        for number in numbers:
            for hit in number_hits(number, column, value, register):
                doubtful = column == TEXT and hit.named and is_part_number(text, number)
                add_hit(hits, hit._replace(level="look", score=0.5, named=False) if doubtful else hit)
    if facts.cell_numbers or facts.text_numbers:
        column, value = (NUMBER, cas) if facts.cell_numbers else (TEXT, text)
        clash = contradiction(names, facts.cell_numbers or facts.text_numbers, value, column, register)
        if clash is not None:
            hits["clash"] = clash
    if facts.code:
        weigh_code(hits, hs, facts.code, register)
    for code, span in facts.told_codes:
        weigh_code(hits, text, code, register, span)
    return with_company(list(hits.values()), register)


def level_with_duties(hit: GoodsHit, duties: Iterable[Duty], papers_present: Collection[str]) -> Level:
    """Return the level once duties are known: `hold` where a named item lacks a paper that the law asks for.

    papers_present: duties the record shows a paper for, e.g. {"licence"}. A commodity with a very large lawful trade
    (solvents, common acids) stays at `ask`: a missing column is then no reason to stop it.
    """
    if hit.level != "ask" or not hit.named or hit.rule != "RF60" or hit.context:
        return hit.level
    missing = [duty for duty in duties if duty.duty in ("licence", "prohibition", "form 452") and not duty.found]
    asked = [
        duty
        for duty in missing
        if duty.duty not in papers_present and not (duty.duty == "prohibition" and "licence" in papers_present)
    ]
    return "hold" if asked and "goods.large-trade" not in {reason.code for reason in hit.reasons} else "ask"


def hs_disagrees(item_id: str, hs: str, register: Register) -> tuple[str, tuple[str, ...]] | None:
    """Return (declared, expected codes) where the declared code differs from the item's at four digits (RF51), else None."""
    code = parse_hs_code(hs)
    expected = register.hs_of.get(item_id, ())
    if code is None or not heading(code) or not expected or any(heading(code) == heading(other) for other in expected):
        return None
    return code, expected


def _cells(column: Sequence[str | None] | pa.Array | None, rows: Sequence[int]) -> Sequence[str | None]:
    if column is None:
        return [""] * len(rows)
    if isinstance(column, pa.Array | pa.ChunkedArray):
        cells: list[str | None] = text_column(column).take(pa.array(rows, type=pa.int64())).to_pylist()
        return cells
    return [column[row] for row in rows]


def _worth_reading(cas: Sequence[str | None] | pa.Array | None, register: Register) -> Sequence[int]:
    """Return the rows whose CAS cell names a register item or fails its check digit."""
    if cas is None:
        return ()
    column = text_column(cas).dictionary_encode()
    worth = [
        number
        for number, cell in enumerate(column.dictionary.to_pylist())
        if cell
        and any(
            owners_of(found, register) or not check_digit_holds(found)
            for found in find_cas(cell) or find_cas("CAS " + cell)
        )
    ]
    return rows_holding(column, worth)


def _codes(hs: Sequence[str | None] | pa.Array | None, register: Register) -> Sequence[int]:
    """Return the rows whose tariff cell holds a code that weighs something alone."""
    if hs is None:
        return ()
    column = text_column(hs).dictionary_encode()
    cells = column.dictionary.cast(pa.string())
    digits = pc.replace_substring_regex(cells, r"[^0-9]", "")
    odd = pc.equal(pc.bit_wise_and(pc.utf8_length(digits), 1), 1)  # a leading zero that a spreadsheet dropped
    codes = pc.utf8_slice_codeunits(pc.if_else(odd, pc.binary_join_element_wise("0", digits, ""), digits), 0, 6)
    telling = pa.array([code for code, line in register.hs.items() if line.alone_level != "none"])
    likely = pc.or_(pc.is_in(codes, value_set=telling), pc.invert(pc.string_is_ascii(cells)))
    worth = []
    for number in pc.indices_nonzero(likely).to_pylist():
        code = parse_hs_code(cells[number].as_py())
        line = register.hs.get(subheading(code)) if code else None
        if line is not None and line.alone_level != "none":
            worth.append(number)
    return rows_holding(column, worth)


def _keys(text: str, register: Register) -> list[tuple[str, tuple[int, int], bool]]:
    found = []
    for key, span in find_inchikeys(text):
        exact = register.inchikeys.get(key)
        if exact is not None:
            found.append((exact, span, True))
        else:
            found.extend((item, span, False) for item in register.skeletons.get(skeleton(key), ())[:1])
    return found
