"""Sea ways: roughly how far it is by sea between two countries, and whether a way round is long. Geometry, nothing else.

Countries stand on coasts (rules/sea_ways.toml); a way is the shortest chain of coasts. Which law holds where plays no
part, and no lane is compared with another: only the way that a paper states with the usual way between the same ends.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from itertools import pairwise

from tidegate.registers.places import country_code

_LOCODE = re.compile(r"^([A-Z]{2})\s?[A-Z2-9]{3}$")


@lru_cache(maxsize=1)
def _coasts() -> tuple[Mapping[str, str], Mapping[tuple[str, str], float]]:
    """Return the coast of each country, and the km between each two coasts."""
    text = resources.files("tidegate.screening").joinpath("rules/sea_ways.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    coast_of = {code: name for name, codes in told["coasts"].items() for code in codes.split()}
    names = list(told["coasts"])
    km = {(one, other): 0.0 if one == other else float("inf") for one in names for other in names}
    for one, other, distance in told["links"]:
        km[one, other] = km[other, one] = float(distance)
    for middle in names:
        for one in names:
            for other in names:
                km[one, other] = min(km[one, other], km[one, middle] + km[middle, other])
    return coast_of, km


def sea_km(origin: str, destination: str) -> float | None:
    """Return the rough sea way in km between two countries, None where one is not held; one coast counts [800] km."""
    coast_of, km = _coasts()
    one, other = coast_of.get(origin), coast_of.get(destination)
    if one is None or other is None:
        return None
    return max(800.0, km[one, other])


def long_way(
    origin: str, between: Sequence[str], destination: str, factor: float, over_km: float
) -> tuple[float, float] | None:
    """Return (km as stated, km usual) where the stated way is `factor` times and `over_km` longer than the usual, else None."""
    if not origin or not destination or not between:
        return None
    usual = sea_km(origin, destination)
    stops = [origin, *between, destination]
    legs = [sea_km(one, other) for one, other in pairwise(stops)]
    if usual is None or any(leg is None for leg in legs):
        return None
    stated = sum(leg for leg in legs if leg is not None)
    return (stated, usual) if stated > factor * usual and stated - usual > over_km else None


def same_coast(one: str, other: str) -> bool:
    """Tell whether two countries share a coast, so that one's port is an ordinary door to the other."""
    coast_of, _ = _coasts()
    return one == other or (one in coast_of and coast_of.get(one) == coast_of.get(other))


def port_country(cell: str) -> str:
    """Return the country of a port cell: a UN/LOCODE, or a country's name behind the last comma; "" where none is told."""
    found = _LOCODE.match(cell.strip().upper())
    if found and country_code(found[1]):
        return found[1]
    parts = [part.strip() for part in re.split(r"[,，/()（）]", cell) if part.strip()]
    if len(parts) > 1:
        return country_code(parts[-1]) or ""
    return ""
