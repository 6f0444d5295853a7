"""Bench of the goods screen: precision and recall on our labelled lines, and speed beside a bare byte automaton.

Run: python bench/goods.py [rows]. Writes bench/results/goods.json. A third of the lines was never tuned on and is
reported apart. The peer is one bare ahocorasick_rs pass over the same bytes with the same names, no rule at all, on two
columns: a ledger that repeats its texts (1 M rows, as in the end-to-end bench) and one where every text is its own.
"""

from __future__ import annotations

import csv
import gc
import json
import platform
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import ahocorasick_rs as ac
import pyarrow as pa

from tidegate.registers.substances import load_register
from tidegate.registers.tariff import hs_descriptions
from tidegate.screening.goods import find_goods, find_goods_rows

HERE = Path(__file__).resolve().parent
LEVELS = ("none", "look", "ask", "hold")
BENIGN = (  # noqa: SIM905 - the rows read best in one piece
    "plastic parts|cotton shirts|polyaniline coating powder|steel bolts M8|LED lamps|machine spare parts for packaging|"
    "dimethylaniline-free ink|food grade citric acid|ceramic tiles|PMKX-200 pump controller|garden furniture|household goods|"
    "paint, acrylic|laboratory glassware|塑料制品|电子元件|五金配件|聚苯胺涂料|toys NOS|auto parts HS 8708|"
    "calcium carbonate CAS 471-34-1|order no 123-45-6|NPPA seals|ref 2024-11-07 batch"
).split("|")


def quality(part: str | None = None, written: str | None = None) -> dict[str, object]:
    """Return precision and recall over the labelled lines (of `part`, of the set `written`), with every line gone wrong.

    A finding counts as right if its item is expected on the line and its level is at most the line's highest level.
    Where nothing is expected and the highest level is look, a look counts neither way.
    """
    register = load_register()
    with (HERE / "quality" / "goods_lines.csv").open(encoding="utf-8", newline="") as handle:
        lines = [row for row in csv.DictReader(handle) if part in (None, row["part"]) and written in (None, row["set"])]
    found = find_goods(
        [row["goods_description"] for row in lines], [row["cas"] or None for row in lines], [row["hs_code"] or None for row in lines],
        register,
    )  # fmt: skip
    owners = {register.public_id(item): item for item in register.substances}  # a mistyped number points at its owner
    right = wrong = missed = 0
    faults: list[str] = []
    by_language: dict[str, Counter[str]] = {}
    for row, hits in zip(lines, found, strict=True):
        expected = set() if row["expected"] == "none" else set(row["expected"].split("; "))
        named: dict[str, int] = {}
        for hit in hits:
            item = owners.get(hit.against.id, hit.item_id) if hit.item_id.startswith("number ") else hit.item_id
            if not hit.context:
                named[item] = max(named.get(item, 0), LEVELS.index(hit.level))
        highest = LEVELS.index(row["max_level"]) if row["max_level"] != "ask" else LEVELS.index("hold")
        if not expected:
            named = {item: level for item, level in named.items() if level > highest or highest == 0}
        good = {item for item, level in named.items() if item in expected and level <= highest}
        tally = by_language.setdefault(row["language"], Counter())
        for count, name in ((len(good), "right"), (len(named) - len(good), "wrong"), (len(expected - good), "missed")):
            tally[name] += count
        right, wrong, missed = right + len(good), wrong + len(named) - len(good), missed + len(expected - good)
        if set(named) != good or expected != good:
            faults.append(
                f"{row['line']} {row['goods_description']!r}: expected {sorted(expected)}, found {sorted(named)}"
            )
    return {
        "lines": len(lines), "precision": round(right / max(1, right + wrong), 4), "recall": round(right / max(1, right + missed), 4),
        "by_language": {language: dict(tally) for language, tally in sorted(by_language.items())}, "faults": faults,
    }  # fmt: skip


def descriptions_above_look() -> list[str]:
    """Return the HS 2022 descriptions on which the text alone gives more than a look, with what was found."""
    register = load_register()
    texts = list(hs_descriptions().items())
    found = find_goods([text for _, text in texts], [None] * len(texts), [None] * len(texts), register)
    return [
        f"{code} {text}: {', '.join(sorted({hit.against.name for hit in hits if hit.level != 'look'}))}"
        for (code, text), hits in zip(texts, found, strict=True)
        if any(hit.level != "look" for hit in hits)
    ]


def goods_rows(count: int) -> list[str]:
    """Return `count` goods texts, one in a hundred naming a register item."""
    dice = random.Random(5)
    names = [
        name.text for name in load_register().names if name.strength == "strong" and name.language in ("en", "zh", "es")
    ]
    rows = []
    for _ in range(count):
        text = f"{dice.choice(BENIGN)}, {dice.randint(1, 900)} ctns, "
        text += (
            f"{dice.choice(['FOB Shanghai', 'CIF Manzanillo', 'net wt 25kg', 'as per PI'])} {dice.randint(1000, 99999)}"
        )
        if dice.random() < 0.01:
            text += dice.choice([" ", "; ", "/"]) + dice.choice(names) + dice.choice([" 99%", "", " CAS 21409-26-7"])
        rows.append(text)
    return rows


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the seconds of processor that `work` took: both sides run on one core, and other work must not count."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def ledger_rows(count: int) -> list[str]:
    """Return `count` goods texts as a ledger repeats them (the shape of the end-to-end bench), one in 200 an item."""
    dice = random.Random(3)
    items = ("acetone 99%", "4-piperidone CAS 41661-47-6", "phenylacetic acid", "苯乙酸", "acetic anhydride", "TDP-5 tablet press",
             "N-phenethyl-4-piperidone")  # fmt: skip
    return [
        f"{dice.randint(1, 899)} ctns {dice.choice(items if dice.random() < 0.005 else BENIGN)}, FOB"
        for _ in range(count)
    ]


def speed(rows: list[str]) -> dict[str, object]:
    """Return rows per second of the goods screen and of the bare automaton over the same column, and their ratio."""
    register = load_register()
    column = pa.array(rows, type=pa.large_string())
    text = column.buffers()[2].to_pybytes().lower()
    terms = sorted({name.text.lower() for name in register.names})
    bare = ac.BytesAhoCorasick(
        [term.encode() for term in terms], matchkind=ac.MatchKind.LeftmostLongest, implementation=ac.Implementation.DFA
    )
    hits = find_goods_rows(column, None, None, register)
    silent = pa.array([line for row, line in enumerate(rows) if row not in hits], type=pa.large_string())
    quiet_text = silent.buffers()[2].to_pybytes().lower()
    runs = {
        "all": lambda: find_goods_rows(column, None, None, register), "peer": lambda: bare.find_matches_as_indexes(text),
        "quiet": lambda: find_goods_rows(silent, None, None, register), "quiet peer": lambda: bare.find_matches_as_indexes(quiet_text),
    }  # fmt: skip
    least = dict.fromkeys(runs, float("inf"))
    for _ in range(8):  # in turns, so that a busy machine weighs on all
        for name, work in runs.items():
            least[name] = min(least[name], processor_seconds(work))
    return {
        "rows": len(rows), "distinct_texts": len(set(rows)), "rows_with_hits": len(hits), "rows_per_s": round(len(rows) / least["all"]),
        "mb_per_s": round(len(text) / least["all"] / 1e6, 1), "aho_corasick_rows_per_s": round(len(rows) / least["peer"]),
        "share_of_aho_corasick": round(least["peer"] / least["all"], 3),
        "share_on_rows_without_hits": round(least["quiet peer"] / least["quiet"], 3),
        "microseconds_per_row_with_hits": round((least["all"] - least["quiet"]) / max(1, len(hits)) * 1e6, 1),
    }  # fmt: skip


def main() -> None:
    """Measure and write bench/results/goods.json."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    whole, held, above = quality(), quality("held-back"), descriptions_above_look()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False
    ).stdout.strip()
    cpu_lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    cpu = next(
        (line.split(":")[1].strip() for line in cpu_lines if line.startswith("model name")), platform.processor()
    )
    result = {
        "commit": commit, "date": datetime.now(UTC).date().isoformat(), "cpu": cpu, "python": platform.python_version(),
        "versions": {name: version(name) for name in ("ahocorasick-rs", "numpy", "pyarrow", "rapidfuzz")},
        "precision": whole["precision"], "recall": whole["recall"], "lines": whole["lines"], "by_language": whole["by_language"],
        "held_back": {key: held[key] for key in ("lines", "precision", "recall", "by_language")}, "faults": whole["faults"],
        "hs_descriptions": len(hs_descriptions()), "hs_descriptions_above_look": above,
        **speed(ledger_rows(count)), "every_text_distinct": speed(goods_rows(count // 3)),
    }  # fmt: skip
    target = HERE / "results" / "goods.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shown = (
        "precision",
        "recall",
        "held_back",
        "rows_per_s",
        "aho_corasick_rows_per_s",
        "share_of_aho_corasick",
        "every_text_distinct",
    )
    print(json.dumps({key: result[key] for key in shown}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
