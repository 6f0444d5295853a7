"""Records as read: tables in canonical columns, with every cell that could not be read named by its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidegate.wording.sentences import say

if TYPE_CHECKING:
    import pyarrow as pa


WHOLE_ROW = "row"
MOST_WRITTEN = 200_000  # rows whose cells are kept as they stood; a longer sheet goes back as its rows with a finding


@dataclass(frozen=True, slots=True)
class AsWritten:
    """A sheet as it stood, for the workbook that goes back and for a person who corrects what was recognised.

    headers: one for each column of the sheet, "" where it has none. cells: text, one column for each header and one row
    for each record; None above MOST_WRITTEN rows. numeric: columns that hold numbers in the file itself.
    """

    headers: tuple[str, ...] = ()
    cells: pa.Table | None = None
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One cell that could not be read, or a row that is not a record. `code` is a wording code.

    row: as a person sees it (header is row 1), or a message path. column: letter and header, e.g. "F (Net weight)";
    empty when the whole row is meant. index: the row's place in the batch from 0, -1 if it lies outside.
    field: the canonical column; WHOLE_ROW if the row is meant, or a column that has no canonical name. value: as read, cut to 80 characters.
    """

    sheet: str
    row: str
    column: str
    value: str
    code: str
    details: Mapping[str, str] = field(default_factory=dict)
    index: int = -1
    field: str = WHOLE_ROW

    @property
    def params(self) -> dict[str, str]:
        """Return everything the sentence of `code` needs."""
        place = {"sheet": self.sheet, "row": self.row, "column": self.column, "value": self.value}
        return {**self.details, **place}

    def sentence(self, lang: str) -> str:
        """Return place, value and mend in `lang`."""
        return say(self.code, lang, **self.params)


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader did that a person should know: a sheet left out, a unit assumed. `code` is a wording code."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, lang: str) -> str:
        """Return the note in `lang`."""
        return say(self.code, lang, **self.params)


@dataclass(frozen=True, slots=True)
class TableRead:
    """One table: `batch` follows model.columns.record_schema(kind), one row for each row of the sheet, in order.

    Rows in equal rows out: everything below the header counts, save blank rows at the end. A totals row stays as a row
    whose canonical columns are all null, with a problem `files.totals-row`, so that no screen reads it as a record.
    header_row: the last row of the header as a person sees it; 0 for messages, which have none.
    columns: canonical name to header as written. unrecognised: headers without a canonical name.
    encoded: columns of `batch` that repeat themselves, the same rows by their distinct values.
    """

    file: str
    sheet: str
    kind: str
    header_row: int
    columns: Mapping[str, str]
    batch: pa.RecordBatch
    unreadable: list[CellProblem]
    notes: list[Note]
    rows: int
    unrecognised: tuple[str, ...] = ()
    encoding: str = ""
    header_rows: tuple[int, ...] = ()
    hidden: bool = False
    written: AsWritten = field(default_factory=AsWritten)
    encoded: Mapping[str, pa.DictionaryArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All tables of one file, in order, and notes on parts that hold no records. `problems` are without a table."""

    tables: list[TableRead]
    notes: list[Note] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
