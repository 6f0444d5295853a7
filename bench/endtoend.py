"""End to end: a million consignments from CSV to findings beside the bare read, a 500-row sheet from cold start, imports.

    python bench/endtoend.py [--rows 1000000] [--names 65000] [--list SDN.csv]

All figures come from one run on one machine; absolute times differ between machines, so the ratio is what counts.
Names are invented; the list is the packaged narcotics snapshot unless another is named.
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
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOODS = (
    "Cotton knit T-shirts, size {}", "Ceramic tiles {}x60 cm", "LED panel {} W", "Polypropylene granules grade {}",
    "Polyaniline conductive polymer lot {}", "Bicycle tyre {} inch", "Steel sink model {}", "Silica gel bags {} g",
    "Hydraulic fittings {} mm", "Tablet computers {} inch", "Office chair {}", "Titanium dioxide pigment R-{}",
)  # fmt: skip
PLANTED = ("4-anilinopiperidine", "Heliotropin crystals", "rotary tablet press ZP-{}")


def main() -> None:
    """Make the data, measure, write bench/results/endtoend.json and print it."""
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--names", type=int, default=65_000)
    options.add_argument("--list", default="ofac-narcotics")
    options.add_argument("--workers", type=int, default=None)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "consignments.csv"
        write_sheet(sheet, chosen.rows, chosen.names)
        small = Path(folder) / "small.csv"
        write_sheet(small, 500, 300)
        read_seconds = min(bare_read(sheet) for _ in range(3))
        seconds, findings, peak_mb, parts = screen(sheet, chosen.list, chosen.workers)
        cold = min(cold_start(small, chosen.list) for _ in range(3))
        imported = min(import_seconds() for _ in range(3))
    told = {
        "commit": _commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": f"{_processor()}, {len(os.sched_getaffinity(0))} processors usable",
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in ("pyarrow", "numpy", "rapidfuzz")},
        "rows": chosen.rows,
        "distinct_names": chosen.names,
        "list": chosen.list,
        "seconds": round(seconds, 2),
        "read_seconds": round(read_seconds, 2),
        "ratio": round(seconds / read_seconds, 1),
        "parts": {name: round(value, 2) for name, value in parts.items()},
        "findings": findings,
        "peak_mb": peak_mb,
        "cold_500_rows_s": round(cold, 2),
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


def bare_read(path: Path) -> float:
    """Return the seconds that pyarrow needs to read the sheet."""
    import pyarrow.csv as csv

    start = time.perf_counter()
    csv.read_csv(path)
    return time.perf_counter() - start


def screen(path: Path, source: str, workers: int | None) -> tuple[float, int, int, dict[str, float]]:
    """Return seconds from file to findings, their number, the peak memory in MB, and where the time went."""
    code = (
        "import sys, time, json, resource\n"
        "t0 = time.perf_counter()\n"
        "from tidegate.cli.screen import make_plan\n"
        "from tidegate.engines.local import LocalEngine\n"
        "from tidegate.files.reading import read_records\n"
        "from tidegate.files.screening_run import screen_tables\n"
        "from pathlib import Path\nfrom datetime import date\n"
        "plan = make_plan([sys.argv[2]], None, [], date(2024, 12, 31), None)[0]\n"
        "t1 = time.perf_counter()\n"
        "tables = read_records(Path(sys.argv[1])).tables\n"
        "t2 = time.perf_counter()\n"
        "run = screen_tables(tables, plan, LocalEngine(int(sys.argv[3]) or None).run)\n"
        "t3 = time.perf_counter()\n"
        "peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024\n"
        "print(json.dumps([t3 - t1, len(run.findings()), peak, {'plan': t1 - t0, 'read': t2 - t1, 'screen': t3 - t2}]))\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(path), source, str(workers or 0)], capture_output=True, text=True, check=True
    ).stdout
    seconds, findings, peak, parts = json.loads(out)
    return seconds, findings, peak, parts


def cold_start(path: Path, source: str) -> float:
    """Return the seconds of the whole command on a small sheet."""
    start = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "tidegate",
        "screen",
        str(path),
        "--list",
        source,
        "--quiet",
        "--json",
        "--on",
        date(2024, 12, 31).isoformat(),
    ]
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start


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
