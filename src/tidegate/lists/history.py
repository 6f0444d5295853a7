"""The shelf's history: one JSON line for each list added, replaced or removed and each key trusted or no longer trusted.

The line of a version also stands in the list's own entry, so a line that a kill kept out is written at the next act.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

FILE = "history.jsonl"


def read_history(folder: Path) -> list[dict[str, object]]:
    """Return every act on the shelf in `folder`, oldest first. A line cut by a kill is passed over."""
    found = []
    for line in _lines(folder):
        try:
            act = json.loads(line)
        except ValueError:
            continue
        if isinstance(act, dict):
            found.append(act)
    return found


def note(folder: Path, act: Mapping[str, object]) -> None:
    """Put one act at the end of the history."""
    _append(folder, [_line(act)])


def heal(folder: Path, acts: Iterable[Mapping[str, object]]) -> None:
    """Write the acts that stand in entries but not in the history, because a kill came between the two."""
    lines = [_line(act) for act in acts if act]
    written = set(_lines(folder)) if lines else set()
    missing = [line for line in lines if line not in written]
    if missing:
        _append(folder, missing)


def _line(act: Mapping[str, object]) -> str:
    return json.dumps(dict(act), ensure_ascii=False, sort_keys=True)


def _lines(folder: Path) -> list[str]:
    file = folder / FILE
    if not file.is_file():
        return []
    return [line for line in file.read_text(encoding="utf-8", errors="replace").split("\n") if line.strip()]


def _append(folder: Path, lines: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / FILE, "ab+") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            torn = file.read(1) != b"\n"
        else:
            torn = False
        file.write((("\n" if torn else "") + "".join(line + "\n" for line in lines)).encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
