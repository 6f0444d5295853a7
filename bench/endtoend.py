"""End to end: a million consignments from CSV to findings beside the bare read, a 500-row sheet from cold start, imports.

    python bench/endtoend.py [--rows 1000000] [--names 65000] [--list SDN.csv] [--large SDN.csv]

All figures come from one run on one machine; absolute times differ between machines, so the ratio is what counts. Rounds
of reading and screening follow each other, the best of each is taken; where the machine has other work, the seconds of
processor tell more. The plan (lists, register, rules) is made before the clock starts and told apart.
Names are invented; the list is the packaged narcotics snapshot unless another is named. The cold start is measured with
a large list too, given for the first time and again. Python's compiled files are there, as after an install.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
SDN = HERE.parents[1] / "shared" / "data" / "sanctions" / "ofac" / "sdn_2024-01-30.csv"
Spent = tuple[float, float]  # seconds, and seconds of all processors together
GOODS = (
    "Cotton knit T-shirts, size {}", "Ceramic tiles {}x60 cm", "LED panel {} W", "Polypropylene granules grade {}",
    "Polyaniline conductive polymer lot {}", "Bicycle tyre {} inch", "Steel sink model {}", "Silica gel bags {} g",
    "Hydraulic fittings {} mm", "Tablet computers {} inch", "Office chair {}", "Titanium dioxide pigment R-{}",
)  # fmt: skip
PLANTED = ("4-anilinopiperidine", "Heliotropin crystals", "rotary tablet press ZP-{}")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds from file to findings (the plan apart), those of all processors, findings, MB, seconds by part."""

    seconds: float
    processor: float
    findings: int
    peak_mb: int
    parts: dict[str, float]


def main() -> None:
    """Make the data, measure, write bench/results/endtoend.json and print it."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--names", type=int, default=65_000)
    options.add_argument("--list", default="ofac-narcotics")
    options.add_argument("--workers", type=int, default=None)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--large", default=str(SDN) if SDN.is_file() else "", help="a long list for the cold start")
    chosen = options.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIDEGATE_CACHE"] = folder  # no index kept from before: the first round is a first run
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "compiled")
        sheet = Path(folder) / "consignments.csv"
        write_sheet(sheet, chosen.rows, chosen.names)
        small = Path(folder) / "small.csv"
        write_sheet(small, 500, 300)
        load = os.getloadavg()[0]
        reads: list[Spent] = []
        rounds: list[Run] = []
        for _ in range(chosen.rounds):  # turn by turn, so that a busy machine is as busy for both
            reads.append(min(bare_read(sheet) for _ in range(2)))
            rounds.append(screen(sheet, chosen.list, chosen.workers))
        cold = [
            cold_start(small, chosen.list, Path(folder) / "first"),
            *(cold_start(small, chosen.list) for _ in range(3)),
        ]
        long = []
        for turn in range(3 if chosen.large else 0):
            cache = Path(folder) / f"long{turn}"
            long.append((cold_start(small, chosen.large, cache), cold_start(small, chosen.large, cache)))
        imported = min(import_seconds() for _ in range(3))
    read, best = min(reads), min(rounds, key=lambda one: one.seconds)
    told = {
        "command": "python bench/endtoend.py",
        "commit": _commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": f"{_processor()}, {len(os.sched_getaffinity(0))} processors usable",
        "load_before": round(load, 1),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in ("pyarrow", "numpy", "rapidfuzz")},
        "rows": chosen.rows,
        "distinct_names": chosen.names,
        "list": chosen.list,
        "seconds": round(best.seconds, 2),
        "read_seconds": round(read[0], 2),
        "ratio": round(best.seconds / read[0], 1),
        "ratio_by_round": [round(one.seconds / bare[0], 1) for one, bare in zip(rounds, reads, strict=True)],
        "processor_seconds": round(min(one.processor for one in rounds), 2),
        "read_processor_seconds": round(min(bare[1] for bare in reads), 2),
        "parts": {name: round(value, 2) for name, value in best.parts.items()},
        "plan_first_s": round(rounds[0].parts["plan"], 2),
        "findings": best.findings,
        "peak_mb": max(one.peak_mb for one in rounds),
        "cold_500_rows_first_s": round(cold[0][0], 2),
        "cold_500_rows_s": round(min(cold[1:])[0], 2),
        "cold_500_rows_processor_s": round(min(one[1] for one in cold[1:]), 2),
        "large_list": Path(chosen.large).name,
        "large_list_first_s": round(min(first[0] for first, _ in long), 2) if long else None,
        "large_list_first_processor_s": round(min(first[1] for first, _ in long), 2) if long else None,
        "large_list_again_s": round(min(again[0] for _, again in long), 2) if long else None,
        "import_s": round(imported, 3),
    }
    target = HERE / "results" / "endtoend.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=1))


def write_sheet(path: Path, rows: int, names: int) -> None:
    """Write `rows` invented consignments with `names` distinct firm names; one row in 5,000 names a register item."""
    draw = random.Random(65)
    stems = (
        "lantern",
        "copper",
        "walrus",
        "zinnia",
        "marble",
        "velvet",
        "granite",
        "maple",
        "ivory",
        "pebble",
        "saffron",
        "comet",
    )
    trades = ("Textiles", "Ceramics", "Plastics", "Hardware", "Toys", "Lighting", "Rubber", "Foods")
    firms = [
        f"{draw.choice(stems).title()}{draw.choice(stems)} {number % 9973:x} {draw.choice(trades)} Co., Ltd"
        for number in range(names)
    ]
    half = names // 2  # one half sends, the other receives
    codes = [f"{draw.randint(1, 96):02}{draw.randint(10, 99)}.{draw.randint(10, 99)}" for _ in range(400)]
    with open(path, "w", encoding="utf-8") as out:
        out.write("Date,Shipper,Consignee,Goods,HS,Net weight (kg),Origin,Destination\n")
        for number in range(rows):
            text = draw.choice(PLANTED if number % 5000 == 4999 else GOODS).format(draw.randint(1, 999))
            out.write(
                f'2024-{number % 12 + 1:02}-{number % 28 + 1:02},"{firms[number % half]}","{firms[half + draw.randrange(names - half)]}","{text}",'
                f"{draw.choice(codes)},{draw.randint(10, 25000)},CN,{draw.choice(('MX', 'US', 'NO'))}\n"
            )


def bare_read(path: Path) -> Spent:
    """Return the seconds, and processor seconds, that pyarrow needs to read the sheet."""
    import pyarrow.csv as csv

    start, used = time.perf_counter(), time.process_time()
    csv.read_csv(path)
    return time.perf_counter() - start, time.process_time() - used


def screen(path: Path, source: str, workers: int | None) -> Run:
    """Return what it took from file to findings in a new process, with the command's own plan and rules."""
    code = (
        "import sys, time, json, resource\n"
        "t0 = time.perf_counter()\n"
        "from tidegate.cli.screen import make_plan\n"
        "from tidegate.engines.local import LocalEngine\n"
        "from tidegate.files.reading import read_records\n"
        "from tidegate.files.screening_run import screen_tables\n"
        "from pathlib import Path\nfrom datetime import date\n"
        "def used(): return sum(resource.getrusage(who)[at] for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN) for at in (0, 1))\n"
        "plan = make_plan([sys.argv[2]], None, [], date(2024, 12, 31), None)[0]\n"
        "t1, used1 = time.perf_counter(), used()\n"
        "tables = read_records(Path(sys.argv[1])).tables\n"
        "t2 = time.perf_counter()\n"
        "run = screen_tables(tables, plan, LocalEngine(int(sys.argv[3]) or None).run)\n"
        "t3, used3 = time.perf_counter(), used()\n"
        "peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024\n"
        "parts = {'plan': t1 - t0, 'read': t2 - t1, 'screen': t3 - t2}\n"
        "print(json.dumps([t3 - t1, used3 - used1, len(run.findings()), peak, parts]))\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(path), source, str(workers or 0)], capture_output=True, text=True, check=True
    ).stdout
    return Run(*json.loads(out))


def cold_start(path: Path, source: str, cache: Path | None = None) -> Spent:
    """Return the seconds of the whole command on a small sheet. cache: an empty folder for a first run with this list."""
    start, used = time.perf_counter(), _children()
    command = [
        sys.executable, "-m", "tidegate", "screen", str(path), "--list", source, "--quiet", "--json",
        "--on", date(2024, 12, 31).isoformat(),
    ]  # fmt: skip
    chosen = {**os.environ, "TIDEGATE_CACHE": str(cache)} if cache is not None else dict(os.environ)
    subprocess.run(command, capture_output=True, check=True, env=chosen)
    return time.perf_counter() - start, _children() - used


def _children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def import_seconds() -> float:
    """Return the seconds of `import tidegate.screening.pipeline` in a fresh process, the interpreter's own start left out."""
    code = "import time; t = time.perf_counter(); import tidegate.screening.pipeline; print(time.perf_counter() - t)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE, check=False
    )
    return found.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or "unknown"
    return next(
        (line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")), "unknown"
    )


if __name__ == "__main__":
    resource.getrusage(resource.RUSAGE_SELF)
    main()
