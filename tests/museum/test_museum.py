"""Every ugly file is read or refused as its label says: no trace, every doubt named, rows in equal rows out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.museum.make_museum import pieces
from tests.museum.makers import Piece
from tidegate.errors import InputUnreadable
from tidegate.files.reading import read_records
from tidegate.wording.sentences import LANGUAGES, say

PIECES = {piece.name: piece for piece in pieces()}


@pytest.mark.parametrize("name", PIECES)
def test_ugly_file_is_read_or_refused_as_labelled(name: str, tmp_path: Path) -> None:
    piece = PIECES[name]
    path = tmp_path / piece.name
    path.write_bytes(piece.data)
    if piece.rows is None:
        with pytest.raises(InputUnreadable) as refused:
            read_records(path)
        assert refused.value.code == piece.code
        assert all(say(piece.code, lang, **refused.value.params) for lang in LANGUAGES)
        return
    reading = read_records(path)
    assert tuple(table.rows for table in reading.tables) == piece.rows
    assert tuple(table.batch.num_rows for table in reading.tables) == piece.rows
    problems = [problem for table in reading.tables for problem in table.unreadable]
    assert sorted({(problem.row, problem.code) for problem in problems}) == sorted(set(piece.problems))
    _check_values(piece, reading.tables[0].batch)
    notes = [*reading.notes, *(note for table in reading.tables for note in table.notes)]
    assert set(piece.notes) <= {note.code for note in notes}
    for lang in LANGUAGES:
        assert all(told.sentence(lang) for told in (*problems, *notes))


def _check_values(piece: Piece, batch) -> None:  # type: ignore[no-untyped-def]
    if piece.net is not None:
        assert tuple(batch["net_mass_kg"].to_pylist()) == piece.net
    if piece.dates is not None:
        assert tuple(batch["date"].to_pylist()) == piece.dates
    for column, values in piece.cells.items():
        assert tuple(batch[column].to_pylist()) == values, column


def test_museum_holds_at_least_forty_pieces() -> None:
    assert len(PIECES) >= 40


def test_problem_names_sheet_row_column_and_mend(tmp_path: Path) -> None:
    path = tmp_path / "masses.csv"
    path.write_bytes(PIECES["masses_of_two_readings.csv"].data)
    problem = read_records(path).tables[0].unreadable[0]
    assert (problem.row, problem.column, problem.value) == ("2", "F (Net weight (kg))", "1,234 kg")
    assert problem.sentence("en") == (
        "Row 2, F (Net weight (kg)): “1,234 kg” can be 1234 or 1.234. Write it without a thousands sign, "
        "or set the decimal sign of the column."
    )
