"""SparkEngine: the same kernel under `mapInArrow`, for a cluster. Needs the extra `tidegate[spark]` and a Java 17.

Rules over many rows see one partition at a time; repartition by consignee or payer where they matter. On one machine
this is slower than the local engine: it is for fleets.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from tidegate.errors import SettingsWrong
from tidegate.model.columns import FINDING_SCHEMA
from tidegate.screening.normalize import RecordView
from tidegate.screening.party_screen import distinct_names, match_distinct
from tidegate.screening.pipeline import kind_of, screen_batch
from tidegate.screening.plan import ScreeningPlan
from tidegate.wording.problems import problem

_NAME_SCHEMA = "name string"


class SparkEngine:
    """Compares distinct names on the cluster; rows are joined back here, so findings equal the local engine's.

    session: an existing SparkSession, else one is made from the environment's settings.
    """

    def __init__(self, session: Any = None) -> None:
        self.session = session or _session(None)

    @classmethod
    def with_settings(cls, builder: Any) -> SparkEngine:
        """Return the engine on the session that `builder`, a SparkSession.Builder, describes."""
        return cls(_session(builder))

    def run(self, batch: pa.RecordBatch, plan: ScreeningPlan) -> pa.RecordBatch:
        """Return the findings of `batch`: the comparing of distinct names is spread over the cluster."""
        names = distinct_names(RecordView(batch, kind_of(batch)))
        if plan.index is None or not names:
            return screen_batch(batch, plan, matches={})
        shared = self.session.sparkContext.broadcast(plan)
        frame = self.session.createDataFrame([(name,) for name in names], _NAME_SCHEMA)

        def hits(parts: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for part in parts:
                found = match_distinct(part.column(0).to_pylist(), shared.value)
                yield pa.RecordBatch.from_pydict({"name": pa.array(sorted(found), pa.string())})

        matching = [row.name for row in frame.mapInArrow(hits, _NAME_SCHEMA).collect()]
        # Only names that match are compared again here, a few in a thousand, so that no match object crosses the wire.
        return screen_batch(batch, plan, matches=match_distinct(sorted(matching), plan))

    def findings_frame(self, frame: Any, plan: ScreeningPlan) -> Any:
        """Return a data frame of findings for a data frame of records, partition by partition."""
        shared = self.session.sparkContext.broadcast(plan)

        def screen(parts: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for part in parts:
                yield screen_batch(part, shared.value).cast(FINDING_SCHEMA)

        from pyspark.sql.pandas.types import from_arrow_schema

        return frame.mapInArrow(screen, from_arrow_schema(FINDING_SCHEMA))


def _session(builder: Any) -> Any:
    """Return a session. Where no cluster is set up, workers run the Python that runs here and holds Tidegate.

    Raises SettingsWrong without the extra or without a Java that runs it.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise problem(SettingsWrong, "engine.spark-missing") from missing
    builder = builder or SparkSession.builder.appName("tidegate").config("spark.ui.showConsoleProgress", "false")
    if not {"SPARK_HOME", "SPARK_CONF_DIR"} & set(os.environ):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as refused:  # no Java, or one that is too old
        raise problem(SettingsWrong, "engine.spark-no-java", why=str(refused)[:200]) from refused
