"""Standing: who says that an act happened, and how far acts cover a pledge.

An act is claimed by one side, confirmed by both, or disputed. Confirmed means that the other side, on record, takes
it as fact or answers it. Coverage is a person's judgement with a reason; "none" is "no act found", never "broken".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

COVERAGES = ("full", "part", "unclear", "none")  # most covered first
NOT_A_SIDE = frozenset({"press"})  # it may claim, never confirm


@dataclass(frozen=True, slots=True)
class Standing:
    """kind: "claimed", "confirmed" or "disputed"; by: who claims it (claimed) or who disputes it (disputed)."""

    kind: str
    by: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The wording code of this standing."""
        return f"talks.standing.{self.kind}"


def judge_standing(
    *, claimed_by: Iterable[str], confirmed_by: Iterable[str], disputed_by: Iterable[str] = ()
) -> Standing:
    """Return the standing of an act from who claims, confirms and disputes it.

    A dispute outweighs a confirmation: both texts are shown. Two sides that claim the same act confirm each other.
    The press may claim and never confirms.
    """
    disputing = tuple(dict.fromkeys(disputed_by))
    if disputing:
        return Standing("disputed", disputing)
    claiming = tuple(dict.fromkeys(claimed_by))
    sides = {side for side in (*claiming, *confirmed_by) if side not in NOT_A_SIDE}
    if len(sides) > 1:
        return Standing("confirmed")
    # A claim told only by the side that did not make it stays a claim by whoever told it.
    return Standing("claimed", claiming or tuple(sorted(sides)))


def join_coverage(judgements: Collection[str]) -> str:
    """Return how far acts cover one pledge: the best judgement, "none" if no act names it.

    Raises ValueError for a word that is not one of COVERAGES.
    """
    for judgement in judgements:
        if judgement not in COVERAGES:
            raise ValueError(f"coverage {judgement!r} is not one of {', '.join(COVERAGES)}")
    return min(judgements, key=COVERAGES.index, default="none")
