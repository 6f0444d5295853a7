"""LocalEngine: this machine. Names are the cost, so only the comparing of distinct names is spread over processes.

Rules over many rows see the whole sheet, whatever the number of workers; so one and many workers give the same.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pyarrow as pa

from tidegate.screening.normalize import RecordView
from tidegate.screening.party_screen import distinct_names, match_distinct
from tidegate.screening.pipeline import kind_of, screen_batch
from tidegate.screening.plan import ScreeningPlan

if TYPE_CHECKING:
    from tidegate.screening.names import NameMatch

FEW_NAMES = 4_000  # below this, starting a process costs more than it saves
_CHUNK = 2_000

_plan: ScreeningPlan | None = None


class LocalEngine:
    """workers: processes that compare names; None takes the machine's processors, 1 stays in this process."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers if workers is not None else max(1, len(_usable_processors()))

    def run(self, batch: pa.RecordBatch, plan: ScreeningPlan) -> pa.RecordBatch:
        """Return the findings of `batch`."""
        if plan.index is None:
            return screen_batch(batch, plan, matches={})
        names = distinct_names(RecordView(batch, kind_of(batch)))
        if self.workers < 2 or len(names) < FEW_NAMES:
            return screen_batch(batch, plan, matches=match_distinct(names, plan))
        chunks = [names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK)]
        # A forked child shares the index in memory; where there is no fork the plan is sent once to each child.
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        with ProcessPoolExecutor(self.workers, mp_context=context, initializer=_take_plan, initargs=(plan,)) as pool:
            parts = [pool.submit(_match_chunk, chunk) for chunk in chunks]

            def wait() -> dict[str, Sequence[NameMatch]]:
                return {name: found for part in parts for name, found in part.result().items()}

            # Goods and rules run here while the children compare names.
            return screen_batch(batch, plan, matches=wait)


def _take_plan(plan: ScreeningPlan) -> None:
    global _plan
    _plan = plan


def _match_chunk(names: Sequence[str]) -> dict[str, Sequence[NameMatch]]:
    if _plan is None:
        raise RuntimeError("a worker was started without its plan")
    return match_distinct(names, _plan)


def _usable_processors() -> set[int] | range:
    affinity = getattr(os, "sched_getaffinity", None)
    return affinity(0) if affinity is not None else range(os.cpu_count() or 1)
