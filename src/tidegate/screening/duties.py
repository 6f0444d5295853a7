"""Duties: which paper or act the law asks for, for one item, on one leg, on one civil day. Never a table of lanes.

What the register does not hold is said: a catalogue whose names are not held, a begin known to the year only, a row
from memory. "Not in this register (of DATE)" is not "free". Not legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tidegate.registers.controls import TREATIES, Control
from tidegate.registers.places import in_european_union, regimes_of
from tidegate.registers.substances import Register
from tidegate.screening.finding import Duty, Reason

# Duties that a paper on the consignment answers; `record` and `report` are kept at the firm.
PAPERS = {
    "licence": "licence", "pre-export notification": "pre-export notification", "prohibition": "licence", "form 452": "Form 452",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DutyAnswer:
    """The duties of one item on the asked leg and day, the controls they come from, and what must be said beside them."""

    subject_id: str
    controls: tuple[Control, ...]
    duties: tuple[Duty, ...]
    notes: tuple[Reason, ...]


def duties_for(
    subject_id: str, *, on: date, origin: str | None, destination: str | None, register: Register
) -> DutyAnswer:
    """Return what the law asks for `subject_id` (substance, family or equipment) from `origin` to `destination` on `on`.

    origin, destination: ISO 3166-1 alpha-2 codes or None. With neither, every regime of the register is asked about the
    item itself; with one, only its own leg. Rows for one lane need both ends. Pure.
    Raises KeyError if the register holds no such subject.
    """
    register.item_name(subject_id)
    kept: list[Control] = []
    notes: list[Reason] = []
    for control in _rows_on(subject_id, register):
        legs = _legs(control, origin, destination)
        if not legs:
            continue
        standing = control.standing(on)
        if control.is_proposal:
            if standing != "ended":
                notes.append(Reason("duties.proposal", _params(control)))
            continue
        if standing in ("not-yet", "ended"):
            if standing == "not-yet":
                notes.append(Reason("duties.begins-later", _params(control)))
            continue
        if standing == "unknown":
            notes.append(
                Reason("duties.begin-unknown" if not control.valid_from else "duties.begin-imprecise", _params(control))
            )
        if control.duties == ("watch",):
            notes.append(Reason("duties.watched", _params(control)))
            continue
        kept.append(control)
    duties = [duty for control in kept for duty in _duties(control)]
    machine = register.equipment.get(subject_id)
    if machine is not None and "US" in (origin, destination) + ((None,) if origin or destination else ("US",)):
        if machine.is_regulated:
            duties.append(
                Duty(
                    "US",
                    "regulated machine",
                    "form 452",
                    PAPERS["form 452"],
                    False,
                    "",
                    machine.source,
                    machine.certainty,
                )
            )
        elif machine.is_watched:
            notes.append(
                Reason("duties.special-surveillance", {"source": machine.source, "certainty": machine.certainty})
            )
    notes.extend(_catalogue_notes(subject_id, on, origin, destination, register))
    if not duties:
        notes.append(Reason("duties.none-in-register", {"date": register.date, "name": register.item_name(subject_id)}))
    return DutyAnswer(subject_id, tuple(kept), tuple(duties), tuple(notes))


def _rows_on(subject_id: str, register: Register) -> list[Control]:
    """Return the controls on the subject itself and on the classes it is a known member of, the subject's own first."""
    subjects = [subject_id, *register.families_of.get(subject_id, ())]
    family = register.families.get(subject_id)
    if family is not None:  # the same class as other states word it
        subjects.extend(
            other.id
            for other in register.families.values()
            if other.id != family.id and _kin(other.id) == _kin(family.id)
        )
    found: list[Control] = []
    held: set[tuple[str, str]] = set()
    for subject in subjects:
        for control in register.controls_of.get(subject, ()):
            # A class row that repeats the substance's own row of the same regime and day adds nothing.
            if subject == subject_id or (control.regime, control.valid_from) not in held:
                found.append(control)
        held.update((control.regime, control.valid_from) for control in found)
    return found


def _kin(family_id: str) -> str:
    return family_id.rsplit("-", 1)[0].removesuffix("-esters")


def _legs(control: Control, origin: str | None, destination: str | None) -> tuple[str, ...]:
    """Return the legs of the asked consignment that the control reaches."""
    if origin is None and destination is None:
        return control.legs if not control.lanes else ()
    asked: list[str] = []
    if origin is not None and origin == destination:
        asked = ["domestic"] if _reaches(control.regime, origin) else []
    else:
        if origin is not None and _reaches(control.regime, origin):
            asked.append("export")
        if destination is not None and _reaches(control.regime, destination):
            asked.append("import")
        if (
            control.regime == "EU"
            and origin
            and destination
            and in_european_union(origin)
            and in_european_union(destination)
        ):
            asked = ["domestic"]
    return tuple(leg for leg in asked if control.covers(leg, origin, destination))


def _reaches(regime: str, country: str) -> bool:
    # The treaties bind nearly every state; their national law is what an officer applies.
    return regime in TREATIES or regime in regimes_of(country) or regime == country or regime not in _KNOWN


_KNOWN = frozenset({"US", "CN", "EU", "MX", "CA", "IN", "GB"})


def _duties(control: Control) -> list[Duty]:
    return [
        Duty(
            control.regime,
            control.list,
            duty,
            PAPERS.get(duty, ""),
            False,
            control.valid_from,
            control.source,
            control.certainty,
        )
        for duty in control.duties
        if duty != "watch"
    ]


def _catalogue_notes(
    subject_id: str, on: date, origin: str | None, destination: str | None, register: Register
) -> list[Reason]:
    """Return "catalogue not held" where a lane has an export catalogue whose members this register does not know."""
    if origin is None or destination is None or subject_id in register.equipment:
        return []
    notes = []
    for family in register.families.values():
        if "catalogue" not in family.name or subject_id in family.members or subject_id == family.id:
            continue
        for control in register.controls_of.get(family.id, ()):
            if (origin, destination) in control.lanes and control.standing(on) in ("in-force", "unknown"):
                params = {
                    "list": control.list,
                    "from": origin,
                    "to": destination,
                    "since": control.valid_from,
                    "source": control.source,
                }
                notes.append(Reason("duties.catalogue-not-held", params))
    return notes


def _params(control: Control) -> dict[str, str]:
    return {
        "regime": control.regime, "list": control.list, "since": control.valid_from or "?", "source": control.source,
        "certainty": control.certainty,
    }  # fmt: skip
