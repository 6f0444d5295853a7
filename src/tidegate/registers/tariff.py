"""Tariff: which subheadings of HS 2022 a register item may stand under, and which subheadings exist at all.

A code finds a family of goods, not a chemical: `alone_level` is the most a code may weigh with nothing else beside it.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from tidegate.registers.controls import split_cell


@dataclass(frozen=True, slots=True)
class HsLine:
    """One subheading that holds register items."""

    code: str
    items: tuple[str, ...]
    uncertain_items: tuple[str, ...]
    shared_with: str
    description: str
    alone_level: str  # none, look, ask


def read_hs_line(row: dict[str, str]) -> HsLine:
    """Return the line a row of hs.csv states."""
    return HsLine(
        row["hs2022"], split_cell(row["items"]), split_cell(row["uncertain_items"]), row["shared_with"], row["description"],
        row["alone_level"],
    )  # fmt: skip


@lru_cache(maxsize=1)
def hs_descriptions() -> Mapping[str, str]:
    """Return code -> short description for the chapters (2 digits), headings (4) and subheadings (6) of HS 2022.

    Source: UN Comtrade's short forms, datasets/harmonized-system (ODC-PDDL); not the legal text.
    """
    packed = resources.files("tidegate.registers").joinpath("data/hs2022.csv.gz").read_bytes()
    rows = csv.reader(io.StringIO(gzip.decompress(packed).decode("utf-8")))
    next(rows)
    return dict(rows)


def hs_exists(code: str) -> bool:
    """Tell whether the first six (or four, or two) digits of `code` are a code of HS 2022."""
    return code[:6] in hs_descriptions()
