"""Lists that come with Tidegate: OFAC's narcotics programmes, public domain, as a dated snapshot.

A snapshot is not the current list. Its date is part of its title and stands at every use.
"""

from __future__ import annotations

import gzip
from dataclasses import replace
from functools import lru_cache
from importlib import resources

from tidegate.lists.ofac import read_sdn_csv
from tidegate.screening.watchlist import Watchlist

SNAPSHOTS = (("ofac-narcotics", "ofac_narcotics_2024-01-30.csv.gz", "2024-01-30"),)


@lru_cache(maxsize=1)
def packaged_lists() -> tuple[Watchlist, ...]:
    """Return the packaged snapshots."""
    found = []
    for list_id, name, date in SNAPSHOTS:
        data = resources.files("tidegate.lists").joinpath("data", name).read_bytes()
        watchlist = read_sdn_csv(
            gzip.decompress(data).decode("ascii"), list_id=list_id, date=date,
            title=f"OFAC narcotics programmes, snapshot of {date}",
        )  # fmt: skip
        found.append(replace(watchlist, shape="packaged"))
    return tuple(found)
