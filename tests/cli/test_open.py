"""`tidegate open` before a browser comes: the folder it remembers, a port that is taken, a browser that is missing."""

import socket

import pytest

from tidegate.cli import open as opening
from tidegate.cli.main import run


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TIDEGATE_LISTS", str(tmp_path / "shelf"))


def test_a_chosen_folder_is_found_the_next_time_and_the_default_one_when_it_is_gone(tmp_path):
    assert opening.remembered_folder() == opening.default_folder()
    chosen = tmp_path / "决定 and more"
    chosen.mkdir()
    opening.remember_folder(chosen)
    assert opening.remembered_folder() == chosen
    chosen.rmdir()
    assert opening.remembered_folder() == opening.default_folder()


@pytest.mark.parametrize(("lang", "words"), [("en", "--port"), ("zh", "已被占用"), ("es", "ocupado")])
def test_a_taken_port_is_named_with_the_way_out(capsys, lang, words):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert run(["open", "--no-browser", "--port", port, "--lang", lang]) == 2
    told = capsys.readouterr().err
    assert port in told
    assert words in told


def test_without_a_browser_the_address_is_to_be_copied(capsys, monkeypatch):
    monkeypatch.setattr(opening.webbrowser, "open", lambda address: False)
    opening._open_browser("http://127.0.0.1:1/start", "en")
    assert "Copy the address" in capsys.readouterr().err


def test_a_browser_that_comes_before_the_page_serves_is_not_refused():
    with opening._listen(0, "en") as listener, socket.create_connection(listener.getsockname(), timeout=5):
        pass
