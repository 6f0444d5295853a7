"""Settings are read as written, and a line that is not understood is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.errors import SettingsWrong
from tidegate.node.settings import FILE_NAME, Settings, read_settings, write_settings


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40), st.integers(0, 65535))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, text: str, port: int) -> None:
    folder = tmp_path_factory.mktemp("node")
    settings = Settings(node_id="n", passphrase_file=text, desk_port=port)
    write_settings(folder, settings)
    assert read_settings(folder) == settings


def test_no_node_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="tidegate node init"):
        read_settings(tmp_path)


@pytest.mark.parametrize("line", ['node_id = "n"\ncolour = 1\n', "node_id = \n", ""])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE_NAME).write_text(line, encoding="utf-8")
    with pytest.raises(SettingsWrong):
        read_settings(tmp_path)
