"""Goods: which register items a goods text, a CAS number or a tariff code names, with the reason made where it is seen.

Longest name first over folded keys; what stands round a name decides whether it is the substance, a form of it, another
substance, or nothing (RF60). Numbers are judged by check digit and against the text (RF61). Class notes and skeletons
only ever say "look" (RF62). A tariff code alone never weighs more than the register allows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa

from tidegate.model.identifiers.cas import check_digit_holds, find_cas, nearest_cas
from tidegate.model.identifiers.hs import chapter, heading, parse_hs_code, subheading
from tidegate.model.identifiers.inchikey import find_inchikeys, skeleton
from tidegate.registers.substances import Register
from tidegate.screening.finding import Against, Duty, Level, Reason
from tidegate.screening.goods_index import GoodsIndex, goods_index
from tidegate.screening.goods_names import NameSeen, names_in_rows
from tidegate.screening.goods_scan import rows_to_read, text_column

CHEMICAL_CHAPTERS = ("28", "29", "38")
_NUMBER_LIKE = re.compile(r"\d\s?[-‐‑‒–—―−﹣－ー]\s?\d\d\s?[-‐‑‒–—―−﹣－ー]|[ａ-ｚＡ-Ｚ]|登记号")
_KEY_LIKE = re.compile(r"[A-Za-zＡ-Ｚ]{14}[-‐‑‒–—―−－][A-Za-zＡ-Ｚ]{10}")
TEXT, NUMBER, CODE = "goods_description", "cas", "hs_code"


class GoodsHit(NamedTuple):
    """One register item on one row.

    level: what the text and numbers alone weigh; duties may raise it, see `level_with_duties`.
    score: how surely the item is named, 0 to 1. column, value, span: where; the span counts characters of `value`.
    benign: wording code of the explanation to rule out. evidence: the values the hit rests on, for the decision key.
    rule: RF60, RF61 or RF62. item_id: the register's id of the item. named: a strong name or a number names it.
    context: an excipient or cutting agent, which never makes a finding alone.
    """

    against: Against
    level: Level
    score: float
    column: str
    value: str
    span: tuple[int, int] | None
    reasons: tuple[Reason, ...]
    benign: str
    evidence: tuple[str, ...]
    rule: str = "RF60"
    item_id: str = ""
    named: bool = False
    context: bool = False


def find_goods(
    texts: Sequence[str | None], cas: Sequence[str | None], hs: Sequence[str | None], register: Register, *, context: bool = False
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
    wanted = dict.fromkeys(rows_to_read(column, index).tolist())
    numbers, codes = _worth_reading(cas, register), _codes(hs, register)
    rows = sorted({*wanted, *numbers, *codes})
    texts_read = column.take(pa.array(rows, type=pa.int64())).to_pylist()
    keys = [
        (text or "", numbers.get(row) or _cell(cas, row), codes.get(row) or _cell(hs, row))
        for row, text in zip(rows, texts_read, strict=True)
    ]
    distinct = list(dict.fromkeys(keys))
    read = dict(zip(distinct, read_rows(distinct, index), strict=True))
    found: dict[int, list[GoodsHit]] = {}
    for row, key in zip(rows, keys, strict=True):
        hits = read[key]
        if hits and (context or not all(hit.context for hit in hits)):
            found[row] = list(hits)
    return found


def read_goods(text: str, cas: str, hs: str, index: GoodsIndex) -> list[GoodsHit]:
    """Return the hits of one row: its goods text, CAS cell and tariff cell ('' where empty)."""
    return read_rows([(text, cas, hs)], index)[0]


def read_rows(rows: Sequence[tuple[str, str, str]], index: GoodsIndex) -> list[list[GoodsHit]]:
    """Return the hits of every row of (goods text, CAS cell, tariff cell); '' where a cell is empty."""
    facts = [_facts(text, cas, hs, index.register) for text, cas, hs in rows]
    names = names_in_rows([text for text, _, _ in rows], index, [fact.chemical for fact in facts], [fact.supported for fact in facts])
    return [_hits(*cells, fact, seen, index.register) for cells, fact, seen in zip(rows, facts, names, strict=True)]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the numbers, keys and codes of a row say before its text is read for names."""

    code: str | None = None
    cell_numbers: Sequence[str] = ()
    text_numbers: Sequence[str] = ()
    keys: Sequence[tuple[str, tuple[int, int], bool]] = ()
    supported: frozenset[str] = frozenset()
    chemical: bool = False


_NO_FACTS = _Facts()


def _facts(text: str, cas: str, hs: str, register: Register) -> _Facts:
    code = parse_hs_code(hs) if hs else None
    cell_numbers = (find_cas(cas) or find_cas("CAS " + cas)) if cas else []
    text_numbers = find_cas(text) if _may_hold_number(text) else []
    keys = _keys(text, register) if _KEY_LIKE.search(text) else []
    if not (cell_numbers or text_numbers or keys or code):
        return _NO_FACTS
    supported = {item for number in (*cell_numbers, *text_numbers) for item in _owners(number, register)}
    chemical = bool(supported) or (code is not None and chapter(code) in CHEMICAL_CHAPTERS)
    supported.update(item for item, _, _ in keys)
    if code and subheading(code) in register.hs:
        supported.update(register.hs[subheading(code)].items)
    return _Facts(code, cell_numbers, text_numbers, keys, frozenset(supported), chemical)


def _hits(text: str, cas: str, hs: str, facts: _Facts, names: Sequence[NameSeen], register: Register) -> list[GoodsHit]:
    """Return the hits of one row from its facts and the names seen in it."""
    hits: dict[str, GoodsHit] = {}
    for name in names:
        if name.item_id not in hits or hits[name.item_id].score < name.score:
            hits[name.item_id] = _name_hit(name, text, register)
    if facts is _NO_FACTS:
        return _with_company(list(hits.values()), register)
    for item, span, exact in facts.keys:
        _add(hits, _key_hit(item, text, span, exact, register))
    for column, value, numbers in ((NUMBER, cas, facts.cell_numbers), (TEXT, text, facts.text_numbers)):
        for number in numbers:
            for hit in _number_hits(number, column, value, register):
                _add(hits, hit)
    if facts.cell_numbers or facts.text_numbers:
        column, value = (NUMBER, cas) if facts.cell_numbers else (TEXT, text)
        clash = _contradiction(names, facts.cell_numbers or facts.text_numbers, value, column, register)
        if clash is not None:
            hits["clash"] = clash
    if facts.code:
        _weigh_code(hits, hs, facts.code, register)
    return _with_company(list(hits.values()), register)


def _may_hold_number(text: str) -> bool:
    return _NUMBER_LIKE.search(text) is not None or "cas" in text.lower()


def level_with_duties(hit: GoodsHit, duties: Iterable[Duty], papers_present: Collection[str]) -> Level:
    """Return the level once duties are known: `hold` where a named item lacks a paper that the law asks for.

    papers_present: duties the record shows a paper for, e.g. {"licence"}. A commodity with a very large lawful trade
    (solvents, common acids) stays at `ask`: a missing column is then no reason to stop it.
    """
    if hit.level != "ask" or not hit.named or hit.rule != "RF60" or hit.context:
        return hit.level
    missing = [duty for duty in duties if duty.duty in ("licence", "prohibition", "form 452") and not duty.found]
    asked = [duty for duty in missing if duty.duty not in papers_present and not (duty.duty == "prohibition" and "licence" in papers_present)]
    return "hold" if asked and "goods.large-trade" not in {reason.code for reason in hit.reasons} else "ask"


def hs_disagrees(item_id: str, hs: str, register: Register) -> tuple[str, tuple[str, ...]] | None:
    """Return (declared, expected codes) where the declared code differs from the item's at four digits (RF51), else None."""
    code = parse_hs_code(hs)
    expected = register.hs_of.get(item_id, ())
    if code is None or not heading(code) or not expected or any(heading(code) == heading(other) for other in expected):
        return None
    return code, expected


def _cell(column: Sequence[str | None] | pa.Array | None, row: int) -> str:
    if column is None:
        return ""
    value = column[row]
    return (value.as_py() if isinstance(value, pa.Scalar) else value) or ""


def _worth_reading(cas: Sequence[str | None] | pa.Array | None, register: Register) -> dict[int, str]:
    """Return row -> cell for CAS cells that name a register item or fail their check digit."""
    if cas is None:
        return {}
    column = text_column(cas).dictionary_encode()
    worth = {
        number: cell
        for number, cell in enumerate(column.dictionary.to_pylist())
        if cell and any(_owners(found, register) or not check_digit_holds(found) for found in find_cas(cell) or find_cas("CAS " + cell))
    }
    if not worth:
        return {}
    return {row: worth[at] for row, at in enumerate(column.indices.to_pylist()) if at in worth}


def _codes(hs: Sequence[str | None] | pa.Array | None, register: Register) -> dict[int, str]:
    """Return row -> cell for tariff cells whose code alone weighs something."""
    if hs is None:
        return {}
    column = text_column(hs).dictionary_encode()
    worth = {}
    for number, cell in enumerate(column.dictionary.to_pylist()):
        code = parse_hs_code(cell) if cell else None
        line = register.hs.get(subheading(code)) if code else None
        if line is not None and line.alone_level != "none":
            worth[number] = cell
    if not worth:
        return {}
    return {row: worth[at] for row, at in enumerate(column.indices.to_pylist()) if at in worth}


@lru_cache(maxsize=4096)
def _owners(number: str, register: Register) -> tuple[str, ...]:
    if not check_digit_holds(number):
        return ()
    owner = register.cas_numbers.get(number)
    return (owner,) if owner is not None else register.weak_cas_numbers.get(number, ())


def _keys(text: str, register: Register) -> list[tuple[str, tuple[int, int], bool]]:
    found = []
    for key, span in find_inchikeys(text):
        exact = register.inchikeys.get(key)
        if exact is not None:
            found.append((exact, span, True))
        else:
            found.extend((item, span, False) for item in register.skeletons.get(skeleton(key), ())[:1])
    return found


@lru_cache(maxsize=4096)
def _name(item: str, register: Register) -> str:
    return register.item_name(item)


@lru_cache(maxsize=4096)
def _nearest(number: str, register: Register) -> str | None:
    return nearest_cas(number, register.cas_numbers)


@lru_cache(maxsize=4096)
def _against(item: str, register: Register) -> Against:
    kind = "substance" if item in register.substances else "equipment" if item in register.equipment else "family"
    return Against(kind, register.public_id(item), _name(item, register), "Tidegate register", register.date)


@lru_cache(maxsize=4096)
def _benign(item: str, register: Register) -> str:
    if item in register.equipment:
        return "goods.benign.machine"
    substance = register.substances.get(item)
    if substance is None:
        return "goods.benign.family"
    if _large_trade(item, register):
        return "goods.benign.large-trade"
    return "goods.benign.standard" if substance.role in ("controlled drug", "designer precursor") else "goods.benign.licensed"


@lru_cache(maxsize=4096)
def _large_trade(item: str, register: Register) -> bool:
    if register.substances[item].role == "solvent":
        return True
    return any("very large lawful trade" in register.hs[code].shared_with for code in register.hs_of.get(item, ()))


@lru_cache(maxsize=4096)
def _standing_reasons(item: str, register: Register) -> tuple[Reason, ...]:
    reasons = []
    substance = register.substances.get(item)
    if substance is not None and not substance.is_context and _large_trade(item, register):
        reasons.append(Reason("goods.large-trade", {"name": substance.name, "uses": substance.licit_uses}))
    if item in register.watched:
        reasons.append(Reason("goods.watched", {"name": _name(item, register)}))
    return tuple(reasons)


@lru_cache(maxsize=4096)
def _base_level(item: str, register: Register) -> Level:
    machine = register.equipment.get(item)
    if machine is not None:
        return "ask" if machine.is_regulated or machine.is_watched or "turret" in machine.id else "look"
    substance = register.substances.get(item)
    return "ask" if substance is not None and not substance.is_context else "look"


def _name_hit(name: NameSeen, text: str, register: Register) -> GoodsHit:
    item = name.item_id
    substance = register.substances.get(item)
    params = {"written": name.written, "name": _name(item, register), "known_as": name.known_as}
    level: Level = _base_level(item, register) if name.how in ("named", "salt", "slip", "code-supported") else "look"
    return GoodsHit(
        _against(item, register), level, name.score, TEXT, text, name.span,
        (Reason(f"goods.{name.how}", params), *_standing_reasons(item, register)), _benign(item, register),
        (name.key,), "RF62" if name.how in ("family", "ester") else "RF60", item,
        name.how in ("named", "salt", "slip", "code-supported"), substance is not None and substance.is_context,
    )  # fmt: skip


def _key_hit(item: str, text: str, span: tuple[int, int], exact: bool, register: Register) -> GoodsHit:
    written = text[span[0] : span[1]]
    reason = Reason("goods.inchikey" if exact else "goods.skeleton", {"written": written, "name": _name(item, register)})
    return GoodsHit(
        _against(item, register), _base_level(item, register) if exact else "look", 1.0 if exact else 0.7, TEXT, text, span,
        (reason, *_standing_reasons(item, register)), _benign(item, register), (written.upper(),), "RF60" if exact else "RF62",
        item, exact, register.substances[item].is_context,
    )  # fmt: skip


def _number_hits(number: str, column: str, value: str, register: Register) -> Iterable[GoodsHit]:
    at = value.find(number)
    span = (at, at + len(number)) if at >= 0 else None
    owners = _owners(number, register)
    for item in owners:
        weak = number in register.weak_cas_numbers and number not in register.cas_numbers
        code = "goods.cas-shared" if weak else "goods.cas"
        reason = Reason(code, {"written": number, "name": _name(item, register), "cas_status": register.substances[item].cas_status})
        yield GoodsHit(
            _against(item, register), "look" if weak else _base_level(item, register), 0.6 if weak else 1.0, column, value, span,
            (reason, *_standing_reasons(item, register)), _benign(item, register), (number,), "RF60", item, not weak,
            register.substances[item].is_context,
        )  # fmt: skip
    if owners or check_digit_holds(number):
        return
    if column == TEXT and "cas" not in value.lower() and "登记号" not in value:
        return
    near = _nearest(number, register)
    # A slip away from the number of a substance that the text names too is no doubt any more.
    owner = register.cas_numbers[near] if near is not None else None
    params = {"written": number, "nearest": near or "", "name": _name(owner, register) if owner else ""}
    known = owner is not None and not register.substances[owner].is_context
    yield GoodsHit(
        _against(owner, register) if owner and known else Against("rule", "RF61", "CAS"), "ask" if known else "look",
        0.8 if known else 0.4, column, value, span, (Reason("goods.cas-slip" if near else "goods.cas-wrong", params),),
        "goods.benign.slip", (number,), "RF61", owner if owner and known else f"number {number}", False, False,
    )  # fmt: skip


def _contradiction(
    names: Sequence[NameSeen], numbers: Sequence[str], value: str, column: str, register: Register
) -> GoodsHit | None:
    """Return the RF61 hit where the one number and the one name on a row belong to two unrelated substances."""
    named = {name.item_id for name in names if name.how in ("named", "salt") and name.item_id in register.substances}
    owned = {item for number in numbers for item in _owners(number, register)}
    if len(named) != 1 or len(set(numbers)) != 1 or not owned or named & owned:
        return None
    ours, other = next(iter(named)), sorted(owned)[0]
    if _related(ours, other, register):
        return None
    params = {"written": numbers[0], "named": _name(ours, register), "numbered": _name(other, register)}
    return GoodsHit(
        _against(other, register), "ask", 0.9, column, value, None, (Reason("goods.cas-contradicts", params),), "goods.benign.slip",
        (numbers[0], ours), "RF61", other, False, False,
    )  # fmt: skip


def _related(one: str, other: str, register: Register) -> bool:
    first, second = register.substances[one], register.substances[other]
    if first.inchikey and second.inchikey and skeleton(first.inchikey) == skeleton(second.inchikey):
        return True
    return first.id.startswith(second.id + "-") or second.id.startswith(first.id + "-")


def _weigh_code(hits: dict[str, GoodsHit], hs: str, code: str, register: Register) -> None:
    """Let the tariff code support what is named, or stand alone as the register allows."""
    line = register.hs.get(subheading(code))
    if line is None:
        return
    supported = [item for item in hits if item in line.items]
    for item in supported:
        hit = hits[item]
        hits[item] = hit._replace(reasons=(*hit.reasons, Reason("goods.hs-agrees", {"code": code, "name": hit.against.name})))
    if supported or line.alone_level == "none" or hits:
        return
    lone = line.items[0] if len(line.items) == 1 else ""
    against = _against(lone, register) if lone else Against("rule", line.code, line.description, "HS 2022", register.date)
    params = {"code": code, "description": line.description, "shared": line.shared_with}
    hits[lone or line.code] = GoodsHit(
        against, "ask" if line.alone_level == "ask" else "look", 0.5, CODE, hs, None, (Reason("goods.hs-alone", params),),
        "goods.benign.hs", (line.code,), "RF60", lone or line.code, False, False,
    )  # fmt: skip


def _add(hits: dict[str, GoodsHit], hit: GoodsHit) -> None:
    """Put `hit` beside one on the same item: the surer leads, both reasons stay."""
    held = hits.get(hit.item_id)
    if held is None:
        hits[hit.item_id] = hit
        return
    lead, second = (hit, held) if _weight(hit) > _weight(held) else (held, hit)
    hits[hit.item_id] = lead._replace(
        reasons=_merged(lead.reasons, second.reasons),
        evidence=tuple(dict.fromkeys((*lead.evidence, *second.evidence))), named=lead.named or second.named,
    )  # fmt: skip


def _merged(first: Sequence[Reason], second: Sequence[Reason]) -> tuple[Reason, ...]:
    kept = list(first)
    kept.extend(reason for reason in second if reason not in kept)
    return tuple(kept)


def _weight(hit: GoodsHit) -> tuple[int, float]:
    return (("look", "ask", "hold").index(hit.level), hit.score)


def _with_company(hits: list[GoodsHit], register: Register) -> list[GoodsHit]:
    """Return the hits best first; excipients and cutting agents beside a real one are told on it as context."""
    if len(hits) < 2:
        return hits
    real = sorted((hit for hit in hits if not hit.context), key=_weight, reverse=True)
    beside = [hit for hit in hits if hit.context]
    if not real or not beside:
        return real or beside
    reason = Reason("goods.beside", {"names": "; ".join(hit.against.name for hit in beside)})
    return [real[0]._replace(reasons=(*real[0].reasons, reason)), *real[1:], *beside]
