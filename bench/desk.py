"""The desk and the public page: how long a page takes and how large it is while officers read, and what idling costs.

    python bench/desk.py [--cases 400] [--officers 4] [--reads 30]

Plays the story (real processes, embedded PostgreSQL), opens `--cases` further cases and keeps as many findings, then
lets `--officers` readers ask for every page in turn, each page once a second as a busy desk would, without waiting for
each other. Writes bench/results/desk.json: `pages` has for each route the 95th percentile in milliseconds, from the
request to the last byte, and the kilobytes of its body; `idle_mb` is the memory of one node's processes (proportional
share, its database apart) before anybody reads.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from tidegate.demo.agreement import AGREEMENT_ID, IMPORTING
from tidegate.demo.stage import Stage, set_stage
from tidegate.demo.story import Teller
from tidegate.node import cases
from tidegate.node.node import Node
from tidegate.node.process import running_pids

HERE = Path(__file__).resolve().parent
DESK = (
    "/today", "/findings", "/cases", "/case/{case}", "/proposals", "/correspondence", "/correspondence/{thread}",
    "/agreements", "/affairs/{agreement}", "/partners", "/talks", "/publication", "/status",
)  # fmt: skip
PUBLIC = ("/en/", "/zh/", "/es/pledges", "/en/corrections", "/report.json", "/report.csv")
MOST_PAUSE_S = 1.0


def main() -> None:
    """Measure and write bench/results/desk.json."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=400)
    options.add_argument("--officers", type=int, default=4)
    options.add_argument("--reads", type=int, default=30, help="how often each page is asked for, in all")
    options.add_argument("--out", type=Path, default=HERE / "results" / "desk.json")
    chosen = options.parse_args()
    stage = set_stage(7, say=lambda words: None)
    try:
        if not Teller(stage, "en", lambda line: None).play():
            raise RuntimeError("a scene of the story did not hold")
        fill(stage.importing, chosen.cases)
        told: dict[str, object] = _about()
        told |= {"officers": chosen.officers, "cases": chosen.cases, "reads": chosen.reads}
        told["idle_mb"] = idle_mb(stage)
        told["pages"] = read_pages(stage, chosen.officers, chosen.reads)
    finally:
        stage.stop()
    chosen.out.parent.mkdir(exist_ok=True)
    chosen.out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told, ensure_ascii=False, indent=1))


def fill(node: Node, count: int) -> None:
    """Open `count` cases, each from a record of its own, as a year of work would leave them."""
    for number in range(count):
        record = {
            "consignment_id": f"BN-{number:05}", "consignor": f"Lantern Quay {number % 37} Ltd",
            "consignee": f"Copper Walrus {number % 53} SA", "goods_description": "piperonal", "net_mass_kg": str(number + 1),
        }  # fmt: skip
        cases.open_new_case(
            node, title=f"Consignment {number}", pillar="distribution", officer="liaison", record=record,
            source=f"sheet, row {number + 2}",
        )  # fmt: skip


def idle_mb(stage: Stage) -> float:
    """Return the memory of one node's own processes in MB, shared pages by their share. Linux only, else 0."""
    time.sleep(2)
    total = 0
    for pid in running_pids(stage.folder / IMPORTING.id).values():
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return round(total / 1024, 1)


def read_pages(stage: Stage, officers: int, reads: int) -> dict[str, dict[str, float]]:
    """Return for each route its 95th percentile and size, while `officers` read side by side."""
    node = stage.importing
    code = stage.codes[node.node_id]["liaison"]
    named = _ids(node, code)
    times: dict[str, list[float]] = {}
    sizes: dict[str, float] = {}
    lock = threading.Lock()

    def read(number: int) -> None:
        with _signed_in(node, code) as desk, _client(node.settings.public_url) as public:
            for turn in range(max(1, reads // officers)):
                begun = time.monotonic()
                routes = [(desk, route) for route in DESK] + [(public, route) for route in PUBLIC]
                shift = (number * len(routes) // officers + turn) % len(routes)
                for client, route in routes[shift:] + routes[:shift]:
                    start = time.perf_counter()
                    answer = client.get(route.format_map(named))
                    took = (time.perf_counter() - start) * 1000
                    if answer.status_code != 200:
                        raise RuntimeError(f"{route} answered {answer.status_code}")
                    with lock:
                        times.setdefault(route, []).append(took)
                        sizes[route] = round(len(answer.content) / 1024, 1)
                time.sleep(max(0.0, min(MOST_PAUSE_S, MOST_PAUSE_S - (time.monotonic() - begun))))

    with ThreadPoolExecutor(officers) as readers:
        list(readers.map(read, range(officers)))  # what a reader met is raised here
    return {
        route: {"p95_ms": round(_p95(took), 1), "kb": sizes[route], "reads": len(took)} for route, took in times.items()
    }


def _client(url: str) -> httpx2.Client:
    """Return a client of a listener on this machine by its number, since only browsers know names such as a.localhost."""
    parts = urlsplit(url)
    return httpx2.Client(base_url=f"http://127.0.0.1:{parts.port}", headers={"Host": parts.netloc}, timeout=30)


@contextmanager
def _signed_in(node: Node, code: str) -> Iterator[httpx2.Client]:
    with _client(node.settings.desk_url) as desk:
        token = desk.get("/sign-in").text.partition('name="token" value="')[2].partition('"')[0]
        answer = desk.post("/sign-in", data={"token": token, "officer": "liaison", "code": code})
        if answer.status_code != 303:
            raise RuntimeError(f"the desk refused the sign-in: {answer.status_code}")
        yield desk


def _ids(node: Node, code: str) -> Mapping[str, str]:
    """Return the ids that the routes with a name in them need, as a reader finds them: from the pages' own links."""
    with _signed_in(node, code) as desk:
        found = {"agreement": AGREEMENT_ID}
        for name, page, path in (("case", "/cases", "/case/"), ("thread", "/correspondence", "/correspondence/")):
            text = desk.get(page).text
            found[name] = text.partition(f'href="{path}')[2].partition('"')[0].partition("?")[0]
            if not found[name]:
                raise RuntimeError(f"{page} names no {name}")
        return found


def _p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1] if len(took) > 1 else took[0]


def _about() -> dict[str, object]:
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False, cwd=HERE)
    return {
        "commit": commit.stdout.strip(), "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "cpu": platform.processor(),
        "python": platform.python_version(), "versions": {name: version(name) for name in ("tidegate", "starlette", "psycopg")},
    }  # fmt: skip


if __name__ == "__main__":
    main()
