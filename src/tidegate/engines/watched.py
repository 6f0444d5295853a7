"""WatchedEngine: the local kernel in this process, which tells how far it is and can be stopped between its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from tidegate.screening.normalize import RecordView
from tidegate.screening.party_screen import distinct_names, match_distinct
from tidegate.screening.pipeline import kind_of, screen_batch
from tidegate.screening.plan import ScreeningPlan

if TYPE_CHECKING:
    from tidegate.screening.names import NameMatch

_CHUNK = 1_000

# Told before each step: the step's name ("rules", "names" or "settling"), how much of it is done, and how much there is (0: unknown).
# It stops the run by raising an error.
Watch = Callable[[str, int, int], None]


class WatchedEngine:
    """watch: told before each step; what it raises ends the run."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def run(self, batch: pa.RecordBatch, plan: ScreeningPlan) -> pa.RecordBatch:
        """Return the findings of `batch`, the same as every engine gives."""
        self.watch("rules", 0, 0)
        if plan.index is None:
            return screen_batch(batch, plan, matches={})

        def matches() -> dict[str, Sequence[NameMatch]]:
            names = distinct_names(RecordView(batch, kind_of(batch)))
            found: dict[str, Sequence[NameMatch]] = {}
            for start in range(0, len(names), _CHUNK):
                self.watch("names", start, len(names))
                found.update(match_distinct(names[start : start + _CHUNK], plan))
            self.watch("settling", 0, 0)
            return found

        return screen_batch(batch, plan, matches=matches)
