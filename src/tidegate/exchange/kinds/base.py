"""MessageKind: what one kind of message holds and how its fields are checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tidegate.exchange.values import Check, day, kg
from tidegate.gate.refusal import Refusal, refuse

Values = Mapping[str, Sequence[str]]
"""Property -> the values told for it, in order."""
OwnCheck = Callable[[Values], Sequence[Refusal]]


def _nothing_more(values: Values) -> Sequence[Refusal]:
    return ()


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One kind at one version.

    must: properties without which it says nothing. one_of: of each group at least one must stand. fields: every
    property and the check of its value. answered_by: kinds that may answer it. starts_clocks: whether the
    agreement's and the law's windows open on receipt. asks_back: it may answer a question with a question, which is a
    turn but settles nothing. own: checks over several fields.
    """

    id: str
    pillars: frozenset[str]
    fields: Mapping[str, Check]
    must: frozenset[str] = frozenset()
    one_of: tuple[frozenset[str], ...] = ()
    answered_by: frozenset[str] = frozenset()
    starts_clocks: bool = False
    asks_back: bool = False
    own: OwnCheck = _nothing_more
    major: int = 1
    minor: int = 0

    @property
    def version(self) -> str:
        """Return the version as written in a message, e.g. "1.0"."""
        return f"{self.major}.{self.minor}"

    def check(self, values: Values) -> tuple[Refusal, ...]:
        """Return every fault of `values`, in the order of the rules; none means that they may stand."""
        faults: list[Refusal] = []
        for property_name, told in values.items():
            check = self.fields.get(property_name)
            if check is None:
                continue  # a later minor version may add fields: they are kept, and the agreement decides on them
            for value in told:
                expected = check(value)
                if expected is not None:
                    faults.append(refuse("value-unreadable", field=property_name, value=value[:80], expected=expected))
        missing = self.must - set(values)
        if missing:
            faults.append(refuse("kind-field-missing", kind=self.id, fields=", ".join(sorted(missing))))
        for group in self.one_of:
            if not group & set(values):
                faults.append(refuse("kind-field-missing", kind=self.id, fields=" / ".join(sorted(group))))
        return tuple(faults) if faults else tuple(self.own(values))


def first(values: Values, property_name: str) -> str | None:
    """Return the first value told for a property, or None."""
    told = values.get(property_name, ())
    return told[0] if told else None


def day_of(values: Values, property_name: str) -> date | None:
    """Return the first value as a civil day, or None if it is absent or no day."""
    found = first(values, property_name)
    return date.fromisoformat(found) if found is not None and day(found) is None else None


def kg_of(values: Values, property_name: str) -> Decimal | None:
    """Return the first value as a mass in kg, or None if it is absent or no mass."""
    found = first(values, property_name)
    return Decimal(found) if found is not None and kg(found) is None else None
