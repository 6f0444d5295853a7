"""Headers: which row of a sheet heads the columns, what kind of records stand below, and which column is which.

The words are data in `data/headers.toml`. A header is recognised by its words alone, never by what stands below it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tidegate.files.header_guesses import is_day, written_out
from tidegate.files.header_units import BRACKETS, take_unit
from tidegate.files.header_words import (
    PARTY_COLUMNS,
    WEAK_SCORE,
    day_words,
    fold_header,
    header_data,
    look_up,
    nearly_known,
    without_fillers,
    words_of,
)
from tidegate.model.columns import COLUMNS
from tidegate.model.money import CURRENCIES, parse_currency
from tidegate.model.quantity import is_mass_unit

HEAD_ROWS = 60
# A column that several kinds share says little about which kind a sheet is.
_SHARED = frozenset({"date", "currency", "value", "amount", "consignment_id", "payment_id", "party_id", "unit", "country",
                     "address", "kind", "memo", "channel", "name", "time_of_day", "place", "remarks", "end_use", "officer"})  # fmt: skip
_TIMES = frozenset({"time", "transactiontime", "hour", "hora", "时间", "時間", "交易时间", "交易時間", "支付时间"})
_DAYS_OF = {"consignments": "date", "payments": "date"}
_PLACEHOLDERS = frozenset({"", "text", "texto", "na", "no", "yyyymmdd", "ddmmyyyy", "mmddyyyy", "string", "文本"})
_OTHER_UNITS = frozenset({"pcs", "pc", "ctns", "ctn", "m3", "cbm", "l", "ltr", "units", "pkgs", "drums", "bags", "sets", "cartons", "pallets",
                          "个", "件", "箱", "桶", "袋", "套", "台", "立方米", "unidades", "piezas", "cajas", "tambores", "sacos", "bultos"})  # fmt: skip
_NAME_AND_ADDRESS = re.compile(
    r"\b(?:full\s+)?(?:names?|nombres?|raz[oó]n\s+social)\b[^a-z]*(?:(?:and|y|of|e)\b[^a-z]*)?(?:full\s+)?"
    r"\b(?:address|addr|direcci[oó]n|domicilio)(?:es)?\b(?:[\s,&/]*(?:and\s+)?(?:country|tel\w*|phone|pa[ií]s)\b)*|"
    r"(?:&|\band\b|\by\b)\s*(?:full\s+)?(?:address|addr|direcci[oó]n|domicilio)\b|"
    r"(?:名称|名稱|姓名|全称|全稱)?\s*[及和与與、/,&]\s*(?:地址|住址)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[A-Za-z]|[^\x00-\x7f]")  # a cell without any heads nothing
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """One column: its place from 0, the header as written, how surely it was recognised, and a unit in the header."""

    canonical: str
    place: int
    header: str
    score: float
    unit: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class HeaderFound:
    """The header of one sheet: rows first to last from 0, and what was recognised under `kind`."""

    kind: str
    first: int
    last: int
    matches: tuple[HeaderMatch, ...]
    unrecognised: tuple[tuple[int, str], ...]
    duplicates: tuple[HeaderMatch, ...] = ()
    score: float = 0.0
    headers: tuple[str, ...] = field(default_factory=tuple)


def find_header(rows: Sequence[Sequence[str]], kind: str | None = None) -> HeaderFound | None:
    """Return the best header among the first HEAD_ROWS of `rows`, of one or two rows; None if no row is one.

    kind: only this kind's words count. A header needs two recognised columns, or one if it has no more than two cells.
    """
    best: HeaderFound | None = None
    for candidate in (kind,) if kind else tuple(COLUMNS):
        for first in range(min(len(rows), HEAD_ROWS)):
            found = _header_at(rows, first, candidate)
            if found and (best is None or found.score > best.score + 0.01):
                best = found
    if best is None:
        return None
    cells, last = cells_of_header(rows, best.first, best.last)
    return read_header(cells, best.kind, best.first, last, nearly=True)


def read_header(cells: Sequence[str], kind: str, first: int, last: int, *, nearly: bool = False) -> HeaderFound:
    """Return what `cells` are under `kind`. The surer, then the first column wins where two have one meaning.

    nearly: a header one slip of the pen away from a known word counts too.
    """
    matches: dict[str, HeaderMatch] = {}
    duplicates: list[HeaderMatch] = []
    unrecognised: list[tuple[int, str]] = []
    party = ""
    for place, header in enumerate(cells):
        if not header:
            continue
        match = recognise(header, kind, place, party=party, nearly=nearly)
        if match is None:
            unrecognised.append((place, header))
            continue
        if match.canonical in PARTY_COLUMNS[kind]:
            party = match.canonical
        held = matches.get(match.canonical)
        if held is None:
            matches[match.canonical] = match
        elif match.score > held.score:
            matches[match.canonical] = match
            duplicates.append(held)
        else:
            duplicates.append(match)
    _tell_time(kind, matches, duplicates)
    score = sum(match.score * (0.6 if match.canonical in _SHARED else 1.0) for match in matches.values())
    ordered = tuple(sorted(matches.values(), key=lambda match: match.place))
    return HeaderFound(kind, first, last, ordered, tuple(unrecognised), tuple(duplicates), score, tuple(cells))


def _tell_time(kind: str, matches: dict[str, HeaderMatch], duplicates: list[HeaderMatch]) -> None:
    """Read a column of times that stands beside one of days as the time of day."""
    for match in duplicates:
        if match.canonical == "date" and "time_of_day" in COLUMNS[kind] and fold_header(match.header) in _TIMES:
            matches["time_of_day"] = replace(match, canonical="time_of_day")
            duplicates.remove(match)
            return


def recognise(header: str, kind: str, place: int = 0, *, party: str = "", nearly: bool = False) -> HeaderMatch | None:
    """Return the canonical column that `header` names under `kind`, or None.

    party: the party column on the left, to which a bare "Address" or "Country" belongs.
    """
    if len(header) > 200 or _LETTER.search(header) is None:
        return None
    found = _recognise(header, kind, party)
    if found is None and not nearly:
        return None
    text, unit, currency = take_unit(header)
    if found is None and nearly:
        found = nearly_known(without_fillers(text) or fold_header(text), words_of(kind))
    return HeaderMatch(found[1], place, header, round(found[0], 2), unit, currency) if found else None


@lru_cache(maxsize=20_000)
def _recognise(header: str, kind: str, party: str) -> tuple[float, str] | None:
    best: tuple[float, str] | None = None
    for weight, reading in _readings(take_unit(header)[0]):
        found = look_up(reading, kind, party)
        if found and (best is None or found[0] * weight > best[0]):
            best = (found[0] * weight, found[1])
    if best is None and kind in _DAYS_OF and is_day(take_unit(header)[0], *day_words()):
        return WEAK_SCORE, _DAYS_OF[kind]
    return best


def _header_at(rows: Sequence[Sequence[str]], first: int, kind: str) -> HeaderFound | None:
    """Return the header that begins at row `first`, of one row, or of two where the second adds columns or a language."""
    upper = rows[first]
    found = read_header(upper, kind, first, first)
    single = found if _qualifies(found, upper) else None
    if first + 1 >= len(rows) or not any(upper) or not _lower_is_header(rows[first + 1], kind):
        return single
    if any(cell.endswith((":", "：")) for cell in upper) and _qualifies(
        read_header(rows[first + 1], kind, 0, 0), rows[first + 1]
    ):
        return single  # "Buyer: Vega" right above a header is no part of it
    joined = _join(upper, rows[first + 1])
    double = read_header(joined, kind, first, first + 1)
    if not _qualifies(double, joined):
        return single
    second_language = single is not None and len(read_header(rows[first + 1], kind, 0, 0).matches) >= 2
    return double if single is None or second_language or double.score > single.score + 0.01 else single


def cells_of_header(rows: Sequence[Sequence[str]], first: int, last: int) -> tuple[list[str], int]:
    """Return the headers in rows first to last, and the last row once a row of units and one of numbers are taken in."""
    cells = list(rows[first])
    for lower in rows[first + 1 : last + 1]:
        cells = _join(cells, lower)
    if last + 1 < len(rows) and is_unit_row(rows[last + 1]):
        last += 1
        cells = _join(cells, ["" if fold_header(cell) in _PLACEHOLDERS else cell for cell in rows[last]])
    if last + 1 < len(rows) and is_number_row(rows[last + 1]):
        last += 1
    return cells, last


def is_unit_row(cells: Sequence[str]) -> bool:
    """Tell whether the row holds units and currencies alone, as below a header: no record does."""
    filled = [cell.strip("()（）[]") for cell in cells if cell and fold_header(cell) not in _PLACEHOLDERS]
    sure = [cell for cell in filled if is_mass_unit(cell) or parse_currency(cell)]
    # "L" alone may be a short name as well as a litre.
    return bool(sure) and all(cell in sure or fold_header(cell) in _OTHER_UNITS for cell in filled)


def is_number_row(cells: Sequence[str]) -> bool:
    """Tell whether the row numbers its columns: (1), (2), (3) or 1, 2, 3 or A, B, C."""
    filled = [unicodedata.normalize("NFKC", cell).strip("()[] .") for cell in cells if cell]
    return len(filled) >= 3 and (
        filled == [str(number) for number in range(1, len(filled) + 1)]
        or filled == [chr(65 + number) for number in range(min(len(filled), 26))]
    )


def _qualifies(found: HeaderFound, cells: Sequence[str]) -> bool:
    filled = sum(1 for cell in cells if cell)
    return len(found.matches) >= 2 or (len(found.matches) == 1 and filled <= 2 and found.matches[0].score >= 0.9)


def _join(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return one row of headers out of two; a blank above continues the cell on its left, as merged cells are read."""
    joined: list[str] = []
    carried = ""
    for place in range(max(len(upper), len(lower))):
        above = upper[place] if place < len(upper) else ""
        below = lower[place] if place < len(lower) else ""
        carried = above or carried
        if above == below or not below:
            joined.append(above)
        else:
            joined.append(f"{carried}\n{below}" if carried else below)
    return joined


def _lower_is_header(cells: Sequence[str], kind: str) -> bool:
    """Tell whether most filled cells of the row are header words or parts of a party, so that no record is eaten."""
    filled = [cell for cell in cells if cell]
    known = sum([_heads(cell, kind) for cell in filled])
    return bool(filled) and known * 2 > len(filled)


@lru_cache(maxsize=20_000)
def _heads(cell: str, kind: str) -> bool:
    """Tell whether a cell is a header word, a part of a party, or a unit or currency."""
    bare = cell.strip("()（）")
    return (
        recognise(cell, kind) is not None
        or fold_header(take_unit(cell)[0]) in words_of(kind).parts
        or is_mass_unit(bare)
        or bare in CURRENCIES
    )


@lru_cache(maxsize=20_000)
def _readings(text: str) -> Sequence[tuple[float, str]]:
    """Return the ways to read one header: whole, without brackets, inside them, each line or language alone."""
    both = _NAME_AND_ADDRESS.sub(" ", text)
    if both != text and both.strip():
        # A party with its address in one cell is a party: its name is what is screened.
        return [(0.98, BRACKETS.sub(" ", both)), (0.97, both)]
    readings = [(1.0, text)]
    bare = BRACKETS.sub(" ", text)
    if bare != text:
        readings += [(0.98, bare), *((0.93, inside) for inside in BRACKETS.findall(text))]
    pieces = [piece for piece in re.split(r"[\n/|;；、]+|\s[-–—]\s", text) if piece.strip()]
    if len(pieces) > 1:
        # Of two header rows the lower one is the more exact: "Goods" above "Net weight" is a weight.
        lower_first = reversed(pieces) if "\n" in text else iter(pieces)
        readings += [(0.95 - 0.01 * number, piece) for number, piece in enumerate(lower_first)]
        readings.append((0.97, " ".join(pieces)))
    readings += [(0.96, plain) for plain in written_out(bare, header_data()["short_forms"])]
    han = "".join(_HAN_RUN.findall(text))
    if han and han != text:
        readings += [(0.95, han), (0.94, _HAN_RUN.sub(" ", text))]
    return readings
