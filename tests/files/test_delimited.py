"""A delimited file cut at its line ends reads as it does when line breaks inside cells are looked for."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tidegate.files import delimited

CELL = st.text('ab"\n\r, ', max_size=6).flatmap(
    lambda text: st.sampled_from([text, '"' + text.replace('"', '""') + '"', f'"{text}'])
)
TEXT = st.lists(st.lists(CELL, min_size=1, max_size=3).map(",".join), min_size=1, max_size=8).flatmap(
    lambda rows: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(rows))
)


@given(TEXT, st.sampled_from([8, 16, 1 << 22]))
@example('a,b\n"x\ny",2\n', 8)
@example('a,b\r"x\ny",2\n', 1 << 22)
@example('"","aaaa\n,', 8)
@settings(max_examples=400, deadline=None)
def test_lines_and_cells_with_line_breaks_are_read_alike(text: str, block: int) -> None:
    data = text.encode()

    def read() -> pa.Table | None:
        return delimited._read_fast(Path("sheet.csv"), data, ",", 2)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_BLOCK_BYTES", block)
        ours = read()
        patch.setattr(delimited, "_lines", lambda *_: -1)
        wanted = read()
    assert (ours is None) == (wanted is None)
    assert ours is None or wanted is None or ours.to_pydict() == wanted.to_pydict()


@pytest.mark.parametrize(
    ("text", "lines"), [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("a\r\nb\r\n", 2), ("a\rb", -1), ("a\r\nb\r", -1)]
)
def test_lines_are_counted_with_and_without_an_end(text: str, lines: int) -> None:
    assert delimited._lines(Path("sheet.csv"), text.encode()) == lines
