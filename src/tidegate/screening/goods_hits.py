"""Goods hits: one register item on one row, and how a name, a number, a key or a tariff code makes or supports one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from tidegate.model.identifiers.cas import check_digit_holds, nearest_cas
from tidegate.model.identifiers.hs import subheading
from tidegate.model.identifiers.inchikey import skeleton
from tidegate.registers.substances import Register
from tidegate.screening.finding import Against, Level, Reason
from tidegate.screening.goods_names import NameSeen

TEXT, NUMBER, CODE = "goods_description", "cas", "hs_code"

OWN_REGISTER = "Tidegate register"


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


@lru_cache(maxsize=4096)
def owners_of(number: str, register: Register) -> tuple[str, ...]:
    if not check_digit_holds(number):
        return ()
    owner = register.cas_numbers.get(number)
    return (owner,) if owner is not None else register.weak_cas_numbers.get(number, ())


@lru_cache(maxsize=4096)
def _name(item: str, register: Register) -> str:
    return register.item_name(item)


@lru_cache(maxsize=4096)
def _nearest(number: str, register: Register) -> str | None:
    return nearest_cas(number, register.cas_numbers)


@lru_cache(maxsize=4096)
def _against(item: str, register: Register) -> Against:
    kind = "substance" if item in register.substances else "equipment" if item in register.equipment else "family"
    return Against(kind, register.public_id(item), _name(item, register), OWN_REGISTER, register.date)


@lru_cache(maxsize=4096)
def _benign(item: str, register: Register) -> str:
    if item in register.equipment:
        return "goods.benign.machine"
    substance = register.substances.get(item)
    if substance is None:
        return "goods.benign.family"
    if _large_trade(item, register):
        return "goods.benign.large-trade"
    return (
        "goods.benign.standard"
        if substance.role in ("controlled drug", "designer precursor")
        else "goods.benign.licensed"
    )


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


def name_hit(name: NameSeen, text: str, register: Register) -> GoodsHit:
    """Return the hit that a name seen in `text` makes."""
    item, how, score, span, written, known_as, key = name
    against, level, reasons, benign, rule, named, context = _told_of(item, how, written, known_as, register)
    return GoodsHit(
        against, level, score, TEXT, text, span, reasons, benign, (key,), rule, item, named, context
    )  # fmt: skip


@lru_cache(maxsize=65_536)
def _told_of(
    item: str, how: str, written: str, known_as: str, register: Register
) -> tuple[Against, Level, tuple[Reason, ...], str, str, bool, bool]:
    """Return what an item named in one way is told with, whatever the text: most names are written alike."""
    substance = register.substances.get(item)
    named = how in ("named", "salt", "slip", "code-supported")
    reason = Reason(f"goods.{how}", {"written": written, "name": _name(item, register), "known_as": known_as})
    return (
        _against(item, register), _base_level(item, register) if named else "look",
        (reason, *_standing_reasons(item, register)), _benign(item, register),
        "RF62" if how in ("family", "ester") else "RF60", named, substance is not None and substance.is_context,
    )  # fmt: skip


def key_hit(item: str, text: str, span: tuple[int, int], exact: bool, register: Register) -> GoodsHit:
    written = text[span[0] : span[1]]
    reason = Reason(
        "goods.inchikey" if exact else "goods.skeleton", {"written": written, "name": _name(item, register)}
    )
    return GoodsHit(
        _against(item, register), _base_level(item, register) if exact else "look", 1.0 if exact else 0.7, TEXT, text, span,
        (reason, *_standing_reasons(item, register)), _benign(item, register), (written.upper(),), "RF60" if exact else "RF62",
        item, exact, register.substances[item].is_context,
    )  # fmt: skip


def number_hits(number: str, column: str, value: str, register: Register) -> Iterable[GoodsHit]:
    """Yield the hits that a CAS number in a cell or a text makes: one for each item that it is given to, or one for a slip."""
    at = value.find(number)
    span = (at, at + len(number)) if at >= 0 else None
    owners = owners_of(number, register)
    for item in owners:
        against, level, score, reasons, benign, named, context = _told_of_number(item, number, register)
        yield GoodsHit(
            against, level, score, column, value, span, reasons, benign, (number,), "RF60", item, named, context
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
        "goods.benign.slip", (number,), "RF61", f"number {number}", False, False,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _told_of_number(
    item: str, number: str, register: Register
) -> tuple[Against, Level, float, tuple[Reason, ...], str, bool, bool]:
    weak = number in register.weak_cas_numbers and number not in register.cas_numbers
    substance = register.substances[item]
    params = {"written": number, "name": _name(item, register), "cas_status": substance.cas_status}
    return (
        _against(item, register), "look" if weak else _base_level(item, register), 0.6 if weak else 1.0,
        (Reason("goods.cas-shared" if weak else "goods.cas", params), *_standing_reasons(item, register)),
        _benign(item, register), not weak, substance.is_context,
    )  # fmt: skip


def contradiction(
    names: Sequence[NameSeen], numbers: Sequence[str], value: str, column: str, register: Register
) -> GoodsHit | None:
    """Return the RF61 hit where the one number and the one name on a row belong to two unrelated substances."""
    named = {name.item_id for name in names if name.how in ("named", "salt") and name.item_id in register.substances}
    if len(named) != 1 or len(set(numbers)) != 1:
        return None
    (ours,) = named
    told = _told_of_clash(ours, numbers[0], register)
    if told is None:
        return None
    other, reasons = told
    return GoodsHit(
        _against(other, register), "ask", 0.9, column, value, None, reasons, "goods.benign.slip", (numbers[0], ours),
        "RF61", other, False, False,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _told_of_clash(ours: str, number: str, register: Register) -> tuple[str, tuple[Reason, ...]] | None:
    owners = owners_of(number, register)
    if not owners or ours in owners:
        return None
    other = min(owners)
    if _related(ours, other, register):
        return None
    params = {"written": number, "named": _name(ours, register), "numbered": _name(other, register)}
    return other, (Reason("goods.cas-contradicts", params),)


def _related(one: str, other: str, register: Register) -> bool:
    first, second = register.substances[one], register.substances[other]
    if first.inchikey and second.inchikey and skeleton(first.inchikey) == skeleton(second.inchikey):
        return True
    return first.id.startswith(second.id + "-") or second.id.startswith(first.id + "-")


def weigh_code(
    hits: dict[str, GoodsHit], value: str, code: str, register: Register, span: tuple[int, int] | None = None
) -> None:
    """Let the tariff code in `value` support what is named, or stand alone as the register allows.

    span: its place where `value` is the goods text; None where it is the tariff cell.
    """
    line = register.hs.get(subheading(code))
    if line is None:
        return
    supported = [item for item in hits if item in line.items]
    for item in supported:
        hit = hits[item]
        hits[item] = hit._replace(
            reasons=(*hit.reasons, Reason("goods.hs-agrees", {"code": code, "name": hit.against.name}))
        )
    if supported or line.alone_level == "none" or hits:
        return
    lone = line.items[0] if len(line.items) == 1 else ""
    against = (
        _against(lone, register) if lone else Against("rule", line.code, line.description, "HS 2022", register.date)
    )
    params = {"code": code, "description": line.description, "shared": line.shared_with}
    hits[lone or line.code] = GoodsHit(
        against, "ask" if line.alone_level == "ask" else "look", 0.5, CODE if span is None else TEXT, value, span, (Reason("goods.hs-alone", params),),
        "goods.benign.hs", (line.code,), "RF60", lone or line.code, False, False,
    )  # fmt: skip


def add_hit(hits: dict[str, GoodsHit], hit: GoodsHit) -> None:
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


def with_company(hits: list[GoodsHit], register: Register) -> list[GoodsHit]:
    """Return the hits best first; excipients and cutting agents beside a real one are told on it as context."""
    if len(hits) < 2:
        return hits
    real = sorted((hit for hit in hits if not hit.context), key=_weight, reverse=True)
    beside = [hit for hit in hits if hit.context]
    if not real or not beside:
        return real or beside
    reason = Reason("goods.beside", {"names": "; ".join(hit.against.name for hit in beside)})
    return [real[0]._replace(reasons=(*real[0].reasons, reason)), *real[1:], *beside]
