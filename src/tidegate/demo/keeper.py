"""The keeper of the stage: waits for the story's end, however it comes, then leaves no server and no folder behind.

Started as `python -m tidegate.demo.keeper FOLDER` with its standard input held open by the story.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

WAIT_S = 20.0


def keep(folder: Path) -> None:
    """Wait for the end of standard input, then for the nodes to stop by their own lifelines, then clean up."""
    sys.stdin.buffer.read()
    # The supervisors heard the same end. Removing their folders under them would leave PostgreSQL running.
    deadline = time.monotonic() + WAIT_S
    while any(folder.glob("*/run.json")) and time.monotonic() < deadline:
        time.sleep(0.1)
    if folder.exists():
        from tidegate.store.server import stop_by_folder

        for server in folder.glob("*/postgres"):
            stop_by_folder(server)
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
