"""Files that come beside the sheet: licences, pre-export notices, closed firms; customers and earlier records as tables.

What a file holds is told by its headers, in English, Chinese or Spanish. A line of a paper with a day or a quantity that
cannot be read is named and not counted: a licence whose end is in doubt covers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from tidegate.errors import InputUnreadable, TidegateError
from tidegate.files.grid import Grid, column_letter, shorten
from tidegate.files.grids import read_grids
from tidegate.files.paper_columns import (
    PaperColumns,
    find_paper_columns,
    find_statuses,
    read_answer,
    read_issuer,
    read_wallet_kind,
    says_closed,
)
from tidegate.files.reading import read_records
from tidegate.files.records import CellProblem, Note, Reading
from tidegate.files.screened import Screened
from tidegate.model.columns import record_schema
from tidegate.model.days import DateOrder, decide_date_order, parse_civil_day
from tidegate.model.quantity import parse_mass_kg
from tidegate.screening.companions import Advert, Closure, Companions, Licence, Notice, Refusal, Wallet

_DAYS = (
    "valid_from",
    "valid_until",
    "filed_on",
    "reply_due_on",
    "answered_on",
    "closed_on",
    "refused_on",
    "date",
    "seen_on",
)
_NO_DAY = frozenset({"-", "--", "—", "/", "n/a", "none", "no expiry", "indefinite", "permanent", "unlimited", "长期", "长期有效", "永久", "无", "indefinida", "indefinido", "permanente", "sin vencimiento"})  # fmt: skip
_NO_LIMIT = _NO_DAY | frozenset({"no limit", "any", "不限", "sin limite", "sin límite"})
# What makes a row a record of goods or money, and not of a firm.
_RECORDED = frozenset({"goods_description", "hs_code", "cas", "net_mass_kg", "gross_mass_kg", "quantity", "value", "amount", "date", "memo"})  # fmt: skip
_Made = TypeVar("_Made", Licence, Notice, Refusal, Wallet, Advert, "Closure | None", "Refusal | None")


@dataclass(frozen=True, slots=True)
class CompanionsRead:
    """The companions, and per file what was recognised in it: (file, sheet, what, rows).

    headers: (file, sheet) -> canonical column -> header as written, several joined by "; ".
    unread: file -> why nothing in it could be used. problems: (file, cell that could not be read and whose line was therefore not counted, or a note of its reader).
    """

    companions: Companions
    seen: Sequence[tuple[str, str, str, int]] = field(default_factory=tuple)
    problems: Sequence[tuple[str, CellProblem | Note]] = ()
    unread: Mapping[str, TidegateError] = field(default_factory=dict)
    headers: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def told_in(self, screened: Screened) -> Screened:
        """Return `screened` with what was recognised in these files, and what of them could not be read."""
        return replace(
            screened,
            beside=self.seen,
            beside_headers=self.headers,
            notes=[*screened.notes, *self.problems],
            unread={**screened.unread, **{file: str(why) for file, why in self.unread.items()}},
            problems={**screened.problems, **self.unread},
        )


def read_companions(paths: Sequence[Path], *, keep_going: bool = False) -> CompanionsRead:
    """Return what the files of `--with` hold. Raises InputUnreadable for one in which nothing known is found.

    keep_going: such a file is told in `unread` instead, and the others are still read.
    """
    unread: dict[str, TidegateError] = {}
    headers: dict[tuple[str, str], Mapping[str, str]] = {}
    licences: list[Licence] = []
    notices: list[Notice] = []
    closures: list[Closure] = []
    refusals: list[Refusal] = []
    wallets: list[Wallet] = []
    adverts: list[Advert] = []
    tables: dict[str, list[pa.RecordBatch]] = {}
    seen: list[tuple[str, str, str, int]] = []
    problems: list[tuple[str, CellProblem | Note]] = []
    for path in paths:
        try:
            known = False
            for grid in read_grids(path):
                rows = grid.head(grid.table.num_rows)
                columns = find_paper_columns(rows)
                statuses = find_statuses(rows) if columns is None else None
                if statuses is not None:
                    refused = [one for one in _Lines(path.name, grid, statuses, rows).read(_status) if one is not None]
                    refusals += refused
                    seen += [(path.name, grid.sheet, "refusals", len(refused))] if refused else []
                if columns is None:
                    continue
                known = True
                lines = _Lines(path.name, grid, columns, rows)
                if columns.kind == "licences":
                    licences += lines.read(_licence)
                elif columns.kind == "notices":
                    notices += lines.read(_notice)
                elif columns.kind == "refusals":
                    refusals += lines.read(_refusal)
                elif columns.kind == "wallets":
                    wallets += lines.read(_wallet)
                elif columns.kind == "adverts":
                    adverts += lines.read(_advert)
                else:
                    closures += [one for one in lines.read(_closure) if one is not None]
                problems += [(path.name, one) for one in lines.problems]
                seen.append((path.name, grid.sheet, columns.kind, lines.count))
                headers[path.name, grid.sheet] = columns.written()
            if not known:
                read = _read_table(path)
                problems += [(path.name, note) for note in read.notes]
                for table in read.tables:
                    tables.setdefault(table.kind, []).append(table.batch)
                    seen.append((path.name, table.sheet, table.kind, table.rows))
                    headers[path.name, table.sheet] = dict(table.columns)
        except TidegateError as refused:
            if not keep_going:
                raise
            unread[path.name] = refused
    given = {what for _, _, what, _ in seen}
    companions = Companions(
        tuple(licences) if "licences" in given else None,
        tuple(notices) if "notices" in given else None,
        tuple(closures) if "closures" in given else None,
        {kind: join_batches(batches, kind) for kind, batches in tables.items()},
        tuple(refusals) if "refusals" in given else None,
        tuple(wallets) if "wallets" in given else None,
        tuple(adverts) if "adverts" in given else None,
    )
    return CompanionsRead(companions, tuple(seen), tuple(problems), unread, headers)


def _read_table(path: Path) -> Reading:
    """Return the records of a file. A sheet of names with no goods, sum or day is one of parties, whatever it calls them."""
    read = read_records(path)
    if any(set(table.columns) & _RECORDED or table.kind == "parties" for table in read.tables):
        return read
    try:
        parties = read_records(path, kind="parties")
    except InputUnreadable:
        return read
    return parties if any("name" in table.columns for table in parties.tables) else read


def join_batches(batches: Sequence[pa.RecordBatch], kind: str) -> pa.RecordBatch:
    """Return one batch of `kind` that holds the rows of all, in order."""
    table = pa.Table.from_batches(
        [batch.cast(record_schema(kind)) for batch in batches], record_schema(kind)
    ).combine_chunks()
    found = table.to_batches()
    return found[0] if found else pa.RecordBatch.from_pylist([], schema=record_schema(kind))


class _Unread(Exception):
    """A cell of the line at hand cannot be read: its canonical column, its place from 0 and the wording code."""

    def __init__(self, place: int, code: str) -> None:
        super().__init__(code)
        self.place = place
        self.code = code


class _Lines:
    """The lines below a header of papers, read one by one; what cannot be read is gathered in `problems`."""

    def __init__(self, file: str, grid: Grid, columns: PaperColumns, rows: Sequence[Sequence[str]]) -> None:
        self.file = file
        self.grid = grid
        self.columns = columns
        self.body = [(number, row) for number, row in enumerate(rows) if number > columns.row and any(row)]
        self.problems: list[CellProblem] = []
        self.count = len(self.body)
        self.orders = {name: self._order(name) for name in _DAYS if name in columns.places}

    def read(self, make: Callable[[_Cells], _Made]) -> list[_Made]:
        """Return the paper of each line that can be read whole."""
        made = []
        for number, row in self.body:
            try:
                made.append(make(_Cells(self, row)))
            except _Unread as unread:
                self.problems.append(self._problem(number, row, unread))
        return made

    def _order(self, name: str) -> DateOrder | None:
        return decide_date_order(self._cell(row, place) for _, row in self.body for place in self.columns.places[name])

    def _cell(self, row: Sequence[str], place: int) -> str:
        return row[place] if place < len(row) else ""

    def _problem(self, number: int, row: Sequence[str], unread: _Unread) -> CellProblem:
        column = f"{column_letter(unread.place)} ({self._cell(self.columns.headers, unread.place)})"
        value = shorten(self._cell(row, unread.place))
        return CellProblem(self.grid.sheet, str(self.grid.first_row + number), column, value, unread.code)


class _Cells:
    """One line under its recognised headers."""

    def __init__(self, lines: _Lines, row: Sequence[str]) -> None:
        self.lines = lines
        self.row = row

    def texts(self, name: str) -> list[str]:
        """Return the filled cells under every header that says `name`."""
        places = self.lines.columns.places.get(name, ())
        return [self.row[place].strip() for place in places if place < len(self.row) and self.row[place].strip()]

    def text(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    def first(self, *names: str) -> str:
        return next((told for name in names if (told := self.text(name))), "")

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if not text or text.casefold() in _NO_DAY:
            return None
        try:
            return parse_civil_day(text, self.lines.orders[name], from_1904=self.lines.grid.from_1904)
        except InputUnreadable as unread:
            raise _Unread(self._place(name), f"papers.{unread.code}") from unread

    def kg(self, name: str) -> float | None:
        text = self.text(name)
        if not text or text.casefold() in _NO_LIMIT:
            return None
        try:
            return float(parse_mass_kg(text, unit="kg"))
        except InputUnreadable as unread:
            raise _Unread(self._place(name), "papers.quantity.unreadable") from unread

    def whole(self, name: str) -> int | None:
        """Return a whole number, None for a blank; "direct" is 0."""
        text = self.text(name)
        if not text or text.casefold() in _NO_DAY:
            return None
        found = re.fullmatch(r"\s*(\d{1,3})(?:[.,]0+)?\s*(?:hops?|跳|saltos?)?\s*", text.casefold())
        if found:
            return int(found[1])
        if text.casefold() in ("direct", "self", "直接", "directo"):
            return 0
        raise _Unread(self._place(name), "papers.number.unreadable")

    def share(self, name: str) -> float | None:
        """Return a share from 0 to 1, written as 0.12 or 12 %; None for a blank."""
        text = self.text(name)
        if not text or text.casefold() in _NO_DAY:
            return None
        found = re.fullmatch(r"\s*(\d{1,3}(?:[.,]\d+)?)\s*(%|％)?\s*", text)
        if not found:
            raise _Unread(self._place(name), "papers.number.unreadable")
        value = float(found[1].replace(",", "."))
        return value / 100 if found[2] or value > 1 else value

    def _place(self, name: str) -> int:
        return self.lines.columns.places[name][0]


def _licence(cells: _Cells) -> Licence:
    items = [part.strip() for text in cells.texts("item") for part in re.split(r"[;；|\n、]", text) if part.strip()]
    return Licence(
        cells.text("number"), cells.first("holder", "importer", "exporter"), tuple(dict.fromkeys(items)),
        cells.day("valid_from"), cells.day("valid_until"), cells.kg("quantity_kg"), cells.lines.file, read_issuer(cells.text("country")),
    )  # fmt: skip


def _notice(cells: _Cells) -> Notice:
    return Notice(
        cells.text("number"), cells.text("exporter"), cells.text("importer"), "; ".join(cells.texts("item")),
        cells.kg("quantity_kg"), cells.day("filed_on"), cells.day("reply_due_on"), read_answer(cells.text("answer")),
        cells.day("answered_on"), cells.text("consignment_id"), source=cells.lines.file,
    )  # fmt: skip


def _closure(cells: _Cells) -> Closure | None:
    """Return the firm that a line says was closed, None for one whose status says that it is open, cleared or in inquiry."""
    status = cells.text("status")
    if status and not says_closed(status):
        return None
    names = ("authority", "registration_number", "phone", "email", "address", "website", "officer")
    return Closure(cells.text("name"), cells.day("closed_on") or cells.day("date"), *map(cells.text, names))


def _refusal(cells: _Cells) -> Refusal:
    return Refusal(
        cells.text("customer"), "; ".join(cells.texts("item")), cells.day("refused_on") or cells.day("date"),
        cells.text("refused_by"),
        cells.text("number"), cells.lines.file,
    )  # fmt: skip


def _wallet(cells: _Cells) -> Wallet:
    written = " / ".join(dict.fromkeys(cells.texts("category")))
    kind = read_wallet_kind(written) or read_wallet_kind(cells.text("label"))
    return Wallet(
        cells.text("address"), kind, cells.text("label"), written, cells.text("chain"), cells.whole("hops"),
        cells.share("exposure"), cells.lines.file,
    )  # fmt: skip


def _advert(cells: _Cells) -> Advert:
    return Advert(
        cells.text("seller"), cells.text("text"), cells.day("seen_on"), cells.text("licence"), cells.lines.file
    )


def _status(cells: _Cells) -> Refusal | None:
    """Return the refusal that a line of earlier consignments tells by its status, None for one that went through."""
    return _refusal(cells) if read_answer(cells.text("status")) == "objection" else None
