"""Names against peers, in one run on one core: speed, recall at a fixed false-alert rate, growth with list and rows.

    python bench/names.py [--seed 7] [--set FOLDER] [--queries N] [--peer-queries 1500] [--out bench/results/names.json]

The list and the queries are made by list_set.py (seed 7: the prototype's), or read from FOLDER. Only odd queries are
judged: the even ones are for learning. Errors among the odd queries of seed 7 were looked at while the rules were
written, so the set of another seed, which nobody looked at, is judged too and gives the fairer figure. Slow peers run
on the first queries only, as each row says. All seconds are of the processor, one thread each, indexes made before.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from list_set import write_set
from peers import ROOT, Scored, all_pairs, ask
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from tidegate.screening.batches import collector_at_rest
from tidegate.screening.kernel import NATIVE
from tidegate.screening.name_index import NameIndex, build_index, find_candidates
from tidegate.screening.name_keys import analyse
from tidegate.screening.name_score import weights
from tidegate.screening.names import BATCH, match_names, match_threshold
from tidegate.screening.watchlist import ListedParty, Watchlist

UNSEEN = 2027  # a seed whose errors nobody has looked at
OTHERS = (
    "nomenklatura logic-v2", "nomenklatura logic-v1", "nomenklatura name-based", "sparse 3-grams top 20",
    "tantivy 3-grams + token_sort", "nomenklatura logic-v2 romanised", "sparse 3-grams top 20 romanised",
)  # fmt: skip
HAN_FIRM = "hanzi_vs_latin"  # Hanzi against an English firm name


def facts() -> dict[str, object]:
    """Return commit, day, processor and versions, as every result file carries."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    versions = {}
    for name in ("tidegate", "rapidfuzz", "numpy", "pyarrow"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "commit": commit, "date": datetime.now(UTC).date().isoformat(), "cpu": cpu, "python": platform.python_version(),
        "versions": versions, "native": NATIVE, "weights": weights().version,
    }  # fmt: skip


def judge(truth: np.ndarray, kinds: Sequence[str], scored: Scored) -> dict[str, Any]:
    """Return recall at 1 and 5 % false alerts; a query's alert is its best score; ties at the threshold share out."""
    rows, entities, scores = scored
    best, hit = np.full(len(truth), -1e9), np.full(len(truth), -1e9)
    np.maximum.at(best, rows, scores)
    right = truth[rows] == entities
    np.maximum.at(hit, rows[right], scores[right])
    unrelated = truth < 0
    out: dict[str, Any] = {}
    for share, name in ((0.01, "recall_1pct"), (0.05, "recall_5pct")):
        least = np.sort(best[unrelated])[::-1][int(share * unrelated.sum())]
        part = (share * unrelated.sum() - (best[unrelated] > least).sum()) / max(1, (best[unrelated] == least).sum())
        found = np.where(unrelated, 0, (hit > least) + (hit == least) * min(1.0, part))
        out[name] = round(float(found[~unrelated].mean()), 4)
        if share == 0.01:
            labels = np.array(kinds)
            out["by_kind"] = {k: round(float(found[labels == k].mean()), 3) for k in sorted(set(labels[~unrelated]))}
            out["threshold_1pct"] = round(float(least), 4)
    out["truth_among_candidates"] = round(float((hit[~unrelated] > -1e8).mean()), 4)
    return out


class Screen:
    """One set: its list, its odd queries, our index of it and how we do on it."""

    def __init__(self, folder: Path, limit: int | None) -> None:
        self.names: dict[int, list[str]] = {}
        self.listed = pq.read_table(folder / "watch.parquet").to_pylist()
        for row in self.listed:
            self.names.setdefault(row["entity"], []).append(row["name"])
        rows = pq.read_table(folder / "queries.parquet").to_pylist()[1::2][:limit]
        self.queries = [str(row["name"]) for row in rows]
        self.kinds = [str(row["kind"]) for row in rows]
        self.categories = [str(row["cat"]) for row in rows]
        self.truth = np.array([row["truth"] for row in rows])
        self.index = index_of(self.names)

    def quality(self) -> dict[str, Any]:
        """Return how our scores tell listed from unrelated."""
        found = run_tidegate(self.index, self.queries, threshold=0.0)
        scored = [
            (at, int(self.index.parties[party].id), score) for at, rows in enumerate(found) for score, party, *_ in rows
        ]
        return self.judge(tuple(map(np.array, zip(*scored, strict=True))))  # type: ignore[arg-type]

    def judge(self, scored: Scored, few: int | None = None) -> dict[str, Any]:
        """Return how anybody's scores do on the first `few` queries."""
        return judge(self.truth[:few], self.categories[:few], scored)


def index_of(names: dict[int, list[str]]) -> NameIndex:
    """Return the index of the set's entities, their kind not told."""
    parties = tuple(
        ListedParty(str(entity), "LegalEntity", tuple(dict.fromkeys(found))) for entity, found in names.items()
    )
    return build_index([Watchlist(parties, "set", "set")])


def best_of(times: int, work: Callable[[], object]) -> float:
    """Return the least seconds of the processor of `times` runs, each from cold caches of names."""
    least = float("inf")
    for _ in range(times):
        analyse.cache_clear()
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def run_tidegate(index: NameIndex, queries: Sequence[str], *, threshold: float) -> list[Any]:
    """Screen distinct names in batches, as match_names does, reasons apart."""
    out: list[Any] = []
    with collector_at_rest():
        for at in range(0, len(queries), BATCH):
            out += find_candidates([analyse(name) for name in queries[at : at + BATCH]], index, threshold=threshold)
    return out


def run_peers(screen: Screen, few: int) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    """Return (each peer's answer with seconds and scores, versions, why some did not run)."""
    answers: dict[str, Any] = {}
    for name, scorer in (("token_sort_ratio", fuzz.token_sort_ratio), ("Jaro-Winkler", JaroWinkler.similarity)):
        seconds, scored = all_pairs(screen.names, screen.queries[:few], scorer)
        answers[f"rapidfuzz cdist {name}"] = {"seconds": seconds, "scored": scored}
    told, why = ask(
        {
            "mode": "search", "systems": OTHERS, "listed": [(r["entity"], r["kind"], r["name"]) for r in screen.listed],
            "queries": list(zip(screen.queries[:few], screen.kinds[:few], strict=True)),
        }
    )  # fmt: skip
    if told is None:
        return answers, {}, dict.fromkeys(OTHERS, why)
    missing = {}
    for name, found in told["systems"].items():
        if "error" in found:
            missing[name] = found["error"]
        else:
            columns = tuple(np.array(found[key]) for key in ("rows", "entities", "scores"))
            answers[name] = {"seconds": found["seconds"], "scored": columns}
    return answers, told["versions"], missing


def growth(screen: Screen, timed: Sequence[str]) -> dict[str, Any]:
    """Return how names a second fall with the list, and how seconds rise with the rows."""
    by_list = {}
    total = len(screen.listed)
    for wanted in (5_000, 10_000, 20_000, 43_000, total):
        part: dict[int, list[str]] = {}
        held = 0
        for entity, found in screen.names.items():
            if held >= min(wanted, total):
                break
            part[entity] = found
            held += len(found)
        index = screen.index if held == total else index_of(part)
        few = timed[:3000]
        ours = len(few) / best_of(2, lambda index=index, few=few: run_tidegate(index, few, threshold=0.5))  # type: ignore[misc]
        seconds, _ = all_pairs(part, timed[:200], fuzz.token_sort_ratio)
        theirs = len(timed[:200]) / seconds
        by_list[str(held)] = {
            "tidegate": round(ours),
            "rapidfuzz token_sort": round(theirs),
            "ratio": round(ours / theirs, 1),
        }
    by_rows = {}
    for count in (500, 2_000, 8_000, 15_000):
        few = screen.queries[:count]
        took = best_of(2 if count < 8_000 else 1, lambda few=few: run_tidegate(screen.index, few, threshold=0.5))  # type: ignore[misc]
        by_rows[str(len(few))] = {"seconds": round(took, 3), "names_per_s": round(len(few) / took)}
    four = [name for name in screen.queries[:2_000] for _ in range(4)]
    once = best_of(2, lambda: match_names(screen.queries[:2_000], screen.index, threshold=match_threshold()))
    fold = best_of(2, lambda: match_names(four, screen.index, threshold=match_threshold()))
    return {
        "growth_by_listed_names": by_list,
        "growth_by_distinct_rows": by_rows,
        "four_equal_rows_for_one": f"{fold / once:.2f} times the seconds of one row each, reasons and levels included",
    }


def one_name(screen: Screen) -> dict[str, float]:
    """Return the milliseconds of one name looked up alone."""
    took = []
    for name in screen.queries[:300]:
        analyse.cache_clear()
        start = time.perf_counter()
        find_candidates([analyse(name)], screen.index, threshold=0.5)
        took.append((time.perf_counter() - start) * 1000)
    return {"p50": round(float(np.percentile(took, 50)), 2), "p95": round(float(np.percentile(took, 95)), 2)}


def target(wanted: float, measured: float | None) -> dict[str, object]:
    """Return a line of the table of what issue 5 asks."""
    return {"wanted": wanted, "measured": measured, "met": None if measured is None else measured >= wanted}


def measure(screen: Screen, unseen: Screen, few: int) -> dict[str, Any]:
    """Return systems, by_kind, ratio, targets and growth."""
    quality = screen.quality()
    timed = screen.queries[:6000]
    seconds = best_of(3, lambda: run_tidegate(screen.index, timed, threshold=0.5))
    answers, versions, missing = run_peers(screen, few)
    seconds = min(seconds, best_of(2, lambda: run_tidegate(screen.index, timed, threshold=0.5)))  # before and after
    ours = len(timed) / seconds
    explained = len(timed) / best_of(2, lambda: match_names(timed, screen.index, threshold=match_threshold()))
    fresh = unseen.quality()
    judged = {
        "tidegate": quality, "tidegate, same first queries": None, f"tidegate, unseen seed {UNSEEN}": fresh,
    }  # fmt: skip
    first = run_tidegate(screen.index, screen.queries[:few], threshold=0.0)
    rows = [
        (at, int(screen.index.parties[party].id), score) for at, found in enumerate(first) for score, party, *_ in found
    ]
    judged["tidegate, same first queries"] = screen.judge(tuple(map(np.array, zip(*rows, strict=True))), few)  # type: ignore[arg-type]
    rates: dict[str, float] = {"tidegate": ours}
    for name, answer in answers.items():
        judged[name] = screen.judge(answer["scored"], few)
        rates[name] = few / answer["seconds"]
    counts = {"tidegate": len(screen.queries), f"tidegate, unseen seed {UNSEEN}": len(unseen.queries)}
    systems = {
        name: {
            "names_per_s": round(rates[name]) if name in rates else "",
            **{key: value for key, value in found.items() if key != "by_kind"},
            "queries": counts.get(name, few),
        }
        for name, found in judged.items()
        if found is not None
    }
    kinds: dict[str, dict[str, float]] = {}
    for name, found in judged.items():
        for kind, recall in (found or {}).get("by_kind", {}).items():
            kinds.setdefault(kind, {})[name] = recall
    ratio = {name: round(ours / rate, 1) for name, rate in rates.items() if name != "tidegate"}
    told = {name: round(explained / rate, 1) for name, rate in rates.items() if name != "tidegate"}
    return {
        "peer_versions": versions,
        "targets": {
            "recall at 1 % false alerts": target(0.93, quality["recall_1pct"]),
            "recall at 1 %, unseen seed": target(0.93, fresh["recall_1pct"]),
            "recall at 1 %, Hanzi against English firm": target(0.95, quality["by_kind"].get(HAN_FIRM)),
            "times nomenklatura logic-v2 with its blocker": target(20, ratio.get("nomenklatura logic-v2")),
            "times rapidfuzz cdist token_sort": target(12, ratio["rapidfuzz cdist token_sort_ratio"]),
            "times nomenklatura logic-v2, our reasons told": target(20, told.get("nomenklatura logic-v2")),
            "times rapidfuzz cdist token_sort, our reasons told": target(12, told["rapidfuzz cdist token_sort_ratio"]),
        },
        "systems": systems, "by_kind": kinds, "ratio": ratio, "ratio_with_reasons": told, "not_run": missing,
        "with_reasons_names_per_s": round(explained), **growth(screen, timed), "one_name_ms": one_name(screen),
    }  # fmt: skip


def main() -> None:
    """Make the sets, run, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--set", type=Path, default=None, help="watch.parquet and queries.parquet instead of a seed")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--queries", type=int, default=None, help="judge only the first odd queries")
    options.add_argument("--peer-queries", type=int, default=1500)
    options.add_argument("--out", type=Path, default=ROOT / "bench/results/names.json")
    chosen = options.parse_args()
    source = str(chosen.set)
    if chosen.set is None:
        chosen.set = ROOT / "build" / "bench" / f"names-{chosen.seed}"
        source = write_set(chosen.set, chosen.seed)
    other = ROOT / "build" / "bench" / f"names-{UNSEEN}"
    write_set(other, UNSEEN)
    screen, unseen = Screen(chosen.set, chosen.queries), Screen(other, min(chosen.queries or 6000, 6000))
    few = min(chosen.peer_queries, len(screen.queries))
    result = {
        **facts(), "command": "python bench/names.py", "set": f"seed {chosen.seed}; real part: {source}",
        "listed_names": len(screen.listed), "entities": len(screen.names), **measure(screen, unseen, few),
        "how": "seconds of the processor, one thread, indexes made before; peers with their published defaults, 20 candidates a query; "
        "nomenklatura is told person or firm, we are not; romanised: ICU on both sides, outside the clock",
    }  # fmt: skip
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({key: result[key] for key in ("targets", "systems", "ratio", "not_run")}, indent=1))


if __name__ == "__main__":
    main()
