"""Labelled pairs of nomenklatura's name bench: AUC, best F1 and recall at 5 % false matches, ours, logic-v2's and simple peers'.

    python bench/pairs.py [PAIRS.csv] [--out bench/results/pairs.json]

PAIRS.csv is bench/quality/name_pairs.csv unless named: 812 pairs with the scores that logic-v2's makers froze. The third
of the pairs whose hash falls on 0 is never used for learning (tools/learn_name_weights.py) nor looked at pair by pair,
and is judged apart. logic-v2 also runs live where the peers are installed (peers.py).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from name_set import make_pairs
from names import facts, target
from peers import ROOT, ask
from rapidfuzz import fuzz, utils
from rapidfuzz.distance import JaroWinkler

from tidegate.screening.name_keys import analyse
from tidegate.screening.names import compare_names, match_threshold

PAIRS = ROOT / "bench" / "quality" / "name_pairs.csv"
LOGIC_V2_THRESHOLD = 0.7  # as its makers' own bench draws the line
OURS, FROZEN = "tidegate", "nomenklatura logic-v2, frozen"


def held_back(name1: str, name2: str) -> bool:
    """Tell whether a pair belongs to the third that nobody tunes on."""
    return int(hashlib.sha256(f"{name1}|{name2}".encode()).hexdigest(), 16) % 3 == 0


def area(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under the curve: how often a true pair scores above a false one, ties counting half."""
    good, bad = scores[labels], scores[~labels]
    return float(
        ((good[:, None] > bad[None, :]).sum() + 0.5 * (good[:, None] == bad[None, :]).sum()) / (len(good) * len(bad))
    )


def judge(labels: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """Return auc, best_f1 and recall_5pct_fp."""
    least = np.sort(scores[~labels])[::-1][int(0.05 * (~labels).sum())]
    best = max(
        2 * ((scores >= cut) & labels).sum() / ((scores >= cut).sum() + labels.sum()) for cut in np.unique(scores)
    )
    return {
        "auc": round(area(labels, scores), 4), "best_f1": round(float(best), 4),
        "recall_5pct_fp": round(float((scores[labels] > least).mean()), 4),
    }  # fmt: skip


def by_category(seeds: Sequence[int]) -> dict[str, dict[str, float]]:
    """Return for each category of invented pairs (odd seeds, never learned on) the share that falls on the right side."""
    rows: dict[str, list[tuple[bool, bool]]] = {}
    for seed in seeds:
        for one, other, schema, same, category in make_pairs(seed, 20):
            rows.setdefault(category, []).append((same, compare_names(one, other, schema).score >= match_threshold()))
    return {
        category: {
            "found": round(sum(got for same, got in found if same) / max(1, sum(same for same, _ in found)), 3),
            "false": round(sum(got for same, got in found if not same) / max(1, sum(not same for same, _ in found)), 3),
            "pairs": len(found),
        }
        for category, found in rows.items()
    }


def lost(labels: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return for each pair the share of AUC it costs: how many pairs of the other label stand on its wrong side."""
    out = np.empty(len(labels))
    for side in (True, False):
        mine, others = scores[labels == side], scores[labels != side]
        wrong = (others[None, :] > mine[:, None]) if side else (others[None, :] < mine[:, None])
        share = wrong.mean(1) + 0.5 * (others[None, :] == mine[:, None]).mean(1)
        out[labels == side] = share / (2 * len(mine))
    return out


def compare_by_kind(
    all_rows: Sequence[dict[str, str]], all_labels: np.ndarray, all_scored: dict[str, np.ndarray], shown: np.ndarray
) -> dict[str, dict[str, Any]]:
    """Return for each group and category of the pairs shown how many each puts on the right side, and its cost in AUC.

    The right side is that of each one's published threshold. Sorted: where we lose most to logic-v2 comes first.
    The held-back third is not shown: who sees where it fails tunes on it.
    """
    rows = [row for row, one in zip(all_rows, shown, strict=True) if one]
    labels, scored = all_labels[shown], {name: scores[shown] for name, scores in all_scored.items()}
    cost = {name: lost(labels, scores) for name, scores in scored.items()}
    right = {
        OURS: (scored[OURS] >= match_threshold()) == labels,
        FROZEN: (scored[FROZEN] >= LOGIC_V2_THRESHOLD) == labels,
    }
    keys = [
        f"{row['case_group']}: {row['category'] or 'other'}, {'same' if label else 'different'}"
        for row, label in zip(rows, labels, strict=True)
    ]
    table = {}
    for key in sorted(set(keys)):
        part = np.array([one == key for one in keys])
        table[key] = {
            "pairs": int(part.sum()),
            "ours_right": int(right[OURS][part].sum()), "logic_v2_right": int(right[FROZEN][part].sum()),
            "ours_costs_auc": round(float(cost[OURS][part].sum()), 4),
            "logic_v2_costs_auc": round(float(cost[FROZEN][part].sum()), 4),
        }  # fmt: skip
    return dict(sorted(table.items(), key=lambda item: item[1]["logic_v2_costs_auc"] - item[1]["ours_costs_auc"]))


def score_all(rows: Sequence[dict[str, str]]) -> tuple[dict[str, np.ndarray], dict[str, float], dict[str, str], str]:
    """Return (scores by system, pairs a second, versions of the peers, why logic-v2 did not run live)."""
    named = [(row["name1"], row["name2"], row["schema"]) for row in rows]
    plain = [(utils.default_process(one), utils.default_process(other)) for one, other, _ in named]
    analyse.cache_clear()
    start = time.process_time()
    scored = {OURS: np.array([compare_names(*pair).score for pair in named])}
    speed = {OURS: len(rows) / (time.process_time() - start)}
    scored[FROZEN] = np.array([float(row.get("logic_v2") or "nan") for row in rows])
    told, why = ask({"mode": "pairs", "algorithms": ["logic-v2", "logic-v1", "name-based"], "pairs": named})
    for name, found in (told or {"systems": {}})["systems"].items():
        if "scores" in found:
            scored[f"nomenklatura {name}, live"] = np.array(found["scores"])
            speed[f"nomenklatura {name}, live"] = len(rows) / found["seconds"]
    scored["rapidfuzz WRatio"] = np.array([fuzz.WRatio(*pair) for pair in plain])
    scored["rapidfuzz token_sort"] = np.array([fuzz.token_sort_ratio(*pair) for pair in plain])
    scored["rapidfuzz token_set"] = np.array([fuzz.token_set_ratio(*pair) for pair in plain])
    scored["Jaro-Winkler"] = np.array([JaroWinkler.similarity(*pair) for pair in plain])
    return (
        {name: scores for name, scores in scored.items() if not np.isnan(scores).any()},
        {name: round(rate) for name, rate in speed.items()},
        (told or {}).get("versions", {}),
        why,
    )


def main() -> None:
    """Run and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pairs", type=Path, nargs="?", default=PAIRS)
    options.add_argument("--limit", type=int, default=None, help="only the first pairs, to see that it runs")
    options.add_argument("--out", type=Path, default=ROOT / "bench/results/pairs.json")
    chosen = options.parse_args()
    with chosen.pairs.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[: chosen.limit]
    labels = np.array([row["is_match"] == "true" for row in rows])
    apart = np.array([held_back(row["name1"], row["name2"]) for row in rows])
    open_pairs = {frozenset((r["name1"], r["name2"])) for r, out in zip(rows, apart, strict=True) if not out}
    twice = sum(frozenset((r["name1"], r["name2"])) in open_pairs for r, out in zip(rows, apart, strict=True) if out)
    person = np.array([row["schema"] == "Person" for row in rows])
    firm = np.array([row["schema"] in ("Company", "Organization", "LegalEntity") for row in rows])
    scored, speed, versions, why = score_all(rows)
    parts = {
        "all": np.ones(len(rows), bool), "held-back third": apart, "open two thirds": ~apart, "persons": person,
        "firms": firm, "persons, held-back": person & apart, "firms, held-back": firm & apart,
    }  # fmt: skip
    by_part = {
        f"{part} ({int(mask.sum())})": {name: judge(labels[mask], scores[mask]) for name, scores in scored.items()}
        for part, mask in parts.items()
    }
    everything = next(iter(by_part.values()))
    result = {
        **facts(), "command": "python bench/pairs.py", "peer_versions": versions,
        "targets": {
            f"AUC on {part}, at least that of {FROZEN}": target(found[FROZEN]["auc"], found[OURS]["auc"])
            for part, found in by_part.items()
            if FROZEN in found
        },
        "systems": everything,
        "auc_by_part": {part: {n: one["auc"] for n, one in found.items()} for part, found in by_part.items()},
        "recall_5pct_fp_by_part": {
            part: {n: one["recall_5pct_fp"] for n, one in found.items()} for part, found in by_part.items()
        },
        "best_f1_by_part": {part: {n: one["best_f1"] for n, one in found.items()} for part, found in by_part.items()},
        "pairs_per_s": speed, "pairs": len(rows), "matches": int(labels.sum()), "held_back": int(apart.sum()),
        "held_back_also_open": twice, "thresholds": {"tidegate": match_threshold(), "logic-v2": LOGIC_V2_THRESHOLD},
        "by_category": compare_by_kind(rows, labels, scored, ~apart) if FROZEN in scored else {},
        "invented": by_category((101, 103)),
        "not_run": why, "how": "by_category: without the held-back third; held_back_also_open: pairs of it that stand among the others with names exchanged",
    }  # fmt: skip
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({key: result[key] for key in ("targets", "auc_by_part", "not_run")}, indent=1))


if __name__ == "__main__":
    main()
