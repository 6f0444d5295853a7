"""The peers beside us: rapidfuzz in this process, the others in an interpreter of their own.

The other interpreter is that of the environment variable TIDEGATE_PEER_PYTHON, else .venv/peers, which tools/bench.sh
fills from requirements/bench.txt. Where there is none the reason is one line of the result and the rest runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv" / "peers"
Scored = tuple[np.ndarray, np.ndarray, np.ndarray]  # query, entity, score
TOP = 20


def interpreter() -> tuple[Path | None, str]:
    """Return (the peers' interpreter, "") or (None, why there is none)."""
    named = os.environ.get("TIDEGATE_PEER_PYTHON")
    if named:
        return (Path(named), "") if Path(named).is_file() else (None, f"TIDEGATE_PEER_PYTHON names no file: {named}")
    python = PEERS / "bin" / "python"
    if python.is_file() and (PEERS / "installed").is_file():
        return python, ""
    why = PEERS.with_name("peers.log")
    errors = [line.strip() for line in why.read_text().splitlines() if "error" in line.lower()] if why.is_file() else []
    told = errors[0] if errors else "requirements/bench.txt is not installed (make bench does it)"
    return None, f"{told}; pyicu, which nomenklatura needs, is built with libicu-dev, pkg-config and g++"


def ask(job: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """Return (the peers' answer to a job, "") or (None, why there is none)."""
    python, why = interpreter()
    if python is None:
        return None, why
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder) / "job.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(job), encoding="utf-8")
        script = Path(__file__).with_name("peer_run.py")
        run = subprocess.run([str(python), str(script), str(asked), str(answer)], check=False)
        if not answer.is_file():
            return None, f"the peers' interpreter ended with {run.returncode} and no answer"
        return json.loads(answer.read_text(encoding="utf-8")), ""


def all_pairs(
    names: dict[int, list[str]], queries: Sequence[str], scorer: Callable[..., float]
) -> tuple[float, Scored]:
    """Return (seconds of the processor, best 20 a query) of a rapidfuzz scorer over all pairs, as an analyst's script does."""
    from rapidfuzz import process, utils

    listed = [(entity, utils.default_process(name)) for entity, found in names.items() for name in found]
    entities = np.array([entity for entity, _ in listed])
    texts = [text for _, text in listed]
    rows, found, scores = [], [], []
    start = time.process_time()
    asked = [utils.default_process(name) for name in queries]
    for at in range(0, len(asked), 50):
        matrix = process.cdist(asked[at : at + 50], texts, scorer=scorer, workers=1, dtype=np.float32)
        top = np.argpartition(-matrix, min(TOP, len(texts) - 1), 1)[:, :TOP]
        for row in range(len(matrix)):
            rows.append(np.full(top.shape[1], at + row))
            found.append(entities[top[row]])
            scores.append(matrix[row, top[row]])
    seconds = time.process_time() - start
    return seconds, (np.concatenate(rows), np.concatenate(found), np.concatenate(scores))
