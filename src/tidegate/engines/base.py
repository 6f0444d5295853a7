"""Engine: where the kernel runs. Every engine gives the same findings for the same batch and plan."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa

from tidegate.screening.plan import ScreeningPlan


class Engine(Protocol):
    """Runs `screening.pipeline.screen_batch` over records."""

    def run(self, batch: pa.RecordBatch, plan: ScreeningPlan) -> pa.RecordBatch:
        """Return the findings of `batch` as `screen_batch` gives them."""
        ...
