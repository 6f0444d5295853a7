"""Subjects: whose record a finding is about, so that a decision on goods, papers or sums hides nobody else's.

A finding on a party's own name says it in its value; one on anything else is bound to the firms of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from tidegate.model.columns import NAME_COLUMNS
from tidegate.screening.finding import Finding
from tidegate.screening.firms import firm_key
from tidegate.screening.levels import Evidence

_WHOSE = {"consignments": ("consignor", "consignee"), "payments": ("payer", "payee"), "parties": ("name",)}


def subject_of(kind: str, column: str, text: Callable[[str], str]) -> tuple[str, ...]:
    """Return whose record a finding on `column` is about, as "column: firm"; nothing where the cell is a name itself.

    text: gives the record's cell of a column, "" where it is blank. What stands beside one party (its address, its
    account) is that party's alone; goods, papers, route and sums belong to both ends.
    """
    names = NAME_COLUMNS[kind]
    if column in names:
        return ()
    own = tuple(name for name in names if column.startswith(f"{name}_"))
    return tuple(f"{name}: {firm_key(cell)}" for name in own or _WHOSE[kind] if (cell := text(name)))


def with_subjects(
    judged: Iterable[tuple[Finding, Evidence]], kind: str, text: Callable[[str, int], str]
) -> list[tuple[Finding, Evidence]]:
    """Return `judged` with each finding's subject. text: gives the cell of a column and row, "" where it is blank."""

    def one(finding: Finding) -> Finding:
        subject = subject_of(kind, finding.column, lambda column: text(column, finding.row))
        return replace(finding, subject=subject) if subject else finding

    return [(one(finding), evidence) for finding, evidence in judged]
