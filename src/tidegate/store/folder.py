"""The folder of our own PostgreSQL server: what lies in it, who owns what, and the configuration written there.

folder/            ours, mode 0711: others may pass but not list
  server.json      which account, socket folder and programs; ours
  conf/            postgresql.conf, pg_hba.conf, pg_ident.conf: ours, the server only reads them
  data/            the database cluster: the server account's, 0700
  run/             the socket, where the path is short enough: the server account's, 0700
  server.log       what the server says: ours
"""

from __future__ import annotations

import json
import os
import re
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tidegate.store.accounts import Account
from tidegate.store.roles import ROLE_NAMES

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_FOLDER = 107 - len(f"/{SOCKET_NAME}.lock")
"""A socket's whole path may have 107 bytes (sockaddr_un, unix(7))."""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "32MB",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "max_wal_senders": "4",
    "huge_pages": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "ISO, YMD",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.simple",
    # The server's diary holds no content: no statement and no DETAIL line with the values of a row.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_line_prefix": "%m [%p] ",
}


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths of one server folder."""

    path: Path

    @property
    def data(self) -> Path:
        """The database cluster."""
        return self.path / "data"

    @property
    def conf(self) -> Path:
        """The configuration files."""
        return self.path / "conf"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.path / "server.log"

    @property
    def record(self) -> Path:
        """What a later process must know of this folder."""
        return self.path / "server.json"

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's own lock file."""
        return self.data / "postmaster.pid"

    def read_record(self) -> dict[str, str]:
        """Return the record, empty if there is none yet."""
        try:
            return dict(json.loads(self.record.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}

    def write_record(self, record: Mapping[str, str]) -> None:
        """Write the record in one step."""
        write_file(self.record, json.dumps(dict(record), indent=1, sort_keys=True) + "\n", mode=0o600)


def write_file(path: Path, text: str, *, mode: int, gid: int = -1) -> None:
    """Write `text` to `path` in one step, never a half-written file, with the rights `mode`."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(handle, mode)
        if gid >= 0:
            os.fchown(handle, -1, gid)
        file.flush()
        os.fsync(handle)
    Path(name).replace(path)


def write_configuration(
    folder: Folder, *, server: Account, client: Account, socket: Path, major: int, settings: Mapping[str, str]
) -> None:
    """Write the three configuration files: no network, peer authentication, and only for the two accounts.

    Written anew at every start, so that a change by hand or of the account does not linger.
    """
    folder.conf.mkdir(exist_ok=True)
    folder.conf.chmod(0o711)
    merged = dict(SETTINGS) | ({"io_method": "sync"} if major >= 18 else {}) | dict(settings)
    merged |= {
        "unix_socket_directories": str(socket),
        "hba_file": str(folder.conf / "pg_hba.conf"),
        "ident_file": str(folder.conf / "pg_ident.conf"),
    }
    lines = [f"{name} = '{_quoted(value)}'" for name, value in merged.items()]
    accounts = dict.fromkeys((client.name, server.name))
    idents = [f'node "{account}" {role}' for account in accounts for role in ROLE_NAMES.values()]
    hba = ["local all all peer map=node", "local replication all peer map=node"]
    rights, gid = (0o640, server.gid) if server.other else (0o600, -1)
    for name, content in (("postgresql.conf", lines), ("pg_ident.conf", idents), ("pg_hba.conf", hba)):
        write_file(folder.conf / name, "\n".join(content) + "\n", mode=rights, gid=gid)


def socket_folder(folder: Folder, server: Account, recorded: str | None) -> Path:
    """Return the folder for the socket, made if need be: 0700, the server account's, its path short enough.

    folder/run where that is short and plain; else a private folder in the temporary folder, the recorded one
    while it is still safe.
    """
    near = folder.path / "run"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", str(near), re.ASCII):
        near.mkdir(mode=0o700, exist_ok=True)
        server.give(near)
        near.chmod(0o700)
        return near
    if recorded and _is_private(Path(recorded), server):
        return Path(recorded)
    base = tempfile.gettempdir()
    short = len(os.fsencode(base)) <= LONGEST_SOCKET_FOLDER - 30 and re.fullmatch(r"[\w./-]+", base, re.ASCII)
    made = Path(tempfile.mkdtemp(prefix="tidegate-", dir=base if short else "/tmp"))  # noqa: S108  (mkdtemp: 0700)
    server.give(made)
    return made


def _is_private(path: Path, server: Account) -> bool:
    try:
        seen = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(seen.st_mode) and seen.st_uid == server.uid and stat.S_IMODE(seen.st_mode) == 0o700


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
