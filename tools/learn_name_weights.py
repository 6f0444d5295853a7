"""Learn the weights of the name score from labelled pairs and write `screening/data/name_weights.toml`.

    python tools/learn_name_weights.py VERSION SET_FOLDER

Read are the labelled pairs of bench/quality (nomenklatura's and our own two files), less the third whose hash falls on 0,
which is held back and never read here; the invented pairs of bench/name_set.py of even seeds; and of SET_FOLDER
(watch.parquet and queries.parquet of the prototype's set) the even queries.
Logistic regression with a ridge, weights of conflicts and omissions kept at or below zero and above their floors.
The intercept is raised by LIFT at the end, which keeps what counts as a match at the published threshold from version to version.
How much each source weighs was chosen by cross-validation on the open two thirds: AUC of persons and firms of each file.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench"))

from name_set import make_pairs  # noqa: E402

from tidegate.screening.name_keys import analyse  # noqa: E402
from tidegate.screening.name_score import FEATURES, compare_forms  # noqa: E402
from tidegate.screening.names import kind_of  # noqa: E402

OUT = ROOT / "src/tidegate/screening/data/name_weights.toml"
FREE = {"person"}
FOR = {"evidence", "near", "very_near"}  # these speak for a match; all others but FREE against it
RIDGE = 3.0
THRESHOLD, LIFT = 0.65, 0.25
QUALITY = ROOT / "bench/quality"
SHARES = {"name_pairs.csv": 1.6, "name_pairs_own.csv": 0.8, "name_pairs_fresh.csv": 0.8, "invented": 1.0, "set": 8.0}
LEAST = {  # a dropped trade is no other firm
    "trade_omission": -8.6, "minor_left": -3.0, "place_omission": -7.0, "legal_conflict": -1.0,
}  # fmt: skip
MOST = {
    "other_word": -0.5
}  # the slips of the sets are made by chance and seldom give another word, so they do not teach it


def held_back(name1: str, name2: str) -> bool:
    """Tell whether a labelled pair belongs to the third that nobody tunes on."""
    return int(hashlib.sha256(f"{name1}|{name2}".encode()).hexdigest(), 16) % 3 == 0


def features_of(one: str, other: str, schema: str) -> list[float] | None:
    """Return the features of the best-scored pair of forms, None if a name has no letters."""
    kind = kind_of(schema)
    rows = [compare_forms(a, b) for a in analyse(one, kind) for b in analyse(other, kind)]
    return max(rows, key=lambda row: row[0])[1] if rows else None


def labelled(pairs_csv: Path) -> list[tuple[list[float] | None, bool]]:
    """Return the features and label of the pairs of a file that are not held back."""
    with pairs_csv.open(encoding="utf-8") as file:
        return [
            (features_of(row["name1"], row["name2"], row["schema"]), row["is_match"] == "true")
            for row in csv.DictReader(file)
            if not held_back(row["name1"], row["name2"])
        ]


def gather(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (features, labels, weights) of all training rows."""
    sources: list[list[tuple[list[float], bool]]] = [
        [(f, y) for f, y in labelled(QUALITY / name) if f] for name in SHARES if name.endswith(".csv")
    ]
    invented = [(features_of(a, b, k), y) for seed in (2, 4, 6) for a, b, k, y, _ in make_pairs(seed, 30)]
    sources.append([(f, y) for f, y in invented if f])
    sources.append(set_rows(folder))
    x = np.array([f for rows in sources for f, _ in rows])
    y = np.array([label for rows in sources for _, label in rows], float)
    w = np.concatenate(
        [np.full(len(rows), share * 3000 / len(rows)) for rows, share in zip(sources, SHARES.values(), strict=True)]
    )
    return x, y, w


def set_rows(folder: Path) -> list[tuple[list[float], bool]]:
    """Return candidate pairs of the even queries: the true entity's best pair, and the two best wrong ones."""
    import pyarrow.parquet as pq

    from tidegate.screening.name_index import build_index, find_candidates
    from tidegate.screening.watchlist import ListedParty, Watchlist

    table = pq.read_table(folder / "watch.parquet").to_pylist()
    names: dict[int, list[str]] = {}
    for row in table:
        names.setdefault(row["entity"], []).append(row["name"])
    parties = tuple(
        ListedParty(str(entity), "LegalEntity", tuple(dict.fromkeys(found))) for entity, found in names.items()
    )
    index = build_index([Watchlist(parties, "set", "set")])
    queries = pq.read_table(folder / "queries.parquet").to_pylist()[::2][:7000]
    out: list[tuple[list[float], bool]] = []
    found = find_candidates([analyse(row["name"]) for row in queries], index)
    for row, rows in zip(queries, found, strict=True):
        wrong = 0
        for _, party, _, query, listed, *_ in rows:
            same = index.parties[party].id == str(row["truth"])
            if same or wrong < 2:
                out.append((compare_forms(query, listed)[1], same))
                wrong += not same
    return out


def learn(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return weights with the intercept last, by projected gradient descent with momentum."""
    scale = np.maximum(np.sqrt((x**2).mean(0)), 1e-3)
    data = np.column_stack([x / scale, np.ones(len(x))])
    beta = np.zeros(data.shape[1])
    free = np.array([name in FREE for name in FEATURES] + [True])
    floor = np.append([0.0 if name in FOR else LEAST.get(name, -1e9) for name in FEATURES] * scale, -1e9)
    ceiling = np.append([1e9 if name in FOR else MOST.get(name, 0.0) for name in FEATURES] * scale, 0.0)
    momentum = np.zeros_like(beta)
    step = 4.0 / (np.linalg.norm(data * np.sqrt(w)[:, None], 2) ** 2)
    total = beta
    for turn in range(2500):
        ahead = total + momentum
        p = 1 / (1 + np.exp(-np.clip(data @ ahead, -30, 30)))
        gradient = data.T @ (w * (p - y)) + RIDGE * np.append(ahead[:-1], 0)
        new = ahead - step * gradient
        new = np.where(free, new, np.clip(new, floor, ceiling))
        momentum = (turn / (turn + 3.0)) * (new - total)
        total = new
    return np.append(total[:-1] / scale, total[-1])


def main() -> None:
    """Learn and write."""
    x, y, w = gather(Path(sys.argv[2]))
    weights = learn(x, y, w)
    weights[-1] += LIFT
    lines = [
        "# Learned by tools/learn_name_weights.py; the pairs it never sees are named there.",
        f'version = "{sys.argv[1]}"', f"match_threshold = {THRESHOLD}", f"intercept = {weights[-1]:.3f}", "", "[weights]",
    ]  # fmt: skip
    lines += [f"{name} = {value:.3f}" for name, value in zip(FEATURES, weights[:-1], strict=True)]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(OUT.read_text())
    p = 1 / (1 + np.exp(-(x @ weights[:-1] + weights[-1])))
    print(
        f"{len(y)} rows; at {THRESHOLD}: recall {(p[y > 0] >= THRESHOLD).mean():.3f}, false {(p[y < 1] >= THRESHOLD).mean():.4f}"
    )


if __name__ == "__main__":
    main()
