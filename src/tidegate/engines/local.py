"""LocalEngine: this machine. Names are the cost, so the comparing of distinct names runs beside goods and rules.

Plain names are compared natively, without the lock of Python, so threads are enough; where most names must be read by
the rules, processes share them. Rules over many rows see the whole sheet, so one and many workers give the same.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pyarrow as pa

from tidegate.screening.normalize import RecordView
from tidegate.screening.party_screen import distinct_names, match_distinct
from tidegate.screening.pipeline import kind_of, screen_batch
from tidegate.screening.plan import ScreeningPlan

if TYPE_CHECKING:
    from tidegate.screening.names import NameMatch

FEW_NAMES = 4_000  # below this, starting a process costs more than it saves
_CHUNK = 4_000
_MOSTLY = 0.6  # share of plain names from which on the lock of Python is free most of the time

_plan: ScreeningPlan | None = None


class LocalEngine:
    """workers: threads or processes that compare names; None takes the machine's processors, 1 stays in this thread."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers if workers is not None else max(1, len(_usable_processors()))

    def run(self, batch: pa.RecordBatch, plan: ScreeningPlan) -> pa.RecordBatch:
        """Return the findings of `batch`."""
        if plan.index is None:
            return screen_batch(batch, plan, matches={})
        view = RecordView(batch, kind_of(batch))
        names = distinct_names(view)
        if self.workers < 2 or len(names) < FEW_NAMES:
            return screen_batch(batch, plan, matches=lambda: match_distinct(names, plan), view=view)
        from tidegate.engines.index_later import LaterIndex

        if isinstance(plan.index, LaterIndex):
            plan.index.wait()  # before there are threads and children
        chunks = [names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK)]
        with self._pool(names, plan) as pool:
            threads = isinstance(pool, ThreadPoolExecutor)
            parts = [
                pool.submit(match_distinct, chunk, plan) if threads else pool.submit(_match_chunk, chunk)
                for chunk in chunks
            ]

            def wait() -> dict[str, Sequence[NameMatch]]:
                return {name: found for part in parts for name, found in part.result().items()}

            # Goods and rules run here while the names are compared.
            return screen_batch(batch, plan, matches=wait, view=view)

    def _pool(self, names: Sequence[str], plan: ScreeningPlan) -> Executor:
        from tidegate.screening.name_batch import share_ready

        if share_ready(names) >= _MOSTLY:
            return ThreadPoolExecutor(self.workers)
        from concurrent.futures import ProcessPoolExecutor

        # A forked child shares the index in memory; where there is no fork the plan is sent once to each child.
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        return ProcessPoolExecutor(self.workers, mp_context=context, initializer=_take_plan, initargs=(plan,))


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
