"""Tables that screening makes of its own packaged data, kept on this computer: see kept_tables.

They are made once for each version of code and data, and read at once from then on; a change in any of it makes them anew.
"""

from __future__ import annotations

import hashlib
import sys
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from tidegate.engines.index_store import default_folder
from tidegate.engines.kept_files import code_digest, read_closed, seal, unseal, write_closed

_MADE_OF = ("tidegate.screening", "tidegate.registers", "tidegate.model.identifiers")
_MOST_KEPT = 3
MAGIC = b"tidegate-tables-1\n"


@lru_cache(maxsize=1)
def open_tables() -> bool:
    """Have screening use the tables kept from before, and tell whether there were any."""
    return _take(_file())


def keep_tables() -> None:
    """Make the tables where they are not made yet, and keep them for the next start."""
    from tidegate.engines.kept_tables import tables_to_plain
    from tidegate.registers.substances import load_register

    write_closed(_file(), seal(MAGIC, tables_to_plain(load_register())), most=_MOST_KEPT)


def _take(file: Path) -> bool:
    data = read_closed(file)
    if data is None:
        return False
    from tidegate.engines.kept_tables import take_tables

    try:
        take_tables(unseal(MAGIC, data))
    except (ValueError, EOFError, TypeError):
        return False
    return True


def _file() -> Path:
    told = [*map(code_digest, _MADE_OF), sys.version, metadata.version("numpy")]
    return default_folder() / f"{hashlib.sha256(chr(31).join(told).encode()).hexdigest()[:40]}.tables"
