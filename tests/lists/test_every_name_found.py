"""Every listed name of every supported list, as written and in other letters and blanks, is found."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tidegate.lists.packaged import packaged_lists
from tidegate.lists.reading import read_list
from tidegate.screening.names import build_index, match_names, match_threshold
from tidegate.screening.watchlist import Watchlist

SOAK = bool(os.environ.get("TIDEGATE_SOAK"))  # then every name of every list is asked for
EVERY = 1 if SOAK else 7
PARTIES = 1 if SOAK else 4  # without it only every fourth party of a long list is held
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "sanctions"
FILES = ("ofac/triple_2021-04/sdn.csv", "ofac/sdn_2024-01-30.csv", "ofac/consolidated_nonsdn_2025-03-28.xml", "un/un_consolidated_2025-04-19.xml", "canada/sema_2025.xml", "csl/us_csl_2022.csv", "bis/dpl_sample_2019.txt")  # fmt: skip


def missed(watchlist: Watchlist, *, every: int = 1) -> list[str]:
    index = build_index([watchlist])
    names = {}
    for party in watchlist.parties:
        for name in (*party.names, *party.weak_names):
            names.setdefault(name, set()).add(party.id)
    chosen = list(names)[::every]
    lost = []
    for changed in (lambda name: name, lambda name: f"  {name.lower().replace(' ', '  ')} "):
        found = match_names([changed(name) for name in chosen], index, limit=60, threshold=match_threshold())
        for name, matches in zip(chosen, found, strict=True):
            if not names[name] & {match.party.id for match in matches} and any(char.isalnum() for char in name):
                lost.append(name)
    return lost


def test_every_name_of_the_packaged_snapshot_is_found() -> None:
    assert missed(packaged_lists()[0], every=min(EVERY, 3)) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data folder is not beside the repository")
@pytest.mark.parametrize("file", FILES)
def test_every_name_of_an_official_list_is_found(file: str) -> None:
    watchlist = read_list(SHARED / file)
    assert missed(replace(watchlist, parties=watchlist.parties[::PARTIES]), every=EVERY) == []
