import pytest

from tests.screening.records import consignments, plan
from tidegate.engines import local
from tidegate.engines.local import LocalEngine
from tidegate.screening.names import build_index
from tidegate.screening.pipeline import screen_batch
from tidegate.screening.watchlist import ListedParty, Watchlist

PARTIES = tuple(
    ListedParty(f"inv-{n}", "Company", (f"{stem} Fine Chemical Co., Ltd",), list_id="invented")
    for n, stem in enumerate(("Yuetuyinfan", "Glasheronquay"))
)
LIST = Watchlist(PARTIES, "invented", "Invented list")


@pytest.fixture
def records():
    rows = [{"consignor": f"Lantern Quay {n} Textiles Ltd"} for n in range(40)]
    return consignments(
        *rows,
        {"consignor": "YUETUYINFAN FINE CHEMICAL"},
        {"consignee": "Glasheronquay Fine Chemicals Limited", "goods_description": "piperonal"},
    )


@pytest.mark.parametrize("mostly", [0.0, 2.0], ids=["threads", "processes"])
def test_one_and_many_workers_give_the_same_findings(records, monkeypatch, mostly):
    monkeypatch.setattr(local, "FEW_NAMES", 5)
    monkeypatch.setattr(local, "_MOSTLY", mostly)
    monkeypatch.setattr(local, "_CHUNK", 7)
    given = plan(index=build_index([LIST]))
    alone, many = LocalEngine(1).run(records, given), LocalEngine(2).run(records, given)
    assert alone.equals(many)
    assert alone.equals(screen_batch(records, given))
    assert "listed-party" in many.column("rule").to_pylist()


def test_without_a_list_nothing_is_compared(records):
    assert "listed-party" not in LocalEngine(2).run(records, plan()).column("rule").to_pylist()
