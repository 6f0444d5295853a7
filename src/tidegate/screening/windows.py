"""Windows: groups of records that stand close together in time, for rules that need several rows.

One long history holds several bursts; each is looked at by itself, so that a quiet payment in June does not hide what
happened in January.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Lots = list[tuple[int, int]]


def bursts(lots: Iterable[tuple[int, int]], span: float, holds: Callable[[Sequence[int]], bool]) -> list[list[int]]:
    """Return the rows of each burst within `span` for which `holds`, earliest first; no row is in two of them.

    lots: (day or minute, row). Of overlapping windows the one with most rows counts, then the later one.
    """
    ordered = sorted(lots)
    found: list[tuple[int, int]] = []
    start = 0
    for end in range(len(ordered)):
        while ordered[end][0] - ordered[start][0] > span:
            start += 1
        last = end + 1 == len(ordered)
        if not last and ordered[end + 1][0] - ordered[start][0] <= span:
            continue  # the window still grows
        if holds([row for _, row in ordered[start : end + 1]]):
            found.append((start, end))
    taken: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda one: (one[0] - one[1], -one[1])):
        if all(end < other[0] or start > other[1] for other in taken):
            taken.append((start, end))
    return [[row for _, row in ordered[start : end + 1]] for start, end in sorted(taken)]
