"""Identify: which substances, families or machines a text, CAS number or InChIKey names, and what the law asks on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tidegate.model.identifiers.cas import check_digit_holds, find_cas, nearest_cas
from tidegate.registers.controls import Control
from tidegate.registers.substances import Register
from tidegate.screening.duties import duties_for
from tidegate.screening.finding import Duty, Reason
from tidegate.screening.goods import GoodsHit, read_goods
from tidegate.screening.goods_index import goods_index


@dataclass(frozen=True, slots=True)
class Found:
    """One item named: the hit, the controls in force on the asked leg and day, the duties, and what must be said beside."""

    hit: GoodsHit
    controls: tuple[Control, ...]
    duties: tuple[Duty, ...]
    notes: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Identification:
    """What one text names. With nothing found, `notes` says so with the register's date: that is not "free"."""

    text: str
    on: date
    origin: str | None
    destination: str | None
    found: tuple[Found, ...]
    notes: tuple[Reason, ...]


def identify(
    text: str, register: Register, *, on: date, origin: str | None = None, destination: str | None = None
) -> Identification:
    """Return every register item that `text` names, best first, with its duties from `origin` to `destination` on `on`.

    A bare CAS number needs no word before it. Excipients and cutting agents are shown too, at `look`. Pure.
    """
    index = goods_index(register)
    numbers = find_cas(text) or find_cas("CAS " + text.strip())
    cell = text if numbers and not any(char.isalpha() for char in text) else ""
    hits = read_goods("" if cell else text, cell, "", index)
    found = []
    for hit in hits:
        if hit.item_id in register.substances or hit.item_id in register.families or hit.item_id in register.equipment:
            answer = duties_for(hit.item_id, on=on, origin=origin, destination=destination, register=register)
            found.append(Found(hit, answer.controls, answer.duties, answer.notes))
        else:
            found.append(Found(hit, (), (), ()))
    notes: list[Reason] = []
    for number in numbers:
        if not check_digit_holds(number):
            near = nearest_cas(number, register.cas_numbers)
            if not any(number in entry.hit.evidence for entry in found):
                notes.append(Reason("identify.cas-wrong", {"written": number, "nearest": near or "?"}))
        elif number not in register.cas_numbers and number not in register.weak_cas_numbers:
            notes.append(Reason("identify.number-not-in-register", {"written": number, "date": register.date}))
    if not found:
        notes.append(Reason("identify.not-in-register", {"date": register.date}))
    return Identification(text, on, origin, destination, tuple(found), tuple(notes))
