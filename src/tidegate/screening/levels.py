"""Levels: look is context only, ask wants an answer or paper first, hold does not pass without a person's decision.

`hold` needs two independent groups of evidence on one record, or a strong identifier, or a named substance or machine
whose required paper is missing. Findings built on the same fact count once. Groups: see `Evidence`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tidegate.screening.finding import Finding, Level, Reason

RANK: Mapping[str, int] = {"look": 0, "ask": 1, "hold": 2}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one finding rests on. group: identity, premises, goods, papers, route, money, pattern or quality.

    fact: what was seen ("goods-text", "consignee-address"); two findings on one fact are one piece of evidence.
    alone: the finding may be `hold` by itself (strong identifier, or a required paper that is missing).
    most: the highest level that it may ever have (a tariff code alone: ask).
    wanted: the level that its rule names.
    """

    group: str
    fact: str
    wanted: Level
    alone: bool = False
    most: Level = "hold"


def settle_levels(judged: Sequence[tuple[Finding, Evidence]]) -> list[Finding]:
    """Return the findings of one batch with their final levels, in the order given.

    A rule that wants `hold` gets it only with a second, independent group above look on the same row. Two asks of
    independent groups raise the one with the higher score to hold. Findings on one fact and rule group keep the
    highest level only once (the others stay as they are, at look).
    """
    by_row: dict[int, list[int]] = {}
    for place, (finding, _) in enumerate(judged):
        by_row.setdefault(finding.row, []).append(place)
    settled = [finding for finding, _ in judged]
    for places in by_row.values():
        _settle_row(places, judged, settled)
    return settled


def worst(levels: Iterable[str]) -> str:
    """Return the highest of `levels`, "look" if there is none."""
    return max(levels, key=lambda level: RANK[level], default="look")


def at_least(level: str, floor: str) -> bool:
    """Tell whether `level` is `floor` or above."""
    return RANK[level] >= RANK[floor]


def _settle_row(places: list[int], judged: Sequence[tuple[Finding, Evidence]], settled: list[Finding]) -> None:
    strong = [place for place in places if RANK[judged[place][1].wanted] >= RANK["ask"]]
    raised = False
    for place in places:
        finding, evidence = judged[place]
        second = _second_group(place, strong, judged)
        if evidence.wanted != "hold":
            settled[place] = replace(finding, level=evidence.wanted)
        elif evidence.alone:
            settled[place] = replace(finding, level="hold")
            raised = True
        elif second is not None:
            settled[place] = _raise(finding, evidence, judged[second][1])
            raised = True
        else:
            settled[place] = replace(finding, level="ask")
    if raised or len(strong) < 2:
        return
    liftable = [place for place in strong if judged[place][1].most == "hold"]
    if not liftable:
        return
    top = max(liftable, key=lambda place: (judged[place][0].screen != "red-flag", judged[place][0].score, -place))
    second = _second_group(top, strong, judged)
    if second is not None:
        settled[top] = _raise(judged[top][0], judged[top][1], judged[second][1])


def _second_group(place: int, strong: list[int], judged: Sequence[tuple[Finding, Evidence]]) -> int | None:
    """Return a place of evidence from another group and another fact, or None."""
    own = judged[place][1]
    for other in strong:
        evidence = judged[other][1]
        if evidence.group != own.group and evidence.fact != own.fact:
            return other
    return None


def _raise(finding: Finding, own: Evidence, second: Evidence) -> Finding:
    reason = Reason("level.two-groups", {"first": own.group, "second": second.group})
    return replace(finding, level="hold", reasons=(*finding.reasons, reason))
