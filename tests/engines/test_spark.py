"""The engine for fleets finds what the local one finds. It needs the extra `tidegate[spark]` and Java 17."""

import importlib.util
import shutil

import pyarrow as pa
import pytest

from tests.screening.records import consignments, plan
from tidegate.engines.local import LocalEngine
from tidegate.engines.spark import SparkEngine
from tidegate.errors import SettingsWrong
from tidegate.screening.names import build_index
from tidegate.screening.watchlist import ListedParty, Watchlist

HERE = importlib.util.find_spec("pyspark") is not None
PARTY = ListedParty("inv-1", "Company", ("Yuetuyinfan Fine Chemical Co., Ltd",), list_id="invented")


@pytest.fixture(scope="module")
def session():
    from pyspark.sql import SparkSession

    alone = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false"}
    builder = SparkSession.builder.master("local[2]").config("spark.ui.showConsoleProgress", "false")
    for name, value in alone.items():
        builder = builder.config(name, value)
    engine = SparkEngine.with_settings(builder)
    yield engine.session
    engine.session.stop()


@pytest.fixture
def records():
    rows = [{"consignor": f"Lantern Quay {n} Textiles Ltd", "goods_description": "glass beads"} for n in range(40)]
    return consignments(*rows, {"consignor": "YUETUYINFAN FINE CHEMICAL", "goods_description": "piperonal 25 kg"})


@pytest.mark.skipif(HERE, reason="pyspark is installed: its absence cannot be tested")
def test_without_the_extra_the_error_names_it():
    with pytest.raises(SettingsWrong, match=r"tidegate\[spark\]"):
        SparkEngine()


@pytest.mark.skipif(not HERE or shutil.which("java") is None, reason="needs pyspark (tidegate[spark]) and Java 17")
def test_the_cluster_finds_what_the_local_engine_finds(session, records):
    given = plan(index=build_index([Watchlist((PARTY,), "invented", "Invented list")]))
    alone = LocalEngine(1).run(records, given)
    assert "listed-party" in alone.column("rule").to_pylist()
    assert SparkEngine(session).run(records, given).equals(alone)
    frame = session.createDataFrame(pa.Table.from_batches([records]))
    parts = SparkEngine(session).findings_frame(frame, given).toArrow()
    assert {"listed-party", "RF60"} & set(parts.column("rule").to_pylist())
