"""Papers: whether a cell, a licence on file or a pre-export notice answers a duty of one item between two firms.

Firms meet under one key whatever their spelling; an item by register id, CAS number or any of its names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from tidegate.registers.places import country_code, in_european_union
from tidegate.registers.substances import Register
from tidegate.screening.companions import Licence, Notice
from tidegate.screening.finding import Reason
from tidegate.screening.firms import same_firm
from tidegate.screening.normalize import fold_identifier, fold_text

# What a clerk writes where there is no paper, or none yet.
_NO_PAPER = frozenset(
    {
        "none", "no", "n/a", "na", "n.a", "nil", "null", "tbc", "tba", "tbd", "pending", "applied for", "in process", "to follow", "missing",
        "not required", "exempt", "unknown", "?", "x", "no aplica", "ninguna", "ninguno", "sin licencia", "sin permiso", "pendiente",
        "en tramite", "en trámite", "no requiere", "exento", "无", "無", "没有", "沒有", "不适用", "不適用", "申请中", "申請中", "办理中", "辦理中",
        "待办", "待定", "免", "豁免",
    }
)  # fmt: skip
_QUOTED_APART = re.compile(r"[;,/|、，；\s]+")
_ANY_ITEM = frozenset(
    {"any", "all", "all items", "all substances", "*", "全部", "所有", "todos", "todas", "cualquiera"}
)


def names_a_paper(cell: str) -> bool:
    """Tell whether a licence cell names a paper: "pending", "none" and strokes do not."""
    folded = fold_text(cell).strip(" -–—/.·:;")
    return bool(folded) and folded not in _NO_PAPER


def quoted_fault(
    cell: str, licences: Iterable[Licence], firms: Sequence[str], item_id: str, on: date, register: Register
) -> Reason | None:
    """Return why the licence that `cell` quotes does not answer for the item, None where it does or is not among `licences`."""
    written = {fold_identifier(part) for part in (cell, *_QUOTED_APART.split(cell))} - {""}
    quoted = [one for one in licences if fold_identifier(one.number) in written]
    if not quoted or any(licence_covers(one, firms, item_id, on, register) for one in quoted):
        return None
    first = quoted[0]
    params = {"number": first.number}
    if first.valid_until and on > first.valid_until:
        return Reason("paper.quoted-ended", {**params, "day": first.valid_until.isoformat()})
    if first.valid_from and on < first.valid_from:
        return Reason("paper.quoted-not-begun", {**params, "day": first.valid_from.isoformat()})
    if first.holder and not any(same_firm(first.holder, firm) for firm in firms):
        return Reason("paper.quoted-other-holder", {**params, "holder": first.holder})
    return Reason("paper.quoted-other-item", {**params, "items": ", ".join(first.items[:5])})


def licence_covers(licence: Licence, firms: Iterable[str], item_id: str, on: date, register: Register) -> bool:
    """Tell whether `licence` was given to one of `firms`, for the register item `item_id`, and stands on `on`."""
    if licence.holder and not any(same_firm(licence.holder, firm) for firm in firms):
        return False
    if licence.items and not any(names_item(item, item_id, register) for item in licence.items):
        return False
    return not (licence.valid_from and on < licence.valid_from) and not (
        licence.valid_until and on > licence.valid_until
    )


def country_answers(country: str, regime: str) -> bool:
    """Tell whether a paper given under the law of `country` answers a duty of `regime`; one that names none answers any."""
    if not country:
        return True
    given = country_code(country) or country.upper()
    return regime == given or (regime == "EU" and in_european_union(given)) or regime.startswith("UN")


def notices_between(
    notices: Iterable[Notice], exporter: str, importer: str, item_id: str, register: Register
) -> list[Notice]:
    """Return the notices of this pair of firms for `item_id`; an exporter that one side leaves blank does not divide."""
    return [
        notice for notice in notices
        if names_item(notice.item, item_id, register)
        and same_firm(notice.importer, importer)
        and (not notice.exporter or not exporter or same_firm(notice.exporter, exporter))
    ]  # fmt: skip


@lru_cache(maxsize=20_000)
def names_item(cell: str, item_id: str, register: Register) -> bool:
    """Tell whether a paper's cell names the register item, or the substance whose salt or form it is, or any item at all."""
    known = item_names(item_id, register)
    parts = [fold_text(part) for part in split_items(cell)]
    if any(part in known or part in _ANY_ITEM for part in parts):
        return True
    from tidegate.screening.goods import find_goods

    written = {hit.item_id for hit in find_goods([cell], [None], [None], register)[0] if hit.named}
    name = fold_text(register.item_name(item_id))
    return item_id in written or any(name.startswith(fold_text(register.item_name(one)) + " ") for one in written)


@lru_cache(maxsize=4096)
def item_names(item_id: str, register: Register) -> frozenset[str]:
    """Return every folded name, number and id under which a paper may write the register item `item_id`."""
    names = {item_id, fold_text(register.public_id(item_id)), fold_text(register.item_name(item_id))}
    names |= {fold_text(name.text) for name in register.names if name.substance_id == item_id}
    names |= {number for number, owner in register.cas_numbers.items() if owner == item_id}
    return frozenset(names)


@lru_cache(maxsize=4096)
def split_items(cell: str) -> tuple[str, ...]:
    """Return the items that one cell of a paper lists, and the parts of "piperonal (CAS 120-57-0)"."""
    parts = [part.strip() for part in re.split(r"[;；|\n、]", cell) if part.strip()]
    inner = [piece.strip() for part in parts for piece in re.split(r"[()（）]", part) if piece.strip()]
    bare = [re.sub(r"^cas\b[\s:.no#]*", "", piece, flags=re.IGNORECASE) for piece in inner]
    return tuple(dict.fromkeys([*parts, *inner, *bare]))
