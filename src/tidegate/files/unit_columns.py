"""Unit columns: the unit of a mass where it stands in a column of its own, or once above the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tidegate.files.cleaning import MASS_COLUMNS, MONEY_COLUMNS, NUMBER_COLUMNS, Cleaned
from tidegate.files.header_units import header_scale
from tidegate.files.headers import HeaderFound, HeaderMatch
from tidegate.files.records import Note
from tidegate.model.money import parse_currency
from tidegate.model.quantity import MASS_UNITS, fold_unit, is_mass_unit

if TYPE_CHECKING:
    import pyarrow as pa

_OF_WEIGHT = re.compile(
    r"weight|\bwt\b|\bw[\s-]?un\b|\bmass|\bpeso|\bmasa|重量|毛重|净重|淨重|\bgewei\b|\b[gn]\.?w\.?\b", re.IGNORECASE
)
_SAYS_UNIT = re.compile(r"unit|uom|\bu\.?m\.?\b|unidad|单位|單位|\bwun\b|\bun\b|\bgewei\b|\bmeins\b", re.IGNORECASE)
_LABEL_ABOVE = re.compile(
    r"^\W*(?:(?:all\s+|net\s+|gross\s+)?(?:weights?|mass(?:es)?|quantit(?:y|ies))|pesos?|(?:重量|数量|金额)?单位|(?:重量|數量|金額)?單位|units?|unidad(?:es)?)"
    r"(?:\s+(?:of\s+weight|de\s+peso|de\s+medida|of\s+measure))?\s*(?:[:：]|\b(?:are\s+)?in\b|\b(?:expresad[oa]s?\s+)?en\b|为|為)\s*(.{1,30})$",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:all\s+)?(?:weights?|mass(?:es)?|pesos)\s+(?:(?:are|expressed|given|expresad[oa]s?)\s+)*(?:in|en)\s+([^\W\d][^,;.()]{0,24}?)\s*(?:[,;.()]|$)",
    re.IGNORECASE,
)
# Codes of business programs that are words elsewhere ("ship to").
_PROGRAM_CODES = {"to": "t", "ton": "", "tn": ""}
_MOST_UNITS = 50
_MOST_SHORT = 20


@dataclass(frozen=True, slots=True)
class UnitsAbove:
    """What a line above the table says of its numbers, e.g. 单位：吨 or 金额单位：万元; "" and 1 where it says nothing."""

    mass: str = ""
    currency: str = ""
    scale: int = 1


def units_above(titles: Sequence[Sequence[str]]) -> UnitsAbove:
    """Return the units that the rows above a header state for the whole table; the first of each wins."""
    mass, currency, scale = "", "", 1
    for cell in (cell for row in titles for cell in row if cell):
        found = _LABEL_ABOVE.match(cell.strip(" ()（）【】[]")) or _WITHIN.search(cell)
        for told in re.split(r"[,，、;；/]", found[1]) if found else ():
            plain = told.strip(" .()（）")
            if not mass and is_mass_unit(plain):
                mass = fold_unit(plain)
            elif not currency and (code := parse_currency(re.sub("[万萬千]", "", plain))):
                currency, scale = code, header_scale(plain)
    return UnitsAbove(mass, currency, scale)


def apply_units_above(found: HeaderFound, above: UnitsAbove, held: frozenset[str]) -> tuple[HeaderFound, list[Note]]:
    """Return the header with the mass unit of the line above where no mass column has one; held: those with units beside."""
    notes: list[Note] = []
    matches: list[HeaderMatch] = []
    told = any(match.canonical == "currency" for match in found.matches)
    for match in found.matches:
        if above.currency and match.canonical in MONEY_COLUMNS and not match.currency and not told:
            match = replace(match, currency=above.currency)
        bare = match.canonical in MASS_COLUMNS and not match.unit and match.canonical not in held
        if above.mass and bare:
            match = replace(match, unit=above.mass)
            notes.append(Note("files.unit-from-above", {"column": " ".join(match.header.split()), "unit": above.mass}))
        matches.append(match)
    return replace(found, matches=tuple(matches)), notes


def take_units(found: HeaderFound, texts: list[Cleaned]) -> tuple[HeaderFound, frozenset[str]]:
    """Write the unit of a column of its own behind each mass in `texts`; return the header and the masses so settled.

    A column of units belongs to the number on its left, or to every mass where its header names weight or the sheet has
    no quantity. The header comes back with `unit` as the column that is left for the quantity.
    """
    masses = [match for match in found.matches if match.canonical in MASS_COLUMNS and not match.unit]
    if not masses:
        return found, frozenset()
    settled: set[str] = set()
    claimed: set[int] = set()
    for place, header in _unit_places(found, texts):
        owners = _owners(found, masses, place, header)
        sure = bool(owners) and not (len(owners) > 1 and not _OF_WEIGHT.search(header))
        declared = _SAYS_UNIT.search(header) is not None or any(one.place == place for one in found.matches)
        for match in owners:
            if match.canonical in settled:
                continue
            column = with_units(texts[match.place].column, texts[place].column, name_others=sure, declared=declared)
            if column is not None:
                texts[match.place] = replace(texts[match.place], column=column)
                settled.add(match.canonical)
                claimed.add(place)
    return _unit_left(found, claimed), frozenset(settled)


def _unit_places(found: HeaderFound, texts: Sequence[Cleaned]) -> list[tuple[int, str]]:
    """Return the columns that may hold units of mass: by their header, or right of a mass by what they hold."""
    matched = {match.place: match for match in (*found.matches, *found.duplicates)}
    places: list[tuple[int, str]] = []
    for place in range(len(texts)):
        header = found.headers[place] if place < len(found.headers) else ""
        match = matched.get(place)
        if match is not None and match.canonical != "unit":
            continue
        left = matched.get(place - 1)
        beside = left is not None and left.canonical in MASS_COLUMNS
        if match is not None or _SAYS_UNIT.search(header) or (beside and len(header) <= _MOST_SHORT):
            places.append((place, header))
    # What its header calls a unit of weight settles a mass before what merely stands beside it.
    return sorted(places, key=lambda told: not _OF_WEIGHT.search(told[1]))


def _owners(found: HeaderFound, masses: list[HeaderMatch], place: int, header: str) -> list[HeaderMatch]:
    numbers = NUMBER_COLUMNS | {"packages"}
    left = max((one for one in found.matches if one.place < place and one.canonical in numbers), default=None,
               key=lambda one: one.place)  # fmt: skip
    if left in masses and left is not None and (left.place == place - 1 or not _OF_WEIGHT.search(header)):
        beside = [left]
        if _OF_WEIGHT.search(header) or not any(one.canonical == "quantity" for one in found.matches):
            # One unit behind net and gross is the unit of both, unless each has its own.
            beside += [one for one in masses if one is not left and one.place == left.place - 1]
        return beside
    if _OF_WEIGHT.search(header) or not any(one.canonical == "quantity" for one in found.matches):
        return masses
    return []


def _unit_left(found: HeaderFound, claimed: set[int]) -> HeaderFound:
    """Return the header with the first unit column that no mass claimed as `unit`."""
    held = next((match for match in found.matches if match.canonical == "unit"), None)
    other = next((one for one in found.duplicates if one.canonical == "unit" and one.place not in claimed), None)
    if held is None or held.place not in claimed or other is None:
        return found
    matches = [other if match is held else match for match in found.matches]
    duplicates = tuple(one for one in found.duplicates if one is not other)
    unrecognised = (*found.unrecognised, (held.place, held.header))
    return replace(
        found,
        matches=tuple(sorted(matches, key=lambda match: match.place)),
        duplicates=duplicates,
        unrecognised=tuple(sorted(unrecognised)),
    )


def with_units(
    masses: pa.ChunkedArray, units: pa.ChunkedArray, *, name_others: bool = False, declared: bool = True
) -> pa.ChunkedArray | None:
    """Return bare masses with the unit that stands beside each in a column of its own; None where it holds no such units.

    name_others: what is no unit of mass is written behind its number too, where most cells are one, so that its cell is named.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    counted = pc.value_counts(units).to_pylist()
    if len(counted) > _MOST_UNITS:
        return None
    counts = {each["values"]: each["counts"] for each in counted if each["values"]}
    written = {unit: code for unit in counts if (code := _PROGRAM_CODES.get(unit.lower()) or _known(unit))}
    if not written:
        return None
    if not declared and len(written) < len(counts):
        return None  # a column without a name is one of units where it holds nothing else
    most = 2 * sum(counts[unit] for unit in written) >= sum(counts.values())
    if name_others and most:
        written |= {unit: unit for unit in counts if unit not in written}
    if all(MASS_UNITS.get(fold_unit(code)) == 1 for code in written.values()):
        return masses
    known = pa.array(list(written), pa.string())
    codes = pc.take(pa.array(list(written.values()), pa.string()), pc.index_in(units, value_set=known))
    bare = pc.fill_null(pc.match_substring_regex(masses, r"^[^A-Za-z\p{Han}]*$"), False)
    told = pc.and_(bare, pc.is_valid(codes))
    return pc.if_else(told, pc.binary_join_element_wise(masses, codes, " "), masses)


def _known(unit: str) -> str:
    return unit if is_mass_unit(unit) else ""
