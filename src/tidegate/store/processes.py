"""Processes of a PostgreSQL folder: whether the number in a pid file still means that folder's server.

After a crash the number may belong to a dead process that nobody has fetched yet (a zombie), or, after a reboot, to
some other program. PostgreSQL then refuses to start; a launcher that believes the file would never mend it.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

NO_PROCESS = 2_147_483_647
"""A number that no process can have: written over a stale one, so that PostgreSQL's own further checks still run."""


def read_pid(pid_file: Path) -> int | None:
    """Return the process number in the first line of `pid_file`, or None if there is no such file or line."""
    try:
        return abs(int(pid_file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]))
    except (FileNotFoundError, ValueError):
        return None


def is_server_of(pid: int, data: Path, uid: int) -> bool:
    """Tell whether process `pid` is a living PostgreSQL of account `uid` that was started on the folder `data`."""
    state, owner, command = _look(pid)
    alive = state not in ("", "Z", "X")
    return alive and owner == uid and "postgres" in command and f" {data} " in f" {command} "


def exists(pid: int) -> bool:
    """Tell whether any process, dead and unfetched ones included, has the number `pid`."""
    return _look(pid)[0] != ""


def make_stale(pid_file: Path) -> None:
    """Write NO_PROCESS over the number in `pid_file`; the other lines stay.

    PostgreSQL reads from them which shared memory the dead server used, and refuses to start while one of its
    orphaned processes still holds it. Removing the file would remove that safeguard.
    """
    # The folder belongs to the server's account: following a link of its making could write over a file of ours.
    with os.fdopen(os.open(pid_file, os.O_RDWR | os.O_NOFOLLOW), "r+", encoding="utf-8") as file:
        lines = file.read().split("\n")
        lines[0] = str(NO_PROCESS)
        file.seek(0)
        file.write("\n".join(lines))
        file.truncate()


def _look(pid: int) -> tuple[str, int, str]:
    """Return (state letter, user number, command line) of a process; ("", -1, "") if there is none."""
    if Path("/proc/self/stat").exists():
        proc = Path("/proc") / str(pid)
        try:
            state = (proc / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
            command = (proc / "cmdline").read_bytes().decode("utf-8", "replace").replace("\0", " ")
            return state, proc.stat().st_uid, command
        except (FileNotFoundError, ProcessLookupError):
            return "", -1, ""
    listed = ["ps", "-o", "state=,uid=,command=", "-p", str(pid)]
    parts = subprocess.run(listed, capture_output=True, text=True, check=False).stdout.split(maxsplit=2)
    if len(parts) < 2:
        return "", -1, ""
    return parts[0][:1], int(parts[1]), parts[2].strip() if len(parts) > 2 else ""
