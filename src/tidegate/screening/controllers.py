"""Controllers: directors, owners and representatives of a party against the lists, whether they stand on the sheet or on file.

A listed person behind a firm is a matter of the firm (FinCEN FIN-2024-A002: "party or controller"). A common name alone
stays at look, as everywhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tidegate.screening.companions import Companions
from tidegate.screening.finding import Finding, Reason
from tidegate.screening.firms import Customers
from tidegate.screening.levels import Evidence
from tidegate.screening.normalize import RecordView, fold_text
from tidegate.screening.party_screen import Matches, listed_finding, match_distinct
from tidegate.screening.plan import ScreeningPlan

if TYPE_CHECKING:
    from tidegate.screening.names import NameMatch

_SPLIT = re.compile(r"\s*[;；|\n、/]\s*|\s+(?:and|y|和)\s+")
_ROLE = re.compile(r"\s*[(（][^)）]*[)）]\s*|^\s*(?:mr|mrs|ms|sr|sra|dr)\.?\s+", re.IGNORECASE)
_PARTIES = {"consignments": ("consignor", "consignee", "notify_party"), "payments": ("payer", "payee")}
_SHORTEST = 3  # signs of a name that can be told from initials; Han names have two
_Behind = Mapping[str, Sequence[tuple[int, str, str, str]]]


def controller_findings(view: RecordView, plan: ScreeningPlan) -> list[tuple[Finding, Evidence]]:
    """Return a finding for each party whose officer on the sheet, or in the customer file beside it, is on a list."""
    if plan.index is None:
        return []
    behind = _on_sheet(view) if view.kind == "parties" else _on_file(view, plan.companions)
    matches = match_distinct(sorted(behind), plan)
    return [
        _finding(row, column, value, {"officer": officer, "name": firm, "listed": one.party.name}, one, matches)
        for officer, (one, *_) in sorted(matches.items())
        for row, column, value, firm in behind[officer]
    ]


def _finding(
    row: int, column: str, value: str, who: Mapping[str, str], match: NameMatch, matches: Matches
) -> tuple[Finding, Evidence]:
    finding, _ = listed_finding(row, column, value, match, matches)
    reasons = (Reason("party.controller", who), *finding.reasons)
    told = replace(finding, reasons=reasons, evidence=(*finding.evidence, fold_text(who["officer"])))
    return told, Evidence("identity", f"{column}-officer", match.level, alone=match.strong_identifier)


def _on_sheet(view: RecordView) -> _Behind:
    """Return officer -> (row, column, cell, firm) of a sheet of parties."""
    behind: dict[str, list[tuple[int, str, str, str]]] = defaultdict(list)
    for row in view.rows_where("officer", lambda text: True).tolist():
        for officer in officers_in(view.text("officer", row)):
            if fold_text(officer) != fold_text(view.text("name", row)):
                behind[officer].append((row, "officer", view.text("officer", row), view.text("name", row)))
    return behind


def _on_file(view: RecordView, companions: Companions) -> _Behind:
    """Return officer -> (row, column, cell, firm) for the parties of a sheet whose officers the customer file names."""
    batch = companions.tables.get("parties")
    behind: dict[str, list[tuple[int, str, str, str]]] = defaultdict(list)
    if batch is None:
        return behind
    file = RecordView(batch, "parties")
    if "officer" not in file.present():
        return behind
    customers = Customers(file)
    for column in _PARTIES[view.kind]:
        officers = {
            name: found for name in view.distinct(column)[0]
            if name and (place := customers.row_of(name)) is not None and (found := officers_in(file.text("officer", place)))
        }  # fmt: skip
        for row in view.rows_where(column, officers.__contains__).tolist() if officers else ():
            cell = view.text(column, row)
            for officer in officers[cell]:
                behind[officer].append((row, column, cell, cell))
    return behind


def officers_in(cell: str) -> list[str]:
    """Return the names in a cell of officers: "Ana Muestra (director); Li Yangben" gives two."""
    return list(dict.fromkeys(_names(cell)))


def _names(cell: str) -> Iterator[str]:
    for part in _SPLIT.split(cell):
        name = _ROLE.sub(" ", part).strip(" ,.-")
        if len(name) >= _SHORTEST or (len(name) == 2 and not name.isascii()):
            yield name
