"""What `match` and `compare` share: cells of a file's columns, lists by name or file, reasons as JSON and prose."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.errors import InputUnreadable
from tidegate.screening.reason_words import reason_text
from tidegate.wording.problems import problem
from tidegate.wording.sentences import say

if TYPE_CHECKING:
    from tidegate.screening.finding import Reason
    from tidegate.screening.watchlist import Watchlist


def reason_json(reason: Reason, lang: str) -> dict[str, object]:
    """Return one reason as code, parameters and sentence."""
    return {"code": reason.code, "params": dict(reason.params), "text": reason_text(reason, lang)}


def file_rows(file: Path, wanted: Sequence[Sequence[str]], *, needed: int) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number a person sees, cells) of `file` for the columns in `wanted`, every row once and in order.

    wanted: for each column the headers it may have, in lower case. The first `needed` must be there; a column that is
    not there gives "". Raises InputUnreadable naming the headers that were found.
    """
    from tidegate.files.grids import read_grids

    if not file.is_file():
        raise problem(InputUnreadable, "files.no-such-file", file=file)
    grids = read_grids(file)
    for grid in grids:
        for at, heading in enumerate(grid.head(20)):
            folded = [(cell or "").strip().lower() for cell in heading]
            places = [next((folded.index(name) for name in names if name in folded), None) for names in wanted]
            if any(place is None for place in places[:needed]):
                continue
            columns = [grid.table.column(place).to_pylist() if place is not None else None for place in places]
            for row in range(at + 1, grid.table.num_rows):
                yield grid.first_row + row, [(column[row] or "") if column is not None else "" for column in columns]
            return
    head = grids[0].head(1)[0] if grids and grids[0].table.num_rows else []
    names = ", ".join(column[0] for column in wanted[:needed])
    headers = ", ".join(cell for cell in head if cell)
    raise problem(InputUnreadable, "files.no-column", file=file.name, column=names, headers=headers)


def held_lists(chosen: Iterable[str] | None) -> list[Watchlist]:
    """Return the lists named in `chosen`, or every list held here (the packaged snapshot too) if none is."""
    from tidegate.lists.shelf import Shelf

    shelf = Shelf()
    names = list(chosen or []) or [entry.name for entry in shelf.show()]
    return [shelf.resolve(name) for name in names]


def say_lists(lists: Sequence[Watchlist], lang: str, *, quiet: bool) -> None:
    """Say on stderr which lists were used and of what day they are."""
    if quiet:
        return
    for watchlist in lists:
        day = watchlist.date or say("lists.no-date", lang)
        print(say("lists.used", lang, title=watchlist.title, date=day, parties=len(watchlist.parties)), file=sys.stderr)
