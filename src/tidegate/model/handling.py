"""Handling: what may be done with a statement, and the join of two handlings.

Colours: FIRST, Traffic Light Protocol 2.0. Grades: Europol Regulation (EU) 2016/794 article 29 (4x4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

TLP_ORDER = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")  # least to most restrictive
SOURCE_GRADES = ("A", "B", "C", "X")  # always, mostly, mostly not reliable; cannot be assessed
INFO_GRADES = ("1", "2", "3", "4")  # not in doubt … second-hand and uncorroborated


@dataclass(frozen=True, slots=True)
class Handling:
    """What may be done with one statement.

    originator: agency id that may change this handling. purposes: codes it may be used for; empty means any purpose
    named in the agreement. release_to: node ids it may go to; empty means any partner. embargo_until: no release
    before this instant. retain_until: civil day after which it is deleted.
    """

    originator: str
    tlp: str = "AMBER"
    source_grade: str = "X"
    info_grade: str = "4"
    purposes: frozenset[str] = frozenset()
    release_to: frozenset[str] = frozenset()
    originator_control: bool = False
    third_party_rule: bool = True
    protected_source: bool = False
    do_not_tell_subject: bool = False
    embargo_until: datetime | None = None
    retain_until: date | None = None

    def __post_init__(self) -> None:
        if self.tlp not in TLP_ORDER:
            raise ValueError(f"TLP colour {self.tlp!r} is not one of {', '.join(TLP_ORDER)}")
        if self.source_grade not in SOURCE_GRADES or self.info_grade not in INFO_GRADES:
            raise ValueError(f"grade {self.source_grade}{self.info_grade} is not of the 4x4 scheme")


def join_handling(first: Handling, second: Handling) -> Handling:
    """Return the most restrictive join of two handlings of one originator's message.

    Commutative, associative and idempotent in all but `originator`, which must be equal.
    An empty set of purposes or recipients means "any", so a join with it is the other set; two sets with nothing
    in common give the set {"nobody"}, which no recipient or purpose ever equals.
    """
    if first.originator != second.originator:
        raise ValueError("handlings of two originators have no join: ask each originator")
    return Handling(
        originator=first.originator,
        tlp=max(first.tlp, second.tlp, key=TLP_ORDER.index),
        source_grade=max(first.source_grade, second.source_grade, key=SOURCE_GRADES.index),
        info_grade=max(first.info_grade, second.info_grade, key=INFO_GRADES.index),
        purposes=_narrow(first.purposes, second.purposes),
        release_to=_narrow(first.release_to, second.release_to),
        originator_control=first.originator_control or second.originator_control,
        third_party_rule=first.third_party_rule or second.third_party_rule,
        protected_source=first.protected_source or second.protected_source,
        do_not_tell_subject=first.do_not_tell_subject or second.do_not_tell_subject,
        embargo_until=_later(first.embargo_until, second.embargo_until),
        retain_until=_sooner(first.retain_until, second.retain_until),
    )


def _narrow(first: frozenset[str], second: frozenset[str]) -> frozenset[str]:
    if not first or not second:
        return first | second
    return (first & second) or frozenset({"nobody"})


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((m for m in (first, second) if m is not None), default=None)


def _sooner(first: date | None, second: date | None) -> date | None:
    return min((d for d in (first, second) if d is not None), default=None)
