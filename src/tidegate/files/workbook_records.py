"""One sheet that was screened, as it stood: every column and row in its order, with level, reasons and room to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tidegate.files.grid import column_letter
from tidegate.files.records import MOST_WRITTEN, TableRead
from tidegate.files.screened import PlacedFinding, ScreenedTable
from tidegate.files.workbook_forms import DECISION_COLUMNS, decision_cells, fit_width, offer_decisions
from tidegate.files.workbook_rows import Cell, Row, numbered
from tidegate.screening.levels import RANK
from tidegate.screening.reason_words import reason_text
from tidegate.wording.sentences import knows, say

OWN = ("sheet.row", "sheet.level", "sheet.why", "sheet.benign", *DECISION_COLUMNS)
_OWN_WIDTHS = (7, 9, 60, 40, 15, 26, 12, 14)
_DECISION_AT = OWN.index("sheet.decision")
_SAMPLED = 2_000
_SHOWN_DIGITS = 11  # what a cell of no special format shows before it turns to powers of ten
_NUMBERS = ("quantity", "net_mass_kg", "gross_mass_kg", "packages", "value", "amount", "debit", "credit")


class RecordSheet:
    """One table on its way into a workbook: `set_up` shapes the sheet, `rows` gives its rows, header first."""

    def __init__(self, screened: ScreenedTable, lang: str) -> None:
        self.table = screened.table
        self.lang = lang
        self.by_row: dict[str, list[PlacedFinding]] = {}
        for placed in screened.findings:
            self.by_row.setdefault(placed.place, []).append(placed)
        self.whole = self.table.rows <= MOST_WRITTEN
        self.headers, self.sample, self.cells = _columns(self.table)
        told = {self.table.columns[name] for name in _NUMBERS if name in self.table.columns}
        self.numbers = self.table.written.numeric | {at for at, header in enumerate(self.headers) if header in told}
        self.titles = [*(say(code, lang) for code in OWN), *self.headers, "decision_key", "base_key"]
        self.places = self.table.batch.column("source_row").to_pylist()
        every = range(len(self.places))
        self.wanted = every if self.whole else [at for at in every if self.places[at] in self.by_row]

    def set_up(self, sheet: Any) -> None:
        """Set widths, the frozen head, the filter and the words to choose from."""
        for at, width in enumerate((*_OWN_WIDTHS, *map(fit_width, self.sample))):
            sheet.set_column(at, at, width)
        sheet.set_column(len(self.titles) - 2, len(self.titles) - 1, 12, None, {"hidden": True})
        sheet.freeze_panes(1, 2)
        last = len(self.wanted)
        if last:
            sheet.autofilter(0, 0, last, len(self.titles) - 3)
            offer_decisions(sheet, last, _DECISION_AT, self.lang)
            sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letter(len(self.titles) - 1)}{last + 1}"})

    def rows(self) -> Iterator[Row]:
        """Give every row: as it stood, coloured by its worst finding."""
        yield next(numbered([self.titles], "head"))
        for at in self.wanted:
            yield self._row(at)
        if not self.whole:
            yield ()
            yield [(0, say("sheet.only-found", self.lang, rows=self.table.rows), "quiet")]

    def _row(self, at: int) -> list[Cell]:
        found = self.by_row.get(self.places[at] or "")
        worst = max(found, key=lambda one: RANK[one.finding.level]).finding.level if found else ""
        form = f"wash-{worst}" if found else "text"
        row: list[Cell] = [(0, self.places[at] or "", form)]
        if found:
            row += self._own(found, worst, form)
        for column, value in enumerate(self.cells(at)):
            if value is None:
                if found:
                    row.append((column + len(OWN), None, form))
                continue
            number = _number(value) if column in self.numbers else None
            row.append((column + len(OWN), value if number is None else number, form))
        if found:
            row.append((len(self.titles) - 2, " ".join(one.finding.decision_key for one in found), "text"))
            row.append((len(self.titles) - 1, " ".join(one.finding.base_key for one in found), "text"))
        return row

    def _own(self, found: Sequence[PlacedFinding], worst: str, form: str) -> list[Cell]:
        ordered = sorted(found, key=lambda one: -RANK[one.finding.level])
        benign = dict.fromkeys(one.finding.benign for one in ordered)
        return [
            (1, say(f"level.{worst}", self.lang), f"level-{worst}"),
            (2, "\n".join(why_line(one, self.lang) for one in ordered), form),
            (3, "\n".join(say(code, self.lang) for code in benign if knows(code)), form),
            *decision_cells(_DECISION_AT),
        ]


def why_line(placed: PlacedFinding, lang: str) -> str:
    """Return level, column and reasons of one finding as one line."""
    one = placed.finding
    reasons = "; ".join(reason_text(reason, lang) for reason in one.reasons)
    return f"[{say('level.' + one.level, lang)}] {one.column}: {reasons}"


def _columns(
    table: TableRead,
) -> tuple[list[str], list[Sequence[str | None]], Callable[[int], Sequence[str | None]]]:
    """Return the headers, a sample of each column, and the cells of a row: as written where the sheet was kept."""
    written = table.written
    if written.headers and written.cells is not None:
        headers = [header or column_letter(place) for place, header in enumerate(written.headers)]
        columns = [column.to_pylist() for column in written.cells.columns]
        return headers, [column[:_SAMPLED] for column in columns], lambda row: [column[row] for column in columns]
    names = [name for name in table.batch.schema.names if name in table.columns]
    headers = [table.columns[name] or name for name in names]
    arrays = [table.batch.column(name) for name in names]
    sample = [array.slice(0, _SAMPLED).to_pylist() for array in arrays]
    if table.rows > MOST_WRITTEN:  # few of its rows are asked for
        return headers, sample, lambda row: [array[row].as_py() for array in arrays]
    columns = [array.to_pylist() for array in arrays]
    return headers, sample, lambda row: [column[row] for column in columns]


def _number(text: str) -> float | None:
    """Return a number that a spreadsheet shows as it was written, None for 007, 12.50 or a very long one."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if f"{number:.{_SHOWN_DIGITS}g}" == text else None
