"""Party screen: the names of each record against the lists held, distinct names first, joined back to the rows.

A name that stands on a thousand rows is compared once. Identifiers and birth dates of the record weigh for
and against; countries and nationality are never compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from tidegate.model.columns import NAME_COLUMNS
from tidegate.screening.finding import Against, Finding, Reason
from tidegate.screening.levels import Evidence
from tidegate.screening.listed_numbers import number_findings
from tidegate.screening.normalize import RecordView
from tidegate.screening.plan import ScreeningPlan

if TYPE_CHECKING:
    from tidegate.screening.names import NameMatch

NARCOTICS_PROGRAMMES = ("SDNT", "SDNTK", "ILLICIT-DRUGS-EO14059")
_RF01_SCORE = 0.90
_AS_WELL = 0.02  # a score this near the best one fits as well
_SPLIT = re.compile(r"\s*[;；|\n]\s*")

# name -> matches at or above the plan's threshold, best first
Matches = Mapping[str, Sequence["NameMatch"]]


def distinct_names(view: RecordView) -> list[str]:
    """Return the distinct names in the party columns, sorted; a cell with several names gives each of them."""
    names: set[str] = set()
    for column in NAME_COLUMNS[view.kind]:
        if view.has(column):
            values = [value for value in view.distinct(column)[0] if value]
            if not _several("\x00".join(values)):  # one name a cell, as nearly always
                names.update(map(str.strip, values))
            else:
                names.update(name for value in values for name in _names_in(value))
    names.discard("")
    return sorted(names)


def match_distinct(names: Sequence[str], plan: ScreeningPlan) -> dict[str, Sequence[NameMatch]]:
    """Return the matches of each name that has any. Without an index there are none, and the plan says not run."""
    if plan.index is None or not names:
        return {}
    from tidegate.screening.names import match_names

    found = match_names(names, plan.index, limit=3, threshold=plan.threshold)
    return {name: matches for name, matches in zip(names, found, strict=True) if matches}


def party_findings(view: RecordView, matches: Matches, plan: ScreeningPlan) -> list[tuple[Finding, Evidence]]:
    """Return one finding for each cell whose name matches a listed party, and for each number that a list gives for one."""
    judged: list[tuple[Finding, Evidence]] = []
    for column in NAME_COLUMNS[view.kind]:
        if matches and view.has(column):
            rows = view.rows_where(column, _any_of(matches))
            for row in rows.tolist():
                told: set[str] = set()
                for best in _best(view.text(column, row), matches):
                    match, contradicted = _with_evidence(view, row, column, best, plan)
                    if match is None or match.party.id in told:
                        continue
                    pair = listed_finding(row, column, view.text(column, row), match, matches)
                    # What speaks against a match takes it away; one that was decided on comes back, to say what changed.
                    if not contradicted or plan.decisions.knows(pair[0].base_key):
                        told.add(match.party.id)
                        judged.append(pair)
    if view.kind == "parties":
        judged = _once_a_party(judged)
    named = {(finding.row, finding.against.id) for finding, _ in judged}
    return judged + [
        pair
        for pair in number_findings(view, plan)
        if view.kind != "parties" or (pair[0].row, pair[0].against.id) not in named
    ]


def _once_a_party(judged: list[tuple[Finding, Evidence]]) -> list[tuple[Finding, Evidence]]:
    """Return the best finding of each row and listed party: one party's several names are one fact."""
    best: dict[tuple[int, str], tuple[Finding, Evidence]] = {}
    for pair in judged:
        key = (pair[0].row, pair[0].against.id)
        if key not in best or pair[0].score > best[key][0].score:
            best[key] = pair
    return list(best.values())


def _names_in(value: str) -> list[str]:
    if not _several(value):
        name = value.strip()
        return [name] if name else []
    return [name for name in _SPLIT.split(value.strip()) if name]


def _several(text: str) -> bool:
    return ";" in text or "；" in text or "|" in text or "\n" in text


def _any_of(matches: Matches) -> Callable[[str], bool]:
    return lambda value: any(name in matches for name in _names_in(value))


def _best(value: str, matches: Matches) -> list[NameMatch]:
    """Return the best match of each name in a cell, one for each listed party, best first.

    Another listed party that the name fits as well, above look, is told too: a decision on the one must not hide the
    other, nor one that a newer list brings.
    """
    best: dict[str, NameMatch] = {}
    for name in _names_in(value):
        fits = matches.get(name, ())
        for match in fits:
            as_well = match.level != "look" and match.score >= fits[0].score - _AS_WELL
            held = best.get(match.party.id)
            if (match is fits[0] or as_well) and (held is None or match.score > held.score):
                best[match.party.id] = match
    return sorted(best.values(), key=lambda match: -match.score)


def _with_evidence(
    view: RecordView, row: int, column: str, best: NameMatch, plan: ScreeningPlan
) -> tuple[NameMatch | None, bool]:
    """Return the match once the record's birth date and registration number are weighed, and whether they contradict it.

    In payments they stand beside the party: payer_birth_date, payer_bank_bic.
    """
    own = "" if view.kind == "parties" else f"{column}_"
    cells = {name: view.text(f"{own}{name}", row) for name in ("birth_date", "registration_number", "bic")}
    if plan.index is None or not any(cells.values()):
        return best, False
    from tidegate.screening.names import PartyEvidence, match_names

    kinds = {"registration_number": "registration", "bic": "swift"}
    numbers = tuple((kind, number) for name, kind in kinds.items() for number in _names_in(cells[name]))
    evidence = PartyEvidence(birth_dates=(cells["birth_date"],) if cells["birth_date"] else (), identifiers=numbers)
    found = match_names([best.query_name], plan.index, limit=3, threshold=plan.threshold, evidence=[evidence])[0]
    if found:  # the same listed party as before, where it still fits; else the one that the evidence speaks for
        return next((match for match in found if match.party.id == best.party.id), found[0]), False
    if not len(plan.decisions):
        return None, True
    far = match_names([best.query_name], plan.index, limit=3, threshold=0.0, evidence=[evidence])[0]
    return next((match for match in far if match.party.id == best.party.id), None), True


def listed_finding(row: int, column: str, value: str, match: NameMatch, matches: Matches) -> tuple[Finding, Evidence]:
    """Return the finding that the name in a cell matches a listed party, and what it weighs."""
    party = match.party
    reasons = [*match.reasons]
    programmes = tuple(one for one in party.programmes if one.upper() in NARCOTICS_PROGRAMMES)
    drug = bool(programmes) and (match.score >= _RF01_SCORE or match.strong_identifier)
    if drug:
        reasons.append(Reason("party.drug-programme", {"programmes": ", ".join(programmes)}))
    others = [one for one in matches.get(match.query_name, ()) if one.party.id != party.id]
    if others:
        reasons.append(Reason("party.also-like", {"names": "; ".join(one.party.name for one in others)}))
    # What the record itself brought for or against it counts as well: a birth date that came later is new evidence.
    beside = (
        f"{one.code} {' '.join(one.params.values())}" for one in match.reasons if one.code.startswith("evidence.")
    )
    evidence = (match.matched_name, *(f"born {day}" for day in party.birth_dates), *beside)
    finding = Finding(
        row=row,
        screen="party",
        rule="listed-party",
        level=match.level,
        score=match.score,
        column=column,
        value=value,
        against=Against("listed-party", party.id, party.name, party.list_id, party.list_date),
        reasons=tuple(reasons),
        benign="party.benign",
        evidence=evidence,
    )
    return finding, Evidence("identity", f"{column}-name", match.level, alone=match.strong_identifier)
