"""`node init` needs nothing but a folder: id, passphrase and officers are chosen and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.cli.node import _id_of, first_passphrase


@pytest.mark.parametrize(("folder", "expected"), [("My Agency", "my-agency"), ("узел", "node"), ("a__b.1", "a-b-1")])
def test_an_id_is_made_of_the_folder(folder: str, expected: str) -> None:
    assert _id_of(Path("/somewhere") / folder) == expected


def test_a_drawn_passphrase_is_kept_private_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    drawn, path = first_passphrase(tmp_path / "node", None, "en")
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600
    assert first_passphrase(tmp_path / "node", None, "en") == (drawn, path)
